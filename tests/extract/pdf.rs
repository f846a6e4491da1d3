use docket::{
    core::file::{Format, Outcome, Reading},
    extract::{Limits, read, read_with},
};

use pdf_extract::{Document, EncryptionState, EncryptionVersion, Object, Permissions};

use super::build::{HELVETICA, pdf, pdf_pages, pdf_with_a_broken_page, stream};

fn reading(bytes: &[u8]) -> Reading {
    read(Format::Pdf, bytes, &Limits::default())
}

fn one(content: &str) -> String {
    reading(&pdf_pages(&[content], HELVETICA, &[])).text
}

/// A composite font with a map and widths of one's own.
fn composite(widths: &str, encoding: &str, map: &str) -> Vec<String> {
    vec![
        format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /{encoding} {map} /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X {widths} /FontDescriptor << /Type /FontDescriptor /FontName /X >> >>] >>"
        ),
        stream(
            "",
            "1 begincodespacerange <0000> <ffff> endcodespacerange 3 beginbfrange <0041> <005a> <0041> <05d0> <05ea> <05d0> <0620> <064a> <0620> endbfrange 1 beginbfchar <0020> <0020> endbfchar",
        ),
    ]
}

/// One page in a composite font; the map is object 6.
fn in_composite(content: &str, widths: &str) -> String {
    let font = composite(widths, "Identity-H", "/ToUnicode 6 0 R");
    reading(&pdf_pages(&[content], &font[0], &font[1..])).text
}

#[test]
fn words_are_parted_by_gaps_and_lines_by_steps() {
    assert_eq!(one("BT /F1 12 Tf 72 700 Td (Two words) Tj ET"), "Two words");
    assert_eq!(one("BT /F1 12 Tf 72 700 Td [(Two) -300 (wo) 20 (rds)] TJ ET"), "Two words");
    assert_eq!(one("BT /F1 12 Tf 14 TL 72 700 Td (one) Tj T* (two) Tj (three) ' ET"), "one\ntwo\nthree");
    assert_eq!(one("BT /F1 12 Tf 72 700 Td 3 Tc (spaced out) Tj ET"), "spaced out");
}

#[test]
fn text_drawn_twice_or_off_the_page_is_read_once_or_not() {
    assert_eq!(one("BT /F1 12 Tf 72 700 Td (bold) Tj ET BT /F1 12 Tf 72.4 700 Td (bold) Tj ET"), "bold");
    assert_eq!(one("BT /F1 12 Tf 72 700 Td (seen) Tj ET BT /F1 12 Tf 72 -400 Td (hidden) Tj ET"), "seen");
}

#[test]
fn forms_are_read_where_they_stand_and_never_within_themselves() {
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Matrix [1 0 0 1 0 -20] /Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >>",
        "BT /F1 12 Tf 72 700 Td (form) Tj ET /X Do",
    );
    let bytes = pdf_pages(&["BT /F1 12 Tf 72 700 Td (page) Tj ET /X Do"], HELVETICA, &[form]);
    assert_eq!(reading(&bytes).text, "page\nform");
}

#[test]
fn widths_in_both_forms_are_understood() {
    let content = "BT /F1 10 Tf 72 700 Td <0045> Tj 3 0 Td <0058> Tj 3 0 Td <0041> Tj 3 0 Td <004d> Tj ET";
    assert_eq!(in_composite(content, "/DW 1000 /W [65 90 300]"), "EXAM");
    assert_eq!(
        in_composite(content, "/DW 1000 /W [65 [300 300 300 300 300 300 300 300 300 300 300 300 300] 78 90 300]"),
        "EXAM"
    );
}

#[test]
fn right_to_left_lines_are_read_as_they_are_read() {
    // Drawn from left to right as seen: the word read first stands at the right.
    let seen = "BT /F1 10 Tf 72 700 Td <05dd05d505dc05e9> Tj ET";
    assert_eq!(in_composite(seen, "/DW 500"), "שלום");
    // Drawn letter by letter from the right, with a Latin word in the line.
    let read = "BT /F1 10 Tf 1 0 0 1 200 700 Tm <0645> Tj 1 0 0 1 195 700 Tm <0646> Tj 1 0 0 1 170 700 Tm <004f004b> Tj 1 0 0 1 160 700 Tm <0647> Tj ET";
    assert_eq!(in_composite(read, "/DW 500"), "من OK ه");
}

