-- Whose daily limit an upload counts for; of guests a print of the address.
ALTER TABLE attachments ADD COLUMN uploader TEXT NOT NULL DEFAULT '';
CREATE INDEX attachments_uploader ON attachments (uploader, created_at, size_bytes) WHERE appeal IS NULL;
