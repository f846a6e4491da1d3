//! The decision: a state is named, a person decides, or it is surely no state's input.
//!
//! Promises that a state is named only where no claim speaks against it and our relay does not doubt the sender, and where independent kinds of evidence agree
//! or the sender's own government domain stands behind it, and nobody passes on what is another's; everything else goes to a person. The score is for the eye.

use super::{
    Case, Decision, Evidence, Kind, Match, Source, claims::Claim, domains::Domain, findings::Findings, gather::gather,
    objections::Against, register::Register, vocabulary as words,
};
use crate::core::{iso3::Iso3, text::fold::fold};

impl Register {
    /// Says whose input a case is, for a call with this roster; a roster that the register does not know has no states.
    #[must_use]
    pub fn match_case(&self, case: &Case, roster: &str) -> Match {
        let findings = gather(self, case);
        let Judged { conclusion, reason, mentioned } = decide(&findings);
        let roster = self.roster(roster).unwrap_or_default();
        let kind_of = |state: Iso3| match () {
            () if self.is_observer(state) => Kind::Observer,
            () if roster.contains(&state) => Kind::MemberState,
            () => Kind::OutsideRegion,
        };
        let (decision, kind, states) = match conclusion {
            Conclusion::State(state) => (Decision::Matched, kind_of(state), vec![state]),
            Conclusion::Joint(states) => (Decision::Matched, Kind::Joint, states),
            Conclusion::Likely(state) => (Decision::Review, kind_of(state), Vec::new()),
            Conclusion::LikelyJoint => (Decision::Review, Kind::Joint, Vec::new()),
            Conclusion::Ambiguous => (Decision::Review, Kind::Ambiguous, Vec::new()),
            Conclusion::LikelyNone => (Decision::Review, Kind::NotAState, Vec::new()),
            Conclusion::None => (Decision::None, Kind::NotAState, Vec::new()),
        };
        let evidence = evidence(&findings);
        let score = score(decision, &states, &evidence);
        let (iso3, iso3s) = match states[..] {
            [one] => (Some(one), Vec::new()),
            _ => (None, states),
        };
        let passed_on = findings.passed_on.is_some() && decision == Decision::Review;
        Match { decision, kind, iso3, iso3s, score, reason, passed_on, mentioned, evidence }
    }
}

enum Conclusion {
    State(Iso3),
    Joint(Vec<Iso3>),
    /// Only one state is named, on too little.
    Likely(Iso3),
    LikelyJoint,
    Ambiguous,
    LikelyNone,
    None,
}

/// A conclusion with its reason, a sentence for a person.
struct Judged {
    conclusion: Conclusion,
    reason: String,
    /// The only state that is named, where nothing says that a state sent it.
    mentioned: Option<Iso3>,
}

impl Conclusion {
    fn because(self, reason: impl Into<String>) -> Judged {
        Judged { conclusion: self, reason: reason.into(), mentioned: None }
    }
}

const CONTRADICTION: &str = "It names more than one state, and they cannot all be its sender.";

const GROUP: &str = "It speaks for a group of States by its name alone, and not all of them may be meant.";

