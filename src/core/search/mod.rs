//! What a person finds an entry by: the words of a text, and whether a search finds them there.
//!
//! Promises that the same text in other letters is the same words: case, diacritics, the forms of a letter, the digits of a
//! script and what nobody sees make no difference ([`letters`]). A word ends where its letters end, so that nothing is found
//! by a part from its middle; scripts that write no spaces are taken character by character ([`units`]).

mod asked;
mod letters;
mod passage;
mod units;

pub use self::asked::{Key, Search, Unsearchable};
pub use self::passage::passage;
pub use self::units::{Gap, Unit, index_words, units};
