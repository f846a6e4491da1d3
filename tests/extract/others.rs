use docket::{
    core::file::{Format, Outcome},
    extract::{Limits, read},
};

use super::build::zip;

fn text(format: Format, bytes: &[u8]) -> String {
    read(format, bytes, &Limits::default()).text
}

#[test]
fn plain_text_in_any_charset() {
    let wide: Vec<u8> = "Ministère\r\ndes affaires".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text(Format::Text, &wide), "Ministère\ndes affaires");
    assert_eq!(text(Format::Text, "\u{FEFF}Ministère".as_bytes()), "Ministère");
    let russian = "Правительство направляет письменный вклад в обзор";
    assert_eq!(text(Format::Text, &encoding_rs::WINDOWS_1251.encode(russian).0), russian);
    assert_eq!(text(Format::Text, &encoding_rs::KOI8_R.encode(russian).0), russian);
    assert_eq!(text(Format::Text, b"a\0b\x07c"), "abc");
}

#[test]
fn html_gives_what_is_seen() {
    let page = b"<html><head><meta charset=iso-8859-1><style>p{}</style></head><body><p>Minist\xE8re</p><script>x</script><p>deux</p></body></html>";
    let text = text(Format::Html, page);
    assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["Ministère", "deux"]);
}

#[test]
fn odt_gives_body_notes_and_running_heads() {
    let content = r#"<office:document-content><office:body><office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>
        <text:h>Title</text:h><text:p>Two<text:s text:c="2"/>words<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>below</text:p></text:note-body></text:note></text:p>
        <text:p>x<office:annotation><text:p>comment</text:p></office:annotation></text:p></office:text></office:body></office:document-content>"#;
    let styles = "<s><style:header><text:p>Ministry</text:p></style:header></s>";
    let bytes = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        ("styles.xml", styles.as_bytes()),
    ]);
    let reading = read(Format::Odt, &bytes, &Limits::default());
    assert_eq!((reading.words, reading.words_by_part.notes, reading.words_by_part.running_heads), (Some(4), 1, 1));
    assert!(reading.text.ends_with("below") && !reading.text.contains("gone") && !reading.text.contains("comment"));
    assert!(reading.letterhead.starts_with("Ministry"));
    let locked = zip(&[("content.xml", b"??"), ("META-INF/manifest.xml", b"<m><manifest:encryption-data/></m>")]);
    assert_eq!(read(Format::Odt, &locked, &Limits::default()).outcome, Outcome::Encrypted);
}

#[test]
fn rtf_gives_its_text() {
    let cases: [(&[u8], &str); 6] = [
        (b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}Hello\\par World}", "Hello\nWorld"),
        (b"{\\rtf1\\ansicpg1251 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2}", "Привет"),
        (b"{\\rtf1 \\u20013?\\u22269? \\u-10179?\\u-8704?}", "中国 😀"),
        (b"{\\rtf1 a{\\*\\generator none}b{\\field{\\*\\fldinst HYPERLINK}{\\fldrslt link}}}", "ablink"),
        (b"{\\rtf1 one\\cell two\\row}", "one\ttwo"),
        (b"{\\rtf1 \\{x\\}\\~y{\\pict\\bin3 abcz}}", "{x} y"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(text(Format::Rtf, bytes), expected);
    }
    let deep = "{".repeat(10_000);
    assert_eq!(read(Format::Rtf, deep.as_bytes(), &Limits::default()).outcome, Outcome::TooLarge);
}

#[test]
fn what_is_not_read_says_what_to_send() {
    for (format, outcome, word) in [
        (Format::Doc, Outcome::Unsupported, "DOCX or PDF"),
        (Format::Xlsx, Outcome::Unsupported, "DOCX or PDF"),
        (Format::Pptx, Outcome::Unsupported, "DOCX or PDF"),
        (Format::Image, Outcome::NoText, "picture"),
        (Format::Executable, Outcome::Unsupported, "a program, not a document; it was not opened"),
        (Format::Zip, Outcome::NotRead, "other files"),
        (Format::Unknown, Outcome::Unsupported, "not known"),
    ] {
        let reading = read(format, b"something", &Limits::default());
        assert_eq!((reading.outcome, reading.words), (outcome, None), "{format:?}");
        assert!(reading.detail.unwrap().contains(word), "{format:?}");
    }
    for nothing in ["  \n ", "\u{200B}\u{200F}"] {
        let empty = read(Format::Text, nothing.as_bytes(), &Limits::default());
        assert_eq!((empty.outcome, empty.words), (Outcome::NoText, None));
    }
}
