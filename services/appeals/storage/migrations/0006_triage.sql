-- Why an appeal is urgent, by its text (the format is triage::ToText), and what moderation thinks of it.
ALTER TABLE appeals ADD COLUMN priority_reasons TEXT NOT NULL DEFAULT '';
ALTER TABLE appeals ADD COLUMN toxicity DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE appeals ADD COLUMN spam DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE appeals ADD COLUMN moderation_reasons TEXT NOT NULL DEFAULT '';
ALTER TABLE appeals ADD COLUMN flagged BIGINT NOT NULL DEFAULT 0;
-- text::Fingerprint of the public text; 0 for what came before.
ALTER TABLE appeals ADD COLUMN fingerprint BIGINT NOT NULL DEFAULT 0;

-- The moderators' queue: what waits for them, whatever its state.
CREATE INDEX appeals_flagged ON appeals (due_order, ord) WHERE flagged = 1;
