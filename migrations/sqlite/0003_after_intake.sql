-- What the settings ask to be done with a message in its folder once it is in the log, and what came of it: wanted, copied
-- (and still to be taken out of its folder), done, gone, unproved; null where nothing is asked for.
ALTER TABLE sighting ADD COLUMN after_intake TEXT;
ALTER TABLE sighting ADD COLUMN after_reason TEXT;
CREATE INDEX sighting_after_intake ON sighting (folder_id, id) WHERE after_intake IN ('wanted', 'copied');
CREATE INDEX sighting_failed ON sighting (folder_id, id) WHERE disposition = 'failed';

-- The copy of a letter that left, in a folder of the mailbox: wanted, kept, failed; null where none is asked for.
ALTER TABLE letter ADD COLUMN copy_state TEXT;
ALTER TABLE letter ADD COLUMN copy_attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE letter ADD COLUMN copy_not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE letter ADD COLUMN copy_reason TEXT;
CREATE INDEX letter_copy ON letter (copy_not_before, id) WHERE copy_state = 'wanted';

-- When the folder was last compared with the log, and how many of its messages were missing there.
ALTER TABLE folder ADD COLUMN reconciled INTEGER;
ALTER TABLE folder ADD COLUMN missing INTEGER;
