//! What speaks against taking a mail for its sender's own input: it denies it, passes on what is another's, is called
//! another's in its subject or a file name, or bears the letterhead of somebody else's authority.
//!
//! Promises evidence that only speaks against: no objection ever helps to name a state. Those of a file give way to the
//! letterhead or title in it; a denial gives way to nothing.

use std::sync::LazyLock;

use super::{
    denials::{OWN, denied, negates},
    names::{Mention, Reading},
    register::Register,
    resembling::misspelt_other,
    vocabulary::{self as words, Phrases, Words, phrases},
};
use crate::core::{
    iso3::Iso3,
    text::fold::{Folded, fold},
};

/// Something that speaks against the sender's own state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Objection {
    /// What kind.
    pub(super) against: Against,
    /// The states against which it does not speak.
    pub(super) spares: Vec<Iso3>,
    /// The words.
    pub(super) text: String,
}

/// Kinds of objections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// The mail says that it is not the state's.
    Denied,
    /// It passes on what is another's.
    PassedOn,
    /// It is sent for somebody whom it does not name.
    ForSomebody,
    /// It negates something of the state's input.
    Negated,
    /// It names another state, and not its own.
    Names,
    /// Its domain bears the name of the state's authority, and is not that authority's.
    Domain,
    /// Its subject calls it another state's.
    Subject,
    /// A file name calls it another state's.
    FileName,
    /// The title of a document calls it somebody else's.
    Title,
    /// It speaks for the state together with others that are none.
    Together,
    /// A letterhead is in a language that the state's authorities do not use.
    Tongue,
    /// A letterhead names an authority of nobody that the tables know.
    Unknown,
    /// The head of a document seems to name another state, misspelt or misread.
    Misread,
}

impl Objection {
    pub(super) fn new(against: Against, spares: Vec<Iso3>, text: &str) -> Self {
        Self { against, spares, text: text.trim().chars().take(160).collect() }
    }

    /// Whether it speaks against a state. What may mean something else speaks only against an authority whose domain stands
    /// alone: where a document's own letterhead or title speaks of the state, it does not.
    pub(super) fn speaks_against(&self, state: Iso3, by_government: bool, own_paper: bool, files: bool) -> bool {
        // Who brings nothing and will bring nothing denies nothing: “Hungary will not submit any input”.
        if self.against == Against::Negated && by_government && !files {
            return false;
        }
        let weak = matches!(self.against, Against::ForSomebody | Against::Negated | Against::Names);
        !(weak && (own_paper || !by_government) || self.spares.contains(&state))
    }

    /// Why a person must decide.
    pub(super) fn reason(&self) -> String {
        let text = &self.text;
        match self.against {
            Against::Denied => format!("It says that it is not the state’s own: “{text}”."),
            Against::PassedOn => format!("It passes on what is another’s: “{text}”."),
            Against::Negated => format!("It seems to deny that it is the state’s own: “{text}”."),
            Against::Names => format!("No document says whose it is, and the mail names another state: “{text}”."),
            Against::Domain => format!("The sender’s domain bears an authority’s name, and is another one: “{text}”."),
            Against::ForSomebody => format!("It is sent for somebody else: “{text}”."),
            Against::Subject => format!("Its subject calls it another state’s: “{text}”."),
            Against::FileName => format!("The name of a file calls it another state’s: “{text}”."),
            Against::Title => format!("The title of a document calls it somebody else’s: “{text}”."),
            Against::Together => format!("It speaks for the state together with others that are none: “{text}”."),
            Against::Tongue => format!("A letterhead is in a language of other states’ authorities: “{text}”."),
            Against::Misread => {
                format!("The head of a document seems to name another state, misspelt or misread: “{text}”.")
            }
            Against::Unknown => format!("A letterhead names an authority that nobody knows: “{text}”."),
        }
    }
}

