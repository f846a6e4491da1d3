//! A message as it came: its header, its parts, who wrote it, and whether a program did.

pub mod address;
pub mod authenticity;
pub mod automatic;
pub mod delivery;
pub mod email;
pub mod envelope;
pub mod header;
pub mod identity;
pub mod mail_loop;
pub mod message;
pub mod part;
pub mod phase;
pub mod quoting;
pub mod sasl;
