//! People whose addresses a person entered or confirmed: focal points, and known senders.
//!
//! Reminders go to focal points alone. A known sender is evidence for the matcher and nothing else, and only as long as
//! the decision that confirmed the address is the one that stands on its item.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::civil::Date;

use super::{Sql, StoreError, Tx};
use crate::core::{decision::Act, iso3::Iso3, judging::matching::Contact};

statements! {
    KEEP = Sql::both(
        "INSERT INTO contact (iso3, role, name, address, language, valid_from, valid_until)
         VALUES ($1, 'focal_point', $2, $3, $4, $5, $6)
         ON CONFLICT (role, iso3, address) DO UPDATE SET
             name = excluded.name, language = excluded.language, valid_from = excluded.valid_from,
             valid_until = excluded.valid_until");
    FOCAL_POINTS = Sql::both(
        "SELECT iso3, name, address, language FROM contact
         WHERE role = 'focal_point' AND (valid_from IS NULL OR valid_from <= $1)
             AND (valid_until IS NULL OR valid_until >= $1)
         ORDER BY iso3, id");
    WITH_ADDRESS = Sql::both(
        "SELECT iso3 FROM contact
         WHERE address = $1 AND (valid_from IS NULL OR valid_from <= $2) AND (valid_until IS NULL OR valid_until >= $2)
         UNION
         SELECT k.iso3 FROM known_sender k JOIN decision d ON d.id = k.decision_id
         WHERE k.address = $1 AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)
             AND NOT EXISTS (SELECT 1 FROM decision l
                 WHERE l.item_id = d.item_id AND l.id > d.id AND l.undoes IS NULL
                     AND (l.kind <> d.kind OR l.value <> d.value)
                     AND l.kind NOT IN ($3, $4, $5)
                     AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = l.id))");
}

/// A person whose address a person entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The state the person speaks for.
    pub iso3: Iso3,
    /// The name.
    pub name: Option<String>,
    /// The address in lower case.
    pub address: String,
    /// The language to write in, by code.
    pub language: Option<String>,
    /// The first and the last day on which this holds.
    pub valid: (Option<Date>, Option<Date>),
}

impl Tx {
    /// Keeps a focal point in the list, or brings the entry up to date.
    pub async fn keep_person(&mut self, person: &Person) -> Result<(), StoreError> {
        let (from, until) = (person.valid.0.map(|d| d.to_string()), person.valid.1.map(|d| d.to_string()));
        let (iso3, name, address) = (person.iso3, person.name.as_deref(), person.address.as_str());
        execute!(self, KEEP, iso3, name, address, person.language.as_deref(), from, until)?;
        Ok(())
    }

    /// The focal points on that day, by state.
    pub async fn focal_points(&mut self, on: Date) -> Result<Vec<Person>, StoreError> {
        let rows = fetch!(all, self => (Iso3, Option<String>, String, Option<String>), FOCAL_POINTS, on.to_string())?;
        let person = |(iso3, name, address, language)| Person { iso3, name, address, language, valid: (None, None) };
        Ok(rows.into_iter().map(person).collect())
    }

    /// For which states an address is known on that day, whatever the reason.
    pub async fn contacts_with_address(&mut self, address: &str, on: Date) -> Result<Vec<Contact>, StoreError> {
        let address = address.to_lowercase();
        let [ask, extend, withdraw] = Act::BESIDE_THE_ITEM;
        let rows = fetch!(all, self => (Iso3,), WITH_ADDRESS, &address, on.to_string(), ask, extend, withdraw)?;
        Ok(rows.into_iter().map(|(iso3,)| Contact { address: address.clone(), iso3 }).collect())
    }
}
