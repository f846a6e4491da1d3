//! Text as such: strangers' text made safe, its language, its words and its links.

mod clean;
pub mod digits;
pub(in crate::core) mod fold;
pub mod invisible;
pub mod language;
mod links;
pub mod percent;
pub mod wording;
pub mod words;

pub use self::clean::{file_name, line, lines, nfkc};
pub use self::links::links;
