//! A database that was put back from a backup: what is missing is logged again, and no letter leaves twice.

use std::{collections::BTreeMap, fs};

use crate::fixture::{
    intake::{document, mail},
    program::{Daemon, House},
};

/// An input of a ministry of Norway, of so many words.
fn input(sender: &str, words: usize) -> Vec<u8> {
    let subject = "Norway: input to the regional review";
    mail(
        &format!("{sender}-{words}"),
        &format!("Ministry <{sender}@mfa.no>"),
        subject,
        &[("input.docx", &document(words))],
    )
}

/// A mail without the document that it speaks of.
fn without_document(sender: &str) -> Vec<u8> {
    mail(sender, &format!("Ministry <{sender}@mfa.no>"), "Norway: input to the regional review", &[])
}

fn read(house: &House, count: i64) -> bool {
    // In this order: what is read between the two has its letter in the second.
    house.number("SELECT COUNT(*) FROM message WHERE state = 'read'") == Some(count) && house.is_idle()
}

/// Runs until so many messages are read and all is done.
fn run(house: &House, count: i64) -> Daemon {
    let mut daemon = house.start(&[]);
    daemon.until("all is done", || read(house, count));
    daemon
}

/// The letters in the folder, each with its bytes.
fn letters(house: &House) -> BTreeMap<String, Vec<u8>> {
    let named = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    house.letters().iter().map(|path| (named(path), fs::read(path).unwrap())).collect()
}

/// What `docket letters` says: to whom, the state, the reason and the number of each.
fn outbox(house: &House) -> Vec<(String, String, String, i64)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let letters = house.docket(&["letters", "--json"]).json();
    letters
        .iter()
        .map(|l| (text(&l["recipient"]), text(&l["state"]), text(&l["reason"]), l["id"].as_i64().unwrap()))
        .collect()
}

/// Keeps the database, with what is not folded into the file yet, as a backup, or puts it back.
fn copy_database(house: &House, from: &str, to: &str) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(house.folder().join(format!("{to}{end}")));
    }
    fs::copy(house.folder().join(from), house.folder().join(to)).unwrap();
    let log = house.folder().join(format!("{from}-wal"));
    if log.exists() {
        fs::copy(log, house.folder().join(format!("{to}-wal"))).unwrap();
    }
}

#[test]
fn what_is_missing_is_logged_again_and_its_letters_wait_for_a_person() {
    let house = House::with("");
    house.deliver("1.a", &input("a", 110));
    house.deliver("2.b", &without_document("b"));
    assert!(run(&house, 2).stop().success());
    copy_database(&house, "docket.db", "backup.db");
    house.deliver("3.c", &input("c", 120));
    house.deliver("4.d", &input("d", 130));
    run(&house, 4).kill();
    let before = letters(&house);
    assert_eq!(before.len(), 3, "the question for the document still waits");

    copy_database(&house, "backup.db", "docket.db");
    let mut daemon = run(&house, 4);
    assert_eq!(letters(&house), before, "nothing left again");
    let outbox_now = outbox(&house);
    let held: Vec<_> = outbox_now.iter().filter(|(_, state, ..)| state == "held").collect();
    let to = |sender: &str| held.iter().find(|(to, ..)| to.starts_with(sender)).unwrap_or_else(|| panic!("{sender}"));
    assert_eq!(held.len(), 3, "{outbox_now:?}");
    for sender in ["b@", "c@", "d@"] {
        let reason = &to(sender).2;
        assert!(reason.starts_with("The database was restored from a backup of 20"), "{reason}");
    }
    let log = house.docket(&["log", "--json"]).json();
    // Number 2 may have been told by a letter of which the backup knows nothing: it is given to nothing else.
    assert_eq!(log.iter().map(|line| line["version"].as_i64()).collect::<Vec<_>>(), [Some(1), None, Some(3), Some(4)]);
    assert_eq!(log[3]["letters"][0], "acknowledgement: held for a person");
    let shown = house.docket(&["show", "M-000003"]).done();
    assert!(shown.contains("restored from a backup"), "{shown}");
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'restored'"), Some(1));

    // A person lets one go; it is a letter of its own, and no other's.
    let c = to("c@").3;
    house.docket(&["letters", "release", &c.to_string(), "--reason", "they have not got it"]).done();
    daemon.until("it leaves", || outbox(&house).iter().any(|(to, state, ..)| to.starts_with("c@") && state == "sent"));
    let sent = letters(&house);
    let ids = before.values().chain(sent.values().filter(|letter| !before.values().any(|old| old == *letter)));
    let ids: Vec<_> = ids.map(|letter| message_id(letter)).collect();
    let mut different = ids.clone();
    different.sort();
    different.dedup();
    assert_eq!((ids.len(), different.len()), (4, 4), "{ids:?}");

    // What comes now is answered at once, also after another start.
    house.deliver("5.e", &input("e", 140));
    daemon.until("it leaves", || outbox(&house).iter().any(|(to, state, ..)| to.starts_with("e@") && state == "sent"));
    assert!(daemon.stop().success());
    house.deliver("6.f", &input("f", 150));
    let mut daemon = run(&house, 6);
    daemon.until("it leaves", || outbox(&house).iter().any(|(to, state, ..)| to.starts_with("f@") && state == "sent"));
    assert!(daemon.stop().success());
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'restored'"), Some(1), "noticed once");
    assert_eq!(outbox(&house).iter().filter(|(_, state, ..)| state == "held").count(), 2);
}