/// Asking somebody to pass something on.
static ASKED: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        at the request of | upon the request of | upon request of | on request of | asked us to | asked me to | requested us \
        to | requested me to | asked that we | received from | for our partner* | for our colleague* | our colleagues of | our \
        colleagues from | on their behalf | pass on | passing on | passes on | relaying | a la demande de | a la demande du | nous \
        a demande | m a demande | nous ont demande | recu de | recue de | auf bitte | auf wunsch | bat uns | bat mich | baten uns | \
        gebeten | erhalten von | leiten wir weiter | leite ich weiter | по просьбе | просили нас | попросили нас | попросил* | \
        пересылаем | пересылаю | полученн* от | на прохання | a peticion de | a solicitud de | nos pidio | nos pidieron | \
        nos ha pedido | remitimos de parte | su richiesta di | su richiesta del* | ci ha chiesto | giriamo | a pedido de | a \
        pedido do | a pedido da | na prosbe | na zadost | na ziadost | na zahtjev | na zahtev | na prosnjo | la cererea | la \
        solicitarea | op verzoek van | pa begaran av | pa anmodning | pyynnosta | istegi uzerine | talebi uzerine | по молба на | \
        по барање | بناء علي طلب | 应*请求 | 转交*",
    )
});
/// Sending what is somebody's, without saying whose.
static FOR_SOMEBODY: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        for a partner | for our partner | for our partners | for another state | for another country | for another government \
        | for another mission | on behalf of a partner | on behalf of another | forward their | forwarding their | pass on their | \
        passing on their | transmit their | transmitting their | relay their | relaying their | wrote to me by mistake | wrote to \
        us by mistake | sent to us by mistake | sent to me by mistake | reached us by mistake | addressed to us by mistake | \
        misdirected* | pour un partenaire | pour notre partenaire | leur contribution | fur einen partner | fur \
        unseren partner | irrtumlich an uns | versehentlich an uns | deren beitrag | для нашего партнера | их вклад | их материалы \
        | ошибочно направлен* | para un socio | su aportacion nos llego | per un partner",
    )
});
/// By mistake: what came so is somebody's, what one sent so is one's own.
static BY_MISTAKE: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        by mistake | in error | par erreur | irrtumlich* | versehentlich | по ошибке | ошибочно | por error | per errore | por engano | przez \
        pomylke | omylem | greskom | din greseala | per vergissing | vid misstag | ved en feil | ved en fejl | помилково | по погрешка",
    )
});
/// Verbs by which something came.
static CAME: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        received reached recu recue recus parvenu parvenue arrive arrivee ricevut* pervenut* arrivat* recibid* llego получ* пришл* поступил* \
        erhalten eingegangen erreicht trafil* otrzymal* dosl* prisl* stigl* primil* primljen* ontvangen recebid* chegou primit* ajuns отримал* \
        надійшл* получихме",
    )
});

/// Words that only suppose.
static SUPPOSES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "if si se wenn falls sollten sofern если якщо калі ако jesli jezeli pokud ak ako ce daca indien om hvis jos kui ja jei ha eger",
    )
});

/// Verbs of handing over.
static HANDS_OVER: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        forward | forwarding | forwarded | pass on | passing on | transmit | transmits | transmitting | relay | relaying | send \
        | sending | enclosed | attached | attach | find | submit | submitting | convey | conveying | share | sharing | here is | \
        transmettons | transmets | transmettre | transmet | veuillez trouver | ci joint | ci jointe | faisons suivre | anbei | \
        ubermitteln | ubersende* | leite | leiten | beigefugt | направляем | направляю | пересылаем | пересылаю | передаем | \
        прилагаем | во вложении | надсилаемо | пересилаємо | remitimos | remito | adjunto | adjuntamos | se adjunta | enviamos | \
        reenvio | reenviamos | trasmettiamo | invio | inoltro | giro | in allegato | encaminho | encaminhamos | envio em anexo | \
        przesylam* | w zalaczeniu | zasilam* | v priloze | saljem* | u prilogu | posiljam* | v prilogi | transmitem | trimit* | \
        anexat* | kuldjuk | mellekelten | bijgevoegd | stuur | stuurt | vidarebefordrar | bifogat | vedlagt | ohessa | ekte | \
        iletiyoruz | изпращаме | приложено | испраќаме | نحيل | نرسل | مرفق",
    )
});

/// Names for an input, none of which is used of another's that one only mentions.
pub(super) static INPUT: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        input inputs contribution submission aportacion contribucion contributo beitrag вклад материалы материал доклад \
        wklad prispevek prispevok doprinos prinos hozzajarulas* bijdrage bidrag katki* contributia contribuicao внесок \
        матеріали матэрыялы принос придонес مساهمه",
    )
});

/// How far from asking to pass something on the one who asked is named.
const ASKER: usize = 120;

