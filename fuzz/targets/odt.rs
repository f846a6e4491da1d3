//! The reader of ODT files: an outcome for any bytes, and no empty text that passes for a read one.

#![no_main]

use docket::{core::file::Format, extract::Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: docket_fuzz::caught_panics_are_answers(), |bytes: &[u8]| {
    let reading = docket::extract::read(Format::Odt, bytes, &Limits::default());
    assert_eq!(reading.words.is_some_and(|words| words > 0), reading.has_text());
    assert!(reading.has_text() || reading.detail.is_some());
});
