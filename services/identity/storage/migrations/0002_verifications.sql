-- What staff have seen in residents' papers, sealed with the key of the resident. The year of birth
-- is not sealed: residents of an age are counted by it, and only those of one year are opened.
CREATE TABLE verifications (
  resident             TEXT PRIMARY KEY,
  sealed_birth_date    BYTEA NOT NULL,
  sealed_document_kind BYTEA NOT NULL,
  birth_year           BIGINT NOT NULL,
  district             TEXT NOT NULL,      -- "districts/{id}" or ''
  staff                TEXT NOT NULL,
  verify_time          BIGINT NOT NULL
);
CREATE INDEX verifications_by_year ON verifications (birth_year);

-- What staff did with single residents.
CREATE TABLE staff_actions (
  id          TEXT PRIMARY KEY,            -- ULID
  staff       TEXT NOT NULL,
  resident    TEXT NOT NULL,               -- '' when nobody was found
  action      TEXT NOT NULL,               -- FIND, VERIFY, UNVERIFY
  action_time BIGINT NOT NULL
);
