BEGIN TRANSACTION;
CREATE TABLE alert_fan_out_leases (
  seq         BIGINT PRIMARY KEY,
  owner       TEXT NOT NULL,
  expire_time BIGINT NOT NULL
);
CREATE TABLE alert_fan_outs (
  seq      BIGINT PRIMARY KEY,
  severity BIGINT NOT NULL,
  position BIGINT NOT NULL DEFAULT 0     -- how far
);
CREATE TABLE alert_files (
  hash         TEXT PRIMARY KEY,
  content_type TEXT NOT NULL,
  size_bytes   BIGINT NOT NULL,
  bytes        BYTEA NOT NULL
);
CREATE TABLE alert_places (
  alert    TEXT NOT NULL,
  district TEXT NOT NULL,
  PRIMARY KEY (alert, district)
);
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
CREATE TABLE alert_reads (
  subscriber TEXT NOT NULL,
  seq        BIGINT NOT NULL,
  PRIMARY KEY (subscriber, seq)
);
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
CREATE TABLE alert_targets (
  topic    TEXT NOT NULL,
  district TEXT NOT NULL,
  seq      BIGINT NOT NULL,
  PRIMARY KEY (topic, district, seq)
);
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
CREATE TABLE consumer_cursors (
  name TEXT PRIMARY KEY,
  log TEXT NOT NULL,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
INSERT INTO "consumer_cursors" VALUES('notifications-identity','identity','',1796117191379659);
INSERT INTO "consumer_cursors" VALUES('notifications','appeals','0.6',1796117192374792);
INSERT INTO "consumer_cursors" VALUES('notifications-polling','polling','',1796117191379971);
CREATE TABLE contact_opt_outs (
  resident    TEXT NOT NULL,             -- "residents/{id}", also of a guest
  subject     TEXT NOT NULL,             -- "appeals/{id}"; '' for all messages
  create_time BIGINT NOT NULL,
  PRIMARY KEY (resident, subject)
);
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO "counters" VALUES('notifications',2);
INSERT INTO "counters" VALUES('subscribers',1);
INSERT INTO "counters" VALUES('subscriptions',2);
CREATE TABLE deliveries (
  id          TEXT PRIMARY KEY,          -- ULID
  subscriber  TEXT NOT NULL,             -- "residents/{id}", "devices/{id}"
  channel     BIGINT NOT NULL,           -- Channel
  endpoint    TEXT NOT NULL,             -- id of a push subscription or webhook; '' for a contact
  post        BIGINT,                    -- alert_posts.seq
  notice      BIGINT,                    -- notifications.seq
  digest      BIGINT,                    -- rows with the same one leave as one message
  severity    BIGINT NOT NULL,           -- Severity
  state       BIGINT NOT NULL DEFAULT 1, -- DeliveryState: queued
  attempt     BIGINT NOT NULL DEFAULT 0,
  error       TEXT NOT NULL DEFAULT '',
  due_time    BIGINT NOT NULL,
  create_time BIGINT NOT NULL
);
INSERT INTO "deliveries" VALUES('01m8retqn3nfqc07qt8sn28d2a','residents/01m8retqma1yw2s3e554zns7y3',2,'',NULL,1,NULL,1,3,1,'',1796117192357484,1796117192355830);
INSERT INTO "deliveries" VALUES('01m8retqnp1cc2175y08jr3g53','residents/01m8retqma1yw2s3e554zns7y3',2,'',NULL,2,NULL,1,3,1,'',1796117192377803,1796117192374878);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time BIGINT NOT NULL,
  data BLOB NOT NULL
);
CREATE TABLE fan_outs (
  event          TEXT PRIMARY KEY,       -- ULID
  type           TEXT NOT NULL,
  appeal         TEXT NOT NULL,
  number         TEXT NOT NULL,
  state          TEXT NOT NULL,
  author         TEXT NOT NULL,
  actor          TEXT NOT NULL,
  time           BIGINT NOT NULL,
  last_recipient TEXT NOT NULL           -- followers up to this one have their notification
, audience BIGINT NOT NULL DEFAULT 1, districts TEXT NOT NULL DEFAULT '');
CREATE TABLE followers (
  name TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
CREATE TABLE follows (
  appeal    TEXT NOT NULL,
  resident  TEXT NOT NULL,
  follower  BOOLEAN NOT NULL,
  supporter BOOLEAN NOT NULL,
  since     BIGINT NOT NULL,
  PRIMARY KEY (appeal, resident)
);
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  response TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (caller, key)
);
CREATE TABLE markings (
  seq         BIGINT PRIMARY KEY,
  resident    TEXT NOT NULL,
  seqs        TEXT NOT NULL,                 -- separated by spaces; "" for all before this marking
  unread      BIGINT NOT NULL,               -- how many were unread afterwards
  create_time BIGINT NOT NULL
);
CREATE TABLE notifications (
  seq         BIGINT PRIMARY KEY,
  event       TEXT NOT NULL,
  recipient   TEXT NOT NULL,
  type        TEXT NOT NULL,
  appeal      TEXT NOT NULL,
  number      TEXT NOT NULL,
  state       TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  is_read     BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE (event, recipient)
);
INSERT INTO "notifications" VALUES(1,'01m8retqmtbmnnycpkke7s9cy0','residents/01m8retqma1yw2s3e554zns7y3/contact','veche.appeals.submitted','appeals/01m8retqmtyhrgmxj2vf67q1dn','2026-000002','SUBMITTED',1796117192346544,0);
INSERT INTO "notifications" VALUES(2,'01m8retqn4t1rysbg4mtweeyk0','residents/01m8retqma1yw2s3e554zns7y3','veche.appeals.assigned','appeals/01m8retqmtyhrgmxj2vf67q1dn','2026-000002','ASSIGNED',1796117192356683,0);
CREATE TABLE push_subscriptions (
  id          TEXT PRIMARY KEY,          -- ULID
  subscriber  TEXT NOT NULL,
  endpoint    TEXT NOT NULL UNIQUE,
  p256dh      BYTEA NOT NULL,            -- the browser's public key, 65 bytes
  auth        BYTEA NOT NULL,            -- its authentication secret, 16 bytes
  expire_time BIGINT,                    -- as the browser said
  create_time BIGINT NOT NULL
);
CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, apply_time BIGINT NOT NULL);
INSERT INTO "schema_migrations" VALUES('0000_events','edfc784499c2db8d',1796117191310619);
INSERT INTO "schema_migrations" VALUES('0000_idempotency','09e76d2c8242dda6',1796117191312470);
INSERT INTO "schema_migrations" VALUES('0001_notifications','b6800474cd3c3ce9',1796117191312917);
INSERT INTO "schema_migrations" VALUES('0002_polling','2563fdaeb42301b9',1796117191317763);
INSERT INTO "schema_migrations" VALUES('0003_alerts','bfe26830942a17d9',1796117191318469);
INSERT INTO "schema_migrations" VALUES('0004_subscriptions','a0b126a38e2b6f60',1796117191319225);
INSERT INTO "schema_migrations" VALUES('0005_deliveries','84d0a36be48c18d7',1796117191319866);
INSERT INTO "schema_migrations" VALUES('0006_contacts','7a4e9db6d19ecf0d',1796117191321493);
CREATE TABLE subjects (
  subject  TEXT PRIMARY KEY,
  title_en TEXT NOT NULL,
  title_ru TEXT NOT NULL,
  title_uk TEXT NOT NULL,
  title_tt TEXT NOT NULL,
  time     BIGINT NOT NULL               -- of that event
);
CREATE TABLE subscriptions (
  id               BIGINT PRIMARY KEY,
  subscriber       TEXT NOT NULL UNIQUE,     -- "residents/{id}" or "devices/{id}"
  topics           TEXT NOT NULL,            -- "" for every topic
  muted            TEXT NOT NULL,
  districts        TEXT NOT NULL,            -- "" for the home district
  home_district    TEXT,                     -- NULL: not known yet; "" for none
  channels         BIGINT NOT NULL,          -- bits; 0: a device that is gone
  quiet_start      BIGINT,                   -- minutes of the day; NULL: no quiet hours
  quiet_end        BIGINT,
  time_zone        TEXT NOT NULL,
  digest_minute    BIGINT,                   -- NULL: at the end of the quiet hours
  language         TEXT NOT NULL,
  contact_messages BOOLEAN NOT NULL,
  read_through     BIGINT NOT NULL,          -- posts up to this number count as read
  token_hash       TEXT NOT NULL DEFAULT '', -- of a device
  create_time      BIGINT NOT NULL,
  update_time      BIGINT NOT NULL,
  version          BIGINT NOT NULL           -- the number of its last change
);
INSERT INTO "subscriptions" VALUES(1,'residents/01m8retqma1yw2s3e554zns7y3','','','','',1,NULL,NULL,'',NULL,'en',1,2,'',1796117192378697,1796117192378697,2);
CREATE TABLE topics (
  name     TEXT PRIMARY KEY,             -- "topics/{id}"
  title_en TEXT NOT NULL,
  title_ru TEXT NOT NULL,
  title_uk TEXT NOT NULL,
  title_tt TEXT NOT NULL,
  position BIGINT NOT NULL,
  retired  BOOLEAN NOT NULL DEFAULT FALSE
);
INSERT INTO "topics" VALUES('topics/utilities','Utilities','ЖКХ и отключения','Комунальні послуги','Коммуналь хезмәтләр',1,0);
INSERT INTO "topics" VALUES('topics/education','Education','Образование','Освіта','Мәгариф',2,0);
INSERT INTO "topics" VALUES('topics/traffic','Traffic and transport','Дороги и транспорт','Дороги і транспорт','Юллар һәм транспорт',3,0);
INSERT INTO "topics" VALUES('topics/events','Events','События города','Події міста','Шәһәр вакыйгалары',4,0);
INSERT INTO "topics" VALUES('topics/weather','Weather','Погода','Погода','Һава торышы',5,0);
INSERT INTO "topics" VALUES('topics/safety','Safety','Безопасность','Безпека','Иминлек',6,0);
INSERT INTO "topics" VALUES('topics/health','Health','Здоровье','Здоров’я','Сәламәтлек',7,0);
INSERT INTO "topics" VALUES('topics/culture','Culture','Культура','Культура','Мәдәният',8,0);
CREATE TABLE webhooks (
  id            TEXT PRIMARY KEY,        -- ULID
  subscriber    TEXT NOT NULL,
  messenger     TEXT NOT NULL,           -- name of a configured messenger, or ''
  sealed_target BYTEA NOT NULL,          -- the URL, or the address in the messenger
  sealed_secret BYTEA NOT NULL,          -- of the signature
  create_time   BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (create_time);
CREATE INDEX notifications_by_recipient ON notifications (recipient, seq);
CREATE INDEX notifications_unread ON notifications (recipient, seq) WHERE NOT is_read;
CREATE INDEX notifications_by_time ON notifications (create_time);
CREATE INDEX fan_outs_by_appeal ON fan_outs (appeal, event);
CREATE INDEX subjects_by_time ON subjects (time);
CREATE INDEX fan_outs_by_audience ON fan_outs (audience, event);
CREATE INDEX alerts_by_state ON alerts (state, seq, id);
CREATE INDEX alerts_by_topic ON alerts (topic, state, seq, id);
CREATE INDEX alerts_to_publish ON alerts (state, publish_time);
CREATE INDEX alerts_to_expire ON alerts (state, expire_time);
CREATE UNIQUE INDEX alerts_by_source ON alerts (source) WHERE source <> '';
CREATE INDEX alert_posts_by_topic ON alert_posts (topic, seq);
CREATE INDEX alert_targets_by_district ON alert_targets (district, seq);
CREATE INDEX alert_fan_outs_by_severity ON alert_fan_outs (severity, seq);
CREATE UNIQUE INDEX subscriptions_by_version ON subscriptions (version);
CREATE INDEX alert_reads_by_seq ON alert_reads (seq);
CREATE INDEX markings_by_resident ON markings (resident, seq);
CREATE INDEX markings_by_time ON markings (create_time);
CREATE UNIQUE INDEX deliveries_of_post ON deliveries (post, subscriber, channel, endpoint)
  WHERE post IS NOT NULL;
CREATE UNIQUE INDEX deliveries_of_notice ON deliveries (notice, subscriber, channel, endpoint)
  WHERE notice IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (channel, severity, due_time) WHERE state IN (1, 2);
CREATE INDEX deliveries_of_digest ON deliveries (digest, subscriber, channel, endpoint)
  WHERE digest IS NOT NULL AND state IN (1, 2);
CREATE INDEX deliveries_given_up ON deliveries (state, id) WHERE state IN (4, 5);
CREATE INDEX push_subscriptions_by_subscriber ON push_subscriptions (subscriber, id);
CREATE INDEX webhooks_by_subscriber ON webhooks (subscriber, id);
DELETE FROM "sqlite_sequence";
COMMIT;
