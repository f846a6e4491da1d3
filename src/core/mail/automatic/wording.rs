//! The words by which programs give themselves away, in the languages of the states and of other mail: `words.toml`.
//!
//! Promises that case, accents, punctuation and the way an apostrophe is written make no difference, and that a phrase counts
//! only as whole words. Finds; what follows from it is the caller's.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::core::text::words::{is_han, is_kana};

/// Of how many words a text is short, so that its phrases tell what the whole of it is.
const SHORT: usize = 150;
/// Within how many words a text must say “this”, “automatic” and “message”.
const CLOSE: usize = 7;

/// What a subject makes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// What it is.
    pub(super) kind: Kind,
    /// The words stand before a colon or are all there is: as programs write them, and people hardly.
    pub(super) label: bool,
}

/// What a program's message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An automatic answer.
    Answer,
    /// A report about the delivery of another message.
    Report,
    /// A receipt for another message.
    Receipt,
}

/// What a short text gives away, with its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// Somebody left it for the time of an absence.
    Absence(&'static str),
    /// A program speaks of itself.
    Machine(&'static str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    auto: Vec<String>,
    reply: Vec<String>,
    this: Vec<String>,
    away: Vec<String>,
    report: Vec<String>,
    receipt: Vec<String>,
    absent: Vec<String>,
    machine: Vec<String>,
}

/// A phrase of a subject.
struct Phrase {
    words: String,
    kind: Kind,
    label_only: bool,
}

/// How a language says that a message is automatic: beginnings of words, and words that point at it.
struct Automatic {
    auto: Vec<String>,
    reply: Vec<String>,
    this: Vec<String>,
}

struct Words {
    subjects: Vec<Phrase>,
    automatic: Vec<Automatic>,
    /// Phrases of texts between spaces, with what each gives away.
    texts: AhoCorasick,
    traces: Vec<Trace>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let languages: std::collections::BTreeMap<String, Language> =
        toml::from_str(include_str!("words.toml")).expect("the table comes with the program");
    let mut words = Words {
        subjects: Vec::new(),
        automatic: Vec::new(),
        texts: AhoCorasick::new([""; 0]).expect("no pattern is too large"),
        traces: Vec::new(),
    };
    let mut texts = Vec::new();
    for language in languages.into_values() {
        for (phrases, kind) in
            [(language.away, Kind::Answer), (language.report, Kind::Report), (language.receipt, Kind::Receipt)]
        {
            words.subjects.extend(phrases.into_iter().map(|phrase| Phrase {
                label_only: phrase.ends_with(':'),
                words: folded(&phrase),
                kind,
            }));
        }
        let all = |written: &[String]| written.iter().map(|word| pattern(word)).collect();
        words.automatic.push(Automatic {
            auto: language.auto.iter().map(|word| folded(word)).collect(),
            reply: language.reply.iter().map(|word| folded(word)).collect(),
            this: all(&language.this),
        });
        let traces =
            [(language.absent, Trace::Absence as fn(&'static str) -> Trace), (language.machine, Trace::Machine)];
        for (phrases, trace) in traces {
            for phrase in phrases {
                texts.push(pattern(&phrase));
                words.traces.push(trace(phrase.leak()));
            }
        }
    }
    words.texts = AhoCorasick::new(texts).expect("the phrases are few");
    words
});

/// A phrase between spaces; one that ends with a star begins words.
fn pattern(phrase: &str) -> String {
    if phrase.ends_with('*') { format!(" {}", folded(phrase)) } else { format!(" {} ", folded(phrase)) }
}

/// What a subject makes of a message, where it does; marks that a gateway put before it make no difference.
pub(super) fn subject(written: &str) -> Option<Subject> {
    let written = written.trim_start();
    let marked = [("[", ']'), ("{", '}'), ("***", ' ')].into_iter().find_map(|(open, close)| {
        let (_, rest) = written.strip_prefix(open)?.trim_start().split_once(close)?;
        Some(rest).filter(|rest| !rest.trim().is_empty())
    });
    plain_subject(written).or_else(|| plain_subject(marked?))
}

fn plain_subject(written: &str) -> Option<Subject> {
    let text = folded(written);
    let label = written.split_once([':', '：', '׃', '։']).map(|(label, _)| folded(label));
    let bracketed: Vec<String> = written.split(['(', '[', '（', '【']).skip(1).map(inside).collect();
    let whole =
        |words: &str| text == words || label.as_deref() == Some(words) || bracketed.iter().any(|part| part == words);
    let begins = |text: &str, words: &str| text.strip_prefix(words).is_some_and(|rest| rest.starts_with(' '));
    let edge = |words: &str| {
        begins(&text, words)
            || text.strip_suffix(words).is_some_and(|rest| rest.ends_with(' '))
            || bracketed.iter().any(|part| begins(part, words))
    };
    let found = WORDS.subjects.iter().filter_map(|phrase| {
        let label = whole(&phrase.words);
        (label || !phrase.label_only && edge(&phrase.words)).then_some(Subject { kind: phrase.kind, label })
    });
    let found = found.max_by_key(|subject| subject.label);
    found.filter(|subject| subject.label).or_else(|| automatic_subject(&text, label.as_deref())).or(found)
}

/// What stands up to the bracket that closes.
fn inside(part: &str) -> String {
    folded(part.split([')', ']', '）', '】']).next().unwrap_or_default())
}

/// A subject that begins with “automatic” and “answer” together, in whatever order the language has them.
fn automatic_subject(text: &str, label: Option<&str>) -> Option<Subject> {
    let first: Vec<&str> = text.split(' ').take(3).collect();
    let said = WORDS.automatic.iter().any(|language| {
        first.iter().enumerate().any(|(at, word)| {
            let Some(rest) = language.auto.iter().find_map(|auto| word.strip_prefix(auto.as_str())) else {
                return false;
            };
            let reply = |word: &str| language.reply.iter().any(|reply| word.starts_with(reply.as_str()));
            let compound = at == 0 && language.reply.iter().any(|reply| rest.contains(reply.as_str()));
            let beside = match at {
                0 => first.get(1).is_some_and(|next| reply(next)),
                1 => reply(first[0]) || first.get(2).is_some_and(|next| reply(next)),
                _ => reply(first[0]),
            };
            compound || beside
        })
    });
    let label = label.is_some_and(|label| label.split(' ').count() <= 4);
    said.then_some(Subject { kind: Kind::Answer, label })
}

/// What a text gives away, where it is short enough for that.
pub(super) fn text(own: &str) -> Option<Trace> {
    let text = format!(" {} ", folded(own));
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    if words.len() > SHORT {
        return None;
    }
    let mut found = WORDS.texts.find_overlapping_iter(&text).map(|found| WORDS.traces[found.pattern().as_usize()]);
    let first = found.next();
    let machine = first.filter(|first| matches!(first, Trace::Machine(_)));
    let machine = machine.or_else(|| found.find(|found| matches!(found, Trace::Machine(_))));
    machine.or_else(|| automatic_text(&words)).or(first)
}

/// A text that calls itself automatic.
fn automatic_text(words: &[&str]) -> Option<Trace> {
    let begins = |word: &str, with: &[String]| with.iter().any(|start| word.starts_with(start.as_str()));
    let said = WORDS.automatic.iter().any(|language| {
        let at = words.iter().enumerate().filter(|(_, word)| begins(word, &language.auto)).map(|(at, _)| at);
        at.into_iter().any(|at| {
            let near = &words[at.saturating_sub(CLOSE / 2 + 1)..words.len().min(at + CLOSE / 2 + 1)];
            let points = |word: &str| {
                let word = format!(" {word} ");
                language.this.iter().any(|this| word.starts_with(this.as_str()))
            };
            near.iter().any(|word| points(word)) && near.iter().any(|word| begins(word, &language.reply))
        })
    });
    said.then_some(Trace::Machine("this is an automatic message"))
}

/// How many words a text has, as they are counted here.
pub(super) fn length(text: &str) -> usize {
    folded(text).split_ascii_whitespace().count()
}

/// Lower case, no accents, one space between words; characters of Chinese and Japanese writing are words of their own.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 2);
    let mut push = |c: char| {
        let alone = is_han(c) || is_kana(c);
        if alone && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
        if c.is_alphanumeric() {
            folded.push(c);
        }
        if (alone || !c.is_alphanumeric()) && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    };
    for c in text.chars() {
        match c {
            'Ł' | 'ł' => push('l'),
            'Đ' | 'đ' | 'Ð' | 'ð' => push('d'),
            'Ø' | 'ø' => push('o'),
            'ı' => push('i'),
            'Ə' | 'ə' => push('e'),
            'Æ' | 'æ' => "ae".chars().for_each(&mut push),
            'Œ' | 'œ' => "oe".chars().for_each(&mut push),
            'Þ' | 'þ' => "th".chars().for_each(&mut push),
            'ß' => "ss".chars().for_each(&mut push),
            'Ħ' | 'ħ' => push('h'),
            '\u{640}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            c => decompose_compatible(c, |d| {
                if !is_combining_mark(d) {
                    d.to_lowercase().filter(|l| !is_combining_mark(*l)).for_each(&mut push);
                }
            }),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}
