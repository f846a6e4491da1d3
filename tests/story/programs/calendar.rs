//! The deadlines as a calendar.

use axum::http::Method;
use docket::{core::role::Role, desk::Secret};
use jiff::SignedDuration;

use super::{NOW, filled, moved};
use crate::{
    fixture::{
        Database, both,
        browser::{Browser, With},
    },
    story::stage::{Stage, person},
};

/// The lines as they were before they were folded; how they are folded is held against RFC 5545, 3.1.
fn unfolded(text: &str) -> Vec<String> {
    assert!(text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count());
    let mut lines: Vec<String> = Vec::new();
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{line}");
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// The events, each with its own lines but for those of its alarms.
fn events(lines: &[String]) -> Vec<Vec<&str>> {
    let (mut events, mut alarm): (Vec<Vec<&str>>, bool) = (Vec::new(), false);
    for line in lines {
        match line.as_str() {
            "BEGIN:VEVENT" => events.push(Vec::new()),
            "BEGIN:VALARM" => alarm = true,
            "END:VALARM" => alarm = false,
            line if !alarm => events.iter_mut().rev().take(1).for_each(|event| event.push(line)),
            _ => {}
        }
    }
    events
}

fn value<'a>(event: &[&'a str], name: &str) -> &'a str {
    let all: Vec<&str> = event.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).collect();
    assert_eq!(all.len(), 1, "{name} of {event:?}");
    all[0]
}

both!(deadlines_and_reminders_are_a_calendar, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let mut browser = Browser::before(&stage.shared_instance());
    let got = browser.get("/calendar.ics").await;
    assert_eq!((got.status, got.header("content-type")), (200, Some("text/calendar; charset=utf-8")));
    let before = unfolded(&got.body);
    assert_eq!((before[0].as_str(), before[1].as_str()), ("BEGIN:VCALENDAR", "VERSION:2.0"));
    assert_eq!(before.last().unwrap(), "END:VCALENDAR");
    let found = events(&before);
    let call = stage.instance().call(None).unwrap();
    assert_eq!(found.len(), 1 + call.call.reminders.len());
    let deadline = &found[0];
    let uid = value(deadline, "UID");
    assert!(uid.starts_with("deadline.unece-gcm-2020@"), "{uid}");
    assert_eq!(value(deadline, "SEQUENCE"), "0");
    // The end of 30 September in Geneva, and not the first minute of October.
    assert_eq!((value(deadline, "DTSTART"), value(deadline, "DTEND")), ("20200930T215900Z", "20200930T220000Z"));
    assert!(
        value(deadline, "DESCRIPTION")
            .starts_with("Inputs are in time until the end of 30 September 2020 (Europe/Zurich).")
    );
    let alarms: Vec<&String> = before.iter().filter(|line| line.starts_with("TRIGGER")).collect();
    assert_eq!(alarms, ["TRIGGER;RELATED=END:-P1D", "TRIGGER;RELATED=END:-PT1H"]);
    let mut ids: Vec<&str> = found.iter().map(|event| value(event, "UID")).collect();
    let reminder = &found[1];
    let step = &call.call.reminders[0];
    assert_eq!(
        value(reminder, "UID").split('@').next(),
        Some(format!("reminder.{}.unece-gcm-2020", step.step).as_str())
    );
    assert!(!reminder.iter().any(|line| line.starts_with("DTEND")));
    let due = docket::core::calls::reminder::due(step, &call.deadline).unwrap();
    assert_eq!(value(reminder, "DTSTART"), due.strftime("%Y%m%dT%H%M%SZ").to_string());
    assert_eq!(browser.get("/calendar.ics").await.body, got.body, "it changes with what it says, and not with time");

    stage.clock.move_to("2020-09-10T12:00:00Z".parse().unwrap());
    moved(&stage, 5).await;
    let lines = unfolded(&browser.get("/calendar.ics").await.body);
    let after = events(&lines);
    let same: Vec<&str> = after.iter().map(|event| value(event, "UID")).collect();
    ids.sort_unstable();
    let mut now = same.clone();
    now.sort_unstable();
    assert_eq!(now, ids, "each is the same event as before");
    assert!(after.iter().all(|event| value(event, "SEQUENCE") == "1" && value(event, "DTSTAMP") == "20200910T120000Z"));
    assert_eq!(value(&after[0], "DTEND"), "20201005T220000Z");
    let said = value(&after[0], "DESCRIPTION");
    assert!(said.contains("What comes within 30 minutes after it counts by grace."), "{said}");
    assert!(said.ends_with("Set by Ana: asked for by many\\; see\\, the minutes"), "{said}");
    assert_ne!(value(&after[1], "DTSTART"), value(reminder, "DTSTART"), "reminders move with it");
    assert_eq!(events(&unfolded(&browser.get("/calendar.ics?call=unece-gcm-2020").await.body)).len(), after.len());
});

