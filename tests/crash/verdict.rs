//! What must hold in the end, held against what was delivered and against what the mail server took.

use std::collections::BTreeMap;

use mail_parser::MessageParser;

use super::{REMINDED, Story, plan::Kill};
use crate::{dialogs::smtp_peer::Taken, store::seed::sha256};

/// Fails the test unless every promise was kept.
pub(super) async fn holds(story: &mut Story) {
    each_message_is_logged_once(story).await;
    numbers_have_no_gaps(story).await;
    nothing_is_claimed(story).await;
    letters_left_once(story).await;
}

async fn each_message_is_logged_once(story: &mut Story) {
    let db = &story.db;
    for mail in &story.mail.delivered {
        let marked = format!("SELECT COUNT(*) FROM message WHERE subject LIKE '%{}%'", mail.marker);
        assert_eq!(db.number(&marked).await, 1, "{} is logged so often", mail.marker);
        if mail.kind != super::Kind::Large {
            let kept = format!("{marked} AND sha256 = '{}'", sha256(&mail.bytes));
            assert_eq!(db.number(&kept).await, 1, "{} is kept with other bytes", mail.marker);
        }
    }
    let all = db.number("SELECT COUNT(*) FROM message").await;
    assert_eq!(usize::try_from(all).unwrap(), story.mail.delivered.len(), "there are messages that nobody sent");
    assert_eq!(db.number("SELECT COUNT(*) FROM sighting WHERE message_id IS NULL").await, 0, "some were passed over");
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'renumbered'").await, 1);
    story.figures.messages = story.mail.delivered.len();
}

async fn numbers_have_no_gaps(story: &Story) {
    let db = &story.db;
    assert_eq!(db.number("SELECT COUNT(*) - MAX(number) FROM message").await, 0, "an intake number is missing");
    let references = db.number("SELECT COUNT(*) FROM submission").await;
    for n in 1..=references {
        let reference = format!("SELECT COUNT(*) FROM submission WHERE reference = 'GCM-ECE-2020-{n:04}'");
        assert_eq!(db.number(&reference).await, 1, "reference {n} is missing");
    }
    let versions = "SELECT COUNT(*) FROM (SELECT submission_id FROM version GROUP BY submission_id
        HAVING COUNT(*) <> MAX(n)) AS gaps";
    assert_eq!(db.number(versions).await, 0, "a version is missing");
}

async fn nothing_is_claimed(story: &Story) {
    let claimed = "SELECT (SELECT COUNT(*) FROM message WHERE state = 'stored')
        + (SELECT COUNT(*) FROM letter WHERE lease_until > 0 OR state IN ('waiting', 'released', 'sending'))
        + (SELECT COUNT(*) FROM lease WHERE lease_until > 0)";
    assert_eq!(story.db.number(claimed).await, 0, "something is claimed by one that has stopped");
    assert_eq!(story.db.number("SELECT COUNT(*) FROM letter WHERE state = 'failed'").await, 0);
}

async fn letters_left_once(story: &mut Story) {
    let taken = story.peer.taken();
    let mut by_marker: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
    for letter in &taken {
        let text = text(letter);
        let marker = text.find("mark").and_then(|at| text.get(at..at + 10));
        let mail = story.mail.delivered.iter().find(|mail| Some(mail.marker.as_str()) == marker);
        let (marker, recipient) = match mail {
            Some(mail) => (mail.marker.as_str(), mail.sender.as_str()),
            None => ("reminder", REMINDED),
        };
        assert!(
            letter.rcpt.starts_with(&format!("RCPT TO:<{recipient}>")),
            "{} is no letter to {recipient}",
            letter.rcpt
        );
        by_marker.entry(marker).or_default().push(letter);
    }
    let expected = story.mail.delivered.iter().map(|mail| {
        let letters = mail.kind.letters() + usize::from(mail.decided);
        (mail.marker.clone(), letters)
    });
    let expected: Vec<(String, usize)> = expected.chain([("reminder".to_owned(), 1)]).collect();
    for (marker, expected) in &expected {
        let copies = by_marker.remove(marker.as_str()).unwrap_or_default();
        let mut by_id: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
        for copy in copies {
            by_id.entry(&copy.message_id).or_default().push(copy);
        }
        let held = held_in_doubt(story, marker).await;
        assert!(
            by_id.len() == *expected || (by_id.len() < *expected && by_id.len() + held >= *expected),
            "{marker}: {} letters of {expected}; {held} held in doubt",
            by_id.len()
        );
        for (id, copies) in by_id {
            assert!(copies.iter().all(|copy| copy.bytes == copies[0].bytes), "{marker}: {id} went with other bytes");
            let doubts = format!(
                "SELECT COUNT(*) FROM attempt a JOIN letter l ON l.id = a.letter_id
                 WHERE a.outcome = 'uncertain' AND l.rfc_message_id = '{}'",
                id.trim_matches(['<', '>'])
            );
            let doubts = usize::try_from(story.db.number(&doubts).await).unwrap();
            assert!(copies.len() <= (1 + doubts).min(2), "{marker}: {id} left {} times; {doubts} doubts", copies.len());
            story.figures.letters += 1;
            story.figures.repeated += copies.len() - 1;
        }
    }
    let doubts = story.db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'").await;
    story.figures.uncertain = usize::try_from(doubts).unwrap();
    let causes = story.figures.kills.iter().filter(|kill| leaves_doubt(**kill)).count();
    let causes = causes + story.lost_replies.load(std::sync::atomic::Ordering::SeqCst);
    assert!(story.figures.uncertain <= causes, "{doubts} doubts for {causes} causes");
}

/// The letters to a message of which it was uncertain twice whether they had left: a person is asked.
async fn held_in_doubt(story: &Story, marker: &str) -> usize {
    let held = format!(
        "SELECT COUNT(*) FROM letter l JOIN message m ON m.id = l.message_id
         WHERE m.subject LIKE '%{marker}%' AND l.state = 'held'
             AND (SELECT COUNT(*) FROM attempt a WHERE a.letter_id = l.id AND a.outcome = 'uncertain') > 1"
    );
    usize::try_from(story.db.number(&held).await).unwrap()
}

/// Whether a kill may fall between the commit that a letter leaves and the record that it left.
fn leaves_doubt(kill: Kill) -> bool {
    match kill {
        Kill::At(place, _) => ["after-leave-commit", "after-dot", "after-250", "before-record-commit"].contains(&place),
        Kill::After(_) => true,
    }
}

/// Subject and text of a letter as a person reads them.
fn text(letter: &Taken) -> String {
    let parsed = MessageParser::default().parse(&letter.bytes).expect("a letter is a message");
    format!("{} {}", parsed.subject().unwrap_or_default(), parsed.body_text(0).unwrap_or_default())
}
