//! What programs are told: as it is described, page by page, with a tag, or why not.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use docket::{
    core::{
        decision::{Decision, Order},
        role::Role,
    },
    desk::{
        Mode, NewDeadline,
        view::{LogFilter, RegisterQuery},
    },
    pipeline::reconcile,
    web::routes,
};
use jiff::civil::date;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::{
    mail::Mail,
    stage::{CALL, Sample, Stage, person},
};
use crate::fixture::{
    Database, both,
    browser::{Browser, Got, With},
};

mod calendar;
mod metrics;

const NOW: &str = "2020-09-03T09:00:00+02:00";

/// Inputs of many kinds, a late one, one that nobody can tell whose it is, a letter that failed, an extension, a deadline that
/// was moved, and a case that is left for later.
async fn filled(db: Database) -> (Stage, Browser) {
    let mut stage = Stage::set(db, NOW).await;
    stage.play(&Sample::some(&["01", "02", "04", "05", "09", "10", "11", "12", "14", "15", "19", "34"])).await;
    stage.wait(10).await;
    let more = Decision::Extend {
        states: vec!["FRA".parse().unwrap()],
        until: "2020-10-09T12:00".parse().unwrap(),
        authority: "the Bureau".to_owned(),
        call: None,
    };
    let order = Order::new(more, "asked by note verbale");
    stage.desk().decide("FRA", &order, &person("Ana"), Mode::Do).await.unwrap();
    moved(&stage, 5).await;
    reconcile(stage.instance()).await.unwrap();
    let browser = Browser::before(&stage.shared_instance());
    (stage, browser)
}

/// The deadline is moved to a day of October 2020.
async fn moved(stage: &Stage, day: i8) {
    let new = NewDeadline {
        day: date(2020, 10, day),
        time: None,
        zone: None,
        grace_minutes: Some(30),
        authority: "the Bureau".to_owned(),
        reason: "asked for by many; see, the minutes".to_owned(),
        tell: false,
    };
    stage.desk().move_deadline(CALL, &new, &person("Ana"), Mode::Do).await.unwrap();
}

fn json_of(got: &Got) -> Value {
    assert_eq!((got.status, got.header("content-type")), (200, Some("application/json")), "{got:?}");
    serde_json::from_str(&got.body).unwrap()
}

/// The same description in which no object has a field that is not described.
fn closed(mut described: Value) -> Value {
    match &mut described {
        Value::Object(fields) => {
            for value in fields.values_mut() {
                *value = closed(value.take());
            }
            if fields.get("type") == Some(&json!("object")) && fields.contains_key("properties") {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| *value = closed(value.take())),
        _ => {}
    }
    described
}

/// What holds an answer against a shape of the description.
fn shape(described: &Value, reference: &Value) -> Validator {
    let schema = json!({"$ref": reference["$ref"], "components": closed(described["components"].clone())});
    jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&schema).unwrap()
}

fn check(validator: &Validator, what: &str, answer: &Value) {
    let wrong: Vec<String> =
        validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{what} is not as it is described: {}", wrong.join("\n"));
}

