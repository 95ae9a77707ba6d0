-- AUTOINCREMENT: a number is never used again, even when the newest events were pruned.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time BIGINT NOT NULL,
  data BLOB NOT NULL
);

-- Where this service's consumers are, in its own log or in those of others.
CREATE TABLE consumer_cursors (
  name TEXT PRIMARY KEY,
  log TEXT NOT NULL,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);

-- Where other services are in this log, as they last said; pruning keeps what they have not seen.
CREATE TABLE followers (
  name TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
