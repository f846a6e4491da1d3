//! Ten thousand houses of forty steps of chance: what the register promises holds after each.
//!
//! 1. Current is the latest by the receipt clock that stands and that somebody could read.
//! 2. A number that a letter has told belongs to that version for ever; versions that stand bear different numbers.
//! 3. A letter names only numbers that were told before it left, or its own, and what it replaces was current.
//! 4. What was seen at any time, as of any time, is seen again from there.
//! 5. A decision that is taken back at once leaves no trace.
//! 6. What stands beside changes nothing that is current, judged or counted.
//! 7. The order of filing changes nothing but numbers.
//! 8. The count is that of the states that count, each once; each of the eight words is reached.

mod house;
mod seen;

use std::{collections::BTreeSet, num::NonZero, thread};

use docket::core::{
    calls::{said::Word, status::Status},
    submission::{AdditionKind, Becomes, Legible, Place, Receipt, Version, View},
};
use jiff::{Timestamp, civil::date};

use self::{
    house::{Act, BEGIN, House, On, Sent, id, later, roster},
    seen::{Picture, seen},
};
use crate::fixture::dice::Dice;

const HISTORIES: usize = 10_000;
const STEPS: usize = 40;

#[test]
fn what_the_register_promises_holds_in_every_history() {
    let workers = thread::available_parallelism().map_or(2, NonZero::get);
    let reached: BTreeSet<Status> = thread::scope(|scope| {
        let work = |worker| {
            scope.spawn(move || {
                let mut reached = BTreeSet::new();
                (worker..HISTORIES).step_by(workers).for_each(|seed| live(seed, &mut reached));
                reached
            })
        };
        let hands: Vec<_> = (0..workers).map(work).collect();
        hands.into_iter().flat_map(|hand| hand.join().expect("the seed stands above")).collect()
    });
    let all: BTreeSet<Status> = Status::ALL.into_iter().collect();
    assert_eq!(reached, all, "each word is reached");
}

/// A house, the dice that move it, and what is remembered beside it.
struct History {
    seed: usize,
    step: usize,
    dice: Dice,
    house: House,
    backup: House,
    /// Numbers that lost letters have told: submission, number, and from which item on nobody may get it.
    lost: Vec<(usize, u32, usize)>,
}

fn live(seed: usize, reached: &mut BTreeSet<Status>) {
    let house = House::new();
    let mut history =
        History { seed, step: 0, dice: Dice::new(seed as u64), backup: house.clone(), house, lost: Vec::new() };
    for step in 0..STEPS {
        history.step = step;
        history.house.now = later(history.house.now, 60 + 3_600 * i64::try_from(history.dice.below(60)).unwrap());
        history.go_on();
        for submission in std::mem::take(&mut history.house.touched) {
            history.the_current_one_is_the_latest_that_could_be_read(submission);
            history.numbers_that_were_told_stay(submission);
        }
    }
    history.each_view_shows_what_it_showed();
    history.the_order_of_filing_changes_nothing();
    history.the_count_is_that_of_the_states(reached);
}

