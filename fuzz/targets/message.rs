//! The parse of a message, and what is told from its body.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(parsed) = docket::core::mail::message::parse(bytes) {
        let _ = docket::core::mail::quoting::own_words(&parsed.message.body);
        let _ = docket::core::mail::quoting::forwarded(&parsed.message.body);
        let _ = docket::core::text::links(&parsed.message.body);
    }
});
