//! Answers of colleagues in a folder on a real server: seen once, and left as they lie there.

use std::sync::Arc;

use crate::{
    fixture::dovecot::{Dovecot, USER},
    imap::{House, mailbox, minutes},
};
use docket::{
    clock::Clock,
    config::MailboxConfig,
    pipeline::{Answers, Outcome},
};

fn question(id: &str) -> Vec<u8> {
    format!(
        "From: Ministry <post@mfa.no>\r\nTo: gcm-input@un.example\r\nSubject: Greetings from Oslo\r\nMessage-ID: <{id}>\r\n\r\n\
         Warm greetings from all of us at the ministry, {id}.\r\n"
    )
    .into()
}

fn answer(id: &str, answers: &str, more: &str) -> Vec<u8> {
    format!(
        "From: Ana <ana@un.org>\r\nTo: post@mfa.no\r\nSubject: Re: Regional review\r\nMessage-ID: <{id}>\r\n\
         In-Reply-To: <{answers}>\r\n{more}\r\nGreetings.\r\n"
    )
    .into()
}

async fn look(house: &mut House, answers: &mut Answers) {
    for _ in 0..4 {
        house.look().await;
        house.read_all().await;
        answers.step().await.unwrap();
    }
    assert_eq!(answers.step().await.unwrap(), Outcome::Idle);
}

const ASKED: &str = "SELECT COUNT(*) FROM item WHERE waiting LIKE '%\"correspondence\"%'";
const SEEN: &str = "SELECT COUNT(*) FROM event WHERE kind = 'answered'";

#[tokio::test(flavor = "multi_thread")]
async fn answers_in_a_folder_on_a_server_are_seen_once() {
    let mut server = Dovecot::start();
    server.doveadm(&["mailbox", "create", "-u", USER, "Sent"]);
    for (n, id) in ["q1@mfa.no", "q2@mfa.no"].into_iter().enumerate() {
        server.deliver("INBOX", &question(id), minutes(n));
    }
    server.deliver("Sent", &answer("a@un.org", "q1@mfa.no", ""), minutes(5));
    server.deliver("Sent", &answer("b@un.org", "q2@mfa.no", "Auto-Submitted: auto-replied\r\n"), minutes(6));
    let named = MailboxConfig { answers: Some("Sent".to_owned()), ..mailbox(&server) };
    let mut house = House::open(named, Clock::by_hand(minutes(60))).await;
    let mut answers = Answers::new(Arc::clone(&house.instance));
    answers.step().await.unwrap();
    assert_eq!(house.number(SEEN).await, 0, "what had come by then is not read yet");
    look(&mut house, &mut answers).await;
    assert_eq!((house.number(SEEN).await, house.number(ASKED).await), (1, 1));
    let on = format!("SELECT COUNT(*) FROM seen_answer WHERE vouched = 1 AND at = {}", minutes(5).as_microsecond());
    assert_eq!(house.number(Box::leak(on.into_boxed_str())).await, 1, "at the time of the server");
    assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 2, "sent mail is no mail to us");
    assert!(server.flags("Sent").iter().all(|flags| !flags.contains("Seen")), "and is left as it was");

    let mut again = Answers::new(Arc::clone(&house.instance));
    look(&mut house, &mut again).await;
    assert_eq!(house.number(SEEN).await, 1, "a new process goes on where the other was");
    server.deliver("Sent", &answer("c@un.org", "q2@mfa.no", ""), minutes(7));
    look(&mut house, &mut again).await;
    assert_eq!((house.number(SEEN).await, house.number(ASKED).await), (2, 0));
    // The server numbers it anew: all is looked at again, and nothing is told twice.
    server.doveadm(&["mailbox", "delete", "-u", USER, "Sent"]);
    server.doveadm(&["mailbox", "create", "-u", USER, "Sent"]);
    server.deliver("Sent", &answer("c@un.org", "q2@mfa.no", ""), minutes(7));
    look(&mut house, &mut again).await;
    assert_eq!(house.number(SEEN).await, 2);
    answers.close().await;
    again.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_the_server_does_not_have_keeps_nothing_from_being_read() {
    let mut server = Dovecot::start();
    server.deliver("INBOX", &question("q1@mfa.no"), minutes(0));
    let named = MailboxConfig { answers: Some("Gesendet".to_owned()), ..mailbox(&server) };
    let mut house = House::open(named, Clock::by_hand(minutes(60))).await;
    let mut answers = Answers::new(Arc::clone(&house.instance));
    assert_eq!(answers.step().await.unwrap(), Outcome::Idle, "that is said, and is no error");
    assert_eq!(house.look().await.new, 1);
    answers.close().await;
}
