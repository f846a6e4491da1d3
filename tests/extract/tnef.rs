//! winmail.dat, in every way in which a file stands in it.

use std::io::{Cursor, Write as _};

use docket::{
    core::file::Format,
    extract::{Inner, Limits, Opened, open, sniff},
};
use proptest::prelude::*;

const REND_DATA: u32 = 0x0006_9002;
const TITLE: u32 = 0x0001_8010;
const DATA: u32 = 0x0006_800F;
const PROPERTIES: u32 = 0x0006_9005;

const PDF: &[u8] = b"%PDF-1.4 the document";
const MESSAGE: [u8; 16] = [0x07, 0x03, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];
const STORAGE: [u8; 16] = [0x0B, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];

/// One attribute of a TNEF stream.
fn attribute(level: u8, id: u32, value: &[u8]) -> Vec<u8> {
    let sum: u16 = value.iter().fold(0, |sum, b| sum.wrapping_add(u16::from(*b)));
    let length = u32::try_from(value.len()).expect("short");
    [&[level][..], &id.to_le_bytes(), &length.to_le_bytes(), value, &sum.to_le_bytes()].concat()
}

fn stream(attributes: &[Vec<u8>]) -> Vec<u8> {
    let head = [&0x223E_9F78u32.to_le_bytes()[..], &[1, 0], &attribute(1, 0x0008_9006, &[0, 0, 1, 0])].concat();
    [head, attributes.concat()].concat()
}

