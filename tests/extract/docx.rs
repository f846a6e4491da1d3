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
    let heads = r#"<w:sectPr><w:headerReference r:id="h1"/><w:footerReference r:id="h0"/></w:sectPr>"#;
    let docx = Docx::new(&(p("Three words here") + heads))
        .part("h0", "footer", "foot.xml", &format!("<w:ftr>{}</w:ftr>", p("Berne")))
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
    assert_eq!((words.body, words.notes, words.running_heads), (3, 2, 3));
    assert_eq!(reading.words, Some(3));
    assert_eq!(reading.text, "Three words here\n\nA note.");
    assert_eq!(reading.letterhead, "Federal Department\nBerne\nThree words here", "the header first");
}

/// Lists: 1 has figures with letters below, 2 articles in Roman numerals by way of a style, 3 goes on where 1 is but
/// begins at 7, 4 is bulleted, 5 has Russian letters, 6 is Chinese and stands right before its text.
const LISTS: &str = r#"<w:numbering>
    <w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1 (%2)"/></w:lvl></w:abstractNum>
    <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:pStyle w:val="Article"/><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Article %1"/></w:lvl>
        <w:lvl w:ilvl="1"><w:pStyle w:val="Section"/><w:start w:val="1"/><w:numFmt w:val="decimalZero"/><w:isLgl/><w:lvlText w:val="Section %1.%2"/></w:lvl></w:abstractNum>
    <w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
    <w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="9"/><w:numFmt w:val="russianLower"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum>
    <w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="21"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
    <w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
    <w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="5"><w:abstractNumId w:val="3"/></w:num><w:num w:numId="6"><w:abstractNumId w:val="4"/></w:num>
</w:numbering>"#;
const STYLES: &str = r#"<w:styles><w:style w:styleId="Article"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
    <w:style w:styleId="Section"><w:basedOn w:val="Article"/></w:style></w:styles>"#;

fn item(list: u8, level: u8, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
    )
}

fn styled(style: &str, text: &str) -> String {
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#)
}

fn listed(body: &str) -> Reading {
    reading(&Docx::new(body).part("l", "numbering", "lists.xml", LISTS).part("s", "styles", "styles.xml", STYLES))
}

#[test]
fn the_numbers_that_word_puts_before_paragraphs_are_read_and_not_counted() {
    let cases = [
        ("levels", item(1, 0, "one") + &item(1, 1, "a") + &item(1, 1, "b") + &item(1, 0, "two") + &item(1, 1, "a"), "1. one\n1 (a) a\n1 (b) b\n2. two\n2 (a) a", 5),
        ("a list of its own start", item(1, 0, "one") + &item(3, 0, "seven") + &item(3, 0, "eight"), "1. one\n7. seven\n8. eight", 3),
        ("styles", styled("Article", "Aim") + &p("text") + &styled("Section", "Part") + &styled("Article", "End"), "Article I Aim\ntext\nSection 1.01 Part\nArticle II End", 4),
        ("bullets", item(4, 0, "point"), "point", 1),
        ("Russian letters, of which not all count", item(5, 0, "пункт") + &item(5, 0, "пункт"), "и) пункт\nк) пункт", 2),
        ("Chinese numerals", item(6, 0, "总则"), "第二十一条总则", 2),
        ("a list that is not defined", item(9, 0, "plain"), "plain", 1),
        ("no list, against the style", r#"<w:p><w:pPr><w:pStyle w:val="Article"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"#.to_owned(), "x", 1),
        ("an item that holds nothing counts on", item(1, 0, "one") + &item(1, 0, "") + &item(1, 0, "three"), "1. one\n\n3. three", 2),
        (
            "what a tracked change of the format had been",
            r#"<w:p><w:pPr><w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"#.to_owned() + &item(1, 0, "one"),
            "x\n1. one",
            2,
        ),
    ];
    for (what, body, expected, words) in cases {
        let reading = listed(&body);
        assert_eq!((reading.text.as_str(), reading.words), (expected, Some(words)), "{what}");
    }
    let nothing = listed(&item(1, 0, ""));
    assert_eq!((nothing.outcome, nothing.words), (Outcome::NoText, None), "a number alone is no text");
    let lost = Docx::new(&item(1, 0, "kept")).part("l", "numbering", "lists.xml", "<w:numbering><w:abst");
    assert_eq!(reading(&lost).text, "kept");
}

#[test]
fn a_strict_document_reads_like_a_transitional_one() {
    const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    let document = format!(
        r#"<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main" xmlns:r="{STRICT}" w:conformance="strict"><w:body>{}<w:sectPr><w:footerReference r:id="b"/></w:sectPr></w:body></w:document>"#,
        p("Body")
    );
    let relation = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{STRICT}/{kind}" Target="{target}"/>"#)
    };
    let package = format!("<Relationships>{}</Relationships>", relation("a", "officeDocument", "deep/er/main.xml"));
    let parts = relation("a", "endnotes", "../notes.xml") + &relation("b", "footer", "/foot.xml");
    let parts = format!("<Relationships>{parts}</Relationships>");
    let bytes = zip(&[
        ("_rels/.rels", package.as_bytes()),
        ("word/document.xml", b"<w:document><w:body/></w:document>"),
        ("deep/er/main.xml", document.as_bytes()),
        ("deep/er/_rels/main.xml.rels", parts.as_bytes()),
        ("deep/notes.xml", format!("<w:endnotes><w:endnote>{}</w:endnote></w:endnotes>", p("end note")).as_bytes()),
        ("foot.xml", format!("<w:ftr>{}</w:ftr>", p("foot of page")).as_bytes()),
    ]);
    let reading = read(Format::Docx, &bytes, &Limits::default());
    let words = reading.words_by_part;
    assert_eq!((words.body, words.notes, words.running_heads), (1, 2, 3), "{reading:?}");
}

