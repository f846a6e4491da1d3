//! The register while it is read from its tables.
//!
//! Promises that a spelling has one meaning: what is no state's comes first, then ambiguous terms, names, the forms of
//! names, and last adjectives and capitals; a spelling once taken is never taken over. One function a table, and the
//! tables are seven: hence its length.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::{
    domains::{Domain, Domains},
    inflect,
    names::{NameList, Reading},
    register::{DatedName, ROSTERS, Register, State},
    tables::{Row, TableProblem, Tables, rows},
    vocabulary as words,
};
use crate::core::text::fold::fold;
use crate::core::{
    iso3::Iso3,
    text::language::{Language, NotALanguage},
};

/// Where each language's names stand in `member_states.csv`.
const NAME_COLUMNS: [(Language, &str, &str); 6] = [
    (Language::En, "un_short_en", "un_formal_en"),
    (Language::Fr, "short_fr", "formal_fr"),
    (Language::Ru, "short_ru", "formal_ru"),
    (Language::Es, "short_es", "formal_es"),
    (Language::Ar, "short_ar", "formal_ar"),
    (Language::Zh, "short_zh", "formal_zh"),
];

/// How a term of `ambiguous.csv` is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ambiguity {
    Name,
    Several,
    GivenName,
    Weak,
    Abbreviation,
    Group,
    Nobody,
}

type AmbiguousTerm = (String, Vec<Iso3>, Ambiguity);

impl Register {
    /// Reads the tables.
    ///
    /// # Errors
    /// All problems of all tables, each with its line.
    pub fn load(tables: &Tables<'_>) -> Result<Self, Vec<TableProblem>> {
        let mut problems = Vec::new();
        let mut loader = Loader::default();
        loader.member_states(tables.member_states, &mut problems);
        loader.dated_names(tables.dated_names, &mut problems);
        loader.domain_evidence(tables.domain_evidence, &mut problems);
        loader.shared_domains(tables.shared_domains, &mut problems);
        loader.substate_domains(tables.substate_domains, &mut problems);
        let ambiguous = loader.ambiguous(tables.ambiguous, &mut problems);
        let embedded = loader.embedded_names(tables.embedded_names, &mut problems);
        let names = loader.names(&ambiguous, embedded, &mut problems).build();
        let names = match names {
            Ok(names) => names,
            Err(error) => {
                let message = format!("The names are too many to search for: {error}.");
                problems.push(TableProblem { table: "member_states", line: 0, message });
                return Err(problems);
            }
        };
        if !problems.is_empty() {
            problems.sort_by(|a, b| (a.table, a.line).cmp(&(b.table, b.line)));
            return Err(problems);
        }
        Ok(Self {
            names,
            squashed: loader.squashed(),
            rosters: loader.rosters,
            states: loader.states,
            by_code: loader.by_code,
            domains: loader.domains,
            file_codes: loader.file_codes,
            substates: words::phrases(&loader.substates.join("|")),
        })
    }
}

/// The register while it is read.
#[derive(Default)]
struct Loader {
    states: Vec<State>,
    by_code: HashMap<Iso3, usize>,
    rosters: Vec<String>,
    /// Name as written, state, line; the UN's names and the aliases.
    full_names: Vec<(String, Iso3, u64)>,
    abbreviations: Vec<(String, Iso3)>,
    demonyms: Vec<(String, Iso3, bool)>,
    domains: Domains,
    /// Domains of states, with their lines.
    state_domains: Vec<(String, Iso3, u64)>,
    file_codes: HashMap<String, Iso3>,
    substates: Vec<String>,
}

impl Loader {
    fn member_states(&mut self, text: &str, problems: &mut Vec<TableProblem>) {
        let mut required = vec!["iso2", "iso3", "un_status", "cctld", "aliases", "abbrev"];
        required.extend(NAME_COLUMNS.iter().flat_map(|(_, short, formal)| [*short, *formal]));
        required.extend(["demonyms_en", "demonyms_fr", "demonyms_ru", "demonyms_es"]);
        required.extend(ROSTERS);
        // Any other column of true and false is a roster, too: with how many such cells, and what else stands in it.
        let mut own: BTreeMap<String, (usize, Vec<TableProblem>)> = BTreeMap::new();
        rows("member_states", text, &required, problems, |row, problems| {
            for column in row.columns().filter(|column| !required.contains(column)) {
                let (right, wrong) = own.entry(column.to_owned()).or_default();
                match untrue(row, column) {
                    None => *right += 1,
                    Some(problem) => wrong.push(problem),
                }
            }
            if let Err(message) = self.member_state(row, problems) {
                problems.push(row.problem(message));
            }
        });
        self.rosters = ROSTERS.map(str::to_owned).to_vec();
        for (column, (right, wrong)) in own {
            if right > wrong.len() {
                problems.extend(wrong);
                self.rosters.push(column);
            }
        }
        self.states.sort_by_key(|s| s.iso3);
        self.by_code = self.states.iter().enumerate().map(|(i, s)| (s.iso3, i)).collect();
    }

