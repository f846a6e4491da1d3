//! What an attacker tries at the doors of the pages, each of which would be a way in, or a way to keep others out.

use axum::http::Method;
use docket::{
    core::role::Role,
    desk::{Desk, DeskError, Login, Person},
    web::{Doors, May, routes},
};
use tokio::task::JoinSet;

use super::stage::{Stage, person};
use crate::fixture::{
    Database, both,
    browser::{Browser, ORIGIN, PASSWORD, With},
};

const NOW: &str = "2020-09-22T16:29:00+02:00";
/// Where people open the pages behind a proxy.
const ADDRESS: &str = "https://docket.example.org";

fn ours() -> With<'static> {
    With { origin: Some(ORIGIN), ..With::default() }
}

fn behind(address: &str) -> Doors {
    Doors { address: Some(address.parse().unwrap()), ..Doors::default() }
}

/// A browser in which that person, new here, is logged in.
async fn logged_in(stage: &Stage, name: &str, role: Role) -> Browser {
    let secret = stage.desk().add_account(name, role, &person("root")).await.unwrap();
    let mut browser = Browser::before(&stage.shared_instance());
    browser.enter(name, secret.shown()).await;
    browser
}

fn said<T>(done: Result<T, DeskError>) -> String {
    done.err().map(|error| error.to_string()).unwrap_or_default()
}

both!(no_header_stands_for_the_token_of_a_form, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let officer = Person { account: None, name: "Officer A".to_owned(), role: Role::Officer };
    let doors = Doors { training: Some(officer), ..Doors::default() };
    let mut training = Browser::behind(&stage.shared_instance(), doors);
    training.get("/stop").await;
    let form = format!("token={}&reason=x&do=stop", training.token());
    for headers in [&[("authorization", "Basic eDp5")][..], &[("authorization", "Bearer 0123")]] {
        let with = With { origin: Some("http://evil.example"), headers, ..With::default() };
        let got = training.ask(Method::POST, "/stop", Some(form.clone()), with).await;
        assert_eq!(got.status, 403, "{headers:?}: {got:?}");
    }
    let mut ada = logged_in(&stage, "Ada", Role::Administrator).await;
    let basic = [("authorization", "Basic eDp5")];
    let with = With { origin: Some("http://evil.example"), headers: &basic, ..With::default() };
    let got = ada.ask(Method::POST, "/people", Some("name=Eve&role=viewer&do=add".to_owned()), with).await;
    assert_eq!(got.status, 403, "{got:?}");
    let bare = "name=Ada&password=correct+horse+battery".to_owned();
    for headers in [&basic[..], &[("authorization", "Bearer 0123")]] {
        let with = With { headers, without_cookies: true, ..With::default() };
        assert_eq!(ada.ask(Method::POST, "/login", Some(bare.clone()), with).await.status, 403, "{headers:?}");
    }
    assert_eq!(stage.desk().accounts().await.unwrap().len(), 1);
    let asking = With { headers: &basic, ..With::default() };
    let got = ada.ask(Method::GET, "/people", None, asking).await;
    assert_eq!(got.status, 200, "what a proxy asks of a browser keeps no session from counting");
});

both!(a_token_counts_by_its_scheme_and_alone, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut ada = logged_in(&stage, "Ada", Role::Administrator).await;
    let token = stage.desk().make_token("Ada", None, &person("root")).await.unwrap().0;
    let (right, lower) = (format!("Bearer {}", token.shown()), format!("bearer {}", token.shown()));
    let (right, lower) = (right.as_str(), lower.as_str());
    for (values, status) in
        [(&[lower][..], 200), (&[right, right], 401), (&["Bearer 0123", right], 401), (&["Bearer"], 401)]
    {
        let headers: Vec<(&str, &str)> = values.iter().map(|value| ("authorization", *value)).collect();
        for without_cookies in [true, false] {
            let with = With { headers: &headers, without_cookies, ..With::default() };
            assert_eq!(ada.ask(Method::GET, "/people", None, with).await.status, status, "{headers:?}");
        }
    }
});

