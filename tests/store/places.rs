//! What is filed, as facts: one submission for a party, a reference without gaps, and rows that are only opened and closed.

use std::{pin::pin, time::Duration};

use docket::{
    core::{
        actor::Actor,
        calls::standing::{Standing, Witnesses},
        decision::Ruling,
        iso3::Iso3,
        judging::matching::Kind,
        submission::{AdditionKind, Filed, Held, ItemId, Legible, PartyKey, Place, Receipt, View, Withdrawal, stands},
    },
    store::{Claimed, Db, DecidedOn, Id, KnownCall, Names, NewDecision, Projected, StoreError, Submission, Tx},
};
use jiff::Timestamp;
use tokio::time::timeout;

use super::seed::{HOUR, acknowledgement, iso3, item, known_call, now, read};
use crate::fixture::{Database, both};

fn states(codes: &[&str]) -> PartyKey {
    PartyKey::States(codes.iter().map(|code| iso3(code)).collect())
}

/// An item that is a version, received at the hour of its number.
fn version((item, n): (Id, i64), by: Option<Id>, at: Timestamp) -> Filed {
    Filed {
        id: 0,
        item: ItemId(item),
        place: Place::Version,
        n: None,
        receipt: Receipt { at: now(), number: 1, n },
        witnesses: Witnesses::default(),
        legible: Legible::Read,
        words: Some(4_711),
        content_key: Some("text".to_owned()),
        settled: None,
        by,
        held: Held::from(at),
    }
}

/// Puts an item into a submission, now.
pub async fn put(tx: &mut Tx, submission: Id, item: (Id, i64), by: Option<Id>) -> Id {
    tx.put(submission, &version(item, by, now())).await.unwrap()
}

/// A message with so many items, whose texts are all different.
async fn items(db: &Db, call: &KnownCall, name: &str, count: i64) -> (Claimed, Vec<Id>) {
    let message = read(db, name, "mission@example.org").await;
    let (mut tx, mut items) = (db.begin().await.unwrap(), Vec::new());
    for n in 1..=count {
        items.push(item(&mut tx, message.id, n, call.id, &format!("{name}/{n}")).await);
    }
    tx.commit().await.unwrap();
    (message, items)
}

async fn open(tx: &mut Tx, call: &KnownCall, party: &PartyKey) -> Result<Submission, StoreError> {
    match tx.submission_of(call.id, party).await? {
        Some(submission) => Ok(submission),
        None => tx.open_submission(call.id, "GCM-ECE-2020", party, Kind::MemberState).await,
    }
}

async fn decision(tx: &mut Tx, item: Id, at: Timestamp, undoes: Option<Id>) -> Id {
    let ruling = if undoes.is_some() { Ruling::Undone } else { Ruling::Assigned { states: vec![iso3("CHE")] } };
    let actor = Actor::person("Ana");
    let new = NewDecision {
        on: DecidedOn::Item(item),
        ruling: &ruling,
        actor: &actor,
        reason: "their letterhead",
        at,
        undoes,
        answer_before: None,
        letter_before: None,
    };
    tx.add_decision(&new).await.unwrap()
}

both!(a_party_has_one_submission, async |db: Database| {
    let call = known_call(&db).await;
    let mut tx = db.begin().await.unwrap();
    let mut references = Vec::new();
    let sender = |address: &str| PartyKey::Sender(address.to_owned());
    for party in [
        states(&["CHE"]),
        states(&["CHE"]),
        states(&["USA", "CHE"]),
        states(&["CHE", "USA", "CHE"]),
        sender("Office@NGO.example"),
        sender("office@ngo.example"),
    ] {
        references.push(open(&mut tx, &call, &party).await.unwrap().reference);
    }
    let numbers: Vec<&str> = references.iter().map(|reference| reference.trim_start_matches("GCM-ECE-2020-")).collect();
    assert_eq!(numbers, ["0001", "0001", "0002", "0002", "0003", "0003"], "several together are a party of their own");
    let joint = tx.submission_of(call.id, &states(&["USA", "CHE"])).await.unwrap().unwrap();
    assert_eq!((joint.states, joint.call, joint.kind), (vec![iso3("CHE"), iso3("USA")], call.id, Kind::MemberState));
});

