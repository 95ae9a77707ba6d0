-- Who hears of an appeal besides its author, as the appeals' events tell.
CREATE TABLE follows (
  appeal    TEXT NOT NULL,
  resident  TEXT NOT NULL,
  follower  BOOLEAN NOT NULL,
  supporter BOOLEAN NOT NULL,
  since     BIGINT NOT NULL,
  PRIMARY KEY (appeal, resident)
);

-- Numbers are given out under this row's lock, so that they appear in the order of their commits: a
-- reader that has seen one has seen all before it.
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('notifications', 0);

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
CREATE INDEX notifications_by_recipient ON notifications (recipient, seq);
CREATE INDEX notifications_unread ON notifications (recipient, seq) WHERE NOT is_read;
CREATE INDEX notifications_by_time ON notifications (create_time);

-- Events whose recipients are still being written, page by page.
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
);
CREATE INDEX fan_outs_by_appeal ON fan_outs (appeal, event);
