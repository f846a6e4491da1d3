//! Letters into a folder: one file a letter, or a Maildir, for people with a mail server of their own.
//!
//! A file appears whole or not at all: it is written beside, made durable and renamed. Its name comes from the letter's
//! number, so that handing a letter over twice leaves one file. A folder that is there keeps its mode; one that is made has
//! the mode that was asked for, and letters are as open as that says.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    config::FolderForm,
    files::{self, OWN_FOLDER},
};

/// A folder of letters.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    form: FolderForm,
    mode: u32,
}

/// A letter could not be handed over. It has not left, and the same may succeed later.
#[derive(Debug, thiserror::Error)]
#[error("the letter cannot be written to {path}: {source}{}", mend(path, source))]
pub struct HandOverError {
    path: PathBuf,
    source: io::Error,
}

/// What mends it, where the folder belongs to another user.
fn mend(path: &Path, source: &io::Error) -> String {
    let refused = source.kind() == io::ErrorKind::PermissionDenied;
    let why = if refused { files::denied(&files::nearest(path), &[]) } else { None };
    why.map(|why| format!("; {why}")).unwrap_or_default()
}

impl Folder {
    /// The folder at a path; made when the first letter is written, for its owner alone.
    #[must_use]
    pub fn at(path: &Path, form: FolderForm) -> Self {
        Self { path: path.to_owned(), form, mode: OWN_FOLDER }
    }

    /// The same with another mode, for those who send what is in it.
    #[must_use]
    pub fn open_to(self, mode: u32) -> Self {
        Self { mode, ..self }
    }

    /// Hands a letter over and yields where it lies. Done once more, it changes nothing.
    ///
    /// # Errors
    /// The folder cannot be made or written: the disk is full, or the rights are missing.
    pub fn hand_over(&self, letter: i64, bytes: &[u8]) -> Result<PathBuf, HandOverError> {
        match self.form {
            FolderForm::Files => self.write(&self.path, &self.path, &format!("L-{letter:06}.eml"), bytes),
            FolderForm::Maildir => {
                let name = format!("L-{letter:06}.docket");
                match self.delivered(&name) {
                    Some(path) => Ok(path),
                    None => self.write(&self.path.join("tmp"), &self.path.join("new"), &name, &local_lines(bytes)),
                }
            }
        }
    }

    /// Whether a letter could be written now.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn try_out(&self) -> Result<(), HandOverError> {
        let written = || -> io::Result<()> {
            self.make()?;
            let mut file = tempfile::tempfile_in(&self.path)?;
            file.write_all(&[b'.'; 4096])?;
            file.sync_all()
        };
        written().map_err(|source| HandOverError { path: self.path.clone(), source })
    }

    /// Where a mail program has put a letter that it read before.
    fn delivered(&self, name: &str) -> Option<PathBuf> {
        let read = fs::read_dir(self.path.join("cur")).ok()?;
        read.filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| path.file_name().is_some_and(|file| file.to_string_lossy().split(':').next() == Some(name)))
    }

    fn write(&self, beside: &Path, folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, HandOverError> {
        let path = folder.join(name);
        let written = || -> io::Result<()> {
            self.make()?;
            let partial = beside.join(format!(".{name}.part"));
            // Who may enter the folder may read what is in it.
            files::write_whole(&partial, &path, bytes, self.mode & 0o666)
        };
        written().map_err(|source| HandOverError { path: path.clone(), source })?;
        Ok(path)
    }

    fn make(&self) -> io::Result<()> {
        match self.form {
            FolderForm::Files => files::make_folder(&self.path, self.mode),
            FolderForm::Maildir => {
                ["new", "cur", "tmp"].iter().try_for_each(|part| files::make_folder(&self.path.join(part), self.mode))
            }
        }
    }
}

/// The line ends that files of a Maildir have.
fn local_lines(bytes: &[u8]) -> Vec<u8> {
    let mut local = Vec::with_capacity(bytes.len());
    for (i, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(i + 1) != Some(&b'\n') {
            local.push(byte);
        }
    }
    local
}
