//! Titles that call an input somebody else's: “Contribution of Sardinia”, “Wkład Republiki Litewskiej”, “Gürcistan’ın katkısı”.
//!
//! Promises evidence that only speaks against the sender's state, and none where the title names that state: by its name,
//! its adjective, or a form of either. Whose input it is instead need not be known.

use std::sync::LazyLock;

use super::{
    exonyms,
    names::Reading,
    objections::{Against, INPUT, Objection},
    register::Register,
    vocabulary::{self as words, Words},
};
use crate::core::{
    iso3::Iso3,
    text::fold::{Folded, head_of},
};

/// How many lines of a document its title may stand in.
const LINES: usize = 4;
/// How much of a line a title takes, where a reader of PDF ran the page into it.
const TITLE: usize = 300;
/// How many letters two names have in common at least that are forms of one.
const COMMON: usize = 4;
/// How many words behind the word for an input may be whose it is.
const OWNER_WORDS: usize = 4;

/// What the title of a document says against its sender.
pub(super) fn of_page(register: &Register, sender: Iso3, page: &str) -> Option<Objection> {
    let lines = page.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES);
    for line in lines.map(|line| Folded::new(head_of(line, TITLE))) {
        let against = of_line(register, sender, &line);
        // A letterhead of the state's own stands above its title.
        if against.is_some() || names_own(register, sender, &line) {
            return against;
        }
    }
    None
}

/// What a line that speaks of an input says against its sender, if it is a title, or a subject.
pub(super) fn of_line(register: &Register, sender: Iso3, line: &Folded<'_>) -> Option<Objection> {
    let text = line.text();
    let written = line.quote(0..text.len());
    let sentence = line.written_after(text.len()).starts_with(['.', '!', '?', ';', '։', '。']);
    let mentions = register.names.mentions(line);
    let named = mentions.iter().any(|m| m.name.states.contains(&sender)) || exonyms::own(sender, line).is_some();
    if sentence || named || !(words::names_input(text) || text.split(' ').any(is_input)) {
        return None;
    }
    let against = |states| Some(Objection::new(Against::Title, states, written));
    let about = |at: usize| {
        let mut before = text[..at].trim_end().split(' ').rev();
        before.find(|word| !LINKS.has(word) && !REPUBLIC.has(word)).is_some_and(words::about_word)
    };
    if words::territory(text) || words::dependency(text) {
        return against(mentions.iter().flat_map(|m| m.name.states.clone()).collect());
    }
    if resembles_own(register, sender, line) {
        return None;
    }
    let called = mentions.iter().find(|m| m.name.reading != Reading::Demonym && !about(m.range.start));
    if let Some(called) = called.filter(|_| !words::joint(text)) {
        return against(called.name.states.clone());
    }
    if let Some((states, _)) = exonyms::another(sender, line).filter(|(_, at)| !about(at.start)) {
        return against(states);
    }
    (of_somebody(line) || of_republic(line)).then(|| against(Vec::new())).flatten()
}

/// The same of a subject, and of the name of a file, which need not be titles: only parts of a state, by their names.
pub(super) fn of_part(register: &Register, sender: Iso3, line: &Folded<'_>, against: Against) -> Option<Objection> {
    let part = words::territory(line.text()) || words::dependency(line.text());
    let named = || register.names.mentions(line).iter().any(|m| m.name.states.contains(&sender));
    (part && !named()).then(|| Objection::new(against, Vec::new(), line.quote(0..line.text().len())))
}

/// Whether a line names the sender's state: by a name of the tables, in its own language, or in a form of either.
fn names_own(register: &Register, sender: Iso3, line: &Folded<'_>) -> bool {
    let mentions = register.names.mentions(line);
    mentions.iter().any(|m| m.name.states.contains(&sender))
        || exonyms::own(sender, line).is_some()
        || resembles_own(register, sender, line)
}

/// Whether a name in a line is a form of one of the state's: “Rzeczypospolitej Polskiej”.
fn resembles_own(register: &Register, sender: Iso3, line: &Folded<'_>) -> bool {
    let tells = |word: &&str| !REPUBLIC.has(word) && !OF_MANY.has(word) && word.chars().count() >= COMMON;
    let forms: Vec<&str> = names_of(line).filter(tells).collect();
    let own = register.names.iter().filter(|(_, name)| name.states == [sender]).flat_map(|(name, _)| name.split(' '));
    own.filter(tells).any(|own| forms.iter().any(|form| one_name(own, form)))
}

/// Whether two words begin as one name does in all its forms.
fn one_name(own: &str, form: &str) -> bool {
    let common = own.chars().zip(form.chars()).take_while(|(a, b)| a == b).count();
    let shorter = own.chars().count().min(form.chars().count());
    common >= COMMON.max(shorter.saturating_sub(3))
}

/// The words of a line that are written as names are.
fn names_of<'l>(line: &'l Folded<'_>) -> impl Iterator<Item = &'l str> {
    words_at(line.text()).filter(|(at, word)| is_name(line, *at, word)).map(|(_, word)| word)
}

fn words_at(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(' ').map(move |word| {
        let begin = at;
        at += word.len() + 1;
        (begin, word)
    })
}

