//! The opener of ZIP containers: files, or a sentence.

#![no_main]

use docket::{core::file::Format, extract::Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: docket_fuzz::caught_panics_are_answers(), |bytes: &[u8]| {
    match docket::extract::open(Format::Zip, bytes, &Limits::default()) {
        Ok(files) => drop(files),
        Err(sentence) => assert!(sentence.ends_with('.')),
    }
});
