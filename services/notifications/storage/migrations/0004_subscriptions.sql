-- Both counters are locked until the commit, like that of notices. 'subscribers' numbers the rows:
-- dense, for the index. 'subscriptions' numbers their changes: who has seen one has seen all before.
INSERT INTO counters (name, value) VALUES ('subscribers', 0), ('subscriptions', 0);

-- Who is told of alerts. Residents have a row from the first time that they read their feed. Lists
-- of names are separated by spaces.
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
CREATE UNIQUE INDEX subscriptions_by_version ON subscriptions (version);

-- Posts of alerts that a resident has read, above subscriptions.read_through.
CREATE TABLE alert_reads (
  subscriber TEXT NOT NULL,
  seq        BIGINT NOT NULL,
  PRIMARY KEY (subscriber, seq)
);
CREATE INDEX alert_reads_by_seq ON alert_reads (seq);

-- What residents marked as read, for their other devices. Numbered with the notices.
CREATE TABLE markings (
  seq         BIGINT PRIMARY KEY,
  resident    TEXT NOT NULL,
  seqs        TEXT NOT NULL,                 -- separated by spaces; "" for all before this marking
  unread      BIGINT NOT NULL,               -- how many were unread afterwards
  create_time BIGINT NOT NULL
);
CREATE INDEX markings_by_resident ON markings (resident, seq);
CREATE INDEX markings_by_time ON markings (create_time);

-- Which process writes the deliveries of a post, until when.
CREATE TABLE alert_fan_out_leases (
  seq         BIGINT PRIMARY KEY,
  owner       TEXT NOT NULL,
  expire_time BIGINT NOT NULL
);