both!(references_have_no_gaps, async |db: Database| {
    let call = known_call(&db).await;
    let mut tx = db.begin().await.unwrap();
    assert_eq!(open(&mut tx, &call, &states(&["CHE"])).await.unwrap().reference, "GCM-ECE-2020-0001");
    drop(tx);
    let mut readers = tokio::task::JoinSet::new();
    for reader in 0..4 {
        let (db, call) = (db.open_again().await, call.clone());
        readers.spawn(async move {
            for n in 0..5 {
                let party = PartyKey::Sender(format!("{reader}.{n}@example.org"));
                let mut tx = db.begin().await.unwrap();
                open(&mut tx, &call, &party).await.unwrap();
                if n != 0 {
                    tx.commit().await.unwrap();
                }
            }
        });
    }
    readers.join_all().await;
    assert_eq!(db.number("SELECT COUNT(*) FROM submission").await, 16);
    assert_eq!(db.number("SELECT COUNT(*) FROM submission WHERE reference <= 'GCM-ECE-2020-0016'").await, 16);
});

both!(two_who_open_one_at_once_make_one, async |db: Database| {
    let call = known_call(&db).await;
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (db, call) = (db.open_again().await, call.clone());
        readers.spawn(async move {
            loop {
                let mut tx = db.begin().await.unwrap();
                match open(&mut tx, &call, &states(&["CHE"])).await {
                    Ok(submission) => {
                        tx.change_submission(submission.id).await.unwrap();
                        tx.commit().await.unwrap();
                        break;
                    }
                    Err(error) => assert!(error.is_duplicate(), "{error}"),
                }
            }
        });
    }
    readers.join_all().await;
    assert_eq!(db.number("SELECT COUNT(*) FROM submission WHERE reference = 'GCM-ECE-2020-0001'").await, 1);
});

both!(a_fact_comes_back_as_it_was_put, async |db: Database| {
    let call = known_call(&db).await;
    let (_, items) = items(&db, &call, "a", 3).await;
    let mut tx = db.begin().await.unwrap();
    let submission = open(&mut tx, &call, &states(&["CHE"])).await.unwrap();
    let by = decision(&mut tx, items[1], now(), None).await;
    let first = version((items[0], 1), None, now());
    let annex = Filed {
        place: Place::Addition { kind: AdditionKind::Annex, to: Some(ItemId(items[0])) },
        witnesses: Witnesses { relay: Some(now()), mailbox: Some(now() + HOUR) },
        legible: Legible::Unread,
        words: None,
        content_key: None,
        settled: Some(Standing::Late),
        ..version((items[1], 2), Some(by), now())
    };
    let mut kept = Vec::new();
    for filed in [&first, &annex] {
        kept.push(Filed { id: tx.put(submission.id, filed).await.unwrap(), ..filed.clone() });
    }
    let back = Withdrawal { at: now() + HOUR, by: Some(by), held: Held::from(now()) };
    tx.take_back_all(submission.id, &back, None).await.unwrap();
    assert_eq!(tx.filed_in(submission.id).await.unwrap(), (kept.clone(), vec![back]));
    assert_eq!(tx.place_of(items[1]).await.unwrap(), Some((submission.clone(), kept[1].clone())));
    assert_eq!(tx.place_of(items[2]).await.unwrap(), None);
    let parties = tx.parties_of(call.id, &[iso3("CHE")], View::NOW).await.unwrap();
    assert_eq!((parties.len(), &parties[0].filed, &parties[0].withdrawals), (1, &kept, &vec![back]));
    assert!(tx.parties_of(call.id, &[iso3("USA")], View::NOW).await.unwrap().is_empty());
    let before = tx.parties_of(call.id, &[], View::known_at(now())).await.unwrap();
    assert!(before[0].filed.is_empty() && before[0].withdrawals.is_empty(), "it was not known then");
});

