-- Ballots that wait for their batch, and the counters of those on the board. Neither table tells who
-- came first: no time finer than a minute, no sequence, and rows are found by hashes.
CREATE TABLE pending_ballots (
  poll       TEXT NOT NULL,
  voter_hash BYTEA NOT NULL,   -- SHA-256 of the voter key
  counter    BIGINT NOT NULL,
  leaf_hash  BYTEA NOT NULL,
  entry      BYTEA NOT NULL,
  minute     BIGINT NOT NULL,  -- Unix seconds, a whole minute
  PRIMARY KEY (poll, voter_hash, counter)
) WITHOUT ROWID;
CREATE INDEX pending_ballots_by_leaf ON pending_ballots (poll, leaf_hash);
CREATE INDEX pending_ballots_by_minute ON pending_ballots (poll, minute);

-- Written when a batch is appended, in the batch's shuffled order.
CREATE TABLE voters (
  poll       TEXT NOT NULL,
  voter_hash BYTEA NOT NULL,
  counter    BIGINT NOT NULL,  -- the highest
  ballots    BIGINT NOT NULL,
  PRIMARY KEY (poll, voter_hash)
) WITHOUT ROWID;
