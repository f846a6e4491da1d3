//! From a message and its files to items: every file once, with one role; the main text by rule.

use docket::core::{
    file::{File, Format, Outcome, Reading, Role},
    judging::item::{Item, MainText, items},
    mail::message::{Address, Attached, Message},
};
use proptest::prelude::*;

const FORMATS: [Format; 12] = [
    Format::Docx,
    Format::Pdf,
    Format::Doc,
    Format::Rtf,
    Format::Xlsx,
    Format::Zip,
    Format::Message,
    Format::Image,
    Format::Smime,
    Format::Text,
    Format::Executable,
    Format::Unknown,
];
const NAMES: [&str; 6] = ["input", "note verbale", "Annex 1", "scan", "приложение", "input"];
const TEXTS: [&str; 4] = [
    "",
    "The Ministry presents its compliments and transmits the input",
    "migration policy",
    "other words altogether stand in here",
];

/// A file of so many words of text; none could not be read.
fn file(path: &str, name: &str, format: Format, text: Option<&str>) -> File {
    let mut reading = Reading::without_text(Outcome::NoText, "There is no text in it.");
    reading.pages = Some(2);
    if let Some(text) = text {
        reading.outcome = Outcome::Read;
        reading.words = Some(text.split_whitespace().count() as u64);
        text.clone_into(&mut reading.text);
    }
    File {
        path: path.to_owned(),
        name: Some(name.to_owned()),
        media_type: "application/octet-stream".to_owned(),
        size: text.map_or(9, str::len) as u64,
        sha256: format!("{path} {name}"),
        format,
        inline: false,
        reading,
    }
}

fn from(address: &str) -> Address {
    Address { name: None, address: Some(address.to_owned()) }
}

fn attached(path: &str, address: &str) -> Attached {
    Attached {
        path: path.to_owned(),
        from: Some(from(address)),
        subject: Some("Input".to_owned()),
        ..Attached::default()
    }
}

fn roles(item: &Item) -> Vec<Role> {
    item.files.iter().map(|(_, role)| *role).collect()
}

prop_compose! {
    fn any_file(paths: Vec<&'static str>)(
        path in proptest::sample::select(paths),
        n in 0_u32..99,
        name in proptest::sample::select(NAMES.to_vec()),
        format in proptest::sample::select(FORMATS.to_vec()),
        text in proptest::option::of(proptest::sample::select(TEXTS.to_vec())),
        times in 1_usize..300,
        inline: bool,
    ) -> File {
        let text = text.map(|text| format!("{text} ").repeat(times));
        File { inline, ..file(&format!("{path}{n}"), name, format, text.as_deref()) }
    }
}

proptest! {
    #[test]
    fn every_file_belongs_to_one_item_with_one_role(
        files in proptest::collection::vec(any_file(vec!["1.", "1.2.", "1.3.", "1.3.1.", "1.20."]), 0..9),
        body in proptest::sample::select(vec!["", "Dear colleagues", "---------- Forwarded message ----------"]),
        inner in 0_usize..3,
        by_colleague: bool,
        automatic: bool,
    ) {
        let attached = [attached("1.2", "a@mfa.gov.al"), attached("1.3", "b@mfa.gov.rs")];
        let message = Message {
            from: Some(from("sender@example.org")),
            body: body.to_owned(),
            attached: attached[..inner].to_vec(),
            ..Message::default()
        };
        let items = items(&message, &files, by_colleague, automatic);
        prop_assert!(!items.is_empty());
        let mut seen: Vec<usize> = items.iter().flat_map(|item| item.files.iter().map(|(i, _)| *i)).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..files.len()).collect::<Vec<_>>(), "each file once");
        for item in &items {
            let main: Vec<usize> = item.files.iter().filter(|(_, role)| *role == Role::Main).map(|(i, _)| *i).collect();
            prop_assert!(main.len() <= 1);
            prop_assert_eq!(item.main == MainText::Missing, item.content_key.is_none());
            let documents = item.files.iter().any(|(i, _)| files[*i].format.is_document());
            prop_assert_eq!(documents, !main.is_empty(), "a document is never passed over");
            if let MainText::File(i) = item.main {
                prop_assert_eq!(&main, &[i]);
                prop_assert_eq!(item.words, files[i].reading.words.filter(|_| files[i].reading.has_text()));
            }
        }
    }
}

