use docket::{
    core::file::{Format, Outcome, Reading},
    extract::{Limits, open, read, sniff},
};
use proptest::prelude::*;

use super::build::{Docx, HELVETICA, p, pdf_pages, stream, zip};

/// Pieces that lead into every corner of the reader of a Word document's parts.
const WORD: [&str; 44] = [
    "<w:p>",
    "</w:p>",
    "<w:r>",
    "</w:r>",
    "<w:t>word</w:t>",
    "<w:t xml:space=\"preserve\"> a </w:t>",
    "<w:pPr>",
    "</w:pPr>",
    "<w:rPr><w:vanish/></w:rPr>",
    "<w:rPr><w:del/></w:rPr>",
    "<w:pPrChange><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:pPrChange>",
    "<w:numPr><w:ilvl w:val=\"8\"/><w:numId w:val=\"1\"/></w:numPr>",
    "<w:numPr><w:numId w:val=\"2\"/></w:numPr>",
    "<w:pStyle w:val=\"A\"/>",
    "<w:framePr w:dropCap=\"drop\"/>",
    "<w:tbl><w:tr><w:tc>",
    "</w:tc></w:tr></w:tbl>",
    "<w:trPr><w:del/></w:trPr>",
    "<w:ins>",
    "</w:ins>",
    "<w:del>",
    "</w:del>",
    "<w:moveFrom><w:r><w:t>x</w:t></w:r></w:moveFrom>",
    "<w:fldChar w:fldCharType=\"begin\"/>",
    "<w:fldChar w:fldCharType=\"separate\"/>",
    "<w:fldChar w:fldCharType=\"end\"/>",
    "<w:instrText>PAGE</w:instrText>",
    "<mc:AlternateContent>",
    "<mc:Choice>",
    "</mc:Choice>",
    "<mc:Fallback>",
    "</mc:Fallback></mc:AlternateContent>",
    "<w:txbxContent>",
    "</w:txbxContent>",
    "<w:sdt><w:sdtPr/><w:sdtContent>",
    "</w:sdtContent></w:sdt>",
    "<w:sym w:char=\"D800\"/>",
    "<w:sym w:char=\"41\"/>",
    "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>",
    "<w:sectPr><w:headerReference r:id=\"h\"/></w:sectPr>",
    "&#55296;",
    "&amp",
    "<![CDATA[x]]>",
    "<w:br/><w:tab/><w:noBreakHyphen/>",
];

/// The same for the parts that define lists and styles.
const LISTS: [&str; 20] = [
    "<w:abstractNum w:abstractNumId=\"0\">",
    "</w:abstractNum>",
    "<w:lvl w:ilvl=\"0\">",
    "<w:lvl w:ilvl=\"99\">",
    "<w:lvl>",
    "</w:lvl>",
    "<w:start w:val=\"4294967295\"/>",
    "<w:start w:val=\"-1\"/>",
    "<w:numFmt w:val=\"upperRoman\"/>",
    "<w:numFmt w:val=\"lowerLetter\"/>",
    "<w:numFmt w:val=\"chineseCounting\"/>",
    "<w:lvlText w:val=\"%1.%9%0%\"/>",
    "<w:suff w:val=\"nothing\"/>",
    "<w:lvlRestart w:val=\"0\"/>",
    "<w:pStyle w:val=\"A\"/>",
    "<w:numStyleLink w:val=\"A\"/>",
    "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/>",
    "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"0\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/></w:lvlOverride>",
    "</w:num>",
    "<w:style w:styleId=\"A\"><w:basedOn w:val=\"A\"/><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:style>",
];

/// Operators and operands of a page.
const PAGE: [&str; 36] = [
    "BT ",
    "ET ",
    "/F1 12 Tf ",
    "/F9 12 Tf ",
    "/F1 0 Tf ",
    "/F1 -12 Tf ",
    "/F1 1e9 Tf ",
    "72 700 Td ",
    "0 -14 TD ",
    "T* ",
    "14 TL ",
    "3 Tc ",
    "-9 Tw ",
    "0 Tz ",
    "5 Ts ",
    "1 0 0 1 50 50 Tm ",
    "0 0 0 0 0 0 Tm ",
    "0 1 -1 0 300 300 cm ",
    "(text) Tj ",
    "<74657874> Tj ",
    "[(te) -300 (xt)] TJ ",
    "[[(nested)]] TJ ",
    "(next) ' ",
    "1 2 (both) \" ",
    "/X Do ",
    "/Y Do ",
    "q ",
    "Q ",
    "BI /W 1 ID x EI ",
    "(open \\( ",
    "<< /A [ ",
    ">> ",
    "\\377 ",
    "] ",
    "% remark\n",
    "/G gs ",
];

/// Control words and text of an RTF document.
const RICH: [&str; 24] = [
    "{",
    "}",
    "\\rtf1",
    "\\par ",
    "\\u8364?",
    "\\u-1?",
    "\\u55357?",
    "\\uc9 ",
    "\\uc0 ",
    "\\'e9",
    "\\'zz",
    "\\'",
    "\\bin9",
    "\\bin99999999999 ",
    "\\*",
    "\\ansicpg1251",
    "\\ansicpg0",
    "\\deleted",
    "\\fldrslt",
    "\\pict",
    "\\cell\\row",
    "\\",
    "words and ",
    "é\u{FFFD}",
];

