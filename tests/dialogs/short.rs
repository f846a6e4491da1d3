//! Servers that deliver less than they announce, in pieces or at once; and those that only announce another size.

use docket::{
    clock::Clock,
    config::{AfterIntake, MailSource, MailboxConfig},
    mailbox::{Imap, InPieces, LIMIT},
    pipeline::{Received, in_a_sentence, reconcile},
    store::MessageState,
};
use proptest::prelude::*;
use tokio::{runtime::Handle, task};

use super::giver::{Giver, Gives, Pieces};
use crate::{
    fixture::intake::{document, mail},
    imap::{House, minutes},
};

const SENDER: &str = "Ministry <post@mfa.no>";

/// Norway's input with an annex of so many bytes that do not repeat.
fn input(annex: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[4]
    });
    let noise: Vec<u8> = noise.take(annex).collect();
    mail("a", SENDER, "Norway: input", &[("input.docx", &document(120)), ("annex.bin", &noise)])
}

/// A text without parts, long enough to be an input by itself; no two lines of it are alike.
fn letter(lines: usize) -> Vec<u8> {
    let text: Vec<String> =
        (0..lines).map(|n| format!("Line {n}: Norway has adopted measure {n} on migration.\r\n")).collect();
    let text = text.concat();
    format!("From: {SENDER}\r\nSubject: Norway: input to the regional review\r\nMessage-ID: <l@mfa.no>\r\n\r\n{text}")
        .into()
}

async fn open(giver: &Giver) -> House {
    let mut account = giver.account();
    account.after_intake = AfterIntake::Keyword("seen-by-docket".to_owned());
    let mailbox = MailboxConfig {
        addresses: vec!["gcm@secretariat.test".to_owned()],
        source: MailSource::Imap(account),
        acknowledge_since: Some("2020-07-15T00:00:00Z".parse().unwrap()),
        ..MailboxConfig::default()
    };
    House::open(mailbox, Clock::by_hand(minutes(5))).await
}

/// Takes in what the server has, and reads it.
async fn taken(what: Gives) -> (House, Giver) {
    let giver = Giver::of(what).await;
    let mut house = open(&giver).await;
    // That it cannot be marked afterwards is not what this is about.
    drop(house.receiver.step().await);
    assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 1, "{:?}", giver.fetches());
    house.read_all().await;
    (house, giver)
}

async fn kept(house: &House) -> Vec<u8> {
    let mut tx = house.instance.db.snapshot().await.unwrap();
    let sha256 = tx.entry(1).await.unwrap().unwrap().sha256;
    tx.original(&sha256, usize::MAX).await.unwrap().unwrap()
}

/// It is kept as it is and read, and the announced size noted where that was another.
async fn is_read(house: &House, message: &[u8], announced: Option<usize>, what: &str) {
    assert!(kept(house).await == message, "{what}: other bytes are kept");
    let entry = house.instance.db.snapshot().await.unwrap().entry(1).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.announced), (MessageState::Read, announced.map(|n| n as u64)), "{what}");
    assert_eq!(house.number("SELECT COUNT(*) FROM message WHERE short IS NOT NULL").await, 0, "{what}");
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE after_intake IS NOT NULL").await, 1, "{what}");
}

/// The same of an input: it is filed, and answered.
async fn is_whole(house: &House, message: &[u8], announced: Option<usize>, what: &str) {
    is_read(house, message, announced, what).await;
    assert_eq!(house.number("SELECT COUNT(*) FROM place").await, 1, "{what}");
    assert_eq!(house.number("SELECT COUNT(*) FROM letter WHERE kind = 'acknowledgement'").await, 1, "{what}");
}

