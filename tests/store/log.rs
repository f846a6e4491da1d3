//! The log as it is read: what stands in the tables comes back on both databases, line by line.

use std::time::Duration;

use docket::{
    core::{
        actor::Actor,
        calls::standing::Standing,
        decision::Ruling,
        file::{Format, Outcome, Role, Tried},
        finding::Finding,
        judging::{
            matching::{Decision, Kind, Match},
            relevance::Relevance,
        },
        letter_kind::{LetterKind, Occasion},
        narrowing::{EntryKind, Letter},
        question::{Question, Questions},
        submission::{PartyKey, View},
        text::language::Language,
    },
    store::{
        Db, DecidedOn, LetterState, LogQuery, LogRow, MessageState, NewDecision, NewItem, NewLetter, Projected, Tx,
    },
};

use super::{
    places::put,
    seed::{HOUR, file, iso3, item, known_call, matched, now, read},
};
use crate::fixture::{Database, both};

const CALL: &str = "unece-gcm-2020";

fn everything() -> LogQuery<'static> {
    LogQuery {
        received_before: now() + HOUR,
        received_until: jiff::Timestamp::MAX,
        received_since: jiff::Timestamp::MIN,
        known_before: jiff::Timestamp::MAX,
        call: None,
        state: None,
        standing: None,
        kind: None,
        language: None,
        letter: None,
    }
}

/// Two messages: one filed for Switzerland with a repetition, one that may be of Austria and waits for a person.
async fn filled(db: &Db) {
    let call = known_call(db).await;
    let filed = read(db, "Contribution suisse", "mission@example.org").await;
    let mut tx = db.begin().await.unwrap();
    let first = item(&mut tx, filed.id, 1, call.id, "text").await;
    let second = item(&mut tx, filed.id, 2, call.id, "text").await;
    let che = PartyKey::States(vec![iso3("CHE")]);
    let submission = tx.open_submission(call.id, "GCM-ECE-2020", &che, Kind::MemberState).await.unwrap().id;
    let version = put(&mut tx, submission, (first, 1), None).await;
    let again = put(&mut tx, submission, (second, 2), None).await;
    let shown = Projected {
        place: version,
        n: Some(1),
        standing: Some(Standing::OnTime),
        deadline: Some(call.deadline_n()),
        counts: true,
        current: true,
        repeats: None,
    };
    let repeats =
        Projected { place: again, n: None, counts: false, current: false, repeats: Some(first), ..shown.clone() };
    tx.keep_settled(submission, &[shown, repeats], now()).await.unwrap();
    tx.set_item(second, Some(call.id), Kind::MemberState, None).await.unwrap();
    let mut read_in_part = file("contribution.pdf", "Le texte");
    read_in_part.reading.tried = vec![Tried::new("unpdf", "it did no better")];
    (read_in_part.reading.pages_failed, read_in_part.reading.pages_without_text) = (vec![2], vec![4, 5]);
    read_in_part.reading.language = Some(Language::Ru);
    tx.add_file(filed.id, Some(first), 1, &read_in_part, Role::Main).await.unwrap();
    tx.add_finding(filed.id, Some(1), &Finding::Match(matched("CHE")), now()).unwrap();
    let decision = NewDecision {
        on: DecidedOn::Item(first),
        ruling: &Ruling::Assigned { states: vec![iso3("CHE")] },
        actor: &Actor::person("Ana"),
        reason: "their letterhead",
        at: now(),
        undoes: None,
        answer_before: None,
        letter_before: None,
    };
    tx.add_decision(&decision).await.unwrap();
    let letter = NewLetter {
        occasion: Occasion::Message { message: filed.id, decision: None },
        call: Some(call.id),
        kind: LetterKind::Acknowledgement,
        facts: "{}",
        language: "fr",
        template: "1",
        recipient: "mission@example.org",
        recipient_name: None,
        subject: "Accusé de réception",
        body: "Reçu.",
        guard_revision: Some(0),
        not_before: now(),
        held: None,
        at: now(),
    };
    tx.decide_letter(&letter).await.unwrap();
    tx.commit().await.unwrap();

    let waits = read(db, "A question", "someone@example.net").await;
    let mut tx = db.begin().await.unwrap();
    let review = Match { decision: Decision::Review, kind: Kind::Ambiguous, iso3: None, ..matched("AUT") };
    let item = NewItem {
        message: waits.id,
        n: 1,
        call: None,
        subject: None,
        from_address: Some("someone@example.net"),
        matched: &review,
        words: None,
        content_key: None,
        waiting: Some(&Question::NoSender.into()),
    };
    tx.add_item(&item).await.unwrap();
    tx.commit().await.unwrap();
}

