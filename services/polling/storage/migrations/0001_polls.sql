-- A poll. From SCHEDULED on, its definition never changes; a draft's keys are zeros.
CREATE TABLE polls (
  id              TEXT PRIMARY KEY,      -- ULID
  state           BIGINT NOT NULL,       -- veche.polling.v1.Poll.State
  definition      TEXT NOT NULL,         -- canonical JSON: docs/polling-protocol.md
  subjects        TEXT NOT NULL,         -- names of initiatives and appeals, one on a line
  open_time       BIGINT NOT NULL,       -- 0: when an editor opens it
  close_time      BIGINT NOT NULL,       -- planned, or when it was closed early
  create_time     BIGINT NOT NULL,
  eligible        BIGINT NOT NULL,
  closing_noticed BOOLEAN NOT NULL,      -- whether the log has POLL_CLOSING_SOON
  tree_size       BIGINT NOT NULL,       -- of the latest head; 0: no board yet
  head_seconds    BIGINT NOT NULL,       -- Unix seconds, a whole minute
  head_root       BYTEA NOT NULL,
  head_signature  BYTEA NOT NULL,
  results         BYTEA NOT NULL,        -- veche.polling.v1.Results; empty until closed
  version         BIGINT NOT NULL
);
CREATE INDEX polls_by_state ON polls (state, id);

-- The districts of fixed polls; '' for the whole city.
CREATE TABLE poll_districts (
  district TEXT NOT NULL,
  poll     TEXT NOT NULL,
  PRIMARY KEY (district, poll)
);

-- A row for each poll that takes ballots. Who adds a ballot locks the row for reading, and who
-- closes the poll deletes it, so no ballot is added after the last batch.
CREATE TABLE poll_gates (
  poll       TEXT PRIMARY KEY,
  open_time  BIGINT NOT NULL,
  close_time BIGINT NOT NULL
);

-- The board: entries in the order of their indices.
CREATE TABLE board_entries (
  poll      TEXT NOT NULL,
  idx       BIGINT NOT NULL,
  entry     BYTEA NOT NULL,
  leaf_hash BYTEA NOT NULL,
  PRIMARY KEY (poll, idx),
  UNIQUE (poll, leaf_hash)
);

-- The roots of its complete subtrees of 2^level entries.
CREATE TABLE board_nodes (
  poll  TEXT NOT NULL,
  level BIGINT NOT NULL,
  idx   BIGINT NOT NULL,
  hash  BYTEA NOT NULL,
  PRIMARY KEY (poll, level, idx)
);

-- The pictures of options, by their SHA-256 in hexadecimal.
CREATE TABLE poll_pictures (
  hash         TEXT PRIMARY KEY,
  content_type TEXT NOT NULL,
  bytes        BYTEA NOT NULL
);
