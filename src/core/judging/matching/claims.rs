//! Where a line claims to come from a state: letterheads, titles, display names, signatures, statements.
//!
//! Promises that a name counts only by the place it holds in its line: “Ministry of the Interior of Latvia” is a claim,
//! “cooperation with Latvia” is none. A claim is not yet believed; that is for `score`. Past 400 lines, for the kinds of
//! lines share how a name and its neighbours are read.

use std::ops::Range;

use super::{
    Source,
    names::{Mention, Reading},
    register::Register,
    vocabulary as words,
};
use crate::core::{iso3::Iso3, text::fold::Folded};

/// A text's claim to come from a state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Claim {
    /// Where it stands.
    pub(super) source: Source,
    /// The states it may mean: one, several where the name is ambiguous, all of them where the claim is joint.
    pub(super) states: Vec<Iso3>,
    /// It speaks for all its states together.
    pub(super) joint: bool,
    /// It names them by their group alone, which need not mean all of them.
    pub(super) group: bool,
    /// How much it weighs.
    pub(super) weight: f64,
    /// The words.
    pub(super) text: String,
}

impl Claim {
    /// The one state it speaks for.
    pub(super) fn single(&self) -> Option<Iso3> {
        match self.states[..] {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Whether it can be true of an input of these states.
    pub(super) fn allows(&self, states: &[Iso3]) -> bool {
        if self.group {
            return states.len() > 1 && states.iter().all(|s| self.states.contains(s));
        }
        if self.joint { self.states == states } else { self.states.iter().any(|s| states.contains(s)) }
    }
}

/// A name in a line, with those it is listed with.
struct Named {
    /// The states that the list may mean, each with its reading's alternatives.
    members: Vec<Vec<Iso3>>,
    /// A word for “and” stands before the last of several.
    and: bool,
    reading: Reading,
    range: Range<usize>,
}

impl Named {
    /// Leaves out the place behind the comma: “Embassy of Ireland, Belarus”.
    fn at_its_host(&mut self, line: &Folded<'_>, mentions: &[Mention<'_>]) {
        if let [first, next, ..] = mentions
            && line.text()[first.range.end..next.range.start].trim().is_empty()
        {
            self.members.truncate(1);
            self.range = first.range.clone();
        }
    }

    fn claim(&self, source: Source, weight: f64, text: &str, joint_words: bool) -> Option<Claim> {
        let text = text.trim().chars().take(160).collect();
        let joint = self.members.len() > 1 && joint_words || self.reading == Reading::Group;
        if self.members.len() > 1 && !joint {
            return None;
        }
        let mut states: Vec<Iso3> =
            if joint { self.members.iter().flatten().copied().collect() } else { self.members.first()?.clone() };
        states.sort_unstable();
        states.dedup();
        Some(Claim { source, states, joint, group: self.reading == Reading::Group, weight, text })
    }
}

/// A letterhead's line: a state's name alone, or with an authority's. Says whether it stands by itself.
pub(super) fn letterhead(register: &Register, line: &Folded<'_>, mentions: &[Mention<'_>]) -> Option<(Claim, bool)> {
    let text = line.text();
    let mut named = named(line, mentions)?;
    let before = text[..named.range.start].trim();
    if named.members.len() > 1 && one_office(before) {
        named.at_its_host(line, mentions);
    }
    if before.split(' ').next_back().is_some_and(words::about_word) && !before.is_empty() {
        return None;
    }
    if done_for(before) {
        return None;
    }
    if words::private(text) || words::organisation(text) || words::below(text) || register.names_substate(text) {
        return None;
    }
    let residue = residue(text, mentions, &named);
    let alone = residue.iter().all(|w| words::between_word(w) || formal_word(w));
    let authority = words::names_authority(text_without(text, &named.range).as_str());
    let plain = named.reading == Reading::Plain || named.reading == Reading::Group;
    if !alone && !authority {
        return None;
    }
    // “New Zealand 120” is the row of a table; “Country: Tajikistan” the field of a form.
    let counted = residue.iter().any(|w| w.chars().all(|c| c.is_ascii_digit()) && !is_year(w));
    let field = before.split(' ').next_back().is_some_and(words::field_word)
        && gap_before(line, named.range.start).contains([':', '：']);
    if counted && !authority || field {
        return None;
    }
    let about_input = residue.iter().any(|w| words::input_word(w)) && !authority;
    if about_input || (named.reading == Reading::Demonym && !authority) {
        return None;
    }
    let claim = named.claim(Source::Letterhead, 3.0, line.quote(0..text.len()), true)?;
    Some((claim, plain || authority))
}

