-- Who has a credential. No time and no sequence: the rows are stored in the order of their key, so
-- nobody can read who came first.
CREATE TABLE credentials (
  poll         TEXT NOT NULL,
  resident     TEXT NOT NULL,      -- "residents/{id}"
  message_hash BYTEA NOT NULL,     -- SHA-256 of the blinded message
  district     TEXT NOT NULL,      -- for which the resident is counted; may be ''
  PRIMARY KEY (poll, resident)
) WITHOUT ROWID;
