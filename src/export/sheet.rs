//! A table for a spreadsheet, or as comma-separated values.
//!
//! Promises that in a spreadsheet text is text, numbers are numbers and times are dates; that in comma-separated values whatever
//! begins like a formula gets a mark before it; and that those begin with the mark by which Excel knows UTF-8.

use jiff::{
    Timestamp, ZonedDateTime,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::ExportError;
/// The files there are.
#[derive(Clone, Copy, Debug)]
pub enum As {
    /// Values separated by commas.
    Csv,
    /// A spreadsheet.
    Xlsx,
    /// A Word document.
    Docx,
}

/// By this Excel knows that comma-separated values are UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// What a cell holds.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Text(String),
    Number(u64),
    Day(Date),
    Time(ZonedDateTime),
}

impl Cell {
    pub(super) fn text(value: Option<&str>) -> Self {
        Self::Text(value.unwrap_or_default().to_owned())
    }

    pub(super) fn number(value: Option<u64>) -> Self {
        value.map_or_else(|| Self::text(None), Self::Number)
    }

    pub(super) fn day(value: Option<Date>) -> Self {
        value.map_or_else(|| Self::text(None), Self::Day)
    }

    pub(super) fn time(value: Option<Timestamp>, zone: &TimeZone) -> Self {
        value.map_or_else(|| Self::text(None), |at| Self::Time(at.to_zoned_datetime(zone.clone())))
    }

    /// How many letters wide a column must be to show it, where too narrow a one shows nothing of it.
    fn least_width(&self) -> Option<u32> {
        match self {
            Self::Text(_) | Self::Number(_) => None,
            Self::Day(_) => Some(18),
            Self::Time(_) => Some(30),
        }
    }

    /// As other programs read it.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Time(time) => time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        }
    }
}

pub(super) fn csv(columns: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>, ExportError> {
    let mut table = csv::Writer::from_writer(MARK.to_vec());
    table.write_record(columns)?;
    for row in rows {
        table.write_record(row.iter().map(|cell| unlike_formula(&cell.plain())))?;
    }
    table.into_inner().map_err(|error| ExportError::CsvEnd(error.to_string()))
}

/// A table of texts as comma-separated values.
///
/// # Errors
/// The file cannot be made.
pub fn texts<const N: usize>(columns: &[&str; N], rows: &[[String; N]]) -> Result<Vec<u8>, ExportError> {
    let cells = rows.iter().map(|row| row.iter().cloned().map(Cell::Text).collect());
    csv(columns, &cells.collect::<Vec<_>>())
}

pub(super) fn xlsx(name: &str, columns: &[&str], rows: &[Vec<Cell>], notes: &[String]) -> Result<Vec<u8>, ExportError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(name)?;
    let bold = Format::new().set_bold();
    for (column, head) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(0, column, *head, &bold)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            put(sheet, (line, column), cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    for (column, _) in (0_u16..).zip(columns) {
        let there = rows.iter().filter_map(|row| row.get(usize::from(column)));
        if let Some(least) = there.filter_map(Cell::least_width).max() {
            sheet.set_column_width(column, least)?;
        }
    }
    if !notes.is_empty() {
        let sheet = workbook.add_worksheet().set_name("Notes")?;
        for (line, note) in (0_u32..).zip(notes) {
            sheet.write_string(line, 0, clipped(note))?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

fn put(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    match cell {
        Cell::Text(text) if text.is_empty() => {}
        Cell::Number(number) if u32::try_from(*number).is_ok() => {
            sheet.write_number(row, column, u32::try_from(*number).unwrap_or_default())?;
        }
        Cell::Day(date) => match excel(date.to_datetime(jiff::civil::Time::midnight())) {
            Some(date) => _ = sheet.write_datetime_with_format(row, column, date, &day)?,
            None => _ = sheet.write_string(row, column, cell.plain())?,
        },
        Cell::Time(at) => match excel(at.datetime()) {
            Some(time) => _ = sheet.write_datetime_with_format(row, column, time, &shown(at))?,
            None => _ = sheet.write_string(row, column, cell.plain())?,
        },
        Cell::Text(_) | Cell::Number(_) => _ = sheet.write_string(row, column, clipped(&cell.plain()))?,
    }
    Ok(())
}

/// How a time is shown: a spreadsheet knows no zones, and so the difference to UTC stands in the format of the cell.
fn shown(at: &ZonedDateTime) -> Format {
    Format::new().set_num_format(format!("yyyy-mm-dd hh:mm:ss \"{}\"", at.strftime("%:z")))
}

/// A time of the calendar that Excel has, which begins in 1900.
fn excel(at: DateTime) -> Option<ExcelDateTime> {
    let year = u16::try_from(at.year()).ok().filter(|year| *year >= 1900)?;
    let [month, day, minute, second] = [at.month(), at.day(), at.minute(), at.second()].map(i8::unsigned_abs);
    let date = ExcelDateTime::from_ymd(year, month, day).ok()?;
    date.and_hms(u16::from(at.hour().unsigned_abs()), minute, second).ok()
}

/// What a spreadsheet would take for a formula is marked as text.
fn unlike_formula(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell of a spreadsheet holds at most 32,767 characters.
fn clipped(cell: &str) -> String {
    cell.chars().take(32_000).collect()
}
