//! The URL of the database, read once for all who need it: which file it names, if it names one.
//!
//! Promises to see the file that SQLite would see: the scheme in its three spellings, `%` and two digits for a character,
//! and what follows a `?` taken off. Parameters that change how the file is guarded, or that it is one, are refused.

use std::{
    ffi::OsString,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::{Path, PathBuf},
};

use crate::core::text::percent;

/// What a URL must begin with.
const SERVERS: [&str; 2] = ["postgres:", "postgresql:"];

/// The file that a URL names; none where it names a server.
///
/// # Errors
/// What is wrong with it, as the end of a sentence. The URL is not repeated: it may hold a password.
pub fn database_file(url: &str) -> Result<Option<PathBuf>, String> {
    if SERVERS.iter().any(|scheme| url.starts_with(scheme)) {
        return Ok(None);
    }
    let Some(rest) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) else {
        return Err("should be \"sqlite:FILE\" or \"postgres://…\"".to_owned());
    };
    let (file, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let in_memory = file == ":memory:" || parameters.split('&').any(|parameter| parameter == "mode=memory");
    if in_memory {
        return Err("names no file: a log in memory would end with the program".to_owned());
    }
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        // Whether a file may be made is for each command to say; the rest is as it is without them.
        if !["mode=rwc", "mode=rw", "cache=private", "immutable=0", "immutable=false"].contains(&parameter) {
            return Err(format!("has “{parameter}” after its “?”, with which no log can be kept; take it away"));
        }
    }
    let file = PathBuf::from(OsString::from_vec(percent::decoded(file)));
    if file.file_name().is_none() {
        return Err("names no file".to_owned());
    }
    Ok(Some(file))
}

/// The URL of a file.
#[must_use]
pub fn database_url(file: &Path) -> String {
    let mut url = "sqlite:".to_owned();
    for chunk in file.as_os_str().as_bytes().utf8_chunks() {
        url += &chunk.valid().replace('%', "%25").replace('?', "%3F");
        for byte in chunk.invalid() {
            url += "%";
            url += &hex::encode_upper([*byte]);
        }
    }
    url
}
