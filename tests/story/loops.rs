//! Peers that answer every letter and look at no header: none of them is answered twice, and a person sees what they sent.
//! Who writes himself is answered as before.

use docket::core::{mail::message::Message, text::language::Language};

use super::{mail::Mail, stage::Stage};
use crate::fixture::{Database, both};

/// What a robot makes of a letter; the number tells its messages apart.
type Robot = fn(&Message, usize) -> Mail;

/// Their addresses are those of ministries: the worst case, for all that comes from there may be an input.
const ROBOTS: [(&str, Robot); 7] = [
    ("help@eda.admin.ch", |letter, n| quoted(letter).body(&format!("Ticket {n}: see attached.\n\n{}", quote(letter)))),
    ("desk@mfa.no", |letter, n| quoted(letter).body(&format!("Case {n}, attached:\n{0}\n{0}\n{0}", letter.body))),
    ("absent@diplomatie.gouv.fr", |_, _| {
        Mail::new().subject("Permanence").body("Nous en avons pris note ; voir ci-joint.")
    }),
    ("info@mfa.gov.me", |_, n| Mail::new().body(&format!("Your request {n} was attached to the file of this office."))),
    ("office@mfa.gov.by", |_, n| {
        Mail::new().body(&format!("Request {n}. {}", "We answer within five days. ".repeat(70)))
    }),
    ("post@mfa.gov.tr", |letter, _| quoted(letter).body(&letter.body.to_uppercase().repeat(3))),
    ("box@mfa.gov.rs", |letter, n| quoted(letter).body(&format!("{}{n}", terms(0)))),
];

fn quoted(letter: &Message) -> Mail {
    Mail::new().subject(&format!("Re: {}", letter.subject.as_deref().unwrap_or_default()))
}

fn quote(letter: &Message) -> String {
    letter.body.lines().map(|line| ["> ", line, "\n"].concat()).collect()
}

/// A long text of a house, with nothing in it twice.
fn terms(first: usize) -> String {
    (first..first + 300).map(|n| format!("clause{n}")).collect::<Vec<_>>().join(" ")
}

/// The letters to an address that have left, oldest first.
async fn letters_to(stage: &Stage, address: &str) -> Vec<Message> {
    let rows = stage.letters().await;
    let posted = stage.posted();
    let sent = rows.iter().filter(|row| row.recipient == address && row.sent_at.is_some());
    sent.map(|row| posted[&format!("L-{:06}.eml", row.id)].clone()).collect()
}

/// Lets a robot answer every letter it gets, and yields how many it got.
async fn answer_all(stage: &mut Stage, address: &str, robot: Robot) -> usize {
    let mut answered = 0;
    loop {
        stage.wait(20).await;
        let letters = letters_to(stage, address).await;
        let Some(letter) = letters.get(answered) else { return answered };
        answered += 1;
        assert!(answered < 9, "{address}: it goes on and on");
        let mail = robot(letter, answered).sender(address).field(&format!("X-Sequence: {answered}"));
        stage.deliver(&format!("{address}.{answered}"), &mail.raw(), stage.clock.now());
    }
}

both!(a_robot_that_answers_what_a_person_was_sent, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    for (address, robot) in ROBOTS {
        let input = Mail::from(&format!("Ministry <{address}>")).document(&format!("Input of {address}"));
        stage.deliver(&format!("{address}.0"), &input.raw(), stage.clock.now());
        let letters = answer_all(&mut stage, address, robot).await;
        // One to the person; a robot that has something of its own to say gets one, too.
        assert!(
            letters <= if address == "box@mfa.gov.rs" || address == "office@mfa.gov.by" { 2 } else { 1 },
            "{address}"
        );
        seen_by_a_person(&stage, address).await;
    }
});

both!(a_robot_that_writes_first, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    for (address, robot) in ROBOTS {
        let nothing = Message { body: "Please find attached.".to_owned(), ..Message::default() };
        let first = robot(&nothing, 100).sender(address).field("X-Sequence: 0");
        stage.deliver(&format!("{address}.0"), &first.raw(), stage.clock.now());
        let letters = answer_all(&mut stage, address, robot).await;
        // One of them says by itself, of our call, that something is attached, and is asked for it once.
        let asked = usize::from(address == "info@mfa.gov.me");
        assert_eq!(letters, asked, "{address}");
        seen_by_a_person(&stage, address).await;
        // The next day it may begin again.
        stage.wait(25 * 60).await;
        assert_eq!(letters_to(&stage, address).await.len(), asked, "{address}: nothing by itself");
    }
});

