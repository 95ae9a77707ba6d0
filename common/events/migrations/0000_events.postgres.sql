-- Transactions commit out of the order of `seq`. A reader therefore takes only rows whose
-- transaction is older than every running one, in the order of (xid, seq).
CREATE TABLE events (
  seq BIGINT GENERATED ALWAYS AS IDENTITY,
  xid BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time BIGINT NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (xid, seq)
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