/// What a sentence of the sender's own says against its sender.
pub(super) fn of_sentence(register: &Register, sentence: &Folded<'_>) -> Vec<Objection> {
    let text = sentence.text();
    let mentions = register.names.mentions(sentence);
    let whole = |against, spares| Objection::new(against, spares, sentence.quote(0..text.len()));
    let mut found = Vec::new();
    let speaks_of_input = text.split(' ').any(|word| OWN.has(word) || INPUT.has(word));
    match denied(text, &mentions, |word| adjective_of(register, word).is_some()) {
        Some((end, true)) => found.push(Objection::new(Against::Denied, Vec::new(), sentence.quote(0..end))),
        Some((_, false)) => found.push(whole(Against::Negated, Vec::new())),
        None if speaks_of_input && !mentions.is_empty() && negates(text) => {
            found.push(whole(Against::Negated, Vec::new()));
        }
        None => {}
    }
    let hands_over = HANDS_OVER.find(text).is_some();
    let asked = ASKED.find(text).filter(|_| hands_over || text.split(' ').any(|word| INPUT.has(word)));
    let by = asked.map(|asked| {
        let near = |m: &&Mention<'_>| m.name.reading != Reading::Demonym && m.range.start.abs_diff(asked.end) < ASKER;
        let near: Vec<&Mention<'_>> = mentions.iter().filter(near).collect();
        // “At the request of the Government of X”: whoever stands before it only sends it.
        let named = near.iter().find(|m| m.range.start >= asked.end && names_asker(&text[asked.clone()]));
        named.map_or_else(|| near.iter().flat_map(|m| m.name.states.clone()).collect(), |m| m.name.states.clone())
    });
    let by = by.filter(|by: &Vec<Iso3>| !by.is_empty()).or_else(|| {
        let asked = ASKED.find(text).filter(|asked| hands_over && names_asker(&text[asked.clone()]))?;
        by_adjective(register, &text[asked.end..])
    });
    if let Some(by) = by {
        found.push(whole(Against::PassedOn, by));
    }
    // What is sent is the first that it calls somebody's input, or one that stands behind somebody else's name.
    let called = (0..mentions.len()).find(|at| input_of(text, &mentions[*at..], &mentions));
    if let Some(at) = called.filter(|_| hands_over) {
        let spares = if at == 0 { states(&mentions) } else { mentions[at].name.states.clone() };
        found.push(whole(Against::PassedOn, spares));
    }
    if (hands_over || words::ON_BEHALF_OF.find(text).is_some()) && (words::territory(text) || words::dependency(text)) {
        found.push(whole(Against::ForSomebody, states(&mentions)));
    }
    // A footer speaks of whoever may get it: “if you have received this in error”.
    let came = BY_MISTAKE
        .find(text)
        .filter(|_| text.split(' ').any(|word| CAME.has(word)) && !text.split(' ').any(|word| SUPPOSES.has(word)));
    if let Some(words) = FOR_SOMEBODY.find(text).or(came) {
        found.push(Objection::new(Against::ForSomebody, Vec::new(), sentence.quote(words)));
    }
    let speaks = |m: &&Mention<'_>| m.name.reading != Reading::Demonym || acts(text, m);
    let named: Vec<Iso3> = mentions.iter().filter(speaks).flat_map(|m| m.name.states.clone()).collect();
    // The host of the mission is named by every address.
    if named.iter().any(|state| state.as_str() != "CHE") {
        found.push(whole(Against::Names, states(&mentions)));
    }
    found
}

/// The states whose adjective stands in the next words beside those who act for one: “las autoridades andorranas”.
fn by_adjective(register: &Register, text: &str) -> Option<Vec<Iso3>> {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).take(ASKER_WORDS).collect();
    let acting = |at: usize| words.get(at).is_some_and(|word| words::authority_word(word) || ACTORS.has(word));
    words.iter().enumerate().find_map(|(at, word)| {
        let beside = acting(at + 1) || at > 0 && acting(at - 1);
        adjective_of(register, word).filter(|_| beside).map(<[Iso3]>::to_vec)
    })
}

/// Within how many words behind one who asked stands his adjective.
const ASKER_WORDS: usize = 6;

/// The states of which a word is an adjective: a listed one with any ending, or a name with an adjective's.
fn adjective_of<'r>(register: &'r Register, word: &str) -> Option<&'r [Iso3]> {
    let ends = word.char_indices().rev().map(|(at, _)| at);
    let parts = std::iter::once(word.len()).chain(ends).map(|end| word.split_at(end));
    parts.take_while(|(stem, _)| stem.chars().count() > 4).find_map(|(stem, ending)| {
        let name = register.names.exact(stem)?;
        let short = ending.chars().count() <= ENDING;
        let adjective = match name.reading {
            Reading::Demonym => short,
            Reading::Plain => ending.starts_with("isch") || ending.starts_with("ск"),
            _ => false,
        };
        adjective.then_some(name.states.as_slice())
    })
}

