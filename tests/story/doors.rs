//! Who is let in: accounts, sessions, tokens, and what a form must carry, over every route of the pages.

use axum::http::Method;
use docket::{
    core::{actor::Actor, role::Role},
    desk::{Desk, DeskError},
    web::{May, routes},
};

use super::stage::{Stage, person};
use crate::fixture::{
    Database, both,
    browser::{Browser, ORIGIN, With},
};

const NOW: &str = "2020-09-22T16:29:00+02:00";

async fn with_accounts(db: Database, names: &[(&str, Role)]) -> (Stage, Vec<Browser>) {
    let stage = Stage::set(db, NOW).await;
    let mut browsers = Vec::new();
    for (name, role) in names {
        let secret = stage.desk().add_account(name, *role, &person("root")).await.unwrap();
        let mut browser = Browser::before(&stage.shared_instance());
        browser.enter(name, secret.shown()).await;
        browsers.push(browser);
    }
    (stage, browsers)
}

fn refused<T>(done: Result<T, DeskError>) -> String {
    match done {
        Err(error) => error.to_string(),
        Ok(_) => panic!("it was done"),
    }
}

/// An address of a route, with its parts filled in.
fn address(path: &str) -> String {
    path.replace("{iso3}", "NOR").replace("{*reference}", "M-000001").replace("{secret}", "0").replace("{n}", "1")
}

both!(every_route_lets_in_whom_its_row_names_and_nobody_else, async |db: Database| {
    let everybody = [("Vera", Role::Viewer), ("Otto", Role::Officer), ("Ada", Role::Administrator)];
    let (stage, mut browsers) = with_accounts(db, &everybody).await;
    let mut tokens = Vec::new();
    for (name, _) in everybody {
        tokens.push(stage.desk().make_token(name, None, &person("root")).await.unwrap().0.shown().to_owned());
    }
    let mut nobody = Browser::before(&stage.shared_instance());
    nobody.get("/login").await;
    let mut strangers = String::new();
    for browser in &mut browsers {
        browser.get("/me").await;
        strangers = browser.token();
    }
    for route in routes() {
        let path = address(route.path);
        let sends = route.method == Method::POST;
        let least = match route.may {
            May::Anyone => None,
            May::Look | May::HaveAccount => Some(Role::Viewer),
            May::Decide => Some(Role::Officer),
            May::Administer => Some(Role::Administrator),
        };
        let what = format!("{} {path}", route.method);
        let form = |token: &str| sends.then(|| format!("token={token}&name=x"));
        // Whoever is not logged in.
        let token = nobody.token();
        let got = nobody.ask(route.method.clone(), &path, form(&token), ours()).await;
        match least {
            None => assert!(![403, 303].contains(&got.status) || path == "/login", "{what}: {got:?}"),
            Some(_) if sends => assert_eq!(got.status, 401, "{what}"),
            Some(_) if route.is_for_programs() => assert_eq!(got.status, 401, "{what}"),
            Some(_) => assert!(got.to.is_some_and(|to| to.starts_with("/login?to=%2F")), "{what}"),
        }
        for ((browser, (name, role)), bearer) in browsers.iter_mut().zip(everybody).zip(&tokens) {
            let what = format!("{what} as {name}");
            let may = least.is_none_or(|least| role >= least);
            let token = browser.token();
            // Whether a session is ended by it shows in the next row.
            if path != "/logout" && path != "/login" {
                let got = browser.ask(route.method.clone(), &path, form(&token), ours()).await;
                assert_eq!(got.status == 403, !may, "{what}: {got:?}");
                assert_ne!(got.status, 401, "{what} by login is not refused: {got:?}");
            }
            let by_token = With { bearer: Some(bearer), without_cookies: true, ..With::default() };
            if path != "/logout" && path != "/login" {
                let got = browser.ask(route.method.clone(), &path, form(""), by_token).await;
                assert_eq!(got.status == 403, !may, "{what} by a token: {got:?}");
            }
            if sends {
                let foreign = With { origin: Some("http://evil.example"), ..With::default() };
                for (token, with, why) in [
                    (token.as_str(), foreign, "from elsewhere"),
                    (token.as_str(), With::default(), "from nowhere"),
                    ("", ours(), "without a token"),
                    (&"0".repeat(128), ours(), "with a forged token"),
                    (if role == Role::Administrator { "x" } else { &strangers }, ours(), "with another's token"),
                ] {
                    let got = browser.ask(route.method.clone(), &path, form(token), with).await;
                    assert_eq!(got.status, 403, "{what}, {why}: {got:?}");
                }
            }
            let host = With { host: Some("docket.evil.example"), ..ours() };
            assert_eq!(browser.ask(route.method.clone(), &path, form(&token), host).await.status, 403, "{what}: host");
        }
        let by_none = With { bearer: Some("0123"), without_cookies: true, ..With::default() };
        let got = nobody.ask(route.method.clone(), &path, form(""), by_none).await;
        assert!(least.is_none() || got.status == 401, "{what} by a token that is none: {got:?}");
        for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE] {
            let got = nobody.ask(method.clone(), &path, None, ours()).await;
            assert_eq!(got.status, 405, "{method} {path}");
        }
    }
});