both!(behind_a_proxy_nobody_reads_before_there_is_an_account, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut stranger = Browser::behind(&stage.shared_instance(), behind(ADDRESS));
    for host in ["docket.example.org", "localhost:8480", "127.0.0.1:8480"] {
        for route in routes() {
            let open = route.may == May::Anyone || route.method != Method::GET;
            let path = route.path.replace("{iso3}", "NOR").replace("{*reference}", "M-000001");
            let with = With { host: Some(host), ..With::default() };
            let got = stranger.ask(Method::GET, &path, None, with).await;
            if route.is_for_programs() {
                assert!(open || got.status == 401, "{path} at {host}");
                continue;
            }
            assert!(open || got.to.is_some_and(|to| to.starts_with("/login?to=%2F")), "{path} at {host}");
        }
    }
    let with = With { host: Some("docket.example.org"), ..With::default() };
    let login = stranger.ask(Method::GET, "/login", None, with).await.body;
    assert!(login.contains("docket user add NAME --role administrator"), "{login}");
    stage.desk().add_account("Ada", Role::Administrator, &person("root")).await.unwrap();
    assert!(!stranger.ask(Method::GET, "/login", None, with).await.body.contains("docket user add"));
});

both!(a_page_without_tls_sends_no_form_to_one_with_it, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut browser = Browser::behind(&stage.shared_instance(), behind(&format!("{ADDRESS}:443/")));
    let host = With { host: Some("docket.example.org"), ..With::default() };
    let login = browser.ask(Method::GET, "/login", None, host).await.body;
    let token = login.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = format!("token={token}&name=ada&password=wrong");
    for (origin, status) in
        [(ADDRESS, 401), ("http://docket.example.org", 403), ("https://evil.example", 403), ("null", 403)]
    {
        let with = With { origin: Some(origin), ..host };
        assert_eq!(browser.ask(Method::POST, "/login", Some(form.clone()), with).await.status, status, "{origin}");
    }
});

both!(what_may_be_kept_by_a_proxy_carries_no_secret, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    stage.desk().add_account("Ada", Role::Administrator, &person("root")).await.unwrap();
    for path in ["/style.css", "/healthz", "/readyz", "/"] {
        assert!(!Browser::before(&stage.shared_instance()).get(path).await.sets_cookie, "{path}");
    }
    assert!(Browser::before(&stage.shared_instance()).get("/login").await.sets_cookie);
    for host in ["localhost:8480@evil.example", "evil.example@localhost:8480"] {
        let with = With { host: Some(host), ..With::default() };
        let got = Browser::before(&stage.shared_instance()).ask(Method::GET, "/login", None, with).await;
        assert_eq!(got.status, 403, "{host}");
    }
});

both!(a_network_of_addresses_gives_no_more_tries_than_one, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    drop(logged_in(&stage, "Ada", Role::Administrator).await);
    let mut browser = Browser::behind(&stage.shared_instance(), behind(ORIGIN));
    for (from, password, answer) in [
        ("2001:db8:1:2::1", "wrong", "do not fit together"),
        ("2001:db8:1:2::2", "wrong", "do not fit together"),
        ("[2001:db8:1:2::3]:5000", "wrong", "do not fit together"),
        // Whoever writes the header names somebody else before the proxy names who it was.
        ("192.0.2.9, 2001:db8:1:2::4", "wrong", "do not fit together"),
        ("2001:db8:1:2:ffff::5", "wrong", "do not fit together"),
        ("2001:db8:1:2:1::6", PASSWORD, "Too many tries"),
        ("2001:db8:1:3::1", PASSWORD, ""),
    ] {
        browser.get("/login").await;
        let form = format!("token={}&name=ada&password={}", browser.token(), password.replace(' ', "+"));
        let headers = [("x-forwarded-for", from)];
        let got = browser.ask(Method::POST, "/login", Some(form), With { headers: &headers, ..ours() }).await;
        assert!(got.body.contains(answer), "{from}: {got:?}");
        assert_eq!(got.to.as_deref(), answer.is_empty().then_some("/"), "{from}");
    }
});

both!(tries_at_the_same_time_count_one_another, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    drop(logged_in(&stage, "Ada", Role::Administrator).await);
    let mut tries = JoinSet::new();
    for _ in 0..60 {
        let instance = stage.shared_instance();
        tries.spawn(async move { Desk::new(instance).log_in("ada", "wrong", "192.0.2.1").await.unwrap() });
    }
    let looked_at = tries.join_all().await.into_iter().filter(|came| matches!(came, Login::Wrong)).count();
    assert!((5..=20).contains(&looked_at), "{looked_at} of 60 passwords were looked at");
});

