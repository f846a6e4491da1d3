//! Whose fault it is that the database refuses something: what passes is held against nobody, a row's fault against that row
//! alone, and what is ours is said and held against none.

use std::{fs, sync::Arc, time::Duration};

use docket::{
    core::{actor::Actor, event::HeldFor, submission::View},
    pipeline::{Alarm, Outcome, PipelineError, Post, Reader, Received, reconcile, reread},
    reading::Readers,
    store::{CutOffs, Db, LetterState, StoreError, Whose},
};
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use crate::{
    dialogs::{
        smtp_peer::Peer,
        smtp_post::{instance, letter, row, state, work},
    },
    fixture::{
        Database, Kind, both,
        dovecot::Dovecot,
        intake::{Intake, PROGRAM, good_mail},
        program::{House, free_port, get},
        pump::Pump,
    },
};

/// What the database answers to statements behind the program's back.
async fn answer(db: &Database, statements: &str) -> StoreError {
    let sql = AssertSqlSafe(statements.to_owned());
    let done = match &**db {
        Db::Sqlite { writer, .. } => sqlx::raw_sql(sql).execute(writer).await.map(|_| ()),
        Db::Postgres(_) => sqlx::raw_sql(sql).execute(db.behind()).await.map(|_| ()),
    };
    StoreError::from(done.expect_err(statements))
}

/// Makes a trigger that refuses rows of a table before they are added or changed.
pub async fn refuse(db: &Database, doing: &str, table: &str, which: &str) {
    if let Db::Sqlite { .. } = **db {
        db.tamper(&format!(
            "CREATE TRIGGER refusal_{table} BEFORE {doing} ON {table} WHEN {which} BEGIN SELECT RAISE(ABORT, 'not this one'); END"
        ))
        .await;
        return;
    }
    db.tamper("CREATE OR REPLACE FUNCTION refusal() RETURNS trigger AS $$ BEGIN RAISE 'not this one'; END $$ LANGUAGE plpgsql")
        .await;
    db.tamper(&format!(
        "CREATE TRIGGER refusal_{table} BEFORE {doing} ON {table} FOR EACH ROW WHEN ({which}) EXECUTE FUNCTION refusal()"
    ))
    .await;
}

pub async fn refuse_no_more(db: &Database, table: &str) {
    match **db {
        Db::Sqlite { .. } => db.tamper(&format!("DROP TRIGGER refusal_{table}")).await,
        Db::Postgres(_) => db.tamper(&format!("DROP TRIGGER refusal_{table} ON {table}")).await,
    };
}

/// An intake on this database.
async fn intake(db: &Database) -> Intake {
    let url = db.url().to_owned();
    Intake::with(|config| config.store.url = url).await
}

both!(an_answer_of_the_database_is_put_down_to_whoever_it_is_about, async |db: Database| {
    let of_the_row = [
        "INSERT INTO folder (mailbox_id, name) VALUES (77, 'x')",
        "INSERT INTO mailbox (name, first_started) VALUES (NULL, 0)",
        "INSERT INTO mailbox (name, first_started) VALUES ('x', 'a text')",
    ];
    for statement in of_the_row {
        let error = answer(&db, statement).await;
        assert_eq!(error.whose(), Whose::Row, "{statement}: {error}");
        assert!(!error.is_temporary() && !error.fails_everybody());
    }
    refuse(&db, "INSERT", "mailbox", "NEW.name = 'x'").await;
    let raised = answer(&db, "INSERT INTO mailbox (name, first_started) VALUES ('x', 0)").await;
    assert_eq!(raised.whose(), Whose::Row, "whoever raises on a row means that row: {raised}");
    for statement in ["SELECT nothing FROM mailbox", "SELECT 1 FROM nothing", "SELEKT"] {
        let error = answer(&db, statement).await;
        assert_eq!(error.whose(), Whose::Ours, "{statement}: {error}");
        assert!(!error.is_temporary() && !error.fails_everybody());
    }
    assert_eq!(StoreError::Silent(Duration::from_secs(9)).whose(), Whose::Passing);
    assert_eq!(StoreError::from(sqlx::Error::PoolTimedOut).whose(), Whose::Passing);
    let twice = "INSERT INTO mailbox (name, first_started) VALUES ('y', 0), ('y', 0)";
    assert!(answer(&db, twice).await.is_temporary(), "who comes second finds it when it looks again");
});

