use docket::{
    core::file::{Format, Outcome, Reading},
    extract::{Limits, read},
};

use super::build::{Docx, p, zip};

fn reading(docx: &Docx) -> Reading {
    read(Format::Docx, &docx.bytes(), &Limits::default())
}

fn text(body: &str) -> String {
    reading(&Docx::new(body)).text
}

#[test]
fn each_construct_gives_its_text_once() {
    let cases = [
        ("paragraphs", p("One") + &p("two."), "One\ntwo."),
        ("runs of one word", "<w:p><w:r><w:t>Frei</w:t></w:r><w:r><w:t>land</w:t></w:r></w:p>".into(), "Freiland"),
        ("references", p("A &amp; B &#233; &lt;c&gt;"), "A & B é <c>"),
        (
            "tables, also nested",
            format!(
                "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
                p("a"),
                p("b"),
                p("c")
            ),
            "a\tb\nc",
        ),
        (
            "a link of several runs",
            "<w:p><w:hyperlink><w:r><w:t>un</w:t></w:r><w:r><w:t>ece.org</w:t></w:r></w:hyperlink></w:p>".into(),
            "unece.org",
        ),
        ("content controls", format!("<w:sdt><w:sdtPr><w:t>no</w:t></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", p("yes")), "yes"),
        (
            "one branch of an alternative",
            format!(
                "<w:p><w:r><w:t>Text</w:t></w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:p>",
                p("box"),
                p("box")
            ),
            "Text\nbox",
        ),
        (
            "the other branch where the first says nothing",
            format!(
                "<w:p><mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback><w:txbxContent>{}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:p>",
                p("box")
            ),
            "box",
        ),
        (
            "results of fields, also nested, and not their instructions",
            r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>
               <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>hidden</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
               <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>shown</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#.into(),
            "shown",
        ),
        (
            "the text behind a field that never ends",
            format!(r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>{}"#, p("still here")),
            "still here",
        ),
        (
            "insertions and not deletions",
            "<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>there</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t> here</w:t></w:r></w:moveTo></w:p>".into(),
            "new here",
        ),
        (
            "a paragraph whose end was deleted",
            format!("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>one </w:t></w:r></w:p>{}", p("line")),
            "one line",
        ),
        (
            "a deleted row",
            format!("<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", p("gone"), p("kept")),
            "kept",
        ),
        (
            "a drop cap",
            format!(r#"<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr><w:r><w:t>D</w:t></w:r></w:p>{}"#, p("rop")),
            "Drop",
        ),
        ("tabs, breaks, hyphens", "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>".into(), "a\tb\nc-d"),
        ("numbers of drawings are no text", "<w:p><w:r><w:posOffset>12345</w:posOffset><w:t>x</w:t></w:r></w:p>".into(), "x"),
    ];
    for (what, body, expected) in cases {
        assert_eq!(text(&body), expected, "{what}");
    }
}

#[test]
fn notes_and_running_heads_are_counted_apart() {
    let docx = Docx::new(&format!(r#"{}<w:sectPr><w:headerReference r:id="h1"/></w:sectPr>"#, p("Three words here")))
        .part("h1", "header", "head.xml", &format!("<w:hdr>{}</w:hdr>", p("Federal Department")))
        .part("h2", "header", "unused.xml", &format!("<w:hdr>{}</w:hdr>", p("never shown")))
        .part(
            "f1",
            "footnotes",
            "notes.xml",
            &format!(
                r#"<w:footnotes><w:footnote w:type="separator">{}</w:footnote><w:footnote>{}</w:footnote></w:footnotes>"#,
                p("line"),
                p("A note.")
            ),
        );
    let reading = reading(&docx);
    let words = reading.words_by_part;
    assert_eq!((words.body, words.notes, words.running_heads), (3, 2, 2));
    assert_eq!(reading.words, Some(3));
    assert_eq!(reading.text, "Three words here\n\nA note.");
    assert_eq!(reading.letterhead, "Federal Department\nThree words here");
}

#[test]
fn what_a_person_should_know_is_said() {
    let changed = reading(&Docx::new("<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>"));
    assert_eq!(changed.outcome, Outcome::Read);
    assert!(changed.detail.unwrap().contains("tracked changes"));
    let embedded = reading(&Docx::new(&p("text")).part("c", "aFChunk", "other.html", "<p>more</p>"));
    assert_eq!(embedded.outcome, Outcome::Partial);
    assert!(embedded.detail.unwrap().contains("altChunk"));
    let formula = reading(&Docx::new(&(p("so") + "<w:p><m:oMath><m:r><m:t>x2</m:t></m:r></m:oMath></w:p>")));
    assert_eq!((formula.text.as_str(), formula.outcome), ("so", Outcome::Read));
    assert!(formula.detail.unwrap().contains("formulas"));
}

#[test]
fn a_document_without_text_is_never_zero_words() {
    let reading = reading(&Docx::new("<w:p><w:r><w:drawing/></w:r></w:p>"));
    assert_eq!((reading.outcome, reading.words), (Outcome::NoText, None));
    assert!(reading.detail.unwrap().contains("please send"));
}

#[test]
fn utf16_parts_and_macro_documents_are_read() {
    let docx = Docx::new(&p("Ministère"));
    let xml = r#"<?xml version="1.0" encoding="UTF-16"?><w:document><w:body><w:p><w:r><w:t>Ministère</w:t></w:r></w:p></w:body></w:document>"#;
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(xml.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(read(Format::Docx, &docx.bytes_with_main(&wide), &Limits::default()).text, "Ministère");
    assert_eq!(read(Format::Docm, &docx.macros().bytes(), &Limits::default()).text, "Ministère");
}

#[test]
fn hostile_documents_get_an_outcome() {
    let deep = format!("<w:document><w:body>{}{}", "<w:sdt>".repeat(5_000), "</w:sdt>".repeat(5_000));
    let dtd = r#"<!DOCTYPE d [<!ENTITY e "x">]><w:document><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"#;
    let bomb = format!("<w:document><w:body>{}</w:body></w:document>", " ".repeat(8 << 20));
    let cases = [
        ("deep", Docx::raw(&deep).bytes(), Outcome::TooLarge),
        ("dtd", Docx::raw(dtd).bytes(), Outcome::Damaged),
        ("bomb", Docx::raw(&bomb).bytes(), Outcome::TooLarge),
        ("no main part", zip(&[("word/other.xml", b"<a/>")]), Outcome::Damaged),
        ("no zip", b"PK\x03\x04 and then nothing".to_vec(), Outcome::Damaged),
        ("empty", vec![], Outcome::NoText),
    ];
    for (what, bytes, expected) in cases {
        let reading = read(Format::Docx, &bytes, &Limits::default());
        assert_eq!(reading.outcome, expected, "{what}: {:?}", reading.detail);
        assert!(reading.words.is_none() && reading.detail.is_some(), "{what}");
    }
}

#[test]
fn limits_are_counted_while_reading() {
    let docx = Docx::new(&p("word ").repeat(20_000)).bytes();
    let few = Limits { part_bytes: 10_000, ..Limits::default() };
    assert_eq!(read(Format::Docx, &docx, &few).outcome, Outcome::TooLarge);
    let short = Limits { text_bytes: 1_000, ..Limits::default() };
    let reading = read(Format::Docx, &docx, &short);
    assert_eq!(reading.outcome, Outcome::Partial);
    assert!(reading.text.len() <= 1_000);
    let many = Limits { entries: 3, ..Limits::default() };
    assert_eq!(read(Format::Docx, &docx, &many).outcome, Outcome::TooLarge);
}

#[test]
fn a_document_cut_short_gives_what_stands_before_the_cut() {
    let xml = format!("<w:document><w:body>{}<w:p><w:r><w:t>lost", p("kept"));
    let reading = reading(&Docx::raw(&xml));
    assert_eq!(reading.outcome, Outcome::Partial);
    assert!(reading.text.starts_with("kept"));
    assert!(reading.detail.unwrap().contains("damaged"));
}

#[test]
fn a_password_is_named() {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap();
    let bytes = file.into_inner().into_inner();
    assert_eq!(docket::extract::sniff(&bytes, Some("a.docx"), ""), Format::Docx);
    let reading = read(Format::Docx, &bytes, &Limits::default());
    assert_eq!(reading.outcome, Outcome::Encrypted);
    assert!(reading.detail.unwrap().contains("password"));
}
