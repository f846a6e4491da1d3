//! The package of an office document: parts, and the relations that name them.
//!
//! Promises that the main part is found as the standard says, by relation and content type, not by its usual name.

use super::super::{
    archive::Archive,
    limits::Limits,
    refusal::Refusal,
    xml::{self, Node, Nodes},
};
use crate::core::file::Outcome;

/// An opened package.
pub(super) struct Package<'a> {
    archive: Archive<'a>,
    nesting: usize,
}

/// One relation of a part to another.
pub(super) struct Relation {
    pub(super) id: String,
    /// The last word of the relation's type, such as `footnotes`; the same for strict and transitional documents.
    pub(super) kind: String,
    /// The full name of the part.
    pub(super) target: String,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        Ok(Self { archive: Archive::new(bytes, limits)?, nesting: limits.nesting })
    }

    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        self.archive.part(name)
    }

    /// The name of the main document part.
    pub(super) fn main_part(&mut self) -> Result<String, Refusal> {
        let related = self.relations("")?.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target);
        if let Some(name) = related.filter(|name| self.archive.has(name)) {
            return Ok(name);
        }
        if let Some(types) = self.part("[Content_Types].xml")? {
            let types = xml::decode(&types);
            let mut nodes = Nodes::new(&types, self.nesting);
            while let Ok(Some(node)) = nodes.next() {
                let Node::Start(element) = node else { continue };
                let is_main = xml::attribute(&element, "ContentType")
                    .is_some_and(|t| t.contains("word") && t.ends_with(".main+xml"));
                if let Some(name) = xml::attribute(&element, "PartName").filter(|n| is_main && self.archive.has(n)) {
                    return Ok(name);
                }
            }
        }
        let usual = "word/document.xml";
        if self.archive.has(usual) { Ok(usual.to_owned()) } else { Err(no_text_part()) }
    }

    /// The relations of a part, in their order; those of the package for `""`.
    pub(super) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let Some(bytes) = self.part(&join(folder, &format!("_rels/{file}.rels")))? else { return Ok(Vec::new()) };
        let text = xml::decode(&bytes);
        let mut nodes = Nodes::new(&text, self.nesting);
        let mut relations = Vec::new();
        while let Ok(Some(node)) = nodes.next() {
            let Node::Start(element) = node else { continue };
            let get = |name| xml::attribute(&element, name);
            if get("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external")) {
                continue;
            }
            if let (Some(kind), Some(target)) = (get("Type"), get("Target")) {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation { id: get("Id").unwrap_or_default(), kind, target: join(folder, &target) });
            }
        }
        Ok(relations)
    }
}

/// Resolves the name of a part against a folder.
fn join(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// A package without the part that holds its text.
pub(super) fn no_text_part() -> Refusal {
    Refusal::new(Outcome::Damaged, "This Word document is damaged and could not be read: please send it again.")
}
