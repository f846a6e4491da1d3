-- A deadline is an act: with its hour, on whose authority it was set, why, and by whom.
ALTER TABLE deadline_version ADD COLUMN time TEXT;
ALTER TABLE deadline_version ADD COLUMN authority TEXT;
ALTER TABLE deadline_version ADD COLUMN reason TEXT;
ALTER TABLE deadline_version ADD COLUMN actor TEXT NOT NULL DEFAULT 'docket';

-- What the file of the call said of its deadline when it was read last, and the number of the deadline by which all that
-- is filed was judged last.
ALTER TABLE call ADD COLUMN file_said TEXT;
ALTER TABLE call ADD COLUMN judged_n BIGINT;
UPDATE call SET judged_n = (SELECT MAX(n) FROM deadline_version v WHERE v.call_id = call.id);
