-- What staff decided: the latest word on each appeal is an example to learn from.
CREATE TABLE corrections (
  appeal TEXT NOT NULL PRIMARY KEY,
  category TEXT NOT NULL,
  staff TEXT NOT NULL,
  create_time BIGINT NOT NULL
);
CREATE INDEX corrections_by_time ON corrections (create_time, appeal);
