//! What comes after an input of the same party: only a readable correction takes its place; what stands beside is proposed,
//! and replaces nothing by itself.

use std::fmt::Write as _;

use docket::core::calls::status::Status;

use super::{
    mail::Mail,
    stage::Stage,
    versions::{line, projections_are_the_fold},
};
use crate::fixture::{Database, both};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";
const TITLE: &str = "Norway: contribution to the regional review of the Global Compact for Migration";
const WAITS: [&str; 5] =
    ["?", "“version-of”", "“addition-to”", "GCM-ECE-2020-0001, version 1 (M-000001)", "Found in it:"];

/// A text of so many sentences of thirteen words, all different, in English.
fn english(sentences: usize) -> String {
    (0..sentences).fold(TITLE.to_owned(), |mut text, n| {
        _ = write!(text, "\nMeasure {n} was adopted by the ministry in the year {} after consultations.", n + 7);
        text
    })
}

/// The same in French.
fn french(sentences: usize) -> String {
    let title = "Norvege : contribution a l'examen regional du Pacte mondial pour les migrations";
    (0..sentences).fold(title.to_owned(), |mut text, n| {
        _ = write!(text, "\nLa mesure {n} a ensuite ete adoptee par le ministere dans le cadre de la loi {}.", n + 7);
        text
    })
}

/// What a later mail of Norway's is called, and says.
fn norway(subject: &str, body: &str) -> Mail {
    Mail::from(MINISTRY).subject(subject).body(body)
}

fn input() -> Mail {
    norway("Norway: input to the regional review of the GCM", "Please find attached our input.")
}

/// A mail that answers a letter of ours.
fn answering(stage: &Stage, letter: &str, mail: Mail) -> Mail {
    let id = stage.posted()[letter].message_id.clone().expect("a letter has a Message-ID");
    mail.field(&format!("In-Reply-To: <{id}>"))
}

async fn deliver(stage: &mut Stage, mail: &Mail) {
    let name = format!("{}.mail", stage.log().await.len() + 1);
    stage.deliver(&name, &mail.raw(), stage.clock.now());
    stage.wait(60).await;
}

/// What is asked about the message with that number.
async fn asked(stage: &Stage, number: usize) -> String {
    stage.log().await[number - 1].waiting.clone().unwrap_or_default()
}

async fn version(stage: &Stage, number: usize) -> Option<u32> {
    stage.log().await[number - 1].version
}

both!(a_cut_revision_stands_under_query_and_its_copy_is_proposed, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    deliver(&mut stage, &input().text(&english(441))).await;
    let words = stage.entry("M-000001").await.items[0].words;
    assert!(words.is_some_and(|words| words > 5_000), "{words:?}");
    let revised =
        norway("Norway: revised input", "Please find attached our revised input to the regional review of the GCM.");
    deliver(&mut stage, &revised.clone().cut("a revised text")).await;
    assert_eq!(line(&stage).await, (Status::UnderQuery, Some(1)), "the text that could be read stands");
    let letter = &stage.posted()["L-000002.eml"].body.replace('\n', " ");
    assert!(letter.contains("version 1 stays") && !letter.contains("replaces"), "{letter}");

    let copy = norway("Re: your letter", "As requested, the same document once more in a readable format.")
        .text(&english(430));
    let copy = answering(&stage, "L-000002.eml", copy);
    deliver(&mut stage, &copy).await;
    let question = asked(&stage, 3).await;
    let whole = "Is it the readable copy of GCM-ECE-2020-0001, version 2 (M-000002), which could not be read?";
    assert!(question.starts_with(whole) && question.contains("“rendition-of”"), "{question}");
    assert_eq!((version(&stage, 3).await, line(&stage).await.1), (None, Some(1)), "it is only proposed");

    // A readable correction is a new version as before.
    deliver(&mut stage, &revised.text(&english(450))).await;
    assert_eq!((version(&stage, 4).await, line(&stage).await), (Some(3), (Status::Corrected, Some(3))));
    projections_are_the_fold(&stage).await;
});

both!(an_annex_a_translation_and_a_note_replace_nothing_by_themselves, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    deliver(&mut stage, &input().text(&english(80))).await;
    let table = "Annex\nResidence permits 2017, 2018, 2019. Source: the national statistical office. ".repeat(12);
    let note = "The Permanent Mission of Norway presents its compliments to the Secretariat and has the honour to transmit \
                the input of Norway to the regional review of the Global Compact for Migration.";
    let mails = [
        (norway("Annex to the input", "Annex to the input, does not replace the input.").text(&table), "an annex to"),
        (
            norway("Courtesy translation", "A courtesy translation of our input to the regional review of the GCM.")
                .text(&french(80)),
            "a translation of",
        ),
        (norway("Note verbale", "The signed note verbale for our input.").text(note), "the letter that goes with"),
    ];
    for (n, (mail, what)) in (2..).zip(&mails) {
        deliver(&mut stage, mail).await;
        let question = asked(&stage, n).await;
        assert!(question.starts_with(&format!("Is it {what} GCM-ECE-2020-0001")), "{question}");
        assert!(WAITS.iter().all(|part| question.contains(part)), "{question}");
        assert_eq!(version(&stage, n).await, None, "it is no version");
        assert_eq!(line(&stage).await, (Status::Received, Some(1)));
        let letter = &stage.posted()[&format!("L-{n:06}.eml")].body;
        assert!(!letter.contains("replaces") && !letter.contains("version"), "{letter}");
    }
    projections_are_the_fold(&stage).await;
});

