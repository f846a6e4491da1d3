//! The form that a PDF may hold beside its pages.
//!
//! Promises what was filled into fields that no viewer has drawn yet, once each; what is drawn stands on the pages. Forms
//! of the other kind (XFA), whose pages hold a notice only, are named.

use std::collections::HashSet;

use pdf_extract::{Dictionary, Object};

use super::{
    super::found::Found,
    objects::{Objects, as_dictionary},
};

/// More fields than this are not looked at.
const MOST: usize = 20_000;

/// What a form adds to the pages.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// The values of fields that are not drawn, a line each.
    undrawn: String,
    is_xfa: bool,
}

impl Form {
    pub(super) fn read(objects: &Objects<'_>) -> Self {
        let mut form = Self::default();
        let catalog = objects.document.trailer.get(b"Root").ok().and_then(|root| as_dictionary(objects.resolve(root)));
        let Some(found) = catalog.and_then(|catalog| objects.dictionary(catalog, b"AcroForm")) else { return form };
        form.is_xfa = objects.get(found, b"XFA").is_some();
        let mut waiting: Vec<(&Dictionary, bool)> = children(objects, found, b"Fields").map(|f| (f, false)).collect();
        let mut seen = HashSet::new();
        while let Some((field, valued)) = waiting.pop() {
            let address = std::ptr::from_ref(field).addr();
            if seen.len() >= MOST || !seen.insert(address) {
                continue;
            }
            let value = objects.get(field, b"V").and_then(text);
            let has_drawing = |widget: &Dictionary| objects.dictionary(widget, b"AP").is_some();
            let drawn = has_drawing(field) || children(objects, field, b"Kids").any(has_drawing);
            if let Some(value) = value.as_ref().filter(|_| !drawn && !valued) {
                form.undrawn.push_str(value.trim());
                form.undrawn.push('\n');
            }
            waiting.extend(children(objects, field, b"Kids").map(|kid| (kid, valued || value.is_some())));
        }
        form
    }

    pub(super) fn add_to(&self, found: &mut Found) {
        if !self.undrawn.trim().is_empty() {
            found.body.push_str(&self.undrawn);
            found.remarks.push("What was filled into its form stands at the end of the text.".to_owned());
        }
        if self.is_xfa {
            found.partial = true;
            found.remarks.push(
                "It is a form of the XFA kind, of which only what stands on the pages was read: please print it to a \
                 PDF and send that."
                    .to_owned(),
            );
        }
    }
}

fn children<'a>(
    objects: &'a Objects<'_>,
    parent: &'a Dictionary,
    key: &[u8],
) -> impl Iterator<Item = &'a Dictionary> + use<'a> {
    let children = objects.array(parent, key).unwrap_or_default();
    children.iter().filter_map(|child| as_dictionary(objects.resolve(child)))
}

/// A text string: UTF-16 or UTF-8 by its mark, else a byte a letter.
fn text(value: &Object) -> Option<String> {
    let Object::String(bytes, _) = value else { return None };
    let text = match bytes.as_slice() {
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    };
    (!text.trim().is_empty()).then_some(text)
}
