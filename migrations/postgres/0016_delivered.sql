-- The size that the mailbox announced, where it handed over another; and why what came is not the whole message, where it
-- is not: then nothing of it is read.
ALTER TABLE message ADD COLUMN announced BIGINT;
ALTER TABLE message ADD COLUMN short TEXT;
