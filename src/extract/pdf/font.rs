//! Fonts, made plain: each becomes one that the parser reads without stumbling.
//!
//! Promises that a composite font's codes are decoded here (embedded and predefined maps, widths in both forms of `/W`),
//! and that a simple font keeps its own encoding, freed of what the parser panics on. It is long because the parser's
//! expectations of a font are many, and each is met here and nowhere else.

use std::collections::{BTreeSet, HashMap};

use pdf_extract::{Dictionary, Object, Stream, StringFormat};

use super::{
    cmap::{self, Embedded, Encodings, ToUnicode},
    objects::{Objects, as_dictionary},
    truetype,
};

/// A font of the document.
pub(super) enum Font {
    Composite(Composite),
    Simple(Simple),
}

/// A Type 0 font.
pub(super) struct Composite {
    encoding: Encodings,
    to_unicode: Option<ToUnicode>,
    /// By glyph, from the embedded font itself.
    built_in: HashMap<u32, char>,
    widths: HashMap<u32, f64>,
    default_width: f64,
}

/// A Type 1, TrueType or Type 3 font.
pub(super) struct Simple {
    to_unicode: Option<ToUnicode>,
    dictionary: Dictionary,
    /// The embedded font program, where its built-in encoding may matter.
    program: Option<(&'static [u8], Stream)>,
    /// The document leaves the encoding to the program.
    built_in_alone: bool,
}

/// The text of a glyph that the document gives no Unicode for.
pub(super) const UNKNOWN: &str = "\u{FFFD}";

impl Font {
    pub(super) fn read(objects: &Objects<'_>, font: &Dictionary) -> Self {
        let to_unicode = objects.stream(font, b"ToUnicode").and_then(|s| objects.content(s));
        let to_unicode = to_unicode.map(|bytes| cmap::to_unicode(&bytes)).filter(|map| !map.is_empty());
        if objects.name(font, b"Subtype") == Some(b"Type0") || font.has(b"DescendantFonts") {
            Self::Composite(Composite::read(objects, font, to_unicode))
        } else {
            Self::Simple(Simple::read(objects, font, to_unicode))
        }
    }
}

impl Composite {
    fn read(objects: &Objects<'_>, font: &Dictionary, to_unicode: Option<ToUnicode>) -> Self {
        let descendant = objects.array(font, b"DescendantFonts").and_then(<[Object]>::first);
        let empty = Dictionary::new();
        let descendant = descendant.and_then(|d| as_dictionary(objects.resolve(d))).unwrap_or(&empty);
        let encoding = match objects.get(font, b"Encoding") {
            Some(Object::Name(name)) => Encodings::named(name),
            Some(Object::Stream(stream)) => {
                objects.content(stream).map_or(Encodings::Identity, |bytes| Encodings::Embedded(Embedded::read(&bytes)))
            }
            _ => Encodings::Identity,
        };
        let built_in = if to_unicode.is_none() && matches!(encoding, Encodings::Identity) {
            built_in(objects, descendant)
        } else {
            HashMap::new()
        };
        Self {
            encoding,
            to_unicode,
            built_in,
            widths: widths(objects, descendant),
            default_width: objects.number_at(descendant, b"DW").unwrap_or(1000.0),
        }
    }