both!(every_answer_is_as_it_is_described, async |db: Database| {
    let (mut stage, mut browser) = filled(db).await;
    let described = json_of(&browser.get("/api/v1/openapi.json").await);
    let of = |path: &str| {
        described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"].clone()
    };
    let mut asked: Vec<(String, &str)> = Vec::new();
    for (shape, addresses) in [
        (
            "/api/v1/register",
            vec![
                "/api/v1/register",
                "/api/v1/register?as-of=2020-09-15",
                "/api/v1/register?as-of=2020-09-15&at=12:00&language=fr",
                "/api/v1/register?known-at=2020-09-10T10:00:00Z&call=unece-gcm-2020",
            ],
        ),
        (
            "/api/v1/log",
            vec![
                "/api/v1/log",
                "/api/v1/log?limit=2",
                "/api/v1/log?waiting=yes",
                "/api/v1/log?state=BEL&status=current",
            ],
        ),
        ("/api/v1/waiting", vec!["/api/v1/waiting", "/api/v1/waiting?language=fr&call=unece-gcm-2020"]),
        (
            "/api/v1/letters",
            vec!["/api/v1/letters", "/api/v1/letters?state=waiting", "/api/v1/letters?state=sent&limit=1"],
        ),
        ("/api/v1/letters/{id}", vec!["/api/v1/letters/1"]),
        ("/api/v1/calls", vec!["/api/v1/calls", "/api/v1/calls?call=unece-gcm-2020"]),
        ("/api/v1/state/{iso3}", vec!["/api/v1/state/NOR", "/api/v1/state/fra", "/api/v1/state/ISL"]),
        ("/api/v1/entry/{reference}", vec!["/api/v1/entry/M-000001/1", "/api/v1/entry/M-000001?language=fr"]),
    ] {
        asked.extend(addresses.into_iter().map(|address| (address.to_owned(), shape)));
    }
    let log = stage.log().await;
    for line in &log {
        asked.push((format!("/api/v1/entry/{}", line.number), "/api/v1/entry/{reference}"));
        asked.extend(line.reference.iter().map(|it| (format!("/api/v1/entry/{it}"), "/api/v1/entry/{reference}")));
    }
    let mut used = BTreeSet::new();
    for (address, path) in &asked {
        let answer = json_of(&browser.get(address).await);
        check(&shape(&described, &of(path)), address, &answer);
        used.insert((*path).to_owned());
    }
    // What is empty is as it is described, too.
    let all: BTreeSet<String> = described["paths"].as_object().unwrap().keys().cloned().collect();
    used.insert("/api/v1/openapi.json".to_owned());
    assert_eq!(used, all, "something is described and was not asked for");

    // The same is at the terminal: no field is written down twice.
    let entry = json_of(&browser.get("/api/v1/entry/M-000001").await);
    assert_eq!(entry, serde_json::to_value(stage.entry("M-000001").await).unwrap());
    let register = json_of(&browser.get("/api/v1/register").await);
    let known = stage.desk().register(&RegisterQuery::now(None)).await.unwrap().unwrap();
    assert_eq!(register["states"], serde_json::to_value(&known.lines).unwrap());
    assert_eq!((&register["total"]["received"], &register["total"]["of"]), (&json!(known.received), &json!(56)));
    let lines = json_of(&browser.get("/api/v1/log?limit=200").await)["lines"].clone();
    let newest: Vec<Value> = log.iter().rev().map(|line| serde_json::to_value(line).unwrap()).collect();
    assert_eq!(lines, Value::Array(newest));
    let call = &json_of(&browser.get("/api/v1/calls").await)["calls"][0];
    assert_eq!(call["deadlines"].as_array().unwrap().len(), 2);
    assert_eq!((&call["deadlines"][1]["by"], &call["deadline"]), (&json!("Ana"), &json!("2020-10-05T22:00:00Z")));
    assert_eq!(call["extensions"][0]["iso3"], "FRA");
    let before = json_of(&browser.get("/api/v1/register?as-of=2020-09-10").await);
    assert!(before["total"]["received"].as_u64() < register["total"]["received"].as_u64(), "as of is taken");

    // A letter that failed and one that is held are of the same shape.
    stage.deliver("more", &Mail::from("mission.iceland@mfa.is").raw(), stage.clock.now());
    stage.work().await;
    check(&shape(&described, &of("/api/v1/log")), "the log", &json_of(&browser.get("/api/v1/log").await));
});

