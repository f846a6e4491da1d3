//! Which words of a message are the sender's own, and which stand there from another message.
//!
//! Promises that quoted threads, also those of our own call letter, are never taken for the sender's words, and that a
//! forwarded message is handed over with the sender its header names. A header inside a text proves nothing.

/// A message that another message quotes or forwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inner {
    /// The display name of its header.
    pub(super) display: String,
    /// The address of its header; empty where it names none.
    pub(super) address: String,
    /// Its own words.
    pub(super) body: String,
}

/// A body taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// The sender's own words.
    pub(super) own: String,
    /// The messages below, the newest first.
    pub(super) inner: Vec<Inner>,
    /// A line says that what follows was forwarded.
    pub(super) forwarded: bool,
}

/// Names of the From field in the languages of mail programs, in lower case.
const FROM: &str = "\
    from | de | von | от | от кого | від | від кого | ад | ад каго | da | van | från | fra | od | feladó | lähettäjä | saatja | no | sūtītājs | \
    nuo | siuntėjas | од | испраћено од | pošiljatelj | pošiljalac | odosielateľ | odesílatel | nadawca | expeditor | de la | από | \
    nga | kimden | gönderen | kimdən | göndərən | kimdan | кімнен | кимден | аз | ვისგან | გამომგზავნი | ումից | ուղարկող | מאת | frá | \
    ó | minn | من | 发件人 | 發件人 | remetente | remitente | mittente | afzender | avsändare | avsender | afsender";
/// Names of the fields that stand beside it.
const OTHER: &str = "\
    sent | date | to | cc | subject | envoyé | à | objet | gesendet | datum | an | betreff | дата | отправлено | \
    кому | тема | копия | enviado | fecha | para | asunto | data | a | oggetto | inviato | verzonden | aan | \
    onderwerp | إلى | الموضوع | التاريخ | 收件人 | 主题 | 发送时间 | 日期 | date d'envoi | till | ämne | emne | til | sendt | skickat | dato | \
    do | temat | wysłano | komu | předmět | predmet | odesláno | odoslané | odoslaná | datum | za | prima | primatelj | poslano | zadeva | poslato | címzett | \
    tárgy | elküldve | küldve | dátum | dată | trimis | către | subiect | относно | изпратено | до | кому | предмет | наслов | испратено | за | датум | послато | \
    θέμα | προς | εστάλη | ημερομηνία | lähetetty | vastaanottaja | päiväys | pvm | aihe | saadetud | kellele | kuupäev | teema | adressaat | kam | nosūtīts | \
    datums | temats | tēma | kam | išsiųsta | gauta | kam | tema | data | gönderilme | gönderildi | tarih | kime | alıcı | konu | göndərilib | tarix | mövzu | kimə | \
    жіберілді | кімге | тақырып | күні | тақырыбы | жөнөтүлдү | кимге | тема | күнү | мавзӯъ | ба | сана | kimga | sana | mavzu | надіслано | адпраўлена | каму | тэма | \
    ուղարկվել է | ում | թեմա | ամսաթիվ | გაგზავნილი | ვის | თემა | თარიღი | נשלח | אל | נושא | תאריך | efni | dags | dagsetning | dërguar | për | tek | subjekti | \
    lënda | subjekt | sottobjekt | suġġett | dáta | ábhar | chuig | gcb | cc | kopia | kopie | kópia | kopija | másolatot kap | copie";
