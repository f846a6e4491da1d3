//! A folder that is being filled with what is handed on.
//!
//! Promises that nothing which was there before is touched, that every file in it stands in `SHA256SUMS`, and that one which
//! did not become whole is seen as such: a mark lies in it from its first moment, and is taken away once all else is on the
//! disk.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{
    core::mail::identity,
    files::{OWN_FILE, OWN_FOLDER, make_file, make_folder},
};

/// The mark of a folder that is not whole.
pub(super) const MARK: &str = "INCOMPLETE";
/// The list by which all is checked.
pub(super) const SUMS: &str = "SHA256SUMS";

/// A folder that is being filled.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    /// Path and hash of what was written.
    sums: Vec<(String, String)>,
    bytes: u64,
    folders: BTreeSet<PathBuf>,
}

impl Folder {
    /// Begins to fill a folder, which must not be there yet, or be empty.
    pub(super) fn begin(root: &Path, mark: &str) -> anyhow::Result<Self> {
        let shown = root.display();
        match fs::read_dir(root) {
            Ok(mut there) => {
                if root.join(MARK).exists() {
                    anyhow::bail!(
                        "{shown} holds an export that did not come to its end; remove it, or name another folder"
                    );
                }
                if there.next().is_some() {
                    anyhow::bail!(
                        "{shown} is not empty, and nothing in it is touched; name a folder that is, or a new one"
                    );
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("{shown} can be no folder for an export")),
        }
        make_folder(root, OWN_FOLDER).with_context(|| shown.to_string())?;
        let folder = Self { root: root.to_owned(), sums: Vec::new(), bytes: 0, folders: BTreeSet::new() };
        put(&root.join(MARK), mark.as_bytes())?;
        File::open(root)?.sync_all()?;
        Ok(folder)
    }

    /// Writes a file to a path in it, given by its steps, and yields the path.
    pub(super) fn write(&mut self, steps: &[&str], bytes: &[u8]) -> anyhow::Result<String> {
        let mut path = self.root.clone();
        path.extend(steps);
        if let Some(above) = path.parent()
            && !self.folders.contains(above)
        {
            make_folder(above, OWN_FOLDER).with_context(|| above.display().to_string())?;
            self.folders.insert(above.to_owned());
        }
        put(&path, bytes)?;
        let path = steps.join("/");
        self.sums.push((path.clone(), hex::encode(identity::evidence(bytes))));
        self.bytes += bytes.len() as u64;
        Ok(path)
    }

    /// Says that all is there: once it is on the disk, the list by which it is checked is written, and the mark goes.
    pub(super) fn finish(mut self) -> anyhow::Result<Written> {
        let (files, bytes) = (self.sums.len(), self.bytes);
        self.sums.sort();
        let line = |(path, hash): &(String, String)| format!("{hash}  {path}\n");
        let sums: String = self.sums.iter().map(line).collect();
        let root = File::open(&self.root)?;
        let on_disk = || -> anyhow::Result<()> {
            rustix::fs::syncfs(&root)?;
            put(&self.root.join(SUMS), sums.as_bytes())?;
            rustix::fs::syncfs(&root)?;
            fs::remove_file(self.root.join(MARK))?;
            Ok(root.sync_all()?)
        };
        on_disk().with_context(|| format!("{} does not come to its end", self.root.display()))?;
        Ok(Written { files, bytes })
    }
}

/// What was written, beside the list by which it is checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) files: usize,
    pub(super) bytes: u64,
}

fn put(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let written = make_file(path, OWN_FILE).and_then(|mut file| file.write_all(bytes));
    written.with_context(|| format!("{} cannot be written", path.display()))
}
