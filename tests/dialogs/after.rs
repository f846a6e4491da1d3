//! Servers that cannot move, do not prove, refuse, forget or break off when something is to be done after intake.

use docket::{config::AfterIntake, pipeline::Received};

use super::imap::receiving::{ALL, DESCRIBED, FIRST, House, THIRD, answer};

type Pairs = Vec<(&'static str, &'static str)>;

const SECOND: &str = "* 2 FETCH (UID 2 BODY[] {26}\r\nFrom: b@b.example\r\n\r\ntwo\r\n)\r\n";
const SELECT: (&str, &str) = (
    "SELECT",
    "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n\
     * OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] x\r\n{tag} OK [READ-WRITE] x\r\n",
);
const NONE_LEFT: (&str, &str) = ("UID SEARCH UID 1:3", "* SEARCH\r\n{tag} OK\r\n");
const COPIED: &str = "{tag} OK [COPYUID 9 1:3 5:7] x\r\n";

fn can(what: &str) -> &'static str {
    answer(&["* CAPABILITY IMAP4rev1 IDLE ", what, "\r\n{tag} OK\r\n"])
}

/// Three messages are taken in, then goes what the script says; so many conversations begin.
async fn house(after: AfterIntake, capabilities: &str, conversations: usize, then: Pairs) -> House {
    let mut script = vec![("CAPABILITY", can(capabilities)); 2 * conversations];
    script.extend([ALL, ("UID FETCH 1:3 (UID RFC", DESCRIBED)]);
    script.push(("UID FETCH 1:3 (UID BODY", answer(&[FIRST, SECOND, THIRD, "{tag} OK\r\n"])));
    script.extend(then);
    let mut house = House::with_account(script, |account| account.after_intake = after).await;
    let looked = house.receiver.step().await.unwrap();
    assert_eq!(looked, Received { new: 3, ..Received::default() }, "whatever comes behind it");
    assert_eq!(house.number("SELECT COUNT(*) FROM folder WHERE last_read IS NOT NULL").await, 1, "the mailbox is read");
    house
}

fn to_logged() -> AfterIntake {
    AfterIntake::Move("Logged".to_owned())
}

fn keyword() -> AfterIntake {
    AfterIntake::Keyword("$DocketLogged".to_owned())
}

async fn states(house: &House) -> [i64; 5] {
    [
        house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'wanted'").await,
        house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'copied'").await,
        house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'done'").await,
        house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'gone'").await,
        house.number("SELECT COUNT(*) FROM sighting WHERE after_intake = 'unproved'").await,
    ]
}

async fn later(house: &mut House) -> Received {
    house.minutes_pass(6);
    house.receiver.step().await.unwrap()
}

async fn said(house: &House) -> i64 {
    house.number("SELECT COUNT(*) FROM event WHERE kind = 'after_intake_failed'").await
}

#[tokio::test]
async fn the_proof_may_come_before_the_ok_or_in_it() {
    const BEFORE: &str =
        "* OK [COPYUID 9 1,2:3 5:7] x\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n{tag} OK done\r\n";
    for answer in [BEFORE, COPIED] {
        let house = house(to_logged(), "MOVE UIDPLUS", 1, vec![SELECT, ALL, ("UID MOVE 1:3 \"Logged\"", answer)]).await;
        assert_eq!(states(&house).await, [0, 0, 3, 0, 0], "{answer}");
        assert!(house.heard().ends_with(&["EXAMINE \"INBOX\"".to_owned()]), "it is read-only again");
    }
}

#[tokio::test]
async fn a_move_without_a_proof_is_looked_after() {
    let then = vec![SELECT, ALL, ("UID MOVE", "{tag} OK\r\n"), NONE_LEFT];
    let house_of_gone = house(to_logged(), "MOVE", 1, then).await;
    assert_eq!(states(&house_of_gone).await, [0, 0, 0, 0, 3]);
    let said_so = "SELECT COUNT(*) FROM event WHERE kind = 'moved' AND payload LIKE '%\"unproved\"%'";
    assert_eq!(house_of_gone.number(said_so).await, 3);

    // OK, and nothing was done: it is done again later.
    let mut then = vec![SELECT, ALL, ("UID MOVE", "{tag} OK No messages found.\r\n"), ALL];
    then.extend([SELECT, ALL, ("UID MOVE", COPIED)]);
    let mut house = house(to_logged(), "MOVE", 1, then).await;
    assert_eq!((states(&house).await, said(&house).await), ([3, 0, 0, 0, 0], 1));
    assert_eq!(house.receiver.step().await.unwrap(), Received::default());
    assert_eq!(house.fetched("SELECT"), 1, "not at every look");
    later(&mut house).await;
    assert_eq!(states(&house).await, [0, 0, 3, 0, 0]);
}

