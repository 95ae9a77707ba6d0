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
CREATE INDEX comments_new ON comments (initiative, reply_to, id);
CREATE INDEX comments_best ON comments (initiative, reply_to, vote_rank, id);
CREATE INDEX comments_by_author ON comments (author, create_time);
CREATE INDEX comments_reported ON comments (report_count, id) WHERE report_count > 0;

-- Earlier texts.
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

CREATE TABLE comment_reports (
  comment  TEXT NOT NULL,
  resident TEXT NOT NULL,
  reason   TEXT NOT NULL,
  at       BIGINT NOT NULL,
  settled  BOOLEAN NOT NULL,
  PRIMARY KEY (comment, resident)
);

-- Statements of opinion maps.
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
CREATE INDEX statements_by_initiative ON statements (initiative, id);
CREATE INDEX statements_by_author ON statements (initiative, author);

-- The last change of each discussion's statements and votes. Whoever changes something locks the row
-- and takes the next number, so a reader who has seen number n misses nothing after it.
CREATE TABLE opinion_changes (
  initiative TEXT PRIMARY KEY,
  change     BIGINT NOT NULL
);

CREATE TABLE statement_votes (
  statement  TEXT NOT NULL,
  resident   TEXT NOT NULL,
  initiative TEXT NOT NULL,
  vote       BIGINT NOT NULL,  -- veche.polling.v1.Statement.Vote
  change     BIGINT NOT NULL,  -- of opinion_changes
  PRIMARY KEY (statement, resident)
);
CREATE INDEX statement_votes_by_change
  ON statement_votes (initiative, change, statement, resident);
