//! The files and folders that this program makes: for its own user alone, unless somebody said otherwise.
//!
//! Promises that each has its mode from the moment that it is there, whatever the umask, and that what is there already
//! keeps its own. Where the system refuses a file because of whose it is, says whose, and the command that mends it.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Access, AtFlags, CWD, accessat},
    io::Errno,
    process::geteuid,
};

/// The mode of a file that its user alone reads and writes.
pub const OWN_FILE: u32 = 0o600;
/// The mode of a folder that its user alone enters.
pub const OWN_FOLDER: u32 = 0o700;

/// Makes a folder, and those above it that are missing. One that is there stays as it is.
///
/// # Errors
/// The system refuses it, or something else stands in its place.
pub fn make_folder(path: &Path, mode: u32) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_folder(above, mode)?;
    }
    match DirBuilder::new().mode(mode).create(path) {
        Ok(()) => match lacking(mode, &fs::metadata(path)?) {
            Some(permissions) => fs::set_permissions(path, permissions),
            None => Ok(()),
        },
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a file to be written. One that is there stays as it is.
///
/// # Errors
/// Something stands in its place, or the system refuses it.
pub fn make_file(path: &Path, mode: u32) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    if let Some(permissions) = lacking(mode, &file.metadata()?) {
        file.set_permissions(permissions)?;
    }
    Ok(file)
}

/// Makes a file to be written in the place of what one that was cut off has left there.
///
/// # Errors
/// The system refuses it.
pub fn make_file_anew(path: &Path, mode: u32) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => make_file(path, mode),
    }
}

/// Writes a file under a name beside its own, and gives it its own once all of it is on the disk: whoever opens it finds
/// all of it, or what was there before, even after the power was cut.
///
/// # Errors
/// The system refuses it; what was there before stays.
pub fn write_whole(beside: &Path, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = make_file_anew(beside, mode)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(beside, path)?;
    // The name is on the disk once its folder is.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// The permissions to be set where the umask took a part of the mode away. A file system without modes shows more than
/// was asked for, and is left in peace.
fn lacking(mode: u32, file: &Metadata) -> Option<Permissions> {
    let has = file.permissions().mode() & 0o7777;
    (mode & !has != 0).then(|| Permissions::from_mode(has | mode))
}

/// Whether every user of the machine may read a file, or enter or list a folder: by its own mode, and by those of the
/// folders above it.
///
/// # Errors
/// It is not there, or cannot be looked at.
pub fn is_open_to_all(path: &Path) -> io::Result<bool> {
    let path = path.canonicalize()?;
    let others = fs::metadata(&path)?.permissions().mode() & 0o005;
    let mut reached = others != 0;
    for folder in path.ancestors().skip(1) {
        reached &= fs::metadata(folder)?.permissions().mode() & 0o001 != 0;
    }
    Ok(reached)
}

/// The folder itself, or the nearest above it that is there.
#[must_use]
pub fn nearest(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.ancestors().find(|folder| folder.is_dir()).map_or_else(|| absolute.clone(), Path::to_owned)
}

/// Why this process may not use some files of a folder, or make any there, and what mends it; nothing where their owners
/// are not the reason. The first of the files is the one that the others stand beside.
#[must_use]
pub fn denied(folder: &Path, files: &[PathBuf]) -> Option<String> {
    let refused = |path: &Path, access| accessat(CWD, path, access, AtFlags::EACCESS) == Err(Errno::ACCESS);
    let blocked: Vec<&PathBuf> =
        files.iter().filter(|file| refused(file, Access::READ_OK | Access::WRITE_OK)).collect();
    let (owner, me) = (fs::metadata(folder).ok()?.uid(), geteuid().as_raw());
    if blocked.is_empty() && !refused(folder, Access::WRITE_OK | Access::EXEC_OK) {
        return None;
    }
    let shown = folder.display();
    let above = folder.parent().and_then(|above| fs::metadata(above).ok());
    let of_mine = |file: &PathBuf| fs::metadata(file).is_ok_and(|file| file.uid() == me);
    let closed = |path: &Path, open: &str| {
        let (shown, me) = (path.display(), user(me));
        Some(format!(
            "{shown} belongs to {me}, as whom this runs, and is closed to them: chmod {open} {}",
            quoted(path)
        ))
    };
    match blocked.first() {
        Some(first) if of_mine(first) => closed(first, "u+rw"),
        None if owner == me => closed(folder, "u+rwx"),
        Some(first) if owner == me => {
            let whose = fs::metadata(first).map_or_else(|_| "another user".to_owned(), |file| user(file.uid()));
            let mend = give(folder, &all_of(files)?)?;
            Some(format!("{} belongs to {whose}, and this runs as {}: {mend}", first.display(), user(me)))
        }
        _ if owner != me && above.is_some_and(|above| above.uid() == me) => {
            let mend = give(folder.parent()?, &quoted(folder))?.replacen("chown", "chown -R", 1);
            Some(format!("{shown} belongs to {}, and this runs as {}: {mend}", user(owner), user(me)))
        }
        _ if owner == 0 => Some(format!(
            "{shown} belongs to root, and {0}, as whom this runs, may not write there: name a folder that belongs to {0}",
            user(me)
        )),
        _ => {
            let sudo = name(owner).unwrap_or_else(|| format!("'#{owner}'"));
            let (owner, me) = (user(owner), user(me));
            Some(format!("{shown} belongs to {owner}, and this runs as {me}: run it as {owner}, with “sudo -u {sudo}”"))
        }
    }
}

/// That root has made files in a folder of another user, who may not use them, and the command that mends it.
#[must_use]
pub fn made_by_root(folder: &Path, files: &[PathBuf]) -> Option<String> {
    let of_root = |file: &&PathBuf| fs::metadata(file).is_ok_and(|file| file.uid() == 0);
    let first = files.iter().find(of_root)?.display();
    let whose = fs::metadata(folder).ok().map(|folder| folder.uid()).filter(|whose| *whose != 0)?;
    let (whose, mend) = (user(whose), give(folder, &all_of(files)?)?);
    Some(format!("{first} belongs to root, and its folder to {whose}, who may not use it: {mend}"))
}

/// A file and what stands beside it under longer names, whatever is there when a shell takes it.
fn all_of(files: &[PathBuf]) -> Option<String> {
    files.first().map(|first| quoted(first) + "*")
}

/// The command that gives files to the owner of a folder.
fn give(folder: &Path, files: &str) -> Option<String> {
    let owner = fs::metadata(folder).ok()?;
    // Of a user without a name, chown does not know the group.
    let owner = name(owner.uid()).map_or_else(|| format!("{}:{}", owner.uid(), owner.gid()), |name| format!("{name}:"));
    Some(format!("chown {owner} {files}"))
}

/// A path as a shell takes it.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.chars().all(|c| c.is_alphanumeric() || "/._-+@%".contains(c)) {
        return path;
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

/// What a person calls a user.
fn user(id: u32) -> String {
    name(id).unwrap_or_else(|| format!("user {id}"))
}

/// The name of a user of this machine; users that a directory or systemd alone knows have none here.
fn name(id: u32) -> Option<String> {
    let users = File::open("/etc/passwd").and_then(io::read_to_string).ok()?;
    let is_it = |line: &&str| line.split(':').nth(2).is_some_and(|of| of.parse() == Ok(id));
    users.lines().find(is_it)?.split(':').next().map(str::to_owned)
}
