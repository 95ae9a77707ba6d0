-- Pages of residents in the order of their ids: of one district, and of the whole city.
CREATE INDEX residents_by_home ON residents (home_district, id) WHERE NOT guest;
CREATE INDEX residents_not_guests ON residents (id) WHERE NOT guest;
