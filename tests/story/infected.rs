//! A message that a virus scanner knows to be harmful, and mail that could not be scanned.

use std::time::Duration;

use docket::{
    config::ScannerAt,
    core::{
        file::{Format, Outcome, Role},
        letter_kind::LetterKind,
        role::Role as May,
    },
    desk::view::Entry,
    watch::Topic,
};

use super::stage::{Stage, person};
use crate::{
    dialogs::clamd_peer::{Act, At, Clamd, HARM},
    extract::build::zip,
    fixture::{
        Database, both,
        browser::Browser,
        intake::{ADDRESS, document, mail},
        program::free_port,
    },
};

const NORWAY: &str = "Ministry <post@mfa.no>";

async fn stage(db: Database, at: ScannerAt) -> Stage {
    Stage::set_with(db, "2020-09-02T09:00:00+02:00", docket::config::Shipped::embedded(), |config| {
        config.mailboxes[0].addresses.push(ADDRESS.to_owned());
        config.reading.scanner = Some(at);
        config.reading.scanner_time = Duration::from_secs(2);
    })
    .await
}

/// A message of Norway's, with more in its text.
fn written(id: &str, text: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let raw = mail(id, NORWAY, "Input to the regional review", files);
    let (head, rest) = raw.split_at(raw.windows(6).position(|part| part == b"Please").unwrap());
    [head, text.as_bytes(), b" ", rest].concat()
}

/// The troubles that every page shows.
fn troubles(stage: &Stage) -> Vec<(Topic, String)> {
    let troubles = stage.instance().watch.troubles(stage.clock.now()).into_iter();
    troubles.filter(|trouble| trouble.topic == Topic::Scanner).map(|trouble| (trouble.topic, trouble.what)).collect()
}

fn is_left_to_a_person(entry: &Entry) {
    let found = "The virus scanner found “Docket.Test-1” in this message; no file of it was opened.";
    assert!(entry.defects.iter().any(|defect| defect == found), "{:?}", entry.defects);
    let item = &entry.items[0];
    assert_eq!((item.reference.as_ref(), item.states.as_slice()), (None, [].as_slice()), "nothing is filed");
    let waiting = item.waiting.as_deref().unwrap_or_default();
    assert!(waiting.starts_with(&format!("Is it harmful? {found}")), "{waiting}");
    assert!(waiting.ends_with("Perhaps Norway."), "the candidate is kept: {waiting}");
    for file in &entry.files {
        assert_eq!((file.outcome, file.engine.as_ref(), file.words), (Outcome::Infected, None, None), "{file:?}");
        assert_eq!(file.text, "", "nothing of it was read");
        let detail = file.detail.as_deref().unwrap_or_default();
        assert!(detail.starts_with("The virus scanner found “Docket.Test-1”"), "{detail}");
        assert!(detail.ends_with("have it examined before anybody opens it."), "{detail}");
    }
}

both!(a_harmful_message_is_logged_and_left_to_a_person_and_nothing_in_it_is_opened, async |db: Database| {
    let (clamd, at) = Clamd::start(|_| None).await;
    let mut stage = stage(db, at).await;
    let inner = zip(&[("inside.docx", &document(50))]);
    let raw = written("m", HARM, &[("input.docx", &document(120)), ("more.zip", &inner)]);
    stage.deliver("1.mail", &raw, stage.clock.now());
    stage.wait(60).await;
    assert!(clamd.scanned() == [raw], "it got the message as it came");
    let entry = stage.entry("M-000001").await;
    is_left_to_a_person(&entry);
    assert!(entry.body.contains(HARM) && entry.subject.as_deref() == Some("Input to the regional review"));
    let files: Vec<_> = entry.files.iter().map(|file| (file.name.as_deref(), file.format, file.role)).collect();
    let expected = [(Some("input.docx"), Format::Docx, Role::Main), (Some("more.zip"), Format::Zip, Role::Container)];
    assert_eq!(files, expected, "what is in the zip file is not even listed");
    // The sender is told, by a letter that names no state, and asked for a clean copy.
    let [letter] = &entry.letters[..] else { panic!("{entry:?}") };
    assert_eq!(letter.kind, "received");
    assert!(!letter.body.contains("Norway") && !letter.body.contains("Reference:"), "{}", letter.body);
    let said = letter.body.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(said.matches("reported the message as harmful, and this file was not opened.").count(), 2, "{said}");
    let register = stage.register(None).await;
    assert_eq!(register.waiting.len(), 1);
    assert_eq!(troubles(&stage), []);
});

