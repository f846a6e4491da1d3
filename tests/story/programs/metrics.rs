//! What whoever watches over programs measures here.

#![expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "what is measured here are small whole numbers")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use axum::http::Method;
use serde_json::Value;

use super::filled;
use crate::{
    fixture::{Database, both, browser::With},
    story::{
        mail::Mail,
        stage::{CALL, person},
    },
};

/// The kind and the values of a name; the values by their labels as they are written.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    values: BTreeMap<String, f64>,
}

/// Reads the text as strictly as its format is: each name has one help and one type, before its values.
fn families(text: &str) -> BTreeMap<String, Family> {
    assert!(text.ends_with('\n'));
    let (mut families, mut last): (BTreeMap<String, Family>, String) = Default::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(head) = line.strip_prefix("# HELP ") {
            let (name, help) = head.split_once(' ').unwrap();
            assert!(help.ends_with('.'), "{line}");
            let kind = lines.next().unwrap().strip_prefix(&format!("# TYPE {name} ")).unwrap();
            assert!(["gauge", "counter", "histogram"].contains(&kind), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            let new = families.insert(name.to_owned(), Family { kind: kind.to_owned(), values: BTreeMap::new() });
            assert!(new.is_none(), "{name} stands there twice");
            name.clone_into(&mut last);
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
        let of = match families[&last].kind.as_str() {
            "histogram" => ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap(),
            _ => name,
        };
        assert_eq!(of, last, "{line} stands under its head");
        assert!(labels.is_empty() || labels.ends_with('}'), "{line}");
        let key = format!("{}{}", &name[of.len()..], labels.trim_end_matches('}'));
        let twice = families.get_mut(&last).unwrap().values.insert(key, value.parse().unwrap());
        assert!(twice.is_none(), "{line} stands there twice");
    }
    families
}

both!(what_an_operator_needs_is_measured, async |db: Database| {
    let (mut stage, mut browser) = filled(db).await;
    for path in ["/", "/log", "/nothing/here", "/nothing/there", "/api/v1/log?limit=0"] {
        browser.get(path).await;
    }
    browser.ask(Method::from_bytes(b"BREW").unwrap(), "/", None, With::default()).await;
    stage.deliver("more", &Mail::from("mission.iceland@mfa.is").raw(), stage.clock.now());
    stage.receive().await;
    let got = browser.get("/metrics").await;
    assert_eq!((got.status, got.header("content-type")), (200, Some("text/plain; version=0.0.4; charset=utf-8")));
    let all = families(&got.body);
    let value = |name: &str, labels: &str| all[name].values.get(labels).copied();
    let now = stage.clock.now();
    let seconds = |at: jiff::Timestamp| at.as_microsecond() as f64 / 1_000_000.0;
    assert_eq!(value("docket_build_info", &format!("version=\"{}\"", env!("CARGO_PKG_VERSION"))), Some(1.0));
    assert_eq!(value("docket_time_seconds", ""), Some(seconds(now)));
    let waiting = stage.desk().waiting(Some(CALL), docket::core::text::language::Language::En).await.unwrap();
    assert!(waiting.len() > 1);
    assert_eq!(value("docket_decisions_waiting", "call=\"unece-gcm-2020\""), Some(waiting.len() as f64));
    let deadline = "2020-10-06T00:00:00+02:00".parse().unwrap();
    assert_eq!(value("docket_call_deadline_timestamp_seconds", "call=\"unece-gcm-2020\""), Some(seconds(deadline)));
    let frame = stage.desk().frame(None).await.unwrap().unwrap();
    assert!(!frame.mailboxes.is_empty());
    for mailbox in &frame.mailboxes {
        let label = format!("mailbox=\"{}\"", mailbox.name);
        assert_eq!(value("docket_mailbox_last_read_timestamp_seconds", &label), mailbox.read.map(seconds));
        assert_eq!(value("docket_mailbox_overdue", &label), Some(0.0));
        assert_eq!(value("docket_mailbox_last_reconciled_timestamp_seconds", &label), Some(seconds(now)));
        assert_eq!(value("docket_mailbox_missing_messages", &label), Some(0.0));
    }
    assert_eq!(value("docket_messages_unread", ""), Some(1.0));
    let since = value("docket_messages_unread_since_timestamp_seconds", "").unwrap();
    assert!(since > 1_500_000_000.0 && since <= seconds(now), "{since}");
    let letters = stage.desk().letters().await.unwrap().len() as f64;
    let by_state: f64 = all["docket_letters"].values.values().sum();
    assert_eq!(by_state, letters, "every letter stands somewhere");
    assert!(value("docket_letters", "state=\"sent\"").unwrap() > 0.0);
    assert_eq!(
        (value("docket_sending_stopped", ""), value("docket_sending_stopped_since_timestamp_seconds", "")),
        (Some(0.0), None)
    );
    assert_eq!(all["docket_failing"].values.len(), 2);

    let requests = |labels: &str| value("docket_http_requests_total", labels);
    assert_eq!(requests("method=\"GET\",route=\"/log\",status=\"200\""), Some(1.0));
    assert_eq!(requests("method=\"GET\",route=\"/api/v1/log\",status=\"400\""), Some(1.0));
    assert_eq!(
        requests("method=\"GET\",route=\"none\",status=\"404\""),
        Some(2.0),
        "strangers make the list no longer"
    );
    assert_eq!(requests("method=\"other\",route=\"/\",status=\"405\""), Some(1.0));
    let took = &all["docket_http_request_duration_seconds"].values;
    assert_eq!((took["_countroute=\"/\""], took["_bucketroute=\"/\",le=\"+Inf\""]), (2.0, 2.0));
    let edges = ["0.005", "0.015", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"];
    let counts: Vec<f64> = edges.iter().map(|edge| took[&format!("_bucketroute=\"/\",le=\"{edge}\"")]).collect();
    assert!(counts.is_sorted(), "{counts:?}");
    assert!(took["_sumroute=\"/\""] > 0.0);

    stage.read().await;
    stage.desk().stop_sending("a wrong template", &person("root")).await.unwrap();
    let all = families(&browser.get("/metrics").await.body);
    assert_eq!(all["docket_messages_unread"].values[""], 0.0);
    assert!(all["docket_messages_unread_since_timestamp_seconds"].values.is_empty());
    assert_eq!(all["docket_sending_stopped"].values[""], 1.0);
    assert_eq!(all["docket_sending_stopped_since_timestamp_seconds"].values[""], seconds(stage.clock.now()));
    assert_eq!(all["docket_http_requests_total"].values["method=\"GET\",route=\"/metrics\",status=\"200\""], 1.0);
});

both!(every_curve_of_the_dashboard_is_measured, async |db: Database| {
    let (_stage, mut browser) = filled(db).await;
    browser.get("/").await;
    let text = browser.get("/metrics").await.body;
    let dashboard: Value = serde_json::from_str(&fs::read_to_string("config/deploy/grafana.json").unwrap()).unwrap();
    let mut used = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let asked = target["expr"].as_str().unwrap();
            let open = |sign: char| asked.matches(sign).count();
            assert_eq!((open('('), open('{'), open('[')), (open(')'), open('}'), open(']')), "{asked}");
            let words = asked.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            used.extend(words.filter(|word| word.starts_with("docket_")).map(str::to_owned));
        }
    }
    assert!(used.len() > 12, "{used:?}");
    for name in &used {
        let there = text.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])));
        assert!(there, "the dashboard shows {name}, which nobody measures");
    }
    // A panel lies on no other.
    let mut places = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        let at = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        assert!(at("x") + at("w") <= 24);
        for x in at("x")..at("x") + at("w") {
            for y in at("y")..at("y") + at("h") {
                assert!(places.insert((x, y)), "{} lies on another", panel["title"]);
            }
        }
    }
});
