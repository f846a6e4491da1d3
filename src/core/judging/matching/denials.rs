//! How a mail says that what it brings is not its sender's: the negation, what is negated, and whose it would have been.
//!
//! Promises to tell a denial of the state's own input from a negation that only stands beside one.

use std::sync::LazyLock;

use super::{
    names::Mention,
    vocabulary::{Phrases, Words, phrases},
};

/// How a sentence denies what follows.
static DENIES: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        in no way | not be treated as | not be taken as | not be considered as | not be regarded as | not take this as | not consider \
        this | nicht um | nicht als | pas comme | no como | не считать | не следует считать | is not | isn t | are not | aren t | not | does not represent | does not reflect | does not constitute | do not \
        represent | n est pas | ne sont pas | ne constitue pas | ne constituent pas | ne represente pas | ne reflete pas | \
        ist nicht | sind nicht | ist kein | ist keine | sind kein | sind keine | stellt nicht | stellt keinen | stellt keine | \
        это не | и не | не является | не являются | не представляет | не отражает | не есть | не є | не э | це не | гэта не | no es \
        | no son | no constituye | no representa | non e | non sono | non costituisce | non rappresenta | nao e | nao \
        constitui | nao representa | nie jest | nie stanowi | neni | nejde o | nie je | nije | ne predstavlja | to ni | ni uradni | ni nas | ne gre za | \
        nu este | nu reprezinta | nu constituie | nem | is geen | zijn geen | geen | er ikke | ar inte | ei ole | nav | nera | \
        не е | не представлява | не претставува | nuk eshte | ليس | ليست | هذه ليست | 不是* | 并非* | 不代表* | 非*",
    )
});
/// What it says it is not.
pub(super) static OWN: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        input inputs contribution contributions submission submissions report position positions view views statement \
        response reply opinion prise avis reponse rapport soumission beitrag stellungnahme bericht standpunkt вклад вкладом \
        вклада материал материалы материалами материалом позиция позиции позицией позицию доклад докладом ответ ответом мнение \
        мнением внесок внеском матеріал* матэрыял* aportacion contribucion posicion informe respuesta contributo posizione \
        relazione contributie contributia pozitia raport contribuicao posicao relatorio wklad* stanowisko stanowiskiem \
        prispevek prispevkem prispevok prispevkom stanovisko stanoviskem doprinos prinos stav prispevka hozzajarulas* \
        allasfoglal* bijdrage standpunt bidrag standpunkt kannanotto lausunto katki* gorus* panus* seisukoht* ieguldijum* \
        indelis pozicija принос позиция становище придонес став kontribut* مساهمه المساهمه موقف الموقف",
    )
});
/// Words that may stand between.
static BETWEEN: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        the a an any our its of by from s le la l un une de d du des notre der die das dem den ein eine einen einem unser el \
        los las una uno del il lo gli nostro o os as um uma do da nu han hans o i a",
    )
});
/// Words that say whose it would be.
static STATE_S: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        official government governments governmental state state's national country officiel officielle gouvernement \
        gouvernementale nationale etat offiziell* amtlich* regierung* staatlich* официальн* правительств* государств* \
        официальна* офіційн* oficial oficiala gobierno nacional ufficiale governo nazionale stato oficjaln* rzad* sluzben* \
        zvanicn* vlade oficialn* uradn* officieel officiele regering* offisiel* officiell* virallin* hivatalos* resmi \
        службен* официално* oficialas* zyrtar* رسمي رسميه الرسمي الرسميه الحكومه",
    )
});
/// Any negation.
static NEGATES: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        not | isn t | no way | neither | nor | never | pas | aucun* | nullement | nicht | kein* | не | ни | нет | no | nunca | non | \
        nao | nie | neni | nije | ne | nu | nem | niet | geen | ikke | inte | ei | nav | nera | nuk | degil* | deyil* | emas | емес | \
        эмес | δεν | არ | չէ | ليس* | لا | 不* | 非* | 并非*",
    )
});

/// Whether a sentence negates anything. In Portuguese “no” is a preposition.
pub(super) fn negates(text: &str) -> bool {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| NEGATES.find(rest)) {
        let (start, end) = (from + found.start, from + found.end);
        let next = text[end..].trim_start().split(' ').next().unwrap_or("");
        if &text[start..end] != "no" || !IN_PORTUGUESE.has(next) {
            return true;
        }
        from = end;
    }
    false
}

/// What stands behind the Portuguese “no”.
static IN_PORTUGUESE: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "ambito quadro prazo dia ano mes anexo periodo processo contexto sentido seguimento que nosso seu proximo passado dominio decurso",
    )
});

/// Where a sentence denies to be an input, and whether it says that it would be the state's own.
/// `adjective`: whether a word is an adjective of a state’s, in any form of it.
pub(super) fn denied(
    text: &str,
    mentions: &[Mention<'_>],
    adjective: impl Fn(&str) -> bool + Copy,
) -> Option<(usize, bool)> {
    let mut from = 0;
    let mut weak = None;
    while let Some(found) = text.get(from..).and_then(|rest| DENIES.longest(rest)) {
        match denies(text, from + found.end, mentions, adjective) {
            Some((end, true)) => return Some((end, true)),
            other => weak = weak.or(other),
        }
        from += found.start + text[from + found.start..].find(' ').map_or(found.len(), |space| space + 1);
    }
    weak
}

/// Words by which no certain Government is meant.
static INDEFINITE: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "any irgendeiner irgendeines quelconque* cualquier* alguno qualsiasi alcun qualquer какого jakiegokolwiek nagon noget enige",
    )
});

/// Whether what stands behind a negation is an input, where that ends, and whether it says whose.
fn denies(
    text: &str,
    start: usize,
    mentions: &[Mention<'_>],
    adjective: impl Fn(&str) -> bool,
) -> Option<(usize, bool)> {
    let mut at = start;
    let (mut own, mut whose) = (None, false);
    for (count, word) in text[start..].split(' ').enumerate() {
        let (begin, end) = (at, at + word.len());
        at = end + 1;
        if word.is_empty() {
            continue;
        }
        let named = mentions.iter().any(|m| m.range.start <= begin && end <= m.range.end) || adjective(word);
        whose |= named || STATE_S.has(word);
        if OWN.has(word) {
            own = own.or(Some(end));
        }
        // A footer that speaks of any Government speaks of none.
        if own.is_some() && INDEFINITE.has(word) {
            break;
        }
        if own.is_some() && whose {
            return Some((end, true));
        }
        let between = named || STATE_S.has(word) || BETWEEN.has(word);
        if own.is_none() && !between || count > 12 {
            break;
        }
    }
    own.map(|end| (end, false))
}
