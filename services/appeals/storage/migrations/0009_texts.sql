-- What the system says, as the id of a text and its arguments; before, `comment` held a sentence.
ALTER TABLE timeline ADD COLUMN text TEXT NOT NULL DEFAULT '';
