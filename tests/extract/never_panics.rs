use docket::{
    core::file::{Format, Outcome, Reading},
    extract::{Limits, open, read, sniff},
};
use proptest::prelude::*;

use super::build::{Docx, HELVETICA, p, pdf_pages};

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
    assert_eq!(read, reading.words.is_some());
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
}
