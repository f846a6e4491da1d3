//! Zip files: the parts of an office document, and the files of a zip archive.
//!
//! Promises that bytes are counted while they are read, never believed from a header, and that names come without a path.

use std::{
    collections::HashMap,
    io::{Cursor, Read},
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use zip::{ZipArchive, result::ZipError};

use super::{inner::Inner, limits::Limits, refusal::Refusal};
use crate::core::file::Outcome;

/// A zip file under limits.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Index by name: in lower case, with `/`, without a leading `/`, as part names are compared.
    index: HashMap<String, usize>,
    limits: Limits,
    /// Uncompressed bytes that may still be read.
    left: u64,
    size: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory of a zip file.
    pub(super) fn new(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        if zip.len() > limits.entries {
            return Err(Refusal::new(
                Outcome::TooLarge,
                format!("This file holds more than {} entries: a person must open it.", limits.entries),
            ));
        }
        let mut index = HashMap::new();
        for i in 0..zip.len() {
            let Ok(entry) = zip.by_index_raw(i) else { continue };
            let name = part_name(&String::from_utf8_lossy(entry.name_raw()));
            index.entry(name).or_insert(i);
        }
        Ok(Self { zip, index, limits: *limits, left: limits.all_bytes, size: bytes.len() as u64 })
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.index.contains_key(&part_name(name))
    }

    /// The names of all parts, in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.index.keys().map(String::as_str)
    }

    /// The bytes of a part; `None` where there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        match self.index.get(&part_name(name)) {
            Some(&i) => self.entry(i).map(Some),
            None => Ok(None),
        }
    }

    fn entry(&mut self, i: usize) -> Result<Vec<u8>, Refusal> {
        let mut entry = self.zip.by_index(i).map_err(|e| refusal(&e))?;
        let compressed = entry.compressed_size().min(self.size);
        let by_ratio = compressed.saturating_mul(self.limits.ratio).max(1 << 20);
        let most = self.limits.part_bytes.min(self.left).min(by_ratio);
        let mut bytes = Vec::new();
        let read = (&mut entry).take(most + 1).read_to_end(&mut bytes);
        let out_of_memory = read.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::OutOfMemory);
        if bytes.len() as u64 > most || out_of_memory {
            return Err(Refusal::new(
                Outcome::TooLarge,
                "This file unpacks to more than is safe to read: a person must look at it.",
            ));
        }
        self.left -= bytes.len() as u64;
        // A wrong checksum at the end of a part that was read in full is no reason to lose its text.
        match read {
            Ok(_) => Ok(bytes),
            Err(_) if !bytes.is_empty() && bytes.len() as u64 >= entry.size() => Ok(bytes),
            Err(_) => Err(damaged()),
        }
    }
}

/// Part names are compared without regard to case, slash or a leading slash.
fn part_name(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

fn damaged() -> Refusal {
    Refusal::new(Outcome::Damaged, "This file is damaged and could not be opened: please send it again.")
}

fn refusal(error: &ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            Refusal::new(Outcome::Encrypted, "This file needs a password: please send it without one.")
        }
        ZipError::UnsupportedArchive(_) => Refusal::new(
            Outcome::Unsupported,
            "This file is packed in a way that is not read here: please send the document by itself.",
        ),
        _ => damaged(),
    }
}

/// The files of a zip archive.
pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Vec<Inner>, Refusal> {
    let mut archive = Archive::new(bytes, limits)?;
    let mut inner = Vec::new();
    for i in 0..archive.zip.len() {
        let name = {
            let entry = archive.zip.by_index_raw(i).map_err(|e| refusal(&e))?;
            if entry.encrypted() {
                return Err(Refusal::new(
                    Outcome::Encrypted,
                    "This zip file needs a password: please send the documents without one.",
                ));
            }
            decode_name(entry.name_raw())
        };
        let path = name.replace('\\', "/");
        // Folders, and what macOS puts beside every file.
        if path.ends_with('/') || path.starts_with("__MACOSX/") {
            continue;
        }
        let name = path.rsplit('/').next().filter(|n| !n.is_empty() && *n != "." && *n != "..").map(str::to_owned);
        if name.as_deref() == Some(".DS_Store") {
            continue;
        }
        let bytes = archive.entry(i)?;
        inner.push(Inner { name, media_type: "application/octet-stream".to_owned(), bytes });
    }
    Ok(inner)
}

/// The name of a zip entry: UTF-8 where it is valid (whatever the flag says), else the likeliest code page.
fn decode_name(raw: &[u8]) -> String {
    if let Ok(name) = std::str::from_utf8(raw) {
        return name.to_owned();
    }
    // Russian archivers write CP866, whose letters are 0x80..=0xAF and 0xE0..=0xF1; the detector alone takes such a
    // short name for a western code page.
    let high: Vec<u8> = raw.iter().copied().filter(|b| *b >= 0x80).collect();
    let cyrillic = high.iter().filter(|b| matches!(b, 0x80..=0xAF | 0xE0..=0xF1)).count();
    if cyrillic == high.len() && high.len() >= 3 {
        let (name, _, wrong) = encoding_rs::IBM866.decode(raw);
        let lower = name.chars().filter(|c| ('а'..='я').contains(c)).count();
        if !wrong && lower * 2 >= high.len() {
            return name.into_owned();
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(raw, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    // A western name is in CP437, which the detector does not know: here and there an accented letter.
    let scattered = raw.windows(2).all(|pair| pair[0] < 0x80 || pair[1] < 0x80);
    if encoding == encoding_rs::WINDOWS_1252 || scattered {
        return raw.iter().map(|b| cp437(*b)).collect();
    }
    encoding.decode(raw).0.into_owned()
}

/// The letters of the first PC code page, which old archivers write.
fn cp437(byte: u8) -> char {
    const LETTERS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿";
    match byte {
        0..=0x7F => byte.into(),
        0x80..=0xA8 => LETTERS.chars().nth(usize::from(byte - 0x80)).unwrap_or('_'),
        0xE1 => 'ß',
        _ => '_',
    }
}
