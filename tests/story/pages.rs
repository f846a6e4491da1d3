//! Pages that could not be read, and engines whose answers were not taken: from the reader to what a person sees.

use docket::core::file::{Outcome, Tried};
use serde_json::json;

use super::stage::{ADDRESS, Stage};
use crate::{
    extract::build::{HELVETICA, pdf_pages, pdf_with_a_broken_page, stream},
    fixture::{Database, both, intake::mail_to},
};

both!(a_page_that_cannot_be_read_is_named_to_a_person, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let page = |text: &str| format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
    let pdf = pdf_with_a_broken_page(&page("Contribution of Norway"), &page("to the regional review"));
    let raw = mail_to(ADDRESS, "m", "Ministry <post@mfa.no>", "Norway: input", &[("input.pdf", &pdf)]);
    stage.deliver("1.mail", &raw, stage.clock.now());
    stage.wait(60).await;
    let entry = stage.entry("M-000001").await;
    let file = &entry.files[0];
    assert_eq!((file.outcome, file.pages, file.words), (Outcome::Partial, Some(3), Some(7)));
    assert_eq!((file.pages_failed.as_slice(), file.pages_without_text.as_slice()), ([2].as_slice(), [].as_slice()));
    assert!(file.text.starts_with("Contribution of Norway") && file.text.ends_with("to the regional review"));
    let said = "2 of 3 pages could be read (not page 2): a person must look at the others.";
    assert_eq!(file.detail.as_deref(), Some(said));
    let [Tried { engine, reason }] = file.tried.as_slice() else { panic!("{:?}", file.tried) };
    assert_eq!((engine.as_str(), reason.contains("could not read 1 of 3 pages")), ("unpdf", true), "{reason}");
    let item = &entry.items[0];
    assert!(item.reference.is_some(), "it is filed: {:?}", item.waiting);
    assert_eq!(item.waiting.as_deref(), Some(format!("The main document could not be read in full: {said}").as_str()));
    let json = serde_json::to_value(&entry).unwrap();
    let file = &json["files"][0];
    assert_eq!((&file["pages_failed"], &file["pages_without_text"]), (&json!([2]), &json!([])));
    assert_eq!(file["tried"], json!([{ "engine": "unpdf", "reason": reason }]));
    let posted = stage.posted();
    let letter = posted["L-000001.eml"].body.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "Only a part of this file could be read automatically. A member of the secretariat will look at it. No text \
                could be read on page 2 of 3.";
    assert!(letter.contains(told), "the sender is told, too: {letter}");
});

both!(a_page_that_is_a_picture_is_told_to_the_sender_and_a_blank_one_asks_nobody, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let page = |text: &str| format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
    let (first, last) = (page("Contribution of Norway"), page("to the regional review"));
    let picture = stream("/Subtype /Image /Width 1654 /Height 2339", "dots");
    for (n, middle, outcome) in [(1, "/X Do", Outcome::Partial), (2, "", Outcome::Read)] {
        let pdf = pdf_pages(&[&first, middle, &last], HELVETICA, std::slice::from_ref(&picture));
        let raw = mail_to(ADDRESS, &n.to_string(), "Ministry <post@mfa.no>", "Norway: input", &[("input.pdf", &pdf)]);
        stage.deliver(&format!("{n}.mail"), &raw, stage.clock.now());
        stage.wait(60).await;
        let entry = stage.entry(&format!("M-{n:06}")).await;
        assert_eq!((entry.files[0].outcome, entry.files[0].pages_without_text.as_slice()), (outcome, [2].as_slice()));
        let asked =
            entry.items[0].waiting.as_ref().is_some_and(|asked| asked.contains("page 2: a person must look at"));
        assert_eq!(asked, outcome == Outcome::Partial, "{:?}", entry.items[0].waiting);
    }
    let told = stage.posted()["L-000001.eml"].body.contains("No text could be read on page 2 of 3.");
    assert!(told, "{}", stage.posted()["L-000001.eml"].body);
    let others = stage.posted().values().filter(|letter| letter.body.contains("No text could be read")).count();
    assert_eq!(others, 1);
});
