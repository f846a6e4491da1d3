//! Two engines and one answer: when the second is asked, which of the two is taken, and what is said of it.
//!
//! Promises that the first answer stands unless the second is better, that pages lost by the first come from the second,
//! and that a count on which they differ is said to be in doubt.

use super::{first, form::Form, pages::Pages, second};
use crate::{
    core::{
        file::{Outcome, Tried, pages_in_words},
        text::words,
    },
    extract::{
        limits::Limits,
        refusal::{Refusal, attempt},
    },
};

/// Counts that differ by more than one in fifty are in doubt.
const DIFFERENCE: u64 = 50;

/// An answer in hand is not put at risk for a second opinion on more pages than this: a file that takes too long has no
/// answer at all.
const MOST_PAGES_TO_DOUBT: usize = 200;

/// The pages as the engines read them, the form of the document, and remarks for a person.
pub(super) fn pages(
    bytes: &[u8],
    limits: &Limits,
    tried: &mut Vec<Tried>,
    before_second: impl FnOnce(&Pages, &Form),
) -> Result<(Pages, Form, Vec<String>), Refusal> {
    // Some programs write a line of their own before the header; places in the file count from one or the other.
    let header = bytes.windows(5).take(1024).position(|w| w == b"%PDF-").unwrap_or(0);
    let whole = attempt(|| first::read(bytes, limits));
    let damaged = whole.as_ref().is_err_and(|refusal| refusal.outcome == Outcome::Damaged);
    let (bytes, first) = if damaged && header > 0 {
        (&bytes[header..], attempt(|| first::read(&bytes[header..], limits)))
    } else {
        (bytes, whole)
    };
    let first = match first {
        Err(refusal) if matches!(refusal.outcome, Outcome::Encrypted | Outcome::TooLarge) => return Err(refusal),
        first => first,
    };
    let (form, first) = match first {
        Ok((pages, form)) => (form, Ok(pages)),
        Err(refusal) => (Form::default(), Err(refusal)),
    };
    let second = |first: Option<&Pages>| {
        if let Some(first) = first {
            before_second(first, &form);
        }
        attempt(|| second::read(bytes, limits))
    };
    let (pages, remarks) = answer(first, second, tried)?;
    Ok((pages, form, remarks))
}

/// Takes the first answer, or asks the second engine where that is in doubt, and says in `tried` whose answer was not
/// taken. With the pages come remarks for a person. The second is told what the first has answered.
fn answer(
    first: Result<Pages, Refusal>,
    second: impl FnOnce(Option<&Pages>) -> Result<Pages, Refusal>,
    tried: &mut Vec<Tried>,
) -> Result<(Pages, Vec<String>), Refusal> {
    let doubt = match &first {
        Ok(pages) => pages.doubt(),
        Err(refusal) => Some(refusal.detail.clone()),
    };
    let Some(doubt) = doubt else { return first.map(|pages| (pages, Vec::new())) };
    if let Ok(pages) = &first
        && pages.is_text()
        && pages.texts.len() + pages.beyond > MOST_PAGES_TO_DOUBT
    {
        tried.push(Tried::new(
            second::NAME,
            format!("not asked, though {} is in doubt ({doubt}): there are too many pages", first::NAME),
        ));
        return first.map(|pages| (pages, Vec::new()));
    }
    let second = second(first.as_ref().ok());
    let (mut first, mut second) = match (first, second) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(_), Ok(second)) => {
            tried.push(Tried::new(first::NAME, doubt));
            return Ok((second, Vec::new()));
        }
        (first, Err(refusal)) => {
            if first.is_err() {
                tried.push(Tried::new(first::NAME, doubt));
            }
            tried.push(Tried::new(second::NAME, refusal.detail));
            return first.map(|pages| (pages, Vec::new()));
        }
    };
    if !first.is_text() {
        let improves = second.length() > 0 && (first.length() == 0 || second.bad_share() < first.bad_share());
        let (better, other, reason) = if improves {
            (second.with_pictures_of(&first), first::NAME, doubt)
        } else {
            (first, second::NAME, "it found no more text".to_owned())
        };
        tried.push(Tried::new(other, reason));
        return Ok((better, Vec::new()));
    }
    let mut remarks: Vec<String> = difference(&first, &second).into_iter().collect();
    let mut filled = Vec::new();
    if first.texts.len() == second.texts.len() {
        for (number, (mine, other)) in (1u32..).zip(first.texts.iter_mut().zip(&mut second.texts)) {
            if mine.is_none() && other.as_ref().is_some_and(|text| !text.trim().is_empty()) {
                *mine = other.take();
                filled.push(number);
            }
        }
    }
    if filled.is_empty() {
        tried.push(Tried::new(
            second::NAME,
            format!("asked because {} was in doubt ({doubt}), it did no better", first::NAME),
        ));
    } else {
        let said = format!("{} by {}, which {} could not read.", pages_in_words(&filled), second::NAME, first::NAME);
        remarks.push(format!("Read {said}"));
        tried.push(Tried::new(first::NAME, doubt));
    }
    Ok((first, remarks))
}

/// What to say where the counts of two readings differ, over the pages that both could read.
fn difference(first: &Pages, second: &Pages) -> Option<String> {
    if !second.is_text() {
        return None;
    }
    let count = |text: &Option<String>| text.as_deref().map_or(0, words::count);
    let both = first.texts.iter().zip(&second.texts).filter(|(mine, other)| mine.is_some() && other.is_some());
    let (mine, other) = both.fold((0, 0), |(mine, other), (a, b)| (mine + count(a), other + count(b)));
    (mine.abs_diff(other) * DIFFERENCE > mine.max(other)).then(|| {
        format!("Please check this count: {} found {mine} words where {} found {other}.", first::NAME, second::NAME)
    })
}
