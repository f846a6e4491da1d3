//! A Maildir: a folder with `new`, `cur` and `tmp`, one file a message.
//!
//! A message is known by the part of its file name before the colon, which stays when a mail program moves it from `new`
//! to `cur` and marks it. Nothing is moved, marked or removed here.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use notify::Watcher as _;
use tokio::sync::Notify;

use super::raw::RawMessage;
use crate::core::event::NotAMessage;

/// A larger file is not read into memory, whatever it is: no mail server delivers one, and taking it in could end the
/// process, again and again.
const LARGEST: u64 = 1 << 30;
/// How far the clock of a file system may lag behind the system's.
const TICK: SignedDuration = SignedDuration::from_millis(20);

/// A Maildir that exists.
#[derive(Clone, Debug)]
pub struct Maildir {
    path: PathBuf,
}

/// A name found in the Maildir.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The part of the file name that stays.
    pub name: String,
    /// Where it lies now.
    pub path: PathBuf,
}

/// The first bytes of a file, and when it was last changed.
pub type Beginning = (Vec<u8>, Option<Timestamp>);

/// How a file stands in the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Its bytes.
    pub size: u64,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
}

/// A name, and since when it stands where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The part of the file name that stays.
    pub name: String,
    /// Where it lies now.
    pub path: PathBuf,
    /// Since when, as the file system says.
    pub since: Option<Timestamp>,
    /// How its file stands.
    pub state: FileState,
}

/// What a name turned out to be.
#[derive(Clone, Debug)]
pub enum Seen {
    /// A message.
    Message(RawMessage),
    /// Gone, or moved, since it was listed; the next look finds it where it is now.
    Gone,
    /// No message: a folder, a device, a link, a file larger than any mail.
    NotAMessage(NotAMessage),
}

/// Why a Maildir could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{what} {path}: {source}")]
pub struct MaildirError {
    what: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl MaildirError {
    /// Whether the same may succeed later. A folder that is missing may be a disk that is not mounted yet.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.source.kind() != io::ErrorKind::PermissionDenied
    }
}

impl Maildir {
    /// A Maildir at a path; it need not exist yet.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// A folder of it: as Maildir++ names it, with a dot before each part, else as it is called.
    ///
    /// # Errors
    /// There is none.
    pub fn within(&self, name: &str) -> Result<Self, MaildirError> {
        let dotted = self.path.join(format!(".{}", name.replace('/', ".")));
        let found = [dotted.clone(), self.path.join(name)].into_iter().find(|folder| folder.join("cur").is_dir());
        let missing = || io::Error::new(io::ErrorKind::NotFound, "nor is there one without the dot");
        let error = || MaildirError { what: "there is no folder of a Maildir at", path: dotted, source: missing() };
        found.map(|path| Self { path }).ok_or_else(error)
    }

