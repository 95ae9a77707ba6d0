-- Where the appeal of an example is: "districts/{id}", empty where that is not known.
ALTER TABLE examples ADD COLUMN place TEXT NOT NULL DEFAULT '';
