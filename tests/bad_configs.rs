//! Configurations that must be refused, each for a stated reason: `bad_configs/<case>/{docket.toml,expected}`.

use std::{fs, path::Path};

use docket::config::{Config, ConfigProblems};

const CASES: &str = "tests/bad_configs";

/// What is said of a configuration, with the folder of the case cut off.
fn verdict(case: &Path) -> String {
    let file = case.join("docket.toml");
    let said = match Config::load(Some(&file)) {
        Ok(loaded) => ConfigProblems(loaded.config.problems_for_run()).to_string(),
        Err(problems) => problems.to_string(),
    };
    format!("{said}\n").replace(&format!("{}/", case.display()), "")
}

#[test]
fn every_bad_configuration_is_refused_with_all_its_problems() {
    let mut cases: Vec<_> = fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 30, "the cases are not there");
    let mut wrong = Vec::new();
    for case in &cases {
        let expected = fs::read_to_string(case.join("expected")).unwrap_or_default();
        let said = verdict(case);
        if said != expected || said.trim().is_empty() {
            wrong.push(format!("{}\n--- expected\n{expected}--- said\n{said}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