both!(what_is_harmful_without_a_file_or_in_an_attached_message_waits_as_well, async |db: Database| {
    let (_, at) = Clamd::start(|_| None).await;
    let mut stage = stage(db, at).await;
    stage.deliver("1.mail", &written("a", HARM, &[]), stage.clock.now());
    let attached = mail("inner", NORWAY, "Input", &[("input.docx", &document(120))]);
    let attached = String::from_utf8(attached).unwrap();
    let whole = format!(
        "From: {NORWAY}\r\nTo: us\r\nSubject: Fwd: Input\r\nMessage-ID: <b@ministry.test>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n\r\nPlease see the attached {HARM}.\r\n\
         --outer\r\nContent-Type: message/rfc822\r\n\r\n{attached}\r\n--outer--\r\n"
    );
    stage.deliver("2.mail", whole.as_bytes(), stage.clock.now());
    stage.wait(60).await;
    is_left_to_a_person(&stage.entry("M-000001").await);
    let entry = stage.entry("M-000002").await;
    is_left_to_a_person(&entry);
    assert!(entry.files.iter().any(|file| file.name.as_deref() == Some("input.docx")), "{:?}", entry.files);
    for line in stage.log().await {
        assert!(line.reference.is_none() && line.waiting.is_some(), "{line:?}");
    }
    let letters = stage.letters().await;
    assert!(letters.iter().all(|letter| letter.kind == LetterKind::Received), "no receipt names a state: {letters:?}");
});

both!(mail_that_cannot_be_scanned_is_read_and_says_so, async |db: Database| {
    let port = free_port();
    let mut stage = stage(db, ScannerAt::Tcp { host: "127.0.0.1".to_owned(), port }).await;
    let deliver = async |stage: &mut Stage, n: usize| {
        let files: [(&str, &[u8]); 2] = [("input.docx", &document(120)), ("b.png", b"\x89PNG\r\n\x1a\n, and no more")];
        stage.deliver(&format!("{n}.mail"), &mail(&n.to_string(), NORWAY, "Input", &files), stage.clock.now());
        stage.wait(1).await;
        let entry = stage.entry(&format!("M-00000{n}")).await;
        assert!(entry.items[0].reference.is_some(), "it is filed all the same: {entry:?}");
        assert_eq!(entry.letters[0].kind, "acknowledgement");
        assert_eq!(entry.files[0].outcome, Outcome::Read);
        entry.files.into_iter().map(|file| file.detail.unwrap_or_default()).collect::<Vec<_>>()
    };
    let details = deliver(&mut stage, 1).await;
    assert!(details[0].starts_with("It was not scanned for viruses: the scanner cannot be reached ("), "{details:?}");
    assert!(details[1].contains("It was not scanned for viruses"), "every file says so: {details:?}");
    let [(_, what)] = &troubles(&stage)[..] else { panic!("it is shown to people") };
    assert!(
        what.starts_with("Mail is not scanned for viruses, and read all the same: the scanner cannot be"),
        "{what}"
    );
    // It is there again, and is so from the next message on.
    let (clamd, _) = Clamd::start_at(port, |_| None).await;
    let details = deliver(&mut stage, 2).await;
    assert!(details.iter().all(|detail| !detail.contains("not scanned")), "{details:?}");
    assert_eq!((clamd.scanned().len(), troubles(&stage)), (1, vec![]));
});

both!(a_message_that_the_scanner_does_not_take_is_read_and_no_trouble_of_it, async |db: Database| {
    let (_, at) =
        Clamd::start(|at| (at == At::Begin).then_some(Act::Say(b"INSTREAM size limit exceeded. ERROR\0"))).await;
    let mut stage = stage(db, at).await;
    let raw = mail("m", NORWAY, "Input", &[("input.docx", &document(120))]);
    stage.deliver("1.mail", &raw, stage.clock.now());
    stage.wait(1).await;
    let entry = stage.entry("M-000001").await;
    let said = "It was not scanned for viruses: the scanner takes no message of this size.";
    assert_eq!(entry.files[0].detail.as_deref(), Some(said));
    assert!(entry.items[0].reference.is_some());
    assert_eq!(troubles(&stage), [], "the scanner does its work");
});

/// People at the desk, by their roles.
async fn people(stage: &Stage, roles: &[May]) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for role in roles {
        let name = format!("The {role}");
        let secret = stage.desk().add_account(&name, *role, &person("root")).await.unwrap();
        let mut browser = Browser::before(&stage.shared_instance());
        browser.enter(&name, secret.shown()).await;
        browsers.push(browser);
    }
    browsers
}

fn taken(entry: &Entry) -> Vec<(String, String)> {
    let taken = entry.history.iter().filter(|happened| happened.what.contains("was taken from the pages"));
    taken.map(|happened| (happened.actor.name().to_owned(), happened.what.clone())).collect()
}