both!(what_a_decision_did_is_taken_back, async |db: Database| {
    let call = known_call(&db).await;
    let (_, items) = items(&db, &call, "a", 1).await;
    let (item, at) = (items[0], |hours: u32| now() + HOUR * hours);
    let mut tx = db.begin().await.unwrap();
    let (che, usa) = (states(&["CHE"]), states(&["USA"]));
    let (che, usa) = (open(&mut tx, &call, &che).await.unwrap().id, open(&mut tx, &call, &usa).await.unwrap().id);
    let first = put(&mut tx, che, (item, 1), None).await;
    let shown = Projected {
        place: first,
        n: Some(1),
        standing: Some(Standing::OnTime),
        deadline: Some(1),
        counts: true,
        current: true,
        repeats: None,
    };
    tx.keep_settled(che, std::slice::from_ref(&shown), now()).await.unwrap();
    let decided = decision(&mut tx, item, at(1), None).await;
    tx.close(first, Some(decided), at(1)).await.unwrap();
    tx.put(usa, &version((item, 1), Some(decided), at(1))).await.unwrap();
    assert_eq!(tx.place_of(item).await.unwrap().unwrap().0.id, usa);

    let undo = decision(&mut tx, item, at(2), Some(decided)).await;
    assert_eq!(tx.changed_by(decided).await.unwrap().into_iter().collect::<Vec<_>>(), [che, usa]);
    let touched = tx.take_back(decided, undo, at(2)).await.unwrap();
    assert_eq!(touched.submissions.into_iter().collect::<Vec<_>>(), [che, usa]);
    let (there, filed) = tx.place_of(item).await.unwrap().unwrap();
    assert_eq!((there.id, filed.n, filed.by, filed.held), (che, Some(1), None, Held::from(at(2))));
    let beside = tx.projected_in(che).await.unwrap();
    assert_eq!((beside[0].standing, beside[0].deadline), (shown.standing, shown.deadline), "judged as it was");

    // What was known at each time is found again.
    for (hours, submissions) in [(0, [0, 0]), (1, [1, 0]), (2, [0, 1]), (3, [1, 0])] {
        let view = View::known_at(at(hours));
        let parties = tx.parties_of(call.id, &[], view).await.unwrap();
        let counts: Vec<usize> =
            parties.iter().map(|party| stands(&party.filed, &party.withdrawals, view).versions.len()).collect();
        assert_eq!(counts, submissions, "known {hours} hours later");
    }
});

// A message that has grown since is filed anew where a decision had put it.
both!(what_a_decision_ended_of_its_own_does_not_hold_again, async |db: Database| {
    let call = known_call(&db).await;
    let (_, items) = items(&db, &call, "a", 1).await;
    let (item, mut tx) = (items[0], db.begin().await.unwrap());
    let (che, usa) = (states(&["CHE"]), states(&["USA"]));
    let (che, usa) = (open(&mut tx, &call, &che).await.unwrap().id, open(&mut tx, &call, &usa).await.unwrap().id);
    let first = put(&mut tx, che, (item, 1), None).await;
    let decided = decision(&mut tx, item, now(), None).await;
    tx.close(first, Some(decided), now()).await.unwrap();
    let moved = put(&mut tx, usa, (item, 1), Some(decided)).await;
    tx.close(moved, Some(decided), now() + HOUR).await.unwrap();
    put(&mut tx, usa, (item, 1), Some(decided)).await;
    let at = now() + HOUR * 2;
    let undo = decision(&mut tx, item, at, Some(decided)).await;
    tx.take_back(decided, undo, at).await.unwrap();
    assert_eq!(tx.place_of(item).await.unwrap().map(|(submission, _)| submission.id), Some(che));
});