    fn member_state(&mut self, row: &Row<'_>, problems: &mut Vec<TableProblem>) -> Result<(), String> {
        let iso3: Iso3 = row.get("iso3").parse().map_err(|e| format!("{e}."))?;
        if self.by_code.contains_key(&iso3) {
            return Err(format!("{iso3} stands here a second time."));
        }
        let observer = match row.get("un_status") {
            "member" => false,
            "observer" => true,
            other => return Err(format!("un_status is “{other}”, not member or observer.")),
        };
        problems.extend(ROSTERS.into_iter().filter_map(|roster| untrue(row, roster)));
        let on_it = row.columns().filter(|column| row.get(column).eq_ignore_ascii_case("true"));
        let rosters = on_it.map(str::to_owned).collect();
        let iso2 = row.get("iso2");
        if iso2.len() != 2 || !iso2.chars().all(|c| c.is_ascii_uppercase()) {
            problems.push(row.problem(format!("iso2 is “{iso2}”, not two capital letters.")));
        }
        let mut names = HashMap::new();
        for (language, short, formal) in NAME_COLUMNS {
            let pair = [row.get(short).to_owned(), row.get(formal).to_owned()];
            if pair.iter().any(String::is_empty) {
                problems.push(row.problem(format!("{iso3} lacks a name in {short} or {formal}.")));
            }
            self.full_names.extend(pair.iter().map(|n| (n.clone(), iso3, row.line)));
            names.insert(language, pair);
        }
        self.full_names.extend(row.list("aliases", ';').into_iter().map(|a| (a.to_owned(), iso3, row.line)));
        self.abbreviations.extend(row.list("abbrev", ';').into_iter().map(|a| (a.to_owned(), iso3)));
        for column in ["demonyms_en", "demonyms_fr", "demonyms_ru", "demonyms_es"] {
            let russian = column == "demonyms_ru";
            self.demonyms.extend(row.list(column, '|').into_iter().map(|d| (d.to_owned(), iso3, russian)));
        }
        self.file_codes.insert(iso3.to_string(), iso3);
        self.file_codes.insert(row.get("iso2").to_owned(), iso3);
        self.domains.add_country(row.get("cctld").trim_start_matches('.'), iso3);
        self.by_code.insert(iso3, self.states.len());
        let iso2 = row.get("iso2").to_owned();
        self.states.push(State { iso3, iso2, observer, rosters, names, dated: Vec::new() });
        Ok(())
    }

    fn dated_names(&mut self, text: &str, problems: &mut Vec<TableProblem>) {
        let columns = ["iso3", "language", "short", "formal", "until"];
        rows("dated_names", text, &columns, problems, |row, problems| {
            let language = row.get("language").parse().map_err(|e: NotALanguage| e.to_string());
            let until = row.get("until").parse::<Date>().map_err(|_| format!("“{}” is no date", row.get("until")));
            let iso3 = row.state("iso3", &self.by_code, problems);
            match (language, until) {
                (Ok(language), Ok(until)) => {
                    let (short, formal) = (row.get("short").to_owned(), row.get("formal").to_owned());
                    if short.is_empty() || formal.is_empty() {
                        problems.push(row.problem("A dated name needs both its short and its formal form.".to_owned()));
                    } else if let Some(iso3) = iso3 {
                        self.full_names.extend([&short, &formal].map(|n| (n.clone(), iso3, row.line)));
                        self.states[self.by_code[&iso3]].dated.push(DatedName { language, short, formal, until });
                    }
                }
                (Err(message), _) | (_, Err(message)) => problems.push(row.problem(format!("{message}."))),
            }
        });
    }

