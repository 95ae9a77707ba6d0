-- The inverted index of public texts; read from its primary key alone.
CREATE TABLE search_terms (
  term BIGINT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (term, ord)
);
