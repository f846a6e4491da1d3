//! The number before a heading: `2.1`, `IV.`, `b)`, `三、`, `ثانيا-`, `Section 3:`.

/// Words that stand before a number.
const BEFORE: &[&str] = &[
    "section",
    "question",
    "part",
    "chapter",
    "partie",
    "chapitre",
    "sección",
    "pregunta",
    "parte",
    "capítulo",
    "раздел",
    "вопрос",
    "часть",
    "глава",
    "القسم",
    "السؤال",
    "الجزء",
    "الفصل",
];
/// Arabic and Chinese papers number in words.
const IN_WORDS: &[&str] =
    &["أولا", "أولاً", "ثانيا", "ثانياً", "ثالثا", "ثالثاً", "رابعا", "رابعاً", "خامسا", "خامساً", "سادسا", "سادساً"];

/// A line without the number before it, and the number, without its signs.
pub(super) fn split(line: &str) -> (Option<&str>, &str) {
    let named = BEFORE.iter().find_map(|word| {
        let rest = line.get(word.len()..).filter(|_| line.is_char_boundary(word.len()))?;
        (line[..word.len()].to_lowercase() == **word && rest.starts_with(' ')).then(|| rest.trim_start())
    });
    let text = named.unwrap_or(line).trim_start_matches(['(', '（', '第']);
    let opened = text.len() < named.unwrap_or(line).len();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || is_numeral(c))).unwrap_or(text.len());
    let (mut number, mut rest) = text.split_at(end);
    if let Some(word) = IN_WORDS.iter().rev().find(|word| text.starts_with(**word)) {
        (number, rest) = text.split_at(word.len());
    }
    let stop = rest.starts_with([')', '）', '、', '-', '–', ':', '：', '．', '،']) || number.ends_with('.');
    let bare = number.trim_end_matches('.');
    let digits = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || c == '.');
    let short = bare.chars().all(is_numeral)
        || bare.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'I' | 'V' | 'X'))
        || bare.chars().count() == 1
        || IN_WORDS.contains(&bare);
    // A year is no number of a heading.
    let years = digits && bare.len() > 3 && !bare.contains('.');
    let is_number = !bare.is_empty()
        && !years
        && (digits && (stop || opened || named.is_some() || rest.starts_with([' ', '\t'])) || short && stop);
    if !is_number {
        return (None, line);
    }
    let rest = rest.trim_start_matches([')', '）', '、', '-', '–', ':', '：', '．', '.', '،', ' ', '\t', '部', '分']);
    (Some(bare), rest)
}

fn is_numeral(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
        || matches!(c, '٠'..='٩' | '۰'..='۹')
}

/// Whether a number stands below another: 2.1 below 2.
pub(super) fn is_below(number: &str, above: &str) -> bool {
    number.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a number is the one that follows on another: 3 on 2, 2.2 on 2.1.
pub(super) fn follows(number: &str, before: &str) -> bool {
    let parts = |number: &str| -> Option<(String, u32)> {
        let (front, last) = number.rsplit_once('.').unwrap_or(("", number));
        Some((front.to_owned(), last.parse().ok()?))
    };
    let (Some((front, last)), Some((before, n))) = (parts(number), parts(before)) else { return false };
    front == before && n.checked_add(1) == Some(last)
}
