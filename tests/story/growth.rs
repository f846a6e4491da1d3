//! A file of a Maildir that is still being written when it is taken in: the same message, and no second one.

use std::{
    fs::{self, File},
    time::{Duration, SystemTime},
};

use docket::{
    config::Shipped,
    core::mail::identity,
    pipeline::{self, Received, in_a_sentence, reconcile},
};
use jiff::Timestamp;

use super::{
    decisions::assign,
    mail::Mail,
    stage::{Stage, person},
};
use crate::fixture::{
    Database, both,
    deciding::Deciding as _,
    intake::{ADDRESS, mail},
};

const NOW: &str = "2020-09-02T09:00:00+02:00";
const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";

/// Norway's input.
fn norway() -> Vec<u8> {
    Mail::from(MINISTRY).document("Norway: contribution to the regional review").raw()
}

/// Where its document begins, and where the text before it ends.
fn beginning(raw: &[u8]) -> usize {
    let text = String::from_utf8_lossy(raw);
    text.find("Content-Type: application/rtf").unwrap() - 2
}

/// Writes what stands under a name by now, wherever that is, without moving it there.
fn write(stage: &Stage, path: &str, raw: &[u8], at: Timestamp) {
    let path = stage.maildir(0).join(path);
    fs::write(&path, raw).unwrap();
    let since_1970 = Duration::from_secs(u64::try_from(at.as_second()).unwrap());
    File::options().write(true).open(path).unwrap().set_modified(SystemTime::UNIX_EPOCH + since_1970).unwrap();
}

async fn received(stage: &mut Stage) -> Received {
    stage.receive().await.remove(0)
}

const GROWN: Received = Received { new: 0, known: 0, grown: 1, refused: 0, unreadable: 0 };

/// What is kept of a message.
async fn kept(stage: &Stage, number: &str) -> Vec<u8> {
    let sha256 = stage.entry(number).await.sha256;
    stage.instance().db.snapshot().await.unwrap().original(&sha256, usize::MAX).await.unwrap().unwrap()
}

both!(what_grows_before_it_is_read_is_read_once, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let raw = norway();
    // From nothing, by and by; between two looks it may be marked as seen.
    write(&stage, "new/1.a", b"", stage.clock.now());
    assert_eq!(received(&mut stage).await.new, 1);
    for part in [10, 300, beginning(&raw)] {
        write(&stage, "new/1.a", &raw[..part], stage.clock.now());
        assert_eq!(received(&mut stage).await, GROWN, "{part} bytes");
    }
    fs::rename(stage.maildir(0).join("new/1.a"), stage.maildir(0).join("cur/1.a:2,S")).unwrap();
    assert_eq!(received(&mut stage).await, Received::default(), "only its place is another");
    stage.restart().await;
    assert_eq!(received(&mut stage).await, Received::default());
    write(&stage, "cur/1.a:2,S", &raw, stage.clock.now());
    assert_eq!(received(&mut stage).await, GROWN);
    assert_eq!(received(&mut stage).await, Received::default(), "once");
    stage.wait(60).await;
    assert!(kept(&stage, "M-000001").await == raw);
    let log = stage.log().await;
    assert_eq!((log.len(), log[0].version, log[0].waiting.as_deref()), (1, Some(1), None));
    assert_eq!(log[0].letters, ["acknowledgement: sent"]);
    assert_eq!(stage.posted().len(), 1);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM earlier_original").await, 4);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM event WHERE kind = 'grown'").await, 4);
});

