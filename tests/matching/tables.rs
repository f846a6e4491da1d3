//! The reference tables: complete, without two owners of one name or domain, and every problem told with its line.

use std::collections::HashMap;

use docket::core::{
    iso3::Iso3,
    judging::matching::{Form, Register, TableProblem, Tables},
    text::language::Language,
};
use jiff::civil::date;

use super::{REGISTER, TABLES};

fn iso3(code: &str) -> Iso3 {
    code.parse().expect("a code")
}

#[test]
fn all_states_and_rosters_are_there() {
    let observers: Vec<&str> = REGISTER.states().filter(|s| s.observer).map(|s| s.iso3.as_str()).collect::<Vec<_>>();
    assert_eq!(observers, ["PSE", "VAT"]);
    assert_eq!(REGISTER.states().filter(|s| !s.observer).count(), 193);
    for (roster, count) in [("unece", 56), ("eca", 54), ("eclac", 46), ("escap", 53), ("escwa", 21)] {
        assert_eq!(REGISTER.roster(roster).unwrap().len(), count, "{roster}");
    }
    assert_eq!(REGISTER.roster("UNECE").unwrap().len(), 56);
    assert_eq!(REGISTER.roster("antarctica"), None);
    assert!(REGISTER.is_observer(iso3("VAT")) && !REGISTER.is_observer(iso3("CHE")));
}

#[test]
fn the_register_s_map_has_a_place_for_every_state_of_unece() {
    let tiles = include_str!("../../config/tiles/unece.csv");
    let mut on_the_map: Vec<Iso3> = tiles.lines().skip(1).map(|l| iso3(l.split(',').next().unwrap())).collect();
    on_the_map.sort_unstable();
    assert_eq!(Some(on_the_map), REGISTER.roster("unece"));
    let mut places: Vec<&str> = tiles.lines().skip(1).map(|l| l.split_once(',').unwrap().1).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 56, "no two states on one tile");
}

#[test]
fn names_are_those_of_their_day() {
    let before = date(2020, 9, 30);
    let after = date(2022, 6, 1);
    let name = |code, language, at, form| REGISTER.name(iso3(code), language, at, form);
    assert_eq!(name("TUR", Language::En, before, Form::Short), "Turkey");
    assert_eq!(name("TUR", Language::En, before, Form::Formal), "Republic of Turkey");
    assert_eq!(name("TUR", Language::Fr, before, Form::Short), "Turquie");
    assert_eq!(name("TUR", Language::Es, before, Form::Formal), "República de Turquía");
    assert_eq!(name("TUR", Language::Ru, before, Form::Short), "Турция");
    assert_eq!(name("TUR", Language::En, after, Form::Short), "Türkiye");
    assert_eq!(name("TUR", Language::Fr, after, Form::Formal), "République de Türkiye");
    assert_eq!(name("NLD", Language::En, before, Form::Short), "Netherlands");
    assert_eq!(name("NLD", Language::En, date(2025, 1, 1), Form::Short), "Netherlands (Kingdom of the)");
    assert_eq!(name("CHE", Language::Fr, before, Form::Formal), "Confédération suisse");
    assert_eq!(name("XXX", Language::En, before, Form::Short), "XXX");
}

#[test]
fn a_person_may_write_a_code_or_a_name_that_means_one_state() {
    for (text, code) in [
        ("che", "CHE"),
        ("Suisse", "CHE"),
        ("Швейцария", "CHE"),
        ("turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Cote d'Ivoire", "CIV"),
        ("Congo-Kinshasa", "COD"),
        ("South Korea", "KOR"),
        ("niger", "NER"),
        ("Nigeria", "NGA"),
        ("白俄罗斯", "BLR"),
        ("المغرب", "MAR"),
        (" Jordan ", "JOR"),
    ] {
        assert_eq!(REGISTER.lookup(text), Some(iso3(code)), "{text}");
    }
    for text in
        ["Congo", "Korea", "Benelux", "Northern Ireland", "Kosovo", "French", "Europe", "", "Nigerland", "Slovakija?"]
    {
        assert_eq!(REGISTER.lookup(text), None, "{text}");
    }
}

#[test]
fn what_may_mean_several_states_says_which() {
    let meant = |text: &str| REGISTER.meant(text).iter().map(Iso3::as_str).collect::<Vec<_>>().join(" ");
    for (text, codes) in [
        ("CHE", "CHE"),
        ("ch", "CHE"),
        (" Suisse ", "CHE"),
        ("Congo", "COD COG"),
        ("Korea", "KOR PRK"),
        ("French", ""),
        ("XX", ""),
        ("Nigerland", ""),
    ] {
        let mut found: Vec<&str> = Vec::new();
        let named = meant(text);
        found.extend(named.split(' '));
        found.sort_unstable();
        assert_eq!(found.join(" "), codes, "{text}");
    }
    for state in REGISTER.states() {
        for language in Language::ALL {
            for form in [Form::Short, Form::Formal] {
                let name = REGISTER.name(state.iso3, language, date(2026, 1, 1), form);
                assert!(REGISTER.meant(&name).contains(&state.iso3), "{name}");
            }
        }
    }
}

