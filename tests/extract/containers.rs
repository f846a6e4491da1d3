use std::io::{Cursor, Write as _};

use docket::{
    core::file::Format,
    extract::{Inner, Limits, open},
};

use super::build::zip;

fn names(inner: &[Inner]) -> Vec<&str> {
    inner.iter().map(|i| i.name.as_deref().unwrap_or("-")).collect()
}

#[test]
fn a_zip_gives_its_files_without_paths() {
    let bytes = zip(&[
        ("../../etc/Input.docx", b"1"),
        ("folder/", b""),
        ("a\\Annex.pdf", b"2"),
        ("__MACOSX/x", b"3"),
        (".DS_Store", b"4"),
    ]);
    let inner = open(Format::Zip, &bytes, &Limits::default()).unwrap();
    assert_eq!(names(&inner), ["Input.docx", "Annex.pdf"]);
    assert_eq!(inner[1].bytes, b"2");
}

#[test]
fn zip_names_in_old_code_pages_are_decoded() {
    for (place, name, expected) in [
        ("Russian", encoding_rs::IBM866.encode("Вклад.doc").0.into_owned(), "Вклад.doc"),
        ("Chinese", encoding_rs::GBK.encode("中华人民共和国意见.doc").0.into_owned(), "中华人民共和国意见.doc"),
        ("western", b"R\x82ponse.pdf".to_vec(), "Réponse.pdf"),
    ] {
        // The writer knows UTF-8 only: names of the same length are put in afterwards.
        let stand_in = "x".repeat(name.len());
        let mut bytes = zip(&[(&stand_in, b"1")]);
        while let Some(at) = bytes.windows(name.len()).position(|w| w == stand_in.as_bytes()) {
            bytes[at..at + name.len()].copy_from_slice(&name);
        }
        let inner = open(Format::Zip, &bytes, &Limits::default()).unwrap();
        assert_eq!(names(&inner), [expected], "{place}");
    }
}

#[test]
fn a_bomb_is_refused_in_words() {
    let bytes = zip(&[("zeros.txt", &vec![0; 8 << 20])]);
    let refusal = open(Format::Zip, &bytes, &Limits::default()).unwrap_err();
    assert!(refusal.contains("more than is safe"), "{refusal}");
    let refusal = open(Format::Zip, b"PK\x03\x04", &Limits::default()).unwrap_err();
    assert!(refusal.contains("damaged"), "{refusal}");
    assert!(open(Format::Pdf, b"%PDF-", &Limits::default()).is_err());
}

/// One attribute of a TNEF stream.
fn attribute(level: u8, id: u32, value: &[u8]) -> Vec<u8> {
    let sum: u16 = value.iter().fold(0, |sum, b| sum.wrapping_add(u16::from(*b)));
    let length = u32::try_from(value.len()).expect("short");
    [&[level][..], &id.to_le_bytes(), &length.to_le_bytes(), value, &sum.to_le_bytes()].concat()
}

fn winmail() -> Vec<u8> {
    let long: Vec<u8> = "Contribution de la Suisse.docx\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u32::try_from(long.len()).expect("short");
    let fill = vec![0; long.len().wrapping_neg() % 4];
    let property = [
        &1u32.to_le_bytes()[..],
        &0x1Fu16.to_le_bytes(),
        &0x3707u16.to_le_bytes(),
        &1u32.to_le_bytes(),
        &length.to_le_bytes(),
        &long,
        &fill,
    ]
    .concat();
    [
        &0x223E_9F78u32.to_le_bytes()[..],
        &[1, 0],
        &attribute(1, 0x0008_9006, &[0, 0, 1, 0]),
        &attribute(2, 0x0006_9002, &[1, 0]),
        &attribute(2, 0x0001_8010, b"CONTRI~1.DOC\0"),
        &attribute(2, 0x0006_800F, b"PK\x03\x04 the document"),
        &attribute(2, 0x0006_9005, &property),
        &attribute(2, 0x0006_9002, &[1, 0]),
        &attribute(2, 0x0001_8010, b"C:\\annex.pdf\0"),
        &attribute(2, 0x0006_800F, b"%PDF-1.4"),
    ]
    .concat()
}

#[test]
fn winmail_dat_gives_its_attachments() {
    let inner = open(Format::Tnef, &winmail(), &Limits::default()).unwrap();
    assert_eq!(names(&inner), ["Contribution de la Suisse.docx", "annex.pdf"]);
    assert_eq!(inner[0].bytes, b"PK\x03\x04 the document");
    // What stands before a cut is not lost.
    let whole = winmail();
    let inner = open(Format::Tnef, &whole[..whole.len() - 20], &Limits::default()).unwrap();
    assert_eq!(names(&inner), ["Contribution de la Suisse.docx"]);
    assert!(open(Format::Tnef, &whole[..8], &Limits::default()).unwrap_err().contains("winmail.dat"));
}

#[test]
fn an_outlook_message_gives_body_and_attachments() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let mut put = |path: &str, bytes: &[u8]| {
        if let Some((storage, _)) = path.rsplit_once('/').filter(|(s, _)| !s.is_empty()) {
            file.create_storage_all(storage).unwrap();
        }
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    };
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    put("/__substg1.0_1000001F", &wide("Please find attached."));
    put("/__attach_version1.0_#00000000/__substg1.0_37010102", b"%PDF-1.4");
    put("/__attach_version1.0_#00000000/__substg1.0_3707001F", &wide("Ввод.pdf"));
    put(
        "/__attach_version1.0_#00000001/__substg1.0_3701000D/__attach_version1.0_#00000000/__substg1.0_37010102",
        b"deep",
    );
    put(
        "/__attach_version1.0_#00000001/__substg1.0_3701000D/__attach_version1.0_#00000000/__substg1.0_3704001E",
        b"DEEP.TXT",
    );
    let bytes = file.into_inner().into_inner();
    let inner = open(Format::Msg, &bytes, &Limits::default()).unwrap();
    assert_eq!(names(&inner), ["-", "Ввод.pdf", "DEEP.TXT"]);
    assert_eq!(inner[0].bytes, b"Please find attached.");
    assert_eq!(inner[2].bytes, b"deep");
}
