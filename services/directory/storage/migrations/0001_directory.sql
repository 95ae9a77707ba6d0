-- Counts imports, so that every replica sees when its copy is old.
CREATE TABLE city_version (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  version BIGINT NOT NULL
);
INSERT INTO city_version (id, version) VALUES (1, 0);

CREATE TABLE districts (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  area_km2 DOUBLE PRECISION NOT NULL,
  label_latitude DOUBLE PRECISION NOT NULL,
  label_longitude DOUBLE PRECISION NOT NULL,
  boundary TEXT NOT NULL,
  attribution TEXT NOT NULL
);

CREATE TABLE departments (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  phones TEXT NOT NULL
);

CREATE TABLE categories (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  category_group TEXT NOT NULL,
  group_title TEXT NOT NULL,
  department TEXT NOT NULL REFERENCES departments (id),
  response_hours BIGINT NOT NULL CHECK (response_hours > 0),
  legal_profile TEXT NOT NULL
);

-- Titles in further languages; resource is a full name such as 'districts/vakhitovsky'.
CREATE TABLE titles (
  resource TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (resource, language)
);