fn decide(findings: &Findings) -> Judged {
    if findings.automatic {
        return Conclusion::None.because("A program wrote it, not a person.");
    }
    if findings.doubted {
        let conclusion = candidate(&findings.claims).map_or(Conclusion::Ambiguous, Conclusion::Likely);
        return conclusion.because("The sender’s domain does not vouch for it, so that no address in it is evidence.");
    }
    let domain = findings.sender.domain.as_ref().unwrap_or(&Domain::Unknown);
    // A costume without a claim is only somebody's name.
    let claimed = !findings.claims.is_empty() || findings.authority || findings.unread;
    if let Some(asked) = &findings.to_the_program {
        return Conclusion::Ambiguous
            .because(format!("It asks to be filed as somebody’s, or speaks to a program: “{asked}”."));
    }
    if let (Domain::LookAlike(original), true) = (domain, claimed) {
        return Conclusion::Ambiguous
            .because(format!("The sender’s domain looks like {original}, and is another one."));
    }
    if let (Some(why), true) = (&findings.passed_on, claimed) {
        return candidate(&findings.claims).map_or(Conclusion::Ambiguous, Conclusion::Likely).because(why);
    }
    let government = matches!(domain, Domain::Government(_) | Domain::Agency(_) | Domain::Suffix(_));
    let papers = findings.claims.iter().any(|c| matches!(c.source, Source::NoteVerbale | Source::Letterhead));
    if let Some(judged) = no_state(findings, domain, government, papers) {
        return judged;
    }
    if findings.reply_elsewhere && (claimed || government) {
        return Conclusion::Ambiguous.because("Answers are to go to an address that does not fit the sender’s.");
    }
    let against = |state: Iso3| {
        let own_paper = findings.own_paper(state);
        findings
            .objections
            .iter()
            .find(|objection| objection.speaks_against(state, government, own_paper, findings.files))
    };
    if let Some(states) = joint(findings) {
        let objection = states
            .iter()
            .flatten()
            .find_map(|state| against(*state))
            .filter(|o| matches!(o.against, Against::Denied | Against::Together));
        if let Some(objection) = objection {
            return Conclusion::Ambiguous.because(objection.reason());
        }
        return match states {
            Ok(states) if sent_by_one_of(findings, domain, &states) => {
                Conclusion::Joint(states).because("It speaks for these states together, and one of them sent it.")
            }
            Ok(_) => Conclusion::LikelyJoint
                .because("It speaks for several states together; that one of them sent it is not sure."),
            Err(judged) => judged,
        };
    }
    let Some(state) = candidate(&findings.claims) else {
        if !findings.claims.is_empty() {
            return Conclusion::Ambiguous.because(CONTRADICTION);
        }
        return without_claims(findings, domain);
    };
    if let Some(objection) = against(state) {
        return Conclusion::Ambiguous.because(objection.reason());
    }
    match (enough(findings, domain, state), government) {
        (true, true) => Conclusion::State(state)
            .because("The sender’s own government domain stands for it, and nothing in it speaks for another state."),
        (true, false) => Conclusion::State(state)
            .because("Pieces that do not depend on each other name it, and nothing in it speaks for another state."),
        (false, _) => Conclusion::Likely(state).because("Only one state is named, and by too little to be sure."),
    }
}

/// Where someone who is no state speaks.
fn no_state(findings: &Findings, domain: &Domain, government: bool, papers: bool) -> Option<Judged> {
    // A territory or a town may write for its state: a person says so.
    if let Domain::Substate { entity, .. } = domain {
        let why = format!("{entity} sent it, which is not the Government of a member State.");
        return Some(Conclusion::LikelyNone.because(why));
    }
    let organisation = matches!(domain, Domain::Organisation(_) | Domain::Own);
    if findings.for_organisation && !organisation {
        return Some(Conclusion::LikelyNone.because("It speaks on behalf of an organisation or a group of States."));
    }
    if findings.personal && !organisation {
        return Some(
            Conclusion::LikelyNone.because("An official speaks for himself in it, or one who is honorary or former."),
        );
    }
    // A Government's own letterhead from its own domain: whoever else is named is its topic.
    let own_paper = findings.by_government()
        && domain
            .state()
            .is_some_and(|s| findings.claimed(Source::Letterhead, s) || findings.claimed(Source::NoteVerbale, s));
    if own_paper {
        return None;
    }
    let none = |sure: bool, why: &str| Some(if sure { Conclusion::None } else { Conclusion::LikelyNone }.because(why));
    // A ministry may have “municipal” in its own name.
    let ministry_s = matches!(domain, Domain::Missions)
        || matches!(domain, Domain::Government(_)) && (findings.ministry || !findings.claims_by_address_alone());
    if let Some(which) = findings.below.as_deref().filter(|_| !ministry_s && !note(findings)) {
        let why = format!("It names a town, a region or another authority below a State: “{which}”.");
        return Some(Conclusion::LikelyNone.because(why));
    }
    let anyone = matches!(domain, Domain::Unknown | Domain::National(_) | Domain::LookAlike(_));
    let speaks = findings.private.as_deref().or(findings.speaks_of_private.as_deref());
    if let Some(who) = speaks.filter(|_| anyone || !note(findings)) {
        let official = government || findings.sender.inner_government || matches!(domain, Domain::Parliament(_));
        let sure = findings.private.is_some() && !official && !papers && !matches!(domain, Domain::LookAlike(_));
        let why = format!("An association, an institution or a private person seems to speak in it: “{who}”.");
        return none(sure, &why);
    }
    if organisation {
        let spoken_for = findings.claims.iter().any(|c| match c.source {
            Source::Letterhead | Source::NoteVerbale => true,
            Source::Title => !findings.organisation,
            _ => false,
        });
        let why = "It comes from an organisation, and no Government speaks in it.";
        return if spoken_for { None } else { none(!findings.unread, why) };
    }
    if findings.organisation && !note(findings) {
        return none(!government && !papers, "An organisation of States speaks in it.");
    }
    None
}

