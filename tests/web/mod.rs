//! The pages: what each says of an invented desk, and how they are served, over a socket, by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod connections;
mod sample;
mod served;

use axum::{body::to_bytes, extract::Query, http::Uri};
use docket::{
    core::{
        calls::standing::Standing,
        file::Tried,
        iso3::Iso3,
        judging::matching::{Kind, Source},
        submission::{Becomes, Named},
    },
    desk::{
        DeskError,
        view::{LogCount, Place, RegisterLine, Status, Submission},
    },
    store::StoreError,
    web::{Around, Asked, Narrowed, NoPage, Site, Visitor},
};
use proptest::prelude::*;
use sample::{OVERRIDE, SCRIPT, Sample, speaks};

const BEFORE: &str = "2020-09-28T07:40:00Z";
const AFTER: &str = "2020-10-03T07:40:00Z";
const PAGES: [&str; 9] = [
    "/",
    "/?status=late",
    "/state/CHE",
    "/state/mda",
    "/log",
    "/log?q=Dutch&state=NLD&standing=on_time",
    "/decide",
    "/entry/M-000047",
    "/entry/M-000047/1",
];

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (n, value) = line.split_once(": ")?;
            n.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// The page of a sample at a path.
async fn get(sample: Sample, path: &str) -> Answer {
    let (site, uri) = (Site::new().unwrap(), path.parse::<Uri>().unwrap());
    let Query(asked) = Query::<Asked>::try_from_uri(&uri).unwrap();
    let answer = site.answer(uri.path(), &Visitor::default(), page(&site, &sample, uri.path(), &asked));
    let headers = answer.headers().iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()));
    let (status, head) = (answer.status().as_u16(), headers.collect());
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    Answer { status, head, body: String::from_utf8(body.to_vec()).unwrap() }
}

/// Asks a sample in place of the desk.
fn page(site: &Site, sample: &Sample, path: &str, asked: &Asked) -> Result<docket::web::Answer, NoPage> {
    let call = asked.get("call");
    let frame = sample.frame(call)?.ok_or_else(|| NoPage::no_call(call))?;
    let around = Around::from(frame.clone());
    let code = Some(frame.call.as_str());
    let made = match path.split_once("/state/").or_else(|| path.split_once("/entry/")) {
        None if path == "/" => site.register(&around, &sample.register(code)?.unwrap(), asked),
        None if path == "/decide" => site.queue(&around, &sample.queue(), false),
        None if path == "/log" => {
            let narrowed = Narrowed::by(asked, &frame.zone);
            let without = narrowed.loosened(&frame).into_iter().map(|(field, filter)| {
                let lines = sample.log(&filter)?.lines.len() as u64;
                Ok((field, LogCount { lines, more: lines == 5 }))
            });
            let without: Vec<_> = without.collect::<Result<_, NoPage>>()?;
            return site.log(&around, &sample.log(&narrowed.filter(&frame))?, &narrowed, &without);
        }
        Some((_, iso3)) if path.starts_with("/state/") => {
            let iso3: Iso3 = iso3.parse().unwrap();
            site.state(&around, &sample.state(code, iso3)?.ok_or_else(|| NoPage::no_state(iso3))?)
        }
        Some((_, reference)) => {
            site.entry(&around, &sample.entry(reference)?.ok_or_else(|| NoPage::no_entry(reference))?)
        }
        None => panic!("no page of a sample is at {path}"),
    };
    made.map(docket::web::Answer::Page)
}

/// Every tag is closed in its turn, attributes are quoted, ids are unique.
fn check_html(page: &str) {
    let void = ["!doctype", "meta", "link", "input", "br"];
    let mut open: Vec<&str> = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for piece in page.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("an unclosed tag: <{piece}"));
        let name = tag.split([' ', '/', '\n']).find(|p| !p.is_empty()).unwrap_or_else(|| panic!("no name: <{tag}>"));
        assert_eq!(tag.matches('"').count() % 2, 0, "a quote is missing: <{tag}>");
        for id in tag.split(" id=\"").skip(1) {
            let id = id.split('"').next().unwrap();
            assert!(ids.insert(id.to_owned()), "the id {id} is there twice");
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes another tag");
        } else if !tag.ends_with('/') && !void.contains(&name) {
            open.push(name);
        }
        let attributes: String = tag.split('"').step_by(2).collect();
        // The one script is in a file of its own, and runs when the page is there.
        let ours = tag == "/script" || tag.starts_with("script src=\"/docket.js?v=") && tag.ends_with("\" defer");
        let script = name == "script" && !ours;
        assert!(!attributes.contains(" style=") && !script && name != "style", "inline: <{tag}>");
        assert!(!attributes.contains(" on"), "a handler: <{tag}>");
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    for target in page.split("href=\"#").skip(1) {
        let target = target.split('"').next().unwrap();
        assert!(ids.contains(target), "a link leads to #{target}, which is nowhere");
    }
}