#[test]
fn the_description_has_every_address_and_no_other() {
    crate::fixture::on(crate::fixture::Kind::Sqlite, async |db: Database| {
        let stage = Stage::set(db, NOW).await;
        let mut browser = Browser::before(&stage.shared_instance());
        let described = json_of(&browser.get("/api/v1/openapi.json").await);
        assert_eq!(described["openapi"], "3.1.0");
        let paths: BTreeSet<String> = described["paths"].as_object().unwrap().keys().cloned().collect();
        let routes: Vec<_> = routes().into_iter().filter(|route| route.path.starts_with("/api/")).collect();
        assert!(routes.iter().all(|route| route.method == Method::GET), "nothing is changed by programs");
        let routes: BTreeSet<String> = routes.iter().map(|route| route.path.replace("{*", "{")).collect();
        assert_eq!(paths, routes);
        // Every shape is one that is there, and each is used.
        let whole = described.to_string();
        for name in described["components"]["schemas"].as_object().unwrap().keys() {
            assert!(whole.contains(&format!("\"#/components/schemas/{name}\"")), "{name} is of no use");
            shape(&described, &json!({"$ref": format!("#/components/schemas/{name}")}));
        }
        // What is described as a parameter is taken, and no other.
        for (path, item) in described["paths"].as_object().unwrap() {
            let parameters = item["get"]["parameters"].as_array().cloned().unwrap_or_default();
            for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
                let value = match parameter["name"].as_str().unwrap() {
                    "after" | "before" if path.ends_with("log") => "1-1".to_owned(),
                    "as-of" | "known-at" | "since" | "until" => "2020-09-30".to_owned(),
                    "at" => "18:00&as-of=2020-09-30".to_owned(),
                    "call" => CALL.to_owned(),
                    "state" if path.ends_with("log") => "NOR".to_owned(),
                    _ => match &parameter["schema"] {
                        schema if schema["enum"].is_array() => schema["enum"][0].as_str().unwrap().to_owned(),
                        schema if schema["minimum"].is_u64() => schema["minimum"].to_string(),
                        _ => "word".to_owned(),
                    },
                };
                let address = path.replace("{iso3}", "NOR").replace("{reference}", "M-000001").replace("{id}", "1");
                let address = format!("{address}?{}={value}", parameter["name"].as_str().unwrap());
                let got = browser.get(&address).await;
                assert!([200, 404].contains(&got.status), "{address}: {got:?}");
            }
        }
    });
}

