//! Pages of a PDF that a program outside read, put among those that were read here.

use super::{
    chain::pages,
    document::finish,
    form::Form,
    pages::{BAD_SHARE, Pages},
};
use crate::extract::{found::Found, limits::Limits, refusal::Refusal, supplied::Supplied};

/// What was found with the help of those pages, and the numbers of those that were taken.
pub(in crate::extract) fn read_supplied(
    bytes: &[u8],
    limits: &Limits,
    supplied: Supplied,
) -> Result<(Found, Vec<u32>), Refusal> {
    let beyond = usize::from(supplied.cut);
    let engine = supplied.engine.name();
    let theirs = Pages::of_texts(engine, supplied.pages.into_iter().map(Some).collect(), beyond);
    // Who was asked before is said already.
    let own = if supplied.alone { None } else { pages(bytes, limits, &mut Vec::new(), |_, _| ()).ok() };
    let (own, form, remarks) = match own {
        Some((own, form, remarks)) => (Some(own), form, remarks),
        None => (None, Form::default(), Vec::new()),
    };
    let (pages, taken) = match own {
        Some(own) if own.length() > 0 && own.bad_share() < BAD_SHARE => filled(own, theirs),
        // What means nothing is of no use beside what does.
        Some(own) if own.texts.len() > theirs.texts.len() => filled(emptied(&own), theirs),
        own => {
            let taken = numbers(&theirs);
            let pages = match own {
                Some(own) => theirs.with_pictures_of(&own),
                None => theirs,
            };
            (pages, taken)
        }
    };
    Ok((finish(&pages, &form, remarks)?, taken))
}

fn is_blank(text: Option<&String>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

/// The pages that hold text, counted from 1.
fn numbers(pages: &Pages) -> Vec<u32> {
    (1..).zip(&pages.texts).filter(|(_, text)| !is_blank(text.as_ref())).map(|(number, _)| number).collect()
}

fn emptied(own: &Pages) -> Pages {
    Pages { texts: vec![None; own.texts.len()], pictures: own.pictures.clone(), ..*own }
}

/// Our pages, with theirs where ours hold nothing.
fn filled(mut own: Pages, theirs: Pages) -> (Pages, Vec<u32>) {
    let mut taken = Vec::new();
    for ((number, own), theirs) in (1..).zip(&mut own.texts).zip(theirs.texts) {
        if is_blank(own.as_ref()) && !is_blank(theirs.as_ref()) {
            *own = theirs;
            taken.push(number);
        }
    }
    if !taken.is_empty() {
        own.engine = theirs.engine;
    }
    (own, taken)
}