#[tokio::test]
async fn a_message_that_is_missing_is_not_moved_and_no_failure() {
    let mut then = vec![SELECT, ("UID SEARCH UID 1:3", "* SEARCH 1 3\r\n{tag} OK\r\n")];
    then.extend([("UID MOVE 1,3", "{tag} OK [COPYUID 9 1 5] x\r\n"), ("UID SEARCH UID 3", "* SEARCH\r\n{tag} OK\r\n")]);
    let house = house(to_logged(), "MOVE UIDPLUS", 1, then).await;
    assert_eq!((states(&house).await, said(&house).await), ([0, 0, 1, 2, 0], 0));
}

#[tokio::test]
async fn without_move_only_what_is_proven_to_be_copied_is_removed() {
    let mut then = vec![SELECT, ALL, ("UID COPY 1:3 \"Logged\"", "{tag} OK [COPYUID 9 1:2 5:6] x\r\n")];
    then.extend([("UID STORE 1:2 +FLAGS.SILENT (\\Deleted)", "{tag} OK\r\n"), ("UID EXPUNGE 1:2", "{tag} OK\r\n")]);
    let house = house(to_logged(), "UIDPLUS", 1, then).await;
    assert_eq!(states(&house).await, [1, 0, 2, 0, 0]);
    assert_eq!(house.fetched("EXPUNGE"), 0, "never all that is marked");
}

#[tokio::test]
async fn a_copy_that_was_made_is_not_made_again() {
    let mut then = vec![SELECT, ALL, ("UID COPY", COPIED), ("UID STORE", "!")];
    then.extend([SELECT, ALL, ("UID STORE", "{tag} OK\r\n"), ("UID EXPUNGE", "{tag} NO not now\r\n")]);
    then.extend([SELECT, ALL, ("UID STORE", "{tag} OK\r\n"), ("UID EXPUNGE", "{tag} OK\r\n")]);
    let mut house = house(to_logged(), "UIDPLUS", 2, then).await;
    assert_eq!(states(&house).await, [0, 3, 0, 0, 0]);
    later(&mut house).await;
    assert_eq!(states(&house).await, [0, 3, 0, 0, 0], "{:?}", house.heard());
    later(&mut house).await;
    assert_eq!(states(&house).await, [0, 0, 3, 0, 0], "{:?}", house.heard());
    assert_eq!(house.fetched("UID COPY"), 1);
}

#[tokio::test]
async fn a_copy_without_a_proof_removes_nothing() {
    let house = house(to_logged(), "UIDPLUS", 1, vec![SELECT, ALL, ("UID COPY", "{tag} OK\r\n")]).await;
    assert_eq!((states(&house).await, said(&house).await), ([0, 0, 0, 0, 3], 1));
    assert_eq!(house.fetched("UID STORE") + house.fetched("UID EXPUNGE"), 0);
}

#[tokio::test]
async fn a_server_that_cannot_is_told_of_once() {
    const READ_ONLY: &str = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n{tag} OK [READ-ONLY] x\r\n";
    const NO_KEYWORDS: &str = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n\
                               * OK [PERMANENTFLAGS (\\Seen \\Deleted)] x\r\n{tag} OK [READ-WRITE] x\r\n";
    for (after, capabilities, select) in [
        (to_logged(), "", SELECT.1),
        (to_logged(), "MOVE", READ_ONLY),
        (keyword(), "", READ_ONLY),
        (keyword(), "", NO_KEYWORDS),
    ] {
        let mut house = house(after.clone(), capabilities, 1, vec![("SELECT", select)]).await;
        assert_eq!((states(&house).await, said(&house).await), ([3, 0, 0, 0, 0], 1), "{after:?} {select}");
        later(&mut house).await;
        assert_eq!((house.fetched("SELECT"), said(&house).await), (1, 1), "until the next start");
    }
}

