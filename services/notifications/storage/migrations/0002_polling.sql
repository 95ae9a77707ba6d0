-- The columns named "appeal" have any subject since then: "appeals/{id}", "polls/{id}" or
-- "initiatives/{id}". They keep their name, so that the previous release runs beside this one.

-- Titles of polls and initiatives in each language, as the newest event tells them.
CREATE TABLE subjects (
  subject  TEXT PRIMARY KEY,
  title_en TEXT NOT NULL,
  title_ru TEXT NOT NULL,
  title_uk TEXT NOT NULL,
  title_tt TEXT NOT NULL,
  time     BIGINT NOT NULL               -- of that event
);
CREATE INDEX subjects_by_time ON subjects (time);

-- The column "author" has all residents whom the event names, separated by spaces.
ALTER TABLE fan_outs ADD COLUMN audience BIGINT NOT NULL DEFAULT 1;   -- Audience: followers
ALTER TABLE fan_outs ADD COLUMN districts TEXT NOT NULL DEFAULT '';   -- separated by spaces
CREATE INDEX fan_outs_by_audience ON fan_outs (audience, event);
