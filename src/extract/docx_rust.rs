//! A second opinion on Word documents, by docx-rust, where our own reader finds damage.
//!
//! Promises to hand it only what is small and flat: it unpacks without a limit and recurses. It loses text silently, so
//! its answer is always partial.

use std::io::Cursor;

use docx_rust::{
    DocxFile,
    document::{BodyContent, Table, TableCellContent, TableRowContent},
};

use super::{archive::Archive, found::Found, limits::Limits, refusal::Refusal};
use crate::core::file::Outcome;

/// The name of this engine.
pub(super) const NAME: &str = "docx-rust";

/// Larger packages are not handed over.
const MOST_BYTES: u64 = 16 << 20;
/// Nor is XML nested deeper than this.
const DEEPEST: usize = 100;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    let refused = || Refusal::new(Outcome::Damaged, "This Word document could not be read.");
    let few = Limits { all_bytes: MOST_BYTES, part_bytes: MOST_BYTES, ..*limits };
    let mut archive = Archive::new(bytes, &few)?;
    for name in archive.names().map(str::to_owned).collect::<Vec<_>>() {
        let part = archive.part(&name)?.unwrap_or_default();
        if nesting(&part) > DEEPEST {
            return Err(refused());
        }
    }
    let file = DocxFile::from_reader(Cursor::new(bytes)).map_err(|_| refused())?;
    let docx = file.parse().map_err(|_| refused())?;
    let mut body = String::new();
    for content in &docx.document.body.content {
        match content {
            BodyContent::Paragraph(paragraph) => line(&mut body, &paragraph.text()),
            BodyContent::Sdt(sdt) => line(&mut body, &sdt.text()),
            BodyContent::Table(table) => read_table(&mut body, table),
            _ => {}
        }
    }
    Ok(Found {
        engine: NAME,
        body,
        partial: true,
        remarks: vec!["This document is damaged; a part of its text may be missing: please send it again.".to_owned()],
        ..Found::default()
    })
}

fn line(body: &mut String, text: &str) {
    body.push_str(text);
    body.push('\n');
}

fn read_table(body: &mut String, table: &Table<'_>) {
    for row in &table.rows {
        for cell in &row.cells {
            let TableRowContent::TableCell(cell) = cell else { continue };
            for content in &cell.content {
                let TableCellContent::Paragraph(paragraph) = content;
                line(body, &paragraph.text());
            }
        }
    }
}

/// The deepest nesting of tags, well-formed or not.
fn nesting(xml: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for (i, byte) in xml.iter().enumerate() {
        match (byte, xml.get(i + 1)) {
            (b'<', Some(b'/')) | (b'/', Some(b'>')) => depth = depth.saturating_sub(1),
            (b'<', Some(b'?' | b'!')) => {}
            (b'<', _) => depth += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
