//! What stands filed from an address is a small piece of evidence for the next message from there.

use docket::core::{
    calls::status::Status,
    judging::matching::{Decision, Source},
};

use super::{
    decisions::{assign, iso3, status},
    mail::Mail,
    stage::{Stage, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

const SECRETARY: &str = "Third Secretary <Third.Secretary@bluewin.ch>";
const NOW: &str = "2020-09-01T09:00:00+02:00";

/// Sends a document and has it read; yields the number.
async fn send(stage: &mut Stage, n: usize, from: &str, head: &str) -> String {
    let mail = Mail::from(from).document(head).field(&format!("X-Sequence: {n}"));
    stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
    stage.wait(60).await;
    format!("M-{n:06}")
}

async fn history(stage: &Stage, number: &str) -> Vec<String> {
    let item = stage.entry(number).await.items.remove(0);
    item.evidence
        .into_iter()
        .filter(|e| e.source == Source::History)
        .map(|e| format!("{}: {}", e.iso3, e.text))
        .collect()
}

both!(what_an_address_has_filed_never_decides_alone, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let first = send(&mut stage, 1, SECRETARY, "A national contribution").await;
    assert!(history(&stage, &first).await.is_empty(), "nothing of its own");
    assign(&stage, &first, "KGZ", false).await;
    let second = send(&mut stage, 2, SECRETARY, "A corrected contribution").await;
    assert_eq!(history(&stage, &second).await, ["KGZ: 1 input from third.secretary@bluewin.ch before"]);
    let line = &stage.log().await[1];
    assert!(line.states.is_empty(), "{line:?}");
    let waiting = line.waiting.as_deref().unwrap_or_default();
    assert!(waiting.contains("Perhaps Kyrgyzstan"), "the person sees it: {waiting}");
    // With a letterhead that is not enough by itself on such an address, it is.
    let third = send(&mut stage, 3, SECRETARY, "KYRGYZ REPUBLIC\\par Input").await;
    let line = &stage.log().await[2];
    assert_eq!(line.states, [iso3("KGZ")], "{line:?} {:?}", stage.entry(&third).await.items[0].evidence);
    let other = send(&mut stage, 4, "Other <other@bluewin.ch>", "KYRGYZ REPUBLIC\\par A second input").await;
    assert!(stage.log().await[3].states.is_empty(), "{other}: without it, it is not");
});

both!(who_sent_for_one_state_and_now_for_another_is_looked_at, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let first = send(&mut stage, 1, SECRETARY, "A national contribution").await;
    assign(&stage, &first, "KGZ", false).await;
    // Staff who moved, or a consultant: the letter names another state than all before.
    let letterhead = "REPUBLIC OF TAJIKISTAN\\par Ministry of Foreign Affairs\\par Contribution of Tajikistan";
    let moved = send(&mut stage, 2, SECRETARY, letterhead).await;
    let item = stage.entry(&moved).await.items.remove(0);
    assert_eq!(item.decision, Decision::Review, "{:?}", item.evidence);
    assert!(item.waiting.unwrap_or_default().contains("Tajikistan or Kyrgyzstan"));
    // Where a person has said so, its history is of several states, and says nothing any more.
    assign(&stage, &moved, "TJK", false).await;
    let third = send(&mut stage, 3, SECRETARY, &letterhead.replace("Contribution", "Second contribution")).await;
    assert!(history(&stage, &third).await.is_empty());
    assert_eq!(stage.log().await[2].states, [iso3("TJK")]);
});

both!(what_was_taken_back_is_no_history, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let first = send(&mut stage, 1, SECRETARY, "A national contribution").await;
    assign(&stage, &first, "KGZ", false).await;
    assign(&stage, &first, "UZB", false).await;
    let second = send(&mut stage, 2, SECRETARY, "A corrected contribution").await;
    assert_eq!(history(&stage, &second).await, ["UZB: 1 input from third.secretary@bluewin.ch before"]);
    stage.desk().not_an_input(&first, false, &person("desk"), "a mistake").await.unwrap();
    let third = send(&mut stage, 3, SECRETARY, "One more contribution").await;
    assert!(history(&stage, &third).await.is_empty());
    assert_eq!(
        (status(&stage, "KGZ").await, status(&stage, "TJK").await),
        (Status::NothingReceived, Status::NothingReceived)
    );
});

both!(colleagues_have_no_history, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let colleague = "Paul <paul@unece.org>";
    let first = send(&mut stage, 1, colleague, "Handed over by the delegation").await;
    assign(&stage, &first, "NOR", false).await;
    let second = send(&mut stage, 2, colleague, "Handed over by another delegation").await;
    assert!(history(&stage, &second).await.is_empty());
});

both!(what_the_program_matched_counts_as_well, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    send(&mut stage, 1, "Ministry <Post@mfa.no>", "Norway: contribution").await;
    assert_eq!(stage.log().await[0].states, [iso3("NOR")]);
    let second = send(&mut stage, 2, "Ministry <post@mfa.no>", "A correction").await;
    assert_eq!(history(&stage, &second).await, ["NOR: 1 input from post@mfa.no before"]);
    assert_eq!(stage.log().await[1].states, [iso3("NOR")]);
});

both!(what_came_in_the_same_moment_counts_as_well, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    for (n, head) in [(1, "Norway: contribution"), (2, "A correction")] {
        let mail = Mail::from("Ministry <post@mfa.no>").document(head).field(&format!("X-Sequence: {n}"));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
    }
    // Both are read before the first is filed.
    stage.work().await;
    assert_eq!(history(&stage, "M-000001").await, [""; 0]);
    assert_eq!(history(&stage, "M-000002").await, ["NOR: 1 input from post@mfa.no before"]);
});