/// Whether words before a name are those of one office abroad.
fn one_office(before: &str) -> bool {
    before.split(' ').any(|word| {
        matches!(
            word,
            "embassy" | "ambassade" | "botschaft" | "embajada" | "ambasciata" | "ambasada" | "embaixada" | "mission"
        ) || ["посольство", "consulat", "konsulat", "سفاره"].iter().any(|instance| word.starts_with(instance))
    })
}

/// Whether words before a name make its authority the one for whom something was done: “prepared for the Government of”.
fn done_for(before: &str) -> bool {
    let words: Vec<&str> = before.split(' ').filter(|w| !w.is_empty()).collect();
    let linking = |w: &str| {
        words::authority_word(w)
            || matches!(w, "of" | "the" | "de" | "du" | "la" | "le" | "l" | "des" | "der" | "republic")
    };
    let authority = words.iter().rposition(|w| !linking(w));
    authority.is_some_and(|at| {
        at > 0 && at + 1 < words.len() && matches!(words[at], "for" | "to" | "pour" | "fur" | "para" | "для")
    })
}

/// A title's line, a subject, a file name: “Contribution of Norway”, “Norway: input”, “Country: Norway”.
/// Of a list without a word of togetherness and without “and”, each state by itself: which of them, a person must say.
pub(super) fn title(line: &Folded<'_>, mentions: &[Mention<'_>], source: Source, weight: f64) -> Vec<Claim> {
    let Some(named) = titled(line, mentions) else { return Vec::new() };
    let quote = line.quote(0..line.text().len());
    let together = words::joint(line.text()) || named.and;
    if together || named.members.len() == 1 || named.reading == Reading::Group {
        return named.claim(source, weight, quote, together).into_iter().collect();
    }
    let each = named.members.iter().map(|members| Named {
        members: vec![members.clone()],
        and: false,
        reading: named.reading,
        range: named.range.clone(),
    });
    each.filter_map(|one| one.claim(source, weight, quote, false)).collect()
}

/// The name that a title's line bears, with those it is listed with.
fn titled(line: &Folded<'_>, mentions: &[Mention<'_>]) -> Option<Named> {
    let text = line.text();
    let named = named(line, mentions)?;
    if text.len() > 700 || matches!(named.reading, Reading::Demonym) {
        return None;
    }
    let before: Vec<&str> = text[..named.range.start].split(' ').filter(|w| !w.is_empty()).collect();
    let after: Vec<&str> = text[named.range.end..].split(' ').filter(|w| !w.is_empty()).collect();
    for blocked in ["shadow", "alternative", "parallel", "теневои", "альтернативныи", "alternatif", "alternativo"]
    {
        if before.contains(&blocked) {
            return None;
        }
    }
    let written_before = line.quote(0..named.range.start).trim_end();
    let separated = written_before.is_empty() || {
        let gap = gap_before(line, named.range.start);
        gap.contains([':', '-', '–', '—', '|', '_', '/', '(', '：', '«', ','])
    };
    let forward = !before.is_empty() && {
        let mut authority = false;
        let known = before.iter().all(|w| {
            authority |= words::authority_word(w);
            authority || words::input_word(w) || words::between_word(w)
        });
        let speaks = before.iter().any(|w| words::input_word(w) || words::field_word(w));
        let joined = text[..named.range.start].trim();
        let reaction =
            joined.contains("to the report") || joined.contains("on the report") || joined.contains("comments on");
        let last = before.last().copied().unwrap_or("");
        let about = words::about_word(last) && !separated && !matches!(last, "au" | "aux" | "к" | "в");
        known && speaks && !reaction && !about && !words::private(joined) && !words::organisation(joined)
    };
    let backward = (before
        .iter()
        .all(|w| matches!(*w, "the" | "la" | "le" | "re" | "fwd" | "fw" | "l" | "los" | "las" | "les" | "tr" | "wg")))
        && {
            let gap = line.written_after(named.range.end);
            let colon = gap.trim_start().starts_with([':', '-', '–', '—', '|', '_', '：', '（', '(']);
            let near: Vec<&&str> = after.iter().take(4).collect();
            let unspaced = after.first().is_some_and(|w| w.chars().any(crate::core::text::fold::is_unspaced));
            let speaks = near.iter().any(|w| words::input_word(w)) || words::names_input(text) && unspaced;
            let all_known = near.iter().take_while(|w| !words::input_word(w)).all(|w| words::between_word(w))
                || unspaced && after.first().is_some_and(|w| words::begins_as_input(w));
            // “Norway: input to the review” is a title, “Norway in a report” none.
            let called = colon && after.first().is_some_and(|w| words::input_word(w));
            let about = after.iter().take(if called { 1 } else { 2 }).any(|w| words::about_word(w));
            (colon || all_known) && speaks && !about
        };
    (forward || backward).then_some(named)
}

