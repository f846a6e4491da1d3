//! People whose addresses a person entered or confirmed: focal points, and known senders.
//!
//! Reminders go to focal points alone; a known sender is evidence for the matcher and nothing else.

use jiff::civil::Date;

use super::{Sql, StoreError, Tx};
use crate::core::{iso3::Iso3, matching::Contact};

statements! {
    KEEP = Sql::both(
        "INSERT INTO contact (iso3, role, name, address, language, valid_from, valid_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (role, iso3, address) DO UPDATE SET
             name = excluded.name, language = excluded.language, valid_from = excluded.valid_from,
             valid_until = excluded.valid_until");
    FOCAL_POINTS = Sql::both(
        "SELECT iso3, name, address, language FROM contact
         WHERE role = 'focal_point' AND (valid_from IS NULL OR valid_from <= $1)
             AND (valid_until IS NULL OR valid_until >= $1)
         ORDER BY iso3, id");
    WITH_ADDRESS = Sql::both(
        "SELECT DISTINCT iso3 FROM contact
         WHERE address = $1 AND (valid_from IS NULL OR valid_from <= $2) AND (valid_until IS NULL OR valid_until >= $2)");
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

/// Why an address is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactRole {
    /// The secretariat's own list: reminders go here.
    FocalPoint,
    /// A person confirmed that this address writes for the state.
    KnownSender,
}

impl Tx {
    /// Keeps a person in the list, or brings the entry up to date.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn keep_person(&mut self, role: ContactRole, person: &Person) -> Result<(), StoreError> {
        let role = match role {
            ContactRole::FocalPoint => "focal_point",
            ContactRole::KnownSender => "known_sender",
        };
        let (from, until) = (person.valid.0.map(|d| d.to_string()), person.valid.1.map(|d| d.to_string()));
        let (iso3, name, address) = (person.iso3.as_str(), person.name.as_deref(), person.address.as_str());
        execute!(self, KEEP, iso3, role, name, address, person.language.as_deref(), from, until)?;
        Ok(())
    }

    /// The focal points on that day, by state.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn focal_points(&mut self, on: Date) -> Result<Vec<Person>, StoreError> {
        let rows = fetch!(all, self => (String, Option<String>, String, Option<String>), FOCAL_POINTS, on.to_string())?;
        rows.into_iter()
            .map(|(iso3, name, address, language)| {
                Ok(Person { iso3: super::iso3(&iso3)?, name, address, language, valid: (None, None) })
            })
            .collect()
    }

    /// For which states an address is known on that day, whatever the reason.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn contacts_with_address(&mut self, address: &str, on: Date) -> Result<Vec<Contact>, StoreError> {
        let address = address.to_lowercase();
        let rows = fetch!(all, self => (String,), WITH_ADDRESS, &address, on.to_string())?;
        rows.into_iter().map(|(iso3,)| Ok(Contact { address: address.clone(), iso3: super::iso3(&iso3)? })).collect()
    }
}
