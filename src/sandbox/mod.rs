//! Children that read what strangers sent: one message each, raw bytes in, JSON lines out.
//!
//! Promises that whatever a message or a document does to its reader ends that child only, within the limits, and that
//! every file of the message has an outcome all the same. Children are started before they are needed and wait.

pub mod child;
mod parent;
mod protocol;

pub use parent::{ReadMail, Sandbox, SandboxError};
pub use protocol::CHILD_ARGUMENT;
