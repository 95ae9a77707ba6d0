-- What people say about the app, sealed with the installation's key.
CREATE TABLE feedback (
  id             TEXT PRIMARY KEY,       -- ULID
  sealed_text    BYTEA NOT NULL,
  sealed_contact BYTEA NOT NULL,         -- of "" without a contact
  page           TEXT NOT NULL,
  language       TEXT NOT NULL,
  create_time    BIGINT NOT NULL
);
CREATE INDEX feedback_by_time ON feedback (create_time);
