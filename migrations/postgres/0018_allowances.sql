-- How many letters the program has decided by itself within a minute, by whose allowance they use: a state's, that of those
-- who write in its name from elsewhere, a domain's, or that of all others. letter_minute, which counted them all together,
-- is read no more; it goes when no older program can be at work.
CREATE TABLE allowance (
    whose       TEXT NOT NULL,
    minute      BIGINT NOT NULL,
    letters     BIGINT NOT NULL,
    UNIQUE (whose, minute)
);

-- The recipient in the one spelling that stands for a mailbox: small letters, and nothing behind a plus sign.
ALTER TABLE letter ADD COLUMN to_mailbox TEXT NOT NULL DEFAULT '';
UPDATE letter SET to_mailbox = LOWER(CASE
    WHEN POSITION('+' IN recipient) > 1 AND POSITION('+' IN recipient) < POSITION('@' IN recipient)
    THEN SUBSTR(recipient, 1, POSITION('+' IN recipient) - 1) || SUBSTR(recipient, POSITION('@' IN recipient))
    ELSE recipient END);
DROP INDEX letter_recipient;
DROP INDEX letter_pace;
DROP INDEX letter_query;
CREATE INDEX letter_recipient ON letter (to_mailbox, released_at);
CREATE INDEX letter_pace ON letter (to_mailbox, decided_at, kind, state);
CREATE INDEX letter_query ON letter (to_mailbox) WHERE kind = 'query' AND state = 'waiting';
