//! The log as a file for other programs: comma-separated values, a spreadsheet, a Word document.
//!
//! Promises that nothing a stranger wrote is taken for a formula: cells of the spreadsheet are text, and in
//! comma-separated values whatever begins like a formula gets a mark before it. Times are those of the call's zone.

use std::io::Cursor;

use docx_rust::{
    Docx,
    document::{Paragraph, Run, Table, TableCell, TableGrid, TableRow},
    formatting::CharacterProperty,
};
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Workbook};

use crate::{desk::view::LogLine, store::word};

/// The columns, named as in the JSON of the log.
const COLUMNS: [&str; 16] = [
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
    "letters",
    "waiting",
];

/// What a Word table of a page's width has room for, in the order of `COLUMNS`.
const WORD_COLUMNS: [&str; 8] = ["number", "reference", "received", "subject", "states", "names", "standing", "words"];
/// The width of such a table, in twentieths of a point.
const WORD_WIDTH: usize = 9_100;

/// The log as comma-separated values.
pub(super) fn csv(lines: &[LogLine], zone: &TimeZone) -> anyhow::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    for line in lines {
        table.write_record(cells(line, zone)?.map(|cell| unlike_formula(&cell)))?;
    }
    Ok(table.into_inner()?)
}

/// The log as a spreadsheet; words and version are numbers, all else is text.
pub(super) fn xlsx(lines: &[LogLine], zone: &TimeZone) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Intake log")?;
    let bold = Format::new().set_bold();
    for (column, name) in (0_u16..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    for (row, line) in (1_u32..).zip(lines) {
        for ((column, name), cell) in (0_u16..).zip(COLUMNS).zip(cells(line, zone)?) {
            match (name, cell.parse::<u32>()) {
                ("words" | "version", Ok(number)) => sheet.write_number(row, column, number)?,
                _ => sheet.write_string(row, column, clipped(&cell))?,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    Ok(workbook.save_to_buffer()?)
}

/// The log as a table in a Word document.
pub(super) fn docx(title: &str, lines: &[LogLine], zone: &TimeZone) -> anyhow::Result<Vec<u8>> {
    let bold = |text: &str| {
        let run = Run::default().property(CharacterProperty::default().bold(true)).push_text(text.to_owned());
        Paragraph::default().push(run)
    };
    let plain = |text: String| Paragraph::default().push_text(text);
    let mut head = TableRow::default();
    let mut grid = TableGrid::default();
    for column in WORD_COLUMNS {
        head = head.push_cell(TableCell::paragraph(bold(column)));
        grid = grid.push_column(isize::try_from(WORD_WIDTH / WORD_COLUMNS.len())?);
    }
    let mut table = Table { grids: grid, ..Table::default() }.push_row(head);
    for line in lines {
        let cells = cells(line, zone)?;
        let mut row = TableRow::default();
        for (_, cell) in COLUMNS.iter().zip(cells).filter(|(name, _)| WORD_COLUMNS.contains(name)) {
            row = row.push_cell(TableCell::paragraph(plain(cell)));
        }
        table = table.push_row(row);
    }
    let mut document = Docx::default();
    document.document.push(bold(title));
    document.document.push(table);
    let written = document.write(Cursor::new(Vec::new()));
    Ok(written.map_err(|error| anyhow::anyhow!("the Word document cannot be written: {error:?}"))?.into_inner())
}

fn cells(line: &LogLine, zone: &TimeZone) -> anyhow::Result<[String; 16]> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let received = line.received.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    Ok([
        line.number.clone(),
        text(&line.reference),
        received,
        line.clock.clone(),
        text(&line.from),
        text(&line.subject),
        text(&line.relevance),
        line.states.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        line.names.join(", "),
        line.kind.map(|kind| word(&kind)).transpose()?.unwrap_or_default(),
        line.standing.map(|standing| word(&standing)).transpose()?.unwrap_or_default(),
        line.deadline.map(|day| day.to_string()).unwrap_or_default(),
        line.words.map(|words| words.to_string()).unwrap_or_default(),
        line.version.map(|version| version.to_string()).unwrap_or_default(),
        line.letters.join("; "),
        text(&line.waiting),
    ])
}

/// What a spreadsheet would take for a formula is marked as text.
pub(super) fn unlike_formula(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell of a spreadsheet holds at most 32,767 characters.
fn clipped(cell: &str) -> String {
    cell.chars().take(32_000).collect()
}