    /// Text and width of each glyph of a string.
    pub(super) fn decode(&self, mut string: &[u8]) -> Vec<(String, f64)> {
        let mut glyphs = Vec::new();
        while !string.is_empty() {
            let code = self.encoding.first(string);
            string = &string[code.length..];
            let known = self.to_unicode.as_ref().and_then(|map| map.get(&code.value)).cloned();
            let text = known.or(code.text).or_else(|| {
                // A map that leaves a code out says that it has no text; without any map nothing is known.
                let built_in = self.built_in.get(&code.glyph?).map(char::to_string);
                built_in.or_else(|| self.to_unicode.is_none().then(|| UNKNOWN.to_owned()))
            });
            let width = match code.glyph {
                Some(glyph) => self.widths.get(&glyph).copied().unwrap_or(self.default_width),
                // The predefined maps are of fonts with full-width and half-width glyphs.
                None if code.length == 1 => 500.0,
                None => 1000.0,
            };
            glyphs.push((text.unwrap_or_default(), width));
        }
        glyphs
    }
}

/// The widths of a composite font's glyphs, in both forms: `c [w1 w2 …]` and `c_first c_last w`.
fn widths(objects: &Objects<'_>, descendant: &Dictionary) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let items = objects.array(descendant, b"W").unwrap_or_default();
    let glyph = |object: &Object| {
        let number = objects.number(object)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a glyph number")]
        (0.0..=65_535.0).contains(&number).then_some(number as u32)
    };
    let mut i = 0;
    while i + 1 < items.len() {
        let first = glyph(&items[i]);
        if let Object::Array(list) = objects.resolve(&items[i + 1]) {
            if let Some(first) = first {
                for (glyph, width) in (first..=0xFFFF).zip(list) {
                    widths.insert(glyph, objects.number(width).unwrap_or(0.0));
                }
            }
            i += 2;
        } else {
            let width = items.get(i + 2).and_then(|w| objects.number(w));
            if let (Some(first), Some(last), Some(width)) = (first, glyph(&items[i + 1]), width) {
                for glyph in first..=last {
                    widths.insert(glyph, width);
                }
            }
            i += 3;
        }
    }
    widths
}

/// What an embedded TrueType font says of its own glyphs.
fn built_in(objects: &Objects<'_>, descendant: &Dictionary) -> HashMap<u32, char> {
    let program = objects.dictionary(descendant, b"FontDescriptor").and_then(|d| objects.stream(d, b"FontFile2"));
    let Some(program) = program.and_then(|s| objects.content(s)) else { return HashMap::new() };
    let by_glyph = truetype::unicode_by_glyph(&program);
    let Some(map) = objects.stream(descendant, b"CIDToGIDMap").and_then(|s| objects.content(s)) else {
        return by_glyph;
    };
    let glyphs = map.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])));
    (0u32..).zip(glyphs).filter_map(|(cid, glyph)| Some((cid, *by_glyph.get(&glyph)?))).collect()
}

impl Simple {
    fn read(objects: &Objects<'_>, font: &Dictionary, to_unicode: Option<ToUnicode>) -> Self {
        let subtype = objects.name(font, b"Subtype").unwrap_or(b"Type1");
        let empty = Dictionary::new();
        let descriptor = objects.dictionary(font, b"FontDescriptor").unwrap_or(&empty);
        let mut plain = Dictionary::new();
        plain.set("Type", Object::Name(b"Font".to_vec()));
        let is_true_type = subtype == b"TrueType";
        plain.set("Subtype", Object::Name(if is_true_type { b"TrueType".to_vec() } else { b"Type1".to_vec() }));
        let name = objects.name(font, b"BaseFont").unwrap_or(b"Helvetica");
        let core = core_font(&String::from_utf8_lossy(name));
        if let Some(widths) = full_widths(objects, font, descriptor, subtype) {
            plain.set("FirstChar", 0);
            plain.set("LastChar", 255);
            plain.set("Widths", widths);
        }
        plain.set("BaseFont", Object::Name(core.as_bytes().to_vec()));
        let encoding = encoding(objects, font);
        let built_in_matters = encoding.is_none_or_partial();
        let built_in_alone = built_in_matters && encoding.differences.is_empty();
        if let Some(encoding) = encoding.into_object(is_true_type, core) {
            plain.set("Encoding", encoding);
        }
        let program = if built_in_matters && !is_true_type { program(objects, descriptor) } else { None };
        Self { to_unicode, dictionary: plain, program, built_in_alone }
    }
}

