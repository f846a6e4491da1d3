//! What the program concludes about one message: its items, whose they are, what they are to the secretariat, and whether
//! the message may be answered.
//!
//! The same judgement serves the daemon, which files by it, and `docket inspect`, which only shows it. Nothing is judged
//! by the sender's own date.

pub use super::judged::{Filing, JudgedItem};
use super::{
    answer::{Fate, held_back},
    asked::{doubtful, harmful, returned, unread_beside, unread_main},
    circumstances::{Answers, Circumstances},
    colleagues::is_colleague,
    item::{Item, MainText, items},
    matching::{Case, Decision, Kind, Match, Sender},
    meant::meant,
    relevance::{Relevance, Signs, merely_names_the_call, relevance},
    settling::{Found, settle, unanswered, unfiled},
    silence::Silence,
    unseen::NotSeen,
    which_call::{Pointers, which_call},
};
use crate::core::{
    calls::call::Call,
    file::File,
    mail::{
        authenticity::{Authenticity, authenticity},
        automatic::{Answerable, Beside, answerable, is_automatic, original_author},
        mail_loop::{self, Over},
        message::{Address, Message},
        quoting,
    },
    purpose::{self, Purpose},
    question::{Question, Questions},
    text::{
        self,
        language::{self, Language},
    },
};

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
    /// It passes on what is another's, and nobody who may says so.
    pub passed_on: bool,
    /// Nobody knows who sent it, and it merely names the call.
    pub stranger: bool,
    /// Why it gets no letter though it would deserve one: the turn is over.
    pub turn: Option<Over>,
}

impl Judgement {
    /// What the program does with it by itself: the most that it does with any item.
    #[must_use]
    pub fn filing(&self) -> Filing {
        self.items.iter().map(JudgedItem::filing).max().unwrap_or(Filing::None)
    }

    /// Why it gets no letter whatever its items are, as far as the message itself tells.
    #[must_use]
    pub fn silent(&self) -> Option<Silence> {
        let passed_on = self.passed_on.then_some(Silence::PassedOn);
        let stranger = self.stranger.then_some(Silence::Stranger);
        passed_on.or(self.turn.map(Silence::LoopSuspected)).or(stranger)
    }

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
    let (original, message) = (message, renamed.as_ref().unwrap_or(message));
    let automatic = is_automatic(original, around.own);
    let author = message.from.as_ref().and_then(|from| from.address.as_deref());
    let by_colleague = author.is_some_and(|address| is_colleague(address, around.colleagues));
    let sends = sends_document(message, files);
    let whole = Whole { message, files, authenticity: &authenticity, by_colleague };
    let read: Vec<ReadItem> = items(message, files, by_colleague, automatic)
        .into_iter()
        .map(|item| read_item(item, whole, automatic, automatic && !sends, around))
        .collect();
    let persons = read.iter().any(|read| read.purpose.is_a_persons());
    let answerable = answerable(original, around.own, beside(message, files, persons, around.answers));
    let claims = read.iter().any(|read| read.matched.decision != Decision::None);
    let answerable = match disguise(message, &answerable, claims, around) {
        Some(reason) => Answerable { send: false, recipient: None, reason, ..answerable },
        None => answerable,
    };
    let document = read.iter().any(|read| matches!(read.item.main, MainText::File(_)));
    let over = if document { None } else { mail_loop::over(&quoting::own_words(&message.body), around.lately) };
    let carries = answerable.automatic && sends;
    let said = Said { answerable: &answerable, over, carries };
    let items: Vec<JudgedItem> = read.into_iter().map(|read| judge_item(read, whole, said, around)).collect();
    let relevance = items.iter().map(|judged| judged.relevance).max().unwrap_or(Relevance::Unrelated);
    let language = language_of(message, files, &items);
    let unowed = |fate| matches!(fate, Fate::Correspondence | Fate::Stray | Fate::Unrelated);
    let turn = over.filter(|_| items.iter().any(|judged| !unowed(judged.fate)));
    let passed_on = items.iter().any(|judged| judged.matched.passed_on);
    let stranger = !is_known(message, around) && is_a_strangers(&items);
    Judgement { answerable, authenticity, by_colleague, items, relevance, language, passed_on, stranger, turn }
}

