-- The cell of the web map's tile grid (common/geo/cell.h), in place of the S2 cell in `cell`. The release before this
-- one reads and writes `cell` alone, so `cell` is still written; the release after this one drops it with its indexes
-- and with map_cell_of.
ALTER TABLE appeals ADD COLUMN map_cell BIGINT;
-- The `cell` of the place that map_cell is of. Where they differ, the release before wrote the row last.
ALTER TABLE appeals ADD COLUMN map_cell_of BIGINT;
-- With the visibility, though it is always 1, SQLite answers from the index alone.
CREATE INDEX appeals_public_map_cell ON appeals (map_cell, ord, visibility)
  WHERE visibility = 1 AND map_cell IS NOT NULL;
CREATE INDEX appeals_similar_map_cell ON appeals (category, map_cell, ord)
  WHERE state >= 2 AND state <= 5 AND map_cell IS NOT NULL;
-- What still needs its map_cell; empty when maintenance has seen to all.
CREATE INDEX appeals_without_map_cell ON appeals (latitude, longitude)
  WHERE cell IS NOT NULL AND (map_cell_of IS NULL OR map_cell_of <> cell);
