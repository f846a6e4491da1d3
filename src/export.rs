//! Tables as files for other programs: comma-separated values, a spreadsheet, a Word document.
//!
//! Promises that nothing a stranger wrote is taken for a formula, and that times are those of the call's zone.

mod coverage;
mod error;
mod log;
mod register;
mod sheet;
mod word;

pub use self::{
    coverage::coverage,
    error::ExportError,
    log::log,
    register::{RegisterInJson, RegisterTotal, notes, register, register_json},
    sheet::{As, texts},
};
