//! The words of calls in a text: each stands by itself, and an address is no word.

use docket::core::purpose::Topic;
use proptest::prelude::*;

fn topic(calls: &[&[&str]]) -> Topic {
    let words: Vec<Vec<String>> =
        calls.iter().map(|words| words.iter().map(|&word| word.to_owned()).collect()).collect();
    Topic::new(words.iter().map(|words| (words.as_slice(), [].as_slice())), ["gcm-input@example.org"])
}

#[test]
fn words_of_a_call_stand_by_themselves() {
    let topic = topic(&[&["GCM", "regional review", "移民契约", "Обзор", "Global* Pakt*"]]);
    for (text, used) in [
        ("Our input to the gcm", 1),
        ("GCM: the Regional\r\n  Review", 2),
        ("GCM, and once more the GCM", 1),
        ("aes-xgcm-256 and gcm2", 0),
        ("agcms", 0),
        ("关于移民契约的材料", 1),
        ("Национальный обзор", 1),
        ("zum Globalen Pakte", 1),
        ("write to gcm-input@example.org or gcm@elsewhere.example", 0),
        ("the mailbox gcm-input is full", 0),
        ("https://gcm.example/regional", 0),
        ("", 0),
    ] {
        assert_eq!(topic.used(text), [used], "{text}");
    }
    assert_eq!(self::topic(&[&["", "  "]]).used("anything"), [0]);
}

#[test]
fn each_call_has_its_own_count() {
    let topic = topic(&[&["GCM", "regional review"], &["census", "regional review"]]);
    assert_eq!(topic.used("the regional review of the GCM"), [2, 1]);
    assert_eq!(topic.used("the census"), [0, 1]);
    assert_eq!(self::topic(&[]).used("the census"), [0; 0]);
}

proptest! {
    #[test]
    fn any_text_is_looked_through(words in proptest::collection::vec(".{0,6}", 0..4), text in "[^@]{0,60}") {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        prop_assert_eq!(topic(&[&words]).used(&text).len(), 1);
        let quoted = format!("{text} GCM {text}");
        prop_assert_eq!(topic(&[&["GCM"]]).used(&quoted), [1]);
    }
}
