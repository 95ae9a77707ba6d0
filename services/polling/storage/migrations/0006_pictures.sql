-- Which polls and initiatives have a picture of poll_pictures.
CREATE TABLE picture_uses (
  hash  TEXT NOT NULL,
  owner TEXT NOT NULL,  -- the id of a poll or an initiative
  PRIMARY KEY (hash, owner)
);
CREATE INDEX picture_uses_by_owner ON picture_uses (owner);

INSERT INTO picture_uses (hash, owner)
SELECT c.hash, p.id FROM polls p JOIN poll_pictures c ON replace(p.definition, c.hash, '') <> p.definition;

-- Since when nothing uses a picture, as the last check has found; NULL: it was in use.
ALTER TABLE poll_pictures ADD COLUMN unused_since BIGINT;
CREATE INDEX poll_pictures_unused ON poll_pictures (unused_since, hash);

-- The hashes of an initiative's pictures, one on a line, in their order.
ALTER TABLE initiatives ADD COLUMN pictures TEXT NOT NULL DEFAULT '';
