//! Logging in at an issuer of OpenID Connect: who is let in as what, and all that is not taken for a login.

use docket::{core::role::Role, oidc::Attempt, web::Doors};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::stage::{Stage, person};
use crate::fixture::{
    Database, both,
    browser::{Browser, Got},
    issuer::{IssuerServer, Signed},
};

const NOW: &str = "2020-09-22T16:29:00+02:00";

async fn set(db: Database) -> (Stage, IssuerServer, Browser) {
    let stage = Stage::set(db, NOW).await;
    let issuer = IssuerServer::start(stage.clock.now()).await;
    let browser = before(&stage, &issuer);
    (stage, issuer, browser)
}

fn before(stage: &Stage, issuer: &IssuerServer) -> Browser {
    let address = Some("http://localhost:8480".parse().unwrap());
    let doors = Doors { address, oidc: Some(Box::new(issuer.config())), ..Doors::default() };
    Browser::behind(&stage.shared_instance(), doors)
}

/// Where a browser is sent that begins a login.
async fn begun(browser: &mut Browser) -> String {
    browser.get("/login/with?to=%2Flog").await.to.unwrap()
}

async fn log_in(browser: &mut Browser, issuer: &IssuerServer) -> Got {
    let way = begun(browser).await;
    browser.get(&issuer.agree(&way)).await
}

fn why(got: &Got) -> &str {
    let to = got.to.as_deref().unwrap_or_default();
    to.strip_prefix("/login?why=").and_then(|rest| rest.split('&').next()).unwrap_or(to)
}

both!(whoever_is_in_a_group_has_an_account_and_the_role_follows_the_groups, async |db: Database| {
    let (stage, issuer, mut browser) = set(db).await;
    let page = browser.get("/login").await;
    assert!(page.body.contains(">Log in with Keycloak</a>"), "{}", page.body);
    assert!(!page.body.contains("docket user add"), "an account comes by itself");
    let got = log_in(&mut browser, &issuer).await;
    assert_eq!((got.status, got.to.as_deref()), (303, Some("/log")), "to the page that was asked for");
    assert_eq!(browser.get("/me").await.status, 200);
    let all = stage.desk().accounts().await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].name.as_str(), all[0].role, all[0].has_password), ("Ana Lima", Role::Officer, false));
    // The same person under another name, in another group, in another browser.
    issuer.set(|rules| rules.claims = json!({"name": "Root", "realm_access": {"roles": ["readers", "chiefs"]}}));
    let mut other = before(&stage, &issuer);
    assert_eq!(log_in(&mut other, &issuer).await.to.as_deref(), Some("/log"));
    let all = stage.desk().accounts().await.unwrap();
    assert_eq!((all.len(), all[0].name.as_str(), all[0].role), (1, "Ana Lima", Role::Administrator));
    assert!(browser.get("/me").await.to.is_some(), "sessions with the role before are over");
    assert_eq!(other.get("/people").await.status, 200);
    // Out of the groups.
    issuer.set(|rules| rules.claims = json!({"realm_access": {"roles": ["everybody"]}}));
    let got = log_in(&mut browser, &issuer).await;
    assert_eq!(why(&got), "group");
    let page = browser.get(&got.to.unwrap()).await;
    assert_eq!((page.status, page.body.contains("You are in none of the groups")), (401, true));
    assert!(other.get("/people").await.to.is_some(), "whoever is in no group any more is logged in nowhere");
    // Disabled here.
    stage.desk().add_account("Ada", Role::Administrator, &person("root")).await.unwrap();
    stage.desk().disable_account("Ana Lima", &person("root")).await.unwrap();
    issuer.set(|rules| rules.claims = json!({}));
    assert_eq!(why(&log_in(&mut browser, &issuer).await), "disabled");
    assert!(browser.get("/me").await.to.is_some(), "the cookie that is left opens nothing");
});

