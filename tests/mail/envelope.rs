//! The envelope of what no mail brought: what was put into it comes out as it was.

use docket::core::{
    mail::{
        envelope::{Envelope, FIELD, envelope},
        identity,
        message::parse,
    },
    recorded::{Recorded, Way},
};
use proptest::prelude::*;

fn recorded() -> Recorded {
    Recorded { way: Way::Pouch, authority: "M. Weber, registry".to_owned() }
}

fn of<'a>(recorded: &'a Recorded, subject: &'a str, files: &'a [(String, Vec<u8>)]) -> Envelope<'a> {
    let received = "2020-09-28T10:00:00+02:00".parse().unwrap();
    Envelope { subject, recorded, received, text: "It came by pouch: « Côte d’Ivoire ».\r\n", files }
}

#[test]
fn it_names_no_sender_and_says_what_it_is() {
    let recorded = recorded();
    let bytes = envelope(&of(&recorded, "Armenia: by pouch", &[]));
    assert!(bytes.is_ascii() && bytes.split(|byte| *byte == b'\n').all(|line| line.len() < 998));
    let message = parse(&bytes).unwrap().message;
    assert_eq!((message.from, message.reply_to.len(), message.message_id), (None, 0, None));
    assert_eq!(message.subject.as_deref(), Some("Armenia: by pouch"));
    assert_eq!(message.date, Some("2020-09-28T08:00:00Z".parse().unwrap()));
    assert!(message.headers.iter().any(|header| header.name == FIELD && header.value == "pouch"));
    assert!(message.body.starts_with("It came by pouch: « Côte d’Ivoire »."), "{}", message.body);
    assert!(message.defects.is_empty(), "{:?}", message.defects);
    assert!(identity::identity(&bytes).is_some());
    let long = "Côte d’Ivoire, République démocratique populaire lao, Türkiye: ".repeat(3);
    let files = [("Contribution – 2020.docx".to_owned(), b"PK".to_vec()), ("مساهمة.pdf".to_owned(), b"%PDF-".to_vec())];
    let parsed = parse(&envelope(&of(&recorded, &long, &files))).unwrap();
    assert_eq!(parsed.message.subject.as_deref(), Some(long.trim()));
    let names: Vec<&str> = parsed.parts.iter().filter_map(|part| part.name.as_deref()).collect();
    assert_eq!(names, ["Contribution – 2020.docx", "مساهمة.pdf"]);
}

proptest! {
    #[test]
    fn each_file_comes_out_byte_for_byte_under_its_name(
        subject in "[\\PC]{1,120}",
        files in prop::collection::vec(("[\\PC&&[^/]]{1,40}", prop::collection::vec(any::<u8>(), 1..500)), 0..4),
    ) {
        let recorded = recorded();
        let bytes = envelope(&of(&recorded, &subject, &files));
        prop_assert_eq!(&bytes, &envelope(&of(&recorded, &subject, &files)));
        let parsed = parse(&bytes).unwrap();
        let came: Vec<&[u8]> = parsed.parts.iter().map(|part| part.bytes.as_slice()).collect();
        let expected: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        prop_assert_eq!(came, expected);
        prop_assert!(parsed.message.defects.is_empty(), "{:?}", parsed.message.defects);
    }
}
