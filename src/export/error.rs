//! Why a table could not be made into a file.

use crate::store::StoreError;

/// A table could not be made into a file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The values separated by commas.
    #[error("the table cannot be written: {0}")]
    Csv(#[from] csv::Error),
    /// The end of them.
    #[error("the table cannot be written to its end: {0}")]
    CsvEnd(String),
    /// The spreadsheet.
    #[error("the spreadsheet cannot be written: {0}")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// The Word document.
    #[error("the Word document cannot be written: {0}")]
    Word(String),
    /// The JSON.
    #[error("the JSON cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The zone of the call is none.
    #[error("the zone of the call: {0}")]
    Zone(#[from] jiff::Error),
    /// A word of a row.
    #[error(transparent)]
    Store(#[from] StoreError),
}
