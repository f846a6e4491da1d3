//! What is done in a mailbox on a real server after intake, and what people do in it meanwhile.

use std::time::Duration;

use docket::{
    clock::Clock,
    config::{AfterIntake, MailSource, MailboxConfig},
    mailbox::{Imap, LIMIT, Moved},
    pipeline::Received,
};

use crate::{
    dialogs::Peer,
    fixture::{
        dovecot::{Dovecot, USER},
        intake::{ADDRESS, good_mail},
        program::House as Program,
    },
    imap::{House, mailbox, minutes, small},
};

fn with(server: &Dovecot, after: AfterIntake) -> MailboxConfig {
    let mut mailbox = mailbox(server);
    if let MailSource::Imap(account) = &mut mailbox.source {
        account.after_intake = after;
        account.junk = vec!["Junk".to_owned()];
    }
    mailbox
}

fn to(folder: &str) -> AfterIntake {
    AfterIntake::Move(folder.to_owned())
}

fn keyword() -> AfterIntake {
    AfterIntake::Keyword("$DocketLogged".to_owned())
}

async fn house(server: &Dovecot, after: AfterIntake) -> House {
    House::open(with(server, after), Clock::by_hand(minutes(200))).await
}

fn create(server: &Dovecot, folder: &str) {
    server.doveadm(&["mailbox", "create", "-u", USER, folder]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_log_goes_into_the_folder_and_stays_unread() {
    let mut server = Dovecot::start();
    create(&server, "Eingetragen/2020 é".replace('/', "-").as_str());
    let folder = "Eingetragen-2020 é";
    for n in 0..5 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = house(&server, AfterIntake::Leave).await;
    assert_eq!(house.look().await.new, 5);
    house.start_with(with(&server, to(folder))).await;
    for n in 5..125 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    server.deliver("Junk", &small(500), minutes(1));
    assert_eq!(house.look().await, Received { new: 121, ..Received::default() });
    assert_eq!(server.count("INBOX"), 5, "what was taken in before the setting is not touched");
    assert_eq!((server.count(folder), server.count("Junk")), (120, 1));
    for folder in ["INBOX", folder] {
        assert!(server.flags(folder).iter().all(|flags| !flags.contains("Seen")), "{:?}", server.flags(folder));
    }
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'done'").await, 120);
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE after_intake IS NULL").await, 6);
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'moved'").await, 120);
    // The folder is open to be read again, and announces what arrives.
    server.deliver("INBOX", &small(130), minutes(130));
    house.receiver.news(Duration::from_mins(5)).await.unwrap();
    assert_eq!(house.look().await.new, 1);
    assert_eq!((server.count("INBOX"), server.count(folder)), (5, 121));
    house.start_again().await;
    assert_eq!(house.look().await, Received::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyword_is_all_that_is_added() {
    let mut server = Dovecot::start();
    for n in 0..60 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = house(&server, keyword()).await;
    assert_eq!(house.look().await.new, 60);
    let flags = server.flags("INBOX");
    let marked = |flags: &&String| flags.contains("$DocketLogged") && !flags.contains('\\');
    assert_eq!(flags.iter().filter(marked).count(), 60, "{flags:?}");
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'done'").await, 60);
    // A person takes it away, and it stays away.
    server.doveadm(&["flags", "remove", "-u", USER, "$DocketLogged", "mailbox", "INBOX", "uid", "1:10"]);
    house.start_again().await;
    assert_eq!(house.look().await, Received::default());
    assert_eq!(server.flags("INBOX").iter().filter(marked).count(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_puts_back_stays_where_it_was_put() {
    let mut server = Dovecot::start();
    create(&server, "Logged");
    server.deliver("INBOX", &small(0), minutes(0));
    let mut house = house(&server, to("Logged")).await;
    house.look().await;
    assert_eq!((server.count("INBOX"), server.count("Logged")), (0, 1));
    server.doveadm(&["move", "-u", USER, "INBOX", "mailbox", "Logged", "all"]);
    assert_eq!(house.look().await, Received { known: 1, ..Received::default() });
    assert_eq!((server.count("INBOX"), server.count("Logged")), (1, 0));
    assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_to_a_person_stays_where_it_is() {
    let mut server = Dovecot::start();
    create(&server, "Logged");
    let mut large = small(1);
    large.resize(40 << 20, b'x');
    server.deliver("INBOX", &large, minutes(1));
    let mut house = house(&server, to("Logged")).await;
    assert_eq!(house.look().await.new, 1);
    assert_eq!((server.count("INBOX"), server.count("Logged")), (1, 0), "only its header is in the log");
}

/// The folder is missing at first: what waits is done later, whatever people and the server did meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_done_is_said_once_and_done_later() {
    let mut server = Dovecot::start();
    for n in 0..6 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = house(&server, to("Logged")).await;
    let looked = house.look().await;
    assert_eq!(looked, Received { new: 6, ..Received::default() }, "the mailbox counts as read all the same");
    assert_eq!(server.count("INBOX"), 6);
    let said = "SELECT COUNT(*) FROM event WHERE kind = 'after_intake_failed' AND payload LIKE '%no such folder%'";
    for _ in 0..3 {
        house.instance.clock.move_to(house.instance.clock.now() + Duration::from_mins(6));
        house.look().await;
        assert_eq!(house.number(said).await, 1, "said once");
    }
    server.doveadm(&["move", "-u", USER, "Junk", "mailbox", "INBOX", "uid", "2"]);
    server.doveadm(&["expunge", "-u", USER, "mailbox", "INBOX", "uid", "3"]);
    server.doveadm(&["mailbox", "update", "-u", USER, "--uid-validity", "4711", "INBOX"]);
    create(&server, "Logged");
    house.instance.clock.move_to(house.instance.clock.now() + Duration::from_mins(6));
    // The four that are left are recognised, and that of Junk, too.
    assert_eq!(house.look().await, Received { known: 5, ..Received::default() });
    assert_eq!((server.count("INBOX"), server.count("Logged"), server.count("Junk")), (0, 4, 1));
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'done'").await, 4);
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'gone'").await, 6, "the old numbers");
    assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_whose_record_was_lost_is_recognised() {
    let mut server = Dovecot::start();
    create(&server, "Logged");
    for n in 0..3 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = house(&server, to("Logged")).await;
    house.look().await;
    // As if the program had been killed between the answer and its record; a person put one back meanwhile.
    house.number("UPDATE sighting SET after_intake = 'wanted' RETURNING id").await;
    server.deliver("INBOX", &small(3), minutes(3));
    house.start_again().await;
    assert_eq!(house.look().await.new, 1);
    assert_eq!((server.count("INBOX"), server.count("Logged")), (0, 4), "nothing twice");
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'gone'").await, 3);
}

/// The way of servers that cannot MOVE, on one that can do both.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_messages_that_are_named_are_removed() {
    let mut server = Dovecot::start();
    create(&server, "Logged");
    for n in 0..5 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut imap = Imap::new(server.account(), LIMIT);
    let open = imap.select("INBOX").await.unwrap();
    assert!(open.keeps("$Anything") && !open.read_only && open.open.exists == 5, "{open:?}");
    server.doveadm(&["flags", "add", "-u", USER, "\\Deleted", "mailbox", "INBOX", "uid", "5"]);
    let copied = imap.copy_to(&[1, 2, 77], "Logged").await.unwrap();
    assert_eq!(copied, Moved::Proven([1, 2].into()));
    imap.remove(&[1, 2]).await.unwrap();
    imap.remove(&[1, 2]).await.unwrap();
    assert_eq!(imap.there(&[1, 2, 3, 4, 5]).await.unwrap(), [3, 4, 5].into(), "a person may change their mind on 5");
    assert_eq!(server.count("Logged"), 2);
    assert_eq!(imap.move_to(&[3, 99], "Logged").await.unwrap(), Moved::Proven([3].into()));
    assert_eq!(imap.move_to(&[99], "Logged").await.unwrap(), Moved::Unproved);
    let refused = imap.move_to(&[4], "Nowhere").await.unwrap_err().to_string();
    assert!(refused.contains("there is no such folder"), "{refused}");
    assert_eq!(imap.there(&[4]).await.unwrap(), [4].into(), "the conversation goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_may_rename_move_mark_and_delete() {
    let mut server = Dovecot::start();
    create(&server, "Inputs");
    let mut config = with(&server, AfterIntake::Leave);
    if let MailSource::Imap(account) = &mut config.source {
        account.folders.push("Inputs".to_owned());
    }
    for n in 0..8 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = House::open(config, Clock::by_hand(minutes(60))).await;
    assert_eq!(house.look().await.new, 8);
    server.doveadm(&["flags", "add", "-u", USER, "\\Seen \\Answered $Urgent", "mailbox", "INBOX", "uid", "1:2"]);
    server.doveadm(&["move", "-u", USER, "Inputs", "mailbox", "INBOX", "uid", "3:5"]);
    server.doveadm(&["flags", "add", "-u", USER, "\\Deleted", "mailbox", "INBOX", "uid", "6"]);
    server.doveadm(&["expunge", "-u", USER, "mailbox", "INBOX", "uid", "7"]);
    assert_eq!(house.look().await, Received { known: 3, ..Received::default() }, "into another folder that is read");
    server.doveadm(&["mailbox", "rename", "-u", USER, "Inputs", "Inputs old"]);
    let looked = house.look().await;
    assert_eq!(looked, Received { unreadable: 1, ..Received::default() }, "a folder that is away is said");
    server.deliver("INBOX", &small(20), minutes(20));
    assert_eq!(house.look().await, Received { new: 1, unreadable: 1, ..Received::default() }, "and stops no other");
    server.doveadm(&["mailbox", "rename", "-u", USER, "Inputs old", "Inputs"]);
    assert_eq!(house.look().await, Received::default());
    server.doveadm(&["move", "-u", USER, "INBOX", "mailbox", "Inputs", "all"]);
    assert_eq!(house.look().await, Received { known: 3, ..Received::default() });
    assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 9, "no second entry");
    let unread = server.flags("INBOX").iter().filter(|flags| !flags.contains("Seen")).count();
    assert_eq!((server.count("INBOX"), unread), (8, 6), "only a person has read two");
}

/// The whole way through the real program: the mail goes into its folder, the letter to the mail server and into another.
#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_moves_the_mail_and_keeps_the_letter() {
    let (mut server, peer) = (Dovecot::start(), Peer::start(|_, _| None).await);
    let house = Program::with("");
    let account = server.account();
    let config = format!(
        "[[mailbox]]\nname = \"gcm\"\naddresses = [\"{ADDRESS}\"]\ncalls = [\"unece-gcm-2020\"]\n\
         acknowledge_since = 2020-01-01T00:00:00Z\n[mailbox.imap]\nhost = \"localhost\"\nport = {}\nuser = \"{USER}\"\n\
         password = \"secret\"\nca_file = {:?}\nafter_intake = \"move\"\nmove_to = \"Logged\"\nsent = \"Sent\"\n\
         [letters]\ntransport = \"smtp\"\n[letters.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        account.port,
        account.ca_file.as_ref().unwrap(),
        peer.address.port()
    );
    std::fs::write(house.folder().join("docket.toml"), config).unwrap();
    tokio::task::block_in_place(|| {
        let checked = house.docket(&["check", "--online"]);
        assert!(checked.out.contains("there is no folder Logged, Sent"), "{}", checked.out);
        create(&server, "Logged");
        create(&server, "Sent");
        assert_eq!(house.docket(&["check", "--online"]).status, Some(0));
        server.deliver("INBOX", &good_mail("a"), Clock::System.now());
        let mut daemon = house.start(&[]);
        daemon.until("the letter is kept", || server.count("Sent") == 1);
        daemon.until("and that is recorded", || {
            house.number("SELECT COUNT(*) FROM letter WHERE copy_state = 'kept' AND state = 'sent'") == Some(1)
        });
        assert_eq!((server.count("INBOX"), server.count("Logged"), peer.taken().len()), (0, 1, 1));
        assert!(server.flags("Logged").iter().all(|flags| !flags.contains("Seen")));
        // Another, while it waits for news.
        server.deliver("INBOX", &good_mail("b"), Clock::System.now());
        daemon.until("the other is moved and its letter kept", || {
            server.count("Logged") == 2 && server.count("Sent") == 2
        });
        let shown = house.docket(&["letters", "show", "1"]).done();
        assert!(shown.contains("A copy is in the mailbox."), "{shown}");
        assert_eq!(house.docket(&["letters", "show", "1", "--json"]).json()[0]["copy"], "kept");
        let shown = house.docket(&["show", "M-000001"]).done();
        assert!(shown.contains("Moved from the folder INBOX to Logged."), "{shown}");
        let reconciled = house.docket(&["reconcile"]);
        assert_eq!(reconciled.status, Some(0), "{}", reconciled.out);
        assert!(daemon.stop().success());
    });
}

/// Killed again and again while it moves: nothing is lost, left behind or moved twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_is_killed_while_it_moves_ends_with_each_message_moved_once() {
    const ALL: i64 = 150;
    let mut server = Dovecot::start();
    create(&server, "Logged");
    let house = Program::with("");
    let account = server.account();
    let config = format!(
        "[[mailbox]]\nname = \"gcm\"\naddresses = [\"{ADDRESS}\"]\ncalls = [\"unece-gcm-2020\"]\n[mailbox.imap]\n\
         host = \"localhost\"\nport = {}\nuser = \"{USER}\"\npassword = \"secret\"\nca_file = {:?}\n\
         after_intake = \"move\"\nmove_to = \"Logged\"\n",
        account.port,
        account.ca_file.as_ref().unwrap()
    );
    std::fs::write(house.folder().join("docket.toml"), config).unwrap();
    tokio::task::block_in_place(|| {
        for n in 0..ALL {
            server.deliver("INBOX", &small(usize::try_from(n).unwrap()), minutes(0));
        }
        let reached = |what: &str, least: i64| house.number(what).is_some_and(|number| number >= least);
        let settled = "SELECT COUNT(*) FROM sighting WHERE after_intake IN ('done', 'gone')";
        for (what, least) in [
            ("SELECT COUNT(*) FROM sighting", 1),
            ("SELECT COUNT(*) FROM sighting", ALL),
            (settled, 1),
            (settled, ALL / 2),
        ] {
            let mut daemon = house.start(&[]);
            daemon.until(what, || reached(what, least));
            daemon.kill();
        }
        let said = || std::fs::read_to_string(house.folder().join("daemon.log")).unwrap_or_default();
        let before = said().matches("docket runs").count();
        let mut daemon = house.start(&[]);
        daemon.until("it runs", || said().matches("docket runs").count() > before);
        daemon.until("all are moved", || reached(settled, ALL));
        assert!(daemon.stop().success());
        let all = usize::try_from(ALL).unwrap();
        assert_eq!((server.count("INBOX"), server.count("Logged")), (0, all));
        assert_eq!(house.number("SELECT COUNT(*) FROM message"), Some(ALL));
    });
}
