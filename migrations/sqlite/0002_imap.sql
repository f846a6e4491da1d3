-- Mailboxes on servers. In a folder, UIDs mean the same as long as uidvalidity is the same (0: none was seen yet);
-- messages from next_uid on were not looked at yet.
ALTER TABLE folder ADD COLUMN uidvalidity INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN next_uid INTEGER NOT NULL DEFAULT 1;

-- Why a person decides, whatever the message is: it came from a folder of junk.
ALTER TABLE message ADD COLUMN held TEXT;

-- Why the original is the header of the message alone; its size is that of the whole.
ALTER TABLE message ADD COLUMN header_only TEXT;
