//! Letters as they stood: whatever happens to one, each earlier instant has the state that it had then.

use std::collections::BTreeSet;

use docket::{
    core::{
        cause::Cause,
        event::{Dropped, HeldFor, Hold},
        letter_kind::{LetterKind, Occasion},
    },
    store::{
        ClaimedLetter, Db, Id,
        LetterState::{self, Discarded, Failed, Held, Released, Sending, Sent, Waiting},
        NewLetter, Tx, statements,
    },
};
use jiff::Timestamp;

use super::seed::{HOUR, nothing, now, read};
use crate::fixture::{Database, both, dice::Dice};

const ADDRESS: &str = "mission@example.org";
const CAP: (HeldFor, &str) = (HeldFor::Cap, "so many went already");
/// All states there are.
const STATES: usize = 7;
/// As many letters, and as many things that happen to each.
const LETTERS: u64 = 80;
const STEPS: usize = 24;

fn query(message: Id, held: Option<(HeldFor, &'static str)>, at: Timestamp) -> NewLetter<'static> {
    NewLetter {
        occasion: Occasion::Message { message, decision: None },
        call: None,
        kind: LetterKind::Query,
        facts: "{}",
        language: "en",
        template: "1",
        recipient: ADDRESS,
        recipient_name: None,
        subject: "Your document",
        body: "It was not there.",
        guard_revision: None,
        not_before: at,
        held,
        at,
    }
}

/// What can happen to a letter.
#[derive(Clone, Copy, Debug)]
enum Step {
    Decide,
    DecideHeld,
    Freeze,
    Leave,
    Sent,
    Later,
    Wait,
    GiveBack,
    Uncertain,
    Doubt,
    Alone,
    End(LetterState),
    Move(usize),
    Discard,
    DiscardOfAct,
    Hold,
    Drop,
    Restore,
}

impl Step {
    fn thrown(dice: &mut Dice) -> Self {
        // What takes a letter forward comes more often, or none would ever get there.
        match dice.below(48) {
            0..=7 => Self::Freeze,
            8..=16 => Self::Leave,
            17..=20 => Self::Sent,
            21..=23 => Self::Later,
            24..=25 => Self::Uncertain,
            26..=27 => Self::End([Failed, Failed, Discarded][dice.below(3)]),
            28..=32 => Self::Move(dice.below(2)),
            33 => [Self::Discard, Self::DiscardOfAct][dice.below(2)],
            34 => Self::Hold,
            35 => Self::Drop,
            36 => Self::Restore,
            37 => Self::DecideHeld,
            38 => Self::Wait,
            39..=40 => Self::GiveBack,
            41 => Self::Doubt,
            42 => Self::Alone,
            _ => Self::Decide,
        }
    }
}

/// Claims the only letter that is on its way.
async fn claim(tx: &mut Tx) -> Option<ClaimedLetter> {
    tx.claim_letter("post", HOUR, Timestamp::MAX).await.unwrap()
}

/// Lets something happen to a letter, if it can.
async fn take(db: &Database, letter: Id, message: Id, step: Step, at: Timestamp) {
    db.tamper("UPDATE letter SET lease_until = 0").await;
    let mut tx = db.begin().await.unwrap();
    let state = tx.letter(letter).await.unwrap().unwrap().state;
    match step {
        Step::Decide => _ = tx.decide_letter(&query(message, None, at)).await.unwrap(),
        Step::DecideHeld => _ = tx.decide_letter(&query(message, Some(CAP), at)).await.unwrap(),
        Step::Move(which) => {
            let frozen = tx.letter_bytes(letter).await.unwrap().is_some();
            let to = match (state, frozen) {
                (Held | Failed, true) => [Released, Discarded][which],
                (Held, false) => [Waiting, Discarded][which],
                (Sent, _) => Released,
                _ => Discarded,
            };
            let can = !matches!(state, Sending | Discarded | Released);
            assert!(!can || tx.move_letter(letter, state, to, None, at, at).await.unwrap());
        }
        Step::Discard => _ = tx.discard_unsent(message, &Dropped::EntryChanged, at).await.unwrap(),
        Step::DiscardOfAct => {
            let occasion = Occasion::Message { message, decision: None }.key(LetterKind::Query);
            _ = tx.discard_unsent_of_act(&occasion, &Dropped::DecisionUndone, at).await.unwrap();
        }
        Step::Hold => _ = tx.hold_unsent(message, &Hold::Sender, at).await.unwrap(),
        Step::Drop => _ = tx.drop_queries(ADDRESS, 0, &Dropped::EntryChanged, at).await.unwrap(),
        Step::Restore => _ = tx.held_against(at, at).await.unwrap(),
        Step::Freeze
        | Step::Leave
        | Step::Sent
        | Step::Later
        | Step::Wait
        | Step::GiveBack
        | Step::Uncertain
        | Step::Doubt
        | Step::Alone
        | Step::End(_) => {
            if let Some(claimed) = claim(&mut tx).await {
                assert_eq!(claimed.id, letter, "the others are at rest");
                _ = match step {
                    Step::Freeze => tx.freeze_letter(&claimed, at, "l@example.org", b"bytes").await.unwrap(),
                    Step::Leave => tx.letter_leaves(&claimed, at).await.unwrap(),
                    Step::Sent => tx.letter_sent(&claimed, at).await.unwrap(),
                    Step::Later => tx.letter_later(&claimed, at, at, "451").await.unwrap(),
                    Step::Wait => tx.letter_waits(&claimed, at, at, Cause::Quota, "452").await.unwrap(),
                    Step::GiveBack => {
                        let leaves = tx.letter_leaves(&claimed, at).await.unwrap();
                        tx.letter_given_back(&claimed, at).await.unwrap();
                        leaves
                    }
                    Step::Doubt => tx.letter_held(&claimed, at, HeldFor::Uncertain, "no answer").await.unwrap(),
                    Step::Alone => tx.letter_held_alone(&claimed, Some(at), HeldFor::Fault, "refused").await.unwrap(),
                    Step::Uncertain => tx.letter_uncertain(&claimed, at, at, "no answer").await.unwrap(),
                    Step::End(state) => tx.letter_ends(&claimed, at, state, "550").await.unwrap(),
                    _ => unreachable!(),
                };
            }
        }
    }
    tx.commit().await.unwrap();
}

/// The state that the log shows of a message's letter before a time; none if it was not decided then.
async fn before(db: &Db, message: Id, time: Timestamp) -> Option<LetterState> {
    let letters = db.snapshot().await.unwrap().letters_between(message, message, time).await.unwrap();
    assert!(letters.len() <= 1);
    letters.first().map(|letter| letter.state(time).unwrap())
}

/// What the history of old says of a letter and when, the letter as it stands, and on which day it stood how.
type Story = (Vec<(i64, &'static str, &'static str)>, LetterState, &'static [(i64, LetterState)]);

/// A letter that is decided.
async fn decided(db: &Database, name: &str, at: Timestamp) -> (Id, Id) {
    let message = read(db, name, ADDRESS).await.id;
    let mut tx = db.begin().await.unwrap();
    let letter = tx.decide_letter(&query(message, None, at)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    (message, letter)
}

both!(each_earlier_instant_has_the_state_it_had, async |db: Database| {
    let micro = std::time::Duration::from_micros(1);
    let (mut seen, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for n in 0..LETTERS {
        let mut dice = Dice::new(n);
        let mut time = now();
        let (message, letter) = decided(&db, &format!("{n}"), time).await;
        let mut course = vec![(time, Waiting)];
        for _ in 0..STEPS {
            // Some things happen at one instant.
            time += HOUR * u32::try_from(dice.below(3)).unwrap();
            let step = Step::thrown(&mut dice);
            take(&db, letter, message, step, time).await;
            let state = db.snapshot().await.unwrap().letter(letter).await.unwrap().unwrap().state;
            let last = course.last().unwrap().1;
            if last != state {
                taken.insert((format!("{last:?}"), format!("{state:?}")));
                seen.insert(format!("{state:?}"));
            }
            course.push((time, state));
            assert_eq!(before(&db, message, Timestamp::MAX).await, Some(state), "letter {n} now, of {course:#?}");
        }
        for then in course.iter().flat_map(|(at, _)| [*at, *at + micro]).chain([now() - micro]) {
            let had = course.iter().rev().find(|(at, _)| *at < then).map(|(_, state)| *state);
            assert_eq!(before(&db, message, then).await, had, "letter {n} before {then}, of {course:#?}");
        }
        db.tamper(&format!("UPDATE letter SET state = 'failed' WHERE id = {letter}")).await;
    }
    assert_eq!(seen.len(), STATES, "{seen:?}");
    assert!(taken.len() >= 20, "{} of the ways from one state to another: {taken:?}", taken.len());
});

both!(a_letter_that_failed_three_days_later_was_on_its_way, async |db: Database| {
    let (message, letter) = decided(&db, "a", now()).await;
    take(&db, letter, message, Step::Freeze, now()).await;
    take(&db, letter, message, Step::Leave, now() + 72 * HOUR).await;
    take(&db, letter, message, Step::End(Failed), now() + 72 * HOUR).await;
    assert_eq!(before(&db, message, now()).await, None);
    assert_eq!(before(&db, message, now() + HOUR).await, Some(Released));
    assert_eq!(before(&db, message, now() + 73 * HOUR).await, Some(Failed));
    let (message, letter) = decided(&db, "b", now()).await;
    take(&db, letter, message, Step::Hold, now() + 2 * HOUR).await;
    take(&db, letter, message, Step::Move(0), now() + 5 * HOUR).await;
    for (hours, state) in [(1, Waiting), (3, Held), (6, Waiting)] {
        assert_eq!(before(&db, message, now() + hours * HOUR).await, Some(state), "after {hours} hours");
    }
    let held = |tx: Tx| async move { { tx }.held_letters("").await.unwrap() };
    assert_eq!(held(db.snapshot().await.unwrap()).await, []);
    take(&db, letter, message, Step::Hold, now() + 7 * HOUR).await;
    let held = held(db.snapshot().await.unwrap()).await;
    assert_eq!(
        held[0].since.nearest(),
        now() + 7 * HOUR,
        "it waits for a person since it is held, not since it was decided"
    );
});

both!(a_row_that_cannot_be_read_is_no_other_letters_fault, async |db: Database| {
    let (first, letter) = decided(&db, "a", now()).await;
    let (second, _) = decided(&db, "b", now()).await;
    take(&db, letter, first, Step::Hold, now() + HOUR).await;
    db.tamper("UPDATE letter_past SET state = 'nowhere'").await;
    let time = now() + HOUR;
    let letters = db.snapshot().await.unwrap().letters_between(first, second, time).await.unwrap();
    let states: Vec<_> = letters.iter().map(|letter| letter.state(time).ok()).collect();
    assert_eq!(states, [None, Some(Waiting)]);
});

/// Whoever adds a statement that changes a letter's state keeps the letter as it stood, and lets the walk above take it.
#[test]
fn every_statement_that_changes_a_state_is_known() {
    let changes = |text: &str| {
        let set = text.split("letter SET").nth(1).or_else(|| text.split("DO UPDATE SET").nth(1));
        let set = set.map(|set| set.split("WHERE").next().unwrap_or(set));
        set.is_some_and(|set| set.split(',').any(|set| set.trim_start().starts_with("state =")))
    };
    let found: Vec<&str> = statements().iter().filter(|(_, sql)| changes(sql.sqlite)).map(|(name, _)| *name).collect();
    let forward = ["FREEZE", "SENDING", "SENT"];
    let kept = [
        "DECIDE",
        "BY_HAND",
        "LATER",
        "END",
        "GIVE_BACK",
        "WITHDRAW_UNSENT",
        "WITHDRAW_OF_ACT",
        "HOLD_UNSENT",
        "DROP_QUERIES",
        "HOLD",
        "HOLD_ALONE",
    ];
    let known: BTreeSet<&str> = forward.into_iter().chain(kept).collect();
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), known);
}

// What the migration tells of letters from the events that are there.
both!(a_history_of_old_tells_what_it_can, async |db: Database| {
    let migration = include_str!("../../migrations/sqlite/0021_letter_past.sql");
    let rows = |text: &'static str| text.split_once("INSERT INTO letter_past").expect("it fills the table").1;
    assert_eq!(
        rows(migration),
        rows(include_str!("../../migrations/postgres/0021_letter_past.sql")),
        "the same on both"
    );
    let statement = format!("INSERT INTO letter_past{}", rows(migration));
    let day = |n: i64| now() + std::time::Duration::from_hours(24) * u32::try_from(n).unwrap();
    let decided_and = |rest: &'static [(i64, &'static str, &'static str)]| {
        let decided = (0, "letter_decided", "A letter was decided: query.");
        std::iter::once(decided).chain(rest.iter().copied()).collect::<Vec<_>>()
    };
    let stories: Vec<Story> = vec![
        (decided_and(&[]), Waiting, &[(1, Waiting)]),
        (
            decided_and(&[(3, "letter_ended", "The letter did not leave: 550 no such user")]),
            Failed,
            &[(1, Waiting), (3, Waiting), (4, Failed)],
        ),
        (
            decided_and(&[
                (
                    2,
                    "letter_ended",
                    "The letter did not leave: the entry changed before it left; a new letter was decided",
                ),
                (4, "letter_decided", "A letter was decided and is held: query. This address had 5 letters"),
                (6, "letter_moved", "Letter {id} leaves now: is held. will not leave: it may"),
                (8, "letter_sent", "The letter left: query, as L-000001.eml."),
            ]),
            Sent,
            &[(1, Waiting), (3, Discarded), (5, Held), (9, Sent)],
        ),
        (
            decided_and(&[
                (2, "letter_uncertain", "It is not known whether it left. A person decides."),
                (4, "letter_moved", "Letter {id} will not leave: they have got it"),
            ]),
            Discarded,
            &[(1, Waiting), (3, Held), (5, Discarded)],
        ),
        (
            decided_and(&[
                (1, "letter_sent", "The letter left: query, as L-000001.eml."),
                (3, "letter_moved", "Letter {id} leaves now: they have not got it"),
                (5, "letter_sent", "The letter left: query, as L-000001.eml."),
            ]),
            Sent,
            &[(1, Waiting), (2, Sent), (4, Waiting), (6, Sent)],
        ),
        (
            decided_and(&[
                (1, "letter_held", "The letter is held: The database was restored"),
                (3, "letter_undone", "The query may have left for a@example.org before; it does not go once more."),
            ]),
            Discarded,
            &[(1, Waiting), (2, Held), (4, Discarded)],
        ),
        (
            decided_and(&[
                (
                    1,
                    "letter_moved",
                    "Letter {id} is held. Its sender was known by a decision that does not hold any more.",
                ),
                (3, "letter_dropped", "The query had not left, and will not: the entry has changed."),
                (
                    3,
                    "letter_undone",
                    "The query left for a@example.org, 2020, and cannot be called back: write to them",
                ),
            ]),
            Discarded,
            &[(1, Waiting), (2, Held), (4, Discarded)],
        ),
    ];
    let mut letters = Vec::new();
    for (n, (events, state, _)) in stories.iter().enumerate() {
        let (message, id) = decided(&db, &format!("{n}"), now()).await;
        for (at, kind, what) in events {
            let what = what.replace("{id}", &id.to_string());
            db.tamper(&format!(
                "INSERT INTO event (at, kind, letter_id, actor, payload, commitment)
                 VALUES ({}, '{kind}', {id}, 'docket', '{{\"what\":\"{what}\"}}', {})",
                day(*at).as_microsecond(),
                nothing(&db)
            ))
            .await;
        }
        let of = |wanted: &str| events.iter().rev().find(|(_, kind, _)| *kind == wanted).map(|(at, ..)| day(*at));
        let decided_at = of("letter_decided").unwrap().as_microsecond();
        let sent_at = of("letter_sent").map_or("NULL".to_owned(), |at| at.as_microsecond().to_string());
        let state = docket::store::word(state).unwrap();
        db.tamper(&format!(
            "UPDATE letter SET state = '{state}', decided_at = {decided_at}, sent_at = {sent_at},
                 released_at = {sent_at} WHERE id = {id}"
        ))
        .await;
        letters.push(message);
    }
    db.tamper(&statement).await;
    for ((events, _, days), message) in stories.iter().zip(letters) {
        for (n, state) in *days {
            let then = day(*n);
            assert_eq!(before(&db, message, then).await, Some(*state), "on day {n} of {events:?}");
        }
    }
});
