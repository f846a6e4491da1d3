-- What an item is in a submission, as long as that is held: the fact. A row that ends is closed and never changed, and what
-- takes its place is another row; one that was opened and closed at the same instant was never held. The number, the standing,
-- what is current and what repeats what follow from the facts of the submission, and stand beside them for whoever reads.
CREATE TABLE place (
    id              INTEGER PRIMARY KEY,
    submission_id   INTEGER NOT NULL REFERENCES submission (id),
    item_id         INTEGER NOT NULL REFERENCES item (id),
    kind            TEXT NOT NULL,
    of_item         INTEGER REFERENCES item (id),
    n               INTEGER,
    received        INTEGER NOT NULL,
    number          INTEGER NOT NULL,
    item_n          INTEGER NOT NULL,
    relay           INTEGER,
    mailbox         INTEGER,
    legible         TEXT NOT NULL,
    words           INTEGER,
    content_key     TEXT,
    settled         TEXT,
    opened_by       INTEGER REFERENCES decision (id),
    since           INTEGER NOT NULL,
    closed_by       INTEGER REFERENCES decision (id),
    until           INTEGER,
    standing        TEXT,
    deadline_n      INTEGER,
    counts          INTEGER NOT NULL DEFAULT 0,
    is_current      INTEGER NOT NULL DEFAULT 0,
    repeats         INTEGER REFERENCES item (id)
) STRICT;
CREATE UNIQUE INDEX place_open ON place (item_id) WHERE until IS NULL;
CREATE INDEX place_item ON place (item_id, since);
CREATE INDEX place_submission ON place (submission_id, received, number, item_n);
CREATE INDEX place_opened_by ON place (opened_by);
CREATE INDEX place_closed_by ON place (closed_by);

-- A party took back all that it had sent before `at`.
CREATE TABLE withdrawal (
    id              INTEGER PRIMARY KEY,
    submission_id   INTEGER NOT NULL REFERENCES submission (id),
    at              INTEGER NOT NULL,
    item_id         INTEGER REFERENCES item (id),
    opened_by       INTEGER REFERENCES decision (id),
    since           INTEGER NOT NULL,
    closed_by       INTEGER REFERENCES decision (id),
    until           INTEGER
) STRICT;
CREATE INDEX withdrawal_submission ON withdrawal (submission_id);
CREATE INDEX withdrawal_opened_by ON withdrawal (opened_by);
CREATE INDEX withdrawal_closed_by ON withdrawal (closed_by);

-- What a letter names: a submission, and in it the number of an item; 0 where it names none of its own.
CREATE TABLE letter_names (
    letter_id       INTEGER NOT NULL REFERENCES letter (id),
    submission_id   INTEGER NOT NULL REFERENCES submission (id),
    item_id         INTEGER NOT NULL REFERENCES item (id),
    n               INTEGER NOT NULL,
    PRIMARY KEY (letter_id, submission_id, item_id, n)
) STRICT;
CREATE INDEX letter_names_submission ON letter_names (submission_id);

-- What was filed until now. Where a person confirmed what stood, it is a fact of its own from then on. Who settled something
-- went by the receipt clock alone.
CREATE TABLE filed_before AS
SELECT v.submission_id, v.item_id, v.n, v.received, m.number, i.n AS item_n, m.received_header AS relay,
    m.internal_date AS mailbox, i.words, i.content_key, v.filed_at AS since, v.withdrawn_at AS until, v.standing,
    e.n AS deadline_n,
    CASE WHEN m.state = 'parked' OR EXISTS (
        SELECT 1 FROM file f WHERE f.item_id = i.id AND f.role = 'main'
            AND f.outcome NOT IN ('read', 'partial')) THEN 1 ELSE 0 END AS unread,
    (SELECT MAX(d.id) FROM decision d
        WHERE d.item_id = v.item_id AND d.undoes IS NULL AND d.at <= v.filed_at
            AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.at <= v.filed_at)
            AND NOT EXISTS (SELECT 1 FROM item_past p WHERE p.decision_id = d.id AND p.submission_id = v.submission_id
                AND p.duplicate_of IS NULL)) AS opened_by,
    (SELECT MAX(d.id) FROM decision d WHERE d.item_id = v.item_id AND d.at = v.withdrawn_at) AS closed_by,
    (SELECT MIN(d.id) FROM decision d JOIN item_past p ON p.decision_id = d.id
        WHERE p.version_id = v.id AND d.item_id = v.item_id AND d.kind = 'assign' AND d.at > v.filed_at
            AND (v.withdrawn_at IS NULL OR d.at < v.withdrawn_at)
            AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)) AS confirmed_by
FROM version v
JOIN item i ON i.id = v.item_id
JOIN message m ON m.id = i.message_id
JOIN deadline_version e ON e.id = v.deadline_version_id;

INSERT INTO place (submission_id, item_id, kind, n, received, number, item_n, relay, mailbox, legible, words, content_key,
    opened_by, since, closed_by, until, standing, deadline_n)
SELECT f.submission_id, f.item_id, 'version', f.n, f.received, f.number, f.item_n,
    CASE WHEN f.opened_by IS NULL THEN f.relay END, CASE WHEN f.opened_by IS NULL THEN f.mailbox END,
    CASE WHEN f.unread = 0 THEN 'read' WHEN f.opened_by IS NULL THEN 'unread' ELSE 'seen' END, f.words, f.content_key,
    f.opened_by, f.since, d.id, d.at, COALESCE(p.standing, f.standing), f.deadline_n
