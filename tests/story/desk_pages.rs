//! Deciding in the pages: the sentence before the button, the decision, its undoing, and two officers at once.

use docket::core::role::Role;

use super::{
    mail::Mail,
    stage::{Sample, Stage, at as at_time, person},
};
use crate::fixture::{
    Database, both,
    browser::{Browser, PASSWORD},
};

const NOW: &str = "2020-09-21T09:00:00+02:00";

/// The mail of which Moldova and Romania may be the sender, and officers at the desk.
async fn with_officers(db: Database, names: &[&str]) -> (Stage, Vec<Browser>) {
    let mut stage = Stage::set(db, NOW).await;
    stage.play(&Sample::some(&["15"])).await;
    let mut browsers = Vec::new();
    for name in names {
        let secret = stage.desk().add_account(name, Role::Officer, &person("root")).await.unwrap();
        let mut browser = Browser::before(&stage.shared_instance());
        browser.enter(name, secret.shown()).await;
        browsers.push(browser);
    }
    (stage, browsers)
}

both!(a_case_is_decided_undone_and_decided_again, async |db: Database| {
    let (mut stage, mut browsers) = with_officers(db, &["Officer A"]).await;
    let officer = &mut browsers[0];
    let queue = officer.get("/decide").await;
    assert!(queue.body.contains("/decide/M-000001"), "{}", queue.body);
    let case = officer.get("/decide/M-000001").await;
    assert_eq!(case.status, 200, "{}", case.body);
    let sentence = case.body.find("For Republic of Moldova, on the roster").expect("what it comes to");
    let button = case.body.find("Register for Republic of Moldova</button>").expect("the button");
    assert!(sentence < button, "the sentence stands before the button");
    let before = stage.entry("M-000001").await;
    assert!(before.items[0].waiting.is_some(), "to look at a case decides nothing");
    let done = officer.send("/decide/M-000001", &[("do", "take:state-MDA"), ("reason", "the letterhead <b>")]).await;
    assert_eq!(done.to.as_deref(), Some("/decide/M-000001?done=1"), "{}", done.body);
    let entry = stage.entry("M-000001").await;
    assert_eq!(entry.items[0].states.iter().map(|(iso3, _)| iso3.to_string()).collect::<Vec<_>>(), ["MDA"]);
    let decision = &entry.items[0].decisions[0];
    assert_eq!((decision.actor.name(), decision.reason.as_str()), ("Officer A", "the letterhead <b>"));
    let after = officer.get("/decide/M-000001?done=1").await;
    assert!(after.body.contains("the letterhead &lt;b&gt;"), "what was done is said");
    let shown = officer.send("/decide/M-000001", &[("do", "show:undo")]).await;
    assert!(shown.body.contains("value=\"take:undo\""), "{}", shown.body);
    let undone = officer.send("/decide/M-000001", &[("do", "take:undo")]).await;
    assert_eq!(undone.status, 303, "{}", undone.body);
    assert!(stage.entry("M-000001").await.items[0].waiting.is_some(), "it waits again");
    officer.get("/decide/M-000001").await;
    let done = officer.send("/decide/M-000001", &[("do", "take:state-ROU")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    stage.wait(5).await;
    assert_eq!(stage.entry("M-000001").await.items[0].states[0].0.to_string(), "ROU");
});

both!(of_two_officers_the_second_is_told_and_nothing_is_lost, async |db: Database| {
    let (stage, mut browsers) = with_officers(db, &["Officer A", "Officer B"]).await;
    let [first, second] = &mut browsers[..] else { panic!() };
    first.get("/decide/M-000001").await;
    second.get("/decide/M-000001").await;
    assert_eq!(first.send("/decide/M-000001", &[("do", "take:state-ROU")]).await.status, 303);
    let told = second.send("/decide/M-000001", &[("do", "take:state-MDA"), ("reason", "typed with care")]).await;
    assert_eq!(told.status, 409, "{}", told.body);
    assert!(told.body.contains("Officer A decided on this at"), "{}", told.body);
    assert!(told.body.contains(">typed with care</textarea>"), "the reason is kept");
    assert_eq!(stage.entry("M-000001").await.items[0].states[0].0.to_string(), "ROU", "nothing was changed");
    // What is shown now is as of now, and can be taken.
    let moved = second.send("/decide/M-000001", &[("do", "take:state-MDA"), ("reason", "typed with care")]).await;
    assert_eq!(moved.status, 303, "{}", moved.body);
    assert_eq!(stage.entry("M-000001").await.items[0].states[0].0.to_string(), "MDA");
});

both!(what_a_choice_does_is_said_before_it_can_be_taken, async |db: Database| {
    let (stage, mut browsers) = with_officers(db, &["Officer A"]).await;
    let officer = &mut browsers[0];
    for (what, fields, expected) in [
        ("assign", vec![("assign.states", "Norway; SWE")], 200),
        ("assign", vec![("assign.states", "Atlantis")], 400),
        ("assign", vec![], 400),
        ("version", vec![("version.of", "GCM-ECE-2020-0099")], 400),
        ("rendition", vec![], 400),
        ("addition", vec![("addition.of", "")], 400),
        ("duplicate", vec![("duplicate.of", "M-000001")], 400),
        ("correspondence", vec![("correspondence.by", "Ms Officer"), ("correspondence.how", "by mail")], 200),
        ("announce", vec![("announce.states", "Romania"), ("announce.day", "2020-10-05")], 200),
        ("announce", vec![("announce.states", "Romania"), ("announce.day", "5.10.")], 400),
        ("decline", vec![("decline.states", "Romania")], 200),
        ("extend", vec![("extend.states", "ROU"), ("extend.until", "2020-10-09"), ("extend.authority", "ES")], 200),
        ("extend", vec![("extend.states", "ROU"), ("extend.until", "soon"), ("extend.authority", "ES")], 400),
        ("not-an-input", vec![("not-an-input.unrelated", "yes")], 200),
        ("ask-sender", vec![], 200),
        ("undo", vec![], 400),
    ] {
        officer.get("/decide/M-000001").await;
        let mut sent = vec![("reason", "why it is so")];
        sent.extend(fields.clone());
        let show = format!("show:{what}");
        sent.push(("do", &show));
        let got = officer.send("/decide/M-000001", &sent).await;
        assert_eq!(got.status, expected, "{what} {fields:?}: {}", got.body);
        let take = format!("value=\"take:{what}\"");
        assert_eq!(got.body.contains(&take), expected == 200, "{what} {fields:?}");
        assert!(got.body.contains(">why it is so</textarea>"), "{what}: what was typed is kept");
        for (name, value) in fields {
            assert!(what == "not-an-input" || got.body.contains(value), "{what}: {name} keeps {value}");
        }
        assert!(stage.entry("M-000001").await.items[0].decisions.is_empty(), "{what}: nothing is decided by that");
    }
    // A button that was not shown does nothing.
    officer.get("/decide/M-000001").await;
    let got =
        officer.send("/decide/M-000001", &[("do", "take:decline"), ("decline.states", "ROU"), ("reason", "so")]).await;
    assert!(got.status == 200 && got.body.contains("value=\"take:decline\""), "it is shown first: {}", got.body);
    let other =
        officer.send("/decide/M-000001", &[("do", "take:decline"), ("decline.states", "MDA"), ("reason", "so")]).await;
    assert_eq!(other.status, 409, "another state than was shown is shown anew");
    let enter = officer.send("/decide/M-000001", &[("do", "preview"), ("reason", "so")]).await;
    assert_eq!(enter.status, 200, "Enter in a field decides nothing");
    assert!(stage.entry("M-000001").await.items[0].decisions.is_empty());
    let got =
        officer.send("/decide/M-000001", &[("do", "show:decline"), ("decline.states", "ROU"), ("reason", "")]).await;
    assert_eq!(got.status, 200);
    let got =
        officer.send("/decide/M-000001", &[("do", "take:decline"), ("decline.states", "ROU"), ("reason", " ")]).await;
    assert!(got.status == 400 && got.body.contains("Write a reason"), "{}", got.body);
    let got =
        officer.send("/decide/M-000001", &[("do", "show:decline"), ("decline.states", "ROU"), ("reason", "so")]).await;
    assert_eq!(got.status, 200);
    let got =
        officer.send("/decide/M-000001", &[("do", "take:decline"), ("decline.states", "ROU"), ("reason", "so")]).await;
    assert_eq!(got.status, 303, "{}", got.body);
    assert_eq!(stage.entry("M-000001").await.items[0].decisions.len(), 1);
});

both!(a_letter_is_released_or_kept_as_it_was_seen, async |db: Database| {
    let (mut stage, mut browsers) = with_officers(db, &["Officer A", "Officer B"]).await;
    let [first, second] = &mut browsers[..] else { panic!() };
    first.get("/decide/M-000001").await;
    assert_eq!(first.send("/decide/M-000001", &[("do", "take:state-MDA")]).await.status, 303);
    let waiting = first.get("/letters?state=waiting").await;
    let id =
        waiting.body.split("/letters/").nth(1).and_then(|rest| rest.split('"').next()).expect("a letter").to_owned();
    let path = format!("/letters/{id}");
    for officer in [&mut *first, &mut *second] {
        let page = officer.get(&path).await;
        assert!(page.body.contains("Republic of Moldova") && page.body.contains("value=\"discard\""), "{}", page.body);
    }
    let no_reason = first.send(&path, &[("do", "discard")]).await;
    assert_eq!((no_reason.status, no_reason.body.contains("Write a reason")), (400, true));
    assert_eq!(first.send(&path, &[("do", "discard"), ("reason", "a draft")]).await.status, 303);
    let late = second.send(&path, &[("do", "discard"), ("reason", "typed <i>here</i>")]).await;
    assert_eq!(late.status, 409, "{}", late.body);
    assert!(late.body.contains("is not sent by now") && late.body.contains("typed &lt;i&gt;here"), "{}", late.body);
    stage.wait(10).await;
    let discarded = first.get("/letters?state=discarded").await;
    assert!(discarded.body.contains(&path), "{}", discarded.body);
    assert!(stage.posted().values().all(|letter| !letter.body.contains("Republic of Moldova")), "it never leaves");
    for (path, status) in
        [("/letters?state=nonsense", 400), ("/letters?before=x", 400), ("/letters/999", 404), ("/letters/L-x", 404)]
    {
        assert_eq!(first.get(path).await.status, status, "{path}");
    }
});

both!(an_original_is_kept_as_it_came_and_that_is_on_record, async |db: Database| {
    let (stage, mut browsers) = with_officers(db, &["Officer A"]).await;
    let officer = &mut browsers[0];
    let page = officer.get("/entry/M-000001").await;
    assert!(page.body.contains("href=\"/original/M-000001\""));
    let got = officer
        .ask(axum::http::Method::GET, "/original/M-000001", None, crate::fixture::browser::With::default())
        .await;
    assert_eq!((got.status, got.body.as_bytes()), (200, Sample::some(&["15"])[0].raw().as_slice()));
    let history = stage.entry("M-000001").await.history;
    let taken =
        history.iter().find(|happened| happened.what.contains("A copy of the original was taken")).expect("an event");
    assert_eq!(taken.actor.name(), "Officer A");
    for path in ["/original/M-000099", "/original/../etc/passwd", "/original/%2e%2e%2f"] {
        assert_eq!(officer.get(path).await.status, 404, "{path}");
    }
    // It is written down behind the answer.
    loop {
        let accesses = stage.db.snapshot().await.unwrap().accesses(1).await.unwrap();
        if let [(name, _)] = accesses.as_slice() {
            assert_eq!(name, "Officer A");
            break;
        }
        assert!(accesses.is_empty(), "once for an hour: {accesses:?}");
        tokio::task::yield_now().await;
    }
});

both!(the_register_is_shown_as_of_a_day_and_an_hour, async |db: Database| {
    let (_stage, mut browsers) = with_officers(db, &["Officer A"]).await;
    let officer = &mut browsers[0];
    officer.get("/decide/M-000001").await;
    assert_eq!(officer.send("/decide/M-000001", &[("do", "take:state-MDA")]).await.status, 303);
    let now = officer.get("/").await.body;
    assert!(now.contains("Republic of Moldova: received on time") && !now.contains("not now"));
    for before in [
        "/?as-of=2020-09-21",
        "/?as-of=2020-09-22&at=16:00",
        "/?as-of=2020-09-22+16:00",
        "/?as-of=2020-09-22T14:00:00Z",
    ] {
        let page = officer.get(before).await.body;
        assert!(page.contains("Republic of Moldova: nothing received"), "{before}");
        assert!(page.contains(", not now"), "{before}");
    }
    for after in ["/?as-of=2020-09-22", "/?as-of=2020-09-22&at=17:00"] {
        assert!(officer.get(after).await.body.contains("Republic of Moldova: received on time"), "{after}");
    }
    let wrong = officer.get("/?as-of=30.9.").await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("“30.9.” is not a date. Write 2020-09-30 or 2020-09-30 18:00."), "{}", wrong.body);
});

both!(who_has_a_case_open_is_said_to_the_others_and_holds_nobody_up, async |db: Database| {
    let (mut stage, mut browsers) = with_officers(db, &["Officer A", "Officer <b>"]).await;
    let [first, second] = &mut browsers[..] else { panic!() };
    let says = "<bdi>Officer A</bdi> has this open";
    assert!(!second.get("/decide").await.body.contains("has this open"), "nobody has");
    let own = first.get("/decide/M-000001").await.body;
    assert!(!own.contains("has this open"), "one knows that of oneself: {own}");
    assert!(!first.get("/decide").await.body.contains("has this open"));
    let queue = second.get("/decide").await.body;
    assert!(queue.contains(says), "{queue}");
    stage.wait(9).await;
    assert!(second.get("/decide").await.body.contains(says), "not ten minutes ago");
    stage.wait(2).await;
    assert!(!second.get("/decide").await.body.contains("has this open"), "it is long ago");
    let again = first.get("/decide/M-000001").await;
    assert_eq!(again.status, 200);
    let case = second.get("/decide/M-000001").await.body;
    assert!(case.contains("<b><bdi>Officer A</bdi> has this open.</b>"), "{case}");
    let queue = first.get("/decide").await.body;
    assert!(queue.contains("<bdi>Officer &lt;b&gt;</bdi> has this open"), "a name is no markup: {queue}");
    assert_eq!(second.send("/decide/M-000001", &[("do", "take:state-ROU")]).await.status, 303, "it holds nobody up");
    let done = first.get("/decide/M-000001").await.body;
    assert!(!done.contains("has this open"), "{done}");
    first.send("/decide/M-000001", &[("do", "show:undo")]).await;
    assert_eq!(first.send("/decide/M-000001", &[("do", "take:undo")]).await.status, 303);
    let queue = first.get("/decide").await.body;
    assert!(queue.contains("/decide/M-000001") && !queue.contains("has this open"), "gone with the decision: {queue}");
});

both!(a_case_is_left_for_later_counted_all_the_same_and_back_on_its_day, async |db: Database| {
    let (mut stage, mut browsers) = with_officers(db, &["Officer A", "Officer B"]).await;
    let [first, second] = &mut browsers[..] else { panic!() };
    let question = Mail::from("Anna <anna@ministry.example>")
        .subject("Question about the regional review of the GCM")
        .body("Could you please tell me how long an input may be?");
    stage.deliver("2.question", &question.raw(), stage.clock.now());
    stage.work().await;
    let (case, reason) = ("/decide/M-000001", "the mission <b>calls</b> back");
    for (day, reason, says) in [
        ("", reason, "Write until which day it is left"),
        ("soon", reason, "Write until which day it is left"),
        ("2020-09-22", reason, "Write a day after today."),
        ("2021-09-22", reason, "A case can be left for 90 days"),
        ("2020-09-25", " ", "Write a reason: whoever sees it in the queue reads why it is left."),
    ] {
        first.get(case).await;
        let got = first.send(case, &[("do", "later"), ("later.until", day), ("reason", reason)]).await;
        assert_eq!(got.status, 400, "{day}: {}", got.body);
        assert!(got.body.contains(says), "{day}: {}", got.body);
        assert!(got.body.contains(&format!("name=\"later.until\" value=\"{day}\"")), "what was typed is kept: {day}");
    }
    assert!(!first.get("/decide").await.body.contains("left for later"), "nothing was done");
    first.get(case).await;
    let left = first.send(case, &[("do", "later"), ("later.until", "2020-09-25"), ("reason", reason)]).await;
    assert_eq!((left.status, left.to.as_deref()), (303, Some("/decide")), "{}", left.body);
    let queue = second.get("/decide").await.body;
    assert!(queue.contains("To be decided <span class=\"pill\">2</span>"), "it is still counted: {queue}");
    assert!(queue.contains("<a href=\"#later\">1 left for later</a>"), "{queue}");
    let at = |what: &str| queue.find(what).unwrap_or_else(|| panic!("{what}: {queue}"));
    assert!(
        at("href=\"/decide/M-000002\"") < at("id=\"later\"") && at("id=\"later\"") < at("href=\"/decide/M-000001\"")
    );
    assert!(queue.contains("<bdi>the mission &lt;b&gt;calls&lt;/b&gt; back</bdi>"), "{queue}");
    let page = second.get(case).await.body;
    assert!(page.contains("Left for later until") && page.contains("<bdi>Officer A</bdi>"), "{page}");
    let history = stage.entry("M-000001").await.history;
    let said: Vec<_> = history.iter().map(|happened| happened.what.as_str()).collect();
    assert!(said.iter().any(|what| what.starts_with("Left for later, until ")), "{said:?}");
    stage.until(at_time("2020-09-24T23:59:00+02:00")).await;
    // By then nobody is logged in any more.
    first.log_in("Officer A", PASSWORD).await;
    second.log_in("Officer B", PASSWORD).await;
    assert!(first.get("/decide").await.body.contains("1 left for later"));
    stage.until(at_time("2020-09-25T00:00:00+02:00")).await;
    let queue = first.get("/decide").await.body;
    assert!(!queue.contains("left for later") && queue.contains("/decide/M-000001"), "it is back: {queue}");

    // What is decided is not left any more, even where it waits again.
    first.get(case).await;
    assert_eq!(first.send(case, &[("do", "later"), ("later.until", "2020-10-01"), ("reason", "so")]).await.status, 303);
    second.get(case).await;
    assert_eq!(second.send(case, &[("do", "take:state-ROU")]).await.status, 303, "anybody can decide it");
    second.get(case).await;
    second.send(case, &[("do", "show:undo")]).await;
    assert_eq!(second.send(case, &[("do", "take:undo")]).await.status, 303);
    let queue = second.get("/decide").await.body;
    assert!(queue.contains("/decide/M-000001") && !queue.contains("left for later"), "{queue}");
});