#[test]
fn the_main_text_among_several_documents() {
    let long = "measures of migration policy ".repeat(100);
    let other = "statistics of residence permits ".repeat(90);
    let note = "The Embassy presents its compliments to the secretariat";
    let (docx, pdf) = (Format::Docx, Format::Pdf);
    let cases: [(&str, Vec<File>, &[Role]); 7] = [
        (
            "one in two formats",
            vec![file("1", "a.pdf", pdf, Some(&long)), file("2", "a.docx", docx, Some(&long))],
            &[Role::Rendition, Role::Main],
        ),
        (
            "a scan of the same name",
            vec![file("1", "a.docx", docx, Some(&long)), file("2", "a.pdf", pdf, None)],
            &[Role::Main, Role::Rendition],
        ),
        (
            "a note verbale first",
            vec![file("1", "NV.pdf", pdf, Some(note)), file("2", "a.docx", docx, Some(&long))],
            &[Role::CoverNote, Role::Main],
        ),
        (
            "a scanned note",
            vec![file("1", "x.pdf", pdf, None), file("2", "a.docx", docx, Some(&other))],
            &[Role::CoverNote, Role::Main],
        ),
        (
            "a longer annex",
            vec![file("1", "input.docx", docx, Some(&other)), file("2", "annex.docx", docx, Some(&long))],
            &[Role::Main, Role::Annex],
        ),
        ("only a note", vec![file("1", "note verbale.pdf", pdf, Some(note))], &[Role::Main]),
        (
            "a table and a logo",
            vec![file("1", "t.xlsx", Format::Xlsx, None), file("2", "l.png", Format::Image, None)],
            &[Role::Annex, Role::Ignored],
        ),
    ];
    for (what, files, expected) in cases {
        let found = items(&Message::default(), &files, false, false);
        assert_eq!(found.len(), 1, "{what}");
        assert_eq!(roles(&found[0]), expected, "{what}");
    }
}

#[test]
fn a_colleague_forwards_two_inputs() {
    let long = "measures of migration policy ".repeat(100);
    let message = Message {
        from: Some(from("colleague@unece.org")),
        attached: vec![attached("1.2", "a@mfa.gov.al"), attached("1.20", "b@mfa.gov.rs"), attached("1.4", "c@x.org")],
        ..Message::default()
    };
    let files = [
        file("1.2", "first.eml", Format::Message, None),
        file("1.2.1", "first.docx", Format::Docx, Some(&long)),
        file("1.20.1", "second.docx", Format::Docx, Some(&long)),
        file("1.4.1", "logo.png", Format::Image, None),
    ];
    let found = items(&message, &files, true, false);
    let authors: Vec<_> = found.iter().map(|item| item.from.clone().unwrap().address.unwrap()).collect();
    assert_eq!(authors, ["a@mfa.gov.al", "b@mfa.gov.rs"], "what brought no document is no item");
    assert!(found.iter().all(|item| item.forwarded));
    assert_eq!(items(&message, &files, true, true).len(), 1, "what a robot carries was returned, not sent");
}

#[test]
fn a_mail_holds_an_input_only_where_its_purpose_says_so() {
    let message = Message { body: format!("{}\n> quoted words", "word ".repeat(250)), ..Message::default() };
    let item = items(&message, &[], false, false).remove(0);
    assert_eq!((item.main, item.words, item.content_key.is_some()), (MainText::Missing, None, false));
    let held = item.held_in_body();
    assert_eq!((held.main, held.words, held.content_key.is_some()), (MainText::Body, Some(250), true));
    let case = held.case("", &[], false, Vec::new());
    assert_eq!(case.attachments.len(), 1, "its words are read as a document is");
    assert!(!case.attachments[0].first_page_text.contains("quoted"));
}
