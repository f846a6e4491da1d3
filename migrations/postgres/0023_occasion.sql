-- What a letter is for: of one occasion there is one letter. It takes the place of two keys, by message and kind and by call,
-- state and step: a person's decision is an occasion of its own, so that whoever was told something wrong can be told better.
ALTER TABLE letter ADD COLUMN occasion TEXT;
UPDATE letter SET occasion = CASE
    WHEN message_id IS NOT NULL THEN 'message ' || message_id || ': ' || kind
    WHEN call_id IS NOT NULL AND iso3 IS NOT NULL AND step IS NOT NULL
        THEN 'call ' || call_id || ': ' || kind || ' to ' || iso3 || ' by ' || step
    ELSE 'letter ' || id END;
ALTER TABLE letter ALTER COLUMN occasion SET NOT NULL;
ALTER TABLE letter ADD UNIQUE (occasion);
ALTER TABLE letter DROP CONSTRAINT letter_message_id_kind_key;
ALTER TABLE letter DROP CONSTRAINT letter_call_id_iso3_step_key;
-- By these keys letters are still looked for.
CREATE INDEX letter_message ON letter (message_id, kind);
CREATE INDEX letter_call ON letter (call_id, iso3, step);
