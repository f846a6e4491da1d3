//! The whole journey, step by step, with a clock that is moved by hand: from a file in a Maildir to a letter in a folder,
//! on both databases.

mod mail;
mod stage;

mod allowances;
mod authenticity;
mod calls;
mod clock;
mod decisions;
mod growth;
mod history;
mod infected;
mod loops;
mod names;
mod pages;
mod papers;
mod play;
mod purposes;
mod register;
mod reminders;
mod restart;
mod robots;
mod silence;
mod undelivered;
mod undo;
mod unread;
mod unreadable;
mod versions;