    fn domain_evidence(&mut self, text: &str, problems: &mut Vec<TableProblem>) {
        rows("domain_evidence", text, &["domain", "iso3", "class"], problems, |row, problems| {
            let Some(iso3) = row.state("iso3", &self.by_code, problems) else { return };
            let class = match row.get("class") {
                "government" => Domain::Government(iso3),
                "suffix" => Domain::Suffix(iso3),
                "agency" => Domain::Agency(iso3),
                "parliament" => Domain::Parliament(iso3),
                other => {
                    problems.push(
                        row.problem(format!("The class is “{other}”, not government, suffix, agency or parliament.")),
                    );
                    return;
                }
            };
            self.state_domains.push((row.get("domain").to_ascii_lowercase(), iso3, row.line));
            self.domain(row, &class, problems);
        });
        self.nested_domains(problems);
    }

    fn shared_domains(&mut self, text: &str, problems: &mut Vec<TableProblem>) {
        rows("shared_domains", text, &["domain", "class", "who"], problems, |row, problems| {
            let class = match row.get("class") {
                "missions" => Domain::Missions,
                "isp" => Domain::Isp,
                "free" => Domain::Free,
                "organisation" => Domain::Organisation(row.get("who").to_owned()),
                "own" => Domain::Own,
                other => {
                    problems.push(
                        row.problem(format!("The class is “{other}”, not missions, isp, free, organisation or own.")),
                    );
                    return;
                }
            };
            self.domain(row, &class, problems);
        });
    }

    fn substate_domains(&mut self, text: &str, problems: &mut Vec<TableProblem>) {
        rows("substate_domains", text, &["domain", "entity", "parent_iso3"], problems, |row, problems| {
            let parent = match row.get("parent_iso3") {
                "" => None,
                _ => row.state("parent_iso3", &self.by_code, problems),
            };
            let entity = row.get("entity").to_owned();
            for part in entity.split([',', '(', '/']) {
                let folded = fold(part);
                // One word is a place (Hesse, Saxony), which anyone may name.
                if folded.contains(' ') && !self.substates.contains(&folded) {
                    self.substates.push(folded);
                }
            }
            self.domain(row, &Domain::Substate { entity, parent }, problems);
        });
    }

    /// A domain under that of another state would speak for both.
    fn nested_domains(&self, problems: &mut Vec<TableProblem>) {
        let owners: HashMap<&str, Iso3> = self.state_domains.iter().map(|(d, iso3, _)| (d.as_str(), *iso3)).collect();
        for (domain, iso3, line) in &self.state_domains {
            let above = domain.match_indices('.').map(|(at, _)| &domain[at + 1..]);
            let other = above.filter_map(|above| Some((above, *owners.get(above)?))).find(|(_, owner)| owner != iso3);
            if let Some((above, owner)) = other {
                let message = format!("{domain} of {iso3} lies under {above}, which is of {owner}.");
                problems.push(TableProblem { table: "domain_evidence", line: *line, message });
            }
        }
    }

