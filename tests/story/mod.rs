//! The whole journey, step by step, with a clock that is moved by hand: from a file in a Maildir to a letter in a folder,
//! on both databases.

mod mail;
mod stage;

mod authenticity;
mod calls;
mod clock;
mod decisions;
mod history;
mod loops;
mod names;
mod play;
mod reminders;
mod restart;
mod silence;
mod undo;
