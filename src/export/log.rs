//! The log as a file.

use jiff::tz::TimeZone;

use super::{
    ExportError,
    sheet::{As, Cell, csv, xlsx},
    word::{Document, Weight},
};
use crate::{core::recorded::Recorded, desk::view::LogLine, store::word};

/// The columns, named as in the JSON of the log.
const COLUMNS: [&str; 21] = [
    "number",
    "reference",
    "received",
    "clock",
    "from",
    "subject",
    "relevance",
    "states",
    "names",
    "kind",
    "standing",
    "deadline",
    "words",
    "version",
    "current",
    "letters",
    "waiting",
    "recorded",
    "place",
    "withdrawn",
    "in_charge",
];

/// What a Word table of a page's width has room for, in the order of `COLUMNS`, each with its width.
const IN_WORD: [(&str, usize); 8] = [
    ("number", 1),
    ("reference", 1),
    ("received", 1),
    ("subject", 1),
    ("states", 1),
    ("names", 1),
    ("standing", 1),
    ("words", 1),
];

/// The log as a file.
///
/// # Errors
/// The file cannot be made.
pub fn log(format: As, title: &str, lines: &[LogLine], zone: &TimeZone) -> Result<Vec<u8>, ExportError> {
    let rows = lines.iter().map(|line| cells(line, zone)).collect::<Result<Vec<_>, ExportError>>()?;
    match format {
        As::Csv => csv(&COLUMNS, &rows),
        As::Xlsx => xlsx("Intake log", &COLUMNS, &rows, &[]),
        As::Docx => {
            let shown = |name: &str| IN_WORD.iter().any(|(column, _)| *column == name);
            let rows = rows.iter().map(|row| {
                let cells = COLUMNS.iter().zip(row).filter(|(name, _)| shown(name));
                cells.map(|(_, cell)| (cell.plain(), Weight::Plain)).collect()
            });
            let mut document = Document::default();
            document.paragraph(title, Weight::Bold);
            document.table(&IN_WORD, rows.collect());
            document.written()
        }
    }
}

fn cells(line: &LogLine, zone: &TimeZone) -> Result<Vec<Cell>, ExportError> {
    let states = line.states.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(vec![
        Cell::text(Some(&line.number)),
        Cell::text(line.reference.as_deref()),
        Cell::time(Some(line.received), zone),
        Cell::text(Some(&line.clock)),
        Cell::text(line.from.as_deref()),
        Cell::text(line.subject.as_deref()),
        Cell::text(line.relevance.as_deref()),
        Cell::Text(states),
        Cell::Text(line.names.join(", ")),
        Cell::Text(line.kind.map(|kind| word(&kind)).transpose()?.unwrap_or_default()),
        Cell::Text(line.standing.map(|standing| word(&standing)).transpose()?.unwrap_or_default()),
        Cell::day(line.deadline),
        Cell::number(line.words),
        Cell::number(line.version.map(u64::from)),
        Cell::text(line.current.map(|current| if current { "true" } else { "false" })),
        Cell::Text(line.letters.join("; ")),
        Cell::text(line.waiting.as_deref()),
        Cell::Text(line.recorded.as_ref().map(Recorded::in_words).unwrap_or_default()),
        Cell::text(line.place.as_deref()),
        Cell::text(Some(if line.withdrawn { "true" } else { "false" })),
        Cell::text(line.in_charge.as_deref()),
    ])
}
