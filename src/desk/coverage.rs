//! Which headings of the call's template the inputs answer.
//!
//! Promises that only what stands is looked at, a joint input once, that each finding quotes its line, and that where nothing was
//! read it is said why. It informs: the template is voluntary, and what is not found is no fault of a state.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Desk, DeskError,
    difference::submission,
    main_text::{MainText, main_text},
};
use crate::{
    core::{
        calls::coverage::{Answer, Headings},
        iso3::Iso3,
        submission::{View, stands},
    },
    instance::OpenCall,
    store::{PartyRows, StoreError, Tx, intake_number},
};

/// Whose headings are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All that stands under a call; the first of the configuration where none is named.
    Call(Option<String>),
    /// What stands for a state, alone and with others.
    State(Option<String>, Iso3),
    /// What a docket reference or the number of an entry stands for.
    Reference(String),
}

/// Which headings the inputs to a call answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The code of the call.
    pub call: String,
    /// The headings, in the order of the call.
    pub headings: Vec<String>,
    /// What stands, by reference.
    pub inputs: Vec<Covered>,
    /// How many states are on the roster of the call.
    pub roster: u64,
    /// Of how many of them an input stands.
    pub sent: u64,
}

/// Which headings one input answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// The docket reference.
    pub reference: String,
    /// The states, with their names; none of a sender who is no state.
    pub states: Vec<(Iso3, String)>,
    /// The number of the version that stands.
    pub version: Option<u32>,
    /// The item that holds its text: `M-000123/1`.
    pub number: String,
    /// What it answers, in the order of the headings; none where it was not read.
    pub headings: Vec<Answer>,
    /// Why it was not read, in words that go on after it.
    pub why_not_read: Option<String>,
    /// What of it was not read.
    pub lacks: Option<String>,
}

impl Desk {
    /// Which headings of a call what stands answers.
    ///
    /// # Errors
    /// There is no such call or entry, the call names no headings, something of it cannot be read, or the database did not
    /// answer.
    pub async fn coverage(&self, asked: &Asked) -> Result<Coverage, DeskError> {
        let none = || DeskError::NotFound("there is no such call in the configuration".to_owned());
        let mut tx = self.instance.db.snapshot().await?;
        let (open, meant, states) = match asked {
            Asked::Call(code) => (self.instance.call(code.as_deref()), None, Vec::new()),
            Asked::State(code, state) => (self.instance.call(code.as_deref()), None, vec![*state]),
            Asked::Reference(reference) => {
                let found = submission(&mut tx, reference, "so there is nothing that could answer a heading").await?;
                (self.instance.call_by_id(found.call), Some(found.id), Vec::new())
            }
        };
        let open = open.ok_or_else(none)?;
        let (names, headings) = headings(&open)?;
        let mut inputs = Vec::new();
        for party in tx.parties_of(open.known.id, &states, View::NOW).await? {
            if meant.is_none_or(|id| party.submission.id == id) {
                inputs.extend(self.covered(&mut tx, &headings, party).await?);
            }
        }
        inputs.sort_by(|a, b| a.reference.cmp(&b.reference));
        let sent: BTreeSet<Iso3> = inputs.iter().flat_map(|input| &input.states).map(|(iso3, _)| *iso3).collect();
        Ok(Coverage {
            call: open.call.code.clone(),
            headings: names,
            roster: open.roster.len() as u64,
            sent: open.roster.iter().filter(|iso3| sent.contains(iso3)).count() as u64,
            inputs,
        })
    }

    /// What a party's input answers: what stands, or where nothing of it could be read, why; none where all was taken back.
    async fn covered(&self, tx: &mut Tx, headings: &Headings, party: PartyRows) -> Result<Option<Covered>, StoreError> {
        let PartyRows { submission, filed, withdrawals } = party;
        let stands = stands(&filed, &withdrawals, View::NOW);
        let Some(version) = stands.current().or_else(|| stands.queried()) else { return Ok(None) };
        let holder = version.text();
        let MainText { text, lacks, .. } = main_text(tx, holder).await?;
        let (answers, why_not_read) = match text {
            Ok(text) if version.counts() => (headings.answered(&text), None),
            Ok(_) => (Vec::new(), Some("nobody has looked at it".to_owned())),
            Err(why) => (Vec::new(), Some(why)),
        };
        Ok(Some(Covered {
            states: self.by_name(submission.states),
            reference: submission.reference,
            version: version.filed.n,
            number: format!("{}/{}", intake_number(holder.receipt.number), holder.receipt.n),
            headings: answers,
            lacks: lacks.filter(|_| why_not_read.is_none()),
            why_not_read,
        }))
    }
}

/// The headings of a call: their names, and what is searched for.
fn headings(open: &OpenCall) -> Result<(Vec<String>, Headings), DeskError> {
    let named = open.call.template_headings();
    if named.is_empty() {
        let code = &open.call.code;
        let what = format!("the call {code} names no headings of a template: write [[heading]] into calls/{code}.toml");
        return Err(DeskError::Refused(what));
    }
    let headings = Headings::new(named.iter().map(|(name, wordings)| (name.as_str(), wordings.as_slice())));
    Ok((named.into_iter().map(|(name, _)| name).collect(), headings))
}