both!(a_reader_of_what_it_was_writes_nothing_down, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let raw = norway();
    write(&stage, "new/1.a", &raw[..beginning(&raw)], stage.clock.now());
    stage.receive().await;
    let mut tx = stage.instance().db.begin().await.unwrap();
    let before = tx.claim_messages("slow", Duration::from_hours(1), 1).await.unwrap().remove(0);
    tx.commit().await.unwrap();
    write(&stage, "new/1.a", &raw, stage.clock.now());
    assert_eq!(received(&mut stage).await, GROWN);
    let message = docket::core::mail::message::Message::default();
    let read = docket::store::ReadMessage { message: &message, relevance: "unrelated", language: None };
    let mut tx = stage.instance().db.begin().await.unwrap();
    assert!(!tx.set_read(&before, &read, stage.clock.now()).await.unwrap(), "its claim is lost");
    tx.commit().await.unwrap();
    stage.wait(60).await;
    assert_eq!(stage.log().await[0].letters, ["acknowledgement: sent"]);
});

// A question for the document waits for a while; by then the document has come.
both!(a_letter_that_has_not_left_gives_way, async |db: Database| {
    let mut stage = Stage::set_with(db, NOW, Shipped::embedded(), |config| {
        config.letters.settle_for = Duration::from_mins(30);
    })
    .await;
    let raw = norway();
    write(&stage, "new/1.a", &raw[..beginning(&raw)], stage.clock.now());
    stage.work().await;
    let waits = stage.log().await.remove(0);
    assert_eq!(waits.letters, ["query: waiting"], "{waits:?}");
    write(&stage, "new/1.a", &raw, stage.clock.now());
    stage.wait(60).await;
    let line = stage.log().await.remove(0);
    assert_eq!((line.number.as_str(), line.version, line.waiting.as_deref()), ("M-000001", Some(1), None));
    assert_eq!(line.letters, ["query: not sent", "acknowledgement: sent"]);
    assert_eq!(stage.posted().len(), 1);
    let entry = stage.entry("M-000001").await;
    assert_eq!(entry.files.len(), 1, "{:?}", entry.files);
    assert!(entry.history.iter().any(|event| event.what.contains("had not left, and will not: the message has grown")));
    let grown = entry.history.iter().find(|event| event.what.starts_with("Its file has grown")).unwrap();
    for size in [beginning(&raw), raw.len()] {
        assert!(grown.what.contains(&format!("{size} ")), "{}", grown.what);
    }
});

// Nobody is told of a file that came before the program began: what is filed stays where the same would be filed again.
both!(what_is_filed_and_told_to_nobody_is_judged_anew, async |db: Database| {
    let mut stage = Stage::set_with(db, NOW, Shipped::embedded(), |config| {
        config.mailboxes[0].acknowledge_since = None;
    })
    .await;
    let early = "2020-08-20T09:00:00+02:00".parse().unwrap();
    let raw = norway();
    let torn = raw.len() - 60;
    write(&stage, "new/1.a", &raw[..torn], early);
    stage.work().await;
    let before = stage.log().await.remove(0);
    assert_eq!((before.version, before.letters.len()), (Some(1), 0), "{before:?}");
    stage.wait(1).await;
    write(&stage, "new/1.a", &raw, early.checked_add(jiff::SignedDuration::from_secs(9)).unwrap());
    stage.wait(1).await;
    let after = stage.log().await.remove(0);
    assert_eq!((&after.reference, after.version, &after.states), (&before.reference, Some(1), &before.states));
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place WHERE until IS NULL").await, 1, "no second version of it");
    assert_eq!(stage.entry("M-000001").await.received, early, "received when it began to come");
});