#[test]
fn words_divided_at_the_end_of_a_line_are_one() {
    let content =
        "BT /F1 12 Tf 14 TL 72 700 Td (the contri-) Tj T* (bution of 2026-) Tj T* (2027, and non-) Tj T* (EU) Tj ET";
    assert_eq!(one(content), "the contribution\nof 2026-2027,\nand non-\nEU");
}

#[test]
fn numbers_and_brackets_in_arabic_lines_are_put_right() {
    // Seen from left to right: a bracket, the later year, the earlier year, a bracket, the word.
    let seen = "BT /F1 10 Tf 72 700 Td <002900320030003200370020002d00200032003000320036002800200645> Tj ET";
    let map = "1 beginbfrange <0020> <007e> <0020> endbfrange 1 beginbfrange <0600> <06ff> <0600> endbfrange";
    let font = composite("/DW 500", "Identity-H", "/ToUnicode 6 0 R");
    let text = reading(&pdf_pages(&[seen], &font[0], &[stream("", map)])).text;
    assert_eq!(text, "م (2026 - 2027)");
}

#[test]
fn predefined_maps_are_decoded() {
    for (map, codes, expected) in [
        ("UniGB-UCS2-H", "<4e2d56fd>", "中国"),
        ("GBK-EUC-H", "<d6d0b9fa41>", "中国A"),
        ("90ms-RKSJ-H", "<93fa967b>", "日本"),
    ] {
        let font = composite("/DW 1000", map, "");
        let bytes = pdf_pages(&[&format!("BT /F1 10 Tf 72 700 Td {codes} Tj ET")], &font[0], &[]);
        assert_eq!(reading(&bytes).text, expected, "{map}");
    }
}

#[test]
fn pages_without_text_are_named_and_a_scan_is_no_text() {
    let bytes = pdf_pages(&["BT /F1 12 Tf 72 700 Td (text) Tj ET", "0 0 10 10 re f"], HELVETICA, &[]);
    let reading_ = reading(&bytes);
    assert_eq!((reading_.pages, reading_.pages_without_text.as_slice()), (Some(2), [2].as_slice()));
    assert_eq!(reading_.outcome, Outcome::Read);
    assert!(reading_.detail.unwrap().contains("1 of 2 pages"));
    let scan = reading(&pdf_pages(&["0 0 10 10 re f"], HELVETICA, &[]));
    assert_eq!((scan.outcome, scan.words, scan.pages), (Outcome::NoText, None, Some(1)));
    assert_eq!(
        scan.detail.unwrap(),
        "This PDF holds pictures of pages only (a scan): please send the DOCX or a PDF with text."
    );
}

/// A picture of that many dots.
fn picture(width: u32, height: u32) -> String {
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 1"
    );
    stream(&entries, "dots")
}

#[test]
fn a_page_that_is_a_picture_is_missing_and_a_blank_one_is_not() {
    let text = "BT /F1 12 Tf 72 700 Td (text) Tj ET";
    let scan = "q 600 0 0 800 0 0 cm /X Do Q";
    let reading_ = reading(&pdf_pages(&[text, scan, ""], HELVETICA, &[picture(1654, 2339)]));
    assert_eq!((reading_.outcome, reading_.words), (Outcome::Partial, Some(1)));
    assert_eq!(
        (reading_.pages_without_text.as_slice(), reading_.pages_failed.as_slice()),
        ([2, 3].as_slice(), [].as_slice())
    );
    assert_eq!(
        reading_.detail.unwrap(),
        "1 of 3 pages hold no text and may be pictures: page 2: a person must look at them. 1 of 3 pages hold no text: \
         page 3."
    );
    let outcome = |page: &str, more: &[String]| reading(&pdf_pages(&[text, page], HELVETICA, more)).outcome;
    for (page, more, expected) in [
        // A sheet between two parts, with a line, a frame and a small emblem.
        ("", vec![], Outcome::Read),
        ("0 0 m 600 0 l S 10 10 580 780 re S", vec![], Outcome::Read),
        (scan, vec![picture(80, 80)], Outcome::Read),
        // A form that shows a picture, a picture that does not tell its size, and text as outlines.
        (
            "/X Do",
            vec![stream("/Subtype /Form /Resources << /XObject << /Y 9 0 R >> >>", "/Y Do"), picture(900, 900)],
            Outcome::Partial,
        ),
        (scan, vec![stream("/Subtype /Image", "dots")], Outcome::Partial),
        (&"1 2 3 4 5 6 c ".repeat(2_000), vec![], Outcome::Partial),
        (&format!("BI /W 90 /H 90 /BPC 1 /CS /G ID {} EI", "0".repeat(2_000)), vec![], Outcome::Partial),
        ("BI /W 9 /H 9 /BPC 1 /CS /G ID 000000000000000000 EI", vec![], Outcome::Read),
    ] {
        assert_eq!(outcome(page, &more), expected, "{}", &page[..page.len().min(60)]);
    }
}