fn note(findings: &Findings) -> bool {
    findings.claims.iter().any(|c| c.source == Source::NoteVerbale && c.weight > 3.0)
}

/// The states of a joint input, where one is claimed; else why they are not sure.
fn joint(findings: &Findings) -> Option<Result<Vec<Iso3>, Judged>> {
    let mut states: Option<&[Iso3]> = None;
    for claim in findings.claims.iter().filter(|c| c.joint && !c.group) {
        match states {
            None => states = Some(&claim.states),
            Some(known) if known == claim.states => {}
            Some(_) => return Some(Err(Conclusion::Ambiguous.because(CONTRADICTION))),
        }
    }
    let Some(states) = states else {
        return findings.claims.iter().any(|c| c.group).then(|| Err(Conclusion::LikelyJoint.because(GROUP)));
    };
    let agree = findings.claims.iter().filter(|c| c.group || !c.joint).all(|c| c.allows(states));
    // One state's letterhead or title beside another paper of several: the other may be an annex. Not so where the only
    // file calls itself joint under a letterhead of one of them.
    let title = |c: &Claim| matches!(c.source, Source::Title | Source::Subject);
    let one_s = |c: &Claim| !c.joint && (title(c) || c.source == Source::Letterhead);
    let called_joint = findings.claims.iter().any(|c| c.joint && title(c) && words::joint(&fold(&c.text)));
    let one_paper = findings.one_file && called_joint && !findings.claims.iter().any(|c| one_s(c) && title(c));
    let annex = !findings.together && !one_paper && findings.claims.iter().any(one_s);
    Some(if agree && !annex { Ok(states.to_vec()) } else { Err(Conclusion::Ambiguous.because(CONTRADICTION)) })
}

fn sent_by_one_of(findings: &Findings, domain: &Domain, states: &[Iso3]) -> bool {
    let papers = findings
        .claims
        .iter()
        .filter(|c| c.joint && matches!(c.source, Source::Title | Source::Letterhead | Source::NoteVerbale))
        .count();
    match domain {
        Domain::Government(s) | Domain::Suffix(s) | Domain::Agency(s) => {
            states.contains(s) && (papers > 0 || findings.claims.iter().any(|c| c.joint))
        }
        Domain::Missions | Domain::Isp => papers > 0 && findings.claims.iter().any(|c| c.source == Source::NoteVerbale),
        _ => false,
    }
}

/// The one state that every claim allows.
fn candidate(claims: &[Claim]) -> Option<Iso3> {
    let mut named: Vec<Iso3> = claims.iter().filter_map(Claim::single).collect();
    named.sort_unstable();
    named.dedup();
    match named[..] {
        [one] if claims.iter().all(|c| c.allows(&[one])) => Some(one),
        _ => None,
    }
}

fn without_claims(findings: &Findings, domain: &Domain) -> Judged {
    if let Domain::Parliament(state) = domain {
        return Conclusion::Likely(*state).because("A parliament sent it, which is not the Government.");
    }
    if findings.unread {
        return Conclusion::Ambiguous.because("A file of it could not be read, and nothing else says whose it is.");
    }
    if findings.authority && findings.input {
        return Conclusion::Ambiguous.because("An authority writes, and nothing says of which state.");
    }
    // Nothing in it is an input's, an authority's or a state's.
    if !findings.input && !findings.authority && !matches!(domain, Domain::Missions) {
        return Conclusion::None.because("Nothing in it is of an input, an authority or a state.");
    }
    let Some((state, words)) = only_mention(findings) else {
        return Conclusion::LikelyNone.because("Nothing in it says that a state sent it.");
    };
    let why = format!("Nothing in it says that a state sent it; the one state that it names is “{words}”.");
    Judged { mentioned: Some(state), ..Conclusion::LikelyNone.because(why) }
}

/// The state that subject and text name, and as they write it, where nothing hints at another.
fn only_mention(findings: &Findings) -> Option<(Iso3, &str)> {
    let said = |hint: &&Evidence| matches!(hint.source, Source::Body | Source::Subject);
    let first = findings.hints.iter().find(said)?;
    let only = findings.hints.iter().all(|hint| hint.iso3 == first.iso3);
    only.then_some((first.iso3, first.text.as_str()))
}