both!(what_is_harmful_is_kept_by_an_administrator_alone_after_a_second_step, async |db: Database| {
    let (_, at) = Clamd::start(|_| None).await;
    let mut stage = stage(db, at).await;
    let raw = written("m", HARM, &[("input <b>é.docx", &document(120))]);
    stage.deliver("1.mail", &raw, stage.clock.now());
    stage.deliver("2.mail", &written("a", HARM, &[]), stage.clock.now());
    let mut browsers = people(&stage, &[May::Administrator, May::Viewer, May::Officer]).await;
    stage.wait(60).await;
    let addresses =
        ["/original/M-000001", "/original/m-1", "/original/M-000001/1", "/original/M-000002", "/file/1/M-000001"];
    for path in addresses {
        for browser in &mut browsers[1..] {
            let got = browser.get(path).await;
            assert_eq!(got.status, 403, "{path}: {}", got.body);
            assert!(got.body.contains("The virus scanner found “Docket.Test-1”"), "{path}: {}", got.body);
            assert!(
                !got.body.contains(HARM) && got.file.is_none_or(|(kind, _)| kind.starts_with("text/html")),
                "{path}"
            );
            browser.get("/entry/M-000001").await;
            assert_eq!(browser.send(path, &[("token", ""), ("do", "keep")]).await.status, 403, "{path}");
        }
        let admin = &mut browsers[0];
        let asked = admin.get(path).await;
        assert_eq!(asked.status, 200, "{path}: {}", asked.body);
        assert!(
            asked.body.contains("Keep it to have it examined") && !asked.body.contains(HARM),
            "{path}: {}",
            asked.body
        );
        assert!(asked.body.contains("found “Docket.Test-1”"), "it says why: {}", asked.body);
    }
    assert_eq!(taken(&stage.entry("M-000001").await), [], "to be warned takes nothing");
    let admin = &mut browsers[0];
    admin.get("/original/M-000001").await;
    let got = admin.send("/original/M-000001", &[]).await;
    assert_eq!((got.status, got.body.as_bytes()), (200, raw.as_slice()));
    let (kind, name) = got.file.expect("a file");
    assert_eq!(kind, "application/octet-stream");
    assert_eq!(name, "attachment; filename=\"M-000001.eml.harmful\"");
    admin.get("/file/1/M-000001").await;
    let got = admin.send("/file/1/M-000001", &[]).await;
    assert_eq!(got.status, 200, "{}", got.body);
    let (_, name) = got.file.expect("a file");
    assert!(name.ends_with("filename*=UTF-8''input%20_b_%C3%A9.docx.harmful"), "{name}");
    let [(first, original), (_, file)] = &taken(&stage.entry("M-000001").await)[..] else {
        panic!("both are on record")
    };
    assert_eq!(first, "The administrator");
    assert!(original.contains("It was known: The virus scanner found “Docket.Test-1”"), "{original}");
    assert!(file.starts_with("A copy of the file “input _b_é.docx” was taken from the pages. It was known:"), "{file}");
});

both!(each_file_is_kept_as_it_was_sent_and_that_is_on_record, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-02T09:00:00+02:00", docket::config::Shipped::embedded(), |config| {
        config.mailboxes[0].addresses.push(ADDRESS.to_owned());
    })
    .await;
    let text = document(120);
    let files: [(&str, &[u8]); 3] = [
        ("input.docx", &text),
        ("../../x.exe", b"MZ\x90\0 no document"),
        ("more.zip", &zip(&[("inside.docx", &document(50))])),
    ];
    stage.deliver("1.mail", &mail("m", NORWAY, "Input", &files), stage.clock.now());
    stage.wait(60).await;
    let mut browsers = people(&stage, &[May::Administrator, May::Viewer]).await;
    let viewer = &mut browsers[1];
    let page = viewer.get("/entry/M-000001").await;
    assert!(
        page.body.contains("href=\"/file/1/M-000001\"") && page.body.contains("href=\"/file/4/M-000001\""),
        "{}",
        page.body
    );
    let entry = stage.entry("M-000001").await;
    let named = |name: &str| entry.files.iter().position(|file| file.name.as_deref() == Some(name)).expect(name) + 1;
    for (name, bytes) in [("input.docx", document(120)), ("inside.docx", document(50))] {
        let got = viewer.bytes(&format!("/file/{}/M-000001", named(name))).await;
        assert_eq!(got, bytes, "{name}");
    }
    assert_eq!(taken(&stage.entry("M-000001").await).len(), 2);
    let program = format!(
        "/file/{}/M-000001",
        entry.files.iter().position(|file| file.format == Format::Executable).unwrap() + 1
    );
    let got = viewer.get(&program).await;
    assert!(got.status == 403 && got.body.contains("It is a program"), "{}", got.body);
    assert!(browsers[0].get(&program).await.body.contains("may do harm"));
    for path in [
        "/file/0/M-000001",
        "/file/5/M-000001",
        "/file/x/M-000001",
        "/file/-1/M-000001",
        "/file/1/M-000099",
        "/file/18446744073709551616/M-000001",
    ] {
        assert_eq!(browsers[1].get(path).await.status, 404, "{path}");
    }
});
