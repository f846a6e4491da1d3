//! The cage: processes that are kept from everything while they read what strangers sent.
//!
//! Promises that whatever a message or a document does to its reader ends that process only, within the limits, and that it
//! reaches nothing beside what it was given; and that what others do to a process is told from what it did itself. Children
//! are forked before they are needed and wait. What a kernel does not enforce is said. Nothing here knows what is read:
//! that is handed in by who starts the program.

mod apart;
mod child;
mod end;
mod enforced;
mod error;
mod filter;
pub mod fork_server;
pub mod launch;
mod memory;
mod pool;
mod program;
mod protocol;
mod restrict;
mod server_handle;
mod streams;
mod syscalls;

pub use apart::ATTEMPTS;
pub use child::{Parent, Work};
pub use end::{End, Heard};
pub use enforced::Enforced;
pub use error::SandboxError;
pub use memory::Memory;
pub use pool::{Child, Pool};
pub use program::{Failed, Program};
pub use protocol::{CHILD_ARGUMENT, LAUNCH_ARGUMENT};
pub use server_handle::ServerHandle;
pub use streams::{Answers, give};
