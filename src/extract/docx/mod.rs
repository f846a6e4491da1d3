//! Word documents (DOCX, DOCM, strict and transitional) by an own reader of their parts.
//!
//! Promises body, tables, text boxes, notes and the results of fields in reading order, insertions kept and deletions
//! left out; headers and footers apart. The numbers that Word puts before paragraphs stand in the text and do not count,
//! as they do not with Word. What it does not read (embedded documents, charts, comments, macros) and what it finds
//! hidden it says. A part that is not well-formed gives the text before the fault, marked as partial.

mod figures;
mod numbering;
mod package;
mod story;

use numbering::Numbering;
use package::{Package, Relation, no_text_part};
use story::Story;

use super::{
    docx_rust,
    found::Found,
    limits::Limits,
    ole,
    refusal::{Refusal, attempt},
    xml,
};
use crate::core::{
    file::{Outcome, Tried},
    text::words,
};

/// The name of our own reader.
const OWN: &str = "docx";

/// Reads a Word document: our own reader, and where it finds damage, docx-rust.
pub(super) fn read(bytes: &[u8], limits: &Limits, tried: &mut Vec<Tried>) -> Result<Found, Refusal> {
    if ole::is_compound(bytes) {
        return ole::refuse_encrypted();
    }
    let (ours, length) = match attempt(|| own(bytes, limits)) {
        Ok((found, true)) => {
            let length = found.body.len();
            (Ok(found), length)
        }
        Err(refusal) if refusal.outcome == Outcome::Damaged => (Err(refusal), 0),
        ours => return ours.map(|(found, _)| found),
    };
    match attempt(|| docx_rust::read(bytes, limits)) {
        Ok(second) if second.body.trim().len() > length => {
            tried.push(Tried::new(OWN, "it found damage, and less text"));
            Ok(second)
        }
        second => {
            let reason = if second.is_ok() { "it found no more text" } else { "it could not read the document" };
            tried.push(Tried::new(docx_rust::NAME, reason));
            if let Err(refusal) = &ours {
                tried.insert(0, Tried::new(OWN, refusal.detail.as_str()));
            }
            ours
        }
    }
}

/// What our own reader finds, and whether a part broke off.
fn own(bytes: &[u8], limits: &Limits) -> Result<(Found, bool), Refusal> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.main_part()?;
    let body = package.part(&main)?.ok_or_else(no_text_part)?;
    let relations = package.relations(&main)?;
    let numbering = numbering(&mut package, &relations, limits);
    let mut body = story(&body, limits, &numbering)?;
    let text = std::mem::take(&mut body.text);
    let uncounted = body.numbers + words::count(&body.hidden);
    let mut found = Found { engine: OWN, body: text, uncounted, ..Found::default() };
    let plain = Numbering::default();
    let mut stories = vec![];
    let mut footers = String::new();
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
        match part.and_then(|part| part.ok_or_else(no_text_part)).and_then(|part| story(&part, limits, &plain)) {
            Ok(story) => {
                let text = match relation.kind.as_str() {
                    "header" => &mut found.running_heads,
                    "footer" => &mut footers,
                    _ => &mut found.notes,
                };
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
    // A letterhead stands at the top, whatever the order of the parts.
    found.running_heads.push_str(&footers);
    stories.push(body);
    remark(&mut found, &stories);
    remark_embedded(&mut found, &relations);
    Ok((found, stories.iter().any(|story| story.truncated)))
}

/// The lists of a document; lost ones cost their numbers alone.
fn numbering(package: &mut Package<'_>, relations: &[Relation], limits: &Limits) -> Numbering {
    let mut part = |kind: &str| {
        let relation = relations.iter().find(|relation| relation.kind == kind)?;
        package.part(&relation.target).ok().flatten()
    };
    let Some(lists) = part("numbering") else { return Numbering::default() };
    let styles = part("styles").unwrap_or_default();
    Numbering::read(&xml::decode(&lists), &xml::decode(&styles), limits.nesting)
}

/// Says what a person should know of the parts that were read.
fn remark(found: &mut Found, stories: &[Story]) {
    let any = |noticed: fn(&Story) -> bool| stories.iter().any(noticed);
    let said = [
        (
            any(|s| s.insertions || s.deletions),
            "It holds tracked changes: what was inserted is counted, what was deleted is left out.",
        ),
        (any(|s| s.comments), "Its comments are left out of the text and the count."),
        (any(|s| !s.hidden.trim().is_empty()), "It holds hidden text, which stands in the text and is not counted."),
        (any(|s| s.formulas), "Its formulas are left out of the text and the count."),
    ];
    found.remarks.extend(said.iter().filter(|(noticed, _)| *noticed).map(|(_, remark)| (*remark).to_owned()));
    if any(|s| s.truncated) {
        found.partial = true;
        found.remarks.push(
            "A part of this document is damaged; the text up to the damage was read: please send it again.".to_owned(),
        );
    }
}

/// Says what else the document brings along.
fn remark_embedded(found: &mut Found, relations: &[Relation]) {
    let brings = |kinds: &[&str]| relations.iter().any(|relation| kinds.contains(&relation.kind.as_str()));
    if brings(&["vbaProject"]) {
        found.remarks.push("It holds macros, which were not run.".to_owned());
    }
    if brings(&["chart", "chartEx", "diagramData", "oleObject", "package"]) {
        found.remarks.push(
            "It holds charts, diagrams or files of other programs, whose text is not counted: look at them in the \
             document."
                .to_owned(),
        );
    }
    if brings(&["aFChunk", "subDocument"]) {
        found.partial = true;
        found.remarks.push(
            "It embeds another document (altChunk), whose text is not counted: please send one whole DOCX or PDF."
                .to_owned(),
        );
    }
}

fn story(part: &[u8], limits: &Limits, numbering: &Numbering) -> Result<Story, Refusal> {
    let text = xml::decode(part);
    Story::read(&text, limits, numbering).map_err(|fault| match fault {
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
