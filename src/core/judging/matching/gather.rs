//! What a case holds that tells whose it is, gathered from every place in it.
//!
//! Promises each piece with its source and its words. It gathers and does not decide; text is cut to what a letterhead,
//! a note and a signature need, so that a long document costs no more than a short one.

use super::{
    case::{Case, CaseFile},
    claims::{self, Claim},
    domains::Domain,
    elsewhere,
    evidence::{Source, TWO_LETTERS},
    exonyms,
    findings::{Findings, first_found},
    hands, head,
    mending::mended,
    names::Reading,
    note_verbale,
    objections::{self, Against, Objection},
    quoting::{self, Inner},
    register::Register,
    resembling::misspelt,
    sender, titles, vocabulary as words,
};
use crate::core::{
    iso3::Iso3,
    text::fold::{Folded, fold, head_of},
};

/// How much of a body is read.
const BODY: usize = 200_000;
/// How much of a body is searched for phrases.
const OWN: usize = 12_000;
/// How much of a file is read.
const PAGE: usize = 6_000;
/// How much of a file is searched for whom it speaks for.
const OPENING: usize = 600;
/// How many files are read.
const FILES: usize = 40;

/// How much of a covering mail is searched for another state's name in a form that the tables lack.
const COVER: usize = 1_000;
/// How many lines of a file may bear a misspelt name of the sender's state.
const NAME_LINES: usize = 4;

/// Gathers what a case holds.
pub(super) fn gather(register: &Register, case: &Case) -> Findings {
    let mended = mended(case);
    let case = mended.as_ref().unwrap_or(case);
    let parts = quoting::split(head_of(&case.body, BODY));
    let mut findings = Findings::default();
    let forward = parts.forwarded || quoting::forward_subject(&case.subject);
    let outer = register.domain_of(&case.from.address);
    let colleague = case.by_colleague.unwrap_or(matches!(outer, Domain::Organisation(_) | Domain::Own));
    let inner = if forward { original(register, case, &parts.inner) } else { None };
    // One whose address the mail program left out is somebody's, too.
    let nameless = parts.inner.first().filter(|first| forward && first.address.is_empty());
    let forwarded = inner.or(nameless);
    findings.passed_on = hands::unvouched(register, case, forwarded.filter(|_| !colleague));

    let mut own = head_of(&parts.own, OWN).to_owned();
    let (display, address) = match inner {
        Some(inner) if colleague => {
            findings.sender.forwarded = true;
            own.push('\n');
            own.push_str(head_of(&inner.body, OWN));
            (inner.display.as_str(), inner.address.as_str())
        }
        _ => (case.from.display.as_str(), case.from.address.as_str()),
    };
    let mut domain = if findings.sender.forwarded { register.domain_of(address) } else { outer };
    let known = case.contacts.iter().filter(|contact| {
        contact.address.eq_ignore_ascii_case(address) || contact.address.eq_ignore_ascii_case(&case.from.address)
    });
    if let Some(said) = &case.doubted {
        // The states stay in play that the address would speak for, and nothing more.
        for state in domain.state().into_iter().chain(known.clone().map(|contact| contact.iso3)) {
            findings.hint(Source::Authentication, state, 0.1, said);
        }
        findings.doubted = true;
        domain = Domain::Unknown;
    }
    sender::sender(register, &mut findings, &domain, display, address);
    if let Some(inner) = inner.filter(|_| !findings.sender.forwarded) {
        own.push('\n');
        own.push_str(head_of(&inner.body, OWN));
        if let Some(state) = register.domain_of(&inner.address).state() {
            findings.sender.inner_government = true;
            findings.claim(Source::SenderDomain, state, 1.5, &inner.address);
        }
    }
    if let Some(others) = several_senders(register, &parts.inner).filter(|_| forward) {
        findings.claims.extend(others);
    }
    sender::reply_to(register, &mut findings, case, &domain);
    for contact in known.filter(|_| case.doubted.is_none()) {
        findings.claim(Source::Contact, contact.iso3, 6.0, &contact.address);
    }
    if case.doubted.is_none() {
        sender::history(&mut findings, case, address);
    }
    findings.sender.domain = Some(domain);
    body(register, &mut findings, &own, case);
    files(register, &mut findings, case);
    subject(register, &mut findings, case);
    if let Some(group) = findings.claims.iter().find(|claim| claim.group) {
        let sentences = note_verbale::sentences(head_of(&own, COVER));
        let listed =
            sentences.iter().find_map(|sentence| claims::listed(register, &Folded::new(sentence), &group.states));
        findings.claims.extend(listed);
    }
    let mut claimed = findings.claims.iter().filter_map(Claim::single);
    let domain = sender::domain_part(address).to_lowercase();
    let borrowed = claimed.find_map(|state| register.domains.borrowed(&domain, state));
    findings.objections.extend(borrowed.map(|known| Objection::new(Against::Domain, Vec::new(), &known)));
    let heads = case.attachments.iter().take(FILES).flat_map(first_lines);
    let said = std::iter::once(case.subject.as_str()).chain(note_verbale::sentences(head_of(&own, COVER))).chain(heads);
    let company =
        said.into_iter().find_map(|line| elsewhere::of_mixed_company(register, &Folded::new(head_of(line, 400))));
    findings.objections.extend(company);
    if let Some(state) = sender_state(&findings) {
        misspelt_own(register, &mut findings, case, &own, state);
    }
    // A subject or an address like a program's silences, and takes no document from its state.
    findings.automatic &= case.automatic || case.attachments.is_empty();
    findings
}