#[test]
fn no_name_belongs_to_two_states() {
    let mut owners: HashMap<&str, Iso3> = HashMap::new();
    for (spelling, state) in REGISTER.spellings() {
        assert_eq!(*owners.entry(spelling).or_insert(state), state, "{spelling}");
    }
    assert!(owners.len() > 2_500);
    for (near, other) in [
        ("AUT", "AUS"),
        ("SVK", "SVN"),
        ("LVA", "LTU"),
        ("IRN", "IRQ"),
        ("MRT", "MUS"),
        ("NER", "NGA"),
        ("DMA", "DOM"),
        ("SWE", "CHE"),
    ] {
        for language in Language::ALL {
            for form in [Form::Short, Form::Formal] {
                let name = |code| REGISTER.lookup(&REGISTER.name(iso3(code), language, date(2026, 1, 1), form));
                assert_eq!(name(near), Some(iso3(near)));
                assert_eq!(name(other), Some(iso3(other)));
            }
        }
    }
}

#[test]
fn every_un_name_leads_back_to_its_state_or_to_a_rule() {
    for state in REGISTER.states() {
        for language in Language::ALL {
            for form in [Form::Short, Form::Formal] {
                let name = REGISTER.name(state.iso3, language, date(2026, 1, 1), form);
                let found = REGISTER.lookup(&name);
                let ambiguous = found.is_none() && TABLES.ambiguous.lines().any(|l| l.starts_with(&format!("{name},")));
                assert!(found == Some(state.iso3) || ambiguous, "{name} leads to {found:?}, not {}", state.iso3);
            }
        }
    }
}

fn problems(tables: &Tables<'_>) -> Vec<TableProblem> {
    Register::load(tables).expect_err("the tables are wrong")
}

#[test]
fn all_problems_are_told_at_once_each_with_its_line() {
    let two_names = TABLES.member_states.replacen("Österreich;", "Österreich;Hungary;", 1);
    let domains = format!(
        "{}mfa.gov.ge,FRA,government,x\nnot a domain,FRA,government,x\nx.example,QQQ,suffix,x\n",
        TABLES.domain_evidence
    );
    let dated =
        "iso3,language,short,formal,until\nTUR,tr,Türkiye,Türkiye,2022-06-01\nTUR,en,Turkey,Republic of Turkey,June\n";
    let found = problems(&Tables {
        member_states: &two_names,
        domain_evidence: &domains,
        dated_names: dated,
        substate_domains: "domain,parent_iso3\n",
        ..TABLES
    });
    let line = |table, part: &str| found.iter().find(|p| p.table == table && p.message.contains(part)).map(|p| p.line);
    let last = u64::try_from(domains.lines().count()).unwrap();
    assert_eq!(line("domain_evidence", "claimed a second time"), Some(last - 2), "{found:#?}");
    assert_eq!(line("domain_evidence", "is no domain"), Some(last - 1));
    assert_eq!(line("domain_evidence", "QQQ is no state"), Some(last));
    assert_eq!(line("dated_names", "none of the six languages"), Some(2));
    assert_eq!(line("dated_names", "is no date"), Some(3));
    assert_eq!(line("substate_domains", "lacks entity"), Some(1));
    assert!(line("member_states", "already a name of another state").is_some(), "{found:#?}");
    assert!(found.iter().all(|p| p.message.ends_with('.')), "each a sentence: {found:#?}");
}

#[test]
fn no_domain_lies_under_that_of_another_state() {
    let domains = format!("{}embassy.gouv.fr,CHE,government,x\nmfa.gouv.fr,FRA,government,x\n", TABLES.domain_evidence);
    let found = problems(&Tables { domain_evidence: &domains, ..TABLES });
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((one.table, one.line), ("domain_evidence", u64::try_from(domains.lines().count()).unwrap() - 1));
    assert_eq!(one.message, "embassy.gouv.fr of CHE lies under gouv.fr, which is of FRA.");
}

#[test]
fn any_column_of_true_and_false_is_a_roster() {
    let with = |third: &str| {
        let mut own = String::new();
        for (line, n) in TABLES.member_states.lines().zip(0..) {
            let cells = match n {
                0 => ",sids,note",
                1 => ",TRUE,true",
                2 => third,
                _ => ",False,",
            };
            own.extend([line, cells, "\n"]);
        }
        own
    };
    let register = Register::load(&Tables { member_states: &with(",false,x"), ..TABLES }).expect("they are right");
    assert_eq!(register.roster("SIDS"), Some(vec![iso3("AFG")]));
    assert_eq!(register.roster("note"), None);
    assert_eq!(register.roster("unece"), REGISTER.roster("unece"));
    let found = problems(&Tables { member_states: &with(",perhaps,"), ..TABLES });
    let said: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["member_states.csv:3: sids is “perhaps”, not true or false."]);
    let maybe = TABLES.member_states.replacen(",member,false,", ",member,maybe,", 1).replacen("\nAF,", "\n#AF,", 1);
    let found = problems(&Tables { member_states: &maybe, ..TABLES });
    let said: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert!(said.contains(&"member_states.csv:2: unece is “maybe”, not true or false.".to_owned()), "{said:#?}");
    assert!(said.contains(&"member_states.csv:2: iso2 is “#AF”, not two capital letters.".to_owned()), "{said:#?}");
}

#[test]
fn an_empty_table_is_a_problem() {
    let found = problems(&Tables { ambiguous: "", member_states: "", ..TABLES });
    assert!(found.iter().any(|p| p.table == "ambiguous"));
    assert!(found.iter().any(|p| p.table == "member_states"));
}
