//! Open Document text (ODT): the text of its content part.
//!
//! Promises paragraphs, tables, text boxes and notes; deleted passages of tracked changes and comments are left out.

use super::{
    archive::Archive,
    found::Found,
    limits::Limits,
    refusal::Refusal,
    xml::{self, Fault, Node, Nodes},
};
use crate::core::file::Outcome;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    let mut archive = Archive::new(bytes, limits)?;
    let manifest = archive.part("META-INF/manifest.xml")?.unwrap_or_default();
    if xml::decode(&manifest).contains("encryption-data") {
        return Err(Refusal::new(Outcome::Encrypted, "This document needs a password: please send it without one."));
    }
    let damaged =
        || Refusal::new(Outcome::Damaged, "This document is damaged and could not be read: please send it again.");
    let content = archive.part("content.xml")?.ok_or_else(damaged)?;
    let mut found = Found { engine: "odt", ..Found::default() };
    if let Some(styles) = archive.part("styles.xml")? {
        // Headers and footers; a fault there does not cost the body.
        let mut heads = Walk::default();
        let _ = heads.over(&xml::decode(&styles), limits, true);
        found.running_heads = heads.body;
    }
    let mut walk = Walk::default();
    match walk.over(&xml::decode(&content), limits, false) {
        Ok(()) => {}
        Err(Fault::TooDeep) => {
            return Err(Refusal::new(
                Outcome::TooLarge,
                format!("This document nests more than {} levels deep: a person must open it.", limits.nesting),
            ));
        }
        Err(Fault::Malformed) if !walk.body.trim().is_empty() => {
            found.partial = true;
            found
                .remarks
                .push("This document is damaged; the text up to the damage was read: please send it again.".to_owned());
        }
        Err(_) => return Err(damaged()),
    }
    if walk.deletions {
        found
            .remarks
            .push("It holds tracked changes: what was inserted is counted, what was deleted is left out.".to_owned());
    }
    (found.body, found.notes) = (walk.body, walk.notes);
    Ok(found)
}

#[derive(Default)]
struct Walk {
    body: String,
    notes: String,
    deletions: bool,
    /// Open paragraphs and headings: text outside them is no text.
    paragraphs: usize,
    /// Open notes.
    in_note: usize,
    /// Open elements within something that is skipped.
    skipped: usize,
    /// Open headers or footers.
    in_head: usize,
}

impl Walk {
    fn over(&mut self, xml: &str, limits: &Limits, heads_only: bool) -> Result<(), Fault> {
        let mut nodes = Nodes::new(xml, limits.nesting);
        while let Some(node) = nodes.next()? {
            if self.body.len() + self.notes.len() > limits.text_bytes {
                break;
            }
            match node {
                Node::Start(element) => {
                    let name = element.local_name().into_inner();
                    if self.skipped > 0 {
                        self.skipped += 1;
                        continue;
                    }
                    match name {
                        "tracked-changes" => {
                            self.deletions = true;
                            self.skipped = 1;
                        }
                        "annotation" | "note-citation" | "forms" | "ruby-text" => self.skipped = 1,
                        "p" | "h" => self.paragraphs += 1,
                        "note" => self.in_note += 1,
                        "header" | "footer" | "header-first" | "footer-first" => self.in_head += 1,
                        "s" => {
                            let n = xml::attribute(&element, "c").and_then(|n| n.parse().ok()).unwrap_or(1);
                            self.write(&" ".repeat(std::cmp::min(n, 80)));
                        }
                        "tab" => self.write("\t"),
                        "line-break" => self.write("\n"),
                        _ => {}
                    }
                }
                Node::End(end) => {
                    if self.skipped > 0 {
                        self.skipped -= 1;
                        continue;
                    }
                    match end.local_name().into_inner() {
                        "p" | "h" => {
                            self.paragraphs = self.paragraphs.saturating_sub(1);
                            self.out().push('\n');
                        }
                        "note" => self.in_note = self.in_note.saturating_sub(1),
                        "header" | "footer" | "header-first" | "footer-first" => {
                            self.in_head = self.in_head.saturating_sub(1);
                        }
                        _ => {}
                    }
                }
                Node::Text(text) => {
                    if self.skipped == 0 && self.paragraphs > 0 && (!heads_only || self.in_head > 0) {
                        self.write(&text.replace(['\n', '\r'], " "));
                    }
                }
            }
        }
        Ok(())
    }

    fn out(&mut self) -> &mut String {
        if self.in_note > 0 { &mut self.notes } else { &mut self.body }
    }

    fn write(&mut self, text: &str) {
        self.out().push_str(text);
    }
}
