-- The engines that were asked for a file and whose answers were not taken, each with the reason, and the pages that could not
-- be read; both in JSON. Of files that were read before nothing is known.
ALTER TABLE file ADD COLUMN tried TEXT NOT NULL DEFAULT '[]';
ALTER TABLE file ADD COLUMN pages_failed TEXT NOT NULL DEFAULT '[]';