#[test]
fn a_server_that_refuses_for_now_is_waited_for_and_what_is_cut_off_three_times_is_the_rows() {
    crate::fixture::on(Kind::Postgres, async |db: Database| {
        for (condition, whose) in [
            ("57P03", Whose::Passing),
            ("53200", Whose::Passing),
            ("25006", Whose::Passing),
            ("40001", Whose::Passing),
            ("55P03", Whose::Passing),
            ("58030", Whose::Passing),
            ("08006", Whose::Passing),
            ("22003", Whose::Row),
            ("42501", Whose::Ours),
            ("XX001", Whose::Ours),
        ] {
            let error = answer(&db, &format!("DO $$ BEGIN RAISE 'x' USING ERRCODE = '{condition}'; END $$")).await;
            assert_eq!(error.whose(), whose, "{condition}");
        }
        let cut_off = answer(&db, "SET statement_timeout = '20ms'; SELECT pg_sleep(9)").await;
        assert_eq!(cut_off.whose(), Whose::Passing, "{cut_off}");
        let cut_offs = CutOffs::default();
        let met = |row: i64| cut_offs.whose(row, &cut_off);
        assert_eq!([met(1), met(1), met(2), met(1)], [Whose::Passing, Whose::Passing, Whose::Passing, Whose::Row]);
        cut_offs.forget(&1);
        assert_eq!(met(1), Whose::Passing, "it begins anew");
    });
}

#[tokio::test]
async fn a_file_that_is_locked_or_full_is_nobodys_fault() {
    let db = Database::fresh(Kind::Sqlite).await;
    let pages = db.number("PRAGMA page_count").await;
    db.tamper(&format!("PRAGMA max_page_count = {pages}")).await;
    let full = answer(&db, "CREATE TABLE more AS SELECT zeroblob(1000000) AS z").await;
    assert_eq!(full.whose(), Whose::Passing, "{full}");
    assert!(!full.fails_everybody(), "a smaller piece may find room: {full}");
}

both!(a_message_whose_item_is_refused_is_asked_and_the_next_are_read_at_once, async |db: Database| {
    let mut intake = intake(&db).await;
    for name in ["a", "b", "c", "d"] {
        intake.deliver(&format!("1.{name}"), &good_mail(name));
    }
    intake.receive().await;
    let poisoned = db.number("SELECT id FROM message WHERE number = 2").await;
    refuse(&db, "INSERT", "item", &format!("NEW.message_id = {poisoned}")).await;
    intake.work().await;
    assert_eq!(db.number("SELECT COUNT(*) FROM message WHERE state = 'read'").await, 3);
    assert_eq!(db.number("SELECT number FROM message WHERE state = 'parked' AND lease_until = 0").await, 2);
    assert_eq!(db.number("SELECT COUNT(*) FROM letter WHERE state = 'sent'").await, 3, "and answered");
    let entry = intake.entry("M-000002").await;
    let why = entry.answer.unwrap();
    assert!(why.contains("tried 3 times") && why.contains("not this one"), "{why}");
    assert!(entry.subject.is_some_and(|subject| subject.contains("Norway")), "its header is read");
    let log = intake.log().await;
    let line = log.iter().find(|line| line.number == "M-000002").unwrap();
    assert_eq!(line.waiting.as_deref(), Some(why.as_str()));
    let code = intake.instance.call(None).unwrap().call.code.clone();
    let register = intake.desk.register_page(Some(&code), View::NOW).await.unwrap().unwrap();
    let asked = register.waiting.iter().find(|waiting| waiting.number == "M-000002").expect("a person is asked");
    assert!(asked.question.contains("docket reread M-000002"), "{}", asked.question);

    refuse_no_more(&db, "item").await;
    let readers = Readers::new(PROGRAM.into(), intake.instance.config.reading.clone());
    reread(&intake.instance, &readers, 2, &Actor::person("tester"), false).await.unwrap();
    intake.work().await;
    assert_eq!(db.number("SELECT COUNT(*) FROM message WHERE state = 'read'").await, 4, "once that is mended");
});