/// A name in a sender's display name: what it claims, if an authority stands with it.
pub(super) fn display(register: &Register, display: &str) -> Option<Claim> {
    let line = Folded::new(display);
    let text = line.text();
    let mentions = register.names.mentions(&line);
    let named = named(&line, &mentions)?;
    if words::private(text) || words::organisation(text) || words::below(text) {
        return None;
    }
    let before = text[..named.range.start].trim();
    if !before.is_empty() && before.split(' ').next_back().is_some_and(words::about_word) {
        return None;
    }
    let rest = text_without(text, &named.range);
    let authority =
        words::names_authority(&rest) || rest.split(' ').any(|w| matches!(w, "pm" | "perm" | "gcm" | "un" | "unog"));
    let alone = rest
        .split(' ')
        .all(|w| w.is_empty() || words::between_word(w) || matches!(w, "geneva" | "geneve" | "unog" | "un"));
    let plain = matches!(named.reading, Reading::Plain);
    // “Geneva, Switzerland” is where the sender sits.
    let seat =
        rest.split(' ').any(|w| matches!(w, "geneva" | "geneve" | "genf" | "ginebra" | "ginevra" | "bern" | "berne"));
    if alone && seat && named.members.iter().flatten().any(|state| state.as_str() == "CHE") {
        return None;
    }
    if names_office(&rest) || authority && named.reading != Reading::GivenName {
        return named.claim(Source::DisplayName, 1.0, display, true);
    }
    if alone && plain { named.claim(Source::DisplayName, 0.6, display, true) } else { None }
}

/// Whether words name an office itself, not only a person's service.
fn names_office(text: &str) -> bool {
    words::names_authority(text) || text.split(' ').any(|w| w == "pm")
}

/// A signature's line.
pub(super) fn signature(register: &Register, line: &str) -> Option<Claim> {
    let folded = Folded::new(line);
    let text = folded.text();
    let sentence = line.ends_with(['.', '?', '!', '。']) && text.split(' ').count() > 6;
    if sentence || text.split(' ').count() > 14 || !words::names_authority(text) {
        return None;
    }
    let mentions = register.names.mentions(&folded);
    let (claim, _) = letterhead(register, &folded, &mentions)?;
    (!claim.joint).then_some(Claim { source: Source::Signature, weight: 1.0, ..claim })
}

/// A statement of whom the sender speaks for: “on behalf of the Ministry of the Interior of Latvia”.
pub(super) fn statement(register: &Register, sentence: &Folded<'_>) -> Option<Claim> {
    let text = sentence.text();
    let phrase = words::ON_BEHALF_OF.find(text)?;
    let (at, from) = (phrase.start, phrase.end);
    let mentions = register.names.mentions(sentence);
    let after: Vec<Mention<'_>> = mentions.into_iter().filter(|m| m.range.start >= from).collect();
    let named = named(sentence, &after)?;
    let between = text[from..named.range.start].trim();
    if between.len() > 160 || words::private(between) || words::organisation(between) || words::below(between) {
        return None;
    }
    let mut authority = false;
    let known = between.split(' ').filter(|w| !w.is_empty()).all(|w| {
        authority |= words::authority_word(w);
        authority || words::between_word(w)
    });
    let last = between.split(' ').next_back().unwrap_or("");
    if !known || (words::about_word(last) && !last.is_empty()) || named.reading == Reading::Demonym && !authority {
        return None;
    }
    named.claim(Source::Body, 1.5, sentence.quote(at..named.range.end), true)
}

/// The members of a group that a sentence of several together lists: “the joint input of Belgium and Luxembourg”.
pub(super) fn listed(register: &Register, sentence: &Folded<'_>, group: &[Iso3]) -> Option<Claim> {
    let text = sentence.text();
    let mentions = register.names.mentions(sentence);
    let named =
        named(sentence, &mentions).filter(|named| words::joint(text) && named.and && named.members.len() > 1)?;
    let claim = named.claim(Source::Body, 1.5, sentence.quote(0..text.len()), true)?;
    claim.states.iter().all(|state| group.contains(state)).then_some(claim)
}

/// Whether a sentence speaks on behalf of an organisation or a group of states, which it does not list.
pub(super) fn for_organisation(register: &Register, text: &str) -> bool {
    words::ON_BEHALF_OF.find(text).is_some_and(|phrase| {
        let rest = text[phrase.end..].split(' ').take(8).collect::<Vec<_>>().join(" ");
        let listed = || register.names.mentions(&Folded::new(&rest)).iter().any(|m| m.name.reading != Reading::Demonym);
        words::organisation(&rest)
            || words::group(&rest) && !listed()
            || rest.split(' ').any(|word| matches!(word, "eu" | "ue"))
    })
}