async fn lines(db: &Db, query: &LogQuery<'_>) -> Vec<(i64, Option<i64>)> {
    let line = |row: LogRow| (row.number, row.item_n);
    db.snapshot().await.unwrap().log(query).await.unwrap().into_iter().map(line).collect()
}

fn rows_place(row: &LogRow) -> (i64, i64) {
    (row.received.micros(), row.number)
}

both!(the_log_shows_every_item, async |db: Database| {
    filled(&db).await;
    let rows = db.snapshot().await.unwrap().log(&everything()).await.unwrap();
    assert_eq!(rows.len(), 3);
    let first = &rows[0];
    assert_eq!((first.number, first.item_n, first.items), (1, Some(1), 2));
    assert_eq!((first.reference.as_deref(), &first.version), (Some("GCM-ECE-2020-0001"), &Ok(Some(1))));
    assert_eq!((&first.standing, &first.day), (&Ok(Some(Standing::OnTime)), &Ok(Some(jiff::civil::date(2020, 9, 30)))));
    assert_eq!((&first.words, first.call_code.as_deref()), (&Ok(Some(4711)), Some(CALL)));
    assert_eq!(first.from_address.as_deref(), Some("mission@example.org"));
    assert_eq!((&first.relevance, first.received.time()), (&Ok(Some(Relevance::Input)), Ok(now())));
    assert_eq!(rows[1].duplicate_of, first.item_id);
    assert_eq!(rows[1].reference, first.reference, "a repetition is shown where its original stands");
    assert_eq!((rows[2].waiting().unwrap(), rows[2].reference.as_deref()), (Question::NoSender.into(), None));
    assert_eq!((&rows[2].state, &rows[2].kind), (&Ok(MessageState::Read), &Ok(Some(Kind::Ambiguous))));
});

both!(the_log_is_narrowed, async |db: Database| {
    filled(&db).await;
    read(&db, "Élan!", "x@example.org").await;
    let (filed, waits, bare) = (vec![(1, Some(1)), (1, Some(2))], (2, Some(1)), (3, None));
    let all = [&filed[..], &[waits, bare]].concat();
    for (query, expected) in [
        (everything(), all.clone()),
        (LogQuery { received_before: now(), ..everything() }, vec![]),
        (LogQuery { call: Some(CALL), ..everything() }, all),
        (LogQuery { call: Some("other"), ..everything() }, vec![waits, bare]),
        (LogQuery { state: Some("CHE"), ..everything() }, filed.clone()),
        (LogQuery { state: Some("AUT"), ..everything() }, vec![waits]),
        (LogQuery { state: Some("FRA"), ..everything() }, vec![]),
        (LogQuery { standing: Some(Standing::OnTime), ..everything() }, filed.clone()),
        (LogQuery { standing: Some(Standing::Late), ..everything() }, vec![]),
        (
            LogQuery { received_until: now() + Duration::from_micros(1), ..everything() },
            [&filed[..], &[waits, bare]].concat(),
        ),
        (LogQuery { received_until: now(), ..everything() }, vec![]),
        (LogQuery { kind: Some(EntryKind::Input), ..everything() }, [&filed[..], &[waits, bare]].concat()),
        (LogQuery { kind: Some(EntryKind::Addition), ..everything() }, vec![]),
        (LogQuery { language: Some(Language::Ru), ..everything() }, vec![filed[0]]),
        (LogQuery { language: Some(Language::Fr), ..everything() }, vec![filed[1], waits, bare]),
        (LogQuery { language: Some(Language::En), ..everything() }, vec![]),
        (LogQuery { letter: Some(Letter::With), ..everything() }, filed.clone()),
        (LogQuery { letter: Some(Letter::Without), ..everything() }, vec![waits, bare]),
        (LogQuery { letter: Some(Letter::With), known_before: now(), ..everything() }, vec![]),
    ] {
        assert_eq!(lines(&db, &query).await, expected, "{query:?}");
    }
    let mut tx = db.snapshot().await.unwrap();
    let newest = tx.newest(&everything(), (i64::MAX, 0), 1).await.unwrap();
    assert_eq!(newest.iter().map(|row| row.number).collect::<Vec<_>>(), [3]);
    let next = tx.newest(&everything(), (newest[0].received.micros(), newest[0].number), 10).await.unwrap();
    assert_eq!(
        next.iter().map(|row| (row.number, row.item_n)).collect::<Vec<_>>(),
        [(2, Some(1)), (1, Some(1)), (1, Some(2))]
    );
    let oldest = (rows_place(&next[1]), rows_place(&next[0]));
    let newer = async |tx: &mut Tx, place, most| {
        let rows = tx.next_newer(&everything(), place, most).await.unwrap();
        rows.iter().map(|row| (row.number, row.item_n)).collect::<Vec<_>>()
    };
    assert_eq!(newer(&mut tx, oldest.0, 10).await, [(2, Some(1)), (3, None)]);
    assert_eq!(newer(&mut tx, oldest.0, 1).await, [(2, Some(1))], "the nearest first");
    assert_eq!(newer(&mut tx, oldest.1, 10).await, [(3, None)]);
    assert_eq!(newer(&mut tx, (i64::MIN, 0), 2).await, [(1, Some(2)), (1, Some(1))], "of a message the last first");
});