/// The first of the fourteen core fonts that looks like this name: its metrics stand in where widths are missing.
fn core_font(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let has = |part: &str| name.contains(part);
    let (bold, slanted) = (has("bold") || has("black"), has("italic") || has("oblique"));
    if has("symbol") {
        "Symbol"
    } else if has("dingbats") {
        "ZapfDingbats"
    } else if has("courier") || has("mono") {
        ["Courier", "Courier-Oblique", "Courier-Bold", "Courier-BoldOblique"]
            [usize::from(bold) * 2 + usize::from(slanted)]
    } else if has("times") || has("roman") || has("serif") {
        ["Times-Roman", "Times-Italic", "Times-Bold", "Times-BoldItalic"][usize::from(bold) * 2 + usize::from(slanted)]
    } else {
        ["Helvetica", "Helvetica-Oblique", "Helvetica-Bold", "Helvetica-BoldOblique"]
            [usize::from(bold) * 2 + usize::from(slanted)]
    }
}

/// Widths for all 256 codes, in thousandths; `None` where the document gives none.
fn full_widths(objects: &Objects<'_>, font: &Dictionary, descriptor: &Dictionary, subtype: &[u8]) -> Option<Object> {
    let given = objects.array(font, b"Widths")?;
    let scale = if subtype == b"Type3" {
        objects.numbers::<6>(font, b"FontMatrix").map_or(1.0, |m| m[0].abs() * 1000.0)
    } else {
        1.0
    };
    let missing = objects.number_at(descriptor, b"MissingWidth").unwrap_or(0.0);
    let mut widths = [missing; 256];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates; negative codes are 0")]
    let first = objects.number_at(font, b"FirstChar").unwrap_or(0.0) as usize;
    for (slot, width) in widths.iter_mut().skip(first).zip(given) {
        *slot = objects.number(width).unwrap_or(missing) * scale;
    }
    if widths.iter().all(|w| *w == 0.0) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a width")]
    Some(Object::Array(widths.iter().map(|w| Object::Real(*w as f32)).collect()))
}

/// An encoding that names its base, its differences, or neither.
struct Encoding {
    base: Option<&'static str>,
    standard: bool,
    differences: Vec<(u8, Vec<u8>)>,
}

/// The codes in which the standard encoding departs from what the parser assumes.
const STANDARD: [(u8, &str); 38] = [
    (39, "quoteright"),
    (96, "quoteleft"),
    (161, "exclamdown"),
    (162, "cent"),
    (163, "sterling"),
    (164, "fraction"),
    (165, "yen"),
    (166, "florin"),
    (167, "section"),
    (168, "currency"),
    (169, "quotesingle"),
    (170, "quotedblleft"),
    (171, "guillemotleft"),
    (172, "guilsinglleft"),
    (173, "guilsinglright"),
    (174, "fi"),
    (175, "fl"),
    (177, "endash"),
    (178, "dagger"),
    (179, "daggerdbl"),
    (180, "periodcentered"),
    (182, "paragraph"),
    (183, "bullet"),
    (184, "quotesinglbase"),
    (185, "quotedblbase"),
    (186, "quotedblright"),
    (187, "guillemotright"),
    (188, "ellipsis"),
    (189, "perthousand"),
    (191, "questiondown"),
    (208, "emdash"),
    (225, "AE"),
    (232, "Lslash"),
    (233, "Oslash"),
    (241, "ae"),
    (245, "dotlessi"),
    (248, "lslash"),
    (251, "germandbls"),
];

fn encoding(objects: &Objects<'_>, font: &Dictionary) -> Encoding {
    let base = |name: Option<&[u8]>| match name {
        Some(b"WinAnsiEncoding") => Some("WinAnsiEncoding"),
        Some(b"MacRomanEncoding") => Some("MacRomanEncoding"),
        Some(b"MacExpertEncoding") => Some("MacExpertEncoding"),
        _ => None,
    };
    let mut encoding = Encoding { base: None, standard: false, differences: Vec::new() };
    match objects.get(font, b"Encoding") {
        Some(Object::Name(name)) => {
            encoding.base = base(Some(name));
            encoding.standard = name == b"StandardEncoding";
        }
        Some(Object::Dictionary(dictionary)) => {
            let name = objects.name(dictionary, b"BaseEncoding");
            encoding.base = base(name);
            encoding.standard = name == Some(b"StandardEncoding");
            let mut code = 0i64;
            for item in objects.array(dictionary, b"Differences").unwrap_or_default() {
                match objects.resolve(item) {
                    Object::Name(name) => {
                        if let Ok(code) = u8::try_from(code) {
                            encoding.differences.push((code, glyph_name(name)));
                        }
                        code = code.saturating_add(1);
                    }
                    other =>
                    {
                        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
                        if let Some(number) = objects.number(other) {
                            code = number as i64;
                        }
                    }
                }
            }
        }
        _ => {}
    }
    encoding
}

