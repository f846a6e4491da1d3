//! The forms a name takes in a sentence: Russian cases, Arabic articles, umlauts written out.
//!
//! Promises forms of the same name only, by the endings of the declensions that names of states follow; a form that no
//! rule covers is simply not recognised.

use crate::core::text::fold::fold;

/// The endings of the genitive, dative, accusative, instrumental and prepositional for an ending of the nominative.
const RUSSIAN: &[(&str, [&str; 5])] = &[
    ("ская", ["скои", "скои", "скую", "скои", "скои"]),
    ("ная", ["нои", "нои", "ную", "нои", "нои"]),
    ("кии", ["кого", "кому", "кии", "ким", "ком"]),
    ("ныи", ["ного", "ному", "ныи", "ным", "ном"]),
    ("ные", ["ных", "ным", "ные", "ными", "ных"]),
    ("ские", ["ских", "ским", "ские", "скими", "ских"]),
    ("ское", ["ского", "скому", "ское", "ским", "ском"]),
    ("ное", ["ного", "ному", "ное", "ным", "ном"]),
    ("ия", ["ии", "ии", "ию", "иеи", "ии"]),
    ("ика", ["ики", "ике", "ику", "икои", "ике"]),
    ("ство", ["ства", "ству", "ство", "ством", "стве"]),
    ("ты", ["тов", "там", "ты", "тами", "тах"]),
    ("ды", ["дов", "дам", "ды", "дами", "дах"]),
    ("ы", ["", "ам", "ы", "ами", "ах"]),
    ("а", ["ы", "е", "у", "ои", "е"]),
    ("я", ["и", "е", "ю", "еи", "е"]),
    ("ь", ["и", "и", "ь", "ью", "и"]),
];

/// Masculine names in a soft sign: Израиль.
const RUSSIAN_SOFT: [&str; 5] = ["я", "ю", "ь", "ем", "е"];
/// Names in -ай and -ей (folded -аи, -еи): Китай.
const RUSSIAN_SHORT_I: [&str; 5] = ["я", "ю", "и", "ем", "е"];
/// Names in a consonant: Казахстан.
const RUSSIAN_HARD: [&str; 5] = ["а", "у", "", "ом", "е"];

/// The oblique cases of a folded Russian name: its first word, its first two, or all of them declined.
pub(super) fn russian(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let mut depths = vec![1, 2, words.len()];
    depths.retain(|d| *d <= words.len());
    depths.sort_unstable();
    depths.dedup();
    let mut forms = Vec::new();
    for depth in depths {
        for case in 0..5 {
            let form: Vec<String> = words
                .iter()
                .enumerate()
                .map(|(i, word)| if i < depth { decline(word, case) } else { (*word).to_owned() })
                .collect();
            forms.push(form.join(" "));
        }
    }
    if let [one] = words[..]
        && let Some(stem) = one.strip_suffix('ь')
    {
        forms.extend(RUSSIAN_SOFT.iter().map(|ending| format!("{stem}{ending}")));
    }
    forms.retain(|f| f != name);
    forms.sort_unstable();
    forms.dedup();
    forms
}

fn decline(word: &str, case: usize) -> String {
    if word.chars().count() < 4 {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("аи").or_else(|| word.strip_suffix("еи")) {
        let vowel = if word.ends_with("аи") { "а" } else { "е" };
        return format!("{stem}{vowel}{}", RUSSIAN_SHORT_I[case]);
    }
    for (ending, cases) in RUSSIAN {
        if let Some(stem) = word.strip_suffix(ending) {
            return format!("{stem}{}", cases[case]);
        }
    }
    match word.chars().last() {
        Some('б'..='д' | 'ж' | 'з' | 'к'..='н' | 'п' | 'р'..='т' | 'ф'..='щ') => {
            format!("{word}{}", RUSSIAN_HARD[case])
        }
        _ => word.to_owned(),
    }
}

/// The forms of a folded Russian adjective in the masculine nominative, as a demonym is listed.
pub(super) fn russian_adjective(masculine: &str) -> Vec<String> {
    let Some(stem) = masculine.strip_suffix("ии").or_else(|| masculine.strip_suffix("ыи")) else {
        return Vec::new();
    };
    ["ая", "ое", "ие", "ого", "ому", "им", "ом", "ои", "ую", "их", "ими"]
        .iter()
        .map(|ending| format!("{stem}{ending}"))
        .collect()
}

/// A folded Arabic name after the preposition ل, which swallows the alef of the article: للمغرب.
pub(super) fn arabic(name: &str) -> Option<String> {
    name.strip_prefix("ال").map(|rest| format!("لل{rest}"))
}

/// A Latin name with its umlauts written out, folded by the caller: Oesterreich.
pub(super) fn umlauts(name: &str) -> Option<String> {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'Ä' => out.push_str("Ae"),
            'Ö' => out.push_str("Oe"),
            'Ü' => out.push_str("Ue"),
            'å' => out.push_str("aa"),
            'Å' => out.push_str("Aa"),
            other => out.push(other),
        }
    }
    (out != name).then_some(out)
}

/// The forms of a name in running text, folded.
pub(super) fn forms(name: &str, folded: &str) -> Vec<String> {
    let mut forms = Vec::new();
    if folded.chars().any(|c| matches!(c, 'а'..='я')) {
        forms.extend(russian(folded));
    }
    forms.extend(arabic(folded));
    forms.extend(umlauts(name).map(|n| fold(&n)));
    // Apostrophes are lost as often as they are typed: Ozbekiston, Cote dIvoire.
    if name.contains(['\'', '’', '‘', 'ʻ', 'ʼ', '`']) {
        forms.push(fold(&name.replace(['\'', '’', '‘', 'ʻ', 'ʼ', '`'], "")));
        // A quotation mark typed for one parts the word: O‘zbekiston.
        forms.push(fold(&name.replace(['\'', '’', '‘', 'ʻ', 'ʼ', '`'], " ")));
    }
    // The long short forms: Bolivia (Plurinational State of) is written Plurinational State of Bolivia.
    if let Some((short, rest)) = name.split_once(" (")
        && let Some(rest) = rest.strip_suffix(')')
    {
        forms.push(fold(&format!("{rest} {short}")));
    }
    forms
}
