//! The lock beside a SQLite file: one daemon at a time, and the place of one that was killed is free at once.
//!
//! Promises one lock for all names of a file: it stands where they lead to. The system lets go of it when its holder ends,
//! however it ends. It keeps daemons apart and nobody else: commands write whenever they run, one transaction after
//! another. On PostgreSQL, and on file systems without locks, the lease alone decides.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt as _,
    path::PathBuf,
};

use super::{
    StoreError,
    place::{Place, PlaceError},
};

/// The end of its name.
const END: &str = ".lock";

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

/// What trying to lock came to.
#[derive(Debug)]
pub enum Locked {
    /// It is ours.
    Ours(Lock),
    /// Another process on this machine holds it.
    ByAnother,
    /// There is nothing to lock here.
    Unsupported,
}

impl Lock {
    /// Locks the database at a URL, without waiting.
    ///
    /// # Errors
    /// The file of the lock cannot be made.
    pub fn of(url: &str) -> Result<Locked, StoreError> {
        let Some(place) = Place::of(url)? else { return Ok(Locked::Unsupported) };
        let path = place.beside(END);
        loop {
            // A file of its own: closing any other handle of the database itself would take SQLite's own locks away.
            let lock = Self { file: place.open_beside(END)?, path: path.clone() };
            match lock.file.try_lock() {
                // One whose file was removed in between keeps nobody out.
                Ok(()) if !lock.keeps_others_out() => {}
                Ok(()) => return Ok(Locked::Ours(lock)),
                Err(TryLockError::WouldBlock) => return Ok(Locked::ByAnother),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Locked::Unsupported);
                }
                Err(TryLockError::Error(source)) => return Err(PlaceError::Io { path, source }.into()),
            }
        }
    }

    /// Whether whoever comes next finds this lock: its file may have been removed, or another put in its place.
    #[must_use]
    pub fn keeps_others_out(&self) -> bool {
        match (self.file.metadata(), fs::metadata(&self.path)) {
            (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
            (_, Err(error)) => error.kind() != io::ErrorKind::NotFound,
            (Err(_), _) => true,
        }
    }
}