/// Lines that begin a forwarded message.
const FORWARD: &str = "\
    forwarded message | message transféré | message transfere | weitergeleitete nachricht | пересылаемое сообщение | \
    пересланное сообщение | перенаправленное сообщение | переслане повідомлення | пераадрасаванае паведамленне | начало переадресованного сообщения | mensaje reenviado | messaggio inoltrato | رسالة \
    معاد توجيهها | الرسالة المعاد توجيهها | 转发的邮件 | 转发邮件 | doorgestuurd bericht | mensagem encaminhada | başlangıç \
    yönlendirilen | iletilen mesaj | yönlendirilmiş mesaj | iletilmiş | препратено съобщение | препратена порака | проследена порака | прослеђена порука | \
    проследјена порука | proslijeđena poruka | prosleđena poruka | preposlano sporočilo | posredovano sporočilo | přeposlaná zpráva | \
    přeposlaný e-mail | preposlaná správa | preposlaný e-mail | wiadomość przekazana dalej | przekazana wiadomość | przesłana wiadomość | \
    továbbított üzenet | mesaj redirecționat | mesaj redirectionat | mesaj transmis | προωθημένο μήνυμα | vidarebefordrat meddelande | vidarebefordrat brev | \
    videresendt melding | videresendt meddelelse | videresendt besked | videresendt e-post | välitetty viesti | edelleenlähetetty viesti | edastatud kiri | \
    edastatud sõnum | pārsūtīts ziņojums | pārsūtītais ziņojums | pārsūtīta vēstule | persiųstas laiškas | persiunčiamas laiškas | áframsent skeyti | áframsend skilaboð | \
    mesazh i përcjellë | mesazhi i përcjellë | пересилається | переслане повідомлення | повідомлення, що пересилається | перанакіраванае паведамленне | перасланае паведамленне | \
    пераадрасаванае | қайта жіберілген хат | қайта жіберілген хабар | бағытталған хат | қайта бағытталған | багытталган кат | кайра жөнөтүлгөн | yoʻnaltirilgan xabar | \
    yo'naltirilgan xabar | jo'natilgan xabar | паёми фиристодашуда | паёми равонашуда | yönləndirilmiş mesaj | yönləndirilən | gönderilen hat | ugradylan hat | \
    გადაგზავნილი | გადამისამართებული | վերահղված | փոխանցված | הודעה שהועברה | missatge reenviat | messaġġ mibgħut | teachtaireacht curtha ar aghaidh | \
    weitergeleitet | doorgezonden bericht | begin forwarded message | começo da mensagem reencaminhada | inicio del mensaje reenviado | début du message réexpédié | \
    message réexpédié | début du message transféré | anfang der weitergeleiteten | inizio messaggio inoltrato | inizio del messaggio inoltrato";
/// Lines that end a forwarded message.
const FORWARD_END: &str = "\
    конец пересылаемого сообщения | конец пересланного сообщения | кінець пересланого повідомлення | end of forwarded message | \
    end forwarded message | fin du message transféré | ende der weitergeleiteten nachricht | fin del mensaje reenviado";
/// Lines that begin the message answered.
const ANSWERED: &str = "\
    original message | message d'origine | message original | ursprüngliche nachricht | исходное сообщение | mensaje \
    original | messaggio originale | oorspronkelijk bericht | الرسالة الأصلية | 原始邮件 | mensagem original | \
    oryginalna wiadomość | wiadomość oryginalna | původní zpráva | pôvodná správa | izvorna poruka | originalna poruka | izvirno sporočilo | eredeti üzenet | mesaj original | \
    оригинално съобщение | оригинална порака | оригинална порука | αρχικό μήνυμα | ursprungligt meddelande | originalmeddelande | opprinnelig melding | oprindelig meddelelse | \
    alkuperäinen viesti | algne kiri | algne sõnum | sākotnējais ziņojums | oriģinālais ziņojums | pradinis laiškas | originalus laiškas | upprunaleg skilaboð | orijinal mesaj | \
    özgün ileti | вихідне повідомлення | оригінальне повідомлення | зыходнае паведамленне | бастапқы хат | asl xabar | mesazhi origjinal";
/// What stands before the colon of “On Monday, X wrote:”.
const WROTE: &str = "\
    wrote | a écrit | schrieb | написал | написала | написал(а) | пишет | escribió | ha scritto | schreef | كتب | 写道 \
    | skrev | escreveu | napisał | napisała | napisał(a) | napsal | napsala | napsal(a) | napísal | napísala | napísal(a) | je napisao | je napisala | је написао | \
    је написала | je napisal | je napisala | írta | ezt írta | a scris | написа | έγραψε | kirjoitti | kirjutas | rakstīja | rašė | skrifaði | şunları yazdı | yazdı | пише | \
    написав | написала | напісаў | жазды | yozdi | навишт | ka shkruar | shkroi | დაწერა | գրել է";