    /// The first bytes of what stands under a name, and when it was last changed; nothing where it went, or is no file.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn beginning(&self, found: &Found, most: usize) -> Result<Option<Beginning>, MaildirError> {
        let read = || -> io::Result<Option<Beginning>> {
            let metadata = fs::symlink_metadata(&found.path)?;
            if !metadata.is_file() {
                return Ok(None);
            }
            let mut bytes = Vec::new();
            fs::File::open(&found.path)?.take(most as u64).read_to_end(&mut bytes)?;
            Ok(Some((bytes, modified(&metadata))))
        };
        match read() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => {
                Err(MaildirError { what: "the message cannot be read at", path: found.path.clone(), source })
            }
            Ok(begins) => Ok(begins),
        }
    }

    /// All names in `new` and `cur`, in the order of delivery as far as names tell it. Hidden files are no messages.
    ///
    /// # Errors
    /// A folder is missing or cannot be read.
    pub fn list(&self) -> Result<Vec<Found>, MaildirError> {
        let mut found = BTreeMap::new();
        for folder in ["new", "cur"] {
            let folder = self.path.join(folder);
            let failed = |source| MaildirError { what: "the Maildir cannot be read at", path: folder.clone(), source };
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if file_name.starts_with('.') {
                    continue;
                }
                let name = file_name.split(':').next().unwrap_or_default().to_owned();
                found.insert(name, path);
            }
        }
        Ok(found.into_iter().map(|(name, path)| Found { name, path }).collect())
    }

    /// All names, and since when each stands where it is, as the file system says; one that went meanwhile is left out.
    ///
    /// # Errors
    /// A folder is missing or cannot be read.
    pub fn list_with_times(&self) -> Result<Vec<Listed>, MaildirError> {
        let timed = |found: Found| {
            let metadata = fs::symlink_metadata(&found.path).ok()?;
            // Some file systems count whole seconds, and the others by a clock that lags a little.
            let lags = if metadata.ctime_nsec() == 0 { SignedDuration::from_secs(1) } else { TICK };
            let changed = Timestamp::new(metadata.ctime(), i32::try_from(metadata.ctime_nsec()).unwrap_or(0));
            let since = changed.ok().and_then(|at| at.checked_add(lags).ok());
            let state = FileState { size: metadata.len(), modified: modified(&metadata) };
            Some(Listed { name: found.name, path: found.path, since, state })
        };
        Ok(self.list()?.into_iter().filter_map(timed).collect())
    }

    /// How a name stands in the file system; nothing where it went, or is no file.
    #[must_use]
    pub fn state(found: &Found) -> Option<FileState> {
        let metadata = fs::symlink_metadata(&found.path).ok().filter(fs::Metadata::is_file)?;
        Some(FileState { size: metadata.len(), modified: modified(&metadata) })
    }

    /// Reads what stands under a name.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn read(&self, found: &Found) -> Result<Seen, MaildirError> {
        match Self::read_file(&found.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Seen::Gone),
            Err(source) => {
                Err(MaildirError { what: "the message cannot be read at", path: found.path.clone(), source })
            }
            Ok(seen) => Ok(seen),
        }
    }

    /// Reads a file that holds a message, wherever it lies.
    ///
    /// # Errors
    /// It cannot be read, or is not there.
    pub fn read_file(path: &Path) -> io::Result<Seen> {
        let metadata = fs::symlink_metadata(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !metadata.is_file() {
            let what = if metadata.is_dir() { NotAMessage::Folder { name } } else { NotAMessage::Special { name } };
            return Ok(Seen::NotAMessage(what));
        }
        if metadata.len() > LARGEST {
            let (mebibytes, most) = (metadata.len() >> 20, LARGEST >> 20);
            return Ok(Seen::NotAMessage(NotAMessage::TooLarge { name, mebibytes, most }));
        }
        #[expect(clippy::disallowed_methods, reason = "this is the owner of the Maildir's files")]
        let bytes = fs::read(path)?;
        let internal_date = modified(&metadata);
        Ok(Seen::Message(RawMessage::whole(bytes, internal_date)))
    }

    /// Asks the system to say when something changes in the Maildir. Where it cannot, the poll alone finds new mail.
    ///
    /// # Errors
    /// The system has no watches left, or the folders are not there.
    pub fn watch(&self) -> Result<FolderWatch, notify::Error> {
        let changed = Arc::new(Notify::new());
        let bell = Arc::clone(&changed);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                bell.notify_one();
            }
        })?;
        let mut folders = Vec::new();
        for folder in ["new", "cur"] {
            let folder = self.path.join(folder);
            watcher.watch(&folder, notify::RecursiveMode::NonRecursive)?;
            folders.push((number_of(&folder), folder));
        }
        Ok(FolderWatch { _watcher: watcher, changed, folders })
    }
}

fn number_of(folder: &Path) -> Option<(u64, u64)> {
    fs::metadata(folder).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

fn modified(metadata: &fs::Metadata) -> Option<Timestamp> {
    metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok())
}

/// A running watch; it ends when it is dropped.
#[derive(Debug)]
pub struct FolderWatch {
    _watcher: notify::RecommendedWatcher,
    changed: Arc<Notify>,
    /// What is watched, by the number that the file system gave it.
    folders: Vec<(Option<(u64, u64)>, PathBuf)>,
}

impl FolderWatch {
    /// Waits until something changes. A change between two calls is not missed.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Whether what is watched still stands where it was: a folder that was moved away is watched where it went.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.folders.iter().all(|(number, folder)| number.is_some() && *number == number_of(folder))
    }
}
