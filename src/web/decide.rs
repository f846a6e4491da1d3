//! One case: what speaks for which state, what each decision would come to, and the decision.
//!
//! Promises that what a decision comes to stands before its button; that it is taken only as long as that is so, else said
//! anew; and that nothing that was typed is lost.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde::Serialize;

use super::{
    answer::Answer,
    app::App,
    around::Around,
    asked::{Asked, InPath, in_path},
    choice::{CHOICES, Choice, ShownChoice},
    entry::{self, EntryPage},
    no_page::NoPage,
    posted::Posted,
    visitor::Visitor,
};
use crate::{
    core::{
        actor::Actor,
        decision::{Decision, Order},
        iso3::Iso3,
        text::percent,
    },
    desk::{
        DeskError, Later, Mode, Person, Seen,
        view::{Entry, EntryItem},
    },
};

/// The word of the form for leaving a case for later, and its field for the day.
const LATER: &str = "later";
const DAY: &str = "later.until";
/// The candidates of which it is said at once what they come to.
const CANDIDATES: usize = 3;

#[derive(Serialize)]
struct CasePage<'a> {
    #[serde(flatten)]
    entry: EntryPage<'a>,
    panel: Panel<'a>,
}

#[derive(Serialize)]
struct Panel<'a> {
    number: &'a str,
    waiting: Option<&'a str>,
    decided: Option<&'a str>,
    /// What was done just now.
    done: bool,
    candidates: Vec<Candidate>,
    choices: Vec<ShownChoice>,
    /// What was chosen to be tried, by the word of its choice.
    tried: Option<Tried>,
    revision: i64,
    reason: &'a str,
    without_letter: bool,
    /// Why nothing was done.
    refused: Option<&'a str>,
    /// That somebody else was first.
    changed: bool,
    next: Option<String>,
    /// Who has it open, too.
    open_with: Vec<String>,
    /// Until when it is left, if it is.
    later: Option<Later>,
    /// The day until which it is to be left, as it was typed, and whether that is shown open.
    leave: (&'a str, bool),
}

/// A state that it may be of, and what registering it for that would come to.
#[derive(Serialize)]
struct Candidate {
    iso3: Iso3,
    name: String,
    said: Vec<String>,
    refused: Option<String>,
    told: String,
}

/// What a choice would come to.
#[derive(Serialize)]
struct Tried {
    key: &'static str,
    said: Vec<String>,
    told: String,
}

/// What came of what was sent, for the page that shows it again.
#[derive(Default)]
struct Came {
    tried: Option<Tried>,
    open: Option<&'static str>,
    refused: Option<String>,
    changed: bool,
}

/// GET `/decide/{reference}`
pub(super) async fn case(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    let shown = match in_path(reference) {
        Ok(reference) => app.case(&reference, &visitor, (&asked, &Asked::default()), Came::default()).await,
        Err(nothing) => Err(nothing),
    };
    app.site.answer(uri.path(), &visitor, shown)
}

/// POST `/decide/{reference}`
pub(super) async fn decided(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
    Extension(Posted(sent)): Extension<Posted>,
) -> Response {
    let decided = Box::pin(app.decided(reference, &visitor, &asked, &sent));
    app.site.answer(uri.path(), &visitor, decided.await)
}

impl App {
    async fn case(
        &self,
        reference: &str,
        visitor: &Visitor,
        (asked, sent): (&Asked, &Asked),
        came: Came,
    ) -> Result<Answer, NoPage> {
        let around = self.around(asked, visitor).await?;
        let entry = self.desk.entry(reference).await?.ok_or_else(|| NoPage::no_entry(reference))?;
        self.looked_at(visitor, &entry.number);
        let item = item_of(&entry, reference)?;
        if let Some(person) = &visitor.person {
            self.desk.has_open(person, &item.number).await?;
        }
        let page = self.case_page(&around, &entry, item, (asked, sent), &came).await?;
        let page = self.site.render("case.html", "decide", Some(&around.frame), visitor, page)?;
        Ok(match came {
            Came { changed: true, .. } => Answer::With(StatusCode::CONFLICT, page),
            Came { refused: Some(_), .. } => Answer::With(StatusCode::BAD_REQUEST, page),
            _ => Answer::Page(page),
        })
    }