// Norway's document came first; behind it, in the same message, stands Sweden's. What was filed is withdrawn with its number,
// and what another had sent as well takes its place.
both!(what_is_somebody_elses_once_it_is_whole_is_withdrawn, async |db: Database| {
    let mut stage = Stage::set_with(db, NOW, Shipped::embedded(), |config| {
        config.mailboxes[0].acknowledge_since = None;
        config.mailboxes[0].addresses.push(ADDRESS.to_owned());
    })
    .await;
    let early = "2020-08-20T09:00:00+02:00".parse().unwrap();
    let text = |head: &str, words: usize| {
        format!("{{\\rtf1\\ansi {head}\\par {}}}", "Migration policy measures were adopted. ".repeat(words))
            .into_bytes()
    };
    let norway = text("KINGDOM OF NORWAY\\par Contribution of Norway", 40);
    let sweden = text("KINGDOM OF SWEDEN\\par Contribution of Sweden to the regional review", 400);
    let whole = mail("a", MINISTRY, "Regional review", &[("a.rtf", &norway), ("b.rtf", &sweden)]);
    let torn = whole.windows(8).rposition(|part| part == b"--=-part").unwrap();
    let torn = whole[..torn].windows(8).rposition(|part| part == b"--=-part").unwrap() - 2;
    write(&stage, "new/1.a", &whole[..torn], early);
    write(&stage, "new/2.b", &mail("b", MINISTRY, "Once more", &[("a.rtf", &norway)]), early);
    stage.work().await;
    let log = stage.log().await;
    assert_eq!((log[0].version, log[0].states.len(), log[1].version), (Some(1), 1, Some(1)), "{log:?}");
    assert_eq!(
        stage.db.number("SELECT COUNT(*) FROM place WHERE repeats IS NULL").await,
        1,
        "the second repeats the first"
    );
    write(&stage, "new/1.a", &whole, early);
    stage.work().await;
    let log = stage.log().await;
    assert_eq!((&log[0].reference, log[0].waiting.is_some()), (&None, true), "{:?}", log[0]);
    assert_eq!((log[1].version, log[1].states.len()), (Some(1), 1), "nobody was told the number: {:?}", log[1]);
    assert_eq!(stage.posted().len(), 0);
});

both!(after_a_letter_a_person_is_asked, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let raw = norway();
    write(&stage, "new/1.a", &raw[..beginning(&raw)], stage.clock.now());
    stage.wait(60).await;
    assert_eq!(stage.log().await[0].letters, ["query: sent"]);
    write(&stage, "new/1.a", &raw, stage.clock.now());
    assert_eq!(received(&mut stage).await, GROWN);
    stage.wait(60).await;
    let line = stage.log().await.remove(0);
    let waiting = line.waiting.unwrap_or_default();
    let sizes = format!("from {} to {} bytes", beginning(&raw), raw.len());
    assert!(waiting.contains("It has grown since a letter about it was made") && waiting.contains(&sizes), "{waiting}");
    assert_eq!((line.number.as_str(), line.version, stage.posted().len()), ("M-000001", None, 1), "nothing by itself");
    let entry = stage.entry("M-000001").await;
    assert_eq!(entry.files.len(), 1, "it was read anew");
    assert!(entry.answer.unwrap_or_default().contains("A person is asked about it first"));
    let asked = stage.register(None).await.waiting.remove(0);
    assert_eq!((asked.number.as_str(), asked.candidates.len()), ("M-000001", 1), "with what speaks for whom");

    // The answer is given, and the letter that was never written leaves.
    assign(&stage, "M-000001", "NOR", false).await;
    stage.wait(60).await;
    let line = stage.log().await.remove(0);
    assert_eq!((line.version, line.waiting.as_deref()), (Some(1), None));
    assert_eq!(line.letters, ["query: sent", "acknowledgement: sent"]);
    let posted = stage.posted();
    let hash = hex::encode(identity::evidence(&raw));
    assert!(!posted["L-000002.eml"].body.contains(&hash) && posted["L-000002.eml"].body.contains("input.rtf"));
    assert_eq!(kept(&stage, "M-000001").await, raw);
});

