-- How often reading a message failed while the program went on: apart from how often the program ended over it.
ALTER TABLE message ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
