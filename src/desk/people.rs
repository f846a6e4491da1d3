//! The list of focal points, taken in from a table.

use csv::StringRecord;
use jiff::civil::Date;

use super::{Desk, DeskError};
use crate::{
    core::{
        mail::address::{domain, is_address},
        text::language::Language,
    },
    store::Person,
};

const COLUMNS: [&str; 6] = ["iso3", "name", "address", "language", "from", "until"];

impl Desk {
    /// Takes in focal points from comma-separated values with the columns iso3, name, address, language, from, until, and
    /// yields how many. A table with a mistake changes nothing.
    ///
    /// # Errors
    /// All mistakes of the table, each with its line; or the database did not answer.
    pub async fn import_focal_points(&self, table: &str) -> Result<usize, DeskError> {
        let people = self.read_people(table.trim_start_matches('\u{feff}'))?;
        let mut tx = self.instance.db.begin().await?;
        for person in &people {
            tx.keep_person(person).await?;
        }
        tx.commit().await?;
        Ok(people.len())
    }

    fn read_people(&self, table: &str) -> Result<Vec<Person>, DeskError> {
        let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(table.as_bytes());
        let heads = rows.headers().cloned().unwrap_or_default();
        let missing: Vec<&str> =
            COLUMNS.into_iter().filter(|column| !heads.iter().any(|head| head == *column)).collect();
        if !missing.is_empty() {
            return Err(DeskError::Refused(format!("line 1: the columns {} are missing", missing.join(", "))));
        }
        let (mut people, mut mistakes) = (Vec::new(), Vec::new());
        for row in rows.records() {
            let read = match &row {
                Ok(row) => self.person(&heads, row),
                Err(error) => Err(error.to_string()),
            };
            let line = row.as_ref().ok().and_then(|row| row.position()).map_or(0, csv::Position::line);
            match read {
                Ok(person) => people.push(person),
                Err(mistake) => mistakes.push(format!("line {line}: {mistake}")),
            }
        }
        if mistakes.is_empty() { Ok(people) } else { Err(DeskError::Refused(mistakes.join("\n"))) }
    }

    fn person(&self, heads: &StringRecord, row: &StringRecord) -> Result<Person, String> {
        let cell = |column: &str| {
            let place = heads.iter().position(|head| head == column)?;
            row.get(place).filter(|cell| !cell.is_empty())
        };
        let day = |column: &str| {
            let parse = |text: &str| text.parse::<Date>().map_err(|_| format!("“{text}” is no date; write 2020-09-30"));
            cell(column).map(parse).transpose()
        };
        let iso3 = cell("iso3").unwrap_or_default().parse().map_err(|error| format!("{error}"))?;
        if self.instance.register.state(iso3).is_none() {
            return Err(format!("{iso3} is the code of no state that the tables know"));
        }
        let address = cell("address").unwrap_or_default().to_lowercase();
        // Nobody outside can be reached at a machine without a domain.
        if !is_address(&address) || !domain(&address).contains('.') {
            return Err(format!("“{address}” is no address"));
        }
        let language = cell("language").map(|code| code.parse::<Language>().map_err(|error| error.to_string()));
        Ok(Person {
            iso3,
            name: cell("name").map(str::to_owned),
            address,
            language: language.transpose()?.map(|language| language.code().to_owned()),
            valid: (day("from")?, day("until")?),
        })
    }
}
