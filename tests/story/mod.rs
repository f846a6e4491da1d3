//! The whole journey, step by step, with a clock that is moved by hand: from a file in a Maildir to a letter in a folder,
//! on both databases.

pub mod mail;
pub mod stage;

mod acts;
mod allowances;
mod answers;
mod attacks;
mod authenticity;
mod calls;
mod clock;
mod corrected;
mod deadlines;
pub mod decisions;
mod desk_pages;
mod desk_reading;
mod doors;
mod growth;
mod history;
mod infected;
mod kin;
mod log_pages;
mod loops;
mod names;
mod pages;
mod papers;
mod play;
mod purposes;
mod recorded;
mod register;
mod reminders;
mod restart;
mod robots;
pub mod searched;
mod sending;
mod shown;
mod silence;
mod stopping;
mod submission;
mod told;
pub mod truth;
mod undelivered;
mod undo;
mod unread;
mod unreadable;
pub mod versions;
mod waiting;
