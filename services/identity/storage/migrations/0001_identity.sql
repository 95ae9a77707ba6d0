-- Personal data is sealed (BYTEA columns named sealed_*) with the key of its resident. BYTEA is
-- also right for SQLite, which gives such a column no type of its own and keeps the bytes as they are.

CREATE TABLE residents (
  id                  TEXT PRIMARY KEY,
  guest               BOOLEAN NOT NULL,
  guest_request       TEXT UNIQUE,       -- what RegisterGuest was asked with
  sealed_display_name BYTEA NOT NULL,
  locale              TEXT NOT NULL,
  home_district       TEXT NOT NULL,
  create_time         BIGINT NOT NULL
);

-- Destroying a row here is erasing the person.
CREATE TABLE resident_keys (
  resident TEXT PRIMARY KEY,
  wrapped  BYTEA NOT NULL
);

CREATE TABLE contacts (
  resident      TEXT NOT NULL,
  position      BIGINT NOT NULL,
  kind          TEXT NOT NULL,
  lookup        TEXT UNIQUE,             -- keyed hash; NULL for a guest's, which nobody looks up
  sealed_value  BYTEA NOT NULL,
  confirm_time  BIGINT,
  PRIMARY KEY (resident, position)
);

CREATE TABLE consents (
  resident   TEXT NOT NULL,
  purpose    TEXT NOT NULL,
  grant_time BIGINT NOT NULL,
  PRIMARY KEY (resident, purpose)
);

CREATE TABLE staff (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  display_name  TEXT NOT NULL,
  locale        TEXT NOT NULL,
  home_district TEXT NOT NULL,
  roles         TEXT NOT NULL,           -- "OFFICER,EDITOR"
  department    TEXT NOT NULL,
  disabled      BOOLEAN NOT NULL,
  create_time   BIGINT NOT NULL
);

-- One row a contact that was sent a code: locked while its codes are counted.
CREATE TABLE code_senders (
  lookup    TEXT PRIMARY KEY,
  last_time BIGINT NOT NULL
);
CREATE INDEX code_senders_by_time ON code_senders (last_time);

CREATE TABLE challenges (
  id             TEXT PRIMARY KEY,
  lookup         TEXT NOT NULL,
  kind           TEXT NOT NULL,
  sealed_contact BYTEA NOT NULL,
  code_hash      BYTEA NOT NULL,
  tries          BIGINT NOT NULL,
  used           BOOLEAN NOT NULL,
  create_time    BIGINT NOT NULL,
  expire_time    BIGINT NOT NULL
);
CREATE INDEX challenges_by_contact ON challenges (lookup, create_time);
CREATE INDEX challenges_by_time ON challenges (create_time);

CREATE TABLE guesses (
  lookup    TEXT PRIMARY KEY,            -- keyed hash of the login
  failures  BIGINT NOT NULL,
  last_time BIGINT NOT NULL
);
CREATE INDEX guesses_by_time ON guesses (last_time);

CREATE TABLE sessions (
  id            TEXT PRIMARY KEY,
  principal     TEXT NOT NULL,
  token_hash    TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  rotate_time   BIGINT NOT NULL,
  expire_time   BIGINT NOT NULL
);
CREATE INDEX sessions_by_principal ON sessions (principal);
CREATE INDEX sessions_by_time ON sessions (expire_time);

CREATE TABLE signing_keys (
  generation BIGINT PRIMARY KEY,
  sealed_pem BYTEA NOT NULL
);

-- Messages on their way out; once sent only the request id stays, against repeats.
CREATE TABLE messages (
  id             TEXT PRIMARY KEY,
  request        TEXT NOT NULL UNIQUE,
  resident       TEXT NOT NULL,
  sealed_subject BYTEA NOT NULL,
  sealed_body    BYTEA NOT NULL,
  attempts       BIGINT NOT NULL,
  due_time       BIGINT NOT NULL,
  create_time    BIGINT NOT NULL,
  sent_time      BIGINT
);
CREATE INDEX messages_due ON messages (due_time, id) WHERE sent_time IS NULL;
CREATE INDEX messages_sent ON messages (sent_time) WHERE sent_time IS NOT NULL;
