-- The inverted index of public texts, clustered: the key is the row, so there is one b-tree.
CREATE TABLE search_terms (
  term BIGINT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (term, ord)
) WITHOUT ROWID;
