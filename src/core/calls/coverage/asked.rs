//! What a template says itself: questions, requests, hints for whoever fills it in, and places left for the answer.
//!
//! Promises nothing of wordings that stand in no list here: they are taken for an answer, which a person sees quoted.

use crate::core::{purpose::phrases::Phrases, text::fold::Folded};

/// With these a request begins; `*` lets a word go on.
const REQUESTS: &[&str] = &[
    "please describe",
    "please provide",
    "please indicate",
    "please explain",
    "please specify",
    "please list",
    "please share",
    "please outline",
    "please summari*",
    "please include",
    "please identify",
    "please elaborate",
    "please give",
    "please state",
    "please highlight",
    "please add",
    "please use",
    "please insert",
    "please enter",
    "please complete",
    "please fill",
    "please answer",
    "please mention",
    "please name",
    "please report",
    "kindly",
    "describe",
    "outline",
    "click",
    "tap here",
    "insert",
    "to be completed",
    "to be filled",
    "veuillez",
    "merci de",
    "merci d’indiquer",
    "priere de",
    "prière d’indiquer",
    "décrivez",
    "décrire",
    "indiquez",
    "précisez",
    "cliquez",
    "à compléter",
    "s’il vous plaît",
    "sírvanse",
    "sírvase",
    "por favor",
    "describa*",
    "describir",
    "indique*",
    "indicar",
    "haga clic",
    "por completar",
    "просьба",
    "просим",
    "пожалуйста",
    "опишите",
    "укажите",
    "перечислите",
    "поясните",
    "место для ввода",
    "щелкните",
    "нажмите",
    "يرجى",
    "الرجاء",
    "نرجو",
    "انقر",
    "اضغط",
    "请",
    "单击",
    "点击",
];
/// Where these stand, a sentence says how to fill in, not what there is to say.
const HINTS: &[&str] = &[
    "this template",
    "this voluntary template",
    "the template is voluntary",
    "are invited to",
    "is invited to",
    "may wish to",
    "this section should",
    "inputs should",
    "input should",
    "responses should",
    "answers should",
    "should not exceed",
    "not more than … words",
    "maximum … words",
    "up to … words",
    "le présent modèle",
    "ce modèle",
    "sont invités à",
    "sont invitées à",
    "est invité à",
    "ne doit pas dépasser",
    "ne devraient pas dépasser",
    "mots au maximum",
    "mots au plus",
    "esta plantilla",
    "la presente plantilla",
    "se invita a",
    "no deberá exceder",
    "no deben exceder",
    "palabras como máximo",
    "настоящий шаблон",
    "данный шаблон",
    "предлагается представить",
    "не должен превышать",
    "не должны превышать",
    "не более … слов",
    "هذا النموذج",
    "مدعوة إلى",
    "ألا يتجاوز",
    "كلمة كحد أقصى",
    "本模板",
    "不超过…字",
    "不得超过",
];
/// With these the line of a letter begins that says what the letter is about.
const SUBJECTS: &[&str] = &[
    "subject",
    "re",
    "reference",
    "ref",
    "objet",
    "concerne",
    "asunto",
    "referencia",
    "тема",
    "касательно",
    "الموضوع",
    "事由",
    "主题",
];
/// A line with one of these is the title of a paper, and no heading of it, where nothing stands before it.
const TITLES: &[&str] = &[
    "report*",
    "review*",
    "contribution*",
    "input*",
    "submission*",
    "template*",
    "rapport*",
    "examen*",
    "modèle*",
    "informe*",
    "aportaci*",
    "plantilla*",
    "доклад*",
    "отчет*",
    "обзор*",
    "вклад*",
    "материал*",
    "шаблон*",
    "تقرير",
    "مساهمة",
    "استعراض",
    "الاستعراض",
    "报告",
    "材料",
    "审查",
];
/// What stands above a table of contents.
const CONTENTS: &[&str] = &[
    "contents",
    "table of contents",
    "table des matières",
    "sommaire",
    "índice",
    "contenido",
    "tabla de contenido",
    "содержание",
    "оглавление",
    "المحتويات",
    "جدول المحتويات",
    "目录",
    "目次",
];

/// The words of templates and of papers, in the form in which they are searched for.
pub(super) struct Asked {
    phrases: Phrases<Word>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Request,
    Hint,
    Subject,
    Title,
    Contents,
}

/// What a sentence of a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// A question, or a request.
    Asks,
    /// A hint, or a place left for the answer.
    Hints,
    /// Anything else.
    Tells,
}

impl Asked {
    pub(super) fn new() -> Self {
        let lists = [
            (Word::Request, REQUESTS),
            (Word::Hint, HINTS),
            (Word::Subject, SUBJECTS),
            (Word::Title, TITLES),
            (Word::Contents, CONTENTS),
        ];
        let phrases = lists.into_iter().flat_map(|(word, list)| list.iter().map(move |text| (word, *text)));
        Self { phrases: Phrases::new(phrases) }
    }

    /// What a sentence is, from how it ends and from the words with which it begins.
    pub(super) fn says(&self, sentence: &str) -> Says {
        let bare = sentence.trim_end_matches([')', '”', '"', '»', ' ']);
        if sentence.starts_with(['[', '(', '<', '（', '【', '［'])
            && sentence.ends_with([']', ')', '>', '）', '】', '］'])
        {
            return Says::Hints;
        }
        if bare.ends_with(['?', '？', '؟']) {
            return Says::Asks;
        }
        let folded = Folded::new(sentence);
        let found = self.phrases.find(folded.text(), |_, _| true);
        if found.iter().any(|found| found.meaning == Word::Request && found.range.start == 0) {
            Says::Asks
        } else if found.iter().any(|found| found.meaning == Word::Hint) {
            Says::Hints
        } else {
            Says::Tells
        }
    }

    /// Whether this is the line of a letter that says what it is about.
    pub(super) fn is_subject(&self, line: &str) -> bool {
        let Some((before, _)) = line.split_once([':', '：']) else { return false };
        self.is_all(before, Word::Subject)
    }

    /// Whether a line has a word of titles.
    pub(super) fn is_title(&self, line: &str) -> bool {
        let folded = Folded::new(line);
        self.phrases.find(folded.text(), |_, _| true).iter().any(|found| found.meaning == Word::Title)
    }

    /// Whether a line stands above a table of contents.
    pub(super) fn is_contents(&self, line: &str) -> bool {
        self.is_all(line, Word::Contents)
    }

    fn is_all(&self, text: &str, word: Word) -> bool {
        let folded = Folded::new(text);
        let whole = 0..folded.text().trim_end().len();
        self.phrases.find(folded.text(), |_, _| true).iter().any(|found| found.meaning == word && found.range == whole)
    }
}

/// The sentences of a paragraph, each with its stop.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let (mut sentences, mut from) = (Vec::new(), 0);
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let ends = match letter {
            '.' | '!' | '?' | '؟' => next.is_none_or(char::is_whitespace),
            '。' | '！' | '？' => true,
            _ => false,
        };
        if ends {
            let to = at + letter.len_utf8();
            sentences.push(text[from..to].trim());
            from = to;
        }
    }
    sentences.push(text[from..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}
