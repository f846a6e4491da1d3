//! Objects of a PDF, looked up without trust: references that lead nowhere or in circles, streams that unpack to more
//! than is safe.
//!
//! Promises that unpacked bytes are counted while they are unpacked.

use std::{cell::Cell, io::Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};
use pdf_extract::{Dictionary, Document, Object, Stream};

use super::super::limits::Limits;

/// A document under limits.
pub(super) struct Objects<'d> {
    pub(super) document: &'d Document,
    limits: &'d Limits,
    /// Unpacked bytes that may still be read.
    left: Cell<u64>,
    /// A limit was met.
    pub(super) exceeded: Cell<bool>,
}

impl<'d> Objects<'d> {
    pub(super) fn new(document: &'d Document, limits: &'d Limits) -> Self {
        Self { document, limits, left: Cell::new(limits.all_bytes), exceeded: Cell::new(false) }
    }

    /// The object itself, references followed.
    pub(super) fn resolve<'a>(&'a self, mut object: &'a Object) -> &'a Object {
        for _ in 0..16 {
            match object {
                Object::Reference(id) => match self.document.objects.get(id) {
                    Some(found) => object = found,
                    None => return &Object::Null,
                },
                found => return found,
            }
        }
        &Object::Null
    }

    pub(super) fn get<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        let object = self.resolve(dictionary.get(key).ok()?);
        (!matches!(object, Object::Null)).then_some(object)
    }

    pub(super) fn dictionary<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
        as_dictionary(self.get(dictionary, key)?)
    }

    pub(super) fn array<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [Object]> {
        if let Object::Array(array) = self.get(dictionary, key)? { Some(array) } else { None }
    }

    pub(super) fn name<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
        if let Object::Name(name) = self.get(dictionary, key)? { Some(name) } else { None }
    }

    pub(super) fn stream<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Stream> {
        if let Object::Stream(stream) = self.get(dictionary, key)? { Some(stream) } else { None }
    }

    pub(super) fn number(&self, object: &Object) -> Option<f64> {
        match self.resolve(object) {
            #[expect(clippy::cast_precision_loss, reason = "a measure on a page")]
            Object::Integer(n) => Some(*n as f64),
            Object::Real(n) => Some(f64::from(*n)).filter(|n| n.is_finite()),
            _ => None,
        }
    }

    pub(super) fn number_at(&self, dictionary: &Dictionary, key: &[u8]) -> Option<f64> {
        self.number(dictionary.get(key).ok()?)
    }

    /// So many numbers, as a matrix or a box has.
    pub(super) fn numbers<const N: usize>(&self, dictionary: &Dictionary, key: &[u8]) -> Option<[f64; N]> {
        let numbers: Vec<f64> = self.array(dictionary, key)?.iter().filter_map(|n| self.number(n)).collect();
        numbers.try_into().ok()
    }

    /// The value of a page's attribute, which its parents may hold.
    pub(super) fn inherited<'a>(&'a self, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        let mut node = page;
        for _ in 0..32 {
            if let Some(found) = self.get(node, key) {
                return Some(found);
            }
            node = self.dictionary(node, b"Parent")?;
        }
        None
    }

    /// The content of a stream, unpacked; `None` where it cannot be, or goes over a limit.
    pub(super) fn content(&self, stream: &Stream) -> Option<Vec<u8>> {
        let mut bytes = stream.content.clone();
        let filters: Vec<&[u8]> = match self.get(&stream.dict, b"Filter").or_else(|| self.get(&stream.dict, b"F")) {
            Some(Object::Name(name)) => vec![name.as_slice()],
            Some(Object::Array(names)) => names.iter().filter_map(|n| self.resolve(n).as_name().ok()).collect(),
            _ => Vec::new(),
        };
        for (i, filter) in filters.into_iter().enumerate() {
            let parameters = match self.get(&stream.dict, b"DecodeParms") {
                Some(Object::Array(all)) => all.get(i).and_then(|p| as_dictionary(self.resolve(p))),
                Some(one) => as_dictionary(one),
                None => None,
            };
            bytes = match filter {
                b"FlateDecode" | b"Fl" => {
                    let unpacked = self.inflate(&bytes)?;
                    let predictor = parameters.and_then(|p| self.number_at(p, b"Predictor")).unwrap_or(1.0);
                    // It was just shown to be of a safe size.
                    if predictor > 1.0 { unpack(b"FlateDecode", parameters, bytes)? } else { unpacked }
                }
                b"LZWDecode" | b"LZW" => unpack(b"LZWDecode", parameters, bytes)?,
                b"ASCII85Decode" | b"A85" => unpack(b"ASCII85Decode", None, bytes)?,
                b"ASCIIHexDecode" | b"AHx" => hexadecimal(&bytes),
                b"RunLengthDecode" | b"RL" => run_length(&bytes),
                b"Crypt" => bytes,
                _ => return None,
            };
            self.count(bytes.len() as u64)?;
        }
        Some(bytes)
    }

    fn count(&self, bytes: u64) -> Option<()> {
        if bytes > self.limits.part_bytes || bytes > self.left.get() {
            self.exceeded.set(true);
            return None;
        }
        self.left.set(self.left.get() - bytes);
        Some(())
    }

    fn inflate(&self, packed: &[u8]) -> Option<Vec<u8>> {
        let by_ratio = (packed.len() as u64).saturating_mul(self.limits.ratio).max(1 << 20);
        let most = self.limits.part_bytes.min(self.left.get()).min(by_ratio);
        let mut bytes = Vec::new();
        // A broken end or checksum leaves what stands before it.
        let mut unpacked = ZlibDecoder::new(packed).take(most + 1).read_to_end(&mut bytes);
        if bytes.is_empty() && packed.len() > 2 {
            unpacked = DeflateDecoder::new(&packed[2..]).take(most + 1).read_to_end(&mut bytes).or(unpacked);
        }
        if bytes.is_empty() && unpacked.is_err() {
            return None;
        }
        if bytes.len() as u64 > most {
            self.exceeded.set(true);
            return None;
        }
        Some(bytes)
    }
}

/// A dictionary, or the one of a stream.
pub(super) fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// One filter, by the parser's own means.
fn unpack(filter: &[u8], parameters: Option<&Dictionary>, bytes: Vec<u8>) -> Option<Vec<u8>> {
    let mut dictionary = Dictionary::new();
    dictionary.set("Filter", Object::Name(filter.to_vec()));
    if let Some(parameters) = parameters {
        dictionary.set("DecodeParms", Object::Dictionary(parameters.clone()));
    }
    Stream::new(dictionary, bytes).decompressed_content().ok()
}

fn hexadecimal(bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = bytes
        .iter()
        .take_while(|b| **b != b'>')
        .filter_map(|b| char::from(*b).to_digit(16))
        .filter_map(|d| u8::try_from(d).ok())
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

fn run_length(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&length) = bytes.get(at) {
        match length {
            0..=127 => {
                let end = (at + 2 + usize::from(length)).min(bytes.len());
                out.extend_from_slice(&bytes[at + 1..end]);
                at = end;
            }
            128 => break,
            _ => {
                let Some(&byte) = bytes.get(at + 1) else { break };
                out.extend(std::iter::repeat_n(byte, 257 - usize::from(length)));
                at += 2;
            }
        }
    }
    out
}
