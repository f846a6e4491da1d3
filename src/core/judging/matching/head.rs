//! The head of a document: its letterhead and its title, line by line.
//!
//! Promises to stop where the head ends, so that a state named in the text below is never taken for the sender; a
//! letterhead that a reader of PDF ran into one line with the title is still seen.

use super::{
    Source,
    claims::{Claim, letterhead, title},
    elsewhere,
    findings::first_found,
    lines::{Shape, shapes, stops_within},
    names::Reading,
    objections::{self, Objection},
    register::Register,
    vocabulary as words,
};
use crate::core::text::fold::{Folded, fold, head_of};

/// What the head of a document says.
#[expect(clippy::struct_excessive_bools, reason = "each is a finding of its own; none excludes another")]
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// Letterhead and title, in their order.
    pub(super) claims: Vec<Claim>,
    /// A ministry or another authority stands in the letterhead.
    pub(super) authority: bool,
    /// It is a ministry, a mission or the Government.
    pub(super) ministry: bool,
    /// A word for an input stands in it.
    pub(super) input: bool,
    /// It names someone who is no state: the line.
    pub(super) private: Option<String>,
    /// A sentence of it names someone who is no state, and not as one who was asked.
    pub(super) speaks_of_private: Option<String>,
    /// What it says against the sender, where it names no state.
    pub(super) objections: Vec<Objection>,
    /// The lines of its letterhead that name no state.
    pub(super) unnamed: Vec<String>,
    /// It names an organisation of states.
    pub(super) organisation: bool,
    /// It names an authority below the state: the line.
    pub(super) below: Option<String>,
    /// It names an honorary consul or a former official.
    pub(super) honorary: bool,
}

/// How far a letterhead may reach.
const HEAD_LINES: usize = 14;

/// How long a line of a letterhead may be; what is longer is prose, or lines that a reader of PDF ran together.
const LINE: usize = 220;
/// Within how many words of a page run together its title stands, and who wrote it.
const TITLE_WORDS: usize = 24;
const AUTHOR_WORDS: usize = 12;
/// Within how many lines a state's name may stand among words that nobody could read.
const OBSCURE_LINES: usize = 3;
/// Within how many lines a word of togetherness stands with a letterhead of several.
const JOINT_LINES: usize = 5;
/// How many words a line may have in which an authority names its city.
const CITY_WORDS: usize = 7;
/// How many words a line of a letterhead may have.
const LINE_WORDS: usize = 18;

/// Reads the head of a document's first page, and who prepared it, at its end.
pub(super) fn read(register: &Register, page: &str) -> Head {
    let lines: Vec<&str> = page.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let shapes = shapes(register, &lines[..lines.len().min(HEAD_LINES)]);
    // “Czech Republic and Slovak Republic” above “Joint input” is one letterhead of both.
    let together = lines.iter().take(JOINT_LINES).any(|line| words::joint(&fold(head_of(line, LINE))));
    let mut scan = Scan {
        register,
        head: Head::default(),
        uncertain: Vec::new(),
        title_at: None,
        above: String::new(),
        together,
        abroad: false,
    };
    for (i, (line, shape)) in lines.iter().zip(shapes).enumerate() {
        if !scan.line(i, line, shape) {
            break;
        }
    }
    // A name that is also a person's, or capitals, count where an authority stands beside them.
    if scan.head.authority {
        scan.head.claims.append(&mut scan.uncertain);
    }
    for line in lines.iter().rev().take(4).filter(|l| l.chars().count() <= LINE) {
        let folded = Folded::new(line);
        if ["prepared by", "submitted by", "on behalf of"].iter().any(|p| folded.text().starts_with(p)) {
            let claims = title(&folded, &register.names.mentions(&folded), Source::Title, 1.5);
            let known = scan.head.claims.iter().any(|known| claims.iter().any(|claim| known.text == claim.text));
            scan.head.claims.extend(claims.into_iter().filter(|_| !known));
        }
    }
    scan.head
}

/// The reading of a head, line by line.
struct Scan<'r> {
    register: &'r Register,
    head: Head,
    /// Claims that count only if an authority is named.
    uncertain: Vec<Claim>,
    /// The line of the title.
    title_at: Option<usize>,
    /// The line above, folded.
    above: String,
    /// A line of it speaks of several states together.
    together: bool,
    /// A mission or an embassy stands in it, whose city is its host's.
    abroad: bool,
}