both!(a_name_opens_no_account_of_another, async |db: Database| {
    let (stage, issuer, mut browser) = set(db).await;
    stage.desk().add_account("ana lima", Role::Administrator, &person("root")).await.unwrap();
    log_in(&mut browser, &issuer).await;
    issuer.set(|rules| rules.claims = json!({"sub": "0002", "preferred_username": "lima@example.org"}));
    let mut second = before(&stage, &issuer);
    log_in(&mut second, &issuer).await;
    let all = stage.desk().accounts().await.unwrap();
    let all: Vec<(&str, Role)> = all.iter().map(|one| (one.name.as_str(), one.role)).collect();
    assert_eq!(
        all,
        [
            ("ana lima", Role::Administrator),
            ("Ana Lima (ana@example.org)", Role::Officer),
            ("Ana Lima (lima@example.org)", Role::Officer)
        ]
    );
    // Nothing tells this one from the others.
    issuer.set(|rules| {
        rules.claims =
            json!({"sub": "0003", "name": "Ana Lima (ana@example.org)", "preferred_username": null, "email": ""});
    });
    let mut third = before(&stage, &issuer);
    assert_eq!(log_in(&mut third, &issuer).await.to.as_deref(), Some("/log"), "its number tells it from them");
});

both!(what_is_no_token_for_this_login_lets_nobody_in, async |db: Database| {
    let (stage, issuer, _) = set(db).await;
    let now = stage.clock.now().as_second();
    let bad: [(&str, Value); 17] = [
        ("for another", json!({"aud": "other"})),
        ("for others", json!({"aud": ["other", "another"]})),
        ("for us among others, by nobody", json!({"aud": ["docket", "other"]})),
        ("for us among others, by another", json!({"aud": ["docket", "other"], "azp": "other"})),
        ("for us, by another", json!({"azp": "other"})),
        ("for nobody", json!({"aud": null})),
        ("by another issuer", json!({"iss": "https://evil.example"})),
        ("by no issuer", json!({"iss": null})),
        ("over", json!({"exp": now - 61})),
        ("without an end", json!({"exp": null})),
        ("made later", json!({"iat": now + 61})),
        ("not yet", json!({"nbf": now + 61})),
        ("with an end that is a text", json!({"exp": "never"})),
        ("of another login", json!({"nonce": "other"})),
        ("of no login", json!({"nonce": null})),
        ("about nobody", json!({"sub": ""})),
        ("about a number", json!({"sub": 1})),
    ];
    for (what, claims) in bad {
        issuer.set(|rules| rules.claims = claims);
        let mut browser = before(&stage, &issuer);
        assert_eq!(why(&log_in(&mut browser, &issuer).await), "service", "{what}");
        assert!(browser.session().is_none(), "{what}");
    }
    issuer.set(|rules| rules.claims = json!({}));
    for signed in [Signed::ByAnother, Signed::ByNobody, Signed::None, Signed::Hs256, Signed::Changed] {
        issuer.set(|rules| rules.signed = signed);
        let mut browser = before(&stage, &issuer);
        assert_eq!(why(&log_in(&mut browser, &issuer).await), "service", "{signed:?}");
        assert!(browser.session().is_none(), "{signed:?}");
    }
    assert!(stage.desk().accounts().await.unwrap().is_empty(), "nobody has an account by them");
    for signed in [Signed::Rs256, Signed::Ps256, Signed::Es256] {
        issuer.set(|rules| {
            rules.signed = signed;
            rules.claims = json!({"aud": ["docket", "other"], "azp": "docket", "exp": now - 59, "iat": now + 59});
        });
        let mut browser = before(&stage, &issuer);
        assert_eq!(log_in(&mut browser, &issuer).await.to.as_deref(), Some("/log"), "{signed:?}");
    }
});

