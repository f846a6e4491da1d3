//! What one file may cost, so that no file costs the others their reading.

/// What one file may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of one zip file.
    pub entries: usize,
    /// Uncompressed bytes of one part, counted while reading.
    pub part_bytes: u64,
    /// Uncompressed bytes of all parts together.
    pub all_bytes: u64,
    /// Uncompressed for compressed bytes, past the first MiB.
    pub ratio: u64,
    /// Nesting of XML elements.
    pub nesting: usize,
    /// Pages read.
    pub pages: u32,
    /// Bytes of text kept.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 20_000,
            part_bytes: 96 << 20,
            all_bytes: 256 << 20,
            ratio: 200,
            nesting: 4_000,
            pages: 2_000,
            text_bytes: 5_000_000,
        }
    }
}