/// Whether anything but what a message says tells who sent it: a contact, a letter of ours that it answers, its domain.
fn is_known(message: &Message, around: &Circumstances<'_>) -> bool {
    let from = message.from.as_ref().and_then(|from| from.address.as_deref()).unwrap_or_default();
    let confirmed = around.contacts.iter().any(|contact| contact.address.eq_ignore_ascii_case(from));
    confirmed || around.answers != Answers::Nothing || around.register.knows(from)
}

/// Whether what a stranger sent earns no letter: nothing of it is filed, and all else merely names the call.
fn is_a_strangers(items: &[JudgedItem]) -> bool {
    let filed = items.iter().any(|judged| matches!(judged.fate, Fate::Registered | Fate::Filed));
    let mut owed = items.iter().filter(|judged| matches!(judged.fate, Fate::Undecided | Fate::WithoutDocument { .. }));
    let merely = |judged: &JudgedItem| merely_names_the_call(&judged.purpose, &judged.matched, judged.item.words);
    !filed && owed.clone().next().is_some() && owed.all(merely)
}

/// Whose a message is that cannot be read, as far as its header tells: never more than candidates for a person.
#[must_use]
pub fn judge_header(from: Option<&Address>, subject: Option<&str>, around: &Circumstances<'_>) -> Match {
    let from = from.cloned().unwrap_or_default();
    let case = Case {
        subject: subject.unwrap_or_default().to_owned(),
        from: Sender { display: from.name.unwrap_or_default(), address: from.address.unwrap_or_default() },
        contacts: around.contacts.to_vec(),
        earlier: around.earlier.to_vec(),
        ..Case::default()
    };
    let matched = around.register.match_case(&case, roster(around, None));
    Match { decision: Decision::Review, kind: Kind::Ambiguous, ..matched }
}

/// What is known beside a message when it is judged whether it may be answered.
fn beside(message: &Message, files: &[File], purpose: bool, answers: Answers) -> Beside {
    let document = message.report_type.is_none() && files.iter().any(|file| file.format.is_document());
    Beside { document, purpose: Some(purpose), at_once: answers.at_once() }
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
    authenticity: &'a Authenticity,
    by_colleague: bool,
}

/// What was found about answering it.
#[derive(Clone, Copy)]
struct Said<'a> {
    answerable: &'a Answerable,
    over: Option<Over>,
    /// A program wrote it, and it brings a document all the same.
    carries: bool,
}

/// An item as far as it can be read by itself.
struct ReadItem {
    item: Item,
    /// How many words of each call it uses.
    used: Vec<usize>,
    call: Option<usize>,
    matched: Match,
    purpose: Purpose,
}

/// Whose an item is and what it is for. `automatic`: its header says that a program wrote it; `returned`: so that what it
/// names is no state's word.
fn read_item(item: Item, whole: Whole<'_>, automatic: bool, returned: bool, around: &Circumstances<'_>) -> ReadItem {
    let used = around.topic.used(&item.all_text(whole.files));
    let call = choose_call(&item, whole.message, &used, around);
    let matched = matched(&item, whole, returned, call, around);
    let purpose = meant(&item, whole.message, whole.files, (matched.is_tied(), automatic), around);
    if purpose.in_body && item.main == MainText::Missing {
        let item = item.held_in_body();
        let matched = self::matched(&item, whole, returned, call, around);
        return ReadItem { item, used, call, matched, purpose };
    }
    ReadItem { item, used, call, matched, purpose }
}

/// Whose an item is.
fn matched(item: &Item, whole: Whole<'_>, automatic: bool, call: Option<usize>, around: &Circumstances<'_>) -> Match {
    let author = item.from.as_ref().and_then(|from| from.address.as_deref()).unwrap_or_default().to_lowercase();
    let hand = item.passed_on_by.as_ref().and_then(|hand| hand.address.as_deref()).unwrap_or_default().to_lowercase();
    let known = around.contacts.iter().filter(|contact| contact.address == author || contact.address == hand);
    let doubted = whole.authenticity.failure().map(str::to_owned);
    let earlier = around.earlier.iter().filter(|earlier| earlier.address == author).cloned().collect();
    let by_colleague = Some(is_colleague(&author, around.colleagues));
    let ours = around.own.addresses.clone();
    let case = item.case("", whole.files, automatic, known.cloned().collect());
    let case = Case { earlier, doubted, by_colleague, ours, ..case };
    unless_harmful(around.register.match_case(&case, roster(around, call)), whole.message)
}

