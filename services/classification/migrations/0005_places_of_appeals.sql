-- Where an appeal is, appeals itself tells when its text is fetched to be learnt from.
ALTER TABLE examples DROP COLUMN place;
