//! Notes of officers on an entry, and who is in charge of it.

use std::collections::BTreeSet;

use axum::http::Method;
use docket::core::{letter_kind::LetterKind, role::Role, text::language::Language};

use super::stage::{Sample, Stage, person};
use crate::fixture::{
    Database, both,
    browser::{Browser, ORIGIN, With},
};

const NOW: &str = "2020-09-21T09:00:00+02:00";
const ENTRY: &str = "/entry/M-000001";

/// The mail of which Moldova and Romania may be the sender, and people at the desk.
async fn stage(db: Database, people: &[(&str, Role)]) -> (Stage, Vec<Browser>) {
    let mut stage = Stage::set(db, NOW).await;
    stage.play(&Sample::some(&["15"])).await;
    let mut browsers = Vec::new();
    for (name, role) in people {
        let secret = stage.desk().add_account(name, *role, &person("root")).await.unwrap();
        let mut browser = Browser::before(&stage.shared_instance());
        browser.enter(name, secret.shown()).await;
        browsers.push(browser);
    }
    (stage, browsers)
}

async fn history(stage: &Stage) -> Vec<(String, String)> {
    let history = stage.entry("M-000001").await.history;
    let by_hand = history
        .into_iter()
        .filter(|happened| ["noted", "note_struck", "put_in_charge"].contains(&happened.kind.as_str()));
    by_hand.map(|happened| (happened.actor.name().to_owned(), happened.what)).collect()
}

fn said(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(by, what)| ((*by).to_owned(), (*what).to_owned())).collect()
}

both!(a_note_is_written_and_struck_and_stays_to_be_read, async |db: Database| {
    let people = [("Officer A", Role::Officer), ("Officer B", Role::Officer), ("Vera", Role::Viewer)];
    let (stage, mut browsers) = stage(db, &people).await;
    let [first, second, viewer] = &mut browsers[..] else { panic!() };
    first.get(ENTRY).await;
    for empty in ["", "  \r\n "] {
        let got = first.send("/note/M-000001", &[("text", empty)]).await;
        assert!(got.status == 400 && got.body.contains("Write the note"), "{}", got.body);
        first.get(ENTRY).await;
    }
    let got = first.send("/note/M-000001", &[("text", &"é".repeat(4001))]).await;
    assert!(got.status == 400 && got.body.contains("4000 characters"), "{}", got.body);
    first.get(ENTRY).await;
    let got = first.send("/note/M-000001", &[("text", "the mission <b>calls</b> back\r\non Friday")]).await;
    assert_eq!(got.to.as_deref(), Some("/entry/M-000001#notes"), "{}", got.body);
    let page = viewer.get(ENTRY).await.body;
    assert!(page.contains("the mission &lt;b&gt;calls&lt;/b&gt; back"), "{page}");
    assert!(!page.contains("Strike this note") && !page.contains("Add the note"), "viewers read: {page}");
    let note = stage.entry("M-000001").await.notes[0].clone();
    assert_eq!((note.by.as_str(), note.struck.as_ref()), ("Officer A", None));
    second.get(ENTRY).await;
    let id = note.id.to_string();
    assert_eq!(second.send("/note/M-000001", &[("strike", &id)]).await.status, 303);
    second.get(ENTRY).await;
    for wrong in [id.as_str(), "99", "x"] {
        let again = second.send("/note/M-000001", &[("strike", wrong)]).await;
        assert_eq!(again.status, 400, "{wrong}: {}", again.body);
        second.get(ENTRY).await;
    }
    let page = viewer.get(ENTRY).await.body;
    assert!(page.contains("<s>the mission &lt;b&gt;calls"), "it stays: {page}");
    assert!(page.contains("struck by <bdi>Officer B</bdi>"), "{page}");
    let what = "the mission <b>calls</b> back\r\non Friday";
    let expected = [("Officer A", format!("Note: {what}")), ("Officer B", format!("A note was struck: {what}"))];
    let expected: Vec<(&str, &str)> = expected.iter().map(|(by, what)| (*by, what.as_str())).collect();
    assert_eq!(history(&stage).await, said(&expected));
    viewer.get("/me").await;
    let form = format!("token={}&text=x", viewer.token());
    let ours = With { origin: Some(ORIGIN), ..With::default() };
    assert_eq!(viewer.ask(Method::POST, "/note/M-000001", Some(form), ours).await.status, 403);
    assert_eq!(first.send("/note/M-000099", &[("text", "x")]).await.status, 404);
    assert!(stage.entry("M-000001").await.items[0].waiting.is_some(), "a note decides nothing");
});

