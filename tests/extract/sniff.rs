use docket::{core::file::Format, extract::sniff};

use super::build::{Docx, HELVETICA, p, pdf_pages, zip};

#[test]
fn content_decides() {
    let program = [b"MZ\x90\0\x03\0\0\0".as_slice(), &[0; 100]].concat();
    let types = |t: &str| zip(&[("[Content_Types].xml", t.as_bytes()), ("x/a.xml", b"<a/>")]);
    let der = [0x30, 0x82, 1, 0, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
    let late = [vec![b'\n'; 500], pdf_pages(&["BT ET"], HELVETICA, &[])].concat();
    let cases: Vec<(&str, Vec<u8>, &str, &str, Format)> = vec![
        ("document", Docx::new(&p("a")).bytes(), "a.bin", "application/octet-stream", Format::Docx),
        ("document with macros", Docx::new(&p("a")).macros().bytes(), "a.docx", "", Format::Docm),
        ("spreadsheet", types("spreadsheetml.sheet.main+xml"), "a.docx", "", Format::Xlsx),
        ("presentation", types("presentationml.presentation.main+xml"), "a.docx", "", Format::Pptx),
        (
            "text of another office",
            zip(&[("mimetype", b"application/vnd.oasis.opendocument.text")]),
            "a.zip",
            "",
            Format::Odt,
        ),
        ("archive", zip(&[("a.txt", b"x")]), "a.docx", "", Format::Zip),
        ("program under another name", program, "input.pdf", "application/pdf", Format::Executable),
        ("unix program", b"\x7FELF\x02\x01".to_vec(), "a.docx", "", Format::Executable),
        ("script", b"#!/bin/sh\nrm -rf /\n".to_vec(), "a.txt", "text/plain", Format::Executable),
        ("script by name", b"WScript.Echo 1".to_vec(), "a.vbs", "", Format::Executable),
        ("late header", late, "a.txt", "", Format::Pdf),
        ("rtf", b"{\\rtf1 hello}".to_vec(), "a.doc", "application/msword", Format::Rtf),
        ("winmail.dat", vec![0x78, 0x9F, 0x3E, 0x22, 1, 0], "winmail.dat", "", Format::Tnef),
        ("signature", b"-----BEGIN PKCS7-----\nMII".to_vec(), "smime.p7s", "", Format::Smime),
        ("signature in binary", der.to_vec(), "smime.p7s", "", Format::Smime),
        ("calendar", b"BEGIN:VCALENDAR\r\n".to_vec(), "a.txt", "", Format::Calendar),
        ("page", b"\n<!DOCTYPE html><p>x".to_vec(), "a.doc", "", Format::Html),
        ("picture", b"\x89PNG\r\n\x1A\n....".to_vec(), "a.pdf", "", Format::Image),
        ("drawing", b"<svg xmlns='x'/>".to_vec(), "logo.svg", "", Format::Image),
        ("message", b"From: a@b\r\nTo: c@d\r\n\r\nHi".to_vec(), "a.eml", "", Format::Message),
        ("text that looks like one", b"From: the minister\n".to_vec(), "a.txt", "text/plain", Format::Text),
        ("text in another charset", vec![0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2], "a.txt", "", Format::Text),
        ("bytes", vec![1, 2, 0, 3, 4], "a.txt", "text/plain", Format::Unknown),
        ("cut document", Docx::new(&p("a")).bytes()[..300].to_vec(), "a.docx", "", Format::Docx),
    ];
    for (what, bytes, name, media_type, expected) in cases {
        assert_eq!(sniff(&bytes, Some(name), media_type), expected, "{what}");
    }
}

#[test]
fn compound_files_are_told_by_their_streams() {
    for (stream, expected) in [
        ("/WordDocument", Format::Doc),
        ("/__properties_version1.0", Format::Msg),
        ("/Workbook", Format::Xlsx),
        ("/PowerPoint Document", Format::Pptx),
        ("/EncryptedPackage", Format::Docx),
        ("/Something", Format::Unknown),
    ] {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        file.create_stream(stream).unwrap();
        let bytes = file.into_inner().into_inner();
        assert_eq!(sniff(&bytes, Some("a.dat"), "application/octet-stream"), expected, "{stream}");
    }
}
