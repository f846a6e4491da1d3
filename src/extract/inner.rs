//! Files inside another, as their container holds them.

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

/// An opened container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The files that were found in it.
    pub files: Vec<Inner>,
    /// What else is in it, or was, and cannot be had: sentences for a person.
    pub rest: Option<String>,
}

impl From<Vec<Inner>> for Opened {
    fn from(files: Vec<Inner>) -> Self {
        Self { files, rest: None }
    }
}

/// A name without its path.
pub(super) fn last_step(name: &str) -> Option<String> {
    let name = name.trim_end_matches('\0').rsplit(['/', '\\']).next().unwrap_or_default().trim();
    (!name.is_empty() && name != "." && name != "..").then(|| name.to_owned())
}