both!(why_not_is_a_problem_with_a_sentence, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut browser = Browser::before(&stage.shared_instance());
    let problem = |got: &Got, status: u16, part: &str| {
        assert_eq!((got.status, got.header("content-type")), (status, Some("application/problem+json")), "{got:?}");
        let problem: Value = serde_json::from_str(&got.body).unwrap();
        let title = StatusCode::from_u16(status).unwrap().canonical_reason().unwrap();
        assert_eq!((&problem["type"], &problem["title"]), (&json!("about:blank"), &json!(title)));
        assert_eq!(problem["status"], status);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(part) && detail.ends_with('.'), "{detail}");
        assert_eq!(got.header("cache-control"), Some("no-store"));
    };
    for (address, status, part) in [
        ("/api/v1/log?standing=never", 400, "standing: “never” is none of its values. Write one of: on_time,"),
        ("/api/v1/log?since=yesterday", 400, "since: “yesterday” is not a date. Write 2020-09-30 or 2020-09-30 18:00."),
        ("/api/v1/log?state=Norway", 400, "state: “Norway” is not a three-letter country code, such as CHE."),
        ("/api/v1/log?q=%E2%80%A6", 400, "q: “…” holds no letter and no digit."),
        ("/api/v1/log?limit=0", 400, "Write a number from 1 to 200."),
        ("/api/v1/log?limit=201", 400, "Write a number from 1 to 200."),
        ("/api/v1/log?limit=ten", 400, "Write a number from 1 to 200."),
        ("/api/v1/log?after=there", 400, "is no place in the log"),
        ("/api/v1/log?color=red", 400, "“color” is no parameter of this address. There are: call, q,"),
        ("/api/v1/log?limit=1&limit=2", 400, "limit stands there more than once."),
        ("/api/v1/log?q=%00", 400, "a character that no text has"),
        ("/api/v1/log?call=atlantis", 400, "No call is named “atlantis”. /api/v1/calls lists them."),
        ("/api/v1/calls?call=atlantis", 400, "No call is named “atlantis”."),
        ("/api/v1/waiting?call=atlantis", 400, "No call is named “atlantis”."),
        ("/api/v1/register?as-of=soon", 400, "“soon” is not a date."),
        ("/api/v1/register?at=18:00", 400, "write as-of, too."),
        ("/api/v1/register?language=xx", 400, "Write one of: ar, en, es, fr, ru, zh."),
        ("/api/v1/openapi.json?x=1", 400, "There is none."),
        ("/api/v1/letters?state=lost", 400, "Write one of: held, waiting, failed, sent, discarded."),
        ("/api/v1/letters?before=-1", 400, "Write a number from 1"),
        ("/api/v1/letters/9", 404, "There is no such letter."),
        ("/api/v1/letters/one", 404, "There is no such letter."),
        ("/api/v1/entry/M-000099", 404, "No entry has the number “M-000099”."),
        ("/api/v1/entry/M-000099%00", 404, "Nothing stands at this address."),
        ("/api/v1/state/USS", 404, "USS is not on the roster of this call."),
        ("/api/v1/state/Norway", 404, "is not a three-letter country code"),
        ("/api/v1/nothing", 404, "Nothing stands at this address."),
        ("/api/v2/log", 404, "Nothing stands at this address."),
        ("/api", 404, "Nothing stands at this address."),
        ("/metrics?x=1", 400, "“x” is no parameter of this address. There is none."),
        ("/calendar.ics?call=atlantis", 400, "No call is named “atlantis”."),
    ] {
        problem(&browser.get(address).await, status, part);
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        for path in ["/api/v1/log", "/metrics", "/calendar.ics"] {
            let got = browser.ask(method.clone(), path, None, With::default()).await;
            problem(&got, 405, "This is only read: ask for it by GET or HEAD.");
            assert_eq!(got.header("allow"), Some("GET, HEAD"), "{method} {path}");
        }
    }
    let elsewhere = With { host: Some("docket.evil.example"), ..With::default() };
    problem(&browser.ask(Method::GET, "/api/v1/log", None, elsewhere).await, 403, "answer only under the name");
    stage.desk().add_account("Vera", Role::Viewer, &person("root")).await.unwrap();
    for path in ["/api/v1/log", "/api/v1/openapi.json", "/metrics", "/calendar.ics"] {
        let got = browser.get(path).await;
        problem(&got, 401, "Authorization: Bearer TOKEN");
        assert_eq!(got.header("www-authenticate"), Some("Bearer realm=\"docket\""));
        let forged = With { bearer: Some("0123"), ..With::default() };
        problem(
            &browser.ask(Method::GET, path, None, forged).await,
            401,
            "The token is none, or does not hold any more.",
        );
    }
    let until = stage.clock.now() + jiff::SignedDuration::from_hours(1);
    let token = stage.desk().make_token("Vera", Some(until), &person("root")).await.unwrap().0;
    let by_token = || With { bearer: Some(token.shown()), ..With::default() };
    for path in ["/api/v1/log", "/metrics", "/calendar.ics"] {
        assert_eq!(browser.ask(Method::GET, path, None, by_token()).await.status, 200, "a viewer sees {path}");
    }
    stage.clock.move_to(until);
    problem(&browser.ask(Method::GET, "/api/v1/log", None, by_token()).await, 401, "does not hold any more");
});