both!(no_letter_is_made_while_a_number_changes, async |db: Database| {
    let call = known_call(&db).await;
    let (message, items) = items(&db, &call, "a", 1).await;
    let mut tx = db.begin().await.unwrap();
    let submission = open(&mut tx, &call, &states(&["CHE"])).await.unwrap().id;
    let letter = tx.decide_letter(&acknowledgement(message.id)).await.unwrap().unwrap();
    tx.keep_names(letter, &[Names { submission, item: items[0], n: 1 }]).await.unwrap();
    let claimed = tx.claim_letter("post", Duration::from_hours(1), now() + HOUR).await.unwrap().unwrap();
    tx.commit().await.unwrap();

    let (db, mut changes) = (db.open_again().await, db.begin().await.unwrap());
    changes.change_letters_about(submission).await.unwrap();
    let made = async {
        let mut tx = db.begin().await.unwrap();
        let made = tx.freeze_letter(&claimed, now() + HOUR, "l1@example.org", b"From: us").await.unwrap();
        tx.commit().await.unwrap();
        made
    };
    let mut made = pin!(made);
    assert!(timeout(Duration::from_millis(100), &mut made).await.is_err(), "it waits for what it says");
    assert!(changes.told_numbers(submission).await.unwrap().is_empty());
    assert!(changes.reword_letter(letter, "{}", "t", ("subject", "body")).await.unwrap());
    changes.commit().await.unwrap();
    assert!(!made.await, "what was claimed says something else by now");
});

// What is filed meanwhile is judged by the deadline of before, and judged again by whoever moves it.
both!(no_deadline_moves_while_something_is_judged_by_it, async |db: Database| {
    let call = known_call(&db).await;
    let mut tx = db.begin().await.unwrap();
    let submission = open(&mut tx, &call, &states(&["CHE"])).await.unwrap().id;
    tx.commit().await.unwrap();

    let (db, mut files) = (db.open_again().await, db.begin().await.unwrap());
    files.change_submission(submission).await.unwrap();
    let moved = async {
        let mut tx = db.begin().await.unwrap();
        tx.change_call(call.id).await.unwrap();
        tx.change_submission(submission).await.unwrap();
        tx.commit().await.unwrap();
    };
    let mut moved = pin!(moved);
    assert!(timeout(Duration::from_millis(100), &mut moved).await.is_err(), "it waits for what is judged");
    files.commit().await.unwrap();
    moved.await;
});

both!(what_is_shown_otherwise_is_another_row, async |db: Database| {
    let call = known_call(&db).await;
    let (_, items) = items(&db, &call, "a", 1).await;
    let mut tx = db.begin().await.unwrap();
    let submission = open(&mut tx, &call, &states(&["CHE"])).await.unwrap().id;
    let place = put(&mut tx, submission, (items[0], 1), None).await;
    let shown = Projected {
        place,
        n: Some(1),
        standing: Some(Standing::OnTime),
        deadline: Some(1),
        counts: true,
        current: true,
        repeats: None,
    };
    let later = now() + HOUR;
    for (at, change, rows) in [
        (now(), shown.clone(), 1),
        (now(), Projected { n: Some(2), ..shown.clone() }, 1),
        (later, Projected { n: Some(2), current: false, ..shown.clone() }, 1),
        (later, Projected { n: Some(3), ..shown.clone() }, 2),
    ] {
        tx.keep_settled(submission, std::slice::from_ref(&change), at).await.unwrap();
        let kept = tx.projected_in(submission).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(Projected { place: kept[0].place, ..change }, kept[0]);
        assert_eq!(tx.filed_in(submission).await.unwrap().0.len(), rows, "only what people were shown has a past");
    }
    let past = tx.filed_in(submission).await.unwrap().0.remove(0);
    assert_eq!((past.n, past.held), (Some(2), Held { since: now(), until: Some(later) }));
});

