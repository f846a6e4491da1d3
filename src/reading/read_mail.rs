//! What reading a message gave.

use crate::core::{file::File, mail::message::Message};

/// What reading a message gave.
#[derive(Clone, Debug)]
pub struct ReadMail {
    /// The parsed message, or why it could not be parsed.
    pub message: Result<Message, String>,
    /// Its files, each with an outcome.
    pub files: Vec<File>,
    /// Whether the virus scanner does its work, or what is the matter with it; `None` where none is asked.
    pub scanner: Option<Result<(), String>>,
}