impl Scan<'_> {
    /// Reads a line; false where the head is over.
    fn line(&mut self, i: usize, line: &str, shape: Shape) -> bool {
        if shape == Shape::Row {
            return true;
        }
        let run_on = line.chars().count() > LINE;
        let long = run_on;
        let whole = Folded::new(head_of(line, 1_200));
        let opening = if long || shape == Shape::Sentence && i < 2 { opening(&whole) } else { None };
        // A sentence that says of an authority what it is or does is no letterhead run into a title.
        let opening = opening.filter(|head| run_on || !tells(head));
        let long = long || opening.is_some_and(|head| !stops_within(head) && titled(&whole, head));
        if long && i < 2 {
            self.run_together(&whole);
        }
        let folded = match opening {
            Some(opening) if i < 2 => Folded::new(opening),
            _ if long => return false,
            _ => whole,
        };
        let text = folded.text();
        let words_in_line = text.split(' ').count();
        let mentions = self.register.names.mentions(&folded);
        let above = std::mem::replace(&mut self.above, text.to_owned());
        let titles = if long { Vec::new() } else { title(&folded, &mentions, Source::Title, 2.0) };
        if !titles.is_empty() {
            self.head.claims.extend(titles);
            self.head.input = true;
            self.title_at.get_or_insert(i);
            return true;
        }
        if !long && shape == Shape::Sentence {
            // A sentence that runs over every page, which names nobody, stands above the letterhead.
            let above = i < 2 && mentions.is_empty() && self.head.claims.is_empty();
            self.sentence(i, &folded, above);
            return self.head.claims.is_empty() && self.title_at.is_none();
        }
        let sentence = words_in_line > 14 && line.ends_with(['.', '。', ';', '،']) && !words::names_input(text);
        if !long && sentence || self.title_at.is_some_and(|at| i > at + 3) {
            return false;
        }
        if i < 4 && self.title_at.is_none() {
            let written = folded.quote(0..text.len());
            first_found(&mut self.head.private, words::speaker_in(text).map(|_| written));
            self.head.honorary |= words::honorary(text);
            self.head.organisation |= words::organisation(text)
                && !words::ministry_of_organisation(text)
                && (mentions.is_empty() || !words::names_authority(text) && !words::represents(text));
            // An authority and its place stand on two lines as often as on one.
            let both = if above.is_empty() { text.to_owned() } else { format!("{above} {text}") };
            let nobody_s = |line: &str| words::below(line) || self.register.names_substate(line);
            let above_named = !self.register.names.mentions(&Folded::new(&above)).is_empty();
            let authority = words::names_authority(text) || !above_named && words::names_authority(&above);
            let governs = authority && mentions.is_empty() && governs_no_state(text);
            let below = nobody_s(text) || nobody_s(&both) || governs;
            first_found(&mut self.head.below, below.then_some(written));
            let part = Folded::new(letterhead_part(&folded));
            let named = self.register.names.mentions(&part);
            self.head.objections.extend(objections::of_letterhead(&part, &named));
            self.head.objections.extend(elsewhere::of_territory(&part, &named));
            self.abroad |= words::abroad(text);
            if words_in_line <= CITY_WORDS && named.is_empty() && !self.abroad {
                self.head.objections.extend(elsewhere::of_city(&part));
            }
            if mentions.is_empty() && words_in_line <= LINE_WORDS {
                self.head.unnamed.push(written.to_owned());
            }
        }
        if words_in_line <= LINE_WORDS {
            if let Some((claim, sure)) = letterhead(self.register, &folded, &mentions) {
                let group = mentions.first().is_some_and(|m| m.name.reading == Reading::Group);
                self.letterhead(claim, sure, group || words::joint(text) || self.together);
            } else if i < OBSCURE_LINES && self.title_at.is_none() {
                self.head.objections.extend(objections::of_obscure_letterhead(&folded, &mentions));
            }
            self.head.authority |= self.title_at.is_none() && words::names_authority(text);
            self.head.ministry |= self.title_at.is_none() && words::names_ministry(text);
        }
        // A sentence that runs over every page, which names nobody, stands above the letterhead.
        let above = long && !run_on && self.head.claims.is_empty();
        if !above && (words::names_input(text) || long) {
            self.head.input |= words::names_input(text);
            self.title_at.get_or_insert(i);
        }
        above || !long
    }

    /// Reads a sentence, which bears nobody's letterhead. `above`: the head may still begin below it.
    fn sentence(&mut self, i: usize, line: &Folded<'_>, above: bool) {
        let text = line.text();
        let speaker = words::speaker_in(text).filter(|_| i < 4).map(|found| line.quote(found));
        first_found(&mut self.head.speaks_of_private, speaker);
        if words::names_input(text) {
            self.head.input = true;
            if !above {
                self.title_at.get_or_insert(i);
            }
        }
    }

    /// The title and the names of others in a line into which a reader of PDF ran the whole page.
    fn run_together(&mut self, page: &Folded<'_>) {
        let title_line = Folded::new(first_words(page, TITLE_WORDS));
        let claims = title(&title_line, &self.register.names.mentions(&title_line), Source::Title, 2.0);
        self.head.claims.extend(claims);
        let beginning = Folded::new(first_words(page, AUTHOR_WORDS));
        let speaker = words::speaker_in(beginning.text()).map(|found| beginning.quote(found));
        first_found(&mut self.head.private, speaker);
        self.head.honorary |= words::honorary(beginning.text());
    }

    fn letterhead(&mut self, claim: Claim, sure: bool, together: bool) {
        // Two states in one letterhead without a word of togetherness: which of them, a person must say.
        let claims = if claim.joint && !together {
            claim.states.iter().map(|s| Claim { states: vec![*s], joint: false, ..claim.clone() }).collect()
        } else {
            vec![claim]
        };
        match (self.title_at, sure) {
            (None, true) => self.head.claims.extend(claims),
            (None, false) => self.uncertain.extend(claims),
            // Below the title a name alone still says whose paper it is.
            (Some(_), true) => {
                let below_title = |c| Claim { source: Source::Title, weight: 2.0, ..c };
                self.head.claims.extend(claims.into_iter().map(below_title));
            }
            (Some(_), false) => {}
        }
    }
}

