//! Dialogues with servers that misbehave in one stated way.

mod imap;
