//! What must be decided: first what holds reminders back, then the oldest; as reminders themselves see it.

use std::fs;

use docket::{
    config::Shipped,
    core::{iso3::Iso3, text::language::Language},
    desk::ToDecide,
    pipeline,
};

use super::{
    mail::Mail,
    stage::{CALL, Sample, Stage, at, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _, many};

async fn waiting(stage: &Stage) -> Vec<ToDecide> {
    let all = stage.desk().waiting(None, Language::En).await.unwrap();
    let (frame, of_call) = (stage.desk().frame(Some(CALL)), stage.desk().waiting(Some(CALL), Language::En));
    let counted = frame.await.unwrap().unwrap().waiting;
    let of_call = of_call.await.unwrap();
    assert_eq!(counted, of_call.len() as u64, "what stands around each page counts the same");
    assert_eq!(in_pages(stage).await.concat(), of_call, "the pages hold the same in the same order");
    all
}

/// The pages of the queue of the call, from the first to the last, and back again.
async fn in_pages(stage: &Stage) -> Vec<Vec<ToDecide>> {
    let page = |after| async move { stage.desk().queue(CALL, None, after, Language::En).await.unwrap() };
    let (mut pages, mut last, mut before) = (Vec::new(), page(None).await, 0);
    loop {
        assert_eq!(last.before, before);
        before += last.cases.len();
        assert_eq!(last.next.is_some(), before < last.in_all);
        pages.push(last.cases.clone());
        let Some(next) = last.next else { break };
        assert_eq!(next.to_string().parse(), Ok(next), "a place can be written and read");
        last = page(Some(next)).await;
    }
    let mut back = vec![last.cases.clone()];
    while let Some(previous) = last.previous {
        last = page(previous).await;
        back.push(last.cases.clone());
    }
    back.reverse();
    assert_eq!(back, pages, "the way back is the same");
    pages
}

both!(a_long_queue_is_shown_page_by_page, async |db: Database| {
    let folder = db.folder().join("config");
    fs::create_dir_all(folder.join("states")).unwrap();
    let table = many::table_of_all(include_str!("../../config/states/member_states.csv"));
    fs::write(folder.join("states/member_states.csv"), table).unwrap();
    let everybody = |config: &mut docket::config::Config| "everybody".clone_into(&mut config.calls[0].roster);
    let stage = Stage::set_with(db, "2020-09-23T10:27:00+02:00", Shipped::overridden_by(&folder), everybody).await;
    let people = "iso3,name,address,language,from,until\nMDA,,a@mfa.gov.md,,,\nROU,,b@mae.ro,,,\nNOR,,c@mfa.no,,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    let open = stage.instance().call(None).unwrap();
    for statement in many::statements(open.known.id, &open.roster) {
        stage.db.tamper(&statement).await;
    }
    // 126 are left, and of three states nothing is filed.
    stage.db.tamper("UPDATE item SET waiting = NULL WHERE id % 760 <> 0").await;
    let filed = "(SELECT submission_id FROM submission_state WHERE iso3 IN ('MDA', 'ROU', 'NOR'))";
    stage.db.tamper(&format!("DELETE FROM place WHERE submission_id IN {filed}")).await;
    let cases = waiting(&stage).await;
    let lengths: Vec<usize> = in_pages(&stage).await.iter().map(Vec::len).collect();
    assert_eq!((cases.len(), lengths), (126, vec![50, 50, 26]));
    let first = stage.desk().queue(CALL, None, None, Language::En).await.unwrap();
    let (last, behind) = (first.cases[49].number.clone(), cases[50].number.clone());
    assert_eq!(stage.desk().beside(CALL, &last).await.unwrap().next.as_ref(), Some(&behind));
    // What stood at the end of a page is decided before one goes on.
    stage.db.tamper(&format!("UPDATE item SET waiting = NULL WHERE id = {}", &last["M-".len()..])).await;
    let second = stage.desk().queue(CALL, None, first.next, Language::En).await.unwrap();
    assert_eq!((second.cases[0].number.as_str(), second.before), (behind.as_str(), 49));
});

/// Each case with the states whose reminders it holds back.
fn held(cases: &[ToDecide]) -> Vec<(&str, Vec<&str>)> {
    cases.iter().map(|case| (case.number.as_str(), case.unblocks.iter().map(Iso3::as_str).collect())).collect()
}

async fn reminded(stage: &Stage) -> Vec<String> {
    let steps = pipeline::remind(stage.instance(), false).await.unwrap();
    let lines = steps.iter().flat_map(|step| &step.lines).filter(|line| line.letter.is_some());
    lines.map(|line| line.iso3.to_string()).collect()
}

both!(what_holds_reminders_back_comes_first, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-21T09:00:00+02:00").await;
    let people = "iso3,name,address,language,from,until\nMDA,,a@mfa.gov.md,,,\nROU,,b@mae.ro,,,\nNOR,,c@mfa.no,,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    let question = Mail::from("Anna <anna@ministry.example>")
        .subject("Question about the regional review of the GCM")
        .body("Could you please tell me how long an input may be?");
    stage.deliver("1.question", &question.raw(), stage.clock.now());
    stage.play(&Sample::some(&["15-"])).await;
    let cases = waiting(&stage).await;
    assert_eq!(held(&cases), [("M-000001", vec![]), ("M-000002", vec![])], "no reminder is due yet: the oldest first");
    let ambiguous = &cases[1];
    assert_eq!(ambiguous.names, ["Republic of Moldova", "Romania"]);
    assert!(ambiguous.question.starts_with("Which state? Republic of Moldova or Romania."), "{}", ambiguous.question);
    assert!(ambiguous.from.as_deref().is_some_and(|from| from.contains("Permanent Mission <")), "{ambiguous:?}");
    assert_eq!((ambiguous.since, ambiguous.age), (at("2020-09-22T16:27:00+02:00"), 0));

    stage.until(at("2020-09-23T10:27:00+02:00")).await;
    let cases = waiting(&stage).await;
    assert_eq!(held(&cases), [("M-000002", vec!["MDA", "ROU"]), ("M-000001", vec![])]);
    assert_eq!(cases[0].age, 18 * 3_600);

    // It mentions one state, and may be anybody's all the same.
    let mention = Mail::from("Someone <someone@mail.example>")
        .subject("A contribution to the regional review of the GCM")
        .body("Please find attached a contribution to the regional review. Its example comes from Norway.")
        .document("A contribution to the regional review of the Global Compact for Migration");
    stage.deliver("3.mention", &mention.raw(), stage.clock.now());
    stage.work().await;
    let cases = waiting(&stage).await;
    let (first, second) = (("M-000003", vec!["NOR", "MDA", "ROU"]), ("M-000002", vec!["MDA", "ROU"]));
    assert_eq!(held(&cases), [first, second, ("M-000001", vec![])]);
    assert_eq!(cases[0].names, ["Norway"], "{}", cases[0].question);
    assert_eq!(reminded(&stage).await, Vec::<String>::new(), "reminders see the same");

    stage.desk().not_an_input("M-000003", false, &person("desk"), "an essay").await.unwrap();
    assert_eq!(held(&waiting(&stage).await), [("M-000002", vec!["MDA", "ROU"]), ("M-000001", vec![])]);
    assert_eq!(reminded(&stage).await, ["NOR"]);
    stage.desk().assign("M-000002", &["MDA".parse().unwrap()], None, false, &person("desk"), "by phone").await.unwrap();
    assert_eq!(held(&waiting(&stage).await), [("M-000001", vec![])]);
    assert_eq!(reminded(&stage).await, ["ROU"]);
    assert_eq!(waiting(&stage).await[0].number, "M-000001");
});
