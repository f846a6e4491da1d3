use std::io::{Cursor, Write as _};

use docket::{
    core::file::{Format, Outcome},
    extract::{Limits, read, sniff},
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

/// An old Word document: its parts by length, in two pieces, of which the first is in bytes and the second in UTF-16.
fn old_word(bytes: &[u8], wide: &str, lengths: [u32; 7]) -> Vec<u8> {
    let units: Vec<u16> = wide.encode_utf16().collect();
    let (first, all) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(bytes.len() + units.len()).unwrap());
    let mut main = vec![0; 0x200];
    let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0xEC, 0xA5, 0xC1, 0]);
    put(0x0A, &0x0200u16.to_le_bytes());
    for (length, at) in lengths.iter().zip([0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64]) {
        put(at, &length.to_le_bytes());
    }
    let second = 0x200 + first;
    let pieces: Vec<u8> = [0, first, all].iter().flat_map(|n| n.to_le_bytes()).collect();
    let place = |place: u32| [&[0, 0][..], &place.to_le_bytes(), &[0, 0]].concat();
    let pieces = [pieces, place((0x200 * 2) | 0x4000_0000), place(second)].concat();
    let size = u32::try_from(pieces.len()).unwrap().to_le_bytes();
    let table = [&[1, 2, 0, 9, 9, 2][..], &size, &pieces].concat();
    put(0x1A6, &u32::try_from(table.len()).unwrap().to_le_bytes());
    main.extend(bytes);
    main.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/WordDocument").unwrap().write_all(&main).unwrap();
    file.create_stream("/1Table").unwrap().write_all(&table).unwrap();
    file.into_inner().into_inner()
}

#[test]
fn old_word_documents_give_their_text_and_say_what_cannot_be_told() {
    let (narrow, wide) = (b"Minist\xE8re\r\x13 PAGE \x14 7\x15 pages\rcell\x07two\x07\x07", "Вклад\rnote\rhead\r");
    let body = u32::try_from(narrow.len()).unwrap() + 6;
    let bytes = old_word(narrow, wide, [body, 5, 5, 0, 0, 0, 0]);
    assert_eq!(sniff(&bytes, Some("input.doc"), ""), Format::Doc);
    let reading = read(Format::Doc, &bytes, &Limits::default());
    assert_eq!(reading.text, "Ministère\n 7 pages\ncell\ttwo\nВклад\n\nnote");
    let words = reading.words_by_part;
    assert_eq!((words.body, words.notes, words.running_heads), (6, 1, 1));
    assert_eq!((reading.outcome, reading.letterhead.lines().next()), (Outcome::Partial, Some("head")));
    assert!(reading.detail.unwrap().contains("please check this count"));
    // Cut anywhere, or with lengths that lie, it has an outcome all the same.
    for cut in (0..bytes.len()).step_by(97) {
        let reading = read(Format::Doc, &bytes[..cut], &Limits::default());
        assert!(reading.detail.is_some());
    }
    let lying = old_word(narrow, wide, [u32::MAX; 7]);
    assert!(read(Format::Doc, &lying, &Limits::default()).has_text());
}
