//! The variants of an enum, by the names under which serde writes them.
//!
//! Promises all of them, in their order: serde's derive keeps the list, so that a new variant is in it at once, and a
//! language without a word for it is found out.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer, Visitor, value},
    forward_to_deserialize_any,
};

/// The names of all variants; none where the type is no enum.
#[must_use]
pub fn names<T: Deserialize<'static>>() -> &'static [&'static str] {
    match T::deserialize(Asker) {
        Err(Told(names)) => names,
        Ok(_) => &[],
    }
}

/// All variants, of an enum whose variants are mere words.
#[must_use]
pub fn all<T: Deserialize<'static>>() -> Vec<T> {
    let variant = |name: &&'static str| {
        let name: value::StrDeserializer<'static, value::Error> = name.into_deserializer();
        T::deserialize(name).ok()
    };
    names::<T>().iter().filter_map(variant).collect()
}

/// Is asked for an enum, and tells what it was asked for instead of giving one.
struct Asker;

/// What an enum may be.
#[derive(Debug)]
struct Told(&'static [&'static str]);

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl std::error::Error for Told {}

impl Error for Told {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for Asker {
    type Error = Told;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Told> {
        Err(Told(&[]))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Told> {
        Err(Told(variants))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
