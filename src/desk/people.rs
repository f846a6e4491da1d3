//! The list of focal points: what it holds, and what a table would change in it.
//!
//! Promises that a table with a mistake changes nothing, that nobody is taken off the list who is in it only, and that what
//! the list says is replaced only where that is asked for.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

mod table;

use jiff::{civil::Date, tz::TimeZone};

use super::{Desk, DeskError};
use crate::{
    core::{iso3::Iso3, judging::matching::Register},
    store::Person,
};

/// What a table changes in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonChange {
    /// Somebody is new in it.
    Added(Person),
    /// Somebody’s last day is set, or comes earlier: the person with that day.
    Ended(Person),
    /// The list says something else of somebody, and takes what the table says.
    Replaced {
        /// What the list said.
        before: Person,
        /// What it says now.
        now: Person,
    },
    /// The list says something else of somebody, and keeps it.
    Kept {
        /// What the list says.
        list: Person,
        /// What the table says.
        table: Person,
    },
    /// List and table say the same.
    Same(Person),
}

/// What is done with a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeopleImport {
    /// What the list says of somebody is replaced; and of each state in the table, whoever is not in it ends the day before.
    pub replace: bool,
    /// Only what would change is found out.
    pub dry_run: bool,
}

impl Desk {
    /// Everybody in the list, by state, with those whose time is over.
    pub async fn people(&self) -> Result<Vec<Person>, DeskError> {
        Ok(self.instance.db.snapshot().await?.people().await?)
    }

    /// Today, where the first call is.
    #[must_use]
    pub fn today(&self) -> Date {
        let zone = self.instance.call(None).and_then(|open| TimeZone::get(&open.deadline.zone).ok());
        self.instance.clock.now().to_zoned_datetime(zone.unwrap_or(TimeZone::UTC)).date()
    }

    /// Takes in a table of focal points as it comes, adding and ending, and yields how many it holds.
    ///
    /// # Errors
    /// All mistakes of the table, each with its line; or the database did not answer. Then nothing was changed.
    pub async fn import_focal_points(&self, table: &str) -> Result<usize, DeskError> {
        Ok(self.import_people(table.as_bytes(), PeopleImport::default()).await?.len())
    }

    /// Takes in a table of focal points with the columns iso3, name, address, language, from, until, and says what that
    /// changes, in the order of the table.
    ///
    /// # Errors
    /// As above.
    pub async fn import_people(&self, table: &[u8], how: PeopleImport) -> Result<Vec<PersonChange>, DeskError> {
        let table = people_of(table, &self.instance.register)?;
        if how.dry_run {
            return Ok(changes(&self.people().await?, table, how.replace, self.today()));
        }
        let mut tx = self.instance.db.begin().await?;
        let changes = changes(&tx.people().await?, table, how.replace, self.today());
        for change in &changes {
            match change {
                PersonChange::Added(person)
                | PersonChange::Ended(person)
                | PersonChange::Replaced { now: person, .. } => tx.keep_person(person).await?,
                PersonChange::Kept { .. } | PersonChange::Same(_) => {}
            }
        }
        tx.commit().await?;
        Ok(changes)
    }
}

/// The people of a table, by a register.
///
/// # Errors
/// All mistakes of the table, each with its line.
pub fn people_of(table: &[u8], register: &Register) -> Result<Vec<Person>, DeskError> {
    table::read(table, register).map_err(|mistakes| DeskError::Refused(mistakes.join("\n")))
}

/// What a table changes in a list.
#[must_use]
pub fn changes(list: &[Person], table: Vec<Person>, replace: bool, today: Date) -> Vec<PersonChange> {
    let same = |one: &Person, other: &Person| one.iso3 == other.iso3 && one.address == other.address;
    let absent: Vec<Person> =
        list.iter().filter(|known| !table.iter().any(|person| same(known, person))).cloned().collect();
    let mut states: Vec<Iso3> = table.iter().map(|person| person.iso3).collect();
    states.sort_unstable();
    let mut changes: Vec<PersonChange> = Vec::new();
    for person in table {
        match list.iter().find(|known| same(known, &person)) {
            None => changes.push(PersonChange::Added(person)),
            Some(known) => changes.extend(changed(known.clone(), person, replace)),
        }
    }
    let yesterday = today.yesterday().unwrap_or(today);
    let ends = absent.into_iter().filter(|known| replace && states.binary_search(&known.iso3).is_ok());
    let ends = ends.filter(|known| known.valid.1.is_none_or(|until| until > yesterday));
    changes.extend(ends.map(|known| PersonChange::Ended(Person { valid: (known.valid.0, Some(yesterday)), ..known })));
    changes
}

/// What a row of the table changes of somebody whom the list knows.
fn changed(list: Person, table: Person, replace: bool) -> Vec<PersonChange> {
    if list == table {
        return vec![PersonChange::Same(list)];
    }
    if replace {
        return vec![PersonChange::Replaced { before: list, now: table }];
    }
    let earlier = table.valid.1.filter(|until| list.valid.1.is_none_or(|known| *until < known));
    let Some(until) = earlier else { return vec![PersonChange::Kept { list, table }] };
    let ended = Person { valid: (list.valid.0, Some(until)), ..list };
    let kept = (ended != table).then(|| PersonChange::Kept { list: ended.clone(), table });
    [Some(PersonChange::Ended(ended)), kept].into_iter().flatten().collect()
}
