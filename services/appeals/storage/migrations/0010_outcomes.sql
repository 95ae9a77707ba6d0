-- The names of polls and initiatives that an appeal led to, one on a line, the oldest first.
ALTER TABLE appeals ADD COLUMN outcomes TEXT NOT NULL DEFAULT '';
