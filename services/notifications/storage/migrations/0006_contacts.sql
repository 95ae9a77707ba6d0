-- Who ended the messages to their contact.
CREATE TABLE contact_opt_outs (
  resident    TEXT NOT NULL,             -- "residents/{id}", also of a guest
  subject     TEXT NOT NULL,             -- "appeals/{id}"; '' for all messages
  create_time BIGINT NOT NULL,
  PRIMARY KEY (resident, subject)
);
