//! What must hold in the end, held against what was delivered and against what the mail server took.

use std::collections::BTreeMap;

use mail_parser::MessageParser;

use super::{
    REMINDED, Story,
    mail::{Delivered, Kind},
};
use crate::{dialogs::smtp_peer::Taken, fixture::Database, store::seed::sha256};

/// So many letters leave side by side, and wherever the program is killed, each may be between the commit that it leaves
/// and the record that it left.
const SIDE_BY_SIDE: usize = 2;

/// What became of the letters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Letters {
    /// How many different ones the mail server has.
    pub different: usize,
    /// How many of them it has twice.
    pub repeated: usize,
    /// How often it was uncertain whether one had left.
    pub uncertain: usize,
}

/// Fails the test unless every promise was kept.
pub(super) async fn holds(story: &mut Story) {
    each_message_is_logged_once(&story.db, &story.mail.delivered).await;
    assert_eq!(story.db.number("SELECT COUNT(*) FROM event WHERE kind = 'renumbered'").await, 1);
    numbers_have_no_gaps(&story.db).await;
    nothing_is_claimed(&story.db).await;
    let letters = letters_left_once(&story.db, &story.mail.delivered, 1, &story.peer.taken()).await;
    let lost_replies = story.lost_replies.load(std::sync::atomic::Ordering::SeqCst);
    let causes = lost_replies + story.figures.kills.len() * SIDE_BY_SIDE;
    assert!(letters.uncertain <= causes, "{letters:?} for {causes} causes of doubt");
    (story.figures.messages, story.figures.letters) = (story.mail.delivered.len(), letters);
}

/// Every message that was delivered has one row, with its bytes.
pub async fn each_message_is_logged_once(db: &Database, delivered: &[Delivered]) {
    for mail in delivered {
        let marked = format!("SELECT COUNT(*) FROM message WHERE subject LIKE '%{}%'", mail.marker);
        assert_eq!(db.number(&marked).await, 1, "{} is logged so often", mail.marker);
        if mail.kind != Kind::Large {
            let kept = format!("{marked} AND sha256 = '{}'", sha256(&mail.bytes));
            assert_eq!(db.number(&kept).await, 1, "{} is kept with other bytes", mail.marker);
        }
    }
    let all = db.number("SELECT COUNT(*) FROM message").await;
    assert_eq!(usize::try_from(all).unwrap(), delivered.len(), "there are messages that nobody sent");
    // What was being fetched when the folder was numbered anew is fetched by its new number.
    let passed_over = "SELECT COUNT(*) FROM sighting
        WHERE message_id IS NULL AND NOT (disposition = 'gone' AND reason LIKE 'The server numbered the folder anew;%')";
    assert_eq!(db.number(passed_over).await, 0, "some were passed over");
}

/// Intake numbers, references and versions.
pub async fn numbers_have_no_gaps(db: &Database) {
    assert_eq!(db.number("SELECT COUNT(*) - MAX(number) FROM message").await, 0, "an intake number is missing");
    let references = db.number("SELECT COUNT(*) FROM submission").await;
    for n in 1..=references {
        let reference = format!("SELECT COUNT(*) FROM submission WHERE reference = 'GCM-ECE-2020-{n:04}'");
        assert_eq!(db.number(&reference).await, 1, "reference {n} is missing");
    }
    let versions = "SELECT COUNT(*) FROM (SELECT submission_id FROM place WHERE until IS NULL AND repeats IS NULL GROUP BY submission_id
        HAVING COUNT(*) <> MAX(n)) AS gaps";
    assert_eq!(db.number(versions).await, 0, "a version is missing");
}

async fn nothing_is_claimed(db: &Database) {
    let claimed = "SELECT (SELECT COUNT(*) FROM message WHERE state = 'stored')
        + (SELECT COUNT(*) FROM letter WHERE lease_until > 0 OR state IN ('waiting', 'released', 'sending'))
        + (SELECT COUNT(*) FROM lease WHERE lease_until > 0)";
    assert_eq!(db.number(claimed).await, 0, "something is claimed by one that has stopped");
    assert_eq!(db.number("SELECT COUNT(*) FROM letter WHERE state = 'failed'").await, 0);
}

