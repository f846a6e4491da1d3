//! Text as such: strangers' text made safe, its language, its words and its links, and two texts compared.

mod clean;
mod clearsigned;
mod common;
pub mod difference;
pub mod digits;
pub mod file_names;
pub(in crate::core) mod fold;
pub mod invisible;
pub mod language;
mod links;
pub mod percent;
pub mod shingles;
pub mod wording;
pub mod words;

pub use self::clean::{file_name, line, lines, nfkc};
pub use self::clearsigned::without_armour;
pub use self::links::{host, links, web_documents};

/// A text as it is compared: lower case, no diacritics, one space between words.
#[must_use]
pub fn comparable(text: &str) -> String {
    fold::fold(text)
}