both!(another_text_without_a_word_is_asked_with_both_at_hand, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    deliver(&mut stage, &input().text(&english(80))).await;
    let other =
        english(80).replace("Measure", "Programme").replace("adopted by the ministry", "paid for out of a fund");
    deliver(&mut stage, &input().text(&other.replace("after consultations", "with its partners"))).await;
    let question = asked(&stage, 2).await;
    assert!(question.starts_with("What is it beside GCM-ECE-2020-0001, version 1 (M-000001)?"), "{question}");
    assert_eq!((version(&stage, 2).await, line(&stage).await), (None, (Status::Received, Some(1))));
    // The same text again repeats it, as before.
    deliver(&mut stage, &input().body("Once more.").text(&english(80))).await;
    assert_eq!((asked(&stage, 3).await, version(&stage, 3).await), (String::new(), Some(1)));
});

both!(an_annex_without_an_input_is_asked, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let annex =
        "Statistical annex to the contribution of Norway to the regional review of the GCM. Permits 2017, 2018. ";
    let mail =
        norway("Annex to our input on the GCM", "Please find attached the annex to our input to the regional review.");
    deliver(&mut stage, &mail.text(&annex.repeat(10))).await;
    let question = asked(&stage, 1).await;
    assert!(question.starts_with("To which input does this annex belong? Nothing stands for its party:"), "{question}");
    assert_eq!(version(&stage, 1).await, None);
});

both!(what_is_taken_back_or_recalled_stays_until_a_person_decides, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    deliver(&mut stage, &input().text(&english(80))).await;
    deliver(&mut stage, &norway("Our input", "Please consider our input of 7 September null and void.")).await;
    let recall = "Nordmann Ola would like to recall the message, \"Norway: input to the regional review of the GCM\".";
    deliver(&mut stage, &norway("Recall: Norway: input to the regional review of the GCM", recall)).await;
    let questions = [asked(&stage, 2).await, asked(&stage, 3).await];
    assert!(questions[0].starts_with("Does it withdraw GCM-ECE-2020-0001, version 1 (M-000001)?"), "{questions:?}");
    assert!(
        questions[1].starts_with("A mail program asks to recall a message, perhaps GCM-ECE-2020-0001"),
        "{questions:?}"
    );
    assert_eq!(line(&stage).await, (Status::Received, Some(1)), "a recall notice deletes nothing");
});

both!(a_reply_lands_on_its_entry_and_mere_thanks_close_themselves, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    deliver(&mut stage, &input().text(&english(80))).await;
    let thanks =
        "Thank you very much for your confirmation.\n\nKind regards,\nOla Nordmann\n\n> A revised version may be sent.";
    let thanks = answering(&stage, "L-000001.eml", norway("Re: Receipt", thanks));
    deliver(&mut stage, &thanks).await;
    let asks = "Thank you. Until when may a revised version be sent?";
    deliver(&mut stage, &norway("Re: gcm-ece-2020-0001", asks)).await;
    let tells = "Thank you. Please note that Kari Hansen is our contact for the regional review from now on.";
    deliver(&mut stage, &norway("Re: M-000001", tells)).await;
    let questions = [asked(&stage, 2).await, asked(&stage, 3).await, asked(&stage, 4).await];
    assert_eq!(questions[0], "", "thanks ask for nothing");
    assert!(!questions[1].is_empty() && !questions[2].is_empty(), "what asks or tells is a person's: {questions:?}");
    for (number, closed) in [("M-000002", true), ("M-000003", false), ("M-000004", false)] {
        let history = format!("{:?}", stage.entry(number).await.history);
        assert!(history.contains("It belongs to GCM-ECE-2020-0001"), "{number}: {history}");
        assert_eq!(history.contains("It only thanks: closed without a question."), closed, "{number}: {history}");
    }
    let places = "SELECT COUNT(*) FROM place WHERE kind = 'correspondence' AND until IS NULL";
    assert_eq!(stage.db.number(places).await, 3);
    assert_eq!(line(&stage).await, (Status::Received, Some(1)), "no letter changes what is filed");
    assert_eq!(stage.posted().len(), 1, "nor is it answered");
    projections_are_the_fold(&stage).await;
});

both!(an_answer_to_a_letter_about_one_state_is_not_taken_for_another, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    deliver(&mut stage, &input().text(&english(80))).await;
    let sweden = Mail::from("Ministry <registrator@gov.se>").document("Sweden: contribution to the regional review");
    let sweden = answering(&stage, "L-000001.eml", sweden);
    deliver(&mut stage, &sweden).await;
    let question = asked(&stage, 2).await;
    assert!(question.starts_with("Which state? Sweden or Norway."), "{question}");
    assert!(question.contains("It answers a letter about GCM-ECE-2020-0001"), "{question}");
    assert_eq!(version(&stage, 2).await, None);
});
