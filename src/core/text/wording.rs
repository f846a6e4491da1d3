//! The words of a text as two texts are compared by them.
//!
//! Promises the same words whatever stands between them and however they are capitalised; never for counting against a
//! limit, which goes as word processors count.

/// Words of letters and digits; a letter of a script without spaces is a word of its own.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).flat_map(|word| {
        let ideographs = word.chars().any(|c| ('\u{2e80}'..='\u{9fff}').contains(&c));
        let pieces: Vec<String> =
            if ideographs { word.chars().map(String::from).collect() } else { vec![word.to_lowercase()] };
        pieces
    })
}