/// Elements of an ODT document.
const OPEN: [&str; 22] = [
    "<p>",
    "</p>",
    "<h>",
    "</h>",
    "text ",
    "<s c=\"99999999999\"/>",
    "<s c=\"3\"/>",
    "<tab/>",
    "<line-break/>",
    "<note>",
    "</note>",
    "<note-citation>1</note-citation>",
    "<annotation>",
    "</annotation>",
    "<tracked-changes>",
    "</tracked-changes>",
    "<header>",
    "</header>",
    "<table-cell>",
    "</table-cell>",
    "&lt;",
    "&nothing;",
];

fn pieces(of: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(prop::sample::select(of), 0..most).prop_map(|pieces| pieces.concat())
}

const FORMATS: [Format; 19] = [
    Format::Docx,
    Format::Docm,
    Format::Pdf,
    Format::Doc,
    Format::Odt,
    Format::Rtf,
    Format::Xlsx,
    Format::Pptx,
    Format::Msg,
    Format::Tnef,
    Format::Zip,
    Format::Smime,
    Format::Html,
    Format::Text,
    Format::Image,
    Format::Calendar,
    Format::Message,
    Format::Executable,
    Format::Unknown,
];

/// Engines panic inside and are caught; nothing of it may show.
fn check(bytes: &[u8], format: Format) -> Reading {
    let reading = read(format, bytes, &Limits::default());
    let read = matches!(reading.outcome, Outcome::Read | Outcome::Partial);
    assert_eq!(read, reading.words.is_some_and(|words| words > 0), "a text is never of 0 words: {reading:?}");
    assert_eq!(read, !reading.text.trim().is_empty(), "an empty text never passes for a read one");
    assert!(read || reading.detail.is_some());
    let _ = open(format, bytes, &Limits::default());
    reading
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600), name in "[a-z]{0,4}\\.[a-z]{0,4}", magic in 0usize..8) {
        let heads: [&[u8]; 8] = [b"", b"PK\x03\x04", b"%PDF-1.4\n", b"{\\rtf1", &[0x78, 0x9F, 0x3E, 0x22], &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], b"<html>", &[0x30, 0x82]];
        let bytes = [heads[magic], &bytes].concat();
        check(&bytes, sniff(&bytes, Some(&name), "application/octet-stream"));
        for format in FORMATS {
            check(&bytes, format);
        }
    }

    #[test]
    fn damaged_documents(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        let page = "BT /F1 12 Tf 72 700 Td (A text of a page) Tj 0 -20 Td [(with) -300 (more)] TJ ET";
        for (format, whole) in [(Format::Docx, Docx::new(&p("Some text")).bytes()), (Format::Pdf, pdf_pages(&[page], HELVETICA, &[]))] {
            let mut bytes = whole.clone();
            for (place, byte) in &places {
                let at = place.index(bytes.len());
                bytes[at] = *byte;
            }
            check(&bytes, format);
            check(&whole[..cut.index(whole.len())], format);
        }
    }

    #[test]
    fn any_construct_in_a_word_document(body in pieces(&WORD, 60), head in pieces(&WORD, 12), lists in pieces(&LISTS, 40)) {
        let document = Docx::new(&body)
            .part("l", "numbering", "lists.xml", &format!("<w:numbering>{lists}"))
            .part("s", "styles", "styles.xml", &format!("<w:styles>{lists}"))
            .part("h", "header", "head.xml", &head)
            .part("n", "footnotes", "notes.xml", &head);
        check(&document.bytes(), Format::Docx);
    }

    #[test]
    fn any_operators_on_a_page(content in pieces(&PAGE, 60), form in pieces(&PAGE, 20), map in pieces(&PAGE, 20)) {
        let font = "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 7 0 R /DescendantFonts [<< /Subtype /CIDFontType2 /W [0 9 500 3 [1 2]] >>] >>";
        let form = stream("/Subtype /Form /Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >>", &form);
        for font in [HELVETICA, font] {
            check(&pdf_pages(&[&content], font, &[form.clone(), stream("", &map)]), Format::Pdf);
        }
    }

    #[test]
    fn any_rich_text(text in pieces(&RICH, 60)) {
        check(format!("{{\\rtf1 {text}").as_bytes(), Format::Rtf);
    }

    #[test]
    fn any_open_document(text in pieces(&OPEN, 60)) {
        let content = format!("<document>{text}</document>");
        check(&zip(&[("content.xml", content.as_bytes()), ("styles.xml", content.as_bytes())]), Format::Odt);
    }

    #[test]
    fn any_text_is_counted_and_judged(text in "\\PC{0,400}") {
        let words = docket::core::text::words::count(&text);
        prop_assert!(words <= text.chars().count() as u64);
        prop_assert_eq!(words, docket::core::text::words::count(&format!("\u{FEFF}{text} \u{200B}")));
        let _ = docket::core::text::language::detect(&text);
    }
}