both!(an_answer_ends_the_login_of_its_own_browser_once, async |db: Database| {
    let (stage, issuer, mut browser) = set(db).await;
    let way = begun(&mut browser).await;
    let back = issuer.agree(&way);
    let mut stranger = before(&stage, &issuer);
    assert_eq!(why(&stranger.get(&back).await), "again", "a browser that began none");
    begun(&mut stranger).await;
    assert_eq!(why(&stranger.get(&back).await), "again", "a browser that began another");
    let mut second = before(&stage, &issuer);
    second.takes_cookies_of(&browser);
    assert_eq!(browser.get(&back).await.to.as_deref(), Some("/log"));
    let mut kept = before(&stage, &issuer);
    kept.takes_cookies_of(&second);
    assert_eq!(why(&browser.get(&back).await), "again", "the cookie of the login is gone");
    assert_eq!(
        why(&kept.get(&back).await),
        "again",
        "where the cookie was kept, the issuer gives nothing for the code"
    );
    // A code of somebody else's login, under a state of one's own.
    let own = issuer.agree(&begun(&mut kept).await);
    let theirs = issuer.agree(&begun(&mut stranger).await);
    let code = |back: &str| back.split_once("code=").unwrap().1.to_owned();
    let mixed = own.replace(&code(&own), &code(&theirs));
    assert_eq!(why(&kept.get(&mixed).await), "again", "the code is good with the verifier of its login alone");
    for (what, path, is) in [
        ("nothing", "/login/back", "again"),
        ("a forged state", "/login/back?state=1600784940.Lw.AAAA&code=x", "again"),
        ("no state", "/login/back?code=x", "again"),
    ] {
        assert_eq!(why(&kept.get(path).await), is, "{what}");
    }
    let of_login = |back: &str| back.split_once('?').unwrap().1.split('&').next().unwrap().to_owned();
    let path = format!("/login/back?{}&error=access_denied", of_login(&issuer.agree(&begun(&mut kept).await)));
    assert_eq!(why(&kept.get(&path).await), "refused");
    let back = issuer.agree(&begun(&mut kept).await);
    assert_eq!(why(&kept.get(&format!("{back}&iss=https%3A%2F%2Fevil.example")).await), "service", "RFC 9207");
    assert!(kept.session().is_none());
});

#[test]
fn a_login_that_was_begun_holds_ten_minutes_and_for_its_page_alone() {
    let now = NOW.parse::<jiff::Timestamp>().unwrap();
    let begun = Attempt::begun("secret", "/log?q=é", now);
    let after = |minutes| now + SignedDuration::from_mins(minutes);
    let found = Attempt::of_state("secret", &begun.state(), after(10)).unwrap();
    assert_eq!((found.to(), found.nonce(), found.verifier()), ("/log?q=é", begun.nonce(), begun.verifier()));
    assert!(Attempt::of_state("secret", &begun.state(), after(11)).is_none(), "too old");
    assert!(Attempt::of_state("secret", &begun.state(), after(-1)).is_none(), "from later");
    assert!(Attempt::of_state("other", &begun.state(), now).is_none(), "another browser's");
    assert!(Attempt::of_state("", &begun.state(), now).is_none());
    let elsewhere = Attempt::begun("secret", "/people", now);
    let page = |state: &str| state.split('.').nth(1).unwrap().to_owned();
    let forged = begun.state().replace(&page(&begun.state()), &page(&elsewhere.state()));
    assert!(Attempt::of_state("secret", &forged, now).is_none(), "another page");
    assert_ne!(begun.nonce(), begun.verifier());
    assert_eq!(begun.verifier().len(), 43, "as long as RFC 7636 asks for");
}

both!(new_keys_are_asked_for_once_and_an_issuer_may_be_away, async |db: Database| {
    let (stage, issuer, mut browser) = set(db).await;
    log_in(&mut browser, &issuer).await;
    log_in(&mut browser, &issuer).await;
    assert_eq!(issuer.rules.lock().unwrap().keys_asked, 1, "what is known is not asked for again");
    issuer.set(|rules| (rules.key, rules.published) = ("2", vec!["2"]));
    assert_eq!(log_in(&mut browser, &issuer).await.to.as_deref(), Some("/log"), "a new key");
    assert_eq!(issuer.rules.lock().unwrap().keys_asked, 2);
    issuer.set(|rules| rules.key = "1");
    assert_eq!(why(&log_in(&mut browser, &issuer).await), "service", "a key that is no more");
    assert_eq!(issuer.rules.lock().unwrap().keys_asked, 3, "once");
    let mut fooled = before(&stage, &issuer);
    issuer.set(|rules| rules.called = Some("https://evil.example".to_owned()));
    assert_eq!(why(&fooled.get("/login/with").await), "service", "an issuer that calls itself otherwise");
    let mut late = before(&stage, &issuer);
    issuer.stop().await;
    let got = late.get("/login/with?to=%2Flog").await;
    assert_eq!(why(&got), "away");
    let page = late.get(&got.to.unwrap()).await;
    assert!(page.body.contains("The login service does not answer."), "{}", page.body);
    assert!(
        page.body.contains("name=\"to\" value=\"&#x2f;log\""),
        "a password still leads to the page that was asked for"
    );
});