/// Prefixes of a forwarded message's subject, in lower case.
const FORWARD_SUBJECT: &str = "\
    fwd: | fw: | tr: | wg: | rv: | enc: | i: | пересл: | 转发: | trs: | vl: | pd: | vb: | doorst: | továbbítás: | tov: | ilt: | i̇lt: | πρθ: | \
    препратено: | препр: | прослеђено: | přep: | prepos: | posr: | edasi: | pārs: | persiuntė: | áfram: | înaint: | redirecționat: | \
    пересилання: | переслано:";

/// Prefixes of an answer's subject, in lower case.
const ANSWER_SUBJECT: &str = "\
    re: | aw: | antw: | sv: | vs: | vá: | odp: | ref: | rif: | r: | ynt: | atb: | ats: | на: | ответ: | отв: | 回复: | 答复: | \
    رد:";

/// Whether a subject says that the message answers another.
pub(super) fn answer_subject(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase().replace('：', ":");
    words(ANSWER_SUBJECT).any(|p| subject.starts_with(p))
}

/// Whether a subject says that the message is forwarded.
pub(super) fn forward_subject(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase().replace('：', ":");
    words(FORWARD_SUBJECT).any(|p| subject.starts_with(p))
}

/// Takes a body apart.
pub(super) fn split(body: &str) -> Parts {
    let lines: Vec<&str> = body.lines().collect();
    let mut parts = Parts::default();
    let mut current: Option<Inner> = None;
    let mut i = 0;
    while i < lines.len() {
        let line = lines[i].trim();
        let plain = unquoted(line);
        if let Some(after) = header_block(&lines, i) {
            parts.inner.extend(current.take());
            let (display, address) = sender(plain);
            current = Some(Inner { display, address, body: String::new() });
            i = after;
            continue;
        }
        match marker(plain) {
            Some(Marker::Forward) => {
                parts.forwarded = true;
                parts.inner.extend(current.take());
                current = Some(Inner::default());
            }
            Some(Marker::Answered) => {
                parts.inner.extend(current.take());
                current = Some(Inner::default());
            }
            Some(Marker::Wrote) => {
                // Answers below the quotation: the quoted lines go, what follows them stays.
                let quoted_next =
                    lines[i + 1..].iter().find(|l| !l.trim().is_empty()).is_some_and(|l| l.trim().starts_with('>'));
                if !quoted_next {
                    parts.inner.extend(current.take());
                    let (display, address) = sender(plain);
                    current = Some(Inner { display, address, body: String::new() });
                }
            }
            Some(Marker::End) => {}
            None if current.as_ref().is_some_and(Inner::begins) && names_author(plain) => {
                let (display, address) = dated_sender(plain);
                current = Some(Inner { display, address, body: String::new() });
            }
            None if line.starts_with('>') && current.is_none() => {}
            None => {
                let text = current.as_mut().map_or(&mut parts.own, |inner| &mut inner.body);
                text.push_str(if line.starts_with('>') { plain } else { line });
                text.push('\n');
            }
        }
        i += 1;
    }
    parts.inner.extend(current);
    parts.inner.retain(|inner| !inner.address.is_empty() || !inner.body.trim().is_empty());
    parts
}

/// The entries of a list.
fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split('|').map(str::trim)
}

fn listed(list: &str, word: &str) -> bool {
    words(list).any(|w| w == word)
}

enum Marker {
    Forward,
    Answered,
    Wrote,
    /// A forwarded message ends.
    End,
}

impl Inner {
    /// Whether its author may still be named: nothing but a broken line stands in it.
    fn begins(&self) -> bool {
        self.address.is_empty() && self.body.trim().len() < 120
    }
}