fn message_id(letter: &[u8]) -> String {
    let text = String::from_utf8_lossy(letter).into_owned();
    text.lines().find(|line| line.starts_with("Message-ID:")).expect("a Message-ID").to_owned()
}

#[test]
fn a_new_database_beside_an_old_mark_sends_nothing_by_itself() {
    let house = House::with("");
    house.deliver("1.a", &input("a", 110));
    assert!(run(&house, 1).stop().success());
    let before = letters(&house);
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(house.folder().join(format!("docket.db{end}")));
    }
    // Made while the mark was elsewhere: with the mark there, none is made.
    let mark = fs::read(house.folder().join("docket.mark")).unwrap();
    fs::remove_file(house.folder().join("docket.mark")).unwrap();
    fs::create_dir(house.folder().join("nothing")).unwrap();
    house.docket(&["import", "nothing"]).done();
    fs::write(house.folder().join("docket.mark"), mark).unwrap();
    assert!(run(&house, 1).stop().success());
    assert_eq!((letters(&house), outbox(&house).len()), (before, 1));
    let (_, state, reason, _) = outbox(&house).remove(0);
    assert_eq!(state, "held");
    assert!(reason.starts_with("The database is a new one in the place of another"), "{reason}");
}

#[test]
fn without_a_mark_or_with_one_that_nobody_can_read_all_goes_on() {
    let house = House::with("");
    let mark = house.folder().join("docket.mark");
    house.deliver("1.a", &input("a", 110));
    assert!(run(&house, 1).stop().success());
    let written = fs::read_to_string(&mark).unwrap();
    assert_eq!(written.split_whitespace().count(), 2, "{written}");
    let spoilt: [&dyn Fn(); 4] = [
        &|| fs::remove_file(&mark).unwrap(),
        &|| fs::write(&mark, b"\xff\xfe\x00").unwrap(),
        &|| fs::write(&mark, &written[..9]).unwrap(),
        // Nor can it be written.
        &|| {
            fs::remove_file(&mark).unwrap();
            fs::create_dir(&mark).unwrap();
        },
    ];
    for (spoil, n) in spoilt.iter().zip(2..) {
        spoil();
        house.deliver(&format!("{n}.mail"), &input(&format!("s{n}"), 100 + n));
        assert!(run(&house, i64::try_from(n).unwrap()).stop().success());
        assert_eq!(house.letters().len(), n);
    }
    let said = fs::read_to_string(house.folder().join("daemon.log")).unwrap();
    assert!(said.contains("the mark cannot be written"), "{said}");
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'restored'"), Some(0));
}
