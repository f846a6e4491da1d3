//! What a file is, by its content.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = docket::extract::sniff(bytes, Some("input.docx"), "application/octet-stream");
});
