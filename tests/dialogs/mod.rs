//! Scripted dialogues with servers that do not do what they should.

mod imap;
pub mod smtp_peer;
mod smtp_phases;
mod smtp_post;
mod smtp_run;
mod smtp_tls;
