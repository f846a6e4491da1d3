//! Which headings the inputs answer, as a file: a row for each input and heading, with the line that shows it.

use super::{
    ExportError,
    sheet::{As, Cell, csv, xlsx},
};
use crate::{
    core::calls::coverage::Answer,
    desk::{Coverage, Covered},
    store::word,
};

/// The columns, named as in the JSON.
const COLUMNS: [&str; 11] = [
    "reference",
    "states",
    "names",
    "version",
    "number",
    "heading",
    "how",
    "paragraph",
    "line",
    "why_not_read",
    "lacks",
];

/// The table as a file; an input that was not read has one row, which says why.
///
/// # Errors
/// The file cannot be made.
pub fn coverage(format: As, coverage: &Coverage) -> Result<Vec<u8>, ExportError> {
    let mut rows = Vec::new();
    for input in &coverage.inputs {
        if input.headings.is_empty() {
            rows.push(cells(input, None)?);
        }
        for answer in &input.headings {
            rows.push(cells(input, Some(answer))?);
        }
    }
    match format {
        As::Xlsx => {
            let note = "The template is voluntary: a heading that is not found is no fault of a state.".to_owned();
            xlsx("Coverage", &COLUMNS, &rows, &[note])
        }
        As::Csv | As::Docx => csv(&COLUMNS, &rows),
    }
}

fn cells(input: &Covered, answer: Option<&Answer>) -> Result<Vec<Cell>, ExportError> {
    let codes: Vec<&str> = input.states.iter().map(|(iso3, _)| iso3.as_str()).collect();
    let names: Vec<&str> = input.states.iter().map(|(_, name)| name.as_str()).collect();
    let found = answer.and_then(|answer| answer.found.as_ref());
    let how = match answer {
        None => String::new(),
        Some(_) => found.map_or_else(|| Ok("not_found".to_owned()), |found| word(&found.how))?,
    };
    Ok(vec![
        Cell::text(Some(&input.reference)),
        Cell::Text(codes.join(" ")),
        Cell::Text(names.join(", ")),
        Cell::number(input.version.map(u64::from)),
        Cell::text(Some(&input.number)),
        Cell::text(answer.map(|answer| answer.heading.as_str())),
        Cell::Text(how),
        Cell::number(found.map(|found| found.paragraph as u64)),
        Cell::text(found.map(|found| found.line.as_str())),
        Cell::text(input.why_not_read.as_deref()),
        Cell::text(input.lacks.as_deref()),
    ])
}