both!(an_entry_shows_all_that_is_known, async |db: Database| {
    filled(&db).await;
    // A file as it was stored before anything was known of engines and failed pages.
    let old = "INSERT INTO file (message_id, n, path, media_type, size, sha256, format, role, outcome,
             pages_without_text, words_notes, words_running_heads, text)
         VALUES (1, 2, '1.3', 'application/pdf', 1, '00', 'pdf', 'annex', 'read', '[]', 0, 0, 'old')";
    assert_eq!(db.tamper(old).await, 1);
    let mut tx = db.begin().await.unwrap();
    let entry = tx.entry(1).await.unwrap().unwrap();
    assert_eq!((entry.subject.as_deref(), entry.language.as_deref()), (Some("Contribution suisse"), Some("fr")));
    assert_eq!((entry.revision, entry.size), (0, 19));
    assert!(tx.entry(99).await.unwrap().is_none());
    let files = tx.files(entry.id).await.unwrap();
    assert_eq!((files.len(), files[0].role, files[0].words), (2, Role::Main, Some(2)));
    assert_eq!(files[0].tried, [Tried::new("unpdf", "it did no better")]);
    assert_eq!(files[0].pages_failed, [2]);
    assert_eq!(files[0].pages_without_text, [4, 5]);
    assert!(files[1].tried.is_empty() && files[1].pages_failed.is_empty());
    assert_eq!((files[0].format, files[0].outcome), (Format::Pdf, Outcome::Read));
    let findings = tx.findings(entry.id).await.unwrap();
    assert_eq!(findings.matched(1).unwrap(), Some(matched("CHE")));
    assert_eq!(findings.matched(2).unwrap(), None);
    let decisions = tx.decisions(entry.id).await.unwrap();
    let decided = &decisions[0];
    assert_eq!(
        (decided.ruling().unwrap(), &decided.actor),
        (Ruling::Assigned { states: vec![iso3("CHE")] }, &Actor::person("Ana"))
    );
    assert!(decided.stands());
    let item = tx.item(1, 2).await.unwrap().unwrap();
    assert_eq!((item.kind, item.decision), (Kind::MemberState, Decision::Matched));
    assert_eq!((item.words, item.content_key.as_deref()), (Some(4711), Some("text")));
    assert_eq!(tx.items(entry.id).await.unwrap().len(), 2);
    assert!(tx.item(1, 3).await.unwrap().is_none());
    assert_eq!(tx.number_of_reference("gcm-ece-2020-0001").await.unwrap(), Some((1, 1)));
    tx.set_answer(entry.id, "It is answered.").await.unwrap();
    assert_eq!(tx.entry(1).await.unwrap().unwrap().answer_reason.as_deref(), Some("It is answered."));
    let letters = tx.letters_between(entry.id, entry.id, jiff::Timestamp::MAX).await.unwrap();
    let letters: Vec<_> =
        letters.iter().map(|l| (l.message_id, l.kind.as_str(), l.state(jiff::Timestamp::MAX).unwrap())).collect();
    assert_eq!(letters, [(entry.id, "acknowledgement", LetterState::Waiting)]);
});