#[tokio::test]
async fn a_keyword_is_looked_for_after_the_ok() {
    const FOUND: &str =
        "* 1 FETCH (UID 1 FLAGS ($docketlogged \\Recent))\r\n* 3 FETCH (FLAGS () UID 3)\r\n{tag} OK\r\n";
    let store = ("UID STORE 1:3 +FLAGS.SILENT ($DocketLogged)", "* 1 FETCH (FLAGS ($DocketLogged))\r\n{tag} OK\r\n");
    let mut house = house(keyword(), "", 1, vec![SELECT, store, ("UID FETCH 1:3 (UID FLAGS)", FOUND)]).await;
    assert_eq!((states(&house).await, said(&house).await), ([1, 0, 1, 1, 0], 1), "kept, dropped, gone");
    later(&mut house).await;
    assert_eq!(house.fetched("SELECT"), 1, "until the next start");
    let only = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n\
                * OK [PERMANENTFLAGS ($DOCKETLOGGED)] x\r\n{tag} OK\r\n";
    let all = "* 1 FETCH (UID 1 FLAGS ($DocketLogged))\r\n* 2 FETCH (UID 2 FLAGS ($DocketLogged))\r\n\
               * 3 FETCH (UID 3 FLAGS ($DocketLogged))\r\n{tag} OK\r\n";
    let then = vec![("SELECT", only), store, ("UID FETCH 1:3 (UID FLAGS)", all)];
    let listed = self::house(keyword(), "", 1, then).await;
    assert_eq!(states(&listed).await, [0, 0, 3, 0, 0], "a keyword that is listed by itself");
}

#[tokio::test]
async fn a_folder_that_is_missing_is_tried_again_later() {
    let mut then = vec![SELECT, ALL, ("UID MOVE", "{tag} NO [TRYCREATE] Mailbox doesn't exist: Logged\r\n")];
    then.extend([SELECT, ALL, ("UID MOVE", "{tag} NO [TRYCREATE] Mailbox doesn't exist: Logged\r\n")]);
    then.extend([SELECT, ALL, ("UID MOVE", COPIED)]);
    let mut house = house(to_logged(), "MOVE UIDPLUS", 1, then).await;
    later(&mut house).await;
    assert_eq!((states(&house).await, said(&house).await), ([3, 0, 0, 0, 0], 1));
    later(&mut house).await;
    assert_eq!(states(&house).await, [0, 0, 3, 0, 0]);
}

#[tokio::test]
async fn an_answer_that_was_lost_fails_no_look_and_nothing_is_done_twice() {
    for (lost, left, expected) in [
        ("!", NONE_LEFT, [0, 0, 0, 3, 0]),
        ("* OK [COPYUID 9 1:3 5:7] x\r\n!", NONE_LEFT, [0, 0, 0, 3, 0]),
        ("* BYE restarting\r\n!", ALL, [0, 0, 3, 0, 0]),
    ] {
        let mut then = vec![SELECT, ALL, ("UID MOVE", lost), SELECT, left];
        if left == ALL {
            then.push(("UID MOVE", COPIED));
        }
        let mut house = self::house(to_logged(), "MOVE UIDPLUS", 2, then).await;
        assert_eq!((states(&house).await, said(&house).await), ([3, 0, 0, 0, 0], 1), "{lost:?}");
        later(&mut house).await;
        assert_eq!(states(&house).await, expected, "{lost:?} {:?}", house.heard());
    }
}

/// While a folder is open to be changed, nothing that arrives in it would be announced.
#[tokio::test]
async fn what_arrives_meanwhile_is_read_at_once() {
    const MORE: &str = "* 4 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 5] x\r\n{tag} OK [READ-ONLY] x\r\n";
    const FOURTH: &str = "* 4 FETCH (UID 4 RFC822.SIZE 26)\r\n{tag} OK\r\n";
    const BODY: &str = "* 4 FETCH (UID 4 BODY[] {26}\r\nFrom: d@d.example\r\n\r\nfor\r\n)\r\n{tag} OK\r\n";
    const USUAL: &str = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n{tag} OK [READ-ONLY] x\r\n";
    let mut script = vec![("CAPABILITY", can("MOVE UIDPLUS")); 2];
    script.extend([("EXAMINE", USUAL), ALL, ("UID FETCH 1:3 (UID RFC", DESCRIBED)]);
    script.push(("UID FETCH 1:3 (UID BODY", answer(&[FIRST, SECOND, THIRD, "{tag} OK\r\n"])));
    script.extend([SELECT, ALL, ("UID MOVE", COPIED), ("EXAMINE", MORE)]);
    script.extend([("UID SEARCH UID 4:4", "* SEARCH 4\r\n{tag} OK\r\n"), ("UID FETCH 4 (UID RFC", FOURTH)]);
    script.extend([("UID FETCH 4 (UID BODY", BODY), SELECT, ("UID SEARCH UID 4", "* SEARCH 4\r\n{tag} OK\r\n")]);
    script.extend([("UID MOVE 4", "{tag} OK [COPYUID 9 4 8] x\r\n"), ("EXAMINE", MORE)]);
    let mut house = House::with_account(script, |account| account.after_intake = to_logged()).await;
    assert_eq!(house.receiver.step().await.unwrap().new, 4, "{:?}", house.heard());
    assert_eq!(states(&house).await, [0, 0, 4, 0, 0]);
}