/// How many letters an adjective's ending has at most.
const ENDING: usize = 3;

/// Whether words of asking are followed by who asked.
fn names_asker(phrase: &str) -> bool {
    let last = phrase.split(' ').next_back().unwrap_or("");
    matches!(
        last,
        "of" | "from" | "de" | "du" | "di" | "do" | "da" | "van" | "bitte" | "wunsch" | "просьбе" | "прохання"
    )
}

/// Whether an adjective is somebody's who acts: “the Latvian side”, not “in Russian”.
fn acts(text: &str, mention: &Mention<'_>) -> bool {
    let next = text[mention.range.end..].trim_start().split(' ').next().unwrap_or("");
    words::authority_word(next) || INPUT.has(next) || ACTORS.has(next)
}

/// Those who act for a state.
static ACTORS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        autoridades autorites behorden vlasti wladz* uradu autorita side colleague* counterpart* partner* friends neighbour* authorities delegation government cote partie collegues \
        homologues seite kollegen partner сторона стороны стороне стороной коллеги коллег партнеры parte colegas homologos \
        colleghi controparte strona koledz* strana kolegove kolege",
    )
});
/// Whether a name in a sentence is the one whose input it speaks of: “the input of the Ministry of the Interior of Albania”.
fn input_of(text: &str, from: &[Mention<'_>], all: &[Mention<'_>]) -> bool {
    let Some(first) = from.first() else { return false };
    let since = all.iter().map(|m| m.range.end).filter(|end| *end <= first.range.start).max().unwrap_or(0);
    let before: Vec<&str> = text[since..first.range.start].split(' ').filter(|w| !w.is_empty()).collect();
    let behind = before.iter().rposition(|w| INPUT.has(w)).is_some_and(|noun| {
        let mut authority = false;
        let linked = before[noun + 1..].iter().all(|w| {
            authority |= words::authority_word(w);
            authority || words::between_word(w)
        });
        let last = before.last().copied().unwrap_or("");
        linked && !words::about_word(last) && (first.name.reading != Reading::Demonym || authority)
    });
    let rest = text[first.range.end..].trim_start();
    let mut next = rest.split(' ').filter(|w| *w != "s");
    behind || next.next().is_some_and(|w| INPUT.has(w)) && !before.last().is_some_and(|w| words::about_word(w))
}

/// What a subject says against its sender: “Fwd: Romanian input”.
pub(super) fn of_subject(register: &Register, subject: &Folded<'_>) -> Option<Objection> {
    let text = subject.text();
    let mentions = register.names.mentions(subject);
    let called = mentions.iter().any(|m| {
        let next = text[m.range.end..].trim_start().split(' ').next().unwrap_or("");
        m.name.reading == Reading::Demonym && INPUT.has(next)
    });
    let of = mentions.len() == 1 && input_of(text, &mentions, &mentions);
    (called || of).then(|| Objection::new(Against::Subject, states(&mentions), subject.quote(0..text.len())))
}

/// What a file's name says against its sender: `Romania_input.docx`, `GCM_input_BG_final.docx`.
pub(super) fn of_file_name(register: &Register, stem: &str) -> Option<Objection> {
    let line = Folded::new(stem);
    if !words::names_input(line.text()) {
        return None;
    }
    let mut states: Vec<Iso3> = register
        .names
        .mentions(&line)
        .iter()
        .filter(|m| {
            m.name.reading != Reading::Abbreviation && (m.name.reading != Reading::Demonym || adjective(&line, m))
        })
        .flat_map(|m| m.name.states.clone())
        .collect();
    // Capitals among small letters are a code; what is a language's alone may say what it is written in.
    if stem.chars().any(char::is_lowercase) {
        let tokens = stem.split(|c: char| !c.is_alphanumeric());
        let codes = tokens.filter(|token| !LANGUAGES.split(' ').any(|language| language == *token));
        states.extend(codes.filter_map(|token| register.code(token)));
    }
    (!states.is_empty()).then(|| Objection::new(Against::FileName, states, stem))
}

