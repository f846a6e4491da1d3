//! What changes while a page is open is told to it, by whichever process it was written down.

use std::time::{Duration, Instant};

use axum::body::BodyDataStream;
use futures_util::StreamExt as _;

use super::{
    mail::Mail,
    stage::{Sample, Stage, at, person},
};
use crate::fixture::{Database, both, browser::Browser, deciding::Deciding as _};

/// What comes until the next pulse, that included.
async fn heard(stream: &mut BodyDataStream) -> String {
    let mut all = String::new();
    while !all.contains("event: pulse") {
        let next = tokio::time::timeout(Duration::from_secs(5), stream.next()).await;
        all += std::str::from_utf8(&next.expect("something is told").unwrap().unwrap()).unwrap();
    }
    all
}

both!(an_open_page_is_told_what_changes, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-21T09:00:00+02:00").await;
    let mut browser = Browser::before(&stage.shared_instance());
    let page = browser.get("/log").await.body;
    let pulse = page.split("data-pulse=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (mut first, mut second) = (browser.listen().await, browser.listen().await);
    for stream in [&mut first, &mut second] {
        assert_eq!(heard(stream).await, format!("retry: 1000\nevent: pulse\ndata: {pulse}\n\n"), "as the page has it");
    }
    let question = Mail::from("Anna <anna@ministry.example>").subject("A question").body("How long may it be?");
    stage.deliver("1.question", &question.raw(), stage.clock.now());
    stage.work().await;
    for stream in [&mut first, &mut second] {
        let told = heard(stream).await;
        assert!(told.contains("\"entry\":\"M-000001\"") && told.contains("\"kind\":\"received\""), "{told}");
    }
    stage.play(&Sample::some(&["15-"])).await;
    stage.until(at("2020-09-22T18:00:00+02:00")).await;
    heard(&mut first).await;

    // Written down by another process.
    let begun = Instant::now();
    let other = stage.beside().await;
    other.not_an_input("M-000002", false, &person("desk"), "an essay").await.unwrap();
    let told = heard(&mut first).await;
    assert!(told.contains("\"entry\":\"M-000002\""), "{told}");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    let now = browser.get("/log").await.body;
    assert!(
        told.ends_with(&format!("data: {}\n\n", now.split("data-pulse=\"").nth(1).unwrap().split('"').next().unwrap()))
    );
});
