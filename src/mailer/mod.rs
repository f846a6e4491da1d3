//! Letters on their way out: composed to bytes once, then handed over, into a folder or to a mail server.
//!
//! Promises that the same letter always makes the same file, so that handing it over once more does no harm; and of a
//! mail server's answer, that it is known where it came, and whether the letter may have left.

mod compose;
mod folder;
mod limits;
mod offers;
mod outcome;
mod phases;
mod refusal;
mod smtp;
mod wire;

pub use compose::{ComposeError, Outgoing, compose, message_id};
pub use folder::{Folder, HandOverError};
pub use limits::SmtpLimits;
pub use outcome::{Handover, Phase};
pub use phases::Envelope;
pub use smtp::{Smtp, Written};
pub use wire::Reply;