#[test]
fn text_without_unicode_is_said_to_be_so() {
    let font = composite("/DW 1000", "Identity-H", "");
    let bytes = pdf_pages(&["BT /F1 10 Tf 72 700 Td <00050006000700080009> Tj ET"], &font[0], &[]);
    let reading = reading(&bytes);
    assert_ne!(reading.outcome, Outcome::Read);
    assert!(reading.words.is_none() && reading.detail.is_some());
}

#[test]
fn damage_passwords_and_limits_have_their_outcomes() {
    let page = "BT /F1 12 Tf 72 700 Td (text) Tj ET";
    assert_eq!(reading(b"%PDF-1.4\n nothing more").outcome, Outcome::Damaged);
    let loops = pdf(&["<< /Type /Catalog /Pages 2 0 R >>".into(), "<< /Type /Pages /Kids [2 0 R] /Count 1 >>".into()]);
    assert!(!reading(&loops).has_text());
    let few =
        read(Format::Pdf, &pdf_pages(&[page, page, page], HELVETICA, &[]), &Limits { pages: 2, ..Limits::default() });
    assert_eq!((few.outcome, few.pages), (Outcome::Partial, Some(3)));
    assert!(few.detail.unwrap().contains("2 of 3 pages"));
    let mut locked = pdf_pages(&[page], HELVETICA, &["<< /Filter /Standard /V 1 /R 2 /O (01234567890123456789012345678901) /U (01234567890123456789012345678901) /P -4 >>".into()]);
    let text = String::from_utf8(locked).unwrap().replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 6 0 R /ID [(a) (a)]");
    locked = text.into_bytes();
    assert_eq!(reading(&locked).outcome, Outcome::Encrypted);
}

#[test]
fn a_line_before_the_header_does_no_harm() {
    let bytes =
        [b"Printed by a program\n".as_slice(), &pdf_pages(&["BT /F1 12 Tf 72 700 Td (text) Tj ET"], HELVETICA, &[])]
            .concat();
    assert_eq!(reading(&bytes).text, "text");
}

#[test]
fn running_heads_and_page_numbers_are_counted_apart() {
    let page = |(n, word): (usize, &str)| {
        format!(
            "BT /F1 12 Tf 20 TL 72 750 Td (Ministry of Labour) Tj T* (page text {word}) Tj T* (more on its own) Tj \
             T* ({word} and the end) Tj T* (- {n} -) Tj ET"
        )
    };
    let pages: Vec<String> = (1..).zip(["alpha", "beta", "gamma", "delta"]).map(page).collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let reading = reading(&pdf_pages(&pages, HELVETICA, &[]));
    assert!(reading.text.contains("Ministry of Labour"));
    assert_eq!(reading.words, Some(4 * (3 + 4 + 4)));
    assert_eq!(reading.words_by_part.running_heads, 4 * (3 + 3));
}

#[test]
fn pages_of_nothing_but_running_heads_are_counted() {
    let pages: Vec<String> = (1..=4).map(|n| format!("BT /F1 12 Tf 72 700 Td (Page {n}) Tj ET")).collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    assert_eq!(reading(&pdf_pages(&pages, HELVETICA, &[])).words, Some(8), "a text is never of 0 words");
}