fn ours() -> With<'static> {
    With { origin: Some(ORIGIN), ..With::default() }
}

both!(without_an_account_the_pages_are_read_and_nothing_is_decided, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut browser = Browser::before(&stage.shared_instance());
    for path in ["/", "/log", "/decide"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    let got = browser.get("/decide/M-000001").await;
    assert_eq!((got.status, got.body.contains("docket user add")), (403, true));
    stage.desk().add_account("Ada", Role::Administrator, &person("root")).await.unwrap();
    assert_eq!(browser.get("/").await.to.as_deref(), Some("/login?to=%2F"), "from now on a login is asked for");
    assert_eq!(browser.get("/healthz").await.status, 200);
    let lost = browser.get("/nothing/here").await;
    assert_eq!((lost.status, lost.body.contains("Log in")), (404, false));
});

both!(a_link_works_once_and_a_session_ends_wherever_it_is_ended, async |db: Database| {
    let (stage, mut browsers) = with_accounts(db, &[("Ada", Role::Administrator), ("Otto", Role::Officer)]).await;
    let [ada, otto] = &mut browsers[..] else { panic!() };
    let secret = stage.desk().link_account("otto", &person("root")).await.unwrap();
    let path = format!("/welcome/{}", secret.shown());
    assert!(ada.get(&path).await.body.contains("Welcome, <bdi>Otto"), "to look at it does not use it up");
    let short = ada.send(&path, &[("password", "short"), ("again", "short")]).await;
    assert_eq!((short.status, short.body.contains("12 to 200 characters")), (400, true));
    let set = ada.send(&path, &[("password", "a new password"), ("again", "a new password")]).await;
    assert_eq!(set.to.as_deref(), Some("/login"));
    assert_eq!(ada.get(&path).await.status, 404);
    assert_eq!(otto.get("/").await.status, 303, "another password ends all sessions");
    assert_eq!(otto.log_in("OTTO ", "a new password").await.to.as_deref(), Some("/"));
    let mut copy = Browser::before(&stage.shared_instance());
    copy.takes_cookies_of(otto);
    otto.get("/me").await;
    otto.send("/logout", &[]).await;
    assert_eq!(copy.get("/").await.status, 303, "a cookie that was copied is worth nothing after the logout");
    otto.log_in("otto", "a new password").await;
    ada.get("/people").await;
    ada.send("/people", &[("name", "Otto"), ("role", "viewer"), ("do", "role")]).await;
    assert_eq!(otto.get("/").await.status, 303, "another role ends all sessions");
    otto.log_in("otto", "a new password").await;
    assert_eq!(otto.get("/").await.status, 200);
    let viewer = otto.get("/decide/M-000001").await;
    assert_eq!((viewer.status, viewer.body.contains("Viewers can read but not decide")), (403, true));
    let token = stage.desk().make_token("Otto", None, &person("root")).await.unwrap().0;
    let by_token = || With { bearer: Some(token.shown()), without_cookies: true, ..With::default() };
    assert_eq!(otto.ask(Method::GET, "/", None, by_token()).await.status, 200);
    ada.get("/people").await;
    ada.send("/people", &[("name", "Otto"), ("do", "disable")]).await;
    assert_eq!(otto.get("/").await.status, 303);
    assert_eq!(otto.ask(Method::GET, "/", None, by_token()).await.status, 401);
    let refused = otto.log_in("otto", "a new password").await;
    assert_eq!((refused.status, refused.body.contains("do not fit together")), (401, true), "as with a wrong password");
    stage.clock.move_to(stage.clock.now() + jiff::SignedDuration::from_hours(8));
    assert_eq!(ada.get("/").await.status, 303, "a session that nobody used is over");
});

