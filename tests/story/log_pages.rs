//! The log in the pages: narrowed by each filter and by all, page by page both ways, and found by words and numbers.

use docket::desk::view::{LogFilter, LogLine, LogPage};

use super::{
    mail::Mail,
    searched::keep,
    stage::{Sample, Stage, at},
};
use crate::fixture::{Database, both, browser::Browser};

const NOW: &str = "2020-09-03T09:00:00+02:00";

/// The numbers of a page of the log in their order.
fn numbers(page: &str) -> Vec<String> {
    let rows = page.split("<tbody>").nth(1).unwrap_or_default().split("<a href=\"/entry/").skip(1);
    rows.map(|row| row.split(['"', '#', '?']).next().unwrap().to_owned()).collect()
}

/// Norway with two files and a letter, a newsletter, Spain, Belgium twice, a question of Italy, Tunisia in Arabic, China in
/// Chinese, Moldova or Romania, and Luxembourg late: M-000001 to M-000010.
async fn filled(db: Database) -> (Stage, Browser) {
    let mut stage = Stage::set(db, NOW).await;
    stage.play(&Sample::some(&["01", "02", "04", "09", "10", "11", "12", "14", "15", "34"])).await;
    stage.wait(10).await;
    let browser = Browser::before(&stage.shared_instance());
    (stage, browser)
}

both!(the_log_is_narrowed_by_each_filter_and_by_all, async |db: Database| {
    let (stage, mut browser) = filled(db).await;
    let log = stage.log().await;
    let fitting = |fits: &dyn Fn(&LogLine) -> bool| {
        let mut numbers: Vec<String> = log.iter().filter(|line| fits(line)).map(|line| line.number.clone()).collect();
        numbers.reverse();
        numbers
    };
    let of_state = |line: &LogLine, code: &str| line.states.iter().any(|iso3| iso3.as_str() == code);
    assert_eq!(log.len(), 10);
    for (asked, expected) in [
        ("", fitting(&|_| true)),
        ("state=BEL", fitting(&|line| of_state(line, "BEL"))),
        ("standing=late", vec!["M-000010".to_owned()]),
        ("kind=unrelated", vec!["M-000002".to_owned()]),
        ("kind=correspondence", vec!["M-000006".to_owned()]),
        ("kind=addition", vec![]),
        ("status=not_current", vec!["M-000004".to_owned()]),
        ("status=current&state=BEL", vec!["M-000005".to_owned()]),
        ("status=withdrawn", vec![]),
        ("language=ar", vec!["M-000007".to_owned()]),
        ("language=zh", vec!["M-000008".to_owned()]),
        ("language=es", vec!["M-000003".to_owned()]),
        ("waiting=yes", fitting(&|line| line.waiting.is_some())),
        ("letter=with", fitting(&|line| !line.letters.is_empty())),
        ("letter=without", fitting(&|line| line.letters.is_empty())),
        ("since=2020-10-01", vec!["M-000010".to_owned()]),
        ("until=2020-09-04", vec!["M-000002".to_owned(), "M-000001".to_owned()]),
        ("until=2020-09-04+16:40", vec!["M-000001".to_owned()]),
        ("until=2020-09-04+16:41", vec!["M-000002".to_owned(), "M-000001".to_owned()]),
        ("since=2020-09-17&until=2020-09-17", vec!["M-000005".to_owned(), "M-000004".to_owned()]),
        ("since=2020-09-17+14:48", fitting(&|line| line.received >= at("2020-09-17T14:48:00+02:00"))),
        ("q=belgium", fitting(&|line| of_state(line, "BEL"))),
        ("q=BELGIUM&status=not_current&language=fr&kind=input&letter=with&standing=on_time&since=2020-09-01", {
            let french = stage.entry("M-000004").await.files.iter().any(|file| file.language.as_deref() == Some("fr"));
            if french { vec!["M-000004".to_owned()] } else { vec![] }
        }),
        ("q=GCM-ECE+lux*", vec!["M-000010".to_owned()]),
        ("q=nobody+wrote+that", vec![]),
    ] {
        let got = browser.get(&format!("/log?{asked}")).await;
        assert_eq!(got.status, 200, "{asked}: {}", got.body);
        assert_eq!(numbers(&got.body), expected, "{asked}");
    }
    let waiting = numbers(&browser.get("/log?waiting=yes").await.body);
    assert!(waiting.contains(&"M-000009".to_owned()), "{waiting:?}");
    assert!(numbers(&browser.get("/log?letter=with").await.body).contains(&"M-000001".to_owned()));
    assert_eq!(browser.get("/log?after=x").await.status, 400);
    assert_eq!(browser.get("/log?before=x").await.status, 400);
    let half = browser.get("/log?until=30.9.&standing=late").await;
    assert_eq!((half.status, numbers(&half.body)), (400, vec!["M-000010".to_owned()]), "the rest holds");
});

