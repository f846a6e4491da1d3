//! The reference tables as they are written: CSV text in, rows out.
//!
//! Promises every problem of a table with its line, as a sentence, and never stops at the first.

use std::{collections::HashMap, fmt};

use crate::core::iso3::Iso3;

/// The texts of the reference tables, as `config/states/` holds them.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// Codes, names, rosters and abbreviations of all states.
    pub member_states: &'a str,
    /// Government mail domains by class.
    pub domain_evidence: &'a str,
    /// Domains that many senders share.
    pub shared_domains: &'a str,
    /// Authorities that are not the state's Government.
    pub substate_domains: &'a str,
    /// Terms that more than one reading can claim.
    pub ambiguous: &'a str,
    /// Names inside longer ones.
    pub embedded_names: &'a str,
    /// Names that were right until a date.
    pub dated_names: &'a str,
}

/// What is wrong with a line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableProblem {
    /// The table's name, without `.csv`.
    pub table: &'static str,
    /// Its line, the heading being the first; 0 for the table as a whole.
    pub line: u64,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for TableProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.csv:{}: {}", self.table, self.line, self.message)
    }
}

/// A row with its line, its cells by column.
pub(super) struct Row<'t> {
    pub(super) line: u64,
    table: &'static str,
    columns: &'t HashMap<String, usize>,
    cells: csv::StringRecord,
}

impl Row<'_> {
    /// A cell without the space around it; empty where the column is missing, which was said once for the table.
    pub(super) fn get(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|i| self.cells.get(*i)).unwrap_or("").trim()
    }

    /// The names of the columns, in any order.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// The parts of a cell, empty ones left out.
    pub(super) fn list(&self, column: &str, separator: char) -> Vec<&str> {
        self.get(column).split(separator).map(str::trim).filter(|p| !p.is_empty()).collect()
    }

    /// A code of a state that the register knows.
    pub(super) fn state(
        &self,
        column: &str,
        known: &HashMap<Iso3, usize>,
        problems: &mut Vec<TableProblem>,
    ) -> Option<Iso3> {
        self.code(self.get(column), known, problems)
    }

    /// One code of a cell.
    pub(super) fn code(
        &self,
        text: &str,
        known: &HashMap<Iso3, usize>,
        problems: &mut Vec<TableProblem>,
    ) -> Option<Iso3> {
        match text.parse::<Iso3>() {
            Ok(iso3) if known.contains_key(&iso3) => Some(iso3),
            Ok(iso3) => {
                problems.push(self.problem(format!("{iso3} is no state of member_states.csv.")));
                None
            }
            Err(error) => {
                problems.push(self.problem(format!("{error}.")));
                None
            }
        }
    }

    /// A problem of this line.
    pub(super) fn problem(&self, message: String) -> TableProblem {
        TableProblem { table: self.table, line: self.line, message }
    }
}

/// Reads a table and hands over its rows; a row that is no CSV, and a missing column, become problems.
pub(super) fn rows(
    table: &'static str,
    text: &str,
    required: &[&str],
    problems: &mut Vec<TableProblem>,
    mut each: impl FnMut(&Row<'_>, &mut Vec<TableProblem>),
) {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let columns: HashMap<String, usize> = match reader.headers() {
        Ok(headings) => headings.iter().enumerate().map(|(i, h)| (h.trim().to_owned(), i)).collect(),
        Err(error) => {
            problems.push(TableProblem { table, line: 1, message: format!("The heading cannot be read: {error}.") });
            return;
        }
    };
    let missing: Vec<&str> = required.iter().copied().filter(|c| !columns.contains_key(*c)).collect();
    if !missing.is_empty() {
        let message = format!("The heading lacks {}.", missing.join(", "));
        problems.push(TableProblem { table, line: 1, message });
        return;
    }
    let mut count = 0;
    for record in reader.records() {
        match record {
            Ok(cells) => {
                let line = cells.position().map_or(0, csv::Position::line);
                if cells.len() != columns.len() {
                    let message = format!("The line has {} cells, the heading {}.", cells.len(), columns.len());
                    problems.push(TableProblem { table, line, message });
                    continue;
                }
                count += 1;
                each(&Row { line, table, columns: &columns, cells }, problems);
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(TableProblem { table, line, message: format!("The line cannot be read: {error}.") });
            }
        }
    }
    if count == 0 {
        problems.push(TableProblem { table, line: 0, message: "The table has no lines.".to_owned() });
    }
}
