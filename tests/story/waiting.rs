//! What must be decided: first what holds reminders back, then the oldest; as reminders themselves see it.

use docket::{
    core::{iso3::Iso3, text::language::Language},
    desk::ToDecide,
    pipeline,
};

use super::{
    mail::Mail,
    stage::{CALL, Sample, Stage, at, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

async fn waiting(stage: &Stage) -> Vec<ToDecide> {
    let all = stage.desk().waiting(None, Language::En).await.unwrap();
    let (frame, of_call) = (stage.desk().frame(Some(CALL)), stage.desk().waiting(Some(CALL), Language::En));
    let counted = frame.await.unwrap().unwrap().waiting;
    assert_eq!(counted, of_call.await.unwrap().len() as u64, "what stands around each page counts the same");
    all
}

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
