//! The bytes of a TNEF stream, read from the front.

/// How a TNEF stream begins.
pub(super) const SIGNATURE: u32 = 0x223E_9F78;
/// An attribute without a value.
const SHORTEST: usize = 11;

/// Whether the bytes begin like a TNEF stream.
pub(super) fn is_tnef(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE.to_le_bytes())
}

/// Bytes yet to be read.
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    /// How many bytes follow.
    pub(super) fn rest(&self) -> usize {
        self.0.len()
    }

    /// Nothing follows but what mail programs put behind a file.
    pub(super) fn is_over(&self) -> bool {
        self.0.len() < SHORTEST && self.0.iter().all(|byte| matches!(byte, 0 | b'\r' | b'\n'))
    }

    /// As many bytes, and what fills them up to four.
    pub(super) fn padded(&mut self, n: usize) -> Option<&'a [u8]> {
        let value = self.take(n)?;
        let fill = n.wrapping_neg() % 4;
        self.take(fill.min(self.0.len()))?;
        Some(value)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }
}
