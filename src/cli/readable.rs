//! What every user of this machine may read of what is not for all: the log, the letters, and secrets.
//!
//! Promises to look at names and modes alone, and to open nothing; and a command for each finding. What the program makes
//! itself is for its own user; what was there before it, or was written by hand, keeps its mode and is named here.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    slice,
};

use crate::{
    config::{Loaded, Transport},
    files::{is_open_to_all, made_by_root, quoted},
    store::Place,
};

/// A sentence for everything that others may read, or that root has made in a folder of another.
pub(super) fn warnings(loaded: &Loaded) -> Vec<String> {
    let config = &loaded.config;
    let mut warnings = Vec::new();
    // What is wrong with the URL itself is a problem of the configuration.
    if let Ok(Some(place)) = Place::of(&config.store.url) {
        warnings.extend(open_to_all("The log, with all mail, is", &place.files()));
        warnings.extend(made_by_root(place.folder(), &place.files()));
    }
    warnings.extend(open_to_all("The mark of the database is", slice::from_ref(&config.store.mark)));
    warnings.extend(open_to_all("Secrets are", &loaded.secrets));
    if config.letters.transport == Transport::Folder {
        let folder = &config.letters.folder;
        warnings.extend(open_to_all("Letters are", slice::from_ref(folder)));
        warnings.extend(closed_letters(folder, config.letters.folder_mode));
    }
    warnings
}

fn open_to_all(what: &str, files: &[PathBuf]) -> Option<String> {
    // What is not there, or is out of this user's own reach, is not open to all.
    let open: Vec<&PathBuf> = files.iter().filter(|file| is_open_to_all(file).unwrap_or(false)).collect();
    let names: Vec<String> = open.iter().map(|file| quoted(file)).collect();
    let names = names.join(" ");
    (!open.is_empty()).then(|| format!("{what} readable for every user of this machine: chmod o-rwx {names}"))
}

/// A folder that others may enter, and letters in it that they may not read: a program that sends them would find none.
fn closed_letters(folder: &Path, asked: u32) -> Option<String> {
    let has = fs::metadata(folder).ok()?.permissions().mode() & 0o777;
    let more = has & !asked & 0o050;
    (more != 0).then(|| {
        format!(
            "The folder {} is open to its group (mode {has:04o}), and letters in it are not: if a program of another user \
             sends them, set folder_mode = \"{:04o}\" in [letters]",
            folder.display(),
            has & 0o770
        )
    })
}
