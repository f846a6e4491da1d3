//! Where a SQLite file lies: one place, by whatever name it is reached.
//!
//! Promises that all names of a file lead to one place, beside which its locks stand; that a file which has a second place
//! (another hard link, a mount of its own) is refused, for there SQLite would keep other files beside it; that none is
//! begun unless that is asked for, and then for its user alone; and that one which was removed or replaced while it was in
//! use is noticed before anything more is written. Never opens the file itself: closing it again would let go of the locks
//! that SQLite holds on it in the same process.

use std::{
    fs::{self, File, Metadata},
    io,
    os::unix::fs::{MetadataExt as _, fchown},
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
use tokio::sync::Notify;

use crate::{
    config::database_file,
    files::{self, OWN_FILE, OWN_FOLDER},
};

/// More links than one would follow are a ring.
const LINKS: usize = 40;
/// What SQLite and this program keep beside the file, by the ends of their names.
const BESIDE: [&str; 5] = ["-wal", "-shm", "-journal", ".lock", ".migrating"];

/// Why there is no database to work with at its place.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The URL names no file that could be one.
    #[error("the URL of the database {0}")]
    Url(String),
    /// Nothing was begun there, and this is not how a log begins.
    #[error(
        "there is no log at {}; “docket run” begins one, and so do “docket import”, “docket people import” and “docket user add”",
        .0.display()
    )]
    NoLog(PathBuf),
    /// A folder, or a device.
    #[error("{} is no file, and cannot be the database", .0.display())]
    NoFile(PathBuf),
    /// Another name leads to the same file without leading to the same place.
    #[error(
        "the database {} has {links} hard links: opened by two of its names it would be damaged, and letters would leave \
         twice; find the other with “find / -xdev -samefile {}” and remove it, or put a copy in its place",
        path.display(), files::quoted(path)
    )]
    Links {
        /// The file.
        path: PathBuf,
        /// Its names.
        links: u64,
    },
    /// The same by a mount.
    #[error(
        "the database {} is mounted as a file by itself: opened here and where it comes from it would be damaged; mount its \
         folder instead",
        .0.display()
    )]
    Mounted(PathBuf),
    /// It belongs to another user.
    #[error("the database {} cannot be used: {why}", path.display())]
    Denied {
        /// The file.
        path: PathBuf,
        /// Whose it is, and what mends it.
        why: String,
    },
    /// It was there, and is not there any more.
    #[error(
        "the database {} was {how} while it was in use; nothing more is written, and no letter leaves. Put the right file \
         there, such as the last backup, and start again",
        path.display()
    )]
    Gone {
        /// Where it was.
        path: PathBuf,
        /// What happened to it.
        how: &'static str,
    },
    /// The system refused something else.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The place of a database, whether it is there or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As it was named.
    named: PathBuf,
    /// Where that leads to.
    path: PathBuf,
}

/// A database that is in use, as it was when it was opened.
#[derive(Clone, Debug)]
pub struct Held(Arc<Opened>);

#[derive(Debug)]
struct Opened {
    place: Place,
    identity: Identity,
    missed: Notify,
}

/// What tells one file from another.
type Identity = (u64, u64);

impl Place {
    /// The place that a URL names; none where it names a server.
    ///
    /// # Errors
    /// The URL names no file, or a folder on the way may not be entered.
    pub fn of(url: &str) -> Result<Option<Self>, PlaceError> {
        let Some(named) = database_file(url).map_err(PlaceError::Url)? else { return Ok(None) };
        Self::led_to(named).map(Some)
    }

