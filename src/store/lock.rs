//! The lock beside a SQLite file: one daemon at a time, and the place of one that was killed is free at once.
//!
//! The system lets go of it when its holder ends, however it ends. It keeps daemons apart and nobody else: commands write
//! whenever they run, one transaction after another. On PostgreSQL, and on file systems without locks, the lease alone
//! decides.

use std::{
    fs::{File, TryLockError},
    io,
};

use super::StoreError;

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
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
        let Some(path) = url.strip_prefix("sqlite:").filter(|path| !path.starts_with(":memory:")) else {
            return Ok(Locked::Unsupported);
        };
        // A file of its own: closing any other handle of the database itself would take SQLite's own locks away.
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(format!("{path}.lock"))
            .map_err(sqlx::Error::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(Locked::Ours(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(Locked::ByAnother),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Locked::Unsupported),
            Err(TryLockError::Error(error)) => Err(sqlx::Error::Io(error).into()),
        }
    }
}