both!(what_does_not_fit_the_program_is_counted_against_no_message, async |db: Database| {
    let mut intake = intake(&db).await;
    intake.deliver("1.a", &good_mail("a"));
    intake.receive().await;
    db.tamper("ALTER TABLE item RENAME COLUMN words TO wordz").await;
    let readers = Arc::new(Readers::new(PROGRAM.into(), intake.instance.config.reading.clone()));
    let reader = Reader::new(Arc::clone(&intake.instance), readers);
    for _ in 0..4 {
        let error: PipelineError = reader.step().await.unwrap_err();
        assert_eq!(error.whose(), Whose::Ours, "{error}");
    }
    let untouched = "SELECT COUNT(*) FROM message WHERE state = 'stored' AND failures = 0 AND attempts = 0";
    assert_eq!(db.number(untouched).await, 1, "nothing is counted, and nothing parked");
    db.tamper("ALTER TABLE item RENAME COLUMN wordz TO words").await;
    while reader.step().await.unwrap() == Outcome::Worked {}
    assert_eq!(db.number("SELECT COUNT(*) FROM message WHERE state = 'read'").await, 1);
});

#[test]
fn what_does_not_fit_the_program_is_a_trouble_with_a_name() {
    let port = free_port();
    let house = House::with(&format!("[web]\nlisten = \"127.0.0.1:{port}\""));
    let mut daemon = house.start(&[]);
    daemon.until("it is ready", || get(port, "/readyz").0 == 200);
    house.run("ALTER TABLE item RENAME COLUMN words TO wordz");
    house.deliver("1.a", &good_mail("a"));
    daemon.until("it says so", || get(port, "/readyz").1.contains("stands still"));
    let (status, said) = get(port, "/readyz");
    assert!(status == 503 && said.contains("a message cannot be read"), "{said}");
    assert_eq!(said.matches("words").count(), 1, "once: {said}");
    assert_eq!(house.number("SELECT failures FROM message"), Some(0));
    house.run("ALTER TABLE item RENAME COLUMN wordz TO words");
    daemon.until("it goes on", || house.number("SELECT COUNT(*) FROM message WHERE state = 'read'") == Some(1));
    daemon.until("it is ready again", || get(port, "/readyz").0 == 200);
    assert!(daemon.stop().success());
}

