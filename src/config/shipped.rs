//! The files that come with the program, and the folder that overrides them file by file.
//!
//! Promises that a file of the override folder wins whole over the embedded one of the same path, and that writing the
//! defaults out never overwrites anything.

use std::{
    collections::BTreeSet,
    fs, io,
    io::Write as _,
    path::{Component, Path, PathBuf},
};

use rust_embed::RustEmbed;

use crate::files;

/// What is written out may hold secrets once it is edited: the group that the daemon runs as reads it, and nobody else.
const FILE: u32 = 0o640;
/// The same for folders.
const FOLDER: u32 = 0o750;

/// The sample mail of the demo is left out: it is no default of anything.
#[derive(RustEmbed)]
#[folder = "config/"]
#[exclude = "demo/*"]
struct Embedded;

/// A file of the configuration could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not UTF-8.
    #[error("{}: is not UTF-8 text; save it as UTF-8", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// `docket init` found files in its way.
    #[error("nothing was written, because these files are already there: {}", list(paths))]
    InTheWay {
        /// All of them.
        paths: Vec<PathBuf>,
    },
}

impl ConfigError {
    /// Whether trying again may help: never, a person has to look.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        false
    }
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// The shipped files, seen through the override folder.
#[derive(Clone, Debug, Default)]
pub struct Shipped {
    override_dir: Option<PathBuf>,
}

impl Shipped {
    /// The embedded files alone.
    #[must_use]
    pub fn embedded() -> Self {
        Self::default()
    }

    /// The embedded files with a folder that overrides them.
    #[must_use]
    pub fn overridden_by(folder: &Path) -> Self {
        Self { override_dir: Some(folder.to_owned()) }
    }

    /// A file by its path, such as `letters/query/body.txt.j2`; `None` where neither has it.
    ///
    /// # Errors
    /// The override folder has it, and it cannot be read or is not UTF-8.
    pub fn text(&self, path: &str) -> Result<Option<String>, ConfigError> {
        if !is_plain(path) {
            return Ok(None);
        }
        if let Some(file) = self.override_dir.as_ref().map(|folder| folder.join(path)) {
            #[expect(clippy::disallowed_methods, reason = "the files of the configuration are this module's")]
            let read = fs::read(&file);
            match read {
                Ok(bytes) => {
                    return String::from_utf8(bytes).map(Some).map_err(|_| ConfigError::NotText { path: file });
                }
                Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                Err(source) => return Err(ConfigError::Io { path: file, source }),
            }
        }
        let embedded = Embedded::get(path).map(|file| file.data.into_owned());
        embedded.map(String::from_utf8).transpose().map_err(|_| ConfigError::NotText { path: path.into() })
    }

    /// Where a file is read from, for messages: the path in the override folder, or the shipped one's name.
    #[must_use]
    pub fn place(&self, path: &str) -> PathBuf {
        let own = self.override_dir.as_ref().map(|folder| folder.join(path));
        own.filter(|file| file.exists()).unwrap_or_else(|| PathBuf::from(path))
    }

    /// The names in a folder such as `calls`, embedded and own, sorted.
    #[must_use]
    pub fn names(&self, folder: &str) -> Vec<String> {
        let prefix = format!("{folder}/");
        let mut names: BTreeSet<String> =
            Embedded::iter().filter_map(|path| path.strip_prefix(&prefix).map(str::to_owned)).collect();
        names.extend(self.own_names(folder));
        names.into_iter().collect()
    }

    /// The names of the files that the override folder itself has in a folder.
    pub(super) fn own_names(&self, folder: &str) -> Vec<String> {
        let Some(own) = &self.override_dir else { return Vec::new() };
        let Ok(entries) = fs::read_dir(own.join(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).filter(|n| !n.starts_with('.')).collect();
        names.sort();
        names
    }

    /// Writes every embedded file out for editing, and says which.
    ///
    /// # Errors
    /// A file is already there (then nothing is written), or the folder cannot be written to.
    pub fn init(folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
        let targets: Vec<_> = Embedded::iter().map(|path| (folder.join(path.as_ref()), path)).collect();
        let in_the_way: Vec<PathBuf> = targets.iter().map(|(file, _)| file.clone()).filter(|f| f.exists()).collect();
        if !in_the_way.is_empty() {
            return Err(ConfigError::InTheWay { paths: in_the_way });
        }
        let mut written = Vec::new();
        for (file, path) in targets {
            let Some(embedded) = Embedded::get(&path) else { continue };
            write_new(&file, &embedded.data).map_err(|source| ConfigError::Io { path: file.clone(), source })?;
            written.push(file);
        }
        Ok(written)
    }
}

fn write_new(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        files::make_folder(folder, FOLDER)?;
    }
    files::make_file(file, FILE)?.write_all(bytes)
}

/// A relative path without `..`: the only kind that names a shipped file.
fn is_plain(path: &str) -> bool {
    Path::new(path).components().all(|c| matches!(c, Component::Normal(_)))
}
