//! A state, a number or a page by a few letters.

use docket::core::role::Role;

use super::stage::{Sample, Stage, person};
use crate::fixture::{Database, both, browser::Browser};

/// Where one can go from the page that answers to these letters, with what stands there.
async fn found(browser: &mut Browser, text: &str) -> Vec<(String, String)> {
    let got = browser.get(&format!("/find?{}", serde_urlencoded::to_string([("q", text)]).unwrap())).await;
    assert_eq!(got.status, 200, "{}", got.body);
    let list = got.body.split("<ul id=\"found\"").nth(1).unwrap().split("</ul>").next().unwrap();
    let places = list.split("<a href=\"").skip(1).map(|link| {
        let (to, rest) = link.split_once("\"><bdi>").unwrap();
        (rest.split("</bdi>").next().unwrap().to_owned(), to.replace("&#x2f;", "/"))
    });
    places.collect()
}

both!(a_few_letters_find_a_state_a_number_or_a_page, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-21T09:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    let mut browser = Browser::before(&stage.shared_instance());
    let first = async |browser: &mut Browser, text: &str| found(browser, text).await.into_iter().next();
    let place = |name: &str, to: &str| Some((name.to_owned(), to.to_owned()));
    for (text, name, to) in [
        ("mold", "Republic of Moldova", "/state/MDA"),
        ("MDA", "Republic of Moldova", "/state/MDA"),
        ("молд", "Republic of Moldova", "/state/MDA"),
        ("Türk", "Turkey", "/state/TUR"),
        ("turquie", "Turkey", "/state/TUR"),
        ("Suisse", "Switzerland", "/state/CHE"),
        ("ألمانيا", "Germany", "/state/DEU"),
        ("法国", "France", "/state/FRA"),
        ("  austria ", "Austria", "/state/AUT"),
        ("m-1", "M-000001", "/entry/M-000001"),
        ("1", "M-000001", "/entry/M-000001"),
        ("deci", "To be decided", "/decide"),
        ("log", "Log", "/log"),
    ] {
        assert_eq!(first(&mut browser, text).await, place(name, to), "{text}");
    }
    assert_eq!(found(&mut browser, "").await.len(), 5, "the pages that anybody may see here");
    let strange = found(&mut browser, "<zq>&\"").await;
    assert_eq!(strange.len(), 1, "{strange:?}");
    assert!(strange[0].0.contains("&lt;zq&gt;") && strange[0].1.starts_with("/log?q=%3Czq%3E"), "{strange:?}");
    assert_eq!(first(&mut browser, "999").await.unwrap().1, "/log?q=999", "no entry has that number");

    let secret = stage.desk().add_account("Otto", Role::Officer, &person("root")).await.unwrap();
    browser.enter("Otto", secret.shown()).await;
    let pages = found(&mut browser, "").await;
    assert!(pages.iter().any(|(_, to)| to == "/stop") && pages.iter().all(|(_, to)| to != "/people"), "{pages:?}");
});