both!(what_is_the_same_is_not_told_twice, async |db: Database| {
    let (mut stage, mut browser) = filled(db).await;
    for path in ["/api/v1/log", "/api/v1/register", "/api/v1/entry/M-000001", "/api/v1/calls", "/calendar.ics"] {
        let got = browser.get(path).await;
        let tag = got.header("etag").expect("a tag").to_owned();
        assert!(tag.starts_with('"') && tag.len() == 34, "{tag}");
        assert_eq!(got.header("cache-control"), Some("private, no-cache"));
        assert_eq!(got.header("vary"), Some("authorization, cookie"), "another person may not see the same");
        for (named, status) in [
            (tag.clone(), 304),
            (format!("W/{tag}"), 304),
            (format!("\"other\", {tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
            (tag.trim_matches('"').to_owned(), 200),
        ] {
            let headers = [("if-none-match", named.as_str())];
            let with = With { headers: &headers, ..With::default() };
            let again = browser.ask(Method::GET, path, None, with).await;
            assert_eq!((again.status, again.header("etag")), (status, Some(tag.as_str())), "{path} {named}");
            assert_eq!(again.body.is_empty(), status == 304, "{path} {named}");
        }
        let head = browser.ask(Method::HEAD, path, None, With::default()).await;
        assert_eq!((head.status, head.header("etag"), head.body.as_str()), (200, Some(tag.as_str()), ""));
    }
    let log = browser.get("/api/v1/log").await;
    stage.deliver("more", &Mail::from("mission.iceland@mfa.is").raw(), stage.clock.now());
    stage.work().await;
    let headers = [("if-none-match", log.header("etag").unwrap())];
    let with = With { headers: &headers, ..With::default() };
    let again = browser.ask(Method::GET, "/api/v1/log", None, with).await;
    assert_eq!(again.status, 200, "something came in");
});

both!(the_log_and_the_letters_are_walked_page_by_page, async |db: Database| {
    let (stage, mut browser) = filled(db).await;
    let all: Vec<String> = stage.log().await.into_iter().rev().map(|line| line.number).collect();
    let (mut seen, mut at, mut newer) = (Vec::new(), String::new(), None);
    loop {
        let page = json_of(&browser.get(&format!("/api/v1/log?limit=3{at}")).await);
        seen.extend(page["lines"].as_array().unwrap().iter().map(|line| line["number"].as_str().unwrap().to_owned()));
        if page["newer"].is_string() {
            newer = page["newer"].as_str().map(str::to_owned);
        }
        let Some(next) = page["next"].as_str() else { break };
        at = format!("&after={next}");
    }
    assert_eq!(seen, all);
    let back = json_of(&browser.get(&format!("/api/v1/log?limit=3&before={}", newer.unwrap())).await);
    assert_eq!(back["lines"].as_array().unwrap().len(), 3);
    let known = stage.desk().letters().await.unwrap();
    let all: Vec<i64> = known.into_iter().rev().map(|letter| letter.unwrap().id).collect();
    assert!(all.len() > 3);
    let (mut seen, mut at) = (Vec::new(), String::new());
    loop {
        let page = json_of(&browser.get(&format!("/api/v1/letters?limit=2{at}")).await);
        seen.extend(page["letters"].as_array().unwrap().iter().map(|letter| letter["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_i64() else { break };
        at = format!("&before={next}");
    }
    assert_eq!(seen, all);
    let of_state = json_of(&browser.get("/api/v1/log?state=BEL").await);
    let filter = LogFilter { state: Some("BEL".parse().unwrap()), ..LogFilter::default() };
    assert_eq!(of_state["lines"].as_array().unwrap().len(), stage.desk().log(&filter).await.unwrap().len());
});

both!(who_looked_at_an_entry_by_a_token_is_on_record, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    stage.play(&Sample::some(&["01"])).await;
    stage.desk().add_account("Vera", Role::Viewer, &person("root")).await.unwrap();
    let token = stage.desk().make_token("Vera", None, &person("root")).await.unwrap().0;
    let mut browser = Browser::before(&stage.shared_instance());
    let with = With { bearer: Some(token.shown()), ..With::default() };
    assert_eq!(browser.ask(Method::GET, "/api/v1/entry/M-000001", None, with).await.status, 200);
    // It is written down behind the answer.
    loop {
        let accesses = stage.db.snapshot().await.unwrap().accesses(1).await.unwrap();
        if let [(name, _)] = accesses.as_slice() {
            assert_eq!(name, "Vera");
            break;
        }
        assert!(accesses.is_empty(), "once for an hour: {accesses:?}");
        tokio::task::yield_now().await;
    }
});
