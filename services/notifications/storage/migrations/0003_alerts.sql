-- Names are stored whole ("topics/utilities", "districts/vakhitovsky"), ids of alerts without
-- "alerts/". Lists of names are separated by spaces.

CREATE TABLE topics (
  name     TEXT PRIMARY KEY,             -- "topics/{id}"
  title_en TEXT NOT NULL,
  title_ru TEXT NOT NULL,
  title_uk TEXT NOT NULL,
  title_tt TEXT NOT NULL,
  position BIGINT NOT NULL,
  retired  BOOLEAN NOT NULL DEFAULT FALSE
);
INSERT INTO topics (name, title_en, title_ru, title_uk, title_tt, position) VALUES
  ('topics/utilities', 'Utilities', 'ЖКХ и отключения', 'Комунальні послуги', 'Коммуналь хезмәтләр', 1),
  ('topics/education', 'Education', 'Образование', 'Освіта', 'Мәгариф', 2),
  ('topics/traffic', 'Traffic and transport', 'Дороги и транспорт', 'Дороги і транспорт', 'Юллар һәм транспорт', 3),
  ('topics/events', 'Events', 'События города', 'Події міста', 'Шәһәр вакыйгалары', 4),
  ('topics/weather', 'Weather', 'Погода', 'Погода', 'Һава торышы', 5),
  ('topics/safety', 'Safety', 'Безопасность', 'Безпека', 'Иминлек', 6),
  ('topics/health', 'Health', 'Здоровье', 'Здоров’я', 'Сәламәтлек', 7),
  ('topics/culture', 'Culture', 'Культура', 'Культура', 'Мәдәният', 8);

CREATE TABLE alerts (
  id            TEXT PRIMARY KEY,        -- ULID
  seq           BIGINT NOT NULL,         -- of the newest post; 0: never published
  state         BIGINT NOT NULL,         -- veche.notifications.v1.Alert.State
  topic         TEXT NOT NULL,
  severity      BIGINT NOT NULL,         -- veche.notifications.v1.Alert.Severity
  districts     TEXT NOT NULL,           -- whom it concerns, matched; "" for the whole city
  content       BYTEA NOT NULL,          -- what editors write: veche.notifications.v1.Alert
  publish_time  BIGINT,
  expire_time   BIGINT,
  supersedes    TEXT NOT NULL,           -- id of an alert, or ""
  superseded_by TEXT NOT NULL,
  revision      BIGINT NOT NULL,         -- of the newest post; 0: never published
  author        TEXT NOT NULL,           -- "staff/{id}"
  editor        TEXT NOT NULL,           -- who changed it last
  comment       TEXT NOT NULL,           -- why it came back from review
  cancel_reason TEXT NOT NULL,
  source        TEXT NOT NULL,           -- of an imported one: "sender,identifier,sent" of CAP
  create_time   BIGINT NOT NULL,
  update_time   BIGINT NOT NULL,
  version       BIGINT NOT NULL          -- one more for each change
);
CREATE INDEX alerts_by_state ON alerts (state, seq, id);
CREATE INDEX alerts_by_topic ON alerts (topic, state, seq, id);
CREATE INDEX alerts_to_publish ON alerts (state, publish_time);
CREATE INDEX alerts_to_expire ON alerts (state, expire_time);
CREATE UNIQUE INDEX alerts_by_source ON alerts (source) WHERE source <> '';

-- Where alerts apply; district '*' for the whole city.
CREATE TABLE alert_places (
  alert    TEXT NOT NULL,
  district TEXT NOT NULL,
  PRIMARY KEY (alert, district)
);

-- What was said: never changes. A row for each post.
CREATE TABLE alert_revisions (
  alert         TEXT NOT NULL,
  revision      BIGINT NOT NULL,
  content       BYTEA NOT NULL,          -- as in alerts
  publish_time  BIGINT,
  expire_time   BIGINT,
  cancel_reason TEXT NOT NULL,           -- of a cancellation
  refers_to     TEXT NOT NULL,           -- earlier posts of the matter: "id.revision@micros", by spaces
  create_time   BIGINT NOT NULL,
  PRIMARY KEY (alert, revision)
);

-- Posts: each publication of an alert, numbered with the notices of residents from one counter, so
-- that what residents get is one sequence.
CREATE TABLE alert_posts (
  seq         BIGINT PRIMARY KEY,
  alert       TEXT NOT NULL,
  revision    BIGINT NOT NULL,
  type        TEXT NOT NULL,             -- "veche.alerts.published", ".updated" or ".cancelled"
  severity    BIGINT NOT NULL,
  topic       TEXT NOT NULL,
  districts   TEXT NOT NULL,             -- "" for the whole city
  create_time BIGINT NOT NULL,
  expire_time BIGINT,
  UNIQUE (alert, revision)
);
CREATE INDEX alert_posts_by_topic ON alert_posts (topic, seq);

-- Where each post is read; district '*' for the whole city.
CREATE TABLE alert_targets (
  topic    TEXT NOT NULL,
  district TEXT NOT NULL,
  seq      BIGINT NOT NULL,
  PRIMARY KEY (topic, district, seq)
);
CREATE INDEX alert_targets_by_district ON alert_targets (district, seq);

-- Posts whose deliveries are still being written.
CREATE TABLE alert_fan_outs (
  seq      BIGINT PRIMARY KEY,
  severity BIGINT NOT NULL,
  position BIGINT NOT NULL DEFAULT 0     -- how far
);
CREATE INDEX alert_fan_outs_by_severity ON alert_fan_outs (severity, seq);

-- Files of alerts, by their SHA-256 in lower-case hexadecimal.
CREATE TABLE alert_files (
  hash         TEXT PRIMARY KEY,
  content_type TEXT NOT NULL,
  size_bytes   BIGINT NOT NULL,
  bytes        BYTEA NOT NULL
);
