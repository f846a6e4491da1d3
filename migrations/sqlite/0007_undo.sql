-- A decision that takes another back is a decision, too, and names that one. Each keeps why the message was or was not
-- answered before it, and the kind of the letter that had been decided and had not left, which it discarded.
ALTER TABLE decision ADD COLUMN undoes INTEGER REFERENCES decision (id);
ALTER TABLE decision ADD COLUMN answer_before TEXT;
ALTER TABLE decision ADD COLUMN letter_before TEXT;
CREATE UNIQUE INDEX decision_undoes ON decision (undoes);

-- An item as it was until a decision changed it, one on itself (decision_id) or on another; append-only. The version is its
-- own, the submission also that of the item it repeats.
CREATE TABLE item_past (
    id              INTEGER PRIMARY KEY,
    item_id         INTEGER NOT NULL REFERENCES item (id),
    decision_id     INTEGER REFERENCES decision (id),
    until           INTEGER NOT NULL,
    call_id         INTEGER REFERENCES call (id),
    kind            TEXT NOT NULL,
    waiting         TEXT,
    duplicate_of    INTEGER REFERENCES item (id),
    submission_id   INTEGER REFERENCES submission (id),
    version_id      INTEGER REFERENCES version (id),
    standing        TEXT
) STRICT;
CREATE INDEX item_past_item ON item_past (item_id, until);

-- Whose address a person confirmed as a state's with a decision: evidence as long as that decision stands.
CREATE TABLE known_sender (
    decision_id INTEGER NOT NULL UNIQUE REFERENCES decision (id),
    iso3        TEXT NOT NULL,
    address     TEXT NOT NULL
) STRICT;
CREATE INDEX known_sender_address ON known_sender (address);

-- Those that were known before belong to the last decision that named the state.
INSERT INTO known_sender (decision_id, iso3, address)
SELECT d.id, c.iso3, c.address
FROM contact c JOIN decision d ON d.id = (
    SELECT MAX(e.id) FROM decision e JOIN item i ON i.id = e.item_id
    WHERE e.kind = 'assign' AND e.value = c.iso3 AND LOWER(i.from_address) = c.address)
WHERE c.role = 'known_sender';
DELETE FROM contact WHERE role = 'known_sender' AND EXISTS (
    SELECT 1 FROM known_sender k WHERE k.iso3 = contact.iso3 AND k.address = contact.address);
