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
);
-- Each order with each filter that narrows most; the other filters are weak.
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

CREATE TABLE initiative_appeals (
  appeal     TEXT NOT NULL,  -- "appeals/{id}"
  initiative TEXT NOT NULL,
  PRIMARY KEY (appeal, initiative)
);
CREATE INDEX initiative_appeals_by_initiative ON initiative_appeals (initiative, appeal);

-- A row for each resident who writes, locked while what the resident wrote lately is counted.
CREATE TABLE writers (
  resident   TEXT PRIMARY KEY,
  write_time BIGINT NOT NULL
);
