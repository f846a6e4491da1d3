//! The state that a person means by a code or a name.

use super::DeskError;
use crate::core::{iso3::Iso3, judging::matching::Register, text::language::Language};

/// How much of what means nothing is shown again.
const SHOWN: usize = 60;

/// Whether a text is written as no name of a state is, and as references and intake numbers may be: with a digit or a slash, or
/// behind `M-`. Nothing at all names no state either.
#[must_use]
pub fn is_like_a_reference(text: &str) -> bool {
    let text = text.trim();
    let behind = text.starts_with("M-") || text.starts_with("m-");
    behind || text.is_empty() || text.contains(|letter: char| letter.is_ascii_digit() || letter == '/')
}

/// The state that is called so, by code, or by name in any language that the tables have.
///
/// # Errors
/// No state, or more than one, is called so.
pub fn state_named(register: &Register, text: &str) -> Result<Iso3, DeskError> {
    let shown: String = text.chars().take(SHOWN).collect();
    Err(DeskError::NoState(match register.meant(text)[..] {
        [one] => return Ok(one),
        [] => {
            let languages: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
            format!(
                "“{shown}” is no state that the tables know; write its code, such as NOR, or its name in one of {}",
                languages.join(", ")
            )
        }
        ref several => {
            let codes: Vec<String> = several.iter().map(ToString::to_string).collect();
            format!("“{shown}” may mean {}; write the code", codes.join(" or "))
        }
    }))
}