/// The state whose authority writes, by its domain.
fn sender_state(findings: &Findings) -> Option<Iso3> {
    findings.sender.domain.as_ref().and_then(Domain::state)
}

/// Finds the name of the state whose authority writes where it is misspelt; a letterhead that bears it is no stranger's.
fn misspelt_own(register: &Register, findings: &mut Findings, case: &Case, own: &str, state: Iso3) {
    findings.objections.retain(|objection| {
        !matches!(objection.against, Against::Unknown | Against::Misread)
            || misspelt(register, state, &fold(&objection.text)).is_none()
    });
    if !matches!(findings.sender.domain, Some(Domain::Government(_) | Domain::Agency(_) | Domain::Suffix(_))) {
        return;
    }
    let heads = || case.attachments.iter().take(FILES).flat_map(first_lines);
    let titled = heads().any(|line| elsewhere::own_title(state, &Folded::new(head_of(line, 400))));
    if !findings.own_paper(state) && !titled {
        let sentences = note_verbale::sentences(head_of(own, COVER));
        let stems = case.attachments.iter().take(FILES).map(|file| stem(&file.filename));
        let said = std::iter::once(case.subject.as_str()).chain(stems).chain(sentences);
        let another = said.into_iter().find_map(|line| {
            let line = Folded::new(head_of(line, 400));
            objections::of_inflected(register, state, &line)
                .or_else(|| elsewhere::of_exonym(register, state, &line))
                .or_else(|| elsewhere::of_actor(register, state, &line))
        });
        let another = another.or_else(|| {
            heads().find_map(|line| elsewhere::of_head_in_tongue(register, state, &Folded::new(head_of(line, 400))))
        });
        findings.objections.extend(another);
    }
    if !findings.by_government() {
        return;
    }
    if !findings.claims_by_address_alone() {
        return;
    }
    let files = case
        .attachments
        .iter()
        .take(FILES)
        .flat_map(|file| std::iter::once(stem(&file.filename)).chain(first_lines(file)));
    findings.misspelt = std::iter::once(case.subject.as_str()).chain(files).find_map(|line| {
        let folded = fold(head_of(line, 300));
        misspelt(register, state, &folded)
            .map(str::to_owned)
            .or_else(|| exonyms::own(state, &Folded::new(head_of(line, 300))).map(str::to_owned))
    });
}

/// The first lines of a file.
fn first_lines(file: &CaseFile) -> impl Iterator<Item = &str> {
    file.first_page_text.lines().filter(|line| !line.trim().is_empty()).take(NAME_LINES)
}

/// The message that was forwarded: the newest of a sender who is no colleague.
fn original<'p>(register: &Register, case: &Case, inner: &'p [Inner]) -> Option<&'p Inner> {
    inner.iter().find(|i| {
        !i.address.is_empty()
            && !hands::is_ours(case, &i.address)
            && !matches!(register.domain_of(&i.address), Domain::Organisation(_) | Domain::Own)
    })
}

/// Claims of all senders, where the forwarded messages come from two states.
fn several_senders(register: &Register, inner: &[Inner]) -> Option<Vec<Claim>> {
    let mut claims: Vec<Claim> = Vec::new();
    for message in inner {
        if let Some(state) = register.domain_of(&message.address).state()
            && !claims.iter().any(|c| c.states == [state])
        {
            let text = message.address.clone();
            claims.push(Claim {
                source: Source::SenderDomain,
                states: vec![state],
                joint: false,
                group: false,
                weight: 1.5,
                text,
            });
        }
    }
    (claims.len() > 1).then_some(claims)
}

