//! What a PDF holds: its pages and its form put together.
//!
//! Promises that pages which could not be read, and those that hold no text, are said with their numbers; that a document
//! some pages of which are pictures is not passed off as read, while a blank page lacks nothing; nor is a text without
//! meaning.

use super::{
    form::Form,
    heads,
    pages::{BAD_SHARE, Pages},
    unreadable::damaged,
};
use crate::{
    core::file::{Outcome, pages_in_words},
    extract::{found::Found, refusal::Refusal},
};

/// From this share of characters without a meaning on, the text is of no use to anyone.
const USELESS_SHARE: f64 = 0.5;

/// What is found on the pages and in the form, with what a person should know of them.
pub(super) fn finish(pages: &Pages, form: &Form, remarks: Vec<String>) -> Result<Found, Refusal> {
    let count = pages.texts.len() + pages.beyond;
    let (lost, length, bad) = (pages.lost(), pages.length(), pages.bad_share());
    if lost == pages.texts.len() && lost > 0 {
        return Err(damaged());
    }
    if bad >= USELESS_SHARE && length > 0 {
        return Err(Refusal::new(
            Outcome::NoText,
            "The text of this PDF has no Unicode mapping, so it can be seen but not read: please send the DOCX.",
        ));
    }
    let mut found = Found { engine: pages.engine, remarks, ..Found::default() };
    found.pages = u32::try_from(count).ok();
    found.pages_without_text = pages.without_text();
    for (number, text) in (1u32..).zip(&pages.texts) {
        match text {
            None => found.pages_failed.push(number),
            Some(text) => found.body.push_str(text),
        }
        found.body.push('\n');
    }
    let texts: Vec<&str> = pages.texts.iter().flatten().map(String::as_str).collect();
    found.repeated = heads::repeated(&texts);
    if lost + pages.beyond > 0 {
        found.partial = true;
        let read = count - lost - pages.beyond;
        let which = match found.pages_failed.as_slice() {
            [] => String::new(),
            failed => format!(" (not {})", pages_in_words(failed)),
        };
        found.remarks.push(format!("{read} of {count} pages could be read{which}: a person must look at the others."));
    }
    let (pictures, blank): (Vec<u32>, Vec<u32>) =
        found.pages_without_text.iter().copied().partition(|number| pages.pictures.contains(number));
    // A blank page lacks nothing; on a picture text may stand that nobody has read.
    found.partial |= !pictures.is_empty();
    let says = "hold no text and may be pictures";
    for (which, says, then) in [(&pictures, says, ": a person must look at them"), (&blank, "hold no text", "")] {
        if !which.is_empty() && length > 0 {
            let said = format!("{} of {count} pages {says}: {}{then}.", which.len(), pages_in_words(which));
            found.remarks.push(said);
        }
    }
    if bad >= BAD_SHARE {
        found.partial = true;
        found
            .remarks
            .push("A part of the text has no Unicode mapping and is missing: please send the DOCX.".to_owned());
    }
    form.add_to(&mut found);
    Ok(found)
}
