//! From a document's bytes to its text; fed by strangers, so it runs only in the child process.
//!
//! Promises an outcome for every input within the limits, and never an empty text that passes for a read one. A panic of
//! an engine is caught here and becomes the next engine's turn; a death of the process (memory, stack, time) is the
//! parent's to turn into an outcome.

mod archive;
mod doc;
mod docx;
mod docx_rust;
mod external;
mod found;
mod inner;
mod limits;
mod msg;
mod odt;
mod ole;
mod pdf;
mod plain;
mod refusal;
mod rtf;
mod sniff;
mod supplied;
mod tnef;
mod xml;

pub use external::read_supplied;
pub use inner::{Inner, Opened};
pub use limits::Limits;
pub use sniff::sniff;
pub use supplied::{Engine, Supplied};

use self::{
    found::finish,
    refusal::{Refusal, attempt},
};
use crate::core::file::{Format, Outcome, Reading};

/// Reads the text of a document.
#[must_use]
pub fn read(format: Format, bytes: &[u8], limits: &Limits) -> Reading {
    read_with(format, bytes, limits, |_| ())
}

/// Reads the text of a document. Before a second engine is asked about it, the answer that is there is put `in_hand`: it
/// holds if the process ends on the second.
#[must_use]
pub fn read_with(format: Format, bytes: &[u8], limits: &Limits, mut in_hand: impl FnMut(Reading)) -> Reading {
    if bytes.is_empty() {
        return Reading::without_text(Outcome::NoText, "This file is empty (0 bytes): please send it again.");
    }
    let refuse = |outcome, detail: &str| Err(Refusal::new(outcome, detail));
    let mut tried = Vec::new();
    let found = match format {
        Format::Docx | Format::Docm => docx::read(bytes, limits, &mut tried),
        Format::Pdf => {
            let mut in_hand = |found, tried| in_hand(Reading { tried: vec![tried], ..finish(found, limits) });
            pdf::read(bytes, limits, &mut tried, &mut in_hand)
        }
        Format::Odt => attempt(|| odt::read(bytes, limits)),
        Format::Rtf => attempt(|| rtf::read(bytes, limits)),
        Format::Html => attempt(|| plain::read_html(bytes)),
        Format::Text => attempt(|| plain::read_text(bytes)),
        Format::Doc => attempt(|| doc::read(bytes, limits)),
        Format::Xlsx => refuse(
            Outcome::Unsupported,
            "This is a spreadsheet, which is not read here: please send the text as DOCX or PDF.",
        ),
        Format::Pptx => refuse(
            Outcome::Unsupported,
            "This is a presentation, which is not read here: please send the text as DOCX or PDF.",
        ),
        Format::Image => refuse(
            Outcome::NoText,
            "This is a picture; its text, if any, cannot be read: please send the text as DOCX or PDF.",
        ),
        Format::Executable => refuse(Outcome::Unsupported, "This is a program, not a document; it was not opened."),
        Format::Zip | Format::Tnef | Format::Msg | Format::Message => {
            refuse(Outcome::NotRead, "This file holds other files, which are listed and read on their own.")
        }
        Format::Smime if bytes.trim_ascii_start().starts_with(b"-----BEGIN PGP") => refuse(
            Outcome::Unsupported,
            "This is signed or encrypted with PGP, which is not opened here: please send the document without it.",
        ),
        Format::Smime => refuse(
            Outcome::Unsupported,
            "This is a signed or encrypted S/MIME part, which is not opened here: please send the document without it.",
        ),
        Format::Calendar => refuse(Outcome::Unsupported, "This is a calendar entry, not a document."),
        Format::Unknown => {
            refuse(Outcome::Unsupported, "The format of this file is not known: please send the text as DOCX or PDF.")
        }
    };
    let reading = match found {
        Ok(found) => finish(found, limits),
        Err(refusal) => Reading::without_text(refusal.outcome, refusal.detail),
    };
    Reading { tried, ..reading }
}

/// Opens a container. `Err` is one sentence for a person.
///
/// # Errors
/// The file is no container, is encrypted or damaged, or goes over a limit.
pub fn open(format: Format, bytes: &[u8], limits: &Limits) -> Result<Opened, String> {
    let opened = match format {
        Format::Zip => attempt(|| archive::open(bytes, limits)).map(Opened::from),
        Format::Tnef => attempt(|| tnef::open(bytes, limits)),
        Format::Msg => attempt(|| msg::open(bytes, limits)),
        _ => return Err("This file holds no other files that can be opened here.".to_owned()),
    };
    opened.map_err(|refusal| refusal.detail)
}
