//! Entries found by what they say: at once, from the index, in the pages as by the command; and not any more once it is gone.

use docket::{
    desk::view::LogFilter,
    pipeline::{Outcome, Words},
};

use super::{mail::Mail, stage::Stage};
use crate::fixture::{Database, both, browser::Browser};

/// Keeps the words of all entries.
pub async fn keep(stage: &Stage) {
    let mut words = Words::new(stage.shared_instance());
    while words.step().await.unwrap() == Outcome::Worked {}
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM unsearched").await, 0);
}

async fn found(stage: &Stage, words: &str) -> Vec<String> {
    let filter = LogFilter { words: Some(words.to_owned()), limit: 50, ..LogFilter::default() };
    let page = stage.desk().log_page(&filter).await.unwrap();
    let mut lines: Vec<String> = page.lines.into_iter().map(|line| line.number).collect();
    lines.reverse();
    let log = stage.desk().log(&LogFilter { limit: 0, ..filter }).await.unwrap();
    assert_eq!(
        lines,
        log.into_iter().map(|line| line.number).collect::<Vec<_>>(),
        "the command says the same: {words}"
    );
    lines
}

both!(an_entry_is_found_by_all_that_it_says, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-03T09:00:00+02:00").await;
    let ghana =
        Mail::from("Ama <mission@ghana.example>").subject("Lunch").body("Portability of <b>pensions</b>, 73/195.");
    let other =
        Mail::from("Bob <bob@shop.example>").subject("Déjeuner").body("73 guests at 195 tables. 遣返方面的合作");
    stage.deliver("1.mail", &ghana.raw(), stage.clock.now());
    stage.wait(1).await;
    stage.deliver("2.mail", &other.raw(), stage.clock.now());
    stage.wait(1).await;
    // What is not in the index yet is read, and answers alike.
    for round in 0..2 {
        for (words, expected) in [
            ("PORTABILITY lunch", vec!["M-000001"]),
            ("73/195", vec!["M-000001"]),
            ("73 195", vec!["M-000001", "M-000002"]),
            ("dejeuner bob", vec!["M-000002"]),
            ("遣返", vec!["M-000002"]),
            ("mission@ghana.example", vec!["M-000001"]),
            ("portab*", vec!["M-000001"]),
            ("M-2", vec!["M-000002"]),
            ("portability guests", vec![]),
        ] {
            assert_eq!(found(&stage, words).await, expected, "{words}, round {round}");
        }
        keep(&stage).await;
    }
    let mut browser = Browser::before(&stage.shared_instance());
    let page = browser.get("/log?q=pensions").await.body;
    assert!(page.contains("&lt;b&gt;<mark class=\"hit\">pensions</mark>"), "{page}");
    assert_eq!(browser.get("/log?q=%21%21").await.status, 400);
});

both!(words_that_are_gone_find_nothing, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-03T09:00:00+02:00").await;
    let mail = Mail::from("Bob <bob@shop.example>").subject("Lunch").body("Quinces at noon?");
    stage.deliver("1.mail", &mail.raw(), stage.clock.now());
    stage.wait(1).await;
    keep(&stage).await;
    assert_eq!(found(&stage, "quinces").await, ["M-000001"]);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM word WHERE word = 'quinces'").await, 1);
    let now = stage.clock.now();
    stage.db.tamper("UPDATE message SET unrelated_confirmed = 1").await;
    let mut tx = stage.instance().db.begin().await.unwrap();
    assert_eq!(tx.purge_unrelated(now, now).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM word WHERE word = 'quinces'").await, 0, "at once, with the text");
    assert!(found(&stage, "quinces").await.is_empty());
    keep(&stage).await;
    assert_eq!(found(&stage, "lunch").await, ["M-000001"], "the subject stays, and so do its words");
});

both!(where_the_index_is_behind_the_page_says_so, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-03T09:00:00+02:00").await;
    for n in 0..30 {
        let mail = Mail::from(&format!("Bob <bob{n}@shop.example>")).subject("Lunch").body("At noon?");
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
    }
    stage.wait(1).await;
    let mut browser = Browser::before(&stage.shared_instance());
    let page = browser.get("/log?q=lunch").await.body;
    assert!(page.contains("6 entries are not searched yet"), "{page}");
    keep(&stage).await;
    assert!(!browser.get("/log?q=lunch").await.body.contains("not searched yet"));
    assert_eq!(found(&stage, "lunch").await.len(), 30);
});