both!(a_register_counts_what_was_received_before, async |db: Database| {
    filled(&db).await;
    let mut tx = db.snapshot().await.unwrap();
    let before = |received_before| View { received_before, ..View::NOW };
    let possible = tx.possible_then(CALL, before(now() + HOUR)).await.unwrap();
    assert_eq!(possible, [(Ok(iso3("AUT")), true)]);
    assert!(tx.possible_then(CALL, before(now())).await.unwrap().is_empty());
    let states = tx.submission_states().await.unwrap();
    assert_eq!(states.into_iter().map(|(_, iso3)| iso3.unwrap()).collect::<Vec<_>>(), [iso3("CHE")]);
    let call = tx.item(1, 1).await.unwrap().unwrap().call_id.unwrap();
    let about: Vec<_> = tx.last_letters(call).await.unwrap().into_iter().map(|l| (l.iso3, l.kind)).collect();
    assert_eq!(about, [(Ok(iso3("CHE")), Ok(LetterKind::Acknowledgement))], "once, whatever its items");
    assert_eq!(tx.letter_counts(CALL).await.unwrap(), [(Ok(LetterState::Waiting), 1)]);
    for call in [None, Some(CALL)] {
        let waiting = tx.waiting(call).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].number, waiting[0].item_n), (1, 2, None));
        assert_eq!(waiting[0].waiting().unwrap(), Question::NoSender.into());
        assert_eq!(waiting[0].candidates, [iso3("AUT")]);
        assert!(!waiting[0].undecided, "there is no text to decide on");
        assert_eq!((waiting[0].since, waiting[0].subject.as_deref()), (now(), Some("A question")));
    }
});

both!(the_document_that_came_settles_the_question, async |db: Database| {
    filled(&db).await;
    let brought = read(&db, "Here it is", "someone@example.net").await;
    let mut tx = db.begin().await.unwrap();
    tx.settle_earlier("someone@example.net", brought.id).await.unwrap();
    assert_eq!(tx.waiting(None).await.unwrap().len(), 1, "no query was out, so the question stays");
    let waits = tx.entry(2).await.unwrap().unwrap().id;
    let query = NewLetter {
        occasion: Occasion::Message { message: waits, decision: None },
        call: None,
        kind: LetterKind::Query,
        facts: "{}",
        language: "en",
        template: "1",
        recipient: "someone@example.net",
        recipient_name: None,
        subject: "Your document",
        body: "It was not there.",
        guard_revision: Some(0),
        not_before: now(),
        held: None,
        at: now(),
    };
    tx.decide_letter(&query).await.unwrap();
    tx.settle_earlier("someone@example.net", waits).await.unwrap();
    assert_eq!(tx.waiting(None).await.unwrap().len(), 1, "not by the message itself");
    tx.settle_earlier("someone@example.net", brought.id).await.unwrap();
    assert!(tx.waiting(None).await.unwrap().is_empty());
    tx.commit().await.unwrap();
});

both!(the_log_as_it_was_known, async |db: Database| {
    filled(&db).await;
    // Everything was seen, read, filed and decided at one instant; a person decided at that instant, too.
    let before = LogQuery { known_before: now(), ..everything() };
    assert!(lines(&db, &before).await.is_empty(), "nothing had been seen");
    db.tamper("UPDATE message SET first_seen = first_seen - 10").await;
    let seen = db.snapshot().await.unwrap().log(&before).await.unwrap();
    assert_eq!(seen.len(), 2, "seen, and not read: a line a message");
    assert!(seen.iter().all(|row| row.item_id.is_none() && row.relevance == Ok(None) && row.reference.is_none()));
    db.tamper("UPDATE message SET read_at = read_at - 10").await;
    let read = db.snapshot().await.unwrap().log(&before).await.unwrap();
    assert_eq!(read[0].relevance, Ok(Some(Relevance::Input)));
    assert_eq!((read[0].reference.as_deref(), &read[0].version), (None, &Ok(None)), "read, and not filed");
    assert_eq!(read[0].waiting().unwrap(), Questions::default(), "it was not waiting before the decision");
    db.tamper("DELETE FROM item_past").await;
    let unknown = db.snapshot().await.unwrap().log(&before).await.unwrap();
    assert_eq!(unknown[0].waiting().unwrap(), Question::DecidedLater.into(), "of old, that was not kept");
    db.tamper("UPDATE place SET since = since - 10, until = since").await;
    let filed = db.snapshot().await.unwrap().log(&before).await.unwrap();
    assert_eq!(filed[0].reference.as_deref(), Some("GCM-ECE-2020-0001"), "filed, and withdrawn only later");
    let now_known = db.snapshot().await.unwrap().log(&everything()).await.unwrap();
    assert_eq!(now_known[0].reference, None, "withdrawn by now");
    let mut tx = db.snapshot().await.unwrap();
    let entry = tx.entry(1).await.unwrap().unwrap();
    assert!(tx.letters_between(entry.id, entry.id, now()).await.unwrap().is_empty(), "no letter was decided");
});
