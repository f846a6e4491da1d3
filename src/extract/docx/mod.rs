//! Word documents (DOCX, DOCM, strict and transitional) by an own reader of their parts.
//!
//! Promises body, tables, text boxes, notes and the results of fields in reading order, insertions kept and deletions
//! left out; headers and footers apart. What it does not read (embedded documents, comments) it says. A part that is
//! not well-formed gives the text before the fault, marked as partial.

mod package;
mod story;

use package::Package;
use story::Story;

use super::{Found, Limits, Refusal, attempt, docx_rust, legacy, xml};
use crate::core::file::Outcome;

/// Reads a Word document: our own reader, and where it finds damage, docx-rust.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    if legacy::is_compound(bytes) {
        return legacy::refuse_encrypted();
    }
    let ours = attempt(|| own(bytes, limits));
    let (damaged, length) = match &ours {
        Ok(found) => (found.partial, found.body.len()),
        Err(refusal) => (refusal.outcome == Outcome::Damaged, 0),
    };
    if damaged
        && let Ok(second) = attempt(|| docx_rust::read(bytes, limits))
        && second.body.trim().len() > length
    {
        return Ok(second);
    }
    ours
}

fn own(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.main_part()?;
    let body = package.part(&main)?.ok_or_else(no_text_part)?;
    let body = story(&body, limits)?;
    let relations = package.relations(&main)?;
    let mut found = Found { engine: "docx", body: body.text.clone(), ..Found::default() };
    let mut stories = vec![];
    for relation in &relations {
        let wanted = match relation.kind.as_str() {
            "footnotes" | "endnotes" => true,
            "header" | "footer" => body.heads.contains(&relation.id),
            _ => false,
        };
        if !wanted {
            continue;
        }
        // A lost note or running head does not cost the body.
        let part = package.part(&relation.target);
        match part.and_then(|part| part.ok_or_else(no_text_part)).and_then(|part| story(&part, limits)) {
            Ok(story) => {
                let text = if relation.kind.ends_with("notes") { &mut found.notes } else { &mut found.running_heads };
                text.push_str(&story.text);
                text.push('\n');
                stories.push(story);
            }
            Err(refusal) if refusal.outcome == Outcome::TooLarge => return Err(refusal),
            Err(_) => {
                found.partial = true;
                found.remarks.push(format!("Its {} could not be read.", relation.kind));
            }
        }
    }
    stories.push(body);
    remark(&mut found, &stories);
    if relations.iter().any(|r| r.kind == "aFChunk") {
        found.partial = true;
        found.remarks.push(
            "It embeds another document (altChunk), whose text is not counted: please send one whole DOCX or PDF."
                .to_owned(),
        );
    }
    Ok(found)
}

/// Says what a person should know of the parts that were read.
fn remark(found: &mut Found, stories: &[Story]) {
    if stories.iter().any(|s| s.insertions || s.deletions) {
        found
            .remarks
            .push("It holds tracked changes: what was inserted is counted, what was deleted is left out.".to_owned());
    }
    if stories.iter().any(|s| s.formulas) {
        found.remarks.push("Its formulas are left out of the text and the count.".to_owned());
    }
    if stories.iter().any(|s| s.truncated) {
        found.partial = true;
        found.remarks.push(
            "A part of this document is damaged; the text up to the damage was read: please send it again.".to_owned(),
        );
    }
}

fn story(part: &[u8], limits: &Limits) -> Result<Story, Refusal> {
    let text = xml::decode(part);
    Story::read(&text, limits).map_err(|fault| match fault {
        xml::Fault::TooDeep => Refusal::new(
            Outcome::TooLarge,
            format!("This document nests more than {} levels deep: a person must open it.", limits.nesting),
        ),
        xml::Fault::Dtd => Refusal::new(
            Outcome::Damaged,
            "This document holds a document type definition, which Word never writes: it was not read; a person must \
             look at it.",
        ),
        xml::Fault::Malformed => no_text_part(),
    })
}

fn no_text_part() -> Refusal {
    Refusal::new(Outcome::Damaged, "This Word document is damaged and could not be read: please send it again.")
}
