//! Pages that are pictures, and PDF files on which our own readers end: read by programs outside, where they are switched on.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    process::{Command, Stdio},
    sync::LazyLock,
    time::Duration,
};

use docket::{
    config::{ReadingConfig, Tool},
    core::file::{File, Outcome, Reading, Tried},
};

use super::{limits, outcomes, sandbox};
use crate::{
    extract::build::{HELVETICA, pdf, pdf_pages, stream, zip},
    fixture::{
        intake::{Intake, document, mail},
        program::{House, docket},
    },
};

const LINES: [&str; 6] = [
    "Kingdom of Norway",
    "Contribution to the regional review",
    "Migration governance rests on shared responsibility",
    "and on the rights of every person who moves.",
    "We thank the secretariat for its work",
    "and look forward to the meeting in November.",
];
const WORDS: u64 = 38;

/// The content of a page with these lines.
fn content(lines: &[&str]) -> String {
    let mut content = String::from("BT /F1 16 Tf 24 TL 60 700 Td\n");
    for line in lines {
        writeln!(content, "({line}) Tj T*").unwrap();
    }
    content + "ET"
}

/// A PDF with text on each page.
fn typed(pages: &[&[&str]]) -> Vec<u8> {
    let contents: Vec<String> = pages.iter().map(|lines| content(lines)).collect();
    pdf_pages(&contents.iter().map(String::as_str).collect::<Vec<_>>(), HELVETICA, &[])
}

/// A page as a picture, as a scanner makes one.
fn photographed(lines: &[&str]) -> Vec<u8> {
    let mut camera = Command::new("pdftoppm")
        .args(["-jpeg", "-r", "120", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    camera.stdin.take().unwrap().write_all(&typed(&[lines])).unwrap();
    camera.wait_with_output().unwrap().stdout
}

/// The width and the height that a JPEG file states.
fn size(jpeg: &[u8]) -> (u16, u16) {
    let number = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
    let mut at = 2;
    while !(0xFFC0..=0xFFC2).contains(&number(at)) {
        at += 2 + usize::from(number(at + 2));
    }
    (number(at + 7), number(at + 5))
}

/// A PDF of pages: text, or the picture of one.
fn pages(pages: &[Result<&[&str], &[u8]>]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", 4 + 3 * n)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        HELVETICA.to_owned(),
    ];
    for page in pages {
        let at = objects.len() + 1;
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> \
             /XObject << /I {} 0 R >> >> >>",
            at + 1,
            at + 2
        ));
        match page {
            Ok(lines) => objects.extend([stream("", &content(lines)), "null".to_owned()]),
            Err(jpeg) => {
                let (width, height) = size(jpeg);
                objects.push(stream("", "q 595 0 0 842 0 0 cm /I Do Q"));
                let entries = format!(
                    "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB \
                     /BitsPerComponent 8 /Filter [/ASCIIHexDecode /DCTDecode]"
                );
                objects.push(stream(&entries, &(hex::encode(jpeg) + ">")));
            }
        }
    }
    pdf(&objects)
}

fn picture() -> &'static [u8] {
    static PICTURE: LazyLock<Vec<u8>> = LazyLock::new(|| photographed(&LINES));
    &PICTURE
}

fn asking() -> ReadingConfig {
    ReadingConfig {
        pdftotext: Tool::Auto,
        ocr: Tool::Auto,
        ocr_languages: vec!["eng".to_owned()],
        ocr_time: Duration::from_mins(2),
        ..limits()
    }
}

async fn read(limits: ReadingConfig, files: &[(&str, &[u8])]) -> Vec<File> {
    let mail = sandbox(limits).read_message(&mail("m", "Ministry <post@mfa.no>", "Input", files)).await.unwrap();
    assert!(mail.message.is_ok());
    mail.files
}

