//! A file inside another, as its container holds it.

/// A file found inside a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inner {
    /// Its name without a path, as the sender gave it.
    pub name: Option<String>,
    /// The media type that the container states, else `application/octet-stream`.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
