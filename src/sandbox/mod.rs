//! Children that read what strangers sent: one message each, raw bytes in, JSON lines out.
//!
//! Promises that whatever a message or a document does to its reader ends that child only, within the limits, that it
//! reaches nothing beside its message, and that every file of the message has an outcome all the same; and that what others
//! do to a child is held against no file. Children are forked before they are needed and wait. What a kernel does not
//! enforce is said.

mod apart;
mod child;
mod enforced;
mod filter;
pub mod fork_server;
pub mod launch;
mod memory;
mod outside;
mod pool;
#[cfg(debug_assertions)]
mod probe;
mod protocol;
mod restrict;
mod server_handle;
mod syscalls;

pub use enforced::Enforced;
pub use memory::Memory;
use outside::Outside;
pub use outside::{Failed, Program, Tried};
pub use pool::{ReadMail, Sandbox, SandboxError};
pub use protocol::{CHILD_ARGUMENT, LAUNCH_ARGUMENT};
