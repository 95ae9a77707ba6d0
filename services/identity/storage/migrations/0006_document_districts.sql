-- Pages of the residents whose document names a district, in the order of their ids.
CREATE INDEX verifications_by_district ON verifications (district, resident);
