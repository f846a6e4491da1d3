//! The receipt clock at the deadline: our relays, the file's time, and what happens when they disagree.

use docket::core::calls::standing::Standing;
use jiff::SignedDuration;

use super::{
    mail::Mail,
    stage::{Stage, at, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

const QUESTION: &str = "When was it received? Our relay and the mailbox disagree about the deadline.";

/// Minutes from the deadline: by our relay's `Received` line, by a stranger's, by the file's time; and what that comes to.
struct Case {
    relay: Option<i64>,
    stranger: Option<i64>,
    file: i64,
    clock: &'static str,
    standing: Standing,
}

const CASES: [Case; 8] = [
    Case { relay: None, stranger: None, file: -1, clock: "internal_date", standing: Standing::OnTime },
    Case { relay: None, stranger: None, file: 0, clock: "internal_date", standing: Standing::Late },
    Case { relay: Some(-1), stranger: None, file: -1, clock: "received_header", standing: Standing::OnTime },
    Case { relay: Some(0), stranger: None, file: 3, clock: "received_header", standing: Standing::Late },
    // Minutes apart, on both sides of midnight.
    Case { relay: Some(-2), stranger: None, file: 2, clock: "received_header", standing: Standing::Undetermined },
    Case { relay: Some(2), stranger: None, file: -2, clock: "received_header", standing: Standing::Undetermined },
    // A stranger's line says nothing, alone or below our own.
    Case { relay: None, stranger: Some(-600), file: 5, clock: "internal_date", standing: Standing::Late },
    Case { relay: Some(4), stranger: Some(-600), file: 5, clock: "received_header", standing: Standing::Late },
];

both!(two_witnesses_at_the_deadline, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-30T12:00:00+02:00").await;
    let deadline = stage.instance().call(None).unwrap().deadline.instant;
    assert_eq!(deadline, at("2020-10-01T00:00:00+02:00"));
    let minute = |n: i64| deadline.checked_add(SignedDuration::from_mins(n)).unwrap();
    let received = |by: &str, n: i64| {
        let time = minute(n).strftime("%a, %d %b %Y %H:%M:%S +0000");
        format!("Received: from mail.example by {by} with ESMTPS id 1; {time}")
    };
    for (case, n) in CASES.iter().zip(1..) {
        // The sender's own date would make everything timely, if anybody asked it.
        let mut mail = Mail::from("Mission <mission@eda.admin.ch>")
            .field("Date: Tue, 1 Sep 2020 10:00:00 +0200")
            .document(&format!("Switzerland, version {n}"));
        if let Some(stranger) = case.stranger {
            mail = mail.above(&received("mail.stranger.example", stranger));
        }
        if let Some(relay) = case.relay {
            mail = mail.above(&received("mx1.example.org", relay));
        }
        stage.deliver(&format!("{n}.mail"), &mail.raw(), minute(case.file));
        stage.work().await;
        let number = format!("M-{n:06}");
        let log = stage.log().await;
        let line = log.iter().find(|line| line.number == number).expect("a line");
        assert_eq!((line.clock.as_str(), line.standing), (case.clock, Some(case.standing)), "{number}");
        assert_eq!(line.received, minute(case.relay.unwrap_or(case.file)), "{number}");
        let undetermined = case.standing == Standing::Undetermined;
        assert_eq!(line.waiting.as_deref() == Some(QUESTION), undetermined, "{number}: {:?}", line.waiting);
        stage.wait(60).await;
    }

    let posted = stage.posted();
    let told = |n: usize| &posted[&format!("L-{n:06}.eml")].body;
    assert!(told(1).contains("Received on time"));
    assert!(told(2).contains("Received after the deadline"));
    assert!(
        !told(5).contains("on time") && !told(5).contains("after the deadline"),
        "nothing is claimed:\n{}",
        told(5)
    );

    let chosen = stage
        .desk()
        .assign("M-000005", &["CHE".parse().unwrap()], None, false, &person("desk"), "our relay's log")
        .await;
    assert!(chosen.unwrap().reference.is_some());
    let log = stage.log().await;
    let line = log.iter().find(|line| line.number == "M-000005").unwrap();
    assert_eq!((line.standing, line.waiting.as_deref()), (Some(Standing::OnTime), None), "a person has decided");
});