/// Rows of a database as the program left it before there were places.
fn of_before(no_bytes: &str) -> Vec<String> {
    let message = |id: i64, received: i64| {
        format!(
            "INSERT INTO message (number, mailbox_id, identity, identity_version, sha256, size, received, clock, first_seen,
                 state, attempts, lease_until, epoch, revision, read_at)
             VALUES ({id}, 1, '{id}', 1, '00', 1, {received}, 'first_seen', 5, 'read', 1, 0, 1, 0, 10)"
        )
    };
    let item = |id: i64, key: &str, repeats: &str| {
        format!(
            "INSERT INTO item (message_id, n, call_id, decision, kind, score, words, content_key, duplicate_of)
             VALUES ({id}, 1, 1, 'matched', 'member_state', 1, 100, '{key}', {repeats})"
        )
    };
    let version = |submission: i64, n: i64, item: i64, received: i64, filed_at: i64, withdrawn_at: &str| {
        format!(
            "INSERT INTO version (submission_id, n, item_id, received, standing, deadline_version_id, filed_at, withdrawn_at)
             VALUES ({submission}, {n}, {item}, {received}, 'on_time', 1, {filed_at}, {withdrawn_at})"
        )
    };
    let decision = |item: i64, kind: &str, at: i64, undoes: &str| {
        format!(
            "INSERT INTO decision (item_id, kind, value, actor, reason, at, undoes)
             VALUES ({item}, '{kind}', '', 'person:Ana', 'why', {at}, {undoes})"
        )
    };
    let past = |item: i64, decision: i64, until: i64, submission: i64, version: &str| {
        format!(
            "INSERT INTO item_past (item_id, decision_id, until, call_id, kind, submission_id, version_id, standing)
             VALUES ({item}, {decision}, {until}, 1, 'member_state', {submission}, {version}, 'undetermined')"
        )
    };
    vec![
        "INSERT INTO mailbox (name, first_started) VALUES ('inputs', 1)".to_owned(),
        "INSERT INTO call (code, reference) VALUES ('one', 'ONE')".to_owned(),
        "INSERT INTO deadline_version (call_id, n, day, zone, rule, tzdb, grace_minutes, instant, since)
         VALUES (1, 1, '2020-09-30', 'UTC', 'inclusive_day', 'x', 0, 1000, 1)"
            .to_owned(),
        "INSERT INTO original (sha256, size) VALUES ('00', 1)".to_owned(),
        "INSERT INTO submission (call_id, reference, party, kind) VALUES (1, 'ONE-0001', 'CHE', 'member_state')".to_owned(),
        "INSERT INTO submission (call_id, reference, party, kind) VALUES (1, 'ONE-0002', 'USA', 'member_state')".to_owned(),
        "INSERT INTO submission_state (submission_id, iso3) VALUES (1, 'CHE')".to_owned(),
        "INSERT INTO submission_state (submission_id, iso3) VALUES (2, 'USA')".to_owned(),
        message(1, 100),
        message(2, 200),
        message(3, 150),
        message(4, 300),
        message(5, 400),
        message(6, 50),
        item(1, "a", "NULL"),
        item(2, "b", "NULL"),
        item(3, "a", "1"),
        item(4, "c", "NULL"),
        // The fifth was the same until it grew, and the sixth was taken for later than it is.
        item(5, "d", "1"),
        item(6, "a", "1"),
        // The fourth is a scan that nobody has opened.
        format!(
            "INSERT INTO file (message_id, item_id, n, path, media_type, size, sha256, format, role, outcome,
                 pages_without_text, pages_failed, words_notes, words_running_heads, text, tried)
             VALUES (4, 4, 1, '1', 'application/pdf', 1, '00', 'pdf', 'main', 'no_text', '[]', '[]', 0, 0, '', '[]')"
        ),
        version(1, 1, 1, 100, 10, "NULL"),
        version(1, 2, 2, 200, 10, "50"),
        version(2, 1, 2, 200, 50, "NULL"),
        version(1, 3, 4, 300, 10, "NULL"),
        // The second was moved to another state, and the first confirmed.
        decision(2, "assign", 50, "NULL"),
        past(2, 1, 50, 1, "2"),
        decision(1, "assign", 60, "NULL"),
        past(1, 2, 60, 1, "1"),
        format!(
            "INSERT INTO letter (occasion, message_id, call_id, kind, facts, language, template, recipient, subject, body,
                 not_before, state, attempts, lease_until, epoch, decided_at, released_at, bytes, to_mailbox)
             VALUES ('x', 1, 1, 'acknowledgement', '', 'en', '', 'a@mfa.no', '', '', 0, 'sent', 1, 0, 0, 10, 11, {no_bytes},
                 'a@mfa.no')"
        ),
    ]
}