both!(a_message_that_cannot_be_taken_in_is_given_up_and_shown_until_it_is_gone, async |db: Database| {
    let mut intake = intake(&db).await;
    let poisoned = good_mail("a-longer-name");
    intake.deliver("1.a", &good_mail("a"));
    intake.deliver("2.b", &poisoned);
    intake.deliver("3.c", &good_mail("c"));
    refuse(&db, "INSERT", "message", &format!("NEW.size = {}", poisoned.len())).await;
    let received = intake.receive().await;
    assert_eq!((received.new, received.refused, received.unreadable), (2, 1, 0));
    assert_eq!(db.number("SELECT COUNT(*) FROM sighting WHERE name = '2.b' AND disposition = 'parked'").await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'not_stored'").await, 1);
    assert_eq!(intake.receive().await.refused, 0, "it is not tried again");
    let mut alarm = Alarm::new(Arc::clone(&intake.instance), true);
    alarm.step().await;
    let troubles = || intake.instance.watch.troubles(intake.instance.clock.now());
    let said = troubles().iter().map(|trouble| trouble.what.clone()).collect::<Vec<_>>().join("\n");
    assert!(said.contains("not in the log (1)") && said.contains("2.b"), "{said}");
    fs::remove_file(intake.place("2.b")).unwrap();
    reconcile(&intake.instance).await.unwrap();
    alarm.step().await;
    assert_eq!(troubles(), [], "the case is closed");
});

both!(a_letter_that_left_and_cannot_be_recorded_never_goes_once_more, async |db: Database| {
    for tables in [&["attempt"][..], &["letter"], &["attempt", "letter_past"]] {
        let peer = Peer::start(|_, _| None).await;
        let id = letter(&db, &format!("of-{}", tables.join("-"))).await;
        for table in tables {
            if *table == "letter" {
                refuse(&db, "UPDATE", table, &format!("NEW.id = {id} AND NEW.state = 'sent'")).await;
            } else {
                refuse(&db, "INSERT", table, &format!("NEW.letter_id = {id}")).await;
            }
        }
        let next = letter(&db, &format!("behind-{}", tables.join("-"))).await;
        let instance = instance(&db, &peer, |_| ()).await;
        let post = Post::new(Arc::clone(&instance));
        work(&post).await;
        let held = row(&db, id).await;
        assert_eq!((held.state, held.held_for), (LetterState::Held, Some(HeldFor::Uncertain)));
        let reason = held.reason.unwrap();
        assert!(reason.starts_with("It has left") && reason.contains("not this one"), "{reason}");
        assert_eq!(state(&db, next).await, LetterState::Sent, "nobody waits for it");
        work(&Post::new(instance)).await;
        assert_eq!(peer.taken().len(), 2, "each once");
        let kept = db.number(&format!("SELECT COUNT(*) FROM letter_past WHERE letter_id = {id}")).await;
        assert_eq!(
            kept,
            i64::from(!tables.contains(&"letter_past")),
            "earlier instants keep their state where they can"
        );
        for table in tables {
            refuse_no_more(&db, table).await;
        }
        if let Db::Postgres(_) = *db {
            db.tamper("DROP FUNCTION refusal").await;
        }
    }
});

/// A process takes up the letters that are due, and more if `beside`, and is gone.
async fn ends_with_letters_in_hand(db: &Database, peer: &Peer, beside: bool) -> Vec<i64> {
    let instance = instance(db, peer, |_| ()).await;
    let mut tx = db.begin().await.unwrap();
    let mut taken = Vec::new();
    for _ in 0..=i64::from(beside) {
        let now = instance.clock.now();
        taken.push(tx.claim_letter(&instance.owner, Duration::from_mins(5), now).await.unwrap().unwrap().id);
    }
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    tx.owner_is_gone(&instance.owner).await.unwrap();
    tx.commit().await.unwrap();
    taken
}

both!(a_letter_over_which_the_program_ended_three_times_is_asked, async |db: Database| {
    let peer = Peer::start(|_, _| None).await;
    let (id, behind) = (letter(&db, "a").await, letter(&db, "b").await);
    for _ in 0..3 {
        assert_eq!(ends_with_letters_in_hand(&db, &peer, false).await, [id]);
    }
    let post = Post::new(instance(&db, &peer, |_| ()).await);
    work(&post).await;
    let held = row(&db, id).await;
    assert_eq!((held.state, held.held_for), (LetterState::Held, Some(HeldFor::Fault)));
    assert!(held.reason.unwrap().starts_with("The program ended 3 times"));
    assert_eq!(state(&db, behind).await, LetterState::Sent);
    assert_eq!(peer.taken().len(), 1);
});

both!(a_letter_that_was_in_hand_beside_others_is_asked_only_after_ten_ends, async |db: Database| {
    let peer = Peer::start(|_, _| None).await;
    for (ends, sent) in [(3, true), (9, true), (10, false)] {
        let (id, other) = (letter(&db, &format!("a{ends}")).await, letter(&db, &format!("b{ends}")).await);
        for _ in 0..ends {
            assert_eq!(ends_with_letters_in_hand(&db, &peer, true).await, [id, other]);
        }
        work(&Post::new(instance(&db, &peer, |_| ()).await)).await;
        for letter in [id, other] {
            let row = row(&db, letter).await;
            assert_eq!(row.state == LetterState::Sent, sent, "{ends} ends: {:?}", row.reason);
            assert!(sent || row.reason.unwrap().starts_with("The program ended 10 times"));
        }
    }
});

both!(an_end_while_a_message_was_in_hand_too_is_not_laid_to_the_letter_alone, async |db: Database| {
    let peer = Peer::start(|_, _| None).await;
    let id = letter(&db, "a").await;
    let instance = instance(&db, &peer, |_| ()).await;
    let claims = format!("lease_owner = '{}', lease_until = 9000000000000000", instance.owner);
    for n in 1..=3 {
        db.tamper(&format!("UPDATE message SET state = 'stored', {claims}")).await;
        let mut tx = db.begin().await.unwrap();
        tx.claim_letter(&instance.owner, Duration::from_mins(5), instance.clock.now()).await.unwrap().unwrap();
        tx.owner_is_gone(&instance.owner).await.unwrap();
        tx.commit().await.unwrap();
        let begun = db.number(&format!("SELECT begun FROM letter WHERE id = {id}")).await;
        let own = db.number(&format!("SELECT own_ends FROM letter WHERE id = {id}")).await;
        assert_eq!((begun, own), (n, 0), "a message was in hand");
    }
    db.tamper("UPDATE message SET state = 'read', lease_until = 0").await;
    let mut tx = db.begin().await.unwrap();
    tx.claim_letter(&instance.owner, Duration::from_mins(5), instance.clock.now()).await.unwrap().unwrap();
    tx.give_all_back(&instance.owner).await.unwrap();
    tx.commit().await.unwrap();
    let begun = db.number(&format!("SELECT begun FROM letter WHERE id = {id}")).await;
    assert_eq!(begun, 3, "an end in order is none");
});

/// Three messages on a server, of which the database refuses one: what the looks at three times came to.
async fn looks_at_three(db: &Database, refused: &str) -> [Received; 3] {
    let mut server = Dovecot::start();
    let peer = Peer::start(|_, _| None).await;
    let now = Timestamp::now();
    for name in ["a", "a-longer-name", "c"] {
        server.deliver("INBOX", &good_mail(name), now);
    }
    refuse(db, "INSERT", "message", refused).await;
    let pump = Pump::open(db.url(), server.account(), peer.address.port(), now).await.unwrap();
    let mut receiver = pump.receiver().await;
    let first = receiver.step().await.unwrap();
    pump.minutes_pass(2);
    let second = receiver.step().await.unwrap();
    pump.minutes_pass(20);
    [first, second, receiver.step().await.unwrap()]
}

both!(a_message_on_a_server_that_is_refused_is_logged_by_its_header_and_the_others_at_once, async |db: Database| {
    let size = good_mail("a-longer-name").len();
    let [first, _, last] = looks_at_three(&db, &format!("NEW.size = {size}")).await;
    assert_eq!((first.new, first.unreadable), (2, 1), "the others at once");
    assert_eq!((last.new, last.unreadable), (1, 0), "after three attempts");
    let logged = "SELECT COUNT(*) FROM message WHERE header_only LIKE '%not this one%'";
    assert_eq!(db.number(logged).await, 1);
});

both!(a_message_over_which_the_program_ended_comes_in_whole_then_by_its_header_then_not, async |db: Database| {
    let mut server = Dovecot::start();
    let peer = Peer::start(|_, _| None).await;
    let now = Timestamp::now();
    for name in ["a", "b", "c", "d"] {
        server.deliver("INBOX", &good_mail(name), now);
    }
    refuse(&db, "INSERT", "message", "NEW.number > 0").await;
    let pump = Pump::open(db.url(), server.account(), peer.address.port(), now).await.unwrap();
    let first = pump.receiver().await.step().await.unwrap();
    assert_eq!((first.new, first.unreadable), (0, 4));
    refuse_no_more(&db, "message").await;
    // The last one failed three times, and the program ended before its header was logged.
    for (uid, attempts, failures) in [(1, 9, 0), (2, 10, 0), (3, 11, 0), (4, 3, 3)] {
        let ended = format!(
            "UPDATE sighting SET attempts = {attempts}, failures = {failures},
                 reason = 'It was being taken in when the program ended.' WHERE name LIKE '%.{uid}'"
        );
        db.tamper(&ended).await;
    }
    let last = pump.receiver().await.step().await.unwrap();
    assert_eq!((last.new, last.unreadable, last.refused), (3, 0, 1));
    let by_header = |uid: u32, attempts: u32| {
        format!(
            "SELECT COUNT(*) FROM message m JOIN sighting s ON s.message_id = m.id
             WHERE s.name LIKE '%.{uid}' AND m.header_only LIKE '%could not be fetched in {attempts} attempts%'"
        )
    };
    let whole = "SELECT COUNT(*) FROM message m JOIN sighting s ON s.message_id = m.id
         WHERE s.name LIKE '%.1' AND m.header_only IS NULL";
    let given_up = "SELECT COUNT(*) FROM sighting WHERE name LIKE '%.3' AND disposition = 'parked'";
    for what in [whole, &by_header(2, 10), given_up, &by_header(4, 3)] {
        assert_eq!(db.number(what).await, 1, "{what}");
    }
});

both!(a_message_on_a_server_of_which_nothing_is_taken_is_given_up_and_the_others_come_in, async |db: Database| {
    let [first, _, last] = looks_at_three(&db, "NEW.number = 3").await;
    assert_eq!((first.new, first.unreadable), (2, 1), "the others at once");
    assert_eq!((last.refused, last.unreadable), (1, 0), "after three attempts");
    let given_up = "SELECT COUNT(*) FROM sighting WHERE disposition = 'parked' AND reason LIKE '%not this one%'";
    assert_eq!(db.number(given_up).await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'not_fetched'").await, 1);
});