impl History {
    fn at(&self) -> String {
        format!("history {}, step {}", self.seed, self.step)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.dice.below(from.len())]
    }

    fn go_on(&mut self) {
        match self.dice.below(100) {
            0..31 => self.something_comes(),
            31..60 => self.somebody_decides(),
            60..72 => self.something_is_taken_back(),
            72..87 => self.a_letter_leaves(),
            87..91 => {
                let (day, hours) = (self.pick(&[10, 20, 30]), self.pick(&[0, 6]));
                self.house.move_deadline(day, hours);
            }
            91..93 => self.backup = self.house.clone(),
            93 => self.the_backup_is_put_back(),
            _ => self.somebody_looks(),
        }
    }

    /// Some time between the beginning and now.
    fn some_time(&mut self) -> Timestamp {
        let since = usize::try_from(self.house.now.as_second() - BEGIN).unwrap();
        let after = i64::try_from(self.dice.below(since + 1)).unwrap();
        Timestamp::from_second(BEGIN + after).unwrap()
    }

    fn something_comes(&mut self) {
        let at = if self.dice.below(3) == 0 { self.house.now } else { self.some_time() };
        let number = id(self.house.items.len()).0;
        let legible = if self.dice.below(5) == 0 { Legible::Unread } else { Legible::Read };
        let key = format!("{legible:?} {}", self.dice.below(6));
        let submission = self.dice.below(7);
        let perhaps = Some(self.pick(roster()));
        let sent = Sent { receipt: Receipt { at, number, n: 1 }, legible, key };
        self.house.arrive(sent, (submission < 5).then_some(submission), perhaps);
    }

    fn somebody_decides(&mut self) {
        let Some(act) = self.some_act() else { return };
        let asked = self.house.asked.clone();
        let beside = match &act {
            Act::File { item, place, .. } => *place != Place::Version && self.house.filed(*item).is_none(),
            _ => false,
        };
        let beside = beside && !matches!(act, Act::File { place: Place::Rendition { .. }, .. });
        let taken_back = self.dice.below(2) == 0;
        if !beside && !taken_back {
            self.house.decide(&act);
            return;
        }
        let before = self.house.picture(View::NOW);
        let decision = self.house.decide(&act);
        if beside {
            let changes = |picture: &Picture| -> Vec<_> {
                picture.states.iter().map(|line| (line.1, line.2, line.3, line.4, line.5)).collect()
            };
            let after = self.house.picture(View::NOW);
            assert_eq!(changes(&before), changes(&after), "{}: {act:?} changes nothing", self.at());
            assert_eq!(before.received, after.received, "{}: {act:?} changes no count", self.at());
        }
        if taken_back {
            self.house.now = later(self.house.now, 1);
            self.house.undo(decision);
            let after = self.house.picture(View::NOW);
            assert_eq!(before, after, "{}: {act:?}, taken back at once", self.at());
            assert_eq!(asked, self.house.asked, "{}: what is asked, {act:?} taken back", self.at());
        }
    }

    /// Something that a person may decide here; nothing where it makes no sense.
    fn some_act(&mut self) -> Option<Act> {
        let state = self.pick(roster());
        match self.dice.below(16) {
            0 => return Some(Act::Extend { state, hours: self.pick(&[24, 240]) }),
            1 => {
                let word = self.pick(&[Word::Declined, Word::Announced { day: Some(date(2020, 10, 5)) }]);
                return Some(Act::Say { state, word });
            }
            2 => {
                let submission = self.dice.below(5);
                let at = if self.dice.below(2) == 0 { self.house.now } else { self.some_time() };
                let stands = self.house.stands(submission, View::NOW);
                let any = stands.versions.iter().any(|version| !version.withdrawn);
                return any.then_some(Act::TakeBack { submission, at });
            }
            _ => {}
        }
        if self.house.items.is_empty() {
            return None;
        }
        let item = self.dice.below(self.house.items.len());
        let sent = self.house.items[item].legible;
        let submission = self.dice.below(5);
        let stands = self.house.stands(submission, View::NOW);
        let versions: Vec<_> = stands.versions.iter().filter(|version| version.filed.item != id(item)).collect();
        let some = (!versions.is_empty()).then(|| versions[self.dice.below(versions.len())].filed.item);
        let unread = versions.iter().find(|version| version.filed.legible == Legible::Unread);
        let unread = unread.map(|version| version.filed.item);
        let kind = self.pick(&[AdditionKind::Annex, AdditionKind::Translation, AdditionKind::CoverLetter]);
        let place = match self.dice.below(12) {
            0..4 => Place::Version,
            4 => Place::Addition { kind, to: some },
            5 => Place::Addition { kind, to: some.and(None) },
            6 => Place::Rendition { of: unread? },
            7 => Place::Duplicate { of: some? },
            8 => Place::Recall,
            9 => Place::Correspondence,
            _ => return Some(Act::Close { item }),
        };
        let opened = sent == Legible::Unread && self.dice.below(2) == 0;
        Some(Act::File { item, submission, place, legible: if opened { Legible::Seen } else { sent } })
    }

    /// On one thing the newest decision that stands is taken back.
    fn something_is_taken_back(&mut self) {
        let standing: Vec<On> =
            self.house.decisions.iter().filter(|taken| taken.stands).map(|taken| taken.on).collect();
        if standing.is_empty() {
            return;
        }
        let on = self.pick(&standing);
        let newest = self.house.decisions.iter().rposition(|taken| taken.stands && taken.on == on);
        self.house.undo(newest.expect("one stands"));
    }

    fn a_letter_leaves(&mut self) {
        if self.house.items.is_empty() {
            return;
        }
        let item = self.dice.below(self.house.items.len());
        let Some(letter) = self.house.letter(item) else { return };
        self.the_letter_can_be_understood(&letter);
        self.house.leaves(letter);
    }

    fn the_letter_can_be_understood(&self, letter: &house::Letter) {
        let told = &self.house.submissions[letter.submission].told;
        let named = match &letter.becomes {
            Becomes::First | Becomes::Kept => None,
            Becomes::Replaces { former: named }
            | Becomes::Earlier { current: named }
            | Becomes::Repeats { version: named }
            | Becomes::Copy { of: named } => Some(named),
            Becomes::UnderQuery { current: named } | Becomes::Beside { to: named, .. } => named.as_ref(),
        };
        if let Some(n) = named.and_then(|named| named.n) {
            let known = self
                .house
                .letters
                .iter()
                .any(|earlier| earlier.submission == letter.submission && earlier.own == Some(n));
            assert!(known && told.iter().any(|told| told.n == n), "{}: {letter:?} names {n}", self.at());
        }
        let current = self.house.current_by_hand(letter.submission, None);
        if let Becomes::Replaces { former } = &letter.becomes {
            assert_eq!(current, Some(letter.item), "{}: {letter:?} is current", self.at());
            // Where others repeat it, one of them would be current without it.
            let stands = self.house.stands(letter.submission, View::NOW);
            if stands.current().is_some_and(|version| version.repeated.is_empty()) {
                let before = self.house.current_by_hand(letter.submission, Some(letter.item));
                let before = before.map(|item| self.house.items[item].receipt.at);
                assert_eq!(before, Some(former.received), "{}: {letter:?}", self.at());
            }
        }
        if letter.becomes == Becomes::First {
            assert_eq!(current, Some(letter.item), "{}: {letter:?} is current", self.at());
        }
    }

    /// What happened since the backup is lost, but not to those who got letters.
    fn the_backup_is_put_back(&mut self) {
        let lost: Vec<_> = self.house.letters[self.backup.letters.len()..].to_vec();
        let items = self.backup.items.len();
        self.house.put_back(&self.backup);
        for letter in lost {
            let Some(n) = letter.own else { continue };
            let highest = self.house.submissions[letter.submission].told.iter().map(|told| told.n).max();
            self.lost.extend((Some(n) <= highest).then_some((letter.submission, n, items)));
        }
        self.backup = self.house.clone();
    }

    fn somebody_looks(&mut self) {
        let received_before = if self.dice.below(2) == 0 { Timestamp::MAX } else { self.some_time() };
        let view = View { received_before, known_before: later(self.house.now, 1) };
        let picture = self.house.picture(view);
        self.house.seen.push((view, picture));
    }

    fn the_current_one_is_the_latest_that_could_be_read(&self, submission: usize) {
        let stands = self.house.stands(submission, View::NOW);
        let current = stands.current().map(|version| version.filed.item);
        let by_hand = self.house.current_by_hand(submission, None).map(id);
        assert_eq!(current, by_hand, "{}: current in {submission}", self.at());
    }

    fn numbers_that_were_told_stay(&self, submission: usize) {
        let stands = self.house.stands(submission, View::NOW);
        let mut numbers = BTreeSet::new();
        for version in &stands.versions {
            let (item, n) = (version.filed.item, version.filed.n);
            let n = n.unwrap_or_else(|| panic!("{}: {item:?} has no number", self.at()));
            assert!(numbers.insert(n), "{}: two versions {n}", self.at());
            for letter in self.house.letters.iter().filter(|letter| letter.submission == submission) {
                let same = (id(letter.item) == item) == (letter.own == Some(n));
                assert!(same || letter.own.is_none(), "{}: {item:?} is version {n}, and {letter:?}", self.at());
            }
            for (_, lost, new) in self.lost.iter().filter(|(lost, ..)| *lost == submission) {
                assert!(*lost != n || item < id(*new), "{}: a lost letter told {n}, not of {item:?}", self.at());
            }
        }
    }

    fn each_view_shows_what_it_showed(&self) {
        for (view, picture) in &self.house.seen {
            assert_eq!(self.house.picture(*view), *picture, "{}: seen from {view:?}", self.at());
        }
    }

    fn the_order_of_filing_changes_nothing(&mut self) {
        let mut order: Vec<usize> = (0..self.house.items.len()).collect();
        self.dice.shuffle(&mut order);
        let anew = self.house.filed_anew(&order);
        for submission in 0..self.house.submissions.len() {
            let without_numbers = |house: &House| {
                let mut seen = seen(&house.stands(submission, View::NOW));
                seen.0.iter_mut().for_each(|version| version.1 = None);
                seen
            };
            assert_eq!(without_numbers(&self.house), without_numbers(&anew), "{}: filed as {order:?}", self.at());
        }
    }

    fn the_count_is_that_of_the_states(&mut self, reached: &mut BTreeSet<Status>) {
        let views = [View::NOW, View::as_of(self.some_time()), View::known_at(self.some_time())];
        for view in views {
            let parties = self.house.parties(view);
            let count = self.house.count(&parties, view);
            let by_hand: BTreeSet<_> = roster()
                .iter()
                .copied()
                .filter(|state| {
                    let own = parties.iter().filter(|party| party.states.contains(state));
                    own.into_iter().any(|party| party.stands.versions.iter().any(Version::counts))
                })
                .collect();
            let lines: BTreeSet<_> =
                count.lines.iter().filter(|(_, line)| line.counts).map(|(state, _)| *state).collect();
            assert_eq!(lines, by_hand, "{}: who counts from {view:?}", self.at());
            assert_eq!(count.received, by_hand.len() as u64, "{}: the count from {view:?}", self.at());
            assert_eq!(count.statuses.values().sum::<u64>(), count.of, "{}: one word each", self.at());
            let standing = count.standings;
            let stand = standing.on_time + standing.by_grace + standing.by_extension + standing.late;
            assert_eq!(stand + standing.undetermined, count.received, "{}: one standing each", self.at());
            for (state, line) in &count.lines {
                let own = parties.iter().filter(|party| party.states.contains(state));
                let (mut asks, mut counts, mut corrects) = (false, false, false);
                for party in own {
                    let standing: Vec<bool> =
                        party.stands.versions.iter().filter(|v| !v.withdrawn).map(Version::counts).collect();
                    asks |= standing.last() == Some(&false);
                    counts |= standing.contains(&true);
                    corrects |= standing.iter().filter(|counts| **counts).count() > 1;
                }
                let received = matches!(line.status, Status::Received | Status::Corrected);
                assert_eq!(line.status == Status::UnderQuery, asks, "{}: {state} is under query", self.at());
                assert_eq!(received, counts && !asks, "{}: {state} is received", self.at());
                assert!(corrects || line.status != Status::Corrected, "{}: {state} is corrected", self.at());
            }
            reached.extend(count.lines.iter().map(|(_, line)| line.status));
        }
    }
}
