-- Who has a credential. No time and no sequence. PostgreSQL keeps rows about in the order of their
-- insertion, which its superuser can read: README.md says what follows from it.
CREATE TABLE credentials (
  poll         TEXT NOT NULL,
  resident     TEXT NOT NULL,      -- "residents/{id}"
  message_hash BYTEA NOT NULL,     -- SHA-256 of the blinded message
  district     TEXT NOT NULL,      -- for which the resident is counted; may be ''
  PRIMARY KEY (poll, resident)
);
