-- Why an attempt says nothing about its letter: the mail server refuses our login, our return path, or whatever it is; null
-- where the attempt was the letter's own.
ALTER TABLE attempt ADD COLUMN cause TEXT;

-- For what a held letter is held: so many can be released together.
ALTER TABLE letter ADD COLUMN held_for TEXT;
UPDATE letter SET held_for = CASE
    WHEN reason LIKE 'The database %it may have been sent before.' THEN 'restored'
    WHEN reason LIKE '%not known whether it left%' THEN 'uncertain'
    WHEN reason LIKE '%a person decides.' THEN 'cap'
    ELSE 'sender' END
WHERE state = 'held';

-- The restored row (see there) which the message surely came after: all that had lain in its folder was seen before it. The
-- letters to it cannot have been sent before.
ALTER TABLE message ADD COLUMN came_after INTEGER;