/// The last message of a robot waits for a person, and says why there was no letter.
async fn seen_by_a_person(stage: &Stage, address: &str) {
    let log = stage.log().await;
    let last = log.iter().rev().find(|line| line.from.as_ref().is_some_and(|from| from.contains(address)));
    let last = last.expect("it is logged");
    assert_eq!(last.letters, Vec::<String>::new(), "{address}");
    assert!(last.waiting.is_some(), "{address}: {last:?}");
    let waiting = stage.desk().waiting(None, Language::En).await.unwrap();
    assert!(waiting.iter().any(|case| case.number == last.number), "{address}: it is to be decided");
    let reason = stage.entry(&last.number).await.answer.unwrap_or_default();
    assert!(reason.contains("within the last day") || reason.contains("a person answers it"), "{address}: {reason}");
}

both!(a_ticket_system_that_opens_a_case_with_an_address_of_its_own_for_each_letter, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let input = Mail::from("Ministry <post@mfa.no>").document("Norway: input");
    stage.deliver("0.mail", &input.raw(), stage.clock.now());
    for n in 1..5 {
        stage.wait(20).await;
        let posted = stage.posted();
        let Some(letter) = posted.get(&format!("L-{n:06}.eml")) else { break };
        let mail = quoted(letter).sender(&format!("case{n}@mfa.no")).body(&format!("See attached.\n{}", quote(letter)));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
    }
    stage.wait(20).await;
    assert_eq!((stage.posted().len(), stage.log().await.len()), (1, 2));
    seen_by_a_person(&stage, "case1@mfa.no").await;
});

both!(a_robot_with_a_new_document_each_time_is_stopped_by_the_cap, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let address = "entwurf@eda.admin.ch";
    let first = Mail::from(address).document("Switzerland, 0");
    stage.deliver("0.mail", &first.raw(), stage.clock.now());
    for n in 1..9 {
        stage.wait(1).await;
        let mail = Mail::from(address).document(&format!("Switzerland, {n}"));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
    }
    stage.wait(1).await;
    assert_eq!(letters_to(&stage, address).await.len(), 5);
    assert_eq!(stage.register(None).await.waiting.len(), 4, "the letters that are held are to be decided");
});

both!(who_writes_himself_is_answered_as_before, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let minister = "Ministry <minister@eda.admin.ch>";
    let send = |stage: &Stage, name: &str, mail: &Mail| stage.deliver(name, &mail.raw(), stage.clock.now());
    send(&stage, "1.forgot", &Mail::from(minister));
    stage.wait(20).await;
    assert_eq!(stage.posted().len(), 1, "the document is asked for");
    // It comes within the text, below the letter that asked.
    let asked = stage.posted().remove("L-000001.eml").unwrap();
    let text = format!("Switzerland: our contribution.\n{}\n{}", terms(0), quote(&asked));
    send(&stage, "2.text", &quoted(&asked).sender(minister).body(&text));
    stage.wait(20).await;
    assert_eq!(stage.posted().len(), 2, "and its receipt leaves: {:#?}", stage.entry("M-000002").await.items);
    // Corrections and missing files come as documents.
    for n in 3..6 {
        send(&stage, &format!("{n}.document"), &quoted(&asked).sender(minister).document(&format!("Version {n}")));
        stage.wait(20).await;
        assert_eq!(stage.posted().len(), n, "each document has its receipt");
    }
    // Another person of the same house has written nothing yet.
    send(&stage, "7.other", &Mail::from("Desk <desk@eda.admin.ch>"));
    stage.wait(20).await;
    assert_eq!(stage.posted().len(), 6);
    // A second document that is missing is a person's business within the day, and asked for on the next.
    send(&stage, "8.again", &Mail::from("Desk <desk@eda.admin.ch>").body("The annex is attached."));
    stage.wait(20).await;
    assert_eq!(stage.posted().len(), 6);
    stage.wait(24 * 60).await;
    send(&stage, "9.again", &Mail::from("Desk <desk@eda.admin.ch>").body("The annex is attached now."));
    stage.wait(20).await;
    assert_eq!(stage.posted().len(), 7);
});
