//! A house that files, decides, takes back, writes letters and loses its database: facts alone, and what follows of them.

use std::{collections::BTreeSet, sync::LazyLock};

use docket::core::{
    actor::Actor,
    calls::{
        call::DeadlineRule,
        deadline::Deadline,
        law::{DeadlineAct, Extension, Law},
        said::{Said, Word},
        standing::Witnesses,
    },
    iso3::Iso3,
    submission::{
        Becomes, Filed, Held, ItemId, Legible, Place, Receipt, Stands, Told, View, Withdrawal, becomes, settle, stands,
    },
};
use jiff::{SignedDuration, Timestamp, civil::date};

use super::seen::Picture;

/// The first day of a history.
pub const BEGIN: i64 = 1_598_918_400;
/// The parties: three states, two of them together, and a sender that is none.
const PARTIES: [&[&str]; 5] = [&["FRA"], &["ITA"], &["NOR"], &["FRA", "ITA"], &[]];
/// The states that were asked; the last one sends nothing.
const ROSTER: [&str; 4] = ["FRA", "ITA", "NOR", "SWE"];

/// What a message brought.
#[derive(Clone, Debug)]
pub struct Sent {
    pub receipt: Receipt,
    pub legible: Legible,
    pub key: String,
}

/// The submission of a party: its facts, and what ended each.
#[derive(Clone, Debug)]
pub struct Submission {
    pub states: Vec<Iso3>,
    pub rows: Vec<Filed>,
    closed_by: Vec<Option<usize>>,
    pub backs: Vec<Withdrawal>,
    pub told: Vec<Told>,
}

/// On what a decision was taken: the newest on each is taken back first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Item(usize),
    Submission(usize),
    State(Iso3),
}

/// A decision.
#[derive(Clone, Debug)]
pub struct Taken {
    pub on: On,
    pub stands: bool,
    /// What was asked about the item before.
    asked: Option<Iso3>,
}

/// A letter that left.
#[derive(Clone, Debug)]
pub struct Letter {
    pub submission: usize,
    pub item: usize,
    /// The number of the version that it is about.
    pub own: Option<u32>,
    pub becomes: Becomes,
}

/// What an act does.
#[derive(Clone, Debug)]
pub enum Act {
    File { item: usize, submission: usize, place: Place, legible: Legible },
    Close { item: usize },
    TakeBack { submission: usize, at: Timestamp },
    Say { state: Iso3, word: Word },
    Extend { state: Iso3, hours: i64 },
}

#[derive(Clone, Debug)]
pub struct House {
    pub now: Timestamp,
    pub items: Vec<Sent>,
    pub submissions: Vec<Submission>,
    pub asked: Vec<Option<Iso3>>,
    pub decisions: Vec<Taken>,
    pub letters: Vec<Letter>,
    pub said: Vec<Said>,
    extensions: Vec<Extension>,
    acts: Vec<DeadlineAct>,
    pub law: Law,
    /// What was seen, and from where.
    pub seen: Vec<(View, Picture)>,
    /// Which submissions were changed since they were looked at.
    pub touched: BTreeSet<usize>,
    rows: i64,
}

fn iso3(code: &str) -> Iso3 {
    code.parse().unwrap()
}

pub fn roster() -> &'static [Iso3] {
    static STATES: LazyLock<[Iso3; 4]> = LazyLock::new(|| ROSTER.map(iso3));
    &*STATES
}

pub fn id(item: usize) -> ItemId {
    ItemId(i64::try_from(item).unwrap())
}