fn judge_item(read: ReadItem, whole: Whole<'_>, said: Said<'_>, around: &Circumstances<'_>) -> JudgedItem {
    let ReadItem { item, used, call, mut matched, mut purpose } = read;
    let Whole { message, files, authenticity, by_colleague } = whole;
    let Said { answerable, over, carries } = said;
    let automatic = answerable.automatic && !carries;
    let perhaps = perhaps_automatic(&item, answerable, &purpose);
    if automatic || perhaps.is_some() {
        matched = self::matched(&item, whole, true, call, around);
    }
    if automatic {
        purpose = purpose.of_a_program();
    }
    let own_words = quoting::own_words(&item.body);
    let published = || purpose.kind.is_input() && !text::web_documents(&own_words).is_empty();
    let link = !text::links(&own_words).is_empty() || published();
    let unseen = NotSeen::of(&item, files, &own_words);
    let signs = Signs {
        text: item.main != MainText::Missing,
        document: matches!(item.main, MainText::File(_)) || unseen.hides_documents(),
        missing_document: link || unseen.may_be_the_document() || purpose.announces_document.is_some(),
        input: purpose.kind.is_input(),
        spoken: purpose.kind.is_spoken(),
        state: matched.is_tied(),
        words: used.iter().any(|words| *words > 0),
        reply: around.answers != Answers::Nothing,
        automatic,
    };
    let relevance = relevance(signs);
    if let Some(reason) = perhaps.as_deref().filter(|_| !automatic) {
        // It is no state's word meanwhile, and holds nobody's reminder.
        matched.reason = format!("It may be an automatic answer. {reason}");
        matched.evidence.iter_mut().for_each(|evidence| evidence.weight = 0.0);
    }
    let found = Found {
        item: &item,
        matched: &matched,
        purpose: &purpose,
        relevance,
        tied: signs.tied(),
        document: signs.document,
        link,
        call,
        calls: around.calls.len(),
    };
    let (fate, waiting) = unseen.settle(found, signs.state || signs.reply).unwrap_or_else(|| settle(found));
    let (fate, waiting) = unanswered(fate, waiting, over);
    let (fate, waiting) = match perhaps {
        Some(why) if relevance != Relevance::Unrelated => (Fate::Correspondence, Question::Automatic { why }.into()),
        _ => (fate, waiting),
    };
    let filed = matches!(fate, Fate::Registered | Fate::Filed);
    let silenced = filed && !answerable.send && !by_colleague;
    let fate = if message.harmful.is_some() || carries || silenced { unfiled(fate) } else { fate };
    let first = harmful(&matched, message)
        .or_else(|| returned(message, relevance, signs.reply))
        .or_else(|| doubtful(&matched, answerable, authenticity).filter(|_| relevance != Relevance::Unrelated));
    let waiting = if let Some(first) = first {
        first.into()
    } else {
        let waiting = if signs.document || !automatic { waiting } else { Questions::default() };
        let unread = || unread_main(relevance, &item, files).or_else(|| unread_beside(relevance, &item, files));
        let waiting = if waiting.is_empty() { unread().into() } else { waiting };
        let states = if waiting.is_empty() && filed { matched.named() } else { Vec::new() };
        let untold = by_colleague && fate == Fate::Registered;
        let untold = untold.then(|| Question::StateNotTold { states: matched.named() });
        let held_back = held_back(relevance, signs.document || filed, answerable, states);
        held_back.into_iter().chain(untold).fold(waiting, Questions::and)
    };
    JudgedItem { item, matched, purpose, call, relevance, fate, waiting }
}

