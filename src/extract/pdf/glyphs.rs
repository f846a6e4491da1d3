//! What the parser draws on a page, collected glyph by glyph.
//!
//! Promises each glyph once, where it stands: those drawn twice for a bold look or a shadow, and those off the page, are
//! left out.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};
use unicode_normalization::UnicodeNormalization as _;

/// A glyph on the page.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) text: String,
    pub(super) x: f64,
    pub(super) y: f64,
    /// The direction of writing, of length one.
    pub(super) direction: (f64, f64),
    /// How far the pen moves on.
    pub(super) advance: f64,
    /// What the document adds between this glyph and the next.
    pub(super) spacing: f64,
    /// The height of the font as it appears.
    pub(super) size: f64,
}

/// Takes glyphs from the parser.
#[derive(Default)]
pub(super) struct Glyphs {
    pub(super) drawn: Vec<Glyph>,
    /// The page's edges, if glyphs beyond them are to be left out.
    edges: Option<[f64; 4]>,
    /// What has been drawn where: by the first letter and a coarse grid, the places in `drawn`.
    places: HashMap<(char, i64, i64), Vec<usize>, FixedState>,
}

impl Glyphs {
    pub(super) fn new(edges: Option<[f64; 4]>) -> Self {
        Self { edges, ..Self::default() }
    }

    fn is_off_the_page(&self, x: f64, y: f64) -> bool {
        const MARGIN: f64 = 3.0;
        self.edges.is_some_and(|[left, bottom, right, top]| {
            right - left > 10.0
                && top - bottom > 10.0
                && (x < left - MARGIN || x > right + MARGIN || y < bottom - MARGIN || y > top + MARGIN)
        })
    }

    /// Whether the same text stands there already; if not, it is noted that it is the next to be drawn.
    fn is_drawn_twice(&mut self, text: &str, x: f64, y: f64, size: f64, advance: f64) -> bool {
        let Some(letter) = text.chars().next() else { return false };
        // Nearer than two narrow letters can stand to each other.
        let near = (size * 0.2).min(advance * 0.7).min(4.0);
        #[expect(clippy::cast_possible_truncation, reason = "a place on a coarse grid; `as` saturates")]
        let cell = |n: f64| (n / 16.0).floor() as i64;
        let is_here = |&place: &usize| {
            self.drawn
                .get(place)
                .is_some_and(|glyph| (glyph.x - x).abs() < near && (glyph.y - y).abs() < near && glyph.text == text)
        };
        for i in cell(x - near)..=cell(x + near) {
            for j in cell(y - near)..=cell(y + near) {
                if self.places.get(&(letter, i, j)).is_some_and(|places| places.iter().any(is_here)) {
                    return true;
                }
            }
        }
        self.places.entry((letter, cell(x), cell(y))).or_default().push(self.drawn.len());
        false
    }
}

impl OutputDev for Glyphs {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        width: f64,
        spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        let (x, y) = (trm.m31, trm.m32);
        let stretch = trm.m11.hypot(trm.m12);
        let size = (font_size * trm.m21.hypot(trm.m22)).abs();
        let sane = [x, y, stretch, size, width].iter().all(|n| n.is_finite() && n.abs() < 1e7);
        if !sane || stretch == 0.0 || size == 0.0 || self.is_off_the_page(x, y) {
            return Ok(());
        }
        let sign = if font_size < 0.0 { -1.0 } else { 1.0 };
        let direction = (sign * trm.m11 / stretch, sign * trm.m12 / stretch);
        let text: String = plain(text);
        let advance = width * (font_size * stretch).abs();
        let blank = text.chars().all(char::is_whitespace);
        if text.is_empty() || (!blank && self.is_drawn_twice(&text, x, y, size, advance)) {
            return Ok(());
        }
        self.drawn.push(Glyph {
            text: if blank { " ".to_owned() } else { text },
            x,
            y,
            direction,
            advance,
            spacing: spacing * stretch * sign,
            size,
        });
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// The letters themselves, not their printed shapes: ligatures and Arabic presentation forms are taken apart.
fn plain(text: &str) -> String {
    let shape = |c: char| matches!(u32::from(c), 0xFB00..=0xFB4F | 0xFB50..=0xFDFB | 0xFE70..=0xFEFC | 0xF900..=0xFAFF);
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\u{F0B7}' => out.push('•'),
            c if shape(c) => out.extend(c.nfkc()),
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}
