BEGIN TRANSACTION;
CREATE TABLE board_entries (
  poll      TEXT NOT NULL,
  idx       BIGINT NOT NULL,
  entry     BYTEA NOT NULL,
  leaf_hash BYTEA NOT NULL,
  PRIMARY KEY (poll, idx),
  UNIQUE (poll, leaf_hash)
);
CREATE TABLE board_nodes (
  poll  TEXT NOT NULL,
  level BIGINT NOT NULL,
  idx   BIGINT NOT NULL,
  hash  BYTEA NOT NULL,
  PRIMARY KEY (poll, level, idx)
);
CREATE TABLE comment_reports (
  comment  TEXT NOT NULL,
  resident TEXT NOT NULL,
  reason   TEXT NOT NULL,
  at       BIGINT NOT NULL,
  settled  BOOLEAN NOT NULL,
  PRIMARY KEY (comment, resident)
);
CREATE TABLE comment_versions (
  comment TEXT NOT NULL,
  version BIGINT NOT NULL,  -- 1, 2, …
  text    TEXT NOT NULL,
  at      BIGINT NOT NULL,  -- since when it stood
  PRIMARY KEY (comment, version)
);
CREATE TABLE comment_votes (
  comment  TEXT NOT NULL,
  resident TEXT NOT NULL,
  vote     BIGINT NOT NULL,  -- veche.polling.v1.Comment.Vote
  PRIMARY KEY (comment, resident)
);
CREATE TABLE comments (
  id            TEXT PRIMARY KEY,  -- ULID
  initiative    TEXT NOT NULL,
  reply_to      TEXT NOT NULL,     -- '' on the first level
  author        TEXT NOT NULL,
  official      BOOLEAN NOT NULL,
  department    TEXT NOT NULL,
  text          TEXT NOT NULL,
  masked_text   TEXT NOT NULL,     -- '' when there is nothing to mask
  create_time   BIGINT NOT NULL,
  text_time     BIGINT NOT NULL,   -- since when the present text stands
  edit_count    BIGINT NOT NULL,
  up_count      BIGINT NOT NULL,
  down_count    BIGINT NOT NULL,
  vote_rank     BIGINT NOT NULL,   -- Wilson's lower bound in billionths
  reply_count   BIGINT NOT NULL,
  hidden        BOOLEAN NOT NULL,
  hidden_reason TEXT NOT NULL,
  hidden_by     TEXT NOT NULL,
  report_count  BIGINT NOT NULL    -- that no moderator has settled
);
CREATE TABLE consumer_cursors (
  name TEXT PRIMARY KEY,
  log TEXT NOT NULL,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time BIGINT NOT NULL,
  data BLOB NOT NULL
);
CREATE TABLE followers (
  name TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
INSERT INTO "followers" VALUES('notifications','',1796117192305830);
INSERT INTO "followers" VALUES('appeals','',1796117192306949);
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  response TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (caller, key)
);
CREATE TABLE initiative_appeals (
  appeal     TEXT NOT NULL,  -- "appeals/{id}"
  initiative TEXT NOT NULL,
  PRIMARY KEY (appeal, initiative)
);
CREATE TABLE initiative_entries (
  initiative TEXT NOT NULL,
  entry      BIGINT NOT NULL,  -- 1, 2, …
  type       BIGINT NOT NULL,  -- veche.polling.v1.Initiative.Entry.Type
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  department TEXT NOT NULL,
  title      TEXT NOT NULL,
  text       TEXT NOT NULL,
  PRIMARY KEY (initiative, entry)
);
CREATE TABLE initiative_supporters (
  initiative TEXT NOT NULL,
  resident   TEXT NOT NULL,
  PRIMARY KEY (initiative, resident)
);
CREATE TABLE initiatives (
  id                  TEXT PRIMARY KEY,  -- ULID
  state               BIGINT NOT NULL,   -- veche.polling.v1.Initiative.State
  published           BOOLEAN NOT NULL,  -- a moderator has approved it once
  author              TEXT NOT NULL,
  title               TEXT NOT NULL,
  text                TEXT NOT NULL,
  masked_title        TEXT NOT NULL,     -- '' when there is nothing to mask
  masked_text         TEXT NOT NULL,
  terms               TEXT NOT NULL,     -- stems by which similar ones are found, with spaces between
  district            TEXT NOT NULL,
  category            TEXT NOT NULL,
  supporter_count     BIGINT NOT NULL,
  comment_count       BIGINT NOT NULL,
  threshold           BIGINT NOT NULL,
  create_time         BIGINT NOT NULL,
  end_time            BIGINT,
  response_due        BIGINT,
  next_check          BIGINT,
  overdue             BOOLEAN NOT NULL,
  merged_into         TEXT NOT NULL,
  rejection_reason    TEXT NOT NULL,
  response_text       TEXT NOT NULL,
  response_department TEXT NOT NULL,
  response_time       BIGINT
, pictures TEXT NOT NULL DEFAULT '');
CREATE TABLE opinion_changes (
  initiative TEXT PRIMARY KEY,
  change     BIGINT NOT NULL
);
CREATE TABLE pending_ballots (
  poll       TEXT NOT NULL,
  voter_hash BYTEA NOT NULL,   -- SHA-256 of the voter key
  counter    BIGINT NOT NULL,
  leaf_hash  BYTEA NOT NULL,
  entry      BYTEA NOT NULL,
  minute     BIGINT NOT NULL,  -- Unix seconds, a whole minute
  PRIMARY KEY (poll, voter_hash, counter)
) WITHOUT ROWID;
CREATE TABLE picture_uses (
  hash  TEXT NOT NULL,
  owner TEXT NOT NULL,  -- the id of a poll or an initiative
  PRIMARY KEY (hash, owner)
);
CREATE TABLE poll_districts (
  district TEXT NOT NULL,
  poll     TEXT NOT NULL,
  PRIMARY KEY (district, poll)
);
CREATE TABLE poll_gates (
  poll       TEXT PRIMARY KEY,
  open_time  BIGINT NOT NULL,
  close_time BIGINT NOT NULL
);
CREATE TABLE poll_pictures (
  hash         TEXT PRIMARY KEY,
  content_type TEXT NOT NULL,
  bytes        BYTEA NOT NULL
, unused_since BIGINT);
CREATE TABLE poll_subjects (
  subject TEXT NOT NULL,  -- "appeals/{id}" or "initiatives/{id}"
  poll    TEXT NOT NULL,
  PRIMARY KEY (subject, poll)
);
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
CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, apply_time BIGINT NOT NULL);
INSERT INTO "schema_migrations" VALUES('0000_events','edfc784499c2db8d',1796117191293867);
INSERT INTO "schema_migrations" VALUES('0000_idempotency','09e76d2c8242dda6',1796117191295173);
INSERT INTO "schema_migrations" VALUES('0001_polls','7fb839c002285972',1796117191295722);
INSERT INTO "schema_migrations" VALUES('0002_ballots','1e13a85a3f2f49e8',1796117191296297);
INSERT INTO "schema_migrations" VALUES('0003_initiatives','137add837c5ea1ae',1796117191296899);
INSERT INTO "schema_migrations" VALUES('0004_discussions','fdbb809f6fc8317b',1796117191300289);
INSERT INTO "schema_migrations" VALUES('0005_subjects','e5386409cad38e00',1796117191300911);
INSERT INTO "schema_migrations" VALUES('0006_pictures','33b60bcb3a6ae0db',1796117191301593);
CREATE TABLE statement_votes (
  statement  TEXT NOT NULL,
  resident   TEXT NOT NULL,
  initiative TEXT NOT NULL,
  vote       BIGINT NOT NULL,  -- veche.polling.v1.Statement.Vote
  change     BIGINT NOT NULL,  -- of opinion_changes
  PRIMARY KEY (statement, resident)
);
CREATE TABLE statements (
  id          TEXT PRIMARY KEY,  -- ULID
  initiative  TEXT NOT NULL,
  author      TEXT NOT NULL,
  text        TEXT NOT NULL,
  masked_text TEXT NOT NULL,
  folded      TEXT NOT NULL,     -- equal for texts that read the same
  create_time BIGINT NOT NULL,
  hidden      BOOLEAN NOT NULL,
  UNIQUE (initiative, folded)
);
CREATE TABLE voters (
  poll       TEXT NOT NULL,
  voter_hash BYTEA NOT NULL,
  counter    BIGINT NOT NULL,  -- the highest
  ballots    BIGINT NOT NULL,
  PRIMARY KEY (poll, voter_hash)
) WITHOUT ROWID;
CREATE TABLE writers (
  resident   TEXT PRIMARY KEY,
  write_time BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (create_time);
CREATE INDEX polls_by_state ON polls (state, id);
CREATE INDEX pending_ballots_by_leaf ON pending_ballots (poll, leaf_hash);
CREATE INDEX pending_ballots_by_minute ON pending_ballots (poll, minute);
CREATE INDEX initiatives_new ON initiatives (published, id);
CREATE INDEX initiatives_new_by_state ON initiatives (published, state, id);
CREATE INDEX initiatives_new_by_district ON initiatives (published, district, id);
CREATE INDEX initiatives_new_by_category ON initiatives (published, category, id);
CREATE INDEX initiatives_top ON initiatives (published, supporter_count, id);
CREATE INDEX initiatives_top_by_state ON initiatives (published, state, supporter_count, id);
CREATE INDEX initiatives_top_by_district ON initiatives (published, district, supporter_count, id);
CREATE INDEX initiatives_top_by_category ON initiatives (published, category, supporter_count, id);
CREATE INDEX initiatives_by_author ON initiatives (author, id);
CREATE INDEX initiatives_top_by_author ON initiatives (author, supporter_count, id);
CREATE INDEX initiatives_by_check ON initiatives (next_check) WHERE next_check IS NOT NULL;
CREATE INDEX initiative_appeals_by_initiative ON initiative_appeals (initiative, appeal);
CREATE INDEX comments_new ON comments (initiative, reply_to, id);
CREATE INDEX comments_best ON comments (initiative, reply_to, vote_rank, id);
CREATE INDEX comments_by_author ON comments (author, create_time);
CREATE INDEX comments_reported ON comments (report_count, id) WHERE report_count > 0;
CREATE INDEX statements_by_initiative ON statements (initiative, id);
CREATE INDEX statements_by_author ON statements (initiative, author);
CREATE INDEX statement_votes_by_change
  ON statement_votes (initiative, change, statement, resident);
CREATE INDEX poll_subjects_by_poll ON poll_subjects (poll);
CREATE INDEX picture_uses_by_owner ON picture_uses (owner);
CREATE INDEX poll_pictures_unused ON poll_pictures (unused_since, hash);
DELETE FROM "sqlite_sequence";
COMMIT;