    async fn case_page<'a>(
        &self,
        around: &Around,
        entry: &'a Entry,
        item: &'a EntryItem,
        (asked, sent): (&Asked, &'a Asked),
        came: &'a Came,
    ) -> Result<CasePage<'a>, NoPage> {
        let mut candidates = Vec::new();
        let actor = around.visitor.person.as_ref().map_or(Actor::Program, Person::actor);
        for (iso3, name) in may_be(entry, item).into_iter().take(CANDIDATES) {
            let order = Order { decision: assigned(iso3), reason: String::new(), letter: !without_letter(sent) };
            let tried = self.desk.decide(&item.number, &order, &actor, Mode::Show).await;
            candidates.push(match tried {
                Ok(tried) => Candidate { iso3, name, told: tried.told(), said: tried.said, refused: None },
                Err(DeskError::Refused(why)) => {
                    Candidate { iso3, name, told: String::new(), said: Vec::new(), refused: Some(why) }
                }
                Err(error) => return Err(error.into()),
            });
        }
        let beside = self.desk.beside(&around.frame.call, number_of(entry, item)).await?;
        let panel = Panel {
            number: number_of(entry, item),
            waiting: item.waiting.as_deref(),
            decided: item.decided.as_deref(),
            done: asked.get("done").is_some(),
            candidates,
            choices: CHOICES
                .into_iter()
                .filter(|choice| choice.key != "undo" || item.decided.is_some())
                .map(|choice| choice.shown(sent, came.open == Some(choice.key)))
                .collect(),
            tried: came.tried.as_ref().map(|tried| Tried {
                key: tried.key,
                said: tried.said.clone(),
                told: tried.told.clone(),
            }),
            revision: entry.revision,
            reason: sent.raw("reason"),
            without_letter: without_letter(sent),
            refused: came.refused.as_deref(),
            changed: came.changed,
            next: beside.next,
            open_with: beside.open_with,
            later: beside.later,
            leave: (sent.raw(DAY), came.open == Some(LATER)),
        };
        Ok(CasePage { entry: entry::page(entry), panel })
    }

    async fn decided(
        &self,
        reference: InPath,
        visitor: &Visitor,
        asked: &Asked,
        sent: &Asked,
    ) -> Result<Answer, NoPage> {
        let named = in_path(reference)?;
        let again = |came: Came| self.case(&named, visitor, (asked, sent), came);
        let Some(person) = &visitor.person else { return Err(NoPage::nothing_here()) };
        let entry = self.desk.entry(&named).await?.ok_or_else(|| NoPage::no_entry(&named))?;
        let number = number_of(&entry, item_of(&entry, &named)?).to_owned();
        let refused = |open, why| Came { refused: Some(why), open, ..Came::default() };
        if sent.get("do") == Some(LATER) {
            return match self.left_for_later(&number, sent, &person.actor()).await {
                Ok(()) => Ok(Answer::SeeOther(format!("/decide{}", with_call(asked, '?')))),
                Err(DeskError::Refused(why)) => again(refused(Some(LATER), why)).await,
                Err(error) => Err(error.into()),
            };
        }
        let (takes, what) = match sent.get("do").and_then(|what| what.split_once(':')) {
            Some(("take", what)) => (true, what),
            Some(("show", what)) => (false, what),
            // Enter in a field decides nothing.
            _ => return again(Came::default()).await,
        };
        let (choice, told, decision) = if let Some(iso3) = what.strip_prefix("state-") {
            let Ok(iso3) = iso3.parse::<Iso3>() else {
                return again(refused(None, "The form names no state.".to_owned())).await;
            };
            (None, sent.raw(&format!("told-{iso3}")), Ok(assigned(iso3)))
        } else {
            let Some(choice) = Choice::of(what) else {
                return again(refused(None, "The form says nothing that can be decided here.".to_owned())).await;
            };
            let decision = choice.decision(sent, &self.desk.instance().register);
            (Some(choice.key), sent.raw("told"), decision)
        };
        let decision = match decision {
            Ok(decision) => decision,
            Err(why) => return again(refused(choice, why)).await,
        };
        let reason = match (sent.get("reason"), choice) {
            (Some(reason), _) => reason.to_owned(),
            (None, None) => "as the evidence says".to_owned(),
            (None, Some("undo")) => "taken back".to_owned(),
            (None, Some(_)) if !takes => String::new(),
            (None, Some(_)) => {
                let why = "Write a reason: it is needed for every decision that is not one of the states above.";
                return again(refused(choice, why.to_owned())).await;
            }
        };
        let order = Order { decision, reason, letter: !without_letter(sent) };
        let actor = person.actor();
        let revision = sent.get("revision").and_then(|text| text.parse().ok());
        let done = match revision.filter(|_| takes && !told.is_empty()) {
            Some(revision) => self.desk.decide_as_seen(&number, &order, &actor, &Seen { revision, told }).await,
            None => self.desk.decide(&number, &order, &actor, Mode::Show).await,
        };
        match done {
            Ok(_) if takes && revision.is_some() && !told.is_empty() => {
                let to = format!("/decide/{}?done=1{}", percent::encoded(&number), with_call(asked, '&'));
                Ok(Answer::SeeOther(to))
            }
            Ok(tried) => {
                let told = tried.told();
                let tried = choice.map(|key| Tried { key, said: tried.said, told });
                again(Came { tried, open: choice, ..Came::default() }).await
            }
            Err(DeskError::Changed(what)) => {
                again(Came { refused: Some(what), changed: true, open: choice, tried: None }).await
            }
            Err(DeskError::Refused(why) | DeskError::NotFound(why) | DeskError::NoState(why)) => {
                again(refused(choice, why)).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn left_for_later(&self, number: &str, sent: &Asked, actor: &Actor) -> Result<(), DeskError> {
        let day = sent.get(DAY).unwrap_or_default();
        let wrong = || DeskError::Refused("Write until which day it is left, such as 2020-10-05.".to_owned());
        let day = day.parse().map_err(|_| wrong())?;
        self.desk.leave_for_later(number, day, sent.raw("reason"), actor).await
    }
}

/// The call that was asked for, as a part of an address.
fn with_call(asked: &Asked, before: char) -> String {
    asked.get("call").map(|call| format!("{before}call={}", percent::encoded(call))).unwrap_or_default()
}

fn without_letter(sent: &Asked) -> bool {
    sent.get("no_letter").is_some()
}

fn assigned(iso3: Iso3) -> Decision {
    Decision::Assign { states: vec![iso3], call: None, known_sender: false }
}

/// The states that it may be of and is not filed for, the likeliest first: while that is open those that it may be of, and
/// then all for which something speaks.
fn may_be(entry: &Entry, item: &EntryItem) -> Vec<(Iso3, String)> {
    let weight_of = |iso3: Iso3| item.evidence.iter().filter(|e| e.iso3 == iso3).map(|e| e.weight).sum::<f64>();
    let mut spoken_for: Vec<Iso3> = item.evidence.iter().map(|evidence| evidence.iso3).collect();
    spoken_for.sort_by(|a, b| weight_of(*b).total_cmp(&weight_of(*a)));
    let spoken_for = spoken_for.into_iter().filter_map(|iso3| Some((iso3, entry.names.get(&iso3)?.clone())));
    let mut states: Vec<(Iso3, String)> = Vec::new();
    for (iso3, name) in item.candidates.iter().chain(&item.named).cloned().chain(spoken_for) {
        let filed = item.states.iter().any(|(state, _)| *state == iso3);
        if !filed && !states.iter().any(|(known, _)| *known == iso3) {
            states.push((iso3, name));
        }
    }
    states
}

/// The number by which people call an item: that of its message, where it is the only one.
fn number_of<'a>(entry: &'a Entry, item: &'a EntryItem) -> &'a str {
    if entry.items.len() == 1 { &entry.number } else { &item.number }
}

/// The item that is meant: the one that is named, else the one that waits, else the first.
fn item_of<'a>(entry: &'a Entry, reference: &str) -> Result<&'a EntryItem, NoPage> {
    let named =
        |item: &&EntryItem| item.number.eq_ignore_ascii_case(reference) || item.reference.as_deref() == Some(reference);
    let items = &entry.items;
    let item = items.iter().find(named).or_else(|| items.iter().find(|item| item.waiting.is_some())).or(items.first());
    item.ok_or_else(|| NoPage::Wrong(format!("{} holds nothing that can be decided.", entry.number)))
}
