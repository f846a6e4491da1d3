//! Room in memory for the bytes of one message.

/// The C library gives memory back at once that was asked for in one piece of more than 32 MiB, and keeps smaller pieces
/// for later; a daemon would keep several times its largest messages. What is not written to costs nothing.
const GIVEN_BACK: usize = 33 << 20;
/// Pieces up to this size are worth keeping.
const SMALL: usize = 1 << 20;

/// An empty buffer that will hold so many bytes.
#[must_use]
pub fn room(bytes: usize) -> Vec<u8> {
    Vec::with_capacity(if bytes <= SMALL { bytes } else { bytes.max(GIVEN_BACK) })
}