/// A glyph's name without what tells variants apart (`one.oldstyle`, `a.sc`).
fn glyph_name(name: &[u8]) -> Vec<u8> {
    let end = name.iter().skip(1).position(|b| *b == b'.').map_or(name.len(), |i| i + 1);
    name[..end].iter().copied().filter(u8::is_ascii_graphic).collect()
}

impl Encoding {
    fn is_none_or_partial(&self) -> bool {
        self.base.is_none() && !self.standard
    }

    fn into_object(self, is_true_type: bool, core: &str) -> Option<Object> {
        let mut base = self.base;
        let mut differences = self.differences;
        if base.is_none() && !self.standard && differences.is_empty() {
            // Symbol fonts have an encoding of their own, which the parser knows.
            if core == "Symbol" || core == "ZapfDingbats" {
                return None;
            }
            if is_true_type {
                base = Some("WinAnsiEncoding");
            }
        }
        if let (Some(base), true) = (base, differences.is_empty()) {
            return Some(Object::Name(base.as_bytes().to_vec()));
        }
        let mut dictionary = Dictionary::new();
        if let Some(base) = base {
            dictionary.set("BaseEncoding", Object::Name(base.as_bytes().to_vec()));
        } else {
            let standard = STANDARD.iter().map(|(code, name)| (*code, name.as_bytes().to_vec()));
            differences.splice(0..0, standard);
        }
        let list = differences.into_iter().flat_map(|(code, name)| [Object::Integer(code.into()), Object::Name(name)]);
        dictionary.set("Differences", Object::Array(list.collect()));
        Some(Object::Dictionary(dictionary))
    }
}

/// The embedded program of a Type 1 font, in the two forms that the parser reads.
fn program(objects: &Objects<'_>, descriptor: &Dictionary) -> Option<(&'static [u8], Stream)> {
    let plain = |stream: &Stream| objects.content(stream).map(|content| Stream::new(Dictionary::new(), content));
    if let Some(stream) = objects.stream(descriptor, b"FontFile") {
        return Some((b"FontFile", plain(stream)?));
    }
    let stream = objects.stream(descriptor, b"FontFile3")?;
    if objects.name(&stream.dict, b"Subtype") != Some(b"Type1C") {
        return None;
    }
    let mut stream = plain(stream)?;
    stream.dict.set("Subtype", Object::Name(b"Type1C".to_vec()));
    Some((b"FontFile3", stream))
}

/// A font as one page uses it.
pub(super) struct Used<'f> {
    font: &'f Font,
    /// Of a composite font: its glyphs, numbered anew in the order of their use.
    glyphs: HashMap<(String, u64), u16>,
    listed: Vec<(String, f64)>,
    /// Of a simple font: the codes in use.
    codes: BTreeSet<u8>,
}

impl<'f> Used<'f> {
    pub(super) fn new(font: &'f Font) -> Self {
        Self { font, glyphs: HashMap::new(), listed: Vec::new(), codes: BTreeSet::new() }
    }

    /// A string in this font's own codes, in the codes of the plain font.
    pub(super) fn recode(&mut self, string: &[u8]) -> Vec<u8> {
        match self.font {
            Font::Simple(_) => {
                self.codes.extend(string);
                string.to_vec()
            }
            Font::Composite(font) => {
                let mut recoded = Vec::with_capacity(string.len());
                for (text, width) in font.decode(string) {
                    let next = u16::try_from(self.listed.len()).unwrap_or(u16::MAX);
                    let key = (text, width.to_bits());
                    let code = match self.glyphs.get(&key) {
                        Some(code) => *code,
                        None if next < u16::MAX => {
                            self.listed.push((key.0.clone(), width));
                            self.glyphs.insert(key, next);
                            next
                        }
                        None => continue,
                    };
                    recoded.extend(code.to_be_bytes());
                }
                recoded
            }
        }
    }