both!(where_nothing_fits_the_page_says_which_filter_stands_in_the_way, async |db: Database| {
    let (_stage, mut browser) = filled(db).await;
    let none = browser.get("/log?standing=late&state=BEL").await.body;
    assert!(none.contains("No entry fits: <bdi>late, Belgium</bdi>."), "{none}");
    assert!(none.contains("<a href=\"/log?state=BEL&amp;\">Without <bdi>“late”</bdi>: 2</a>"), "{none}");
    assert!(none.contains("<a href=\"/log?standing=late&amp;\">Without <bdi>“Belgium”</bdi>: 1</a>"), "{none}");
    assert_eq!(numbers(&browser.get("/log?state=BEL&").await.body).len(), 2, "the link leads there");
    let words = browser.get("/log?q=luxembourg&waiting=yes").await.body;
    assert!(words.contains("<a href=\"/log?q=luxembourg&amp;\">Without <bdi>“to be decided”</bdi>: 1</a>"), "{words}");
    let one = browser.get("/log?q=xyzzy").await.body;
    assert!(one.contains("No entry fits: <bdi>“xyzzy”</bdi>.") && !one.contains("Without"), "{one}");
});

both!(a_number_alone_opens_its_entry, async |db: Database| {
    let (_stage, mut browser) = filled(db).await;
    let found = browser.get("/log?q=GCM-ECE-2020-0001").await;
    assert_eq!(found.to.as_deref(), Some("/entry/M-000001"), "{}", found.body);
    for asked in ["M-5", "m-5", "M-000005", "+M-000005+", "M-5/1", "M-5&state=&standing="] {
        let got = browser.get(&format!("/log?q={asked}")).await;
        assert_eq!((got.status, got.to.as_deref()), (303, Some("/entry/M-000005")), "{asked}: {}", got.body);
    }
    for asked in ["M-99", "M-5+belgium", "5", "M-", "M-5&standing=on_time", "M-5x"] {
        assert_eq!(browser.get(&format!("/log?q={asked}")).await.status, 200, "{asked}");
    }
});

both!(hits_are_marked_whatever_their_letters, async |db: Database| {
    let (_stage, mut browser) = filled(db).await;
    let spain = browser.get("/log?q=contribucion").await.body;
    assert!(spain.contains("<mark class=\"hit\">Contribución</mark>"), "{spain}");
    assert_eq!(numbers(&spain), ["M-000003"]);
    let state = browser.get("/log?q=belg*").await.body;
    assert!(state.contains("<mark class=\"hit\">Belgium</mark>"), "{state}");
    assert!(numbers(&browser.get("/log?q=lgiu").await.body).is_empty(), "a part from the middle is no word");
    let number = browser.get("/log?q=000005").await.body;
    assert!(number.contains("M-<mark class=\"hit\">000005</mark>"), "{number}");
});

