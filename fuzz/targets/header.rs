//! The header reader of the parent: whatever the bytes, an answer.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = docket::core::mail::header::read(bytes);
    let _ = docket::core::mail::header::message(bytes);
    let _ = docket::core::mail::identity::identity(bytes);
    let _ = docket::core::mail::delivery::ending(bytes);
    let _ = docket::mailbox::mbox::messages(bytes);
});
