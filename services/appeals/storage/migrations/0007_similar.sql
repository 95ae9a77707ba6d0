-- What the classifier took an appeal for without being sure; how many are the same near by.
ALTER TABLE appeals ADD COLUMN routing_suggested_category TEXT NOT NULL DEFAULT '';
ALTER TABLE appeals ADD COLUMN similar_count BIGINT NOT NULL DEFAULT 0;

-- Open appeals of a category in a place. What is submitted has no category yet and is not in it.
CREATE INDEX appeals_similar ON appeals (category, cell, ord) WHERE state >= 2 AND state <= 5 AND cell IS NOT NULL;
