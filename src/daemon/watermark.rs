//! The watermark: a small file outside the database that says until when this instance has worked.
//!
//! The same instant is committed to the database before. A watermark that is later than the database proves that the database
//! is older than what was done with it. One that is missing, or that nobody can read, proves nothing.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::files::{self, OWN_FILE};

/// More is no watermark.
const LONGEST: u64 = 200;

/// The watermark of this instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watermark {
    path: PathBuf,
    /// The name of this instance, which its row in the database bears.
    pub instance: String,
    /// Until when it is known to have worked; none before its first word.
    pub until: Option<Timestamp>,
}

impl Watermark {
    /// One that has said nothing yet.
    #[must_use]
    pub fn new(path: &Path, instance: &str) -> Self {
        Self { path: path.to_owned(), instance: instance.to_owned(), until: None }
    }

    /// Reads it; where there is none, `fresh` names the instance.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn read(path: &Path, fresh: &str) -> io::Result<Self> {
        let new = || Self::new(path, fresh);
        let mut text = String::new();
        match File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text)) {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {
                return Ok(new());
            }
            Err(error) => return Err(error),
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let [instance, until] = words.as_slice() else { return Ok(new()) };
        Ok(until.parse().map_or_else(
            |_| new(),
            |until| Self { path: path.to_owned(), instance: (*instance).to_owned(), until: Some(until) },
        ))
    }

    /// Writes down that it has worked until then, all of it or nothing.
    ///
    /// # Errors
    /// It cannot be written; the one before stays.
    pub fn write(&mut self, until: Timestamp) -> io::Result<()> {
        let mut partial = self.path.clone().into_os_string();
        partial.push(".new");
        let text = format!("{} {until}\n", self.instance);
        files::write_whole(Path::new(&partial), &self.path, text.as_bytes(), OWN_FILE)?;
        self.until = Some(until);
        Ok(())
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