/// Properties of variable length: their tags, number first, and values.
fn properties(list: &[(u32, &[u8])]) -> Vec<u8> {
    let mut bytes = u32::try_from(list.len()).unwrap().to_le_bytes().to_vec();
    for (tag, value) in list {
        let length = u32::try_from(value.len()).unwrap();
        bytes.extend([tag.to_le_bytes(), 1u32.to_le_bytes(), length.to_le_bytes()].concat());
        bytes.extend_from_slice(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

fn begins() -> Vec<u8> {
    attribute(2, REND_DATA, &[1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// An attachment with an object.
fn object(title: &[u8], value: &[u8]) -> Vec<u8> {
    let object = attribute(2, PROPERTIES, &properties(&[(0x3701_000D, value)]));
    [begins(), attribute(2, TITLE, title), object].concat()
}

fn simple(title: &[u8], bytes: &[u8]) -> Vec<u8> {
    [begins(), attribute(2, TITLE, title), attribute(2, DATA, bytes)].concat()
}

fn opened(bytes: &[u8]) -> Opened {
    open(Format::Tnef, bytes, &Limits::default()).unwrap()
}

fn files(opened: &Opened) -> Vec<(&str, &[u8])> {
    opened.files.iter().map(|file| (file.name.as_deref().unwrap_or("-"), file.bytes.as_slice())).collect()
}

fn compound(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream(format!("/{name}")).unwrap().write_all(bytes).unwrap();
    file.into_inner().into_inner()
}

fn winmail() -> Vec<u8> {
    let long: Vec<u8> = "Contribution de la Suisse.docx\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    stream(&[
        simple(b"CONTRI~1.DOC\0", b"PK\x03\x04 the document"),
        attribute(2, PROPERTIES, &properties(&[(0x3707_001F, &long)])),
        simple(b"C:\\annex.pdf\0", b"%PDF-1.4"),
    ])
}

/// A path on somebody's server is all that there is of its file.
pub fn winmail_by_reference() -> Vec<u8> {
    let elsewhere = attribute(2, PROPERTIES, &properties(&[(0x370D_001E, b"\\\\server\\input.pdf\0")]));
    stream(&[begins(), attribute(2, TITLE, b"input.pdf\0"), elsewhere])
}

#[test]
fn attachments_come_with_their_names_and_a_cut_is_told() {
    let whole = winmail();
    let expected: [(&str, &[u8]); 2] =
        [("Contribution de la Suisse.docx", b"PK\x03\x04 the document"), ("annex.pdf", b"%PDF-1.4")];
    assert_eq!((files(&opened(&whole)), opened(&whole).rest), (expected.to_vec(), None));
    assert_eq!(opened(&[&whole[..], b"\r\n"].concat()), opened(&whole), "a line end behind it is nothing");
    // What stands before a cut is not lost, and what stands behind it is named.
    let cut = opened(&whole[..whole.len() - 20]);
    assert_eq!(files(&cut), expected[..1]);
    assert!(cut.rest.unwrap().starts_with("The content of “annex.pdf” is not in it"));
    let cut = opened(&whole[..whole.len() - 5]);
    assert_eq!(files(&cut), [expected[0], ("annex.pdf", b"%PDF-")]);
    assert!(cut.rest.unwrap().contains("damaged"));
    assert!(open(Format::Tnef, &whole[..8], &Limits::default()).unwrap_err().contains("winmail.dat"));
}

#[test]
fn a_file_may_stand_in_a_property() {
    let property =
        |value: &[u8]| attribute(2, PROPERTIES, &properties(&[(0x3707_001E, b"input.pdf\0"), (0x3701_0102, value)]));
    let alone = stream(&[begins(), property(PDF)]);
    assert_eq!(files(&opened(&alone)), [("input.pdf", PDF)]);
    // It goes before what stands in for it, and comes once where it stands twice.
    for beside in [b"\x01\x02\0\x03".as_slice(), b"", PDF] {
        let both = stream(&[simple(b"INPUT.PDF\0", beside), property(PDF)]);
        assert_eq!((files(&opened(&both)), opened(&both).rest), (vec![("input.pdf", PDF)], None), "{beside:?}");
    }
    // Two that differ are both documents.
    let other = stream(&[simple(b"INPUT.PDF\0", b"%PDF-1.7"), property(PDF)]);
    assert_eq!(opened(&other).files.len(), 2);
}

#[test]
fn a_message_within_is_a_container_with_its_text_beside() {
    let inside = stream(&[attribute(1, 0x0002_800C, b"Please find our input.\0"), simple(b"input.pdf\0", PDF)]);
    let icon = attribute(2, DATA, b"This attachment is a MAPI 1.0 embedded message and is not supported.");
    let value = [&MESSAGE[..], &inside].concat();
    let whole = stream(&[
        begins(),
        icon,
        attribute(2, TITLE, b"Input\0"),
        attribute(2, PROPERTIES, &properties(&[(0x3701_000D, &value)])),
    ]);
    let found = opened(&whole);
    assert_eq!(
        (files(&found), &found.rest),
        (vec![("Input", inside.as_slice()), ("-", b"Please find our input.")], &None)
    );
    assert_eq!(sniff(&found.files[0].bytes, Some("Input"), &found.files[0].media_type), Format::Tnef);
    assert_eq!(files(&opened(&found.files[0].bytes)), [("input.pdf", PDF)]);
    // The body alone, plain, as HTML or packed as RTF, is what the message holds.
    let rtf = [b"\x2D\0\0\0\x2B\0\0\0LZFu\xF1\xC5\xC7\xA7\x03\0\x0A\0rcpg125B\x32\x0A\xF3 hel\x09\0 bw\x05\xB0ld}\x0A\x80\x0F\xA0".as_slice()].concat();
    let text: Vec<u8> = "Our input".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (tag, value, media_type, expected) in [
        (0x1000_001F, text.as_slice(), "text/plain", b"Our input".as_slice()),
        (0x1013_0102, b"<p>Our input</p>", "text/html", b"<p>Our input</p>"),
        (0x1009_0102, &rtf, "text/rtf", b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"),
    ] {
        let inside = stream(&[attribute(1, 0x0006_9003, &properties(&[(tag, value)]))]);
        let found = opened(&stream(&[object(b"Input\0", &[&MESSAGE[..], &inside].concat())]));
        assert_eq!(files(&found), [("-", expected)], "{media_type}");
        assert_eq!(found.files[0].media_type, media_type);
    }
    // One that nobody can open is named.
    let found = opened(&stream(&[object(b"Input\0", &[&MESSAGE[..], b"\x01\x02\0nothing"].concat())]));
    assert!(found.rest.unwrap().contains("“Input” is not in it, or could not be opened"));
    assert_eq!(found.files.len(), 1);
}

#[test]
fn an_object_gives_the_document_that_is_in_it() {
    let packaged = [
        &[0, 0, 0, 0, 2, 0][..],
        b"Input of Estonia.pdf\0C:\\input.pdf\0",
        &[0, 0, 3, 0, 4, 0, 0, 0],
        b"C:\\\0",
        &u32::try_from(PDF.len()).unwrap().to_le_bytes(),
        PDF,
        b"what follows",
    ]
    .concat();
    let word = compound("WordDocument", b"old");
    let nobodys = compound("Something", b"else");
    for (what, bytes, expected) in [
        ("Acrobat", compound("CONTENTS", PDF), ("OBJECT.PDF", PDF)),
        ("Office", compound("Package", b"PK\x03\x04"), ("OBJECT.PDF", b"PK\x03\x04".as_slice())),
        ("packager", compound("\u{1}Ole10Native", &packaged), ("Input of Estonia.pdf", PDF)),
        ("old Word", word.clone(), ("OBJECT.PDF", &word)),
        ("nobody", nobodys.clone(), ("OBJECT.PDF", &nobodys)),
        ("the file itself", PDF.to_vec(), ("OBJECT.PDF", PDF)),
    ] {
        for id in [&STORAGE[..], &[]] {
            let found = opened(&stream(&[object(b"OBJECT.PDF\0", &[id, &bytes].concat())]));
            assert_eq!((files(&found), found.rest.as_deref()), (vec![expected], None), "{what}");
        }
    }
}

#[test]
fn what_is_named_and_not_there_is_told() {
    let found = opened(&winmail_by_reference());
    assert!(found.files.is_empty() && found.rest.unwrap().starts_with("The content of “input.pdf” is not in it"));
    let many = opened(&stream(&[begins(), attribute(2, TITLE, b"a.pdf\0"), begins(), begins()]));
    assert!(many.rest.unwrap().starts_with("The contents of “a.pdf” and 2 more files are not in it"));
    // It is a part of the mail.
    let beside = stream(&[begins(), attribute(2, TITLE, b"input.pdf\0"), attribute(2, 0x0001_9001, b"input.pdf\0")]);
    assert_eq!(opened(&beside), Opened::default());
    // An empty file is a file.
    assert_eq!(files(&opened(&stream(&[simple(b"input.txt\0", b"")]))), [("input.txt", b"".as_slice())]);
}

/// Every way in one stream; what it holds, wherever it stands.
fn every_way() -> (Vec<u8>, Vec<Vec<u8>>) {
    let documents: Vec<Vec<u8>> = (0..5).map(|n| format!("%PDF-1.{n} document {n}").into_bytes()).collect();
    let message = stream(&[simple(b"e.pdf\0", &documents[4])]);
    let whole = stream(&[
        simple(b"a.pdf\0", &documents[0]),
        begins(),
        attribute(2, PROPERTIES, &properties(&[(0x3707_001E, b"b.pdf\0"), (0x3701_0102, &documents[1])])),
        object(b"c.pdf\0", &documents[2]),
        object(b"d.pdf\0", &[&STORAGE[..], &compound("CONTENTS", &documents[3])].concat()),
        object(b"Message\0", &[&MESSAGE[..], &message].concat()),
    ]);
    (whole, documents)
}

/// Everything in it that is no container, and whether anything is said to be missing.
fn unpacked(bytes: &[u8]) -> (Vec<Inner>, bool) {
    let Ok(Opened { files, rest }) = open(Format::Tnef, bytes, &Limits::default()) else { return (vec![], true) };
    let (mut found, mut told) = (vec![], rest.is_some());
    for file in files {
        match sniff(&file.bytes, None, "application/octet-stream") {
            Format::Tnef => {
                let (more, missing) = unpacked(&file.bytes);
                found.extend(more);
                told |= missing;
            }
            _ => found.push(file),
        }
    }
    (found, told)
}

#[test]
fn every_cut_keeps_what_stands_before_it_and_tells_of_what_it_cuts() {
    let (whole, documents) = every_way();
    let (all, told) = unpacked(&whole);
    assert_eq!((all.into_iter().map(|file| file.bytes).collect::<Vec<_>>(), told), (documents.clone(), false));
    let begun =
        |bytes: &[u8]| bytes.windows(5).filter(|w| **w == [&[2][..], &REND_DATA.to_le_bytes()].concat()).count();
    for cut in 0..whole.len() {
        let (found, told) = unpacked(&whole[..cut]);
        // The last is counted twice: once as a message, once as the file in it.
        assert!(told || found.len() >= begun(&whole[..cut]).min(documents.len()), "cut at {cut}");
        for document in documents.iter().filter(|d| whole[..cut].windows(d.len()).any(|w| w == d.as_slice())) {
            let there = found.iter().any(|file| file.bytes.windows(document.len()).any(|w| w == document.as_slice()));
            assert!(there || told, "cut at {cut}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_changed_byte_loses_a_file_silently(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (mut whole, documents) = every_way();
        let at = place.index(whole.len());
        whole[at] = byte;
        let (found, told) = unpacked(&whole);
        prop_assert!(told || found.len() >= documents.len(), "byte {at} as {byte:02x}: {} files", found.len());
    }

    #[test]
    fn any_changes_leave_files_or_a_sentence(
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let (mut whole, _) = every_way();
        for (place, byte) in places {
            let at = place.index(whole.len());
            whole[at] = byte;
        }
        whole.truncate(cut.index(whole.len()) + 1);
        let (found, told) = unpacked(&whole);
        prop_assert!(told || !found.is_empty() || whole.len() < 64);
    }
}