pub fn later(time: Timestamp, seconds: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

fn deadline(day: i8, hours: i64) -> Deadline {
    let rule = DeadlineRule { day: date(2020, 9, day), time: None, zone: "UTC".to_owned(), grace_minutes: 60 };
    let fixed = Deadline::fix(&rule).unwrap();
    Deadline { instant: later(fixed.instant, hours * 3_600), ..fixed }
}

impl House {
    pub fn new() -> Self {
        let begin = Timestamp::from_second(BEGIN).unwrap();
        let submission = |codes: &&[&str]| Submission {
            states: codes.iter().map(|code| iso3(code)).collect(),
            rows: Vec::new(),
            closed_by: Vec::new(),
            backs: Vec::new(),
            told: Vec::new(),
        };
        let first = DeadlineAct {
            id: 1,
            n: 1,
            deadline: deadline(20, 0),
            at: later(begin, -86_400),
            authority: None,
            reason: None,
            by: Actor::Program,
        };
        Self {
            now: begin,
            items: Vec::new(),
            submissions: PARTIES.iter().map(submission).collect(),
            asked: Vec::new(),
            decisions: Vec::new(),
            letters: Vec::new(),
            said: Vec::new(),
            extensions: Vec::new(),
            law: Law::new(vec![first.clone()], Vec::new()).unwrap(),
            acts: vec![first],
            seen: Vec::new(),
            touched: BTreeSet::new(),
            rows: 0,
        }
    }

    pub fn stands(&self, submission: usize, view: View) -> Stands<'_> {
        let submission = &self.submissions[submission];
        stands(&submission.rows, &submission.backs, view)
    }

    /// Where an item is filed, and its row there.
    pub fn filed(&self, item: usize) -> Option<(usize, &Filed)> {
        let here = |filed: &&Filed| filed.item == id(item) && filed.held.until.is_none();
        self.submissions.iter().enumerate().find_map(|(at, submission)| Some((at, submission.rows.iter().find(here)?)))
    }

    /// An item comes, and the program files it or asks.
    pub fn arrive(&mut self, sent: Sent, submission: Option<usize>, perhaps: Option<Iso3>) {
        let item = self.items.len();
        let legible = sent.legible;
        self.items.push(sent);
        self.asked.push(perhaps.filter(|_| submission.is_none()));
        if let Some(submission) = submission {
            self.apply(&Act::File { item, submission, place: Place::Version, legible }, None);
            self.settle(submission);
        }
    }

    /// A person decides; yields the decision.
    pub fn decide(&mut self, act: &Act) -> usize {
        let on = match act {
            Act::File { item, .. } | Act::Close { item } => On::Item(*item),
            Act::TakeBack { submission, .. } => On::Submission(*submission),
            Act::Say { state, .. } | Act::Extend { state, .. } => On::State(*state),
        };
        let decision = self.decisions.len();
        let mut touched = BTreeSet::new();
        let mut asked = None;
        if let On::Item(item) = on {
            asked = self.asked[item].take();
            touched.extend(self.filed(item).map(|(submission, _)| submission));
            self.close(item, decision);
        }
        touched.extend(self.apply(act, Some(decision)));
        self.decisions.push(Taken { on, stands: true, asked });
        for submission in touched {
            self.settle(submission);
        }
        decision
    }

    fn close(&mut self, item: usize, decision: usize) {
        let Some((submission, filed)) = self.filed(item) else { return };
        let (row, now) = (filed.id, self.now);
        let submission = &mut self.submissions[submission];
        let at = submission.rows.iter().position(|filed| filed.id == row).unwrap();
        submission.rows[at].held.until = Some(now);
        submission.closed_by[at] = Some(decision);
    }

    /// Does what an act does; yields the submission that it changes.
    fn apply(&mut self, act: &Act, by: Option<usize>) -> Option<usize> {
        let held = Held::from(self.now);
        let decision = by.map(|by| id(by).0);
        match *act {
            Act::File { item, submission, place, legible } => {
                let Sent { receipt, ref key, .. } = self.items[item];
                let filed = Filed {
                    id: 0,
                    item: id(item),
                    place,
                    n: None,
                    receipt,
                    witnesses: Witnesses::default(),
                    legible,
                    words: None,
                    content_key: Some(key.clone()),
                    settled: None,
                    by: decision,
                    held,
                };
                self.put(submission, filed);
                Some(submission)
            }
            Act::Close { .. } => None,
            Act::TakeBack { submission, at } => {
                self.submissions[submission].backs.push(Withdrawal { at, by: decision, held });
                Some(submission)
            }
            Act::Say { state, word } => {
                let receipt = Receipt { at: self.now, number: 0, n: 0 };
                self.said.push(Said { state, word, receipt, by: decision.unwrap(), held });
                None
            }
            Act::Extend { state, hours } => {
                let instant = later(self.law.in_force(self.now).deadline.instant, hours * 3_600);
                let (id, by) = (id(self.extensions.len() + 1).0, decision.unwrap());
                self.extensions.push(Extension { id, state, instant, authority: "director".to_owned(), by, held });
                self.make_law();
                None
            }
        }
    }

    fn put(&mut self, submission: usize, filed: Filed) {
        self.rows += 1;
        let submission = &mut self.submissions[submission];
        submission.rows.push(Filed { id: self.rows, ..filed });
        submission.closed_by.push(None);
    }

    /// Gives the versions of a submission their numbers. A number that changes closes the row and opens its copy.
    fn settle(&mut self, submission: usize) {
        self.touched.insert(submission);
        let before = self.stands(submission, View::known_at(self.now));
        let settled = settle(&before, &self.stands(submission, View::NOW), &self.submissions[submission].told);
        let now = self.now;
        for (row, n) in settled.numbers {
            let rows = &mut self.submissions[submission].rows;
            let at = rows.iter().position(|filed| filed.id == row).unwrap();
            if rows[at].n == Some(n) {
                continue;
            }
            if rows[at].held.since == now {
                rows[at].n = Some(n);
            } else {
                rows[at].held.until = Some(now);
                let copy = Filed { n: Some(n), held: Held::from(now), ..rows[at].clone() };
                self.put(submission, copy);
            }
        }
    }

    /// Takes a decision back: closes what it opened, and opens again what it closed.
    pub fn undo(&mut self, decision: usize) {
        let (now, by) = (self.now, Some(id(decision).0));
        let mut touched = BTreeSet::new();
        for at in 0..self.submissions.len() {
            let submission = &mut self.submissions[at];
            let mut again = Vec::new();
            for (filed, closed) in submission.rows.iter_mut().zip(&submission.closed_by) {
                if *closed == Some(decision) {
                    again.push(Filed { held: Held::from(now), ..filed.clone() });
                } else if filed.by == by && filed.held.until.is_none() {
                    filed.held.until = Some(now);
                    touched.insert(at);
                }
            }
            for back in submission.backs.iter_mut().filter(|back| back.by == by && back.held.until.is_none()) {
                back.held.until = Some(now);
                touched.insert(at);
            }
            touched.extend((!again.is_empty()).then_some(at));
            for filed in again {
                self.put(at, filed);
            }
        }
        let ended = |held: &mut Held| held.until = held.until.or(Some(now));
        self.said.iter_mut().filter(|said| Some(said.by) == by).for_each(|said| ended(&mut said.held));
        let granted = self.extensions.iter_mut().filter(|extension| Some(extension.by) == by);
        if granted.map(|extension| ended(&mut extension.held)).count() > 0 {
            self.make_law();
        }
        let taken = &mut self.decisions[decision];
        taken.stands = false;
        if let On::Item(item) = taken.on {
            self.asked[item] = taken.asked;
        }
        for submission in touched {
            self.settle(submission);
        }
    }

    pub fn move_deadline(&mut self, day: i8, hours: i64) {
        let n = u32::try_from(self.acts.len() + 1).unwrap();
        let act =
            DeadlineAct { id: i64::from(n), n, deadline: deadline(day, hours), at: self.now, ..self.acts[0].clone() };
        self.acts.push(act);
        self.make_law();
    }

    fn make_law(&mut self) {
        self.law = Law::new(self.acts.clone(), self.extensions.clone()).unwrap();
    }

    /// What a letter about an item would say now.
    pub fn letter(&self, item: usize) -> Option<Letter> {
        let (submission, filed) = self.filed(item)?;
        let stands = self.stands(submission, View::NOW);
        let told = &self.submissions[submission].told;
        let knows = |n: u32| told.iter().any(|told| told.n == n && told.item.is_some());
        let version = stands.versions.iter().any(|version| version.filed.item == id(item));
        let own = filed.n.filter(|_| version);
        Some(Letter { submission, item, own, becomes: becomes(id(item), &stands, &knows) })
    }

    /// A letter leaves: what it names is told.
    pub fn leaves(&mut self, letter: Letter) {
        self.touched.insert(letter.submission);
        let told = &mut self.submissions[letter.submission].told;
        let tells = letter.own.map(|n| Told { n, item: Some(id(letter.item)) });
        told.extend(tells.filter(|tells| !told.contains(tells)));
        self.letters.push(letter);
    }

    /// The database of before is put back: what happened since is gone, and what it told is nobody's.
    pub fn put_back(&mut self, backup: &Self) {
        let now = self.now;
        *self = Self { now, touched: (0..PARTIES.len()).collect(), ..backup.clone() };
        for submission in &mut self.submissions {
            let told = submission.told.iter().map(|told| told.n);
            if let Some(last) = submission.rows.iter().filter_map(|filed| filed.n).chain(told).max() {
                submission.told.push(Told { n: last + 1, item: None });
            }
        }
    }

    /// The same things, filed in another order.
    pub fn filed_anew(&self, order: &[usize]) -> Self {
        let mut anew = Self { items: self.items.clone(), asked: self.asked.clone(), now: self.now, ..Self::new() };
        for item in order.iter().copied() {
            anew.now = later(anew.now, 1);
            let Some((submission, filed)) = self.filed(item) else { continue };
            anew.put(submission, Filed { n: None, held: Held::from(anew.now), ..filed.clone() });
            anew.settle(submission);
        }
        for (mine, theirs) in anew.submissions.iter_mut().zip(&self.submissions) {
            mine.backs.clone_from(&theirs.backs);
        }
        anew
    }
}
