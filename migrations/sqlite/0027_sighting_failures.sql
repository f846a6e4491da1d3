-- How often taking a message in failed; of the other attempts the end of the program was the end.
ALTER TABLE sighting ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
UPDATE sighting SET failures = attempts WHERE disposition = 'failed';
