//! What the program concludes from what it was given: values in, values out.
//!
//! Nothing here waits, reads a file, asks for the time or throws dice; every function can be tested by a table. One wing
//! for each question: what a message is ([`mail`]), what a text says ([`text`]), what it is for ([`purpose`]), what all
//! that amounts to ([`judging`]), what a party has filed ([`submission`]), what was asked of whom by when ([`calls`]), and what
//! happened, by whom ([`event`], [`actor`]), told by [`phrase`]. What is concluded is kept as a [`finding`], what a person is asked about it as a
//! [`question`], and what is decided then as a [`decision`].

pub mod actor;
pub mod backoff;
pub mod calls;
pub mod cause;
pub mod decision;
pub mod event;
pub mod file;
pub mod finding;
pub mod iso3;
pub mod judging;
pub mod letter_kind;
pub mod mail;
pub mod narrowing;
pub mod phrase;
pub mod purpose;
pub mod question;
pub mod recorded;
pub mod role;
pub mod search;
pub mod submission;
pub mod text;