both!(what_a_person_has_decided_stays_until_they_decide_again, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let mail = Mail::from("Third Secretary <third.secretary@bluewin.ch>").document("A national contribution").raw();
    let torn = mail.len() - 60;
    write(&stage, "new/1.a", &mail[..torn], stage.clock.now());
    stage.work().await;
    assign(&stage, "M-000001", "KGZ", false).await;
    stage.wait(60).await;
    let before = stage.log().await.remove(0);
    write(&stage, "new/1.a", &mail, stage.clock.now());
    stage.wait(60).await;
    let line = stage.log().await.remove(0);
    assert_eq!((&line.reference, line.version, &line.states), (&before.reference, Some(1), &before.states));
    let waiting = line.waiting.unwrap_or_default();
    assert!(
        waiting.contains("since a person decided about it") && waiting.contains("Does the decision hold?"),
        "{waiting}"
    );
    assert_eq!(assign(&stage, "M-000001", "KGZ", false).await, before.reference);
    stage.wait(60).await;
    let line = stage.log().await.remove(0);
    assert_eq!((line.version, line.waiting.as_deref(), &line.letters), (Some(1), None, &before.letters));
    let register = stage.register(None).await.states;
    let shown = register.iter().find(|line| line.iso3.as_str() == "KGZ").and_then(|line| line.words);
    assert!(shown == line.words && shown != before.words, "what it holds now, {shown:?}, not {:?}", before.words);

    // Confirmed as unrelated, it would be erased: not before somebody has seen what it is by now.
    let choir = Mail::from("Choir <choir@example.net>").body("Rehearsal on Monday, please be there in time.").raw();
    write(&stage, "new/2.b", &choir, stage.clock.now());
    stage.work().await;
    stage.desk().not_an_input("M-000002", true, &person("desk"), "private").await.unwrap();
    write(&stage, "new/2.b", &[&choir[..], b"PS: our input is attached.\r\n"].concat(), stage.clock.now());
    stage.wait(60).await;
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM message WHERE unrelated_confirmed IS NOT NULL").await, 0);
    assert!(stage.log().await.remove(1).waiting.unwrap_or_default().contains("Does the decision hold?"));
});

both!(what_does_not_begin_as_it_was_is_another_message, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let raw = norway();
    write(&stage, "new/1.a", &raw, stage.clock.now());
    stage.wait(60).await;
    let other = Mail::from("Mission <mission@eda.admin.ch>").document("Switzerland: contribution").raw();
    // Longer and shorter; and of the same length, only later.
    for (n, raw) in [(2, [&other[..], b"and more\r\n"].concat()), (3, other[..other.len() - 9].to_vec())] {
        write(&stage, "new/1.a", &raw, stage.clock.now());
        assert_eq!(received(&mut stage).await, Received { new: 1, ..Received::default() });
        stage.wait(60).await;
        assert!(kept(&stage, &format!("M-{n:06}")).await == raw);
    }
    assert!(kept(&stage, "M-000001").await == raw, "what was there before stays");
    let history = stage.entry("M-000001").await.history;
    assert!(history.iter().any(|event| event.what.contains("holds another message by now, M-000002")), "{history:?}");
    assert_eq!(stage.log().await[0].letters, ["acknowledgement: sent"]);
    // Touched, and the same: nothing has come.
    let last = fs::read(stage.maildir(0).join("new/1.a")).unwrap();
    stage.wait(1).await;
    write(&stage, "new/1.a", &last, stage.clock.now());
    assert_eq!(received(&mut stage).await, Received::default());
    // It is torn off again, and goes on as before: known, both times.
    write(&stage, "new/1.a", &last[..200], stage.clock.now());
    assert_eq!(received(&mut stage).await.new, 1, "nobody has seen so little of it");
    write(&stage, "new/1.a", &last, stage.clock.now());
    assert_eq!(received(&mut stage).await, Received { known: 1, ..Received::default() }, "it is in the log whole");
    stage.wait(1).await;
    let waiting = stage.log().await.remove(3).waiting.unwrap_or_default();
    assert!(waiting.contains("only the beginning of M-000003, which came whole"), "{waiting}");
});