fn body(register: &Register, findings: &mut Findings, own: &str, case: &Case) {
    findings.automatic |= case.automatic;
    let folded = Folded::new(own);
    let text = folded.text();
    let subject = fold(head_of(&case.subject, 1_000));
    findings.automatic |= words::automatic_subject(head_of(&case.subject, 1_000));
    findings.automatic |= case.attachments.is_empty() && words::automatic_body(text);
    findings.input |= words::names_input(&subject);
    findings.together = words::joint(&subject);
    let government = findings.by_government();
    let about = words::about_the_state_in(text).filter(|_| !government).map(|found| folded.quote(found));
    first_found(&mut findings.private, about);
    to_the_program(register, findings, &folded);
    findings.personal |= words::personal(text) || words::personal(&subject);
    findings.claims.extend(note_verbale::notes(register, own));
    let lines: Vec<&str> = own.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    for line in lines.iter().filter(|l| l.len() <= 300) {
        let line = Folded::new(line);
        findings.claims.extend(claims::title(&line, &register.names.mentions(&line), Source::Body, 1.0));
    }
    let spoken = quoting::without_notices(head_of(own, 6_000));
    for sentence in note_verbale::sentences(&spoken) {
        let sentence = Folded::new(head_of(sentence, 600));
        findings.for_organisation |= claims::for_organisation(register, sentence.text());
        findings.claims.extend(claims::statement(register, &sentence));
        findings.objections.extend(objections::of_sentence(register, &sentence));
    }
    for line in lines.iter().rev().take(12) {
        let line_text = fold(head_of(line, 400));
        if line_text.split(' ').count() <= 14 {
            findings.ministry |= words::names_ministry(&line_text);
            let private = !government && words::private(&line_text) && lines.len() > 1;
            first_found(&mut findings.private, private.then_some(line));
            findings.organisation |=
                !government && words::organisation(&line_text) && line_text.split(' ').count() <= 12;
        }
        findings.claims.extend(claims::signature(register, head_of(line, 400)));
    }
    // A body without files may be the document itself.
    if case.attachments.is_empty() && own.len() > 1_200 {
        let head = head::read(register, own);
        findings.input |= head.input;
        findings.claims.extend(head.claims.into_iter().map(|c| Claim { weight: c.weight / 2.0, ..c }));
    }
    findings.input |= words::names_input(text);
    for mention in register.names.mentions(&folded).iter().take(200) {
        if let ([state], Reading::Plain) = (&mention.name.states[..], mention.name.reading) {
            findings.hint(Source::Body, *state, 0.05, folded.quote(mention.range.clone()));
        }
    }
}

fn subject(register: &Register, findings: &mut Findings, case: &Case) {
    let line = Folded::new(head_of(&case.subject, 1_000));
    let mentions = register.names.mentions(&line);
    to_the_program(register, findings, &line);
    findings.for_organisation |= claims::for_organisation(register, line.text());
    let spoken_for = claims::statement(register, &line);
    findings.claims.extend(spoken_for.map(|claim| Claim { source: Source::Subject, ..claim }));
    let private = !findings.by_government()
        && (words::private(line.text()) && !words::names_authority(line.text())
            || words::about_the_state_in(line.text()).is_some());
    first_found(&mut findings.private, private.then_some(case.subject.as_str()));
    let titles = claims::title(&line, &mentions, Source::Subject, 0.8);
    // The subject of an answer is the thread's, which another may have begun.
    let answer = quoting::answer_subject(&case.subject);
    let part = sender_state(findings).filter(|_| !answer);
    let part = part.and_then(|state| titles::of_part(register, state, &line, Against::Subject));
    findings.objections.extend(part);
    if titles.is_empty() {
        for mention in &mentions {
            if let [state] = mention.name.states[..] {
                findings.hint(Source::Subject, state, 0.3, line.quote(mention.range.clone()));
            }
        }
        findings.objections.extend(objections::of_subject(register, &line).filter(|_| !answer));
    }
    for claim in titles {
        if answer && !findings.claims.iter().all(|known| known.allows(&claim.states)) {
            for state in &claim.states {
                findings.hint(Source::Subject, *state, 0.3, &claim.text);
            }
        } else {
            findings.claims.push(claim);
        }
    }
}

