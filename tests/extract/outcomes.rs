//! Each class of outcome: that it occurs, and what a desk officer is told. What only the clock gives (timed out, not
//! reached) is in `tests/sandbox.rs`; that a file is infected is for a scanner to say, in
//! `tests/story/infected.rs`.

use std::io::{Cursor, Write as _};

use docket::{
    core::file::{Format, Outcome, Reading},
    extract::{Limits, read, sniff},
};

use super::build::{Docx, HELVETICA, p, pdf_pages, zip};

/// A compound file with one stream.
fn compound(stream: &str, bytes: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap().write_all(bytes).unwrap();
    file.into_inner().into_inner()
}

fn reading(name: &str, bytes: &[u8], limits: &Limits) -> (Format, Reading) {
    let format = sniff(bytes, Some(name), "application/octet-stream");
    (format, read(format, bytes, limits))
}

/// What a person does about a file; one of these is in every sentence.
const ACTIONS: [&str; 6] =
    ["please", "a person must", "look at", "it was not opened", "not a document", "are listed and read on their own"];

#[test]
fn each_class_occurs_and_says_what_to_do() {
    let page = "BT /F1 12 Tf 72 700 Td (text) Tj ET";
    let old = |flags: u8| compound("/WordDocument", &[0xEC, 0xA5, 0, 0, 0, 0, 0, 0, 0, 0, 0, flags]);
    let odt = |content: &[u8], manifest: &[u8]| {
        let kind = b"application/vnd.oasis.opendocument.text".as_slice();
        zip(&[("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)])
    };
    let cut = Docx::raw(&format!("<w:document><w:body>{}<w:p><w:r><w:t>lost", p("kept"))).bytes();
    let few = Limits { pages: 1, text_bytes: 100, part_bytes: 5_000, ..Limits::default() };
    let cases: Vec<(&str, Vec<u8>, Format, Outcome)> = vec![
        ("whole.docx", Docx::new(&p("text")).bytes(), Format::Docx, Outcome::Read),
        ("whole.pdf", pdf_pages(&[page], HELVETICA, &[]), Format::Pdf, Outcome::Read),
        ("whole.rtf", b"{\\rtf1 text}".to_vec(), Format::Rtf, Outcome::Read),
        ("whole.html", b"<html><body>text</body></html>".to_vec(), Format::Html, Outcome::Read),
        ("whole.txt", b"text".to_vec(), Format::Text, Outcome::Read),
        ("cut.docx", cut, Format::Docx, Outcome::Partial),
        ("many.pdf", pdf_pages(&[page, page], HELVETICA, &[]), Format::Pdf, Outcome::Partial),
        ("long.txt", "word ".repeat(50).into_bytes(), Format::Text, Outcome::Partial),
        ("cut.odt", odt(b"<a><p>kept</p><p>lost", b"<m/>"), Format::Odt, Outcome::Partial),
        ("scan.pdf", pdf_pages(&["0 0 9 9 re f"], HELVETICA, &[]), Format::Pdf, Outcome::NoText),
        ("blank.docx", Docx::new("<w:p/>").bytes(), Format::Docx, Outcome::NoText),
        ("blank.rtf", b"{\\rtf1 }".to_vec(), Format::Rtf, Outcome::NoText),
        ("nothing.docx", Vec::new(), Format::Docx, Outcome::NoText),
        ("photo.jpg", b"\xFF\xD8\xFF\xE0picture".to_vec(), Format::Image, Outcome::NoText),
        ("locked.docx", compound("/EncryptedPackage", b"x"), Format::Docx, Outcome::Encrypted),
        ("locked.doc", old(1), Format::Doc, Outcome::Encrypted),
        ("locked.odt", odt(b"?", b"<m><encryption-data/></m>"), Format::Odt, Outcome::Encrypted),
        ("torn.docx", Docx::raw("<w:document").bytes(), Format::Docx, Outcome::Damaged),
        ("torn.pdf", b"%PDF-1.7 and no more".to_vec(), Format::Pdf, Outcome::Damaged),
        ("torn.odt", odt(b"<a", b"<m/>"), Format::Odt, Outcome::Damaged),
        ("old.doc", old(0), Format::Doc, Outcome::Unsupported),
        ("sheet.xls", compound("/Workbook", b"x"), Format::Xlsx, Outcome::Unsupported),
        ("slides.ppt", compound("/PowerPoint Document", b"x"), Format::Pptx, Outcome::Unsupported),
        ("program.docx", b"MZ\x90\0\x03\0\0\0\x04".to_vec(), Format::Executable, Outcome::Unsupported),
        ("invitation.ics", b"BEGIN:VCALENDAR".to_vec(), Format::Calendar, Outcome::Unsupported),
        ("sealed.p7m", b"-----BEGIN PKCS7-----".to_vec(), Format::Smime, Outcome::Unsupported),
        ("data.bin", vec![0, 1, 2, 3], Format::Unknown, Outcome::Unsupported),
        ("bomb.docx", Docx::new(&p("word ").repeat(2_000)).bytes(), Format::Docx, Outcome::TooLarge),
        ("deep.rtf", b"{\\rtf1 ".repeat(9_000), Format::Rtf, Outcome::TooLarge),
        ("several.zip", zip(&[("a.txt", b"a")]), Format::Zip, Outcome::NotRead),
    ];
    for (name, bytes, format, outcome) in cases {
        let (found, reading) = reading(name, &bytes, &few);
        assert_eq!((found, reading.outcome), (format, outcome), "{name}: {:?}", reading.detail);
        let has_text = matches!(outcome, Outcome::Read | Outcome::Partial);
        assert_eq!(reading.words.is_some_and(|words| words > 0), has_text, "{name}: never 0 words");
        assert_eq!(reading.has_text(), has_text, "{name}");
        if outcome == Outcome::Read {
            continue;
        }
        let said = reading.detail.expect(name);
        assert!(
            said.ends_with('.') && said.starts_with(|c: char| c.is_uppercase() || c.is_numeric()),
            "{name} is no sentence: {said}"
        );
        let only_cut = outcome == Outcome::Partial && said.contains("are kept");
        assert!(only_cut || ACTIONS.iter().any(|action| said.contains(action)), "{name} says nothing to do: {said}");
    }
}
