//! The outbox: a letter is decided, frozen, handed over, and sent once.

use docket::{
    core::{
        event::{Dropped, HeldFor, Hold},
        letter_kind::{LetterKind, Occasion},
    },
    store::{ClaimedLetter, Db, Id, LetterRow, LetterState, NewLetter, OwnLetter},
};
use jiff::Timestamp;

use super::seed::{HOUR, acknowledgement, iso3, known_call, nothing, now, read};
use crate::fixture::{Database, Kind, both};

async fn decide(db: &Db, letter: &NewLetter<'_>) -> Option<Id> {
    let mut tx = db.begin().await.unwrap();
    let id = tx.decide_letter(letter).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn claim(db: &Db, owner: &str, now: Timestamp) -> Option<ClaimedLetter> {
    let mut tx = db.begin().await.unwrap();
    let claimed = tx.claim_letter(owner, HOUR, now).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn letter(db: &Db, id: Id) -> LetterRow {
    db.snapshot().await.unwrap().letter(id).await.unwrap().expect("the letter is there")
}

async fn state(db: &Db, id: Id) -> LetterState {
    letter(db, id).await.state
}

/// A letter to a message, decided and claimed.
async fn claimed(db: &Db, name: &str) -> ClaimedLetter {
    let message = read(db, name, "mission@example.org").await;
    let id = decide(db, &acknowledgement(message.id)).await.unwrap();
    let claimed = claim(db, "post", now()).await.unwrap();
    assert_eq!(claimed.id, id);
    claimed
}

both!(a_letter_goes_its_way_once, async |db: Database| {
    let message = read(&db, "a", "mission@example.org").await;
    let early = NewLetter { not_before: now() + HOUR, ..acknowledgement(message.id) };
    let id = decide(&db, &early).await.unwrap();
    assert!(claim(&db, "post", now()).await.is_none(), "it is not due");
    assert_eq!(db.snapshot().await.unwrap().next_letter_due().await.unwrap(), Some(now() + HOUR));

    let claimed = claim(&db, "post", now() + HOUR).await.unwrap();
    assert_eq!((claimed.id, claimed.attempts, claimed.bytes.clone()), (id, 0, None));
    assert_eq!(
        (claimed.kind().unwrap(), claimed.state().unwrap()),
        (LetterKind::Acknowledgement, LetterState::Waiting)
    );
    assert_eq!((claimed.decided_at().unwrap(), claimed.entry_changed()), (now(), false));
    assert_eq!(claimed.in_reply_to.as_deref(), Some("a@example.org"));
    assert_eq!(claimed.references().collect::<Vec<_>>(), ["call@example.org", "a@example.org"]);
    assert!(claim(&db, "other", now() + HOUR).await.is_none(), "it is claimed");

    let mut tx = db.begin().await.unwrap();
    assert!(!tx.letter_leaves(&claimed, now()).await.unwrap(), "nothing leaves that is not frozen");
    assert!(tx.freeze_letter(&claimed, now() + HOUR, "l1@example.org", b"From: us").await.unwrap());
    assert!(!tx.freeze_letter(&claimed, now() + HOUR, "l2@example.org", b"other").await.unwrap(), "frozen is frozen");
    tx.commit().await.unwrap();
    assert_eq!(state(&db, id).await, LetterState::Released);

    let mut tx = db.begin().await.unwrap();
    assert!(tx.letter_leaves(&claimed, now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(state(&db, id).await, LetterState::Sending);
    let mut tx = db.begin().await.unwrap();
    assert!(tx.letter_sent(&claimed, now() + HOUR).await.unwrap());
    assert!(!tx.letter_leaves(&claimed, now()).await.unwrap(), "it has left");
    tx.commit().await.unwrap();

    let sent = letter(&db, id).await;
    assert_eq!((sent.state, sent.attempts, sent.number), (LetterState::Sent, 1, Some(1)));
    assert_eq!((sent.sent_at, sent.not_before), (Some(now() + HOUR), now() + HOUR));
    assert_eq!(sent.decided_at, now());
    let mut tx = db.snapshot().await.unwrap();
    assert_eq!(tx.letter_bytes(id).await.unwrap().as_deref(), Some(&b"From: us"[..]));
    assert_eq!(
        tx.letter_with_message_id("l1@example.org").await.unwrap(),
        Some(OwnLetter { call: None, sent_at: Some((now() + HOUR).as_microsecond()) })
    );
    assert_eq!(tx.letter_with_message_id("l2@example.org").await.unwrap(), None);
    assert_eq!(tx.next_letter_due().await.unwrap(), None);
    drop(tx);
    db.tamper("UPDATE letter SET lease_until = 0").await;
    assert!(claim(&db, "post", now() + HOUR).await.is_none(), "nothing is left to do");
    assert_eq!(decide(&db, &acknowledgement(message.id)).await, None, "what was sent is not sent again");
});

both!(a_later_decision_takes_the_place_of_one_not_yet_frozen, async |db: Database| {
    let message = read(&db, "a", "mission@example.org").await;
    let first = decide(&db, &acknowledgement(message.id)).await.unwrap();
    let held = NewLetter { held: Some((HeldFor::Cap, "the cap")), subject: "2", ..acknowledgement(message.id) };
    assert_eq!(decide(&db, &held).await, Some(first));
    let row = letter(&db, first).await;
    assert_eq!((row.state, row.reason.as_deref()), (LetterState::Held, Some("the cap")));
    assert_eq!(row.held_for, Some(HeldFor::Cap));
    assert!(claim(&db, "post", now()).await.is_none(), "what is held waits for a person");

    assert_eq!(decide(&db, &NewLetter { subject: "3", ..acknowledgement(message.id) }).await, Some(first));
    let claimed = claim(&db, "post", now()).await.unwrap();
    assert_eq!(claimed.subject, "3");
    let mut tx = db.begin().await.unwrap();
    assert!(tx.freeze_letter(&claimed, now(), "l1@example.org", b"bytes").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(decide(&db, &NewLetter { subject: "4", ..acknowledgement(message.id) }).await, None, "it is frozen");
    let query = NewLetter { kind: LetterKind::Query, ..acknowledgement(message.id) };
    assert!(decide(&db, &query).await.is_some_and(|id| id != first), "another kind is another letter");
    let letters = db.snapshot().await.unwrap().readable_letters_of(message.id).await.unwrap();
    assert_eq!(letters.iter().map(|letter| letter.subject.as_str()).collect::<Vec<_>>(), ["3", "Accusé de réception"]);
});

both!(a_letter_decided_anew_is_lost_to_who_had_claimed_the_old_one, async |db: Database| {
    let old = claimed(&db, "a").await;
    let new = NewLetter { subject: "new", guard_revision: Some(1), ..acknowledgement(old.message_id.unwrap()) };
    assert_eq!(decide(&db, &new).await, Some(old.id));
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.freeze_letter(&old, now(), "old@example.org", b"old").await.unwrap(), "the old text must not go");
    assert!(!tx.letter_ends(&old, now(), LetterState::Discarded, "the entry has changed").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(state(&db, old.id).await, LetterState::Waiting, "nor is the new one discarded in its place");
    assert_eq!(claim(&db, "post", now()).await.unwrap().subject, "new");
});

both!(a_lost_claim_does_nothing, async |db: Database| {
    let lost = claimed(&db, "a").await;
    db.tamper("UPDATE letter SET lease_until = 1").await;
    let held = claim(&db, "another", now()).await.unwrap();
    assert_eq!((held.id, held.epoch), (lost.id, lost.epoch + 1));
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.freeze_letter(&lost, now(), "lost@example.org", b"lost").await.unwrap());
    assert!(tx.freeze_letter(&held, now(), "held@example.org", b"held").await.unwrap());
    assert!(!tx.letter_leaves(&lost, now()).await.unwrap());
    assert!(tx.letter_leaves(&held, now()).await.unwrap());
    assert!(!tx.letter_sent(&lost, now()).await.unwrap());
    assert!(!tx.letter_later(&lost, now(), now() + HOUR, "lost").await.unwrap());
    assert!(!tx.letter_ends(&lost, now(), LetterState::Failed, "lost").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(state(&db, lost.id).await, LetterState::Sending);
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt").await, 0, "it was no attempt either");
    let mut tx = db.begin().await.unwrap();
    assert!(tx.letter_sent(&held, now()).await.unwrap());
    assert!(!tx.letter_later(&held, now(), now() + HOUR, "after the fact").await.unwrap());
    assert!(!tx.letter_ends(&held, now(), LetterState::Failed, "after the fact").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(state(&db, lost.id).await, LetterState::Sent, "what was sent stays sent");
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt").await, 1);
});

both!(a_letter_is_tried_again_with_the_same_bytes, async |db: Database| {
    let first = claimed(&db, "a").await;
    let mut tx = db.begin().await.unwrap();
    assert!(tx.letter_later(&first, now(), now() + HOUR, "the relay does not answer").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(state(&db, first.id).await, LetterState::Waiting, "it was not frozen yet, and still can be");
    assert!(claim(&db, "post", now()).await.is_none());
    let second = claim(&db, "post", now() + HOUR).await.unwrap();
    assert_eq!((second.attempts, second.bytes.clone()), (1, None));

    let mut tx = db.begin().await.unwrap();
    assert!(tx.freeze_letter(&second, now() + HOUR, "l1@example.org", b"bytes").await.unwrap());
    assert!(tx.letter_leaves(&second, now()).await.unwrap());
    assert!(tx.letter_later(&second, now() + HOUR, now() + 2 * HOUR, "451").await.unwrap());
    tx.commit().await.unwrap();
    let third = claim(&db, "post", now() + 2 * HOUR).await.unwrap();
    assert_eq!((third.state().unwrap(), third.attempts), (LetterState::Released, 2));
    assert_eq!(
        (third.rfc_message_id.as_deref(), third.bytes.as_deref()),
        (Some("l1@example.org"), Some(&b"bytes"[..]))
    );

    let mut tx = db.begin().await.unwrap();
    assert!(tx.letter_leaves(&third, now()).await.unwrap());
    tx.commit().await.unwrap();
    db.tamper("UPDATE letter SET lease_until = 1").await;
    let after_crash = claim(&db, "post", now() + 2 * HOUR).await.unwrap();
    assert_eq!(after_crash.state().unwrap(), LetterState::Sending, "uncertain whether it left");
    assert_eq!(after_crash.bytes.as_deref(), Some(&b"bytes"[..]));
    let mut tx = db.begin().await.unwrap();
    assert!(tx.letter_ends(&after_crash, now() + 2 * HOUR, LetterState::Failed, "550").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(letter(&db, first.id).await.reason.as_deref(), Some("550"));
    assert_eq!(db.number("SELECT COUNT(DISTINCT n) FROM attempt").await, 3);
    assert!(claim(&db, "post", now() + 9 * HOUR).await.is_none());
});

both!(a_person_takes_a_letter_back, async |db: Database| {
    let claimed = claimed(&db, "a").await;
    let by_hand = async |from, to| {
        let mut tx = db.begin().await.unwrap();
        let moved = tx.move_letter(claimed.id, from, to, Some("by hand"), now(), now()).await.unwrap();
        tx.commit().await.unwrap();
        moved
    };
    assert!(!by_hand(LetterState::Held, LetterState::Discarded).await, "it is not in the state it was shown in");
    assert!(by_hand(LetterState::Waiting, LetterState::Discarded).await);
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.freeze_letter(&claimed, now(), "l1@example.org", b"bytes").await.unwrap());
    assert!(!tx.letter_later(&claimed, now(), now(), "451").await.unwrap());
    assert!(!tx.letter_ends(&claimed, now(), LetterState::Failed, "550").await.unwrap());
    tx.commit().await.unwrap();
    let row = letter(&db, claimed.id).await;
    assert_eq!((row.state, row.reason.as_deref()), (LetterState::Discarded, Some("by hand")));
    assert!(by_hand(LetterState::Discarded, LetterState::Waiting).await);
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.freeze_letter(&claimed, now(), "l1@example.org", b"bytes").await.unwrap(), "the claim is gone");
    tx.commit().await.unwrap();
    assert!(claim(&db, "post", now()).await.is_some());
});

both!(the_letter_due_longest_is_claimed_and_none_twice, async |db: Database| {
    let mut expected = Vec::new();
    for i in 0..8 {
        let message = read(&db, &format!("{i}"), "mission@example.org").await;
        let not_before = now() - (i % 4) * HOUR;
        let id = decide(&db, &NewLetter { not_before, ..acknowledgement(message.id) }).await.unwrap();
        expected.push((not_before, id));
    }
    expected.sort_unstable();
    assert_eq!(claim(&db, "post", now()).await.unwrap().id, expected[0].1);
    let mut posts = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let db = db.open_again().await;
        posts.spawn(async move {
            let mut ids = Vec::new();
            while let Some(letter) = claim(&db, "post", now()).await {
                ids.push(letter.id);
            }
            ids
        });
    }
    let mut ids = posts.join_all().await.concat();
    ids.push(expected[0].1);
    ids.sort_unstable();
    let mut all: Vec<Id> = expected.into_iter().map(|(_, id)| id).collect();
    all.sort_unstable();
    assert_eq!(ids, all);
});

both!(a_state_is_reminded_once_by_a_step, async |db: Database| {
    let call = known_call(&db).await;
    let message = read(&db, "a", "mission@example.org").await;
    let to_state = |state, step| NewLetter {
        occasion: Occasion::Step { call: call.id, state: iso3(state), step },
        call: Some(call.id),
        kind: LetterKind::Reminder,
        not_before: now() + HOUR,
        ..acknowledgement(message.id)
    };
    let che = decide(&db, &to_state("CHE", "first")).await.unwrap();
    assert_eq!(decide(&db, &to_state("CHE", "first")).await, None);
    assert!(decide(&db, &to_state("CHE", "second")).await.is_some(), "by another step");
    let held = NewLetter { held: Some((HeldFor::Restored, "its mail may wait undecided")), ..to_state("USA", "first") };
    let usa = decide(&db, &held).await.unwrap();
    assert_eq!((state(&db, che).await, state(&db, usa).await), (LetterState::Waiting, LetterState::Held));
    let mut tx = db.snapshot().await.unwrap();
    let mut reminded = tx.reminded(call.id, "first", Timestamp::MAX).await.unwrap();
    reminded.sort_unstable();
    assert_eq!(reminded, ["CHE", "USA"].map(iso3));
    let letters = tx.letters_to(call.id, iso3("CHE")).await.unwrap();
    assert_eq!(letters.iter().map(|row| row.step.as_deref()).collect::<Vec<_>>(), [Some("first"), Some("second")]);
    assert_eq!((&letters[0].kind, &letters[0].iso3), (&Ok(LetterKind::Reminder), &Ok(iso3("CHE"))));
    let first = letter(&db, che).await;
    assert_eq!((first.decided_at, first.not_before, first.number), (now(), now() + HOUR, None));
    assert_eq!(tx.paces("mission@example.org", now() + HOUR).await.unwrap().day, 0, "reminders aside");
});

both!(the_next_message_drops_the_query, async |db: Database| {
    let (first, second) = (read(&db, "a", "m@example.org").await, read(&db, "b", "m@example.org").await);
    let query = |message| NewLetter { kind: LetterKind::Query, not_before: now() + HOUR, ..acknowledgement(message) };
    let waiting = decide(&db, &query(first.id)).await.unwrap();
    let own = decide(&db, &query(second.id)).await.unwrap();
    let receipt = decide(&db, &acknowledgement(first.id)).await.unwrap();
    let third = read(&db, "c", "x@y.z").await;
    let elsewhere = decide(&db, &NewLetter { recipient: "else@example.org", ..query(third.id) }).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let went = tx.paces("mission@example.org", now()).await.unwrap();
    assert_eq!((went.hour, went.day), (3, 3));
    let went = tx.paces("mission@example.org", now() + HOUR).await.unwrap();
    assert_eq!((went.hour, went.day), (0, 3), "not within the hour");
    assert_eq!(tx.paces("mission@example.org", now() + 24 * HOUR).await.unwrap().day, 0, "nor within the day");
    assert_eq!(
        tx.paces("Mission+x@EXAMPLE.org.", now()).await.unwrap(),
        tx.paces("mission@example.org", now()).await.unwrap()
    );
    let came = Dropped::DocumentCame { number: "M-000002".to_owned() };
    let dropped = tx.drop_queries("Mission+2@example.org", second.id, &came, now()).await.unwrap();
    assert_eq!(dropped, [waiting]);
    assert_eq!(tx.paces("mission@example.org", now()).await.unwrap().hour, 2);
    tx.commit().await.unwrap();
    assert_eq!(letter(&db, waiting).await.reason.as_deref(), Some("the document came with M-000002"));
    for id in [own, receipt, elsewhere] {
        assert_eq!(state(&db, id).await, LetterState::Waiting);
    }
});

/// A statement of a migration that begins so.
fn migrating(db: &Database, name: &str, begins: &str) -> String {
    let kind = if matches!(**db, Db::Sqlite { .. }) { "sqlite" } else { "postgres" };
    let text = std::fs::read_to_string(format!("migrations/{kind}/{name}.sql")).unwrap();
    let statement = text.split_inclusive(';').map(str::trim).find(|statement| statement.starts_with(begins));
    statement.unwrap_or_else(|| panic!("{begins} in {name}")).to_owned()
}

/// A letter to a message has left, or may have, and its facts are kept.
async fn frozen(db: &Db, letter: &NewLetter<'_>) -> Id {
    let id = decide(db, letter).await.unwrap();
    let claimed = claim(db, "post", now()).await.unwrap();
    assert_eq!(claimed.id, id);
    let mut tx = db.begin().await.unwrap();
    assert!(tx.freeze_letter(&claimed, now(), &format!("l{id}@example.org"), b"bytes").await.unwrap());
    assert!(tx.letter_leaves(&claimed, now()).await.unwrap() && tx.letter_sent(&claimed, now()).await.unwrap());
    tx.commit().await.unwrap();
    id
}

both!(of_one_occasion_there_is_one_letter, async |db: Database| {
    let message = read(&db, "a", "mission@example.org").await.id;
    let by = |decision| NewLetter { occasion: Occasion::Message { message, decision }, ..acknowledgement(message) };
    let first = frozen(&db, &by(None)).await;
    assert_eq!(decide(&db, &by(None)).await, None, "the program answers once");

    let other = NewLetter { facts: "[1]", ..by(Some(7)) };
    let second = decide(&db, &other).await.expect("what a person has decided is told");
    assert_ne!(second, first);
    let mut tx = db.snapshot().await.unwrap();
    assert_eq!(
        (tx.letter_facts(first).await.unwrap(), tx.letter_facts(second).await.unwrap()),
        ("{}".into(), "[1]".into())
    );
    let told = tx.told_last(message, &[LetterKind::Acknowledgement]).await.unwrap();
    assert_eq!(told.map(|(facts, _)| facts).as_deref(), Some("{}"), "it has left");
    drop(tx);
    assert_eq!(decide(&db, &by(Some(8))).await, Some(second), "what has not left gives way to the next");
    assert_eq!(decide(&db, &by(None)).await, None, "and not to one of an occasion that there was before");
    assert_eq!(letter(&db, second).await.state, LetterState::Waiting);
    assert_eq!(frozen(&db, &by(Some(8))).await, second);
    assert_eq!(decide(&db, &by(Some(8))).await, None, "nor is a decision told twice");
    assert!(decide(&db, &by(Some(9))).await.is_some_and(|third| third > second), "a later one is");
    assert_eq!(db.number("SELECT COUNT(DISTINCT occasion) FROM letter").await, 3);

    let twice = "UPDATE letter SET occasion = (SELECT MIN(o.occasion) FROM letter o)";
    let refused = match &*db {
        Db::Sqlite { writer, .. } => sqlx::query(twice).execute(writer).await.map(drop),
        Db::Postgres(_) => sqlx::query(twice).execute(db.behind()).await.map(drop),
    };
    assert!(refused.unwrap_err().as_database_error().unwrap().is_unique_violation(), "whoever writes it");
});

both!(letters_of_an_older_database_have_their_occasions, async |db: Database| {
    let nothing = nothing(&db);
    let event =
        format!("INSERT INTO event (at, kind, letter_id, actor, commitment) VALUES (1, 'x', 3, 'docket', {nothing})");
    let letter = |id, to: &str, kind: &str, bytes: &str| {
        format!(
            "INSERT INTO letter (message_id, call_id, iso3, step, kind, facts, language, template, recipient, subject,
                 body, not_before, state, attempts, lease_until, epoch, decided_at, bytes, to_mailbox)
             VALUES ({to}, '{kind}', '', 'en', '', 'a@mfa.no', 'Subject {id}', '', 0, 'sent', 1, 0, 0, 1, {bytes}, 'a@mfa.no')"
        )
    };
    let message = |id: i64| {
        format!(
            "INSERT INTO message (number, mailbox_id, identity, identity_version, sha256, size, received, clock, first_seen,
                 state, attempts, lease_until, epoch, revision)
             VALUES ({id}, 1, '{id}', 1, '00', 1, 1, 'first_seen', 1, 'read', 1, 0, 1, 0)"
        )
    };
    let rows = [
        "INSERT INTO mailbox (name, first_started) VALUES ('inputs', 1)".to_owned(),
        "INSERT INTO call (code, reference) VALUES ('one', 'ONE')".to_owned(),
        "INSERT INTO original (sha256, size) VALUES ('00', 1)".to_owned(),
        message(1),
        message(2),
        letter(1, "1, 1, NULL, NULL", "received", nothing),
        letter(2, "1, 1, NULL, NULL", "acknowledgement", nothing),
        letter(3, "2, 1, NULL, NULL", "received", nothing),
        letter(4, "NULL, 1, 'CHE', 'first'", "reminder", nothing),
        letter(5, "NULL, 1, 'CHE', 'second'", "reminder", nothing),
        letter(6, "NULL, 1, 'NOR', 'first'", "reminder", nothing),
        // No program writes such rows; whoever did loses none.
        letter(7, "NULL, NULL, NULL, NULL", "reminder", "NULL"),
        letter(8, "NULL, NULL, NULL, NULL", "reminder", "NULL"),
        "INSERT INTO attempt (letter_id, n, at, outcome) VALUES (2, 1, 1, 'sent')".to_owned(),
        "INSERT INTO letter_past (letter_id, until, state, decided_at) VALUES (6, 1, 'waiting', 1)".to_owned(),
        event,
    ];
    let old = Database::of_before(db.kind(), 23, &rows).await;
    assert_eq!(old.number("SELECT COUNT(DISTINCT occasion) FROM letter").await, 8);
    let mut tx = old.snapshot().await.unwrap();
    let subjects: Vec<_> = tx.letters().await.unwrap().into_iter().map(|letter| letter.unwrap().subject).collect();
    assert_eq!(subjects, (1..=8).map(|id| format!("Subject {id}")).collect::<Vec<_>>());
    drop(tx);
    for (table, letter) in [("attempt", 2), ("letter_past", 6), ("event", 3)] {
        let theirs =
            format!("SELECT COUNT(*) FROM {table} t JOIN letter l ON l.id = t.letter_id WHERE l.id = {letter}");
        assert_eq!(old.number(&theirs).await, 1, "{table}");
    }
    if db.kind() == Kind::Sqlite {
        assert_eq!(old.number("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
    }

    let again = acknowledgement(1);
    assert_eq!(decide(&old, &again).await, None, "what was sent is not sent again");
    let corrected = NewLetter { occasion: Occasion::Message { message: 1, decision: Some(1) }, ..acknowledgement(1) };
    assert!(decide(&old, &corrected).await.is_some(), "and a decision is told");
    let reminder = |step| NewLetter {
        occasion: Occasion::Step { call: 1, state: iso3("CHE"), step },
        call: Some(1),
        kind: LetterKind::Reminder,
        ..acknowledgement(1)
    };
    assert_eq!(decide(&old, &reminder("second")).await, None);
    assert!(decide(&old, &reminder("third")).await.is_some());
});

both!(letters_of_before_are_brought_up_to_date, async |db: Database| {
    let recipients = ["Desk+x@MFA.gov", "desk@mfa.gov", "+x@mfa.gov", "a+b+c@d+e.org", "desk@with+plus.org"];
    for (n, recipient) in recipients.into_iter().enumerate() {
        let message = read(&db, &n.to_string(), "m@example.org").await;
        decide(&db, &NewLetter { recipient, ..acknowledgement(message.id) }).await.unwrap();
    }
    let folded = "SELECT COUNT(*) FROM letter WHERE to_mailbox = 'desk@mfa.gov'";
    let all = "SELECT COUNT(DISTINCT to_mailbox) FROM letter";
    assert_eq!((db.number(folded).await, db.number(all).await), (2, 4));
    db.tamper("UPDATE letter SET to_mailbox = ''").await;
    db.tamper(&migrating(&db, "0018_allowances", "UPDATE letter")).await;
    assert_eq!((db.number(folded).await, db.number(all).await), (2, 4), "as the program writes it");

    for (id, reason) in [
        (1, "The database was restored from a backup of 2020-09-01 11:00:00 UTC; it may have been sent before."),
        (2, "The database is a new one in the place of another; it may have been sent before."),
        (3, "It is not known whether it left: the server closed the connection"),
        (4, "This address had 5 letters within an hour already; a person decides."),
        (5, "Its sender was known by a decision that does not hold any more."),
    ] {
        db.tamper(&format!("UPDATE letter SET state = 'held', reason = '{reason}' WHERE id = {id}")).await;
    }
    db.tamper(&migrating(&db, "0019_why_letters_wait", "UPDATE letter")).await;
    let mut tx = db.snapshot().await.unwrap();
    let held: Vec<_> = tx.letters().await.unwrap().into_iter().map(|row| row.unwrap().held_for).collect();
    let expected = [HeldFor::Restored, HeldFor::Restored, HeldFor::Uncertain, HeldFor::Cap, HeldFor::Sender].map(Some);
    assert_eq!(held, expected);
});

both!(a_changed_entry_discards_what_has_not_left, async |db: Database| {
    let frozen = claimed(&db, "a").await;
    let message = frozen.message_id.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(tx.freeze_letter(&frozen, now(), "l1@example.org", b"bytes").await.unwrap());
    tx.commit().await.unwrap();
    let waiting = decide(&db, &NewLetter { kind: LetterKind::Query, ..acknowledgement(message) }).await.unwrap();
    let held =
        NewLetter { kind: LetterKind::Received, held: Some((HeldFor::Cap, "a cap")), ..acknowledgement(message) };
    let held = decide(&db, &held).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert_eq!((tx.change_entry(message).await.unwrap(), tx.change_entry(message).await.unwrap()), (1, 2));
    tx.commit().await.unwrap();
    let old = claim(&db, "other", now()).await.unwrap();
    assert!(old.id == waiting && old.entry_changed(), "whoever claims it sees that");
    let mut tx = db.begin().await.unwrap();
    let mut discarded = tx.discard_unsent(message, &Dropped::EntryChanged, now()).await.unwrap();
    discarded.sort_unstable();
    let kinds = [LetterKind::Acknowledgement, LetterKind::Query, LetterKind::Received];
    assert_eq!(discarded.into_iter().map(|(_, kind)| kind).collect::<std::collections::BTreeSet<_>>(), kinds.into());
    assert_eq!(tx.letters().await.unwrap().len(), 3);
    assert!(!tx.letter_leaves(&frozen, now()).await.unwrap(), "who was handing it over does not");
    tx.commit().await.unwrap();
    for letter in [frozen.id, waiting, held] {
        assert_eq!(state(&db, letter).await, LetterState::Discarded);
    }
    assert_eq!(decide(&db, &NewLetter { kind: LetterKind::Query, ..acknowledgement(message) }).await, Some(waiting));
    assert_eq!(state(&db, waiting).await, LetterState::Waiting, "and may be decided anew");
    assert_eq!(decide(&db, &acknowledgement(message)).await, Some(frozen.id), "that one, too");
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.letter_bytes(frozen.id).await.unwrap(), None, "and is made anew");
});

both!(what_may_have_left_is_not_called_back, async |db: Database| {
    let letter = claimed(&db, "a").await;
    let message = letter.message_id.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(tx.freeze_letter(&letter, now(), "l1@example.org", b"bytes").await.unwrap());
    assert!(tx.letter_leaves(&letter, now()).await.unwrap());
    assert_eq!(tx.discard_unsent(message, &Dropped::EntryChanged, now()).await.unwrap(), [], "it is being handed over");
    assert!(tx.letter_uncertain(&letter, now(), now() + HOUR, "no answer to the dot").await.unwrap());
    assert_eq!(tx.discard_unsent(message, &Dropped::EntryChanged, now()).await.unwrap(), [], "it goes once more");
    assert_eq!(tx.hold_unsent(message, &Hold::Sender, now()).await.unwrap(), Vec::<i64>::new());
    tx.commit().await.unwrap();
    assert_eq!(state(&db, letter.id).await, LetterState::Released);

    let tried = claimed(&db, "b").await;
    let message = tried.message_id.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(tx.freeze_letter(&tried, now(), "l2@example.org", b"bytes").await.unwrap());
    assert!(tx.letter_later(&tried, now(), now() + HOUR, "nobody answers").await.unwrap());
    assert_eq!(tx.hold_unsent(message, &Hold::Sender, now()).await.unwrap(), [tried.id], "it was tried in vain");
    tx.commit().await.unwrap();
    assert_eq!(state(&db, tried.id).await, LetterState::Held);
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.discard_unsent(message, &Dropped::EntryChanged, now()).await.unwrap().len(), 1);
    tx.commit().await.unwrap();

    let restored = claimed(&db, "c").await;
    let message = restored.message_id.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(tx.freeze_letter(&restored, now(), "l3@example.org", b"bytes").await.unwrap());
    tx.commit().await.unwrap();
    db.tamper(&format!(
        "INSERT INTO restored (noticed_at, lost_until) SELECT decided_at, decided_at FROM letter WHERE id = {}",
        restored.id
    ))
    .await;
    let mut tx = db.begin().await.unwrap();
    assert_eq!(
        tx.discard_unsent(message, &Dropped::EntryChanged, now()).await.unwrap(),
        [],
        "the backup knows no better"
    );
});