    fn domain(&mut self, row: &Row<'_>, class: &Domain, problems: &mut Vec<TableProblem>) {
        let domain = row.get("domain");
        let well_formed = !domain.is_empty()
            && domain.split('.').all(|l| !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        if !well_formed {
            problems.push(row.problem(format!("“{domain}” is no domain.")));
            return;
        }
        if let Some(taken) = self.domains.add(domain, class.clone())
            && taken != class
        {
            let message = format!("{domain} is claimed a second time, and differently.");
            problems.push(row.problem(message));
        }
    }

    fn ambiguous(&mut self, text: &str, problems: &mut Vec<TableProblem>) -> Vec<AmbiguousTerm> {
        let mut terms = Vec::new();
        rows("ambiguous", text, &["term", "lang", "candidates_iso3", "reading"], problems, |row, problems| {
            let codes: Vec<Iso3> = row
                .list("candidates_iso3", '|')
                .into_iter()
                .filter_map(|c| row.code(c, &self.by_code, problems))
                .collect();
            let reading = match row.get("reading") {
                "name" => Ambiguity::Name,
                "several" => Ambiguity::Several,
                "given_name" => Ambiguity::GivenName,
                "weak" => Ambiguity::Weak,
                "abbreviation" => Ambiguity::Abbreviation,
                "group" => Ambiguity::Group,
                "no_state" => Ambiguity::Nobody,
                "code" => {
                    if let [one] = codes[..] {
                        self.file_codes.insert(row.get("term").to_owned(), one);
                    }
                    return;
                }
                "never" => {
                    self.file_codes.remove(row.get("term"));
                    if row.get("lang") == "code" {
                        return;
                    }
                    Ambiguity::Nobody
                }
                other => {
                    problems.push(row.problem(format!("“{other}” is no reading that the program knows.")));
                    return;
                }
            };
            terms.push((row.get("term").to_owned(), codes, reading));
        });
        terms
    }

    fn embedded_names(&mut self, text: &str, problems: &mut Vec<TableProblem>) -> Vec<(String, Option<Iso3>)> {
        let mut longer = Vec::new();
        rows("embedded_names", text, &["longer_name", "belongs_to"], problems, |row, problems| {
            let owner = match row.get("belongs_to") {
                "" => None,
                _ => row.state("belongs_to", &self.by_code, problems),
            };
            longer.push((fold(row.get("longer_name")), owner));
        });
        longer
    }

    /// The names by precedence: what is no state's, ambiguous terms, names, their forms, then adjectives and capitals.
    fn names(
        &self,
        ambiguous: &[AmbiguousTerm],
        embedded: Vec<(String, Option<Iso3>)>,
        problems: &mut Vec<TableProblem>,
    ) -> NameList {
        let mut list = NameList::default();
        for (longer, owner) in embedded {
            list.add(longer, owner.as_slice(), Reading::Plain);
        }
        for (term, codes, reading) in ambiguous {
            let (states, reading) = match reading {
                Ambiguity::Several => (codes.as_slice(), Reading::Plain),
                Ambiguity::Group => (codes.as_slice(), Reading::Group),
                Ambiguity::Nobody => (&[][..], Reading::Plain),
                _ => continue,
            };
            list.add(fold(term), states, reading);
            if term.chars().any(|c| matches!(c, 'а'..='я')) {
                for form in inflect::russian(&fold(term)) {
                    list.add(form, states, reading);
                }
            }
        }
        let settled: Vec<String> = ambiguous.iter().map(|(t, _, _)| fold(t)).collect();
        for (name, iso3, line) in &self.full_names {
            let folded = fold(name);
            if let Some(taken) = list.add(folded.clone(), &[*iso3], Reading::Plain)
                && taken.states != [*iso3]
                && !taken.states.is_empty()
                && !settled.contains(&folded)
            {
                let message =
                    format!("“{name}” is already a name of another state, and ambiguous.csv has no rule for it.");
                problems.push(TableProblem { table: "member_states", line: *line, message });
            }
        }
        for (name, iso3, _) in &self.full_names {
            let folded = fold(name);
            if list.taken_by_other(&folded, *iso3) {
                continue;
            }
            for form in inflect::forms(name, &folded) {
                list.add(form, &[*iso3], Reading::Plain);
            }
        }
        for (term, _, reading) in ambiguous {
            let folded = fold(term);
            match reading {
                Ambiguity::GivenName => list.read_as(&folded, Reading::GivenName),
                Ambiguity::Weak => list.read_as(&folded, Reading::Weak),
                _ => {}
            }
        }
        for (demonym, iso3, russian) in &self.demonyms {
            let folded = fold(demonym);
            if *russian {
                for form in inflect::russian_adjective(&folded) {
                    list.add(form, &[*iso3], Reading::Demonym);
                }
            }
            list.add(folded, &[*iso3], Reading::Demonym);
        }
        for (abbreviation, iso3) in &self.abbreviations {
            list.add_abbreviation(fold(abbreviation), abbreviation, &[*iso3]);
        }
        for (term, codes, reading) in ambiguous {
            if *reading == Ambiguity::Abbreviation {
                list.add_abbreviation(fold(term), term, codes);
            }
        }
        list
    }

    fn squashed(&self) -> HashMap<String, Iso3> {
        let mut squashed: HashMap<String, Iso3> = HashMap::new();
        let mut shared = Vec::new();
        for (name, iso3, _) in &self.full_names {
            let folded = fold(name);
            let word = folded.replace(' ', "");
            if word.len() < 4 || !word.is_ascii() {
                continue;
            }
            match squashed.get(&word) {
                Some(other) if other != iso3 => shared.push(word),
                _ => {
                    squashed.insert(word, *iso3);
                }
            }
        }
        for word in shared {
            squashed.remove(&word);
        }
        squashed
    }
}

/// The problem of a cell that says neither true nor false.
fn untrue(row: &Row<'_>, column: &str) -> Option<TableProblem> {
    let cell = row.get(column);
    let either = ["true", "false"].iter().any(|word| cell.eq_ignore_ascii_case(word));
    (!either).then(|| row.problem(format!("{column} is “{cell}”, not true or false.")))
}
