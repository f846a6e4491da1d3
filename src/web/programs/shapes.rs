//! What programs are answered, field by field. It is written down here, and not derived from what the desk yields: whoever
//! changes a field there changes what others rely on, and a test that holds every real answer against this says so.

mod entry;
mod lists;
mod register;

use std::collections::BTreeMap;

use super::shape::{Shape, count, object, text};

/// All shapes by name.
pub(super) fn all() -> BTreeMap<&'static str, Shape> {
    let problem = object(
        "Why a request was not answered (RFC 9457).",
        vec![
            ("type", text(), "`about:blank`: the status says all that a program needs."),
            ("title", text(), "What the status means."),
            ("status", count(), "The status."),
            ("detail", text(), "What is the matter and what to do, in a sentence."),
        ],
        Vec::new(),
    );
    [("Problem", problem)].into_iter().chain(register::shapes()).chain(lists::shapes()).chain(entry::shapes()).collect()
}
