//! The folder of a demo: its configuration, its Maildir, its log and its letters.
//!
//! Promises that a folder which holds anything but a demo stays as it is.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::Context as _;

use super::sample::{self, Arrival};
use crate::{
    config::{Config, Loaded},
    files::{self, OWN_FILE, OWN_FOLDER},
    store::{Db, Lock, Locked, Place},
};

/// Its configuration, by the name that every command looks for.
const CONFIGURATION: &str = "docket.toml";

/// A folder for one demo.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder of that name, which holds nothing yet or a demo; without a name, a new one among the temporary files.
    pub(super) async fn of(named: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = named else {
            let own = fs::Permissions::from_mode(OWN_FOLDER);
            let path = tempfile::Builder::new().prefix("docket-demo-").permissions(own).tempdir()?.keep();
            return Self { path }.set_up();
        };
        let path = std::path::absolute(path).with_context(|| path.display().to_string())?;
        files::make_folder(&path, OWN_FOLDER).with_context(|| path.display().to_string())?;
        let mut holds = fs::read_dir(&path).with_context(|| path.display().to_string())?;
        let folder = Self { path };
        if holds.next().is_none() {
            return folder.set_up();
        }
        if !folder.holds_demo().await? {
            anyhow::bail!(
                "{} is not empty, and what it holds is no demo; name a folder that is empty, or not there yet",
                folder.path.display()
            );
        }
        Ok(folder)
    }

    /// Writes what a new one begins with.
    fn set_up(self) -> anyhow::Result<Self> {
        for part in ["new", "cur", "tmp"] {
            files::make_folder(&self.path.join("mail").join(part), OWN_FOLDER)?;
        }
        let text = sample::configuration()?;
        files::make_file(&self.configuration(), OWN_FILE)?.write_all(&text)?;
        Ok(self)
    }

    /// Whether the log of its configuration is a demo's. Where there is none, none is made.
    async fn holds_demo(&self) -> anyhow::Result<bool> {
        if !self.configuration().exists() {
            return Ok(false);
        }
        let url = self.load()?.config.store.url;
        match Place::of(&url)? {
            Some(place) if place.is_begun()? => {}
            _ => return Ok(false),
        }
        let db = Db::open_begun(&url).await?;
        let time = db.snapshot().await?.demo_time().await?;
        db.close().await;
        Ok(time.is_some())
    }

    /// Its configuration as every command reads it.
    pub(super) fn load(&self) -> anyhow::Result<Loaded> {
        Ok(Config::load(Some(&self.configuration()))?)
    }

    /// Keeps other demos out of it for as long as the lock is held; none where the file system has no locks.
    pub(super) fn lock(&self, loaded: &Loaded) -> anyhow::Result<Option<Lock>> {
        match Lock::of(&loaded.config.store.url)? {
            Locked::Ours(lock) => Ok(Some(lock)),
            Locked::Unsupported => Ok(None),
            Locked::ByAnother => anyhow::bail!("another demo works in {}; stop that one first", self.path.display()),
        }
    }

    /// Puts a message into the Maildir as a mail server would have at that time, unless it is there.
    pub(super) fn deliver(&self, arrival: &Arrival) -> anyhow::Result<()> {
        let name = format!("{}.{}.demo", arrival.arrives.as_second(), arrival.file.trim_end_matches(".eml"));
        let maildir = self.path.join("mail");
        let place = maildir.join("new").join(&name);
        if place.exists() {
            return Ok(());
        }
        let partial = maildir.join("tmp").join(&name);
        let mut file = files::make_file_anew(&partial, OWN_FILE)?;
        file.write_all(&sample::mail(&arrival.file)?)?;
        let at = Duration::from_secs(u64::try_from(arrival.arrives.as_second()).unwrap_or(0));
        file.set_modified(SystemTime::UNIX_EPOCH + at)?;
        fs::rename(&partial, place)?;
        Ok(())
    }

    /// Where everything lies, and what can be done there.
    pub(super) fn told(&self) -> Vec<String> {
        vec![
            format!("Everything lies in {}:", self.path.display()),
            format!("  {CONFIGURATION}  its configuration"),
            "  docket.db    the log, with the originals (SQLite)".to_owned(),
            "  mail/        the Maildir, left as it was".to_owned(),
            "  outbox/      the letters, one file each".to_owned(),
            "Every command works in that folder, by the clock of the demo.".to_owned(),
        ]
    }

    /// How to go on with it.
    pub(super) fn goes_on(&self) -> String {
        format!("docket demo --keep {}", files::quoted(&self.path))
    }

    fn configuration(&self) -> PathBuf {
        self.path.join(CONFIGURATION)
    }
}