both!(a_beginning_that_comes_again_is_known, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let raw = norway();
    write(&stage, "new/1.a", &raw[..400], stage.clock.now());
    stage.work().await;
    write(&stage, "new/1.a", &raw, stage.clock.now());
    assert_eq!(received(&mut stage).await, GROWN);
    write(&stage, "new/2.b", &raw[..400], stage.clock.now());
    write(&stage, "new/3.c", &raw, stage.clock.now());
    assert_eq!(received(&mut stage).await, Received { known: 2, ..Received::default() });
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM message").await, 1);
});

both!(reconciling_does_not_take_a_half_for_the_whole, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let raw = norway();
    write(&stage, "new/1.a", &raw[..400], stage.clock.now());
    stage.deliver("2.b", &Mail::from("A <a@example.net>").raw(), stage.clock.now());
    stage.work().await;
    let all = reconcile(stage.instance()).await.unwrap();
    assert_eq!((all[0].messages, all[0].logged, all[0].changed.len()), (2, 2, 0));
    write(&stage, "new/1.a", &raw, stage.clock.now());
    let all = reconcile(stage.instance()).await.unwrap();
    assert_eq!((all[0].logged, all[0].changed.as_slice()), (1, &["1.a".to_owned()][..]));
    let said = in_a_sentence(&all);
    let expected =
        "2 messages in 1 folder: 1 has changed since it was taken in and is taken in again by the next look.";
    assert_eq!(said, expected);
    assert_eq!(received(&mut stage).await, GROWN);
    assert_eq!(
        in_a_sentence(&reconcile(stage.instance()).await.unwrap()),
        "2 messages in 1 folder: each is accounted for."
    );
});

both!(what_was_taken_in_before_sizes_were_kept_is_compared_all_the_same, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let raw = norway();
    write(&stage, "new/1.a", &raw[..400], stage.clock.now());
    write(&stage, "new/2.b", &norway(), stage.clock.now());
    // The same as the second, but for what a server wrote on top.
    let again = [&b"Delivered-To: second@example.org\r\n"[..], &norway()].concat();
    write(&stage, "new/3.c", &again, stage.clock.now());
    stage.work().await;
    stage.db.tamper("UPDATE sighting SET size = NULL, modified = NULL").await;
    write(&stage, "new/1.a", &raw[..500], stage.clock.now());
    stage.restart().await;
    assert_eq!(received(&mut stage).await, GROWN, "and nothing new of the others");
    assert_eq!(received(&mut stage).await, Received::default());
});

both!(what_it_was_is_erased_with_it, async |db: Database| {
    let mut stage = Stage::set_with(db, NOW, Shipped::embedded(), |config| {
        config.intake.purge_unrelated_after = Some(Duration::from_hours(24));
    })
    .await;
    let choir = Mail::from("Choir <choir@example.net>").body("Rehearsal on Monday, please be there in time.").raw();
    write(&stage, "new/1.a", &choir[..choir.len() - 9], stage.clock.now());
    stage.work().await;
    write(&stage, "new/1.a", &choir, stage.clock.now());
    stage.work().await;
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM original").await, 2);
    stage.desk().not_an_input("M-000001", true, &person("desk"), "private").await.unwrap();
    stage.wait(25 * 60).await;
    pipeline::purge(stage.instance()).await.unwrap();
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM original WHERE purged_at IS NULL").await, 0);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM original_piece").await, 0);
});

both!(the_log_as_it_was_known_before_it_grew, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let raw = norway();
    write(&stage, "new/1.a", &raw[..beginning(&raw)], stage.clock.now());
    stage.wait(60).await;
    let then = stage.clock.now();
    let before = stage.log().await;
    stage.wait(1).await;
    write(&stage, "new/1.a", &raw, stage.clock.now());
    stage.wait(60).await;
    let filter = docket::desk::view::LogFilter { known_at: Some(then), ..Default::default() };
    let known = stage.desk().log(&filter).await.unwrap();
    assert_eq!((&known[0].waiting, &known[0].letters), (&before[0].waiting, &before[0].letters));
    assert_ne!(stage.log().await[0].waiting, before[0].waiting);
});
