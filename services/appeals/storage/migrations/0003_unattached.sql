-- Uploads that nobody attached, the oldest first; and which row names a stored file.
CREATE INDEX attachments_unattached ON attachments (created_at) WHERE appeal IS NULL;
CREATE INDEX attachments_blob ON attachments (blob);