/// Every message that must be answered has its letters, with the mail server, each once but where it was uncertain; what
/// must not be answered has none.
pub async fn letters_left_once(db: &Database, delivered: &[Delivered], reminders: usize, taken: &[Taken]) -> Letters {
    let mut by_marker: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
    for letter in taken {
        let text = text(letter);
        let marker = text.find("mark").and_then(|at| text.get(at..at + 10));
        let mail = delivered.iter().find(|mail| Some(mail.marker.as_str()) == marker);
        let (marker, recipient) =
            mail.map_or(("reminder", REMINDED), |mail| (mail.marker.as_str(), mail.sender.as_str()));
        assert!(letter.rcpt.starts_with(&format!("RCPT TO:<{recipient}>")), "{} for {marker}", letter.rcpt);
        by_marker.entry(marker).or_default().push(letter);
    }
    let answers = delivered.iter().map(|mail| (mail.marker.as_str(), mail.kind.letters() + usize::from(mail.decided)));
    let mut letters = Letters::default();
    for (marker, expected) in answers.chain([("reminder", reminders)]) {
        let mut by_id: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
        for copy in by_marker.remove(marker).unwrap_or_default() {
            by_id.entry(&copy.message_id).or_default().push(copy);
        }
        let held = held_in_doubt(db, marker).await;
        assert!(
            by_id.len() <= expected && by_id.len() + held >= expected,
            "{marker}: {} letters of {expected}; {held} held in doubt; {}",
            by_id.len(),
            what_is_said(db, marker).await
        );
        for (id, copies) in by_id {
            assert!(copies.iter().all(|copy| copy.bytes == copies[0].bytes), "{marker}: {id} went with other bytes");
            let doubts = format!(
                "SELECT COUNT(*) FROM attempt a JOIN letter l ON l.id = a.letter_id
                 WHERE a.outcome = 'uncertain' AND l.rfc_message_id = '{}'",
                id.trim_matches(['<', '>'])
            );
            let doubts = usize::try_from(db.number(&doubts).await).unwrap();
            assert!(copies.len() <= (1 + doubts).min(2), "{marker}: {id} left {} times; {doubts} doubts", copies.len());
            letters.different += 1;
            letters.repeated += copies.len() - 1;
        }
    }
    let uncertain = db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'").await;
    Letters { uncertain: usize::try_from(uncertain).unwrap(), ..letters }
}

/// The letters to a message as the rows tell of them.
async fn what_is_said(db: &Database, marker: &str) -> String {
    let letters = db.snapshot().await.unwrap().letters().await.unwrap().into_iter().map(Result::unwrap);
    let letters = letters.filter(|letter| letter.subject.contains(marker));
    let said =
        letters.map(|letter| format!("{:?} after {} attempts: {:?}", letter.state, letter.attempts, letter.reason));
    said.collect::<Vec<_>>().join("; ")
}

/// The letters to a message of which it was uncertain once more whether they had left: a person is asked.
async fn held_in_doubt(db: &Database, marker: &str) -> usize {
    let held = format!(
        "SELECT COUNT(*) FROM letter l JOIN message m ON m.id = l.message_id
         WHERE m.subject LIKE '%{marker}%' AND l.state = 'held'
             AND EXISTS (SELECT 1 FROM attempt a WHERE a.letter_id = l.id AND a.outcome = 'uncertain')"
    );
    usize::try_from(db.number(&held).await).unwrap()
}

/// Subject and text of a letter as a person reads them.
fn text(letter: &Taken) -> String {
    let parsed = MessageParser::default().parse(&letter.bytes).expect("a letter is a message");
    format!("{} {}", parsed.subject().unwrap_or_default(), parsed.body_text(0).unwrap_or_default())
}