both!(what_was_filed_before_there_were_places_is_filed_as_it_was, async |db: Database| {
    let bytes = if db.kind() == crate::fixture::Kind::Sqlite { "x'00'" } else { "'\\x00'" };
    let old = Database::of_before(db.kind(), 28, &of_before(bytes)).await;
    let mut tx = old.begin().await.unwrap();
    let line = |filed: Option<docket::store::Registration>| {
        let filed = filed.unwrap();
        (filed.reference, filed.version, filed.states, filed.standing, filed.repeats)
    };
    let che: Vec<Iso3> = vec![iso3("CHE")];
    let one = || "ONE-0001".to_owned();
    assert_eq!(line(tx.registration(1).await.unwrap()), (one(), Some(1), che.clone(), Standing::OnTime, None));
    assert_eq!(line(tx.registration(3).await.unwrap()), (one(), Some(1), che.clone(), Standing::OnTime, Some(1)));
    assert_eq!(line(tx.registration(4).await.unwrap()), (one(), Some(3), che, Standing::OnTime, None));
    let moved = line(tx.registration(2).await.unwrap());
    assert_eq!((moved.0.as_str(), moved.1), ("ONE-0002", Some(1)));
    for repeats in [5, 6] {
        let repeats = line(tx.registration(repeats).await.unwrap());
        assert_eq!((repeats.0, repeats.1, repeats.4), (one(), Some(1), Some(1)), "and takes no number");
    }
    let (_, scan) = tx.place_of(4).await.unwrap().unwrap();
    assert_eq!(scan.legible, Legible::Unread, "nobody has read it");
    let beside = tx.projected_in(1).await.unwrap();
    let current: Vec<Id> = beside.iter().filter(|beside| beside.current).map(|beside| beside.place).collect();
    assert_eq!(current, [tx.place_of(1).await.unwrap().unwrap().1.id]);
    assert_eq!(tx.told_numbers(1).await.unwrap().iter().map(|told| told.n).collect::<Vec<_>>(), [1]);

    // Each decision is taken back as if the program had known places when it was taken.
    for (decided, item, reference, version) in [(1, 2, "ONE-0001", 2), (2, 1, "ONE-0001", 1)] {
        let at = Timestamp::from_microsecond(100 + decided).unwrap();
        let undo = decision(&mut tx, item, at, Some(decided)).await;
        tx.take_back(decided, undo, at).await.unwrap();
        let (submission, filed) = tx.place_of(item).await.unwrap().unwrap();
        assert_eq!((submission.reference.as_str(), filed.n, filed.by), (reference, Some(version), None));
    }
    let standing = line(tx.registration(1).await.unwrap()).3;
    assert_eq!(standing, Standing::Undetermined, "what a person had settled is open again");
    // And what was known at each time is found again.
    let mut known = Vec::new();
    for micros in [10, 11, 51] {
        let view = View::known_at(Timestamp::from_microsecond(micros).unwrap());
        let parties = tx.parties_of(1, &[], view).await.unwrap();
        known.push(parties.iter().map(|party| party.filed.len()).collect::<Vec<_>>());
    }
    assert_eq!(known, [[0, 0], [6, 0], [5, 1]]);
});
