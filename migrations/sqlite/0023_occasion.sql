-- What a letter is for: of one occasion there is one letter. It takes the place of two keys, by message and kind and by call,
-- state and step: a person's decision is an occasion of its own, so that whoever was told something wrong can be told better.
-- SQLite drops a key only with its table, which is therefore made anew; what refers to a letter refers to the same one.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE letter_kept AS SELECT * FROM letter;
DROP TABLE letter;
CREATE TABLE letter (
    id              INTEGER PRIMARY KEY,
    occasion        TEXT NOT NULL UNIQUE,
    message_id      INTEGER REFERENCES message (id),
    call_id         INTEGER REFERENCES call (id),
    iso3            TEXT,
    step            TEXT,
    kind            TEXT NOT NULL,
    facts           TEXT NOT NULL,
    language        TEXT NOT NULL,
    template        TEXT NOT NULL,
    recipient       TEXT NOT NULL,
    recipient_name  TEXT,
    subject         TEXT NOT NULL,
    body            TEXT NOT NULL,
    guard_revision  INTEGER,
    not_before      INTEGER NOT NULL,
    state           TEXT NOT NULL,
    reason          TEXT,
    attempts        INTEGER NOT NULL,
    lease_owner     TEXT,
    lease_until     INTEGER NOT NULL,
    epoch           INTEGER NOT NULL,
    decided_at      INTEGER NOT NULL,
    released_at     INTEGER,
    sent_at         INTEGER,
    rfc_message_id  TEXT,
    bytes           BLOB,
    copy_state      TEXT,
    copy_attempts   INTEGER NOT NULL DEFAULT 0,
    copy_not_before INTEGER NOT NULL DEFAULT 0,
    copy_reason     TEXT,
    lease_since     INTEGER NOT NULL DEFAULT 0,
    to_mailbox      TEXT NOT NULL DEFAULT '',
    held_for        TEXT,
    leaving_at      INTEGER
) STRICT;
INSERT INTO letter (id, occasion, message_id, call_id, iso3, step, kind, facts, language, template, recipient, recipient_name,
    subject, body, guard_revision, not_before, state, reason, attempts, lease_owner, lease_until, epoch, decided_at,
    released_at, sent_at, rfc_message_id, bytes, copy_state, copy_attempts, copy_not_before, copy_reason, lease_since,
    to_mailbox, held_for, leaving_at)
SELECT id, CASE
        WHEN message_id IS NOT NULL THEN 'message ' || message_id || ': ' || kind
        WHEN call_id IS NOT NULL AND iso3 IS NOT NULL AND step IS NOT NULL
            THEN 'call ' || call_id || ': ' || kind || ' to ' || iso3 || ' by ' || step
        ELSE 'letter ' || id END,
    message_id, call_id, iso3, step, kind, facts, language, template, recipient, recipient_name,
    subject, body, guard_revision, not_before, state, reason, attempts, lease_owner, lease_until, epoch, decided_at,
    released_at, sent_at, rfc_message_id, bytes, copy_state, copy_attempts, copy_not_before, copy_reason, lease_since,
    to_mailbox, held_for, leaving_at
FROM letter_kept;
DROP TABLE letter_kept;
CREATE INDEX letter_due ON letter (state, not_before);
CREATE INDEX letter_message_id ON letter (rfc_message_id);
CREATE INDEX letter_copy ON letter (copy_not_before, id) WHERE copy_state = 'wanted';
CREATE INDEX letter_recipient ON letter (to_mailbox, released_at);
CREATE INDEX letter_pace ON letter (to_mailbox, decided_at, kind, state);
CREATE INDEX letter_query ON letter (to_mailbox) WHERE kind = 'query' AND state = 'waiting';
-- By these keys letters are still looked for.
CREATE INDEX letter_message ON letter (message_id, kind);
CREATE INDEX letter_call ON letter (call_id, iso3, step);