/// Whether a word is written as a name is; in letters that have no capitals any word may be one.
fn is_name(line: &Folded<'_>, at: usize, word: &str) -> bool {
    let first = line.quote(at..at + word.len()).chars().next();
    word.chars().count() > 2 && first.is_some_and(|first| first.is_alphabetic() && !first.is_lowercase())
}

/// Whether whose it is stands behind the word for an input, as a name of somebody who is no authority and no body of one.
fn of_somebody(line: &Folded<'_>) -> bool {
    let text = line.text();
    let written = line.quote(0..text.len());
    if !written.chars().any(char::is_lowercase) || in_capitals(line) {
        return false;
    }
    let words: Vec<(usize, &str)> = words_at(text).collect();
    let Some(noun) = words.iter().position(|(_, word)| is_input(word)) else { return false };
    let linked = words[noun + 1..].iter().position(|(_, word)| !LINKS.has(word)).map(|behind| noun + 1 + behind);
    let Some(owner) = linked else { return false };
    let between = line.between(words[owner - 1].0 + words[owner - 1].1.len(), words[owner].0);
    if between.chars().any(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '“' | '«' | '"')) {
        return false;
    }
    let run = words[owner..].iter().take_while(|(at, word)| is_name(line, *at, word));
    let run: Vec<&str> = run.map(|(_, word)| *word).collect();
    let someone = |word: &&str| words::authority_word(word) || BODIES.has(word) || words::input_word(word);
    (1..=OWNER_WORDS).contains(&run.len())
        && run.iter().all(|word| word.chars().all(char::is_alphabetic))
        && line.quote(words[owner].0..words[owner].0 + words[owner].1.len()).chars().any(char::is_lowercase)
        && !run.iter().any(someone)
}

/// Whether all longer words of a line begin with a capital, so that none says anything.
fn in_capitals(line: &Folded<'_>) -> bool {
    let long: Vec<(usize, &str)> = words_at(line.text()).filter(|(_, word)| word.chars().count() > 3).collect();
    long.len() > 3 && long.iter().all(|(at, word)| is_name(line, *at, word))
}

/// Whether a line that speaks of an input names a republic or a kingdom, which is not the sender's own.
fn of_republic(line: &Folded<'_>) -> bool {
    let words: Vec<(usize, &str)> = words_at(line.text()).collect();
    words.iter().enumerate().any(|(at, (begin, word))| {
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|beside| words.get(beside));
        let own_name = |(at, word): &(usize, &str)| is_name(line, *at, word) && !is_input(word);
        REPUBLIC.has(word) && is_name(line, *begin, word) && beside.into_iter().any(own_name)
    })
}

/// Whether a word is one for an input, as titles have it; in some languages it means what is attached, too.
fn is_input(word: &str) -> bool {
    INPUT.has(word) || TITLES.has(word)
}

static TITLES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        prilog prilozi прилог прилози матэрыялы матэрыял унесак panus panuse kannanotto kannanoton תרומת תרומה התרומה materialy materialai \
        materiale bijdrage baitrag ionchur kontribut* kontribuzzjoni ներդրում* წვლილ* συμβολη συνεισφορα framlag салым* сахми саҳм* ҳисса* хиссаи gosandy \
        tohfe* hissasi katkisi katki ulesi үлесі улеси indelis ieguldijums hozzajarulasa bidrag bidraget contribucio contribuziun",
    )
});

/// Words that stand between the word for an input and whose it is.
static LINKS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        of by from the a de du des d la le les l el los las del della dello dell degli dei di do da dos das von vom der des dem die van het \
        af av fra fran od na nga an ar o",
    )
});

/// Republics and kingdoms, as they call themselves.
static REPUBLIC: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        republi* respubli* республи* рэспублі* републи* републік* cumhuriyet* vabarii* tasavalla* tasavallan koztarsasag* lydveldi* \
        rzeczpospolit* rzeczypospolit* რესპუბლიკ* հանրապետ* δημοκρατια* הרפובליק* kingdom* royaume* konigreich* kralovstv* krolestw* \
        kraljev* краљев* королевств* kongerig* kongeriket konungariket koninkrijk* federati* federaci* федераци*",
    )
});

/// Words in the names of many states, which are none's by themselves.
static OF_MANY: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        united north* south* great islands island states state union principality duchy people* democratic national government* the of und \
        council confederation* socialist islamic северн* южн* соединенн* народн* демократическ* vereinigt* nord* unis etats estados unidos",
    )
});

/// Bodies of a state, and words of titles, that are written as names are and are none.
static BODIES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        working group* committee* council* commission* board* team* task force* coordination* mechanism* network* focal point* member* states \
        state party parties stakeholder* social partners civil society unit* division* national inter* global compact gcm migration* our \
        we amtes amt uprav* управ* expert* эксперт* women youth migrants academia business arbeitsgruppe* bund* lander regierung* mr mrs ms dr administration* authorities system* safe orderly regular review* \
        implementation* межведомственн* рабоч* комисси* комитет* совет* группы глобальн* регион* национальн* groupe* comite* conseil* mecanisme* \
        grupo* comision* consejo* mecanismo* pact* pacte* pacto* global* regional* komisj* zespol* rady rada odbor* vybor* komise radne \
        skupin* un unece ece united nations general assembly europ*",
    )
});