FROM filed_before f JOIN decision d ON d.id = f.confirmed_by JOIN item_past p ON p.decision_id = d.id
ORDER BY f.since, f.item_id;

INSERT INTO place (submission_id, item_id, kind, n, received, number, item_n, relay, mailbox, legible, words, content_key,
    opened_by, since, closed_by, until, standing, deadline_n)
SELECT f.submission_id, f.item_id, 'version', f.n, f.received, f.number, f.item_n,
    CASE WHEN COALESCE(d.id, f.opened_by) IS NULL THEN f.relay END,
    CASE WHEN COALESCE(d.id, f.opened_by) IS NULL THEN f.mailbox END,
    CASE WHEN f.unread = 0 THEN 'read' WHEN COALESCE(d.id, f.opened_by) IS NULL THEN 'unread' ELSE 'seen' END, f.words,
    f.content_key, COALESCE(d.id, f.opened_by), COALESCE(d.at, f.since), f.closed_by, f.until, f.standing, f.deadline_n
FROM filed_before f LEFT JOIN decision d ON d.id = f.confirmed_by
ORDER BY COALESCE(d.at, f.since), f.item_id;

-- What repeated another, now and then.
CREATE TABLE repeated_before AS
SELECT i.id AS item_id, i.duplicate_of AS of_item,
    COALESCE((SELECT MAX(p.until) FROM item_past p WHERE p.item_id = i.id), m.read_at, m.first_seen) AS since,
    CAST(NULL AS INTEGER) AS until, CAST(NULL AS INTEGER) AS closed_by
FROM item i JOIN message m ON m.id = i.message_id WHERE i.duplicate_of IS NOT NULL
UNION ALL
SELECT p.item_id, p.duplicate_of,
    COALESCE((SELECT MAX(q.until) FROM item_past q WHERE q.item_id = p.item_id AND q.id < p.id), m.read_at, m.first_seen),
    p.until, p.decision_id
FROM item_past p JOIN item i ON i.id = p.item_id JOIN message m ON m.id = i.message_id WHERE p.duplicate_of IS NOT NULL;

INSERT INTO place (submission_id, item_id, kind, received, number, item_n, relay, mailbox, legible, words, content_key,
    opened_by, since, closed_by, until, standing, deadline_n, repeats)
SELECT v.submission_id, r.item_id, 'version', m.received, m.number, i.n, m.received_header, m.internal_date,
    CASE WHEN EXISTS (SELECT 1 FROM file f WHERE f.item_id = i.id AND f.role = 'main'
        AND f.outcome NOT IN ('read', 'partial')) THEN 'unread' ELSE 'read' END, i.words, i.content_key,
    (SELECT MAX(d.id) FROM decision d
        WHERE d.item_id = r.item_id AND d.undoes IS NULL AND d.at <= r.since
            AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.at <= r.since)),
    r.since, r.closed_by, r.until, v.standing, e.n, r.of_item
FROM repeated_before r
JOIN item i ON i.id = r.item_id
JOIN message m ON m.id = i.message_id
JOIN version v ON v.item_id = r.of_item AND ((r.until IS NULL AND v.withdrawn_at IS NULL)
    OR (v.filed_at < r.until AND (v.withdrawn_at IS NULL OR v.withdrawn_at >= r.until)))
JOIN deadline_version e ON e.id = v.deadline_version_id
ORDER BY r.since, r.item_id;

-- Where their texts differ by now, or what is repeated came later, that it repeats is what was held, and does not follow.
UPDATE place SET kind = 'duplicate', of_item = repeats
WHERE repeats IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM place o
    WHERE o.item_id = place.repeats AND o.submission_id = place.submission_id AND o.repeats IS NULL
        AND o.content_key = place.content_key
        AND (o.received < place.received OR (o.received = place.received AND (o.number < place.number
            OR (o.number = place.number AND o.item_n < place.item_n)))));

UPDATE place SET counts = 1 WHERE until IS NULL AND repeats IS NULL AND legible <> 'unread';
UPDATE place SET is_current = 1 WHERE counts = 1
    AND NOT EXISTS (
        SELECT 1 FROM place o
        WHERE o.submission_id = place.submission_id AND o.counts = 1
            AND (o.received > place.received OR (o.received = place.received AND (o.number > place.number
                OR (o.number = place.number AND o.item_n > place.item_n)))));

-- Letters named every version that was filed when they were decided, and the one before it.
INSERT INTO letter_names (letter_id, submission_id, item_id, n)
SELECT l.id, v.submission_id, v.item_id, v.n
FROM letter l JOIN item i ON i.message_id = l.message_id
JOIN version v ON v.item_id = COALESCE(i.duplicate_of, i.id) AND v.filed_at <= l.decided_at
WHERE l.kind IN ('acknowledgement', 'received')
UNION
SELECT l.id, w.submission_id, w.item_id, w.n
FROM letter l JOIN item i ON i.message_id = l.message_id
JOIN version v ON v.item_id = i.id AND v.filed_at <= l.decided_at
JOIN version w ON w.submission_id = v.submission_id AND w.n = v.n - 1
WHERE l.kind IN ('acknowledgement', 'received');

DROP TABLE filed_before;
DROP TABLE repeated_before;