    fn led_to(named: PathBuf) -> Result<Self, PlaceError> {
        let path = resolved(&named).map_err(|source| match files::denied(&files::nearest(&named), &[]) {
            Some(why) if source.kind() == io::ErrorKind::PermissionDenied => {
                PlaceError::Denied { path: named.clone(), why }
            }
            _ => PlaceError::Io { path: named.clone(), source },
        })?;
        Ok(Self { named, path })
    }

    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file and all that may stand beside it.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        [self.path.clone()].into_iter().chain(BESIDE.map(|end| self.beside(end))).collect()
    }

    /// Whether there is a database. A file with nothing in it is none yet.
    ///
    /// # Errors
    /// What is there cannot be one, or cannot be looked at.
    pub fn is_begun(&self) -> Result<bool, PlaceError> {
        Ok(self.look()?.is_some_and(|file| file.len() > 0))
    }

    /// Makes the file where there is none, with its folder, for this user alone. SQLite gives its own files beside it the
    /// same mode.
    ///
    /// # Errors
    /// What is there cannot be a database, or nothing can be made there.
    pub fn begin(self) -> Result<Held, PlaceError> {
        let failed = |path: &Path, source: io::Error| match files::denied(&files::nearest(self.folder()), &[]) {
            Some(why) if source.kind() == io::ErrorKind::PermissionDenied => {
                PlaceError::Denied { path: path.to_owned(), why }
            }
            _ => PlaceError::Io { path: path.to_owned(), source },
        };
        files::make_folder(self.folder(), OWN_FOLDER).map_err(|source| failed(self.folder(), source))?;
        let place = Self::led_to(self.named.clone())?;
        // Closed before any connection opens it.
        match files::make_file(&place.path, OWN_FILE) {
            Err(source) if source.kind() != io::ErrorKind::AlreadyExists => return Err(failed(&place.path, source)),
            _ => {}
        }
        place.held()
    }

    /// Takes the database as it is; it must be there.
    ///
    /// # Errors
    /// It is not, or it is not one file in one place.
    pub fn enter(self) -> Result<Held, PlaceError> {
        if self.is_begun()? { self.held() } else { Err(PlaceError::NoLog(self.path)) }
    }

    fn held(self) -> Result<Held, PlaceError> {
        match self.look()? {
            Some(file) => Ok(Held(Arc::new(Opened { place: self, identity: identity(&file), missed: Notify::new() }))),
            None => Err(PlaceError::NoLog(self.path)),
        }
    }

    /// What the system knows of the file, if it is there and may be a database.
    fn look(&self) -> Result<Option<Metadata>, PlaceError> {
        let path = || self.path.clone();
        let file = match fs::symlink_metadata(&self.path) {
            Ok(file) => file,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(source) => return Err(self.refused(&self.path, source)),
        };
        if !file.is_file() {
            return Err(PlaceError::NoFile(path()));
        }
        if file.nlink() > 1 {
            return Err(PlaceError::Links { path: path(), links: file.nlink() });
        }
        if is_mounted(&self.path) {
            return Err(PlaceError::Mounted(path()));
        }
        Ok(Some(file))
    }

    /// Opens a file of this program's own beside the database, and makes it where it is missing. It belongs to whom the
    /// database belongs to, even when root makes it.
    pub(super) fn open_beside(&self, end: &str) -> Result<File, PlaceError> {
        let path = self.beside(end);
        let opened = match files::make_file(&path, OWN_FILE) {
            Ok(made) => {
                if let (Ok(database), Ok(file)) = (fs::symlink_metadata(&self.path), made.metadata())
                    && database.uid() != file.uid()
                    && let Err(error) = fchown(&made, Some(database.uid()), Some(database.gid()))
                {
                    tracing::warn!(path = %path.display(), %error, "the owner of the database may not use this file");
                }
                Ok(made)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => File::options().write(true).open(&path),
            Err(error) => Err(error),
        };
        opened.map_err(|source| self.refused(&path, source))
    }

    /// What the system refused at a path, by whose the files are if that is why.
    fn refused(&self, path: &Path, source: io::Error) -> PlaceError {
        match self.denied() {
            Some(denied) if source.kind() == io::ErrorKind::PermissionDenied => denied,
            _ => PlaceError::Io { path: path.to_owned(), source },
        }
    }

    /// That some of its files belong to another user, if so.
    pub(super) fn denied(&self) -> Option<PlaceError> {
        let why = files::denied(self.folder(), &self.files())?;
        Some(PlaceError::Denied { path: self.path.clone(), why })
    }

    /// The folder in which it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    pub(super) fn beside(&self, end: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(end);
        path.into()
    }
}

impl Held {
    /// Where it lies.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// Waits until somebody finds that the file is not there any more.
    pub async fn missed(&self) {
        self.0.missed.notified().await;
    }

    /// Whether the file that was opened is still the one that its names lead to. Two looks at names, and no more: cheap
    /// enough for every transaction. What the system does not tell is no proof.
    ///
    /// # Errors
    /// It was removed, or another took its place.
    pub fn is_there(&self) -> Result<(), PlaceError> {
        let Opened { place, identity: opened, missed } = &*self.0;
        let gone = |how| {
            missed.notify_one();
            Err(PlaceError::Gone { path: place.path.clone(), how })
        };
        for path in [&place.path, &place.named] {
            match fs::metadata(path) {
                Ok(file) if identity(&file) != *opened => return gone("replaced by another file"),
                Err(error) if is_missing(&error) => return gone("removed or renamed"),
                _ => {}
            }
        }
        Ok(())
    }
}

fn identity(file: &Metadata) -> Identity {
    (file.dev(), file.ino())
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether a file is a mount by itself; an old kernel does not tell.
fn is_mounted(path: &Path) -> bool {
    statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::empty())
        .is_ok_and(|told| (told.stx_attributes & told.stx_attributes_mask).contains(StatxAttributes::MOUNT_ROOT))
}

/// Where a name leads to, whether there is something or not: links of the file and of its folders are followed.
fn resolved(named: &Path) -> io::Result<PathBuf> {
    let mut path = std::path::absolute(named)?;
    for _ in 0..LINKS {
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let folder = match folder.canonicalize() {
            Ok(folder) => folder,
            Err(error) if is_missing(&error) => return Ok(path),
            Err(error) => return Err(error),
        };
        let name = path.file_name().ok_or_else(|| io::Error::other("this names no file"))?;
        path = folder.join(name);
        match fs::read_link(&path) {
            Ok(target) => path = folder.join(target),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput || is_missing(&error) => return Ok(path),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many symbolic links lead from one to another"))
}