both!(each_template_is_shown_at_its_worst_in_each_language, async |db: Database| {
    let people = [("Officer A", Role::Officer), ("Vera", Role::Viewer)];
    let (stage, mut browsers) = stage(db, &people).await;
    let mut seen = BTreeSet::new();
    for kind in LetterKind::ALL {
        for language in Language::ALL {
            let page = browsers[0].get(&format!("/templates?kind={}&language={language}", kind.name())).await;
            assert_eq!(page.status, 200, "{kind:?} {language}: {}", page.body);
            let preview = stage.desk().template(None, kind, language).unwrap();
            let shipped = [Language::En, Language::Fr].contains(&language);
            let is_in = if shipped { language } else { Language::En };
            assert_eq!((preview.kind, preview.language), (kind, is_in), "{language}");
            assert!(page.body.contains(&format!("lang=\"{is_in}\"><b>")), "{kind:?} {language}");
            assert_eq!(page.body.contains("so that it goes out in English"), !shipped, "{kind:?} {language}");
            assert!(!shipped || seen.insert(preview.body.clone()), "{kind:?} {language} has a text of its own");
            let name: String = preview.name.split_whitespace().collect();
            let body: String = preview.body.split_whitespace().collect();
            let names_it = kind == LetterKind::Acknowledgement && is_in == Language::En;
            assert!(!names_it || body.contains(&name), "{kind:?} {language}: {} in {}", preview.name, preview.body);
        }
    }
    let usual = browsers[0].get("/templates").await.body;
    assert!(usual.contains("Every state in it has the longest name of the roster: <bdi>"), "{usual}");
    for wrong in ["/templates?kind=nonsense", "/templates?language=de"] {
        assert_eq!(browsers[0].get(wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(browsers[1].get("/templates").await.status, 403, "viewers do not see them");
    assert!(!browsers[1].get("/letters").await.body.contains("/templates"), "and are shown no way there");
});

both!(who_is_in_charge_is_said_in_queue_log_and_entry, async |db: Database| {
    let people = [("Officer A", Role::Officer), ("Officer B", Role::Administrator), ("Vera", Role::Viewer)];
    let (stage, mut browsers) = stage(db, &people).await;
    let [first, second, viewer] = &mut browsers[..] else { panic!() };
    let entry = first.get(ENTRY).await.body;
    assert!(entry.contains("<option>Officer A</option><option>Officer B</option></select>"), "{entry}");
    for nobody in ["Vera", "Nobody <i>", "officer b"] {
        let got = first.send("/charge/M-000001", &[("who", nobody)]).await;
        assert!(got.status == 400 && got.body.contains("decides here"), "{nobody}: {}", got.body);
        first.get(ENTRY).await;
    }
    assert_eq!(first.send("/charge/M-000001", &[("who", "Officer B")]).await.status, 303);
    assert!(viewer.get(ENTRY).await.body.contains("in charge: <bdi>Officer B</bdi>"));
    assert!(viewer.get("/log").await.body.contains("in charge: <bdi>Officer B</bdi>"));
    assert!(viewer.get("/decide").await.body.contains("<dt>In charge</dt><dd><bdi>Officer B</bdi>"));
    let case = "/decide/M-000001";
    assert!(second.get("/decide?mine=1").await.body.contains(case));
    let others = first.get("/decide?mine=1").await.body;
    assert!(!others.contains(case) && others.contains("Nothing that you are in charge of"), "{others}");
    // To say the same again changes nothing.
    first.get(ENTRY).await;
    assert_eq!(first.send("/charge/M-000001", &[("who", "Officer B")]).await.status, 303);
    first.get(ENTRY).await;
    assert_eq!(first.send("/charge/M-000001", &[("who", "Officer A")]).await.status, 303);
    second.get(ENTRY).await;
    assert_eq!(second.send("/charge/M-000001", &[("who", "")]).await.status, 303);
    assert_eq!(stage.entry("M-000001").await.in_charge, None);
    assert!(!viewer.get("/log").await.body.contains("in charge"));
    let expected = [
        ("Officer A", "In charge of it: Officer B."),
        ("Officer A", "In charge of it: Officer A."),
        ("Officer B", "Nobody is in charge of it any more."),
    ];
    assert_eq!(history(&stage).await, said(&expected));
});