/// Why no letter goes to who writes from a domain that is made to look like a government's, or like ours, until a person has looked: a
/// letter tells a deceiver that the disguise holds. Where it looks like no authority in particular, it is one only for who
/// `claims` to be a state's. A sender whom a person entered or confirmed is in no disguise.
fn disguise(message: &Message, answerable: &Answerable, claims: bool, around: &Circumstances<'_>) -> Option<String> {
    let recipient = answerable.recipient.as_deref()?;
    let from = message.from.as_ref().and_then(|from| from.address.as_deref());
    let confirmed = |address: &str| around.contacts.iter().any(|contact| contact.address.eq_ignore_ascii_case(address));
    let mut strange = from.into_iter().chain([recipient]).filter(|address| !confirmed(address));
    let original = strange.find_map(|address| {
        let imitated = around.register.imitated_by(address).filter(|(_, known)| *known || claims);
        imitated.map(|(original, _)| original).or_else(|| {
            let colleague = is_colleague(address, around.colleagues);
            around.register.bears_our_name(address, &around.own.addresses).filter(|_| !colleague)
        })
    })?;
    Some(format!(
        "The sender's domain looks like {original}, and is another one: a letter goes there only when a person has looked."
    ))
}

/// Why a program may have written an item that brings nothing, where that is only likely.
fn perhaps_automatic(item: &Item, answerable: &Answerable, purpose: &Purpose) -> Option<String> {
    if item.main != MainText::Missing {
        return None;
    }
    let by_words = || {
        let says = (purpose.kind == purpose::Kind::Automatic && !answerable.automatic).then_some(&purpose.evidence)?;
        says.iter().find(|evidence| evidence.speaks_for == purpose::Kind::Automatic)
    };
    let quoted = |evidence: &purpose::Evidence| format!("It speaks as programs do (“{}”).", evidence.text);
    answerable.perhaps_automatic.clone().or_else(|| by_words().map(quoted))
}

/// What a virus scanner found something in names no state by itself.
fn unless_harmful(matched: Match, message: &Message) -> Match {
    if message.harmful.is_none() || matched.decision != Decision::Matched {
        return matched;
    }
    Match { decision: Decision::Review, iso3: None, iso3s: Vec::new(), ..matched }
}

/// The call that an item is for, of whose words its text uses so many.
fn choose_call(item: &Item, message: &Message, used: &[usize], around: &Circumstances<'_>) -> Option<usize> {
    // Whoever passes it on writes of the whole.
    let whole = message.subject.as_deref().filter(|_| !item.forwarded);
    let subject = item.subject.as_deref().into_iter().chain(whole);
    let subject = subject.collect::<Vec<_>>().join("\n");
    let to = |call: &&Call| call.addresses.iter().any(|address| message.recipients.contains(address));
    let answered = match around.answers {
        Answers::Letter { call, .. } => call,
        Answers::Nothing => None,
    };
    which_call(Pointers {
        addressed: &around.calls.iter().map(to).collect::<Vec<_>>(),
        answered,
        named: &around.calls.iter().map(|call| names(&subject, &call.reference)).collect::<Vec<_>>(),
        subject: &around.topic.used(&subject),
        text: used,
    })
}

/// Whether a subject names a reference, or one of an entry that begins with it.
fn names(subject: &str, reference: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '-';
    let upper = subject.to_uppercase();
    let mut words = upper.split(|c: char| !is_part(c));
    words.any(|word| {
        let rest = word.strip_prefix(reference);
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.strip_prefix('-').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
        })
    })
}

fn roster<'a>(around: &Circumstances<'a>, call: Option<usize>) -> &'a str {
    let calls: &'a [&'a Call] = around.calls;
    call.and_then(|i| calls.get(i)).or_else(|| calls.first()).map_or("unece", |call| call.roster.as_str())
}

/// The language of the sender's own words, else of the main document.
fn language_of(message: &Message, files: &[File], items: &[JudgedItem]) -> Option<Language> {
    let own = format!("{}\n{}", message.subject.as_deref().unwrap_or_default(), quoting::own_words(&message.body));
    language::detect(&own).or_else(|| items.iter().find_map(|judged| judged.item.main_file(files)?.reading.language))
}