both!(an_open_session_does_not_tell_the_password, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut ada = logged_in(&stage, "Ada", Role::Administrator).await;
    let new = "another password";
    let change = [("before", "wrong"), ("password", new), ("again", new), ("do", "password")];
    ada.get("/me").await;
    for _ in 0..5 {
        assert!(ada.send("/me", &change).await.body.contains("The password that you have now is another one."));
    }
    let [_, new, again, what] = change;
    let right = [("before", PASSWORD), new, again, what];
    let got = ada.send("/me", &right).await;
    assert_eq!((got.status, got.body.contains("There were too many tries.")), (400, true), "{got:?}");
    let link = stage.desk().link_account("Ada", &person("root")).await.unwrap();
    stage.clock.move_to(stage.clock.now() + jiff::SignedDuration::from_mins(6));
    assert_eq!(ada.send("/me", &right).await.to.as_deref(), Some("/me?done=password"));
    assert_eq!(ada.get("/me").await.status, 200);
    let by_link = stage.desk().set_password_by_link(link.shown(), "a third password").await;
    assert!(said(by_link).contains("does not hold any more"), "a link ends with another password");
    assert!(said(stage.desk().set_password_by_link("0", "short").await).contains("does not hold any more"));
});

both!(two_administrators_do_not_end_each_other, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let (desk, root) = (stage.desk(), person("root"));
    for name in ["Ada", "Otto"] {
        desk.add_account(name, Role::Administrator, &root).await.unwrap();
    }
    for _ in 0..6 {
        let (ada, otto) = tokio::join!(desk.disable_account("Ada", &root), desk.set_role("Otto", Role::Viewer, &root));
        assert_eq!(usize::from(ada.is_ok()) + usize::from(otto.is_ok()), 1, "{ada:?} {otto:?}");
        desk.enable_account("Ada", &root).await.unwrap();
        desk.set_role("Otto", Role::Administrator, &root).await.unwrap();
    }
});

both!(a_form_that_takes_its_time_counts_as_of_its_end, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut ada = logged_in(&stage, "Ada", Role::Administrator).await;
    drop(logged_in(&stage, "Otto", Role::Administrator).await);
    ada.get("/people").await;
    let form = |name: &str, token: &str| format!("token={token}&name={name}&role=administrator&do=add");
    let token = ada.token();
    assert_eq!(ada.send_after("/people", form("Before", &token), async {}).await.status, 200);
    let instance = stage.shared_instance();
    let disabled = async move { Desk::new(instance).disable_account("Ada", &person("root")).await.unwrap() };
    let got = ada.send_after("/people", form("After", &token), disabled).await;
    assert_eq!(got.status, 401, "{got:?}");
    let names: Vec<String> = stage.desk().accounts().await.unwrap().into_iter().map(|listed| listed.name).collect();
    assert_eq!(names, ["Ada", "Before", "Otto"]);
});

both!(whoever_logs_in_ends_who_was_logged_in_there, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut browser = logged_in(&stage, "Ada", Role::Administrator).await;
    drop(logged_in(&stage, "Otto", Role::Officer).await);
    let mut copy = Browser::before(&stage.shared_instance());
    copy.takes_cookies_of(&browser);
    assert_eq!(copy.get("/people").await.status, 200);
    browser.log_in("otto", PASSWORD).await;
    assert_eq!(browser.get("/people").await.status, 403);
    assert_eq!(copy.get("/people").await.status, 303, "the session before is over");
});

both!(names_that_look_alike_on_a_page_are_one, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let (desk, root) = (stage.desk(), person("root"));
    desk.add_account("Ada  Lovelace", Role::Viewer, &root).await.unwrap();
    for name in ["ada lovelace", "Ada\u{a0}Lovelace", " ADA   LOVELACE "] {
        assert!(said(desk.add_account(name, Role::Viewer, &root).await).contains("already"), "{name:?}");
    }
    assert_eq!(desk.accounts().await.unwrap()[0].name, "Ada Lovelace");
});

both!(a_rehearsal_says_so_on_every_page, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let secret = stage.desk().add_account("Ada", Role::Administrator, &person("root")).await.unwrap();
    for rehearsal in [true, false] {
        let doors = Doors { rehearsal, ..Doors::default() };
        let mut browser = Browser::behind(&stage.shared_instance(), doors);
        let welcome = format!("/welcome/{}", secret.shown());
        let before = ["/login", "/welcome/0", &welcome, "/nothing/here"];
        for path in &before[..if rehearsal { 4 } else { 2 }] {
            assert_eq!(browser.get(path).await.body.contains("Rehearsal: no letter leaves"), rehearsal, "{path}");
        }
        if rehearsal {
            browser.enter("Ada", secret.shown()).await;
        } else {
            browser.log_in("Ada", PASSWORD).await;
        }
        for path in ["/", "/state/NOR", "/log", "/entry/M-000001", "/decide", "/letters", "/stop", "/people", "/me"] {
            let got = browser.get(path).await;
            assert_ne!(got.status, 303, "{path}");
            assert_eq!(got.body.contains("Rehearsal: no letter leaves"), rehearsal, "{path}");
        }
    }
});