/// What came of it is kept, a person is asked with both sizes, and nothing of it is read, certified or told.
async fn is_short(house: &House, message: &[u8], announced: usize, what: &str) {
    assert!(kept(house).await == message, "{what}: what came is kept");
    let sizes = format!("announced {announced} bytes and handed over {}", message.len());
    let waiting = house.instance.db.snapshot().await.unwrap().waiting(None).await.unwrap();
    assert!(
        waiting.len() == 1 && waiting[0].waiting().unwrap().phrase().unwrap().plain().contains(&sizes),
        "{what}: {waiting:?}"
    );
    let entry = house.instance.db.snapshot().await.unwrap().entry(1).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.announced), (MessageState::Parked, u64::try_from(announced).ok()), "{what}");
    assert!(entry.state_reason.unwrap().contains("It is not whole"), "{what}");
    assert_eq!(house.number("SELECT COUNT(*) FROM letter").await, 0, "{what}");
    assert_eq!(house.number("SELECT COUNT(*) FROM file").await, 0, "{what}");
    assert_eq!(house.number("SELECT COUNT(*) FROM place").await, 0, "{what}");
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE after_intake IS NOT NULL").await, 0, "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_that_are_shorter_than_asked_are_put_together() {
    let message = input(3_000_000);
    assert!(message.len() > 4_000_000);
    let (house, giver) = taken(Gives { pieces: Pieces::Capped(300_000), ..Gives::all_of(message.clone()) }).await;
    is_whole(&house, &message, None, "300,000 bytes a piece").await;
    let pieces = giver.fetches().iter().filter(|fetch| fetch.contains("BODY.PEEK[]<")).count();
    assert_eq!(pieces, message.len().div_ceil(300_000), "{:?}", giver.fetches());
    assert!(!giver.fetches().contains(&"UID FETCH 1 (UID BODY.PEEK[])".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_come_in_pieces_is_asked_for_at_once() {
    let message = input(1_500_000);
    for pieces in [
        Pieces::Ending(300_000, 300_000),
        Pieces::Ending(300_000, 1_700_000),
        Pieces::Ignored,
        Pieces::Echoed(300_000),
        Pieces::Echoed(usize::MAX),
        Pieces::Elsewhere(300_000),
        Pieces::Refused(700_000),
    ] {
        let (house, giver) = taken(Gives { pieces, ..Gives::all_of(message.clone()) }).await;
        is_whole(&house, &message, None, &format!("{pieces:?}")).await;
        let at_once = giver.fetches().iter().filter(|fetch| fetch.ends_with("BODY.PEEK[])")).count();
        assert!(at_once <= 1, "{pieces:?}: {:?}", giver.fetches());
    }
    // A text without parts has nothing but its size to tell by: an echo that adds up to it is found out all the same.
    let text = letter(30_000);
    assert!(text.len() > 1_500_000);
    for pieces in [Pieces::Echoed(300_000), Pieces::Echoed(usize::MAX), Pieces::Capped(300_000)] {
        let (house, _giver) = taken(Gives { pieces, ..Gives::all_of(text.clone()) }).await;
        is_read(&house, &text, None, &format!("a text, {pieces:?}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_short_is_kept_for_a_person_and_nothing_of_it_counts() {
    for (message, came) in
        [(input(3_000_000), 300_000), (letter(30_000), 300_000), (input(100_000), 90_000), (letter(300), 5_000)]
    {
        let pieces = Pieces::Ending(250_000, came);
        let short = Gives { pieces, at_once: vec![came; 9], ..Gives::all_of(message.clone()) };
        let what = format!("{came} of {}", message.len());
        let (house, _giver) = taken(short).await;
        is_short(&house, &message[..came], message.len(), &what).await;
        let all = reconcile(&house.instance).await.unwrap();
        assert_eq!((all[0].messages, all[0].logged, all[0].short), (1, 0, 1), "{what}");
        assert!(in_a_sentence(&all).contains("of 1 only a part came, and a person is asked"), "{what}");
    }
}

/// It is short in another way each time: the most of it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_differently_each_time_is_kept_as_far_as_it_came() {
    let message = input(1_500_000);
    let pieces = Pieces::Ending(300_000, 300_000);
    let (house, _giver) =
        taken(Gives { pieces, at_once: vec![900_000, 600_000], ..Gives::all_of(message.clone()) }).await;
    is_short(&house, &message[..900_000], message.len(), "300,000, then 900,000, then 600,000").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_announces_another_size_is_believed_by_what_it_gives() {
    for message in [input(2_000_000), input(100_000)] {
        for announces in [message.len() * 107 / 100, message.len() - 4_000] {
            let (house, giver) = taken(Gives { announces, ..Gives::all_of(message.clone()) }).await;
            is_whole(&house, &message, Some(announces), &format!("{announces} for {}", message.len())).await;
            let said = "SELECT CAST(payload ->> 'announced' AS INTEGER) FROM event WHERE kind = 'received'";
            assert_eq!(house.number(said).await, i64::try_from(announces).unwrap());
            let fetched = giver.fetches().iter().filter(|fetch| fetch.ends_with("BODY.PEEK[])")).count();
            let needed = usize::from(announces > message.len() || message.len() < 1 << 20);
            assert_eq!(fetched, needed, "{announces} for {}: {:?}", message.len(), giver.fetches());
        }
    }
    // A piece of it ends where more was announced than there is, and where the server knows of no more.
    let message = input(2_000_000);
    let announces = message.len() + 50_000;
    for pieces in [Pieces::Refused(message.len()), Pieces::Capped(77_777)] {
        let (house, _giver) = taken(Gives { announces, pieces, ..Gives::all_of(message.clone()) }).await;
        is_whole(&house, &message, Some(announces), &format!("{pieces:?}")).await;
    }
    let text = letter(300);
    let (house, _giver) = taken(Gives { announces: text.len() - 99, ..Gives::all_of(text.clone()) }).await;
    is_read(&house, &text, Some(text.len() - 99), "a text that is longer than announced").await;
}

/// Some mailers never close what they open: the server has no more, and says so twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_sent_open_is_taken_as_it_was_sent() {
    for annex in [10_000, 2_000_000] {
        let mut message = input(annex);
        let closing = message.len() - b"\r\n--=-part--\r\n".len();
        message.truncate(closing);
        let (house, _giver) = taken(Gives::all_of(message.clone())).await;
        is_whole(&house, &message, None, "never closed").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_short_once_is_whole_the_next_time() {
    let message = input(100_000);
    let (house, _giver) = taken(Gives { at_once: vec![50_000], ..Gives::all_of(message.clone()) }).await;
    is_whole(&house, &message, None, "short with others, whole in pieces").await;
}

/// Looks once, and at the times of the other attempts.
async fn three_looks(giver: &Giver) -> House {
    let mut house = open(giver).await;
    assert_eq!(house.look().await, Received { unreadable: 1, ..Received::default() }, "{:?}", giver.fetches());
    for minute in [7, 18] {
        house.instance.clock.move_to(minutes(minute));
        drop(house.receiver.step().await);
    }
    house.read_all().await;
    assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 1, "{:?}", giver.fetches());
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_ends_with_a_fetch_is_no_proof_of_anything() {
    let message = input(1_500_000);
    // Each piece behind these bytes ends it: then it is asked for at once.
    let giver = Giver::of(Gives { pieces: Pieces::Lost(400_000), ..Gives::all_of(message.clone()) }).await;
    is_whole(&three_looks(&giver).await, &message, None, "no pieces").await;
    // It is short in pieces, and to ask for it at once ends it.
    for message in [message, letter(30_000)] {
        let short = Gives { pieces: Pieces::Ending(300_000, 400_000), at_once: vec![0; 9], ..Gives::all_of(message) };
        let giver = Giver::of(short.clone()).await;
        is_short(&three_looks(&giver).await, &short.message[..400_000], short.message.len(), "no end").await;
    }
}

/// Asks a server that keeps to what it says for a message in pieces.
async fn in_pieces(message: &[u8], cap: usize, announced: Option<usize>) -> InPieces {
    let giver = Giver::of(Gives { pieces: Pieces::Capped(cap), ..Gives::all_of(message.to_vec()) }).await;
    let mut imap = Imap::new(giver.account(), LIMIT);
    imap.examine("INBOX").await.unwrap();
    imap.in_pieces(1, announced, 35 << 20).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_piece_holds_the_message_is_the_same() {
    let message = input(1_600_000);
    let caps = prop_oneof![1_000_usize..5_000, 5_000_usize..2_000_000, Just(1 << 20), Just(300_000)];
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    task::block_in_place(|| {
        proptest!(config, |(cap in caps, length in 1_usize..message.len(), told in 0_usize..4, off in 1_usize..9_999)| {
            // The rest of a message does not begin as the message does.
            let message = &message[..length];
            // What ends where a piece does, and is as long as announced, is all there is.
            prop_assume!(told != 2 || !length.saturating_sub(off).is_multiple_of(cap));
            let announced = [Some(length), Some(length + off), Some(length.saturating_sub(off)), None][told];
            let came = Handle::current().block_on(in_pieces(message, cap, announced));
            let same = matches!(&came, InPieces::All(bytes) if bytes == message);
            // A last piece of a byte or two may begin as the message does: then it is asked for at once.
            let tail = length % cap;
            let repeats = came == InPieces::Confused && tail > 0 && message.starts_with(&message[length - tail..]);
            prop_assert!(same || repeats, "{} bytes of {length}, {cap} a piece, {announced:?}", match &came {
                InPieces::All(bytes) => bytes.len(),
                _ => 0,
            });
        });
    });
}
