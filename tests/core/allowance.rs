//! Whose allowance of letters a letter uses.

use docket::{
    config::Shipped,
    core::{
        iso3::Iso3,
        judging::allowance::Allowance::{self, Domain, InItsName, Others, State},
    },
    instance::read_register,
};

fn iso3(code: &str) -> Iso3 {
    code.parse().unwrap()
}

#[test]
fn each_authority_has_its_own_and_what_is_none_shares() {
    let register = read_register(&Shipped::embedded()).unwrap();
    let [nor, che, gbr] = ["NOR", "CHE", "GBR"].map(iso3);
    let others = |domain: &str| vec![Domain(domain.to_owned()), Others];
    for (recipient, known, filed, expected) in [
        ("post@mfa.no", vec![], vec![nor], vec![State(nor)]),
        // A question, and what nobody has said whose it is, use that of the authority they go to.
        ("post@mfa.no", vec![], vec![], vec![State(nor)]),
        ("Post+x@MFA.NO", vec![], vec![], vec![State(nor)]),
        // Whatever it is filed for.
        ("post@mfa.no", vec![], vec![che], vec![State(nor)]),
        ("post@mfa.no", vec![], vec![che, nor], vec![State(nor)]),
        // An address that a person has entered is the state's, wherever it is.
        ("secretary@bluewin.ch", vec![nor], vec![], vec![State(nor)]),
        ("secretary@bluewin.ch", vec![che, nor], vec![nor], vec![State(nor)]),
        // Whoever writes in its name from elsewhere uses another.
        ("attacker@evil.test", vec![], vec![nor], vec![InItsName(nor)]),
        ("attacker@evil.test", vec![], vec![nor, che], vec![InItsName(nor), InItsName(che)]),
        ("council@kent.gov.uk", vec![], vec![gbr], vec![InItsName(gbr)]),
        ("office@some.charity.example", vec![], vec![], others("some.charity.example")),
        ("Office+1@Charity.Example", vec![], vec![], others("charity.example")),
        ("nonsense", vec![], vec![], others("")),
    ] {
        assert_eq!(Allowance::of(&register, recipient, &known, &filed), expected, "{recipient} {known:?} {filed:?}");
    }
}

#[test]
fn each_has_a_word_and_a_sentence_of_its_own() {
    let all =
        [State(iso3("NOR")), InItsName(iso3("NOR")), State(iso3("CHE")), Domain("nor.example".to_owned()), Others];
    let mut words: Vec<String> = all.iter().map(Allowance::word).collect();
    assert_eq!(all[1].phrase().plain(), "Addresses elsewhere that write for NOR");
    assert_eq!(all.iter().filter(|allowance| allowance.state() == Some(iso3("NOR"))).count(), 2);
    words.sort();
    words.dedup();
    assert_eq!(words.len(), all.len(), "{words:?}");
}
