//! Servers that want peace, that are nearly full, and whose clocks are wrong.

use std::time::Duration;

use docket::{
    mailbox::{Imap, ImapError, Quota},
    pipeline::Received,
};

use super::imap::{
    HELLO, LIMIT, Server,
    receiving::{ALL, House, answer},
};

const CAN: (&str, &str) = ("CAPABILITY", "* CAPABILITY IMAP4rev1 QUOTA\r\n{tag} OK\r\n");
const EMPTY: (&str, &str) = ("UID SEARCH UID 1:3", "* SEARCH\r\n{tag} OK\r\n");
const EXCHANGE: &str = "{tag} NO Request is throttled. Suggested Backoff Time: 299961 milliseconds\r\n";

/// What the fullest limit is by this answer.
async fn quota(says: &'static str) -> Result<Option<Quota>, ImapError> {
    let script = Box::leak(Box::new([CAN, CAN, ("GETQUOTAROOT \"INBOX\"", says)]));
    let server = Server::with(HELLO, script).await;
    let mut imap = Imap::new(server.account(), LIMIT);
    imap.examine("INBOX").await.unwrap();
    imap.quota("INBOX").await
}

#[tokio::test]
async fn the_fullest_limit_counts_and_what_is_no_limit_does_not() {
    let full = |percent, in_words: &str| Some(Quota { percent, in_words: in_words.to_owned() });
    for (says, expected) in [
        (
            "* QUOTAROOT INBOX \"User quota\"\r\n* QUOTA \"User quota\" (STORAGE 9728 10240)\r\n{tag} OK\r\n",
            full(95, "9 of 10 MiB"),
        ),
        (
            "* QUOTAROOT INBOX a b\r\n* QUOTA a (STORAGE 1024 10240 MESSAGE 999 1000)\r\n* QUOTA b (STORAGE 0 1)\r\n{tag} OK\r\n",
            full(99, "999 of 1000 messages"),
        ),
        ("* QUOTAROOT INBOX \"\"\r\n* QUOTA \"\" (X-SAVED 9 10)\r\n{tag} OK\r\n", None),
        ("* QUOTAROOT INBOX \"\"\r\n* QUOTA \"\" (STORAGE 9 0)\r\n{tag} OK\r\n", None),
        ("* QUOTAROOT INBOX \"\"\r\n* QUOTA \"\" ()\r\n{tag} OK\r\n", None),
        ("* QUOTAROOT INBOX\r\n{tag} OK\r\n", None),
    ] {
        assert_eq!(quota(says).await.unwrap(), expected, "{says}");
    }
    assert!(matches!(quota("{tag} NO not now\r\n").await, Err(ImapError::Refused { .. })));
    assert!(matches!(quota("* QUOTA what\r\n{tag} OK\r\n").await, Err(ImapError::NotUnderstood { .. })));
    assert!(matches!(quota("!").await, Err(ImapError::Lost { .. })));
    let server = Server::with(HELLO, &[]).await;
    let mut imap = Imap::new(server.account(), LIMIT);
    imap.examine("INBOX").await.unwrap();
    assert_eq!(imap.quota("INBOX").await.unwrap(), None, "one that knows no limits is not asked");
    assert!(!server.heard().iter().any(|command| command.starts_with("GETQUOTA")));
}

#[tokio::test]
async fn it_is_asked_every_quarter_of_an_hour_and_an_odd_answer_stops_no_mail() {
    let mut script = vec![CAN; 4];
    script.extend([EMPTY, ("GETQUOTAROOT", "* QUOTA what\r\n{tag} OK\r\n")]);
    script.push(("GETQUOTAROOT", "* QUOTAROOT INBOX a\r\n* QUOTA a (STORAGE 95 100)\r\n{tag} OK\r\n"));
    script.push(("GETQUOTAROOT", "* QUOTAROOT INBOX\r\n{tag} OK\r\n"));
    let mut house = House::with_account(script, |_| {}).await;
    for (asked, minutes, troubles) in [(1, 10, 0), (1, 5, 0), (2, 14, 1), (2, 1, 1), (3, 1, 0)] {
        assert_eq!(house.receiver.step().await.unwrap(), Received::default());
        assert_eq!((house.fetched("GETQUOTAROOT"), house.troubles().len()), (asked, troubles), "{minutes}");
        house.minutes_pass(minutes);
    }
}

