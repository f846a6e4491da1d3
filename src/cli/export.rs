//! Tables as files for other programs: comma-separated values, a spreadsheet, a Word document.
//!
//! Promises that nothing a stranger wrote is taken for a formula, and that times are those of the call's zone.

mod coverage;
mod log;
mod register;
mod sheet;
mod word;

pub(super) use self::{
    coverage::coverage,
    log::log,
    register::{notes, register},
    sheet::{As, texts},
};
