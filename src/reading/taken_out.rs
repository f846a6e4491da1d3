//! A file taken out of its message once more, as it was when the message was read.
//!
//! Promises the bytes whose SHA-256 was found then, or none: a child takes the message apart, and what others may have put
//! in their place is not handed on.

use super::{protocol::Task, readers::Readers};
use crate::{core::file::Format, sandbox::SandboxError};

/// A file as reading its message has listed it.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'l> {
    /// Its path in the MIME tree.
    pub path: &'l str,
    /// What it is.
    pub format: Format,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: &'l str,
}

impl Readers {
    /// The contents of one of the files of a message, by its place among all of them, from 0; `None` where no child hands
    /// them over.
    ///
    /// # Errors
    /// No child could be started, or the program is to stop.
    pub async fn take_out(
        &self,
        raw: &[u8],
        files: &[Listed<'_>],
        nth: usize,
    ) -> Result<Option<Vec<u8>>, SandboxError> {
        let Some(wanted) = files.get(nth) else { return Ok(None) };
        // What was not opened then, or broke its reader, has no files listed below it, and is not opened now.
        let holds = |container: &Listed<'_>| {
            files.iter().any(|file| {
                file.path.strip_prefix(container.path).is_some_and(|below| below.starts_with('.') && below.len() > 1)
            })
        };
        let shut = files.iter().enumerate().filter(|(_, file)| file.format.is_container() && !holds(file));
        let poison = shut.map(|(n, _)| n).collect();
        let task = Task { contents: true, done: nth, poison, ..Task::default() };
        self.contents(&task, raw, (wanted.size, wanted.sha256)).await
    }
}