async fn alone(limits: ReadingConfig, bytes: &[u8]) -> Reading {
    sandbox(limits).read_document("a.pdf", bytes).await.unwrap().remove(0).reading
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_is_read_and_its_text_is_marked_for_a_person_to_check() {
    let scan = pages(&[Err(picture())]);
    let small = document(50);
    let inner = zip(&[("in.pdf", &scan)]);
    let files = read(asking(), &[("a.docx", &small), ("scan.pdf", &scan), ("b.zip", &inner), ("c.docx", &small)]).await;
    assert_eq!(
        outcomes(&files),
        [
            ("a.docx", Outcome::Read),
            ("scan.pdf", Outcome::Read),
            ("b.zip", Outcome::NoText),
            ("in.pdf", Outcome::Read),
            ("c.docx", Outcome::Read)
        ]
    );
    for reading in [&files[1].reading, &files[3].reading] {
        assert_eq!((reading.engine.as_deref(), reading.pages), (Some("tesseract"), Some(1)), "{reading:?}");
        assert!(reading.text.contains("Kingdom of Norway\n"), "{reading:?}");
        assert!(reading.letterhead.starts_with("Kingdom of Norway"), "{reading:?}");
        assert!(reading.words.is_some_and(|words| words.abs_diff(WORDS) <= 2), "{reading:?}");
        let detail = reading.detail.as_deref().unwrap();
        assert!(detail.starts_with("This text was read by OCR, confidence 9"), "{detail}");
        assert!(detail.ends_with("please check the text, and this count of words."), "{detail}");
    }
    assert_eq!(files[0].reading.detail, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_asked_unless_it_is_switched_on() {
    let scan = pages(&[Err(picture())]);
    let reading = alone(limits(), &scan).await;
    assert_eq!((reading.outcome, reading.words), (Outcome::NoText, None));
    let nowhere = ReadingConfig { ocr: Tool::At("/nowhere/tesseract".into()), ..limits() };
    assert_eq!(alone(nowhere, &scan).await.outcome, Outcome::NoText);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_among_typed_pages_is_put_in_its_place() {
    let (first, last) = (["Before the picture"], ["Behind the picture"]);
    let reading = alone(asking(), &pages(&[Ok(&first), Err(picture()), Ok(&last)])).await;
    assert_eq!((reading.outcome, reading.engine.as_deref()), (Outcome::Read, Some("tesseract")), "{reading:?}");
    let places: Vec<_> = ["Before", "Kingdom", "Behind"].map(|word| reading.text.find(word)).into();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{reading:?}");
    assert!(reading.detail.as_deref().is_some_and(|said| said.starts_with("Page 2 was read by OCR")), "{reading:?}");
    let tried = [Tried::new("pdftotext", "it did no better"), Tried::new("pdf-extract", "it found nothing on page 2")];
    assert_eq!(reading.tried, tried, "who did not read it is said");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_beyond_the_limit_are_not_passed_off_as_read() {
    let limits = ReadingConfig { ocr_pages: 1, ..asking() };
    let reading = alone(limits, &pages(&[Err(picture()), Err(picture())])).await;
    assert_eq!((reading.outcome, &reading.pages_without_text[..]), (Outcome::Partial, &[2][..]), "{reading:?}");
    let detail = reading.detail.as_deref().unwrap();
    assert!(detail.contains("1 of 2 pages hold no text") && detail.contains("Page 1 was read by OCR"), "{detail}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_can_be_sure_of_is_no_text() {
    // Letters upside down: something is recognised, and it is nothing.
    let mut upside_down = content(&LINES).replace("60 700 Td", "-1 0 0 -1 540 120 Tm");
    upside_down = upside_down.replace("24 TL", "22 TL");
    let mut camera = Command::new("pdftoppm")
        .args(["-jpeg", "-r", "60", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    camera.stdin.take().unwrap().write_all(&pdf_pages(&[&upside_down], HELVETICA, &[])).unwrap();
    let picture = camera.wait_with_output().unwrap().stdout;
    let reading = alone(asking(), &pages(&[Err(&picture)])).await;
    assert_eq!((reading.outcome, reading.words), (Outcome::NoText, None), "{reading:?}");
    let blank = alone(asking(), &pages(&[Ok(&[])])).await;
    assert_eq!((blank.outcome, blank.words), (Outcome::NoText, None), "{blank:?}");
    let tried = [
        Tried::new("unpdf", "it found no more text"),
        Tried::new("pdftotext", "it found no text"),
        Tried::new("tesseract", "it recognised no text that is sure"),
    ];
    assert_eq!(blank.tried, tried);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_came_as_a_file_is_read_too() {
    let files = read(asking(), &[("page.jpg", picture())]).await;
    let reading = &files[0].reading;
    assert_eq!((reading.outcome, reading.engine.as_deref()), (Outcome::Read, Some("tesseract")), "{reading:?}");
    assert!(reading.text.contains("Kingdom of Norway"), "{reading:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pdf_on_which_our_own_readers_end_is_read_by_pdftotext() {
    let typed = typed(&[&LINES]);
    for (act, without) in [("overflow", Outcome::Damaged), ("loop", Outcome::TimedOut)] {
        let hostile = [format!("docket-probe {act}\n").as_bytes(), &typed].concat();
        let tight = |limits| ReadingConfig { cpu_per_file: Duration::from_secs(2), ..limits };
        assert_eq!(alone(tight(limits()), &hostile).await.outcome, without, "{act}");
        let reading = alone(tight(asking()), &hostile).await;
        assert_eq!((reading.outcome, reading.engine.as_deref()), (Outcome::Read, Some("pdftotext")), "{act}");
        assert_eq!((reading.words, reading.pages, &reading.detail), (Some(WORDS), Some(1), &None), "{act}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_is_read_asks_nobody() {
    let reading = alone(asking(), &typed(&[&LINES])).await;
    assert_eq!((reading.outcome, reading.engine.as_deref()), (Outcome::Read, Some("pdf-extract")));
    assert_eq!(reading.words, Some(WORDS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_that_came_by_mail_is_an_input_whose_count_a_person_is_to_check() {
    let mut intake = Intake::with(|config| config.reading = asking()).await;
    let scan = pages(&[Err(picture())]);
    intake.deliver("1.scan", &mail("m", "Ministry <post@mfa.no>", "Norway: input", &[("input.pdf", &scan)]));
    intake.work().await;
    let entry = intake.entry("M-000001").await;
    let file = &entry.files[0];
    assert_eq!((file.outcome, file.words.map(|words| words.abs_diff(WORDS) <= 2)), (Outcome::Read, Some(true)));
    let detail = file.detail.as_deref().unwrap();
    assert!(detail.contains("read by OCR") && detail.contains("check the text, and this count"), "{detail}");
}

#[test]
fn the_commands_use_what_is_switched_on_and_say_what_is_missing() {
    let on = "[reading]\npdftotext = \"auto\"\nocr = \"auto\"\nocr_languages = [\"eng\", \"fra\"]\n";
    let house = House::with(on);
    let scan = house.folder().join("scan.pdf");
    fs::write(&scan, pages(&[Err(picture())])).unwrap();
    let said = house.docket(&["extract", "--json", "scan.pdf"]).json().remove(0);
    assert_eq!((&said["outcome"], &said["engine"]), (&"read".into(), &"tesseract".into()), "{said}");
    let raw = mail("m", "Ministry <post@mfa.no>", "Input", &[("scan.pdf", &fs::read(&scan).unwrap())]);
    fs::write(house.folder().join("a.eml"), raw).unwrap();
    let said = house.docket(&["inspect", "--json", "a.eml"]).json().remove(0);
    let reading = &said["attachments"][0]["reading"];
    assert!(reading["detail"].as_str().is_some_and(|detail| detail.contains("read by OCR")), "{said}");
    let said = house.docket(&["check"]).done();
    for program in ["pdftotext: /", "pdftoppm: /", "tesseract: /"] {
        assert!(said.contains(program), "{said}");
    }
    assert!(said.contains(", with eng, fra"), "{said}");
    let missing =
        on.replace("\"fra\"", "\"xyz\"").replace("pdftotext = \"auto\"", "pdftotext = \"/nowhere/pdftotext\"");
    let house = House::with(&missing);
    let ran = docket(house.folder(), &["check"]);
    assert_eq!(ran.status, Some(1), "{}", ran.out);
    assert!(ran.out.contains("lacks “xyz” of “ocr_languages”"), "{}", ran.out);
    assert!(ran.out.contains("pdftotext: it is switched on in [reading], and not installed"), "{}", ran.out);
}