#[test]
fn arabic_that_is_set_from_left_to_right_is_read_so() {
    // Seen from left to right: the word, what stands in brackets, a second word, the end of the sentence.
    let seen = "BT /F1 10 Tf 72 700 Td <062d062c00200028004100290020062f062e002e> Tj ET";
    let map = "1 beginbfrange <0020> <007e> <0020> endbfrange 1 beginbfrange <0600> <06ff> <0600> endbfrange";
    let font = composite("/DW 500", "Identity-H", "/ToUnicode 6 0 R");
    let text = reading(&pdf_pages(&[seen], &font[0], &[stream("", map)])).text;
    assert_eq!(text, "جح (A) خد.");
}

#[test]
fn ligatures_are_the_letters_they_stand_for() {
    let font = composite("/DW 500", "Identity-H", "/ToUnicode 6 0 R");
    let map = stream("", "3 beginbfchar <0001> <FB01> <0002> <006600660069> <0003> <0061> endbfchar");
    let text = reading(&pdf_pages(&["BT /F1 10 Tf 72 700 Td <000100030002> Tj ET"], &font[0], &[map])).text;
    assert_eq!(text, "fiaffi");
}

/// A page behind which a form stands: entries of the form, and its field.
fn form(entries: &str, field: &str) -> Vec<u8> {
    pdf(&[
        format!("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] {entries} >> >>"),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        HELVETICA.to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> /Annots [6 0 R] >>".to_owned(),
        stream("", "BT /F1 12 Tf 72 700 Td (Name:) Tj ET"),
        field.to_owned(),
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /F1 3 0 R >> >>",
            "BT /F1 12 Tf 0 5 Td (Labour) Tj ET",
        ),
    ])
}

#[test]
fn what_was_filled_into_a_form_is_read_once() {
    let undrawn = reading(&form("", "<< /FT /Tx /T (name) /V (Ministry of Labour) /Subtype /Widget >>"));
    assert_eq!(undrawn.text, "Name:\nMinistry of Labour", "{undrawn:?}");
    assert!(undrawn.detail.unwrap().contains("form"));
    let widget = "/Subtype /Widget /Rect [72 600 172 620] /AP << /N 7 0 R >>";
    let drawn = reading(&form("", &format!("<< /FT /Tx /T (name) /V (Labour) {widget} >>")));
    assert_eq!((drawn.text.as_str(), drawn.detail), ("Name:\n\nLabour", None));
}

#[test]
fn a_form_of_the_other_kind_is_named() {
    let xfa = reading(&form("/XFA (x)", "<< /FT /Tx /T (name) /Subtype /Widget >>"));
    assert_eq!((xfa.outcome, xfa.text.as_str()), (Outcome::Partial, "Name:"));
    assert!(xfa.detail.unwrap().contains("XFA"));
}

#[test]
fn a_document_whose_table_of_objects_is_wrong_is_read_by_the_second_engine() {
    let text = String::from_utf8(pdf_pages(&["BT /F1 12 Tf 72 700 Td (text kept) Tj ET"], HELVETICA, &[])).unwrap();
    let at = text.rfind("startxref").unwrap();
    let reading = reading(format!("{}startxref\n7\n%%EOF\n", &text[..at]).as_bytes());
    assert_eq!((reading.text.as_str(), reading.outcome), ("text kept", Outcome::Read), "{reading:?}");
    assert_eq!(reading.engine.as_deref(), Some("unpdf"));
    assert_eq!(reading.tried.iter().map(|tried| tried.engine.as_str()).collect::<Vec<_>>(), ["pdf-extract"]);
}

#[test]
fn where_no_engine_tells_of_pictures_a_page_without_text_may_be_one() {
    let text = "BT /F1 12 Tf 72 700 Td (text kept) Tj ET";
    let pdf = String::from_utf8(pdf_pages(&[text, ""], HELVETICA, &[])).unwrap();
    let at = pdf.rfind("startxref").unwrap();
    let reading = reading(format!("{}startxref\n7\n%%EOF\n", &pdf[..at]).as_bytes());
    assert_eq!(reading.engine.as_deref(), Some("unpdf"));
    assert_eq!((reading.outcome, reading.pages_without_text.as_slice()), (Outcome::Partial, [2].as_slice()));
}

