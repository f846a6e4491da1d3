//! The sentence of a note verbale: “The Permanent Mission of X … presents its compliments to …”.
//!
//! Promises the state that issues the note, never the one it is addressed to or accredited in: the name must stand
//! between the mission and its compliments.

use std::sync::LazyLock;

use super::{
    Source,
    claims::Claim,
    names::{Mention, Reading},
    register::Register,
    vocabulary::{Phrases, phrases},
};
use crate::core::text::fold::{Folded, head_of};

/// The courtesy, folded, as a note gives it.
static COMPLIMENTS: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        presents its compliments | present their compliments | presents their compliments | presents his \
        compliments | presents her compliments | presente ses compliments | presentent leurs compliments | \
        свидетельствует свое уважение | свидетельствует уважение | свидетельствуют свое уважение | \
        свидетельствует свое почтение | выражает свое уважение | засвидетельствовать свое уважение | saluda muy \
        atentamente | saluda atentamente | saludan atentamente | saludan muy atentamente | presenta sus cumplidos \
        | اطيب تحياتها | تحياتها* | تحياته* | 致意* | presenta i suoi complimenti | apresenta os seus cumprimentos",
    )
});
/// What a mission does without them: weaker.
static HONOUR: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        has the honour to | has the honor to | have the honour to | a l honneur de | ont l honneur de | имеет \
        честь | tiene el honor de | tienen el honor de | تتشرف | 谨转交* | beehrt sich | wishes to transmit",
    )
});
/// Who may issue a note.
static ISSUERS: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        permanent mission | permanent missions | permanent observer mission | permanent delegation | embassy* | \
        embassies* | ministry* | consulate general | apostolic nunciature | delegation of | mission of | mission \
        permanente | missions permanentes | delegation permanente | ambassade* | ministere* | nonciature* | \
        постоянное представительство | постоянные представительства | постоянная миссия | посольство* | \
        министерство* | mision permanente | misiones permanentes | embajada* | ministerio* | missione permanente \
        | missao permanente | standige vertretung | البعثه* | سفاره | وزاره | الوفد الدائم | السفاره*",
    )
});
/// The same in Chinese, behind the name.
static ISSUERS_BEHIND: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        代表团* | 代表處* | 大使馆* | 外交部* | 使团*",
    )
});

/// How much text is searched.
const LIMIT: usize = 40_000;

/// The notes in a text, each with the states that issue it.
pub(super) fn notes(register: &Register, text: &str) -> Vec<Claim> {
    let text = head_of(text, LIMIT);
    let mut claims = Vec::new();
    for sentence in sentences(text) {
        if sentence.len() > 3_000 {
            continue;
        }
        let folded = Folded::new(sentence);
        claims.extend(issued(register, &folded, &COMPLIMENTS, 3.5).or_else(|| issued(register, &folded, &HONOUR, 2.0)));
        if claims.len() >= 8 {
            break;
        }
    }
    claims
}

fn issued(register: &Register, sentence: &Folded<'_>, courtesy: &Phrases, weight: f64) -> Option<Claim> {
    let text = sentence.text();
    let marker = courtesy.find(text)?.start;
    let issuer = ISSUERS.find(&text[..marker]).map(|found| found.end);
    let mentions = register.names.mentions(sentence);
    let issuing: Vec<&Mention<'_>> = if let Some(from) = issuer {
        mentions.iter().filter(|m| m.range.start >= from && m.range.end <= marker).collect()
    } else {
        let behind = ISSUERS_BEHIND.find(&text[..marker])?.start;
        mentions.iter().filter(|m| m.range.end <= behind).collect()
    };
    let first = issuing.first()?;
    if first.name.reading == Reading::Demonym {
        return None;
    }
    // “to the Permanent Mission of X” is the addressee, and “in Switzerland” the host.
    let between = issuer.map_or("", |from| text[from..first.range.start].trim());
    if between
        .split(' ')
        .any(|w| matches!(w, "to" | "in" | "auprès" | "aupres" | "en" | "ante" | "при" | "в" | "لدي" | "with"))
    {
        return None;
    }
    let mut states = first.name.states.clone();
    let mut end = first.range.end;
    let mut joint = first.name.reading == Reading::Group;
    let group = joint;
    for next in &issuing[1..] {
        let gap = text[end..next.range.start].trim();
        let listed = gap.split(' ').all(|w| {
            matches!(
                w,
                "" | "and"
                    | "et"
                    | "y"
                    | "и"
                    | "و"
                    | "和"
                    | "及"
                    | "the"
                    | "of"
                    | "la"
                    | "le"
                    | "les"
                    | "l"
                    | "de"
                    | "du"
                    | "des"
                    | "d"
                    | "as"
                    | "well"
            )
        });
        if !listed {
            break;
        }
        if next.name.states != first.name.states {
            joint = true;
            states.extend(&next.name.states);
        }
        end = next.range.end;
    }
    states.sort_unstable();
    states.dedup();
    let quote = sentence.quote(issuer.map_or(first.range.start, |_| 0)..marker);
    Some(Claim { source: Source::NoteVerbale, states, joint, group, weight, text: quote.chars().take(200).collect() })
}

/// A text's sentences: up to a full stop before a capital, an empty line, or the stop of another script.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut word = 0;
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let stop = match c {
            '。' | '！' | '？' | '；' | '؟' => true,
            // A stop behind a single letter belongs to an abbreviation: H. E., T. C.
            '.' | '!' | '?' | ';' => {
                word > 2 && chars.peek().is_none_or(|(_, next)| next.is_whitespace() || *next == '"' || *next == '”')
            }
            '\n' => text[end..].trim_start_matches([' ', '\t', '\r']).starts_with('\n'),
            _ => false,
        };
        word = if c.is_alphanumeric() { word + 1 } else { 0 };
        if stop {
            out.push(text[start..end].trim());
            start = end;
        }
    }
    out.push(text[start..].trim());
    out.retain(|s| !s.is_empty());
    out
}