/// The first words of a line, as they are written.
fn first_words<'t>(line: &Folded<'t>, count: usize) -> &'t str {
    let text = line.text();
    let end = text.match_indices(' ').nth(count.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    line.quote(0..end)
}

/// The letterhead at the beginning of a line into which a reader of PDF ran the whole page: up to the title's first
/// word, if the words before it look like nothing else.
fn opening<'t>(line: &Folded<'t>) -> Option<&'t str> {
    let text = line.text();
    let mut end = 0;
    let mut authority = false;
    let mut titled = false;
    for (n, word) in text.split(' ').enumerate() {
        if n > 0 && begins_title(word) {
            titled = true;
            break;
        }
        if n >= LINE_WORDS {
            break;
        }
        authority |= words::authority_word(word);
        end += word.len() + usize::from(n > 0);
    }
    (titled || authority).then(|| line.quote(0..end.min(text.len())))
}

/// Whether the beginning of a line tells of somebody, as a sentence does: by its verb, or by as many small words as no
/// letterhead has.
fn tells(head: &str) -> bool {
    let words = || head.split(|c: char| !c.is_alphabetic());
    let small = |word: &&str| word.chars().count() > 3 && word.chars().all(char::is_lowercase);
    let capital = words().any(|word| word.starts_with(char::is_uppercase));
    words::says_of(&fold(head)) || capital && words().filter(small).count() >= SMALL_WORDS
}

/// How many words in small letters make a sentence.
const SMALL_WORDS: usize = 4;

/// Whether a title follows the letterhead at the beginning of a line.
fn titled(line: &Folded<'_>, letterhead: &str) -> bool {
    let rest = line.text().get(Folded::new(letterhead).text().len()..).unwrap_or("");
    rest.split(' ').find(|word| !word.is_empty()).is_some_and(begins_title)
}

/// A line up to the word at which its title begins.
fn letterhead_part<'t>(line: &Folded<'t>) -> &'t str {
    let text = line.text();
    let before: Vec<&str> =
        text.split(' ').enumerate().take_while(|(n, w)| *n == 0 || !begins_title(w)).map(|(_, w)| w).collect();
    line.quote(0..before.join(" ").len())
}

fn begins_title(word: &str) -> bool {
    words::input_word(word) || matches!(word, "voluntary" | "national" | "final")
}

/// Whether a line that names no state speaks of a republic or a government by its name: “Cabinet of Ministers of the
/// Republic of Tatarstan”, “Revolutionary Government of Zanzibar”.
fn governs_no_state(text: &str) -> bool {
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let republic = matches!(
            word,
            "республики" | "республика" | "republic" | "republique" | "republica" | "repubblica" | "republika"
        );
        let government = matches!(
            word,
            "government" | "gouvernement" | "gobierno" | "governo" | "regierung" | "правительство" | "vlada"
        );
        let linked =
            words.peek().is_some_and(|w| matches!(*w, "of" | "de" | "du" | "del" | "di" | "do" | "da" | "des"));
        if (republic || government && linked) && words.clone().any(|w| w.chars().count() > 3) {
            return true;
        }
    }
    false
}