#[tokio::test]
async fn a_server_that_wants_peace_has_it_for_as_long_as_it_asked() {
    for place in ["LOGIN", "EXAMINE", "UID SEARCH"] {
        let mut house = House::with_account(vec![(place, EXCHANGE)], |_| {}).await;
        let error = house.receiver.step().await.unwrap_err();
        for failed in 1..20 {
            let pause = house.receiver.pause(&error, failed);
            let (asked, most) = (Duration::from_millis(299_961), Duration::from_secs(376));
            assert!(asked <= pause && pause <= most, "{place} {failed}: {pause:?}");
        }
        assert_eq!(house.number("SELECT COUNT(*) FROM folder WHERE last_read IS NOT NULL").await, 0, "{place}");
        let said = house.instance.watch.troubles(house.instance.clock.now())[0].in_words();
        assert!(said.contains("299961 milliseconds. It is left alone until 2020-10-01T08:0"), "{said}");
    }
    let mut house = House::with_account(vec![("EXAMINE", "{tag} NO [THROTTLED] Too many requests\r\n")], |_| {}).await;
    let error = house.receiver.step().await.unwrap_err();
    assert!(house.receiver.pause(&error, 1) >= Duration::from_secs(45));
}

#[tokio::test]
async fn a_message_from_the_future_shows_that_clocks_differ_and_one_of_now_that_they_agree() {
    /// One more message, with that date.
    fn arrives(uid: u32, date: &str) -> [(&'static str, &'static str); 4] {
        let (next, before) = (uid + 1, uid - 1);
        let text = |parts: &[String]| -> &'static str { Box::leak(parts.concat().into_boxed_str()) };
        let examine = format!("* {uid} EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT {next}] x\r\n{{tag}} OK\r\n");
        let described = format!("* {uid} FETCH (UID {uid} RFC822.SIZE 27 INTERNALDATE \"{date}\")\r\n{{tag}} OK\r\n");
        let body = format!(
            "* {uid} FETCH (UID {uid} BODY[] {{27}}\r\nFrom: a@a.example\r\n\r\n{before:04}\r\n)\r\n{{tag}} OK\r\n"
        );
        [
            ("EXAMINE", text(&[examine])),
            ("UID SEARCH", text(&[format!("* SEARCH {uid}\r\n{{tag}} OK\r\n")])),
            ("UID FETCH", text(&[described])),
            ("UID FETCH", text(&[body])),
        ]
    }
    // It is 08:00 and no later in this house.
    let usual = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n{tag} OK\r\n";
    let mut script = vec![("EXAMINE", usual), EMPTY];
    script.extend(arrives(4, " 1-Oct-2020 08:02:00 +0000"));
    script.extend(arrives(5, " 1-Oct-2020 10:05:00 +0200"));
    script.extend(arrives(6, " 1-Oct-2020 07:00:00 +0000"));
    script.extend(arrives(7, " 1-Oct-2020 07:59:40 +0000"));
    let mut house = House::with_account(script, |_| {}).await;
    assert_eq!(house.receiver.step().await.unwrap().new, 0);
    for (uid, differ) in [(4, false), (5, true), (6, true), (7, false)] {
        assert_eq!(house.receiver.step().await.unwrap().new, 1, "{uid}");
        assert_eq!(!house.troubles().is_empty(), differ, "{uid}");
    }
    // What lay there before the first look may bear any date.
    let mut script = vec![ALL];
    let future = "* 1 FETCH (UID 1 RFC822.SIZE 27 INTERNALDATE \" 1-Oct-2030 10:05:00 +0200\")\r\n{tag} OK\r\n";
    script.extend([("UID FETCH", future), ("UID FETCH", answer(&["{tag} OK\r\n"]))]);
    let mut house = House::with_account(script, |_| {}).await;
    drop(house.receiver.step().await);
    let said = house.troubles();
    assert!(!said.iter().any(|said| said.contains("clock")), "{said:?}");
}