#[test]
fn an_empty_password_is_none() {
    let mut document =
        Document::load_mem(&pdf_pages(&["BT /F1 12 Tf 72 700 Td (open to all) Tj ET"], HELVETICA, &[])).unwrap();
    document.trailer.set("ID", Object::Array(vec![Object::string_literal("0123456789abcdef"); 2]));
    for (password, expected) in [("", Outcome::Read), ("secret", Outcome::Encrypted)] {
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: password,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        let mut locked = document.clone();
        locked.encrypt(&state).unwrap();
        let mut bytes = Vec::new();
        locked.save_to(&mut bytes).unwrap();
        let reading = reading(&bytes);
        assert_eq!(reading.outcome, expected, "{password:?}: {:?}", reading.detail);
        assert_eq!(reading.has_text().then_some(reading.text.as_str()), password.is_empty().then_some("open to all"));
    }
}

#[test]
fn an_answer_in_doubt_is_held_against_a_second_one() {
    // Letters torn apart by wide gaps, which the two engines take for words or not.
    let torn = "BT /F1 12 Tf 14 TL 20 780 Td ".to_owned()
        + &"[(t) -400 (o) -400 (r) -400 (n) -400 (u) -400 (p)] TJ T* ".repeat(20)
        + "ET";
    let torn_pdf = pdf_pages(&[&torn], HELVETICA, &[]);
    let doubted = reading(&torn_pdf);
    assert_eq!(doubted.outcome, Outcome::Read);
    assert!(doubted.tried.iter().any(|tried| tried.reason.contains("too long or too short")), "{doubted:?}");
    let mut in_hand = Vec::new();
    let end = read_with(Format::Pdf, &torn_pdf, &Limits::default(), |reading| in_hand.push(reading));
    let [known] = in_hand.as_slice() else { panic!("{in_hand:?}") };
    assert_eq!((known.outcome, known.text.as_str()), (Outcome::Read, end.text.as_str()));
    let said = known.detail.as_deref().unwrap_or_default();
    assert!(said.contains("Please check this count: unpdf was asked, too, and came to no end."), "{said}");
    assert_eq!(known.tried.iter().map(|tried| tried.engine.as_str()).collect::<Vec<_>>(), ["unpdf"]);
    let plain = pdf_pages(&["BT /F1 12 Tf 72 700 Td (nothing odd here) Tj ET"], HELVETICA, &[]);
    let untouched = read_with(Format::Pdf, &plain, &Limits::default(), |early| panic!("{early:?}"));
    let plain = reading(&plain);
    assert_eq!(untouched, plain);
    assert_eq!((plain.engine.as_deref(), plain.tried.len(), plain.detail), (Some("pdf-extract"), 0, None));
}

#[test]
fn a_page_that_cannot_be_read_is_named_and_the_others_are_kept() {
    let (first, last) = ("BT /F1 12 Tf 72 700 Td (the beginning) Tj ET", "BT /F1 12 Tf 72 700 Td (and the end) Tj ET");
    let gap = reading(&pdf_with_a_broken_page(first, last));
    assert_eq!((gap.outcome, gap.engine.as_deref(), gap.pages), (Outcome::Partial, Some("pdf-extract"), Some(3)));
    assert_eq!((gap.pages_failed.as_slice(), gap.pages_without_text.as_slice()), ([2].as_slice(), [].as_slice()));
    assert_eq!((gap.text.as_str(), gap.words), ("the beginning\n\nand the end", Some(5)));
    let said = gap.detail.unwrap();
    assert_eq!(said, "2 of 3 pages could be read (not page 2): a person must look at the others.");
    let [second] = gap.tried.as_slice() else { panic!("the second engine is asked: {:?}", gap.tried) };
    assert_eq!(second.engine, "unpdf");
    assert!(second.reason.contains("it could not read 1 of 3 pages"), "{}", second.reason);
    // A page that says it has none is empty.
    let text = String::from_utf8(pdf_pages(&[first, last], HELVETICA, &[])).unwrap();
    assert!(text.contains("/Contents 7 0 R"));
    let empty = reading(text.replace("/Contents 7 0 R", "/Contents null ").as_bytes());
    assert_eq!(empty.engine.as_deref(), Some("pdf-extract"), "{empty:?}");
    assert_eq!((empty.outcome, empty.pages_without_text.as_slice()), (Outcome::Read, [2].as_slice()));
}
