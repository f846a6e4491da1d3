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
    let inner = open(Format::Zip, &bytes, &Limits::default()).unwrap().files;
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
        let inner = open(Format::Zip, &bytes, &Limits::default()).unwrap().files;
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
    let inner = open(Format::Msg, &bytes, &Limits::default()).unwrap().files;
    assert_eq!(names(&inner), ["-", "Ввод.pdf", "DEEP.TXT"]);
    assert_eq!(inner[0].bytes, b"Please find attached.");
    assert_eq!(inner[2].bytes, b"deep");
}

#[test]
fn an_outlook_message_gives_the_document_of_an_object_and_tells_what_it_lacks() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let mut put = |path: &str, bytes: &[u8]| {
        file.create_storage_all(path.rsplit_once('/').unwrap().0).unwrap();
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    };
    put("/__attach_version1.0_#00000000/__substg1.0_3701000D/CONTENTS", b"%PDF-1.4");
    put("/__attach_version1.0_#00000001/__substg1.0_3701000D/Something", b"nobody's");
    put("/__attach_version1.0_#00000002/__substg1.0_3704001E", b"ELSEWH~1.PDF");
    let bytes = file.into_inner().into_inner();
    let opened = open(Format::Msg, &bytes, &Limits::default()).unwrap();
    assert_eq!((opened.files.len(), opened.files[0].bytes.as_slice()), (1, b"%PDF-1.4".as_slice()));
    assert!(opened.rest.unwrap().starts_with("2 files that are attached to it could not be opened"));
}
