//! What the program concludes about one message: its items, whose they are, what they are to the secretariat, and whether
//! the message may be answered.
//!
//! The same judgement serves the daemon, which files by it, and `docket inspect`, which only shows it. Nothing is judged
//! by the sender's own date.

use jiff::civil::Date;

use super::{
    answer::{Fate, held_back},
    item::{Item, MainText, items},
    matching::{Case, Contact, Decision, Earlier, Kind, Match, Register, Source},
    relevance::{Relevance, Signs, announces_document, relevance, words_used},
};
use crate::core::{
    calls::call::Call,
    file::{File, Outcome, Role},
    iso3::Iso3,
    mail::{
        authenticity::{Authenticity, authenticity},
        automatic::{Answerable, Beside, Own, answerable, original_author},
        mail_loop::{self, Over, Turn},
        message::{Address, Message},
        quoting,
    },
    question::{Missing, Next, Question, Unseen},
    text::{
        self,
        language::{self, Language},
    },
};

/// What is known around a message.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The states.
    pub register: &'a Register,
    /// The calls that the mailbox receives for; none for an inspection without configuration.
    pub calls: &'a [&'a Call],
    /// What is ours.
    pub own: &'a Own,
    /// Domains from which colleagues forward what others sent them.
    pub colleagues: &'a [String],
    /// Contacts that a person entered or confirmed.
    pub contacts: &'a [Contact],
    /// What stands filed already from the addresses of its authors; nothing of colleagues and of ourselves.
    pub earlier: &'a [Earlier],
    /// The day of receipt: states are called by the names of that day.
    pub on: Date,
    /// Whether it answers a letter of ours.
    pub answers: Answers,
    /// The letters that went lately to the address that an answer would go to; not asked for where there is a document.
    pub lately: &'a [Turn],
}

/// Whether a message answers a letter of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// It does not.
    Nothing,
    /// It does; with the place of the call that letter was about, where it is one of the calls at hand.
    Letter {
        /// The place of the call.
        call: Option<usize>,
        /// The letter had left only minutes before.
        at_once: bool,
    },
}

impl Answers {
    /// Whether it answers a letter that had left only minutes before.
    #[must_use]
    pub fn at_once(self) -> bool {
        matches!(self, Self::Letter { at_once: true, .. })
    }
}

/// The judgement of one item.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedItem {
    /// The item.
    pub item: Item,
    /// Whose it is.
    pub matched: Match,
    /// The call it belongs to, by its place.
    pub call: Option<usize>,
    /// What it is to the secretariat.
    pub relevance: Relevance,
    /// What becomes of it.
    pub fate: Fate,
    /// Why a person must look at it, if one must.
    pub waiting: Option<Question>,
}

/// The judgement of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Whether it may be answered.
    pub answerable: Answerable,
    /// Whether it comes from the domain of its sender, by the word of our relay.
    pub authenticity: Authenticity,
    /// A colleague sent it.
    pub by_colleague: bool,
    /// Its items, at least one.
    pub items: Vec<JudgedItem>,
    /// The most that any item is to the secretariat.
    pub relevance: Relevance,
    /// The language to answer in, where it is clear.
    pub language: Option<Language>,
    /// Why it gets no letter though it would deserve one: the turn is over.
    pub turn: Option<Over>,
}

impl Judgement {
    /// Whether any file is a document that a government may send as its text.
    #[must_use]
    pub fn brings_document(&self) -> bool {
        self.items.iter().any(|judged| matches!(judged.item.main, MainText::File(_)))
    }
}

