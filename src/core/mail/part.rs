//! A file of a message with its decoded bytes, and how its sender asked for it to be shown (RFC 2045, RFC 2183).

use serde::{Deserialize, Serialize};

/// How the sender asked for a part to be shown (RFC 2183).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Nothing was said.
    #[default]
    Unstated,
    /// Within the text.
    Inline,
    /// As a file.
    Attachment,
}

/// A file of the message with its decoded bytes; lives only in the child process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The path in the MIME tree, such as `1.2`; a longer one for files inside containers.
    pub path: String,
    /// The name as the sender gave it, cleaned (no path, no control characters).
    pub name: Option<String>,
    /// The declared media type in lower case.
    pub media_type: String,
    /// How it was to be shown.
    pub disposition: Disposition,
    /// `Content-ID` without angle brackets: an image of the HTML text.
    pub content_id: Option<String>,
    /// What the transfer encoding held, never converted.
    pub bytes: Vec<u8>,
}