both!(pages_lead_both_ways_and_stand_still_while_mail_comes, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let mail =
        |n: usize| Mail::from(&format!("Bob {n} <bob{n}@shop.test>")).subject(&format!("Lunch {n}")).body("At noon?");
    // Several at the same instant: these are told apart by their numbers.
    for n in 0..12 {
        let arrives = stage.clock.now() - std::time::Duration::from_secs(600 - 60 * (n as u64 / 3));
        stage.deliver(&format!("{n:02}.mail"), &mail(n).raw(), arrives);
    }
    stage.work().await;
    let page = async |stage: &Stage, after: Option<&String>, before: Option<&String>, words: Option<&str>| -> LogPage {
        let filter = LogFilter {
            after: after.cloned(),
            before: before.cloned(),
            words: words.map(str::to_owned),
            limit: 5,
            ..LogFilter::default()
        };
        stage.desk().log_page(&filter).await.unwrap()
    };
    let of = |page: &LogPage| page.lines.iter().map(|line| line.number.clone()).collect::<Vec<_>>();
    let mut whole: Vec<String> = stage.log().await.into_iter().map(|line| line.number).collect();
    whole.reverse();
    assert_eq!(whole.len(), 12);
    for words in [None, Some("lunch")] {
        let first = page(&stage, None, None, words).await;
        assert_eq!((of(&first), first.newer.as_ref()), (whole[..5].to_vec(), None));
        let second = page(&stage, first.next.as_ref(), None, words).await;
        let third = page(&stage, second.next.as_ref(), None, words).await;
        assert_eq!((of(&second), of(&third)), (whole[5..10].to_vec(), whole[10..].to_vec()));
        assert_eq!(third.next, None, "it is the last");
        let back = page(&stage, None, third.newer.as_ref(), words).await;
        assert_eq!((of(&back), &back.next), (whole[5..10].to_vec(), &second.next), "the same page from the other side");
        let start = page(&stage, None, back.newer.as_ref(), words).await;
        assert_eq!((of(&start), start.newer), (whole[..5].to_vec(), None), "and the first");
    }
    let first = page(&stage, None, None, None).await;
    let second = page(&stage, first.next.as_ref(), None, None).await;
    stage.deliver("new.mail", &mail(99).raw(), stage.clock.now());
    stage.work().await;
    let again = page(&stage, first.next.as_ref(), None, None).await;
    assert_eq!(of(&again), of(&second), "what came in meanwhile moves nothing");
    let newest = page(&stage, None, second.newer.as_ref(), None).await;
    assert_eq!(of(&newest), whole[..5], "nor from the other side, where a page is full");
    assert!(newest.newer.is_none() || !of(&page(&stage, None, newest.newer.as_ref(), None).await).is_empty());
    // The pages of a browser are the same pages.
    let mut browser = Browser::before(&stage.shared_instance());
    for n in 100..160 {
        stage.deliver(&format!("{n}.mail"), &mail(n).raw(), stage.clock.now());
    }
    stage.work().await;
    let link = |page: &str, rel: &str| {
        let from = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
        Some(from.split('"').next()?.replace("&amp;", "&"))
    };
    // So many new ones are not read for a search at once.
    keep(&stage).await;
    let first = browser.get("/log?q=lunch").await.body;
    assert_eq!((numbers(&first).len(), link(&first, "prev")), (50, None));
    let older = link(&first, "next").expect("there are older ones");
    assert!(older.starts_with("/log?q=lunch&after="), "the filter stays: {older}");
    let second = browser.get(&older).await.body;
    assert_eq!((numbers(&second).len(), link(&second, "next")), (23, None));
    let newer = link(&second, "prev").expect("there are newer ones");
    assert_eq!(numbers(&browser.get(&newer).await.body), numbers(&first));
});

both!(a_message_with_several_items_is_not_cut_in_two, async |db: Database| {
    let (stage, _browser) = filled(db).await;
    // Four items of one message in a log whose pages have two lines.
    for n in 2..=4 {
        let copy = format!(
            "INSERT INTO item (message_id, n, call_id, subject, from_address, decision, kind, score, waiting)
             SELECT message_id, {n}, call_id, subject, from_address, decision, kind, score, waiting
             FROM item WHERE message_id = 9 AND n = 1"
        );
        assert_eq!(stage.db.tamper(&copy).await, 1);
    }
    let (mut after, mut pages) = (None, Vec::new());
    loop {
        let filter = LogFilter { after, limit: 2, ..LogFilter::default() };
        let page = stage.desk().log_page(&filter).await.unwrap();
        pages.push(page.lines.iter().map(|line| line.number.clone()).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages[1], ["M-000009/1", "M-000009/2", "M-000009/3", "M-000009/4"], "{pages:?}");
    assert_eq!(pages.concat().len(), 13, "each line stands on one page");
    let eighth = stage.desk().log_page(&LogFilter { limit: 2, after: None, ..LogFilter::default() }).await.unwrap();
    let behind = LogFilter { limit: 2, after: eighth.next, ..LogFilter::default() };
    let behind = stage.desk().log_page(&behind).await.unwrap();
    let third = LogFilter { limit: 2, after: behind.next, ..LogFilter::default() };
    let third = stage.desk().log_page(&third).await.unwrap();
    let back = LogFilter { limit: 2, before: third.newer, ..LogFilter::default() };
    let back = stage.desk().log_page(&back).await.unwrap();
    let back: Vec<_> = back.lines.into_iter().map(|line| line.number).collect();
    assert_eq!(back, pages[1], "from the other side, too");
});
