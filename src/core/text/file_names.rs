//! Names that strangers gave to files, made safe for every file system to which they are copied.
//!
//! Promises a name that is no path and leads nowhere else, that Linux, Windows and macOS all take, that shows nothing else
//! than it is, and that no two of one folder are the same to any of them. What kind of file its sender says it is stays at
//! its end.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use super::{clean, invisible::turns_or_hides};

/// The longest name in bytes: a path of several stays below what Windows takes.
const LONGEST: usize = 100;
/// The longest ending that is kept, its dot among it.
const ENDING: usize = 12;
/// What a file is called whose name says nothing.
const UNNAMED: &str = "unnamed";
/// Names of devices on Windows, whatever follows behind a dot.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
/// Devices that have a number.
const NUMBERED: [&str; 2] = ["COM", "LPT"];

/// The names of one folder.
#[derive(Clone, Debug, Default)]
pub struct FileNames(BTreeSet<String>);

impl FileNames {
    /// A name for a file that is called so, of which the folder has none yet.
    pub fn add(&mut self, wanted: &str) -> String {
        let name = safe(wanted);
        if self.0.insert(comparable(&name)) {
            return name;
        }
        let (stem, ending) = cut_apart(&name);
        let mut n = 2_u64;
        loop {
            let mark = format!(" ({n})");
            let room = LONGEST.saturating_sub(mark.len() + ending.len());
            let numbered = format!("{}{mark}{ending}", shortened(stem, room));
            if self.0.insert(comparable(&numbered)) {
                return numbered;
            }
            n += 1;
        }
    }
}

/// A name made safe.
#[must_use]
pub fn safe(wanted: &str) -> String {
    let line = clean::line(wanted, LONGEST * 20);
    let letter = |c: char| if matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*') { '_' } else { c };
    let name: String = line.chars().filter(|c| !turns_or_hides(*c)).map(letter).nfc().collect();
    let mut name = trimmed(&name).to_owned();
    // Nothing hides, is taken for an option, or is a device.
    if name.starts_with(['.', '-', '~']) || is_device(&name) {
        name.insert(0, '_');
    }
    let (stem, ending) = cut_apart(&name);
    let name = format!("{}{ending}", shortened(stem, LONGEST - ending.len()));
    match trimmed(&name) {
        "" => UNNAMED.to_owned(),
        name => name.to_owned(),
    }
}

/// Without the spaces around it, and without the dots at its end, which Windows leaves out.
fn trimmed(name: &str) -> &str {
    name.trim_start().trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

/// What stands before its ending, and the ending with its dot.
fn cut_apart(name: &str) -> (&str, &str) {
    let of = |at: usize| name.len() - at <= ENDING && name[at + 1..].chars().all(|c| c.is_ascii_alphanumeric());
    match name.rfind('.') {
        Some(at) if at > 0 && of(at) => name.split_at(at),
        _ => (name, ""),
    }
}

/// Its beginning, so many bytes of it.
fn shortened(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes { text } else { text[..text.floor_char_boundary(bytes)].trim_end() }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = |device: &str| {
        let mut rest = stem.strip_prefix(device).unwrap_or_default().chars();
        matches!((rest.next(), rest.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    };
    DEVICES.contains(&stem.as_str()) || NUMBERED.into_iter().any(numbered)
}

/// The same for names that some file system takes for the same.
fn comparable(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).collect::<String>().nfkc().collect()
}