/// Whether a line right below a forward's names its author without a field: `21.09.2020, 10:14, "A B" <a@b.example>:`.
fn names_author(line: &str) -> bool {
    let line = line.trim();
    line.len() <= 400 && line.ends_with(">:") && line.contains('<') && line.contains('@')
}

/// Display name and address of such a line.
fn dated_sender(line: &str) -> (String, String) {
    let (_, address) = sender(line);
    let display = line.split('"').nth(1).unwrap_or_default().to_owned();
    (display, address)
}

fn marker(line: &str) -> Option<Marker> {
    if line.len() > 400 || line.is_empty() {
        return None;
    }
    let ruled = line.starts_with(['-', '_', '=', '*']) || line.ends_with(':') || line.ends_with('-');
    let lower = one_spaced(&line.to_lowercase().replace('’', "'"));
    if ruled && words(FORWARD_END).any(|m| lower.contains(m)) {
        return Some(Marker::End);
    }
    if ruled && words(FORWARD).any(|m| lower.contains(m)) {
        return Some(Marker::Forward);
    }
    if ruled && words(ANSWERED).any(|m| lower.contains(m)) {
        return Some(Marker::Answered);
    }
    let before_colon = lower.trim_end_matches([':', '：', ' ', '\u{a0}']);
    let ends_with_colon = before_colon.len() < lower.len();
    let dated = lower.chars().any(|c| c.is_ascii_digit()) || lower.contains('@');
    let wrote =
        words(WROTE).any(|w| before_colon.ends_with(w) || (w == "schrieb" && before_colon.contains(" schrieb ")));
    (ends_with_colon && dated && wrote).then_some(Marker::Wrote)
}

/// A line with one plain space between its words.
fn one_spaced(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '|', '*'])
}

/// The field's name and value, where a line looks like a header's.
fn field(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once([':', '：'])?;
    let name = one_spaced(&name.trim().trim_matches('*').to_lowercase());
    (name.chars().count() <= 14).then_some((name, value.trim().trim_matches('*').trim()))
}

/// The line behind a header block that begins here: a From field with another field right behind it.
fn header_block(lines: &[&str], at: usize) -> Option<usize> {
    let (name, value) = field(unquoted(lines[at].trim()))?;
    if !listed(FROM, &name) || value.is_empty() {
        return None;
    }
    let mut end = at + 1;
    let mut fields = 0;
    while end < lines.len() && end < at + 12 {
        let line = unquoted(lines[end].trim());
        match field(line) {
            Some((name, _)) if listed(OTHER, &name) => fields += 1,
            _ => break,
        }
        end += 1;
    }
    (fields > 0).then_some(end)
}

/// Display name and address of a From field's line.
fn sender(line: &str) -> (String, String) {
    let value = line.split_once([':', '：']).map_or(line, |(name, value)| {
        if listed(FROM, &name.trim().trim_matches('*').to_lowercase()) { value } else { line }
    });
    let address = value
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | '"' | ';' | ','))
        .map(|w| w.trim_start_matches("mailto:").trim_end_matches([':', '.']))
        .find(|w| w.split_once('@').is_some_and(|(l, d)| !l.is_empty() && d.contains('.')))
        .unwrap_or("")
        .to_lowercase();
    let display = value.split(['<', '[', '(']).next().unwrap_or("").trim().trim_matches('"').to_owned();
    let display = if display.contains('@') { String::new() } else { display };
    (display, address)
}

/// A text without the notices that stand in it within square brackets, from the beginning of a line to the end of one: a
/// gateway or an editor put them there, and what they deny the sender does not.
pub(super) fn without_notices(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let mut notice = vec![line];
        if line.trim_start().starts_with('[') {
            while !notice.last().is_some_and(|last| last.trim_end().ends_with(']')) {
                match lines.next_if(|next| !next.trim().is_empty()) {
                    Some(next) => notice.push(next),
                    None => break,
                }
            }
            if notice.last().is_some_and(|last| last.trim_end().ends_with(']')) {
                continue;
            }
        }
        kept.extend(notice);
    }
    kept
}
