-- What stands filed from an address is evidence, a small one, for the next message from there.
CREATE INDEX item_from ON item (from_address);
