-- When a letter was last begun to be handed over.
ALTER TABLE letter ADD COLUMN leaving_at INTEGER;

-- When the message of an item had been read, or was left to a person unread, as the item stood.
ALTER TABLE item_past ADD COLUMN read_at INTEGER;
UPDATE item_past SET read_at = (
    SELECT MAX(e.at) FROM event e JOIN item i ON i.message_id = e.message_id
    WHERE i.id = item_past.item_id AND e.kind = 'parked' AND e.at <= item_past.until);

-- A letter as it stood until something took it off its way, or on it again; append-only.
CREATE TABLE letter_past (
    id          INTEGER PRIMARY KEY,
    letter_id   INTEGER NOT NULL REFERENCES letter (id),
    until       INTEGER NOT NULL,
    state       TEXT NOT NULL,
    decided_at  INTEGER NOT NULL,
    released_at INTEGER,
    leaving_at  INTEGER,
    sent_at     INTEGER
) STRICT;
CREATE INDEX letter_past_letter ON letter_past (letter_id, until);

-- Of the letters that are there, as well as their history tells: what each event made of its letter holds until the next.
INSERT INTO letter_past (letter_id, until, state, decided_at, sent_at)
SELECT s.letter_id, s.until, s.state, COALESCE(s.decided_at, l.decided_at), CASE WHEN s.state = 'sent' THEN s.at END
FROM (
    SELECT t.letter_id, t.id, t.at, t.state,
        LEAD(t.at) OVER (PARTITION BY t.letter_id ORDER BY t.at, t.id) AS until,
        LEAD(t.state) OVER (PARTITION BY t.letter_id ORDER BY t.at, t.id) AS next_state,
        LEAD(t.at, 2) OVER (PARTITION BY t.letter_id ORDER BY t.at, t.id) AS behind,
        MAX(t.decided_at) OVER (PARTITION BY t.letter_id ORDER BY t.at, t.id) AS decided_at
    FROM (
        SELECT e.letter_id, e.id, e.at,
            CASE WHEN e.kind IN ('letter_decided', 'reminded') THEN e.at END AS decided_at,
            CASE
                WHEN e.kind = 'letter_decided' AND e.payload LIKE '{"what":"A letter was decided and is held:%' THEN 'held'
                WHEN e.kind = 'reminded' AND e.payload LIKE '{"what":"The reminder of % is held (step %' THEN 'held'
                WHEN e.kind IN ('letter_decided', 'reminded') THEN 'waiting'
                WHEN e.kind = 'letter_sent' THEN 'sent'
                WHEN e.kind = 'letter_ended'
                    AND e.payload LIKE '{"what":"The letter did not leave: the entry changed before it left%' THEN 'discarded'
                WHEN e.kind = 'letter_ended' THEN 'failed'
                WHEN e.kind = 'letter_uncertain' AND e.payload LIKE '%. A person decides."}' THEN 'held'
                WHEN e.kind = 'letter_uncertain' THEN 'released'
                WHEN e.kind = 'letter_dropped' THEN 'discarded'
                WHEN e.kind = 'letter_held' THEN 'held'
                WHEN e.kind = 'letter_moved'
                    AND e.payload LIKE '{"what":"Letter ' || e.letter_id || ' will not leave:%' THEN 'discarded'
                WHEN e.kind = 'letter_moved' AND e.payload LIKE '{"what":"Letter ' || e.letter_id || ' is held.%' THEN 'held'
                WHEN e.kind = 'letter_moved' THEN 'waiting'
                WHEN e.kind = 'letter_undone' AND (e.payload LIKE '%had not left, and will not."}'
                    OR e.payload LIKE '%it does not go once more."}') THEN 'discarded'
            END AS state
        FROM event e WHERE e.letter_id IS NOT NULL
    ) t
    WHERE t.state IS NOT NULL
) s
JOIN letter l ON l.id = s.letter_id
-- That a letter was sent at last it tells of itself.
WHERE s.until IS NOT NULL AND NOT (s.next_state = 'sent' AND s.behind IS NULL AND l.state = 'sent')
ORDER BY s.letter_id, s.at, s.id;