/// Whether an adjective in a file name says whose input it is: `Swedish_input`. Of a language that others write, too, it
/// may say in which it is written.
fn adjective(line: &Folded<'_>, mention: &Mention<'_>) -> bool {
    let next = line.text()[mention.range.end..].trim_start().split(' ').next().unwrap_or("");
    let language = mention.name.states.iter().any(|state| SHARED_LANGUAGES.split(' ').any(|of| of == state.as_str()));
    (INPUT.has(next) || words::input_word(next)) && !language
}

/// The states whose adjectives name languages that the authorities of others write.
const SHARED_LANGUAGES: &str = "GBR FRA RUS ESP CHN DEU ITA NLD PRT ROU TUR GRC SAU";

/// Two capitals in a file name that say what language it is in, or something of the call's.
const LANGUAGES: &str = "EN FR RU ES AR ZH SR SL ET CV UN EU NV CC ID AI PM PR TC AND ARE COM MAR PER";

/// What a line of a letterhead says against its sender, where it names no state.
pub(super) fn of_letterhead(line: &Folded<'_>, mentions: &[Mention<'_>]) -> Option<Objection> {
    let text = line.text();
    // Capitals that may stand for a name are none yet: T.C.
    if mentions.iter().any(|m| m.name.reading != Reading::Abbreviation) {
        return None;
    }
    if let Some(office) = OFFICE_OF.find(text) {
        let next = text[office.end..].trim_start().split(' ').find(|w| !matches!(*w, "the" | "la" | "l" | "le"));
        if next.is_some_and(|w| w.chars().count() > 3 && !words::authority_word(w) && !GENERIC.has(w)) {
            return Some(Objection::new(Against::Unknown, Vec::new(), line.quote(0..text.len())));
        }
    }
    let speakers = super::tongues::speakers(text, words::names_authority(text))?;
    Some(Objection::new(Against::Tongue, speakers.to_vec(), line.quote(0..text.len())))
}

/// What a short line at the top says against its sender where another state's name stands in it beside words that nobody
/// could read: “RFPUBLICA MOLDOVA”.
pub(super) fn of_obscure_letterhead(line: &Folded<'_>, mentions: &[Mention<'_>]) -> Option<Objection> {
    let text = line.text();
    let named: Vec<Iso3> = states(mentions);
    let only_names = mentions.iter().all(|m| m.name.reading != Reading::Demonym);
    let short = text.split(' ').count() <= OBSCURE_WORDS;
    let topic = text.split(' ').any(words::about_word) || words::names_input(text);
    (short && only_names && !topic && !named.is_empty())
        .then(|| Objection::new(Against::Unknown, named, line.quote(0..text.len())))
}

/// How many words such a line may have.
const OBSCURE_WORDS: usize = 5;

/// What a line of a letterhead says against its sender where it bears another state's name, misspelt or misread.
pub(super) fn misread(register: &Register, sender: Iso3, line: &str) -> Option<Objection> {
    misspelt_other(register, sender, &fold(line)).map(|states| Objection::new(Against::Misread, states, line))
}

/// What a line that speaks of an input says against its sender where it bears another state's name in a form that the
/// tables lack: “Beitrag Sloweniens”, “príspevok Českej republiky”.
pub(super) fn of_inflected(register: &Register, sender: Iso3, line: &Folded<'_>) -> Option<Objection> {
    let speaks = line.text().split(' ').any(|word| INPUT.has(word) || words::input_word(word));
    let states = speaks.then(|| misspelt_other(register, sender, line.text()))??;
    Some(Objection::new(Against::Names, states, line.quote(0..line.text().len())))
}

/// An office of a state whose name comes next.
static OFFICE_OF: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        permanent mission of | permanent representation of | permanent delegation of | embassy of | consulate general of | \
        consulate of | government of | mission permanente de | mission permanente du | representation permanente de | ambassade \
        de | ambassade du | gouvernement de | gouvernement du | mision permanente de | embajada de | gobierno de | standige \
        vertretung von | botschaft von | missione permanente di | ambasciata di | missao permanente de | embaixada de | \
        постоянное представительство | посольство | правительство",
    )
});
/// Words behind an office that are no state's name.
static GENERIC: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        united nations unies office oon оон при republic republique republica республики республика kingdom royaume state \
        federal federation union this that their our national day geneva geneve cooperation",
    )
});

fn states(mentions: &[Mention<'_>]) -> Vec<Iso3> {
    mentions.iter().flat_map(|m| m.name.states.clone()).collect()
}
