-- How often a letter was taken up of which nothing was heard since, and why not, where it is known: with the third time a
-- person is asked.
ALTER TABLE letter ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
ALTER TABLE letter ADD COLUMN fault TEXT;

-- Whether a look at a folder has begun to take messages in and has not come to its end: one of them may have ended it.
ALTER TABLE folder ADD COLUMN looking INTEGER NOT NULL DEFAULT 0;