#[tokio::test]
async fn every_page_is_made_and_well_formed() {
    for now in [BEFORE, AFTER] {
        for path in PAGES {
            let answer = get(Sample::at(now), path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
            check_html(&answer.body);
            assert!(answer.body.contains("Mailbox <bdi>inputs</bdi> read 40 s ago"), "{path}");
            assert_eq!(answer.body.matches("<h1>").count(), 1, "{path}");
        }
    }
}

#[tokio::test]
async fn the_entry_says_that_it_is_not_current() {
    let current = || Named { n: Some(1), received: BEFORE.parse().unwrap() };
    for (becomes, said) in [
        (Becomes::First, None),
        (Becomes::Earlier { current: current() }, Some("received earlier than version 1, not current")),
        (
            Becomes::UnderQuery { current: Some(current()) },
            Some("not current: nobody has read it, and version 1 stands"),
        ),
        (
            Becomes::Replaces { former: Named { n: None, ..current() } },
            Some("current, replaces what was received Mon 28 Sep 2020, 09:40:00"),
        ),
    ] {
        let mut sample = Sample::at(AFTER);
        sample.entry.items[0].becomes = Some(becomes);
        let page = get(sample, "/entry/M-000047").await.body;
        check_html(&page);
        let place = page.split("<dt>Place</dt><dd>").nth(1).and_then(|rest| rest.split("</dd>").next());
        assert_eq!(place, said);
    }
}

#[tokio::test]
async fn the_register_says_every_status_in_words() {
    let page = get(Sample::at(AFTER), "/").await.body;
    assert_eq!(page.matches("<li class=\"r").count(), 56);
    assert_eq!(page.matches("<tr><td><a href=\"/state/").count(), 56);
    for words in [
        "Switzerland: corrected",
        "Serbia: received late",
        "Republic of Moldova: possibly received",
        "Norway: received on time",
        "Albania: nothing received",
        "21 <small>of 56 states received</small>",
        "<small>closed</small> 2 d <small>ago</small>",
        "<span class=\"over\">over</span> 5,204",
        "<dt>Organisations</dt><dd>2</dd>",
        "11 Sep<span class=\"hide\"> 13:27</span>",
        "datetime=\"2020-09-11T11:27:00Z\"",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let before = get(Sample::at(BEFORE), "/").await.body;
    assert!(before.contains("2 d 14 h <small>left</small>"));
    assert!(before.contains("Serbia: nothing received"), "what comes later is not known yet");
    let late = get(Sample::at(AFTER), "/?status=late").await.body;
    assert_eq!(late.matches("<tr><td><a href=\"/state/").count(), 1);
}

#[tokio::test]
async fn every_way_to_stand_has_its_words_and_its_place() {
    let also = |line: &mut RegisterLine| {
        let (status, counts, standing) = match line.iso3.as_str() {
            "ALB" => (Status::UnderQuery, false, Some(Standing::OnTime)),
            "AND" => (Status::Announced, false, None),
            "AUT" => (Status::Declined, false, None),
            "FRA" => (Status::Withdrawn, false, None),
            "ITA" => (Status::Received, true, Some(Standing::ByExtension)),
            "LIE" => (Status::Received, true, Some(Standing::Undetermined)),
            _ => return,
        };
        (line.status, line.counts, line.standing) = (status, counts, standing);
        line.day = (status == Status::Announced).then(|| jiff::civil::date(2020, 10, 5));
    };
    let page = get(Sample { also: Some(also), ..Sample::at(AFTER) }, "/").await.body;
    check_html(&page);
    for said in [
        "Albania: under query",
        "Andorra: announced",
        "Austria: declined",
        "France: withdrawn",
        "Italy: received by extension",
        "Liechtenstein: received, time unclear",
        "Announced by Mon 5 Oct 2020",
    ] {
        assert!(page.contains(said), "{said}");
    }
    for key in ["query", "ahead", "no", "back", "when"] {
        let only = get(Sample { also: Some(also), ..Sample::at(AFTER) }, &format!("/?status={key}")).await.body;
        assert_eq!(only.matches("<tr><td><a href=\"/state/").count(), 1, "{key}");
        assert!(page.contains(&format!("href=\"/?status={key}")), "the legend has what there is: {key}");
    }
    let usual = get(Sample::at(AFTER), "/").await.body;
    assert!(!usual.contains("href=\"/?status=back"), "and not what there is not");
}

#[tokio::test]
async fn tiles_stand_in_the_order_of_the_map() {
    let page = get(Sample::at(AFTER), "/").await.body;
    let tiles = page.split("<li class=\"r").skip(1).map(|t| {
        let (row, rest) = t.split_once(" c").unwrap();
        (row.parse::<u8>().unwrap(), rest.split('"').next().unwrap().parse::<u8>().unwrap())
    });
    assert!(tiles.is_sorted(), "the tab key goes row by row");
}

#[tokio::test]
async fn the_time_to_the_deadline_is_said_in_its_two_greatest_units() {
    for (now, said) in [
        ("2020-09-30T21:59:20Z", "40 s <small>left</small>"),
        ("2020-09-30T21:48:00Z", "12 min <small>left</small>"),
        ("2020-09-30T16:48:00Z", "5 h 12 min <small>left</small>"),
        ("2020-09-28T07:40:00Z", "2 d 14 h <small>left</small>"),
        ("2020-08-01T07:40:00Z", "60 d <small>left</small>"),
        ("2020-09-30T22:00:00Z", "<small>closed</small> 0 s <small>ago</small>"),
        ("2020-10-01T03:00:00Z", "<small>closed</small> 5 h <small>ago</small>"),
        ("2020-10-04T03:00:00Z", "<small>closed</small> 3 d <small>ago</small>"),
    ] {
        assert!(get(Sample::at(now), "/").await.body.contains(said), "{now}: {said}");
    }
}

#[tokio::test]
async fn the_register_keeps_to_its_size() {
    let page = get(Sample::at(AFTER), "/").await.body;
    assert!(page.len() <= 45 * 1024, "{} bytes", page.len());
}

#[tokio::test]
async fn a_roster_without_a_map_is_a_board() {
    let page = get(Sample { with_map: false, ..Sample::at(BEFORE) }, "/").await.body;
    check_html(&page);
    assert!(!page.contains("class=\"map"));
    let corrected = page.split("Corrected <span class=\"n\">2</span></h3>").nth(1).expect("a group of its own");
    let group = corrected.split("</ul>").next().unwrap();
    assert!(group.contains("/state/ESP") && group.contains("/state/CHE") && !group.contains("/state/NOR"));
}

#[tokio::test]
async fn what_strangers_wrote_is_text() {
    for path in
        ["/", "/decide", "/log", "/state/CHE", "/entry/M-000054", "/log?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22"]
    {
        let page = get(Sample::at(BEFORE), path).await.body;
        check_html(&page);
        assert!(!page.contains(SCRIPT), "{path}");
        // The register shows the first cases alone.
        assert!(path == "/" || page.contains("&lt;script&gt;alert(1)"), "{path}");
        assert!(!page.contains("603729"), "{path}: a template of a stranger was run");
        assert!(!page.contains(OVERRIDE) && !page.contains('\u{202e}'), "{path}");
        assert!(!page.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{path}");
    }
    let page = get(Sample::at(BEFORE), "/entry/M-000054").await.body;
    assert!(page.contains("Beitrag<i class=\"ctl\" title=\"hidden character U+202E\">RLO</i>fdp.exe"));
    assert!(page.contains("{{777*777}} {% raw %}") || page.contains("{{<mark"));
}

#[tokio::test]
async fn quotes_are_marked_where_they_stand() {
    let page = get(Sample::at(BEFORE), "/entry/M-000047").await.body;
    let mark = "class=\"m1\">La Mission permanente de la\nRépublique de Moldova<b>1</b></mark>";
    assert!(page.contains(mark), "whatever the line ends");
    assert!(page.contains("class=\"m2\">ROMÂNIA\nMinisterul Afacerilor Interne<b>2</b></mark>"));
    assert!(page.contains("class=\"m2\">la Roumanie<b>2</b></mark>"));
    let link = page.split("Chișinău +373 22</a>").next().unwrap().rsplit("href=\"#").next().unwrap();
    let id = link.split('"').next().unwrap();
    assert!(page.contains(&format!("<mark id=\"{id}\" class=\"m1\">Chișinău +373 22<b>1</b></mark>")));
    assert!(page.contains("<span dir=\"auto\">GCM-ECE-2020-0023</span>"), "what is nowhere has no link");
    let moldova = page.find("<b>1</b> Republic of Moldova").expect("the first candidate");
    assert!(moldova < page.find("<b>2</b> Romania").expect("the second candidate"));
    assert!(page.contains("weight 6.0"));
}

/// What a browser shows of a piece of a page, without the numbers of marks.
fn as_read(html: &str) -> String {
    let mut text = String::new();
    for (i, piece) in html.split("<b>").enumerate() {
        let piece = if i == 0 { piece } else { piece.split_once("</b>").unwrap().1 };
        for part in piece.split('<').enumerate().map(|(i, p)| if i == 0 { p } else { p.split_once('>').unwrap().1 }) {
            text.push_str(part);
        }
    }
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Marking and escaping lose nothing and break nothing, whatever is quoted.
    #[test]
    fn a_text_is_shown_whole(
        body in "[a-cA-CéİßẞſΣς0-2 \n<>&;'\"{}%中文عر]{0,60}",
        quotes in prop::collection::vec((0_usize..60, 0_usize..20, any::<bool>()), 0..6),
    ) {
        let mut sample = Sample::at(BEFORE);
        let item = &mut sample.entry.items[0];
        item.evidence = quotes.into_iter().map(|(from, length, signature)| {
            let quote: String = body.chars().skip(from).take(length).collect();
            speaks(if signature { Source::Signature } else { Source::Body }, &quote.to_lowercase(), "CHE", 1.0)
        }).collect();
        sample.entry.body.clone_from(&body);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let page = runtime.block_on(get(sample, "/entry/M-000047")).body;
        check_html(&page);
        let doc = page.split("<div class=\"doc\" dir=\"auto\">").nth(1).unwrap().split("</div>").next().unwrap();
        let expected = if body.trim_end().is_empty() { "The message has no text." } else { body.trim_end() };
        prop_assert_eq!(as_read(doc), expected);
    }
}

#[tokio::test]
async fn the_log_is_read_page_by_page() {
    let first = get(Sample::at(BEFORE), "/log").await.body;
    assert!(first.contains("href=\"/log?after=M-000052\""));
    assert!(first.contains("<a href=\"/state/NLD\">Netherlands (Kingdom of the)</a>"));
    let second = get(Sample::at(BEFORE), "/log?after=M-000052").await.body;
    assert!(second.contains("M-000050") && !second.contains("M-000053"));
    let none = get(Sample::at(BEFORE), "/log?standing=late&state=FRA").await.body;
    assert!(none.contains("No entry fits: <bdi>late, France</bdi>"), "{none}");
    assert!(none.contains("<option value=\"FRA\" selected>"));
    assert!(none.contains("<a href=\"/log?standing=late&amp;\">Without <bdi>“France”</bdi>: 1</a>"), "{none}");
    assert!(!none.contains("Without <bdi>“late”"), "nothing of France: {none}");
    let dutch = get(Sample::at(BEFORE), "/log?standing=late&state=NLD").await.body;
    check_html(&dutch);
    assert!(dutch.contains("<a href=\"/log?state=NLD&amp;\">Without <bdi>“late”</bdi>: 1</a>"), "{dutch}");
    let empty = get(Sample { empty: true, ..Sample::at(BEFORE) }, "/log").await.body;
    assert!(empty.contains("No mail yet."));
}

#[tokio::test]
async fn a_filter_that_cannot_be_understood_is_a_sentence() {
    for (path, said) in [
        ("/log?until=30.9.", "To: “30.9.” is not a date, so it was left out. Write 2020-09-30 or 2020-09-30 18:00."),
        ("/log?since=%3Cb%3E", "From: “&lt;b&gt;” is not a date"),
        ("/log?since=2020-13-01", "From: “2020-13-01” is not a date"),
        ("/log?standing=soon", "Standing: “soon” is no standing, so it was left out. Write one of: on_time, by_grace,"),
        ("/log?kind=x", "Kind: “x” is no kind, so it was left out. Write one of: input, addition,"),
        (
            "/log?status=x",
            "Status: “x” is no status, so it was left out. Write one of: current, not_current, withdrawn.",
        ),
        ("/log?language=tr", "Language: “tr” is no language, so it was left out. Write one of: ar, en,"),
        ("/log?letter=x", "Letter: “x” is no such choice, so it was left out. Write one of: with, without."),
        ("/log?waiting=x", "Waits: “x” is no choice, so it was left out. Write yes."),
        ("/log?state=Utopia", "State: “Utopia” is not a three-letter country code, such as CHE, so it was left out."),
        ("/log?q=%21%21", "Words: “!!” holds no letter and no digit, so it was left out."),
    ] {
        let got = get(Sample::at(BEFORE), path).await;
        assert_eq!(got.status, 400, "{path}");
        check_html(&got.body);
        assert!(got.body.contains(said), "{path}: {}", got.body);
        let field = path.split(['?', '=']).nth(1).unwrap();
        assert_eq!(got.body.matches("aria-invalid").count(), 1, "{path}");
        assert!(got.body.contains(&format!("aria-describedby=\"w-{field}\"")), "{path}: its field is marked");
        assert!(got.body.contains("M-000052"), "{path}: the rest is shown without it");
    }
    let both = get(Sample::at(BEFORE), "/log?until=30.9.&standing=late&state=FRA").await;
    assert_eq!(both.status, 400);
    assert!(both.body.contains("No entry fits: <bdi>late, France</bdi>"), "what can be understood holds");
    assert!(both.body.contains("value=\"30.9.\""), "what was typed is kept");
}

#[tokio::test]
async fn what_was_looked_for_is_marked_in_the_lines() {
    let page = get(Sample::at(BEFORE), "/log?q=DUTCH").await.body;
    check_html(&page);
    assert!(page.contains("<mark class=\"hit\">Dutch</mark>"), "{page}");
    assert!(!get(Sample::at(BEFORE), "/log").await.body.contains("<mark"));
}

#[tokio::test]
async fn an_empty_desk_says_so() {
    let sample = || Sample { empty: true, ..Sample::at(BEFORE) };
    let register = get(sample(), "/").await.body;
    check_html(&register);
    assert!(register.contains("Nothing waits for a decision.") && register.contains("0 <small>of 56"));
    assert!(get(sample(), "/decide").await.body.contains("Nothing waits for a decision."));
}

#[tokio::test]
async fn several_calls_can_be_chosen_between() {
    let sample = || Sample { two_calls: true, ..Sample::at(BEFORE) };
    let page = get(sample(), "/?call=ecosoc%20%26%202021").await.body;
    check_html(&page);
    assert!(page.contains("<a href=\"?call=ecosoc%20%26%202021\" aria-current=\"true\">Second call</a>"));
    assert!(page.contains("href=\"/state/CHE?call=ecosoc%20%26%202021\""), "links stay with the call");
    assert!(!get(Sample::at(BEFORE), "/").await.body.contains("call="), "one call needs no choice");
    let unknown = get(sample(), "/?call=other").await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.body.contains("No call is named “other”."));
}

#[tokio::test]
async fn a_mailbox_that_is_not_read_is_said_on_every_page() {
    for path in PAGES {
        let page = get(Sample { overdue: true, ..Sample::at(BEFORE) }, path).await.body;
        assert!(page.contains("has not been read since <time"), "{path}");
        assert!(page.contains("no state is late because of this"), "{path}");
        assert!(page.contains("cannot be read: &lt;b&gt;no&lt;/b&gt; route."), "{path}");
        assert!(page.contains("No letter can leave: &lt;i&gt;x&lt;/i&gt;. Since <time"), "{path}");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_made_tells_an_id_and_not_the_cause() {
    for path in PAGES {
        let answer =
            get(Sample { failing: Some(|why| DeskError::Store(StoreError::Row(why))), ..Sample::at(BEFORE) }, path)
                .await;
        assert_eq!(answer.status, 500, "{path}");
        check_html(&answer.body);
        assert!(answer.body.contains("Tell the administrator: "), "{path}");
        assert!(!answer.body.contains("example.org"), "{path}");
    }
    let busy = get(
        Sample {
            failing: Some(|_| DeskError::Store(StoreError::Silent(std::time::Duration::from_secs(5)))),
            ..Sample::at(BEFORE)
        },
        "/",
    )
    .await;
    assert_eq!(busy.status, 503);
    assert!(busy.body.contains("load the page again in a moment"));
}

#[tokio::test]
async fn engines_whose_answers_were_not_taken_and_pages_that_failed_are_told() {
    let mut sample = Sample::at(BEFORE);
    let file = &mut sample.entry.files[0];
    (file.engine, file.pages_failed) = (Some("unpdf".to_owned()), vec![2, 4, 5]);
    file.tried = vec![Tried::new("pdf-extract", format!("it stumbled {SCRIPT}"))];
    let page = get(sample, "/entry/M-000047").await.body;
    check_html(&page);
    assert!(page.contains("9 pages (pages 2 and 4–5 not read)"), "{page}");
    assert!(
        page.contains("(unpdf)</span>") && page.contains("Not by pdf-extract: it stumbled &lt;script&gt;"),
        "{page}"
    );
    let page = get(Sample::at(BEFORE), "/entry/M-000047").await.body;
    assert!(!page.contains("Not by ") && !page.contains(" not read)"), "nothing is said where nothing is known");
}

#[tokio::test]
async fn the_page_of_a_state_has_its_time_its_decisions_and_its_letters_in_words() {
    let page = get(Sample::at(AFTER), "/state/FRA").await.body;
    check_html(&page);
    for said in ["extended until 15 October 2020, 12:00", "more time granted", "the mission asked", "Letters</h3>"] {
        assert!(page.contains(said), "{said}");
    }
    let withdrawn = |line: &mut RegisterLine| {
        (line.status, line.counts, line.received) = (Status::Withdrawn, false, None);
    };
    let page = get(Sample { also: Some(withdrawn), ..Sample::at(AFTER) }, "/state/FRA").await.body;
    assert!(page.contains("What was registered was taken back") && !page.contains("Nothing has been registered"));
}

#[tokio::test]
async fn the_page_of_a_reference_has_all_that_stands_under_it() {
    let place = |number: &str, place, version, current, becomes| Place {
        number: number.to_owned(),
        message: number.to_owned(),
        received: BEFORE.parse().unwrap(),
        place,
        version,
        repeats: false,
        current,
        withdrawn: None,
        becomes,
        standing: Standing::OnTime,
        words: Some(4_812),
    };
    let mut sample = Sample::at(AFTER);
    sample.entry.submission = Some(Submission {
        reference: "GCM-ECE-2020-0021".to_owned(),
        call: "unece-gcm-2020".to_owned(),
        kind: Kind::MemberState,
        states: vec![("FRA".parse().unwrap(), "France".to_owned())],
        places: vec![
            place("M-000021", "version", Some(1), false, Becomes::First),
            place("M-000030", "annex", None, false, Becomes::First),
            place("M-000047", "version", Some(2), true, Becomes::First),
        ],
    });
    let page = get(sample, "/entry/M-000047").await.body;
    check_html(&page);
    for number in ["M-000021", "M-000030", "M-000047"] {
        assert!(
            page.contains(&format!("<td class=\"wrap\"><a href=\"/entry/{number}\">{number}</a></td>")),
            "{number}"
        );
    }
    for said in ["version 1", "version 2, current", "annex, beside the versions", "<a href=\"/state/FRA\">France</a>"] {
        assert!(page.contains(said), "{said}");
    }
}
