-- How often the program ended while it had nothing but this letter in hand, or the database refused the letter: that is the
-- letter's own. Of the other times that it was taken up something else may have been the end.
ALTER TABLE letter ADD COLUMN own_ends INTEGER NOT NULL DEFAULT 0;
