//! What the fuzz targets share.

use std::panic;

/// Readers catch the panics of the libraries that they ask, and answer with an outcome: only what escapes is a crash.
/// (libFuzzer's own hook ends the process at the first panic.)
pub fn caught_panics_are_answers() {
    panic::set_hook(Box::new(|_| {}));
}