/// The addresses whose contacts matter to a message: its own author's, and those of what it forwards.
#[must_use]
pub fn authors(message: &Message) -> Vec<String> {
    let quoted = quoting::forwarded(&message.body).map(|original| original.from);
    let attached = message.attached.iter().filter_map(|attached| attached.from.as_ref());
    let all = message.from.iter().chain(&message.reply_to).chain(attached).chain(&quoted);
    let mut addresses: Vec<String> =
        all.filter_map(|author| author.address.as_ref()).map(|address| address.to_lowercase()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// Judges a message.
#[must_use]
pub fn judge(message: &Message, files: &[File], around: &Circumstances<'_>) -> Judgement {
    let authenticity = authenticity(message, &around.own.relay);
    let renamed = original_author(message, around.own).map(|author| Message { from: Some(author), ..message.clone() });
    let answerable = answerable(message, around.own, beside(message, files, around.answers));
    let message = renamed.as_ref().unwrap_or(message);
    let by_colleague = message.from.as_ref().is_some_and(|from| is_colleague(from, around.colleagues));
    let items = items(message, files, by_colleague, answerable.automatic);
    let document = items.iter().any(|item| matches!(item.main, MainText::File(_)));
    let carries = answerable.automatic && sends_document(message, files);
    let over = if document { None } else { mail_loop::over(&quoting::own_words(&message.body), around.lately) };
    let whole = Whole { message, files, answerable: &answerable, authenticity: &authenticity, over, carries };
    let items: Vec<JudgedItem> = items.into_iter().map(|item| judge_item(item, whole, around)).collect();
    let relevance = items.iter().map(|judged| judged.relevance).max().unwrap_or(Relevance::Unrelated);
    let language = language_of(message, files, &items);
    let owed = items.iter().any(|judged| !matches!(judged.fate, Fate::Correspondence | Fate::Unrelated));
    let turn = over.filter(|_| owed);
    Judgement { answerable, authenticity, by_colleague, items, relevance, language, turn }
}

/// Whose a message is that cannot be read, as far as its header tells: never more than candidates for a person.
#[must_use]
pub fn judge_header(from: Option<&Address>, subject: Option<&str>, around: &Circumstances<'_>) -> Match {
    let from = from.cloned().unwrap_or_default();
    let case = Case {
        subject: subject.unwrap_or_default().to_owned(),
        from: super::matching::Sender {
            display: from.name.unwrap_or_default(),
            address: from.address.unwrap_or_default(),
        },
        contacts: around.contacts.to_vec(),
        earlier: around.earlier.to_vec(),
        ..Case::default()
    };
    let matched = around.register.match_case(&case, roster(around, None));
    Match { decision: Decision::Review, kind: Kind::Ambiguous, ..matched }
}

/// What is known beside a message when it is judged whether it may be answered.
fn beside(message: &Message, files: &[File], answers: Answers) -> Beside {
    let document = message.report_type.is_none() && files.iter().any(|file| file.format.is_document());
    Beside { document, purpose: None, at_once: answers.at_once() }
}

/// Whether a message itself brings a document: what stands inside a report, or a message within, was returned.
fn sends_document(message: &Message, files: &[File]) -> bool {
    let inside =
        |file: &File| message.attached.iter().any(|within| file.path.starts_with(&format!("{}.", within.path)));
    message.report_type.is_none() && files.iter().any(|file| file.format.is_document() && !inside(file))
}

/// What all items of a message have in common.
#[derive(Clone, Copy)]
struct Whole<'a> {
    message: &'a Message,
    files: &'a [File],
    answerable: &'a Answerable,
    authenticity: &'a Authenticity,
    over: Option<Over>,
    /// A program wrote it, and it brings a document all the same.
    carries: bool,
}

fn judge_item(item: Item, whole: Whole<'_>, around: &Circumstances<'_>) -> JudgedItem {
    let Whole { message, files, answerable, authenticity, over, carries } = whole;
    let automatic = answerable.automatic && !carries;
    let perhaps = answerable.perhaps_automatic.as_deref().filter(|_| item.main == MainText::Missing);
    let all_text = item.all_text(files);
    let call = choose_call(&all_text, around);
    let author = item.from.as_ref().and_then(|from| from.address.as_deref()).unwrap_or_default().to_lowercase();
    let contacts = around.contacts.iter().filter(|contact| contact.address == author).cloned().collect();
    let doubted = authenticity.failure().map(str::to_owned);
    let earlier = around.earlier.iter().filter(|earlier| earlier.address == author).cloned().collect();
    let case = Case { earlier, doubted, ..item.case("", files, automatic || perhaps.is_some(), contacts) };
    let mut matched = cautious(around.register.match_case(&case, roster(around, call)), message);
    let own_words = quoting::own_words(&item.body);
    let link = !text::links(&own_words).is_empty();
    let hidden = item.files.iter().map(|(i, _)| &files[*i]).find(|file| file.may_hide_documents());
    let signs = Signs {
        text: item.main != MainText::Missing,
        document: matches!(item.main, MainText::File(_)) || hidden.is_some(),
        missing_document: link || hidden.is_some() || announces_document(&own_words),
        state: matched.evidence.iter().any(|evidence| evidence.source != Source::Body && evidence.weight > 0.0),
        words: around.calls.iter().any(|call| words_used(&call.words, &all_text) > 0),
        reply: around.answers != Answers::Nothing,
        automatic,
    };
    let relevance = relevance(signs);
    if let Some(reason) = perhaps.filter(|_| !automatic) {
        // It is no state's word meanwhile, and holds nobody's reminder.
        matched.reason = format!("It may be an automatic answer. {reason}");
        matched.evidence.iter_mut().for_each(|evidence| evidence.weight = 0.0);
    }
    let (fate, waiting) = match hidden {
        // Whoever says that there is no document must have looked.
        Some(file) if relevance == Relevance::Input && item.main == MainText::Missing => {
            (Fate::Undecided, Some(Question::Hidden { file: Unseen::of(file) }))
        }
        _ => decide(relevance, &item, &matched, call, link, around),
    };
    let (fate, waiting) = unanswered(fate, waiting, over);
    let (fate, waiting) = match perhaps {
        Some(why) if relevance != Relevance::Unrelated => {
            (Fate::Correspondence, Some(Question::Automatic { why: why.to_owned() }))
        }
        _ => (fate, waiting),
    };
    let fate = if message.harmful.is_some() || carries { unfiled(fate) } else { fate };
    let waiting = harmful(&matched, message)
        .or_else(|| returned(message, relevance, around))
        .or_else(|| doubtful(&matched, whole).filter(|_| relevance != Relevance::Unrelated))
        .or_else(|| waiting.filter(|_| signs.document || !automatic))
        .or_else(|| unread_main(relevance, &item, files))
        .or_else(|| unread_beside(relevance, &item, files))
        .or_else(|| held_back(relevance, signs.document, answerable));
    JudgedItem { item, matched, call, relevance, fate, waiting }
}

/// What becomes of an item, and why a person must look at it.
fn decide(
    relevance: Relevance,
    item: &Item,
    matched: &Match,
    call: Option<usize>,
    link: bool,
    around: &Circumstances<'_>,
) -> (Fate, Option<Question>) {
    match relevance {
        Relevance::Unrelated => (Fate::Unrelated, None),
        Relevance::Correspondence => (Fate::Correspondence, Some(Question::Correspondence)),
        Relevance::Input if item.main == MainText::Missing => {
            let missing = if link { Missing::Elsewhere } else { Missing::Announced };
            let next = match call {
                None if around.calls.len() > 1 => Next::DocumentAndCall,
                _ => Next::Document,
            };
            (Fate::WithoutDocument { link }, Some(Question::NoDocument { missing, next }))
        }
        Relevance::Input if call.is_none() && around.calls.len() > 1 => (Fate::Undecided, Some(Question::WhichCall)),
        Relevance::Input => match matched.decision {
            Decision::Matched => (Fate::Registered, None),
            Decision::None => (Fate::Filed, None),
            Decision::Review => {
                let why = matched.reason.clone();
                (Fate::Undecided, Some(Question::WhichState { candidates: candidates(matched), why }))
            }
        },
    }
}

/// What would get a letter if the turn were not over is shown to a person; what only repeats is no input by itself.
fn unanswered(fate: Fate, waiting: Option<Question>, over: Option<Over>) -> (Fate, Option<Question>) {
    match (over, fate) {
        (None, _) | (_, Fate::Correspondence | Fate::Unrelated) => (fate, waiting),
        (Some(over), Fate::WithoutDocument { .. }) => (fate, Some(Question::LoopSuspected(over))),
        (Some(Over::NothingNew), _) => (Fate::Undecided, Some(Question::LoopSuspected(Over::NothingNew))),
        (Some(over), _) => (fate, waiting.or(Some(Question::LoopSuspected(over)))),
    }
}

/// What a virus scanner found something in names no state by itself.
fn cautious(matched: Match, message: &Message) -> Match {
    if message.harmful.is_none() || matched.decision != Decision::Matched {
        return matched;
    }
    Match { decision: Decision::Review, iso3: None, iso3s: Vec::new(), ..matched }
}

/// Nothing is filed or asked for of a harmful message.
fn unfiled(fate: Fate) -> Fate {
    match fate {
        Fate::Correspondence | Fate::Unrelated => fate,
        Fate::Registered | Fate::Filed | Fate::Undecided | Fate::WithoutDocument { .. } => Fate::Undecided,
    }
}

/// A virus scanner found something in it, whatever else it is.
fn harmful(matched: &Match, message: &Message) -> Option<Question> {
    let found = message.harmful.clone()?;
    Some(Question::Harmful { found, candidates: candidates(matched) })
}

/// The states that it may be of, as many as are named to a person.
fn candidates(matched: &Match) -> Vec<Iso3> {
    matched.candidates().into_iter().take(3).map(|(iso3, _)| iso3).collect()
}

/// Our relay found that the sender may be another than it says.
fn doubtful(matched: &Match, whole: Whole<'_>) -> Option<Question> {
    let said = whole.authenticity.failure().filter(|_| !whole.answerable.automatic)?;
    Some(Question::NotGenuine { said: said.to_owned(), candidates: candidates(matched) })
}

/// A main document that could not be read in full.
fn unread_main(relevance: Relevance, item: &Item, files: &[File]) -> Option<Question> {
    let reading = &item.main_file(files)?.reading;
    let incomplete = relevance == Relevance::Input && reading.outcome != Outcome::Read;
    incomplete.then(|| Question::UnreadMain { why: reading.detail.clone() })
}

/// Files beside the main document that a letter leaves to a person.
fn unread_beside(relevance: Relevance, item: &Item, files: &[File]) -> Option<Question> {
    let matters = |file: &File, role| {
        let listed = matches!(role, Role::Main | Role::CoverNote | Role::Annex | Role::Rendition);
        file.may_hide_documents() || listed && file.reading.outcome.is_left_to_a_person()
    };
    let unread: Vec<&File> =
        item.files.iter().filter(|(i, role)| matters(&files[*i], *role)).map(|(i, _)| &files[*i]).collect();
    let first = unread.first().filter(|_| relevance != Relevance::Unrelated)?;
    Some(Question::UnreadBeside { file: Unseen::of(first), more: unread.len() as u64 - 1 })
}

/// A report that a letter of ours did not arrive.
fn returned(message: &Message, relevance: Relevance, around: &Circumstances<'_>) -> Option<Question> {
    let report = message.report_type.as_deref() == Some("delivery-status");
    let ours = around.answers != Answers::Nothing || relevance != Relevance::Unrelated;
    (report && ours).then_some(Question::CameBack)
}

/// The call that a text is for: that of the letter it answers, or the one whose words it uses most.
fn choose_call(all_text: &str, around: &Circumstances<'_>) -> Option<usize> {
    if let Answers::Letter { call: Some(answered), .. } = around.answers {
        return Some(answered);
    }
    if around.calls.len() == 1 {
        return Some(0);
    }
    let used: Vec<usize> = around.calls.iter().map(|call| words_used(&call.words, all_text)).collect();
    let most = used.iter().copied().max().filter(|most| *most > 0)?;
    let mut best = (0..used.len()).filter(|i| used[*i] == most);
    best.next().filter(|_| best.next().is_none())
}

fn roster<'a>(around: &Circumstances<'a>, call: Option<usize>) -> &'a str {
    let calls: &'a [&'a Call] = around.calls;
    call.and_then(|i| calls.get(i)).or_else(|| calls.first()).map_or("unece", |call| call.roster.as_str())
}

fn is_colleague(from: &Address, colleagues: &[String]) -> bool {
    from.address.as_deref().is_some_and(|address| is_colleague_s(address, colleagues))
}

/// Whether an address is under the domain of a colleague.
#[must_use]
pub fn is_colleague_s(address: &str, colleagues: &[String]) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    colleagues.iter().any(|ours| {
        domain.eq_ignore_ascii_case(ours)
            || domain
                .to_ascii_lowercase()
                .strip_suffix(&ours.to_ascii_lowercase())
                .is_some_and(|sub| sub.ends_with('.'))
    })
}

/// The language of the sender's own words, else of the main document.
fn language_of(message: &Message, files: &[File], items: &[JudgedItem]) -> Option<Language> {
    let own = format!("{}\n{}", message.subject.as_deref().unwrap_or_default(), quoting::own_words(&message.body));
    language::detect(&own).or_else(|| items.iter().find_map(|judged| judged.item.main_file(files)?.reading.language))
}

/// The states a match names: one, several, or none.
#[must_use]
pub fn named(matched: &Match) -> Vec<Iso3> {
    if matched.iso3s.is_empty() { matched.iso3.into_iter().collect() } else { matched.iso3s.clone() }
}