both!(a_feed_of_a_full_log_is_the_same, async |db: Database| {
    let (_stage, mut browser) = filled(db).await;
    let lines = unfolded(&browser.get("/calendar.ics").await.body);
    assert!(lines.iter().any(|line| line.contains("Set by Ana")), "what was moved before is told");
});

both!(a_link_to_the_calendar_opens_nothing_else, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let (desk, root) = (stage.desk(), person("root"));
    desk.add_account("Vera", Role::Viewer, &root).await.unwrap();
    let until = stage.clock.now() + SignedDuration::from_hours(24);
    let (feed, _) = desk.make_feed("Vera", Some(until), &root).await.unwrap();
    let (lasting, end) = desk.make_feed("vera", None, &root).await.unwrap();
    assert!(end > stage.clock.now() + SignedDuration::from_hours(24 * 364));
    let token = desk.make_token("Vera", None, &root).await.unwrap().0;
    let mut browser = Browser::before(&stage.shared_instance());
    let path = |secret: &Secret| format!("/feed/{}/calendar.ics", secret.shown());
    let got = browser.get(&path(&feed)).await;
    assert_eq!((got.status, got.header("content-type")), (200, Some("text/calendar; charset=utf-8")));
    let by_token = With { bearer: Some(token.shown()), ..With::default() };
    let same = browser.ask(Method::GET, "/calendar.ics", None, by_token).await;
    assert_eq!((same.status, &same.body), (200, &got.body));
    let headers = [("if-none-match", got.header("etag").unwrap())];
    let again = With { headers: &headers, ..With::default() };
    assert_eq!(browser.ask(Method::GET, &path(&feed), None, again).await.status, 304);
    assert_eq!(browser.get(&format!("{}?x=1", path(&feed))).await.status, 400);
    for wrong in [
        path(&token),
        "/feed/0/calendar.ics".to_owned(),
        "/feed//calendar.ics".to_owned(),
        "/feed/%00/calendar.ics".to_owned(),
    ] {
        let got = browser.get(&wrong).await;
        assert_eq!((got.status, got.header("content-type")), (404, Some("application/problem+json")), "{wrong}");
    }
    // It is no token.
    for path in ["/", "/api/v1/log", "/calendar.ics", "/metrics"] {
        let by_feed = With { bearer: Some(feed.shown()), ..With::default() };
        assert_eq!(browser.ask(Method::GET, path, None, by_feed).await.status, 401, "{path}");
    }
    stage.clock.move_to(until);
    assert_eq!(browser.get(&path(&feed)).await.status, 404, "its time is over");
    assert_eq!(browser.get(&path(&lasting)).await.status, 200);
    desk.disable_account("Vera", &root).await.unwrap();
    desk.enable_account("Vera", &root).await.unwrap();
    assert_eq!(browser.get(&path(&lasting)).await.status, 404, "it was over with the account");
});
