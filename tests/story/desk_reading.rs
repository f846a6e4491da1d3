//! What is read at the desk in the pages: files of the register, the board of the deadline, two versions side by side.

use docket::core::role::Role;

use super::{
    papers::three_versions,
    stage::{Sample, Stage, person},
};
use crate::fixture::{
    Database, both,
    browser::{Browser, PASSWORD},
};

/// The mail of which Moldova and Romania may be the sender, and an officer at the desk.
async fn with_officer(db: Database) -> (Stage, Browser) {
    let mut stage = Stage::set(db, "2020-09-21T09:00:00+02:00").await;
    stage.play(&Sample::some(&["15"])).await;
    let secret = stage.desk().add_account("Officer A", Role::Officer, &person("root")).await.unwrap();
    let mut browser = Browser::before(&stage.shared_instance());
    browser.enter("Officer A", secret.shown()).await;
    (stage, browser)
}

both!(the_register_is_taken_as_a_file_of_the_same_time, async |db: Database| {
    let (stage, mut officer) = with_officer(db).await;
    officer.get("/decide/M-000001").await;
    assert_eq!(officer.send("/decide/M-000001", &[("do", "take:state-MDA")]).await.status, 303);
    let page = officer.get("/?as-of=2020-09-21").await.body;
    assert!(page.contains("href=\"/register/csv?as-of=2020-09-21\""), "{page}");
    let row = |csv: &str| csv.lines().find(|line| line.starts_with("MDA,")).expect("a row of Moldova").to_owned();
    let now = officer.get("/register/csv").await;
    assert!(row(&now.body).contains(",received,true,on_time,"), "{}", row(&now.body));
    let then = officer.get("/register/csv?as-of=2020-09-21").await;
    assert!(row(&then.body).contains(",nothing_received,false,"), "{}", row(&then.body));
    let known = officer.get("/register/csv?known-at=2020-09-20").await;
    assert!(row(&known.body).contains(",nothing_received,false,"), "{}", row(&known.body));
    for ending in ["xlsx", "docx"] {
        assert!(officer.get(&format!("/register/{ending}")).await.body.starts_with("PK"), "{ending} is a container");
    }
    let json = officer.get("/register/json").await.body;
    assert!(json.lines().last().unwrap().contains("\"received\":1"), "{json}");
    assert_eq!(officer.get("/register/csv?as-of=30.9.").await.status, 400);
    // Each of them but the one that was refused is on record.
    assert_eq!(stage.number("SELECT COUNT(*) FROM event WHERE kind = 'exported'").await, 6);
    let actors = "SELECT COUNT(*) FROM event WHERE kind = 'exported' AND actor LIKE '%Officer A%'";
    assert_eq!(stage.number(actors).await, 6, "with who took it");
});

both!(the_board_stands_still_after_the_deadline, async |db: Database| {
    let (mut stage, mut officer) = with_officer(db).await;
    let before = officer.get("/tonight").await.body;
    assert!(before.contains("<small>left</small>") && before.contains("case waits on us"), "{before}");
    stage.until("2020-09-30T22:12:00Z".parse().unwrap()).await;
    officer.log_in("Officer A", PASSWORD).await;
    let over = officer.get("/tonight").await.body;
    assert!(over.contains("It stands still") && over.contains("<p class=\"big\">0 <small>of 56 states"), "{over}");
    officer.get("/decide/M-000001").await;
    assert_eq!(officer.send("/decide/M-000001", &[("do", "take:state-MDA")]).await.status, 303);
    let decided = officer.get("/tonight").await.body;
    assert!(decided.contains("<p class=\"big\">1 <small>of 56 states"), "a decision on earlier mail changes it");
    assert!(decided.contains("Nothing waits on us") && decided.contains("Nothing came after"), "{decided}");
});

both!(versions_are_refused_in_sentences_where_there_are_no_two, async |db: Database| {
    let (_stage, mut officer) = with_officer(db).await;
    officer.get("/decide/M-000001").await;
    assert_eq!(officer.send("/decide/M-000001", &[("do", "take:state-MDA")]).await.status, 303);
    for (path, status, said) in [
        ("/versions/M-000001", 400, "there is nothing to compare it with"),
        ("/versions/M-000001?a=x", 400, "“x” is no number of a version"),
        ("/versions/M-000001?a=7", 404, "has no version 7"),
        ("/versions/M-000099", 404, "there is no entry M-000099"),
    ] {
        let got = officer.get(path).await;
        assert_eq!((got.status, got.body.contains(said)), (status, true), "{path}: {}", got.body);
    }
});

both!(two_versions_stand_side_by_side, async |db: Database| {
    let stage = three_versions(db).await;
    let secret = stage.desk().add_account("Officer A", Role::Officer, &person("root")).await.unwrap();
    let mut officer = Browser::before(&stage.shared_instance());
    officer.enter("Officer A", secret.shown()).await;
    assert!(officer.get("/entry/GCM-ECE-2020-0001").await.body.contains("href=\"/versions/GCM-ECE-2020-0001\""));
    let page = officer.get("/versions/GCM-ECE-2020-0001").await;
    assert_eq!(page.status, 200, "{}", page.body);
    for said in ["<del> 1,240</del>", "<ins> 1,420</ins>", "Version 3, ", "cannot be compared: its file", "Norway"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let back = officer.get("/versions/GCM-ECE-2020-0001?a=2&b=1").await.body;
    assert!(back.contains("<del> 1,420</del>") && back.contains("<ins> 1,240</ins>"), "{back}");
    let cut = officer.get("/versions/GCM-ECE-2020-0001?a=1&b=3").await;
    assert_eq!(
        (cut.status, cut.body.contains("version 3 (M-000003/1) cannot be compared")),
        (400, true),
        "{}",
        cut.body
    );
});
