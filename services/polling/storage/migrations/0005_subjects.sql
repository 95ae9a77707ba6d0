-- The polls that a subject led to: what polls.subjects has, to be found by subject.
CREATE TABLE poll_subjects (
  subject TEXT NOT NULL,  -- "appeals/{id}" or "initiatives/{id}"
  poll    TEXT NOT NULL,
  PRIMARY KEY (subject, poll)
);
CREATE INDEX poll_subjects_by_poll ON poll_subjects (poll);

-- Ids are ULIDs, so a name has 34 or 38 characters.
INSERT INTO poll_subjects (subject, poll)
WITH RECURSIVE names (poll, subject, rest) AS (
  SELECT id, '', subjects FROM polls
  UNION ALL
  SELECT poll,
         CASE WHEN substr(rest, 1, 8) = 'appeals/' THEN substr(rest, 1, 34) ELSE substr(rest, 1, 38) END,
         CASE WHEN substr(rest, 1, 8) = 'appeals/' THEN substr(rest, 36) ELSE substr(rest, 40) END
  FROM names WHERE rest <> ''
)
SELECT DISTINCT subject, poll FROM names WHERE subject <> '';