fn files(register: &Register, findings: &mut Findings, case: &Case) {
    findings.files = !case.attachments.is_empty();
    findings.one_file = case.attachments.len() == 1;
    for file in case.attachments.iter().take(FILES) {
        let name = head_of(&file.filename, 400);
        file_name(register, findings, name);
        let named = objections::of_file_name(register, stem(name)).or_else(|| {
            let line = Folded::new(stem(name));
            titles::of_part(register, sender_state(findings)?, &line, Against::FileName)
        });
        let page = head_of(&file.first_page_text, PAGE);
        if page.trim().chars().count() < 20 {
            findings.unread = true;
            findings.objections.extend(named);
            continue;
        }
        findings.readable = true;
        let head = head::read(register, page);
        findings.authority |= head.authority;
        findings.ministry |= head.ministry;
        first_found(&mut findings.private, head.private.as_deref());
        let spoken_of = head.speaks_of_private.as_deref().filter(|_| !findings.by_government());
        first_found(&mut findings.speaks_of_private, spoken_of);
        findings.organisation |= head.organisation;
        first_found(&mut findings.below, head.below.as_deref());
        findings.personal |= head.honorary;
        findings.input |= head.input;
        let notes = note_verbale::notes(register, page);
        // What the file itself says of its state refutes what else it says.
        let own: Vec<Iso3> = head.claims.iter().chain(&notes).filter_map(Claim::single).collect();
        let misread = sender_state(findings)
            .filter(|state| !own.contains(state))
            .and_then(|state| head.unnamed.iter().find_map(|line| objections::misread(register, state, line)));
        let titled = sender_state(findings)
            .filter(|state| !own.contains(state))
            .and_then(|state| titles::of_page(register, state, page));
        let against = named.into_iter().chain(head.objections).chain(misread).chain(titled).map(|mut objection| {
            objection.spares.extend(&own);
            objection
        });
        findings.objections.extend(against);
        findings.claims.extend(head.claims);
        findings.claims.extend(notes);
        let folded = Folded::new(page);
        findings.input |= words::names_input(folded.text());
        let about = words::about_the_state_in(folded.text()).filter(|_| !findings.by_government());
        first_found(&mut findings.private, about.map(|found| folded.quote(found)));
        findings.personal |= words::personal(folded.text());
        // On behalf of whom a title speaks, also where a reader ran its lines together.
        for sentence in note_verbale::sentences(head_of(page, OPENING)) {
            let spoken_for = claims::statement(register, &Folded::new(sentence));
            findings.claims.extend(spoken_for.map(|claim| Claim { source: Source::Title, ..claim }));
            let said = objections::of_sentence(register, &Folded::new(sentence));
            findings.objections.extend(said.into_iter().filter(|said| said.against == Against::Denied));
        }
        let opening = folded.text().get(..400).unwrap_or(folded.text());
        findings.for_organisation |= claims::for_organisation(register, opening);
        to_the_program(register, findings, &folded);
    }
}

/// Words that would have the text filed: whatever they ask, or as another state's than the sender's domain is.
fn to_the_program(register: &Register, findings: &mut Findings, text: &Folded<'_>) {
    if findings.to_the_program.is_some() {
        return;
    }
    let asked = words::to_the_program(text.text()).or_else(|| {
        let asked = words::asks_to_file(text.text())?;
        let own = findings.sender.domain.as_ref().and_then(Domain::state);
        let line = Folded::new(text.quote(asked.clone()));
        let named = register.names.mentions(&line);
        let another = |states: &[Iso3]| own.is_none_or(|own| states != [own]);
        let other = named.iter().any(|m| m.name.reading != Reading::Demonym && another(&m.name.states));
        other.then_some(asked)
    });
    findings.to_the_program = asked.map(|range| text.quote(range).to_owned());
}

/// A file's name without what says its format.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn file_name(register: &Register, findings: &mut Findings, name: &str) {
    let stem = stem(name);
    let line = Folded::new(stem);
    let mentions = register.names.mentions(&line);
    for mention in &mentions {
        if let ([state], Reading::Plain | Reading::GivenName | Reading::Weak) =
            (&mention.name.states[..], mention.name.reading)
        {
            findings.hint(Source::FileName, *state, 0.7, line.quote(mention.range.clone()));
        }
    }
    for token in stem.split(|c: char| !c.is_ascii_alphabetic()) {
        if let Some(state) = register.file_codes.get(token) {
            findings.hint(Source::FileName, *state, if token.len() == 3 { 0.5 } else { TWO_LETTERS }, token);
        }
    }
}
