-- In which version the value of a finding is written.
ALTER TABLE finding ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- What waits for a person is found by whether something is asked; how much that is does not matter to the index.
DROP INDEX item_waiting;
CREATE INDEX item_waiting ON item (message_id) WHERE waiting IS NOT NULL;