/// Whether what speaks for the state is enough to name it.
fn enough(findings: &Findings, domain: &Domain, state: Iso3) -> bool {
    let claimed = |source| findings.claimed(source, state);
    let letterhead = claimed(Source::Letterhead);
    let note = findings.claims.iter().any(|c| c.source == Source::NoteVerbale && c.weight > 3.0);
    let weak_note = claimed(Source::NoteVerbale);
    let title = claimed(Source::Title);
    let statement =
        findings.claims.iter().any(|c| c.source == Source::Body && c.weight > 1.0 && c.single() == Some(state));
    let vouched = title && (claimed(Source::Subject) || claimed(Source::Body));
    let local = claimed(Source::LocalPart);
    let display = claimed(Source::DisplayName);
    let contact = claimed(Source::Contact);
    let file_name = findings.hinted(Source::FileName, state);
    let file_name_of_another =
        findings.hints.iter().any(|h| h.source == Source::FileName && h.iso3 != state) && !file_name;
    let small = [title, statement, local, display, claimed(Source::Subject), claimed(Source::Signature), file_name]
        .iter()
        .filter(|x| **x)
        .count();
    let history = claimed(Source::History);
    let document = findings.files || findings.input;
    if contact && (document || small > 0) {
        return true;
    }
    match domain {
        // Not all that a ministry sends is the state's input.
        Domain::Government(_) | Domain::Agency(_) => {
            findings.input || small > 0 || letterhead || weak_note || findings.misspelt.is_some()
        }
        // Under a suffix, an authority that names no ministry and no state may be anybody's.
        Domain::Suffix(_) => letterhead || weak_note || findings.ministry || small > 0 && !findings.authority,
        Domain::Missions => (note || letterhead || weak_note) && (small > 0 || history) && document,
        Domain::Isp => {
            (note && (small > 0 || letterhead) && document)
                || (letterhead && (local || display || history || title && findings.authority))
        }
        Domain::Parliament(s) => *s == state && (letterhead && findings.authority || note) && document,
        Domain::Free => {
            !file_name_of_another
                && ((note && findings.readable && (letterhead || title || local && findings.authority))
                    || (letterhead && (findings.authority && findings.input || history) && findings.files))
        }
        Domain::National(s) if *s == state => {
            (note && (letterhead || title)) || (letterhead && findings.authority && findings.input)
        }
        // A colleague who names the state beside its own letterhead vouches for it.
        Domain::Organisation(_) | Domain::Own if letterhead && findings.authority && vouched => !file_name_of_another,
        Domain::Organisation(_) | Domain::Own | Domain::Unknown | Domain::National(_) => {
            !file_name_of_another
                && ((letterhead && (findings.authority || title) && (statement || note || history))
                    || (note && title && findings.readable)
                    || (letterhead && findings.authority && title && display && small > 3))
        }
        Domain::Substate { .. } | Domain::LookAlike(_) => false,
    }
}

/// The evidence of a case, the weightiest first.
fn evidence(findings: &Findings) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = findings.hints.clone();
    for claim in &findings.claims {
        let shares = if claim.joint { 1.0 } else { f64::from(u32::try_from(claim.states.len()).unwrap_or(1)) };
        for state in &claim.states {
            let piece = Evidence {
                source: claim.source,
                text: claim.text.clone(),
                iso3: *state,
                weight: claim.weight / shares,
            };
            if !evidence.contains(&piece) {
                evidence.push(piece);
            }
        }
    }
    evidence.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then(a.source.cmp(&b.source))
            .then(a.iso3.cmp(&b.iso3))
            .then_with(|| a.text.cmp(&b.text))
    });
    evidence.truncate(40);
    evidence
}

/// How well the evidence bears the decision, for the eye.
fn score(decision: Decision, states: &[Iso3], evidence: &[Evidence]) -> f64 {
    let sum =
        |with: bool| -> f64 { evidence.iter().filter(|e| states.contains(&e.iso3) == with).map(|e| e.weight).sum() };
    let score = match decision {
        Decision::Matched => sum(true) / (sum(true) + sum(false) + 0.5),
        Decision::Review => 0.5,
        Decision::None => 0.9,
    };
    (score * 100.0).round() / 100.0
}