/// The first name of a line, and those it is listed with.
fn named(line: &Folded<'_>, mentions: &[Mention<'_>]) -> Option<Named> {
    let text = line.text();
    let first = mentions.first()?;
    let mut named = Named {
        members: vec![first.name.states.clone()],
        and: false,
        reading: first.name.reading,
        range: first.range.clone(),
    };
    if named.reading == Reading::Group {
        return Some(listed_group(line, mentions, named));
    }
    for next in &mentions[1..] {
        let gap = text[named.range.end..next.range.start].trim();
        if !gap.split(' ').all(|w| w.is_empty() || list_word(w)) {
            break;
        }
        // Bosnia and Herzegovina has no comma inside it: the automaton took it whole.
        let written = line.between(named.range.end, next.range.start);
        let apart = !gap.is_empty() || written.chars().any(|c| !c.is_whitespace());
        let ends = ends_list(written, named.members.len() > 1 || !words::joint(text));
        if (!apart || ends) && next.name.states != first.name.states {
            break;
        }
        if next.name.reading == Reading::Demonym && named.members.contains(&next.name.states) {
            named.range.end = next.range.end;
            continue;
        }
        if !named.members.contains(&next.name.states) {
            named.members.push(next.name.states.clone());
            named.and = gap.split(' ').any(words::and_word);
        }
        named.range.end = next.range.end;
    }
    Some(named)
}

/// A group with the members of it that are listed behind it: “Nordic countries (Denmark, Norway and Sweden)”.
fn listed_group(line: &Folded<'_>, mentions: &[Mention<'_>], group: Named) -> Named {
    let text = line.text();
    let Some(known) = group.members.first() else { return group };
    let mut listed = Named { members: Vec::new(), and: true, reading: Reading::Plain, range: group.range.clone() };
    for next in &mentions[1..] {
        let listed_with =
            text[listed.range.end..next.range.start].trim().split(' ').all(|w| w.is_empty() || list_word(w));
        if !listed_with || !next.name.states.iter().all(|state| known.contains(state)) {
            break;
        }
        if !listed.members.contains(&next.name.states) {
            listed.members.push(next.name.states.clone());
        }
        listed.range.end = next.range.end;
    }
    if listed.members.len() > 1 { listed } else { group }
}

/// Whether what is written between two names ends their list: a full stop or a bracket always does, a dash where a list is
/// complete, or none was announced.
fn ends_list(written: &str, complete: bool) -> bool {
    let dash = written.contains(['–', '—', ':', '：']) || written.contains(" - ");
    written.contains(['.', '(', ')', '[', ']', '（', '）', '。', '\n', '?', '!']) || dash && complete
}

fn list_word(word: &str) -> bool {
    words::and_word(word)
        || matches!(
            word,
            "the"
                | "of"
                | "la"
                | "le"
                | "les"
                | "l"
                | "de"
                | "du"
                | "des"
                | "d"
                | "el"
                | "los"
                | "las"
                | "da"
                | "as"
                | "well"
                | "ال"
                | "republic"
                | "republique"
                | "kingdom"
                | "governments"
                | "government"
        )
}

/// The separators as written between the word before a place and the place.
fn gap_before<'t>(line: &Folded<'t>, start: usize) -> &'t str {
    line.between(line.text()[..start].trim_end().len(), start)
}

/// The words of a line that are neither the name nor another name of the same state.
fn residue<'l>(text: &'l str, mentions: &[Mention<'_>], named: &Named) -> Vec<&'l str> {
    let mut out = Vec::new();
    let mut at = 0;
    let same = mentions.iter().filter(|m| {
        m.range.start >= named.range.start && m.range.end <= named.range.end || named.members.contains(&m.name.states)
    });
    for mention in same {
        if mention.range.start >= at {
            out.extend(text[at..mention.range.start].split(' '));
            at = mention.range.end;
        }
    }
    out.extend(text[at..].split(' '));
    out.retain(|w| !w.is_empty());
    out
}

fn text_without(text: &str, range: &Range<usize>) -> String {
    format!("{} {}", &text[..range.start], &text[range.end..]).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("20") || word.starts_with("19"))
}

/// Words of a state's full style.
fn formal_word(word: &str) -> bool {
    matches!(
        word,
        "republic"
            | "republique"
            | "republica"
            | "repubblica"
            | "republika"
            | "republik"
            | "республика"
            | "kingdom"
            | "royaume"
            | "reino"
            | "regno"
            | "konigreich"
            | "state"
            | "etat"
            | "estado"
            | "principality"
            | "principaute"
            | "principado"
            | "federation"
            | "federal"
            | "federative"
            | "islamic"
            | "democratic"
            | "people"
            | "peoples"
            | "union"
            | "united"
            | "arab"
            | "جمهوريه"
            | "مملكه"
            | "دوله"
            | "共和国"
            | "王国"
    )
}