    /// The plain font; `with_program` includes the embedded program, on which the parser may panic.
    pub(super) fn dictionary(&self, with_program: bool) -> Dictionary {
        match self.font {
            Font::Composite(_) => self.composite(),
            Font::Simple(font) => self.simple(font, with_program),
        }
    }

    fn composite(&self) -> Dictionary {
        let mut widths = Vec::new();
        let mut map = String::new();
        for (code, (text, width)) in self.listed.iter().enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "a width")]
            widths.push(Object::Real(*width as f32));
            if !text.is_empty() {
                write_mapping(&mut map, &format!("{code:04x}"), text);
            }
        }
        let mut descendant = Dictionary::new();
        descendant.set("Subtype", Object::Name(b"CIDFontType2".to_vec()));
        descendant.set("FontDescriptor", Object::Dictionary(Dictionary::new()));
        descendant.set("DW", 0);
        descendant.set("W", Object::Array(vec![Object::Integer(0), Object::Array(widths)]));
        let mut font = Dictionary::new();
        font.set("Type", Object::Name(b"Font".to_vec()));
        font.set("Subtype", Object::Name(b"Type0".to_vec()));
        font.set("BaseFont", Object::Name(b"Plain".to_vec()));
        font.set("Encoding", Object::Name(b"Identity-H".to_vec()));
        font.set("DescendantFonts", Object::Array(vec![Object::Dictionary(descendant)]));
        font.set("ToUnicode", to_unicode_stream(&map));
        font
    }

    fn simple(&self, font: &Simple, with_program: bool) -> Dictionary {
        let mut plain = font.dictionary.clone();
        let map = font.to_unicode.as_ref();
        let unmapped = self.codes.iter().any(|code| map.is_none_or(|m| !m.contains_key(&u32::from(*code))));
        if let Some((key, stream)) = font.program.as_ref().filter(|_| with_program && unmapped) {
            let mut descriptor = Dictionary::new();
            descriptor.set(*key, Object::Stream(stream.clone()));
            plain.set("FontDescriptor", Object::Dictionary(descriptor));
            if font.built_in_alone {
                plain.remove(b"Encoding");
            }
        }
        if let Some(map) = map {
            let mut text = String::new();
            for code in &self.codes {
                if let Some(to) = map.get(&u32::from(*code)) {
                    write_mapping(&mut text, &format!("{code:02x}"), to);
                }
            }
            if !text.is_empty() {
                plain.set("ToUnicode", to_unicode_stream(&text));
            }
            // The parser looks a code up in the encoding where the map leaves it out, and panics if there is none.
            if unmapped && !plain.has(b"Encoding") && !plain.has(b"FontDescriptor") {
                plain.set("Encoding", Object::Name(b"WinAnsiEncoding".to_vec()));
            }
        }
        plain
    }
}

fn write_mapping(map: &mut String, code: &str, text: &str) {
    use std::fmt::Write as _;
    // Writing to a String does not fail.
    let _ = write!(map, "1 beginbfchar <{code}> <");
    for unit in text.encode_utf16() {
        let _ = write!(map, "{unit:04x}");
    }
    map.push_str("> endbfchar\n");
}

fn to_unicode_stream(map: &str) -> Object {
    let mut content = b"begincmap\n".to_vec();
    content.extend_from_slice(map.as_bytes());
    content.extend_from_slice(b"endcmap");
    Object::Stream(Stream::new(Dictionary::new(), content))
}

/// A string operand, in hexadecimal.
pub(super) fn string_object(string: Vec<u8>) -> Object {
    Object::String(string, StringFormat::Hexadecimal)
}