both!(failures_slow_down_who_fails_and_keep_nobody_else_out, async |db: Database| {
    let (stage, mut browsers) = with_accounts(db, &[("Ada", Role::Administrator)]).await;
    let ada = &mut browsers[0];
    ada.get("/me").await;
    ada.send("/logout", &[]).await;
    let here = "192.0.2.1";
    for _ in 0..6 {
        drop(stage.desk().log_in("ada", "wrong", here).await.unwrap());
    }
    let seen = stage.desk().log_in("ada", "correct horse battery", here).await.unwrap();
    assert!(matches!(seen, docket::desk::Login::TooMany { .. }), "even the right one waits, from there");
    let elsewhere = stage.desk().log_in("ada", "correct horse battery", "192.0.2.2").await.unwrap();
    assert!(matches!(elsewhere, docket::desk::Login::In { .. }), "from elsewhere it does not");
    stage.clock.move_to(stage.clock.now() + jiff::SignedDuration::from_secs(5));
    let later = stage.desk().log_in("ada", "correct horse battery", here).await.unwrap();
    assert!(matches!(later, docket::desk::Login::In { .. }), "nor for ever");
    let unknown = ada.log_in("nobody", "correct horse battery").await;
    assert_eq!((unknown.status, unknown.body.contains("Name and password do not fit together.")), (401, true));
});

both!(the_last_administrator_stays_and_names_are_names, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let (desk, root): (&Desk, Actor) = (stage.desk(), person("root"));
    desk.add_account("Zoë", Role::Administrator, &root).await.unwrap();
    for done in [desk.disable_account("ZOË", &root).await, desk.set_role("zoe\u{308}", Role::Viewer, &root).await] {
        assert_eq!(refused(done), "Zoë is the last administrator; make somebody else one first.");
    }
    assert!(refused(desk.add_account("ZOË ", Role::Viewer, &root).await).contains("already"));
    for name in ["", "  ", "a\u{202e}b", "a\nb", &"n".repeat(81)] {
        assert!(refused(desk.add_account(name, Role::Viewer, &root).await).contains("name"), "{name:?}");
    }
    assert!(refused(desk.set_role("Nobody", Role::Viewer, &root).await).contains("Nobody has an account"));
    desk.add_account("Otto", Role::Administrator, &root).await.unwrap();
    desk.disable_account("Zoë", &root).await.unwrap();
    assert!(refused(desk.disable_account("Otto", &root).await).contains("last administrator"));
});

both!(what_is_sent_is_bounded_and_leads_nowhere_else, async |db: Database| {
    let (_stage, mut browsers) = with_accounts(db, &[("Ada", Role::Administrator)]).await;
    let ada = &mut browsers[0];
    ada.get("/people").await;
    let large = format!("token={}&name={}", ada.token(), "x".repeat(10 << 20));
    let got = ada.ask(Method::POST, "/people", Some(large), ours()).await;
    assert_eq!((got.status, got.body.contains("256 KB")), (413, true));
    for broken in ["token=%ff&name=%ff", "%00=1"] {
        let got = ada.ask(Method::POST, "/people", Some(broken.to_owned()), ours()).await;
        assert!([400, 403].contains(&got.status), "{broken}: {got:?}");
    }
    ada.get("/me").await;
    ada.send("/logout", &[]).await;
    for to in ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        ada.get(&format!("/login?to={to}")).await;
        let got = ada.send("/login", &[("name", "ada"), ("password", "correct horse battery")]).await;
        assert_eq!(got.to.as_deref(), Some("/"), "{to}");
        ada.get("/me").await;
        ada.send("/logout", &[]).await;
    }
});
