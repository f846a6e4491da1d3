-- What the caps of an address count, and the questions that still wait for it, however many letters it has had.
CREATE INDEX letter_pace ON letter (recipient, decided_at, kind, state);
CREATE INDEX letter_query ON letter (recipient) WHERE kind = 'query' AND state = 'waiting';