#[test]
fn a_lost_part_costs_its_own_text_and_is_said() {
    let docx = Docx::new(&format!(r#"{}<w:sectPr><w:headerReference r:id="h"/></w:sectPr>"#, p("Body stays")))
        .part("h", "header", "head.xml", "<w:hdr <broken")
        .part("n", "footnotes", "notes.xml", "");
    let reading = reading(&docx);
    assert_eq!((reading.text.as_str(), reading.outcome, reading.words), ("Body stays", Outcome::Partial, Some(2)));
    let detail = reading.detail.unwrap();
    assert!(detail.contains("Its header could not be read."), "{detail}");
}

#[test]
fn hidden_text_is_seen_and_not_counted() {
    let run = |text: &str, properties: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let body = [
        run("Seen ", r#"<w:vanish w:val="0"/>"#),
        run("not seen ", "<w:vanish/>"),
        run("again", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"),
    ];
    let reading = reading(&Docx::new(&format!("<w:p>{}</w:p>", body.concat())));
    assert_eq!((reading.text.as_str(), reading.words), ("Seen not seen again", Some(2)));
    assert!(reading.detail.unwrap().contains("hidden text"));
}

#[test]
fn what_a_person_should_know_is_said() {
    let plain = reading(&Docx::new(&p("text")).part("c", "comments", "comments.xml", &p("never read")));
    assert_eq!((plain.text.as_str(), plain.detail), ("text", None), "an empty part is no comment");
    for (kind, name, word) in
        [("vbaProject", "macros.bin", "macros"), ("chart", "chart.xml", "charts"), ("oleObject", "sheet.bin", "charts")]
    {
        let reading = reading(&Docx::new(&p("text")).part("x", kind, name, &p("never read")).macros());
        assert_eq!((reading.text.as_str(), reading.outcome), ("text", Outcome::Read), "{kind}");
        assert!(reading.detail.unwrap().contains(word), "{kind}");
    }
    let commented = reading(&Docx::new(r#"<w:p><w:r><w:t>text</w:t><w:commentReference w:id="0"/></w:r></w:p>"#));
    assert!(commented.detail.unwrap().contains("comments are left out"));
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
fn a_document_of_notes_alone_counts_them() {
    let notes = format!("<w:footnotes><w:footnote>{}</w:footnote></w:footnotes>", p("A note."));
    let reading = reading(&Docx::new("<w:p/>").part("f", "footnotes", "notes.xml", &notes));
    assert_eq!((reading.outcome, reading.words, reading.words_by_part.notes), (Outcome::Read, Some(2), 2));
    assert!(reading.detail.unwrap().contains("Only its notes"));
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
