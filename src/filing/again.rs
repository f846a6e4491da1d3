//! Judging again what is filed, once the deadline of its call or the time of its state is another.
//!
//! Promises that only what stands otherwise now is touched, that the finding of before is kept with the time until which it
//! held, and that no letter is decided for it: whoever moves a deadline says whom that is told to. Letters that have not been
//! made say what is so now.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    act_letter::recall_letters_of_deadline,
    by::FilingError,
    facts::Facts,
    renewed::renew_letters_under,
    settle::{Judging, settle},
};
use crate::{
    core::{
        actor::Actor,
        calls::{law::Law, standing::Standing},
        event::Event,
        iso3::Iso3,
        question::{Question, Questions},
        submission::{Filed, View},
    },
    instance::Instance,
    store::{About, Id, PartyRows, Projected, StoreError, Tx},
};

/// Something that stands otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedAgain {
    /// The docket reference.
    pub reference: String,
    /// The states.
    pub states: Vec<Iso3>,
    /// The version; none of what stands beside versions.
    pub version: Option<u32>,
    /// How it stood.
    pub before: Standing,
    /// How it stands.
    pub after: Standing,
    /// The version of the deadline that it was judged by.
    pub deadline: u32,
}

impl JudgedAgain {
    /// The same, as it is put on record.
    #[must_use]
    pub fn event(&self) -> Event {
        let Self { reference, version, before, after, deadline, .. } = self;
        let (reference, version) = (reference.clone(), *version);
        Event::JudgedAgain { reference, version, before: *before, after: *after, deadline: *deadline }
    }
}

/// Judges what is filed under a call by the law of now: of certain states, or without any of all. Yields what stands
/// otherwise.
///
/// # Errors
/// The database did not answer, or a letter could not be rendered.
pub async fn judge_again(
    tx: &mut Tx,
    instance: &Instance,
    call: Id,
    states: &[Iso3],
    at: Timestamp,
) -> Result<Vec<JudgedAgain>, FilingError> {
    let law = tx.law(call).await?;
    let mut touched = BTreeSet::new();
    for party in tx.parties_of(call, states, View::NOW).await? {
        let beside = tx.projected_in(party.submission.id).await?;
        if beside.iter().any(|was| stands_otherwise(&law, &party, was)) {
            touched.insert(party.submission.id);
        }
    }
    let mut all = Vec::new();
    for before in Facts::to_change(tx, &touched).await? {
        let after = settle(tx, instance, &before, Judging::Again, at).await?;
        all.extend(told(tx, &law, (&before, &after), at).await?);
    }
    Ok(all)
}

/// Does what another deadline of a call entails: letters that told of the one of before and have not left do not leave; what
/// is filed is judged again; and no letter that has not been made tells the one of before. Yields that of each
/// letter, and what stands otherwise.
///
/// # Errors
/// The database did not answer, or a letter could not be rendered.
pub async fn follow_deadline(
    tx: &mut Tx,
    instance: &Instance,
    call: Id,
    actor: &Actor,
    at: Timestamp,
) -> Result<(Vec<Event>, Vec<JudgedAgain>), FilingError> {
    let recalled = recall_letters_of_deadline(tx, call, actor, at).await?;
    let judged = judge_again(tx, instance, call, &[], at).await?;
    if let Some(open) = instance.call_now(tx, call).await? {
        renew_letters_under(tx, instance, &open).await?;
    }
    tx.judged_all(call).await?;
    Ok((recalled, judged))
}

/// Judges again what is filed under calls whose deadline was moved since, such as by their files. Yields how much stands
/// otherwise.
///
/// # Errors
/// The database did not answer, or a letter could not be rendered.
pub async fn judge_what_is_due(instance: &Instance) -> Result<usize, FilingError> {
    if instance.db.snapshot().await?.calls_to_judge().await?.is_empty() {
        return Ok(0);
    }
    let mut tx = instance.db.begin().await?;
    let mut touched = 0;
    for call in tx.calls_to_judge().await? {
        tx.change_call(call).await?;
        // Whoever moved the deadline meanwhile has judged by it, and told of it.
        if !tx.calls_to_judge().await?.contains(&call) {
            continue;
        }
        let (_, judged) = follow_deadline(&mut tx, instance, call, &Actor::Program, instance.clock.now()).await?;
        touched += judged.len();
    }
    tx.commit().await?;
    Ok(touched)
}

fn stands_otherwise(law: &Law, party: &PartyRows, was: &Projected) -> bool {
    let filed = party.filed.iter().find(|filed| filed.id == was.place);
    let now = |filed: &Filed| law.judge(filed, &party.submission.states, View::NOW).standing;
    filed.is_some_and(|filed| was.standing != Some(now(filed)))
}

/// Puts on record what stands otherwise, and asks a person where nobody can tell when it was received, or not any more
/// where that matters to nothing.
async fn told(
    tx: &mut Tx,
    law: &Law,
    (before, after): (&Facts, &Facts),
    at: Timestamp,
) -> Result<Vec<JudgedAgain>, StoreError> {
    let mut all = Vec::new();
    for now in &after.projected {
        let Some(filed) = after.filed.iter().find(|filed| filed.id == now.place) else { continue };
        let stood = before.filed.iter().find(|was| was.item == filed.item && was.held.until.is_none());
        let stood = stood.and_then(|was| before.projected.iter().find(|projected| projected.place == was.id));
        let (Some(was), Some(is)) = (stood.and_then(|was| was.standing), now.standing) else { continue };
        if was == is {
            continue;
        }
        let item = tx.item_row(filed.item.0).await?;
        let asked = item.waiting()?;
        let when: Questions = Question::WhenReceived.into();
        let question = match (is, asked.is_empty()) {
            (Standing::Undetermined, true) => Some(Some(&when)),
            (_, _) if is != Standing::Undetermined && asked == when => Some(None),
            _ => None,
        };
        if let Some(question) = question {
            tx.keep_past(item.id, None, at).await?;
            tx.set_item(item.id, item.call_id, item.kind, question).await?;
        }
        let judged = JudgedAgain {
            reference: after.submission.reference.clone(),
            states: after.submission.states.clone(),
            version: now.n.filter(|_| now.repeats.is_none()),
            before: was,
            after: is,
            deadline: now.deadline.unwrap_or(law.newest().n),
        };
        tx.record(at, About::message(item.message_id), &Actor::Program, &judged.event())?;
        // What says the same as another is told with that one.
        if now.repeats.is_none() {
            all.push(judged);
        }
    }
    Ok(all)
}
