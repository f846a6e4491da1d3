//! A flood in one name silences no other, and what it left held is let go together.

use docket::{
    config::Shipped,
    core::event::HeldFor,
    desk::{Left, Released, Releasing},
    store::LetterState,
};
use jiff::SignedDuration;

use super::{
    decisions::{assign, iso3},
    mail::Mail,
    stage::{ADDRESS, Stage, person},
};
use crate::fixture::{Database, both};

/// With caps that are reached soon: three letters an hour for an authority, two for a domain that is none.
async fn stage(db: Database) -> Stage {
    Stage::set_with(db, "2020-09-01T09:00:00+02:00", Shipped::embedded(), |config| {
        config.letters.cap_hour = 2;
        config.letters.cap_all_hour = 3;
        config.letters.cap_domain_hour = 2;
    })
    .await
}

async fn send(stage: &mut Stage, name: &str, mail: Mail) {
    stage.deliver(name, &mail.field(&format!("X-Name: {name}")).raw(), stage.clock.now());
    stage.work().await;
}

fn input(from: &str, state: &str) -> Mail {
    Mail::from(from).subject(&format!("{state}: input to the regional review")).document(&format!("Input of {from}"))
}

/// To whom letters have left.
async fn answered(stage: &Stage) -> Vec<String> {
    let letters = stage.letters().await.into_iter();
    letters.filter(|letter| letter.state == LetterState::Sent).map(|letter| letter.recipient).collect()
}

async fn held(stage: &Stage) -> Vec<(i64, String)> {
    let letters = stage.letters().await.into_iter();
    let held = letters.filter(|letter| letter.state == LetterState::Held);
    held.map(|letter| (letter.id, letter.reason.unwrap_or_default())).collect()
}

both!(a_flood_of_forged_mail_silences_no_other_authority, async |db: Database| {
    let mut stage = stage(db).await;
    for n in 0..6 {
        let forged = input(&format!("Desk {n} <victim{n}@eda.admin.ch>"), "Switzerland");
        send(&mut stage, &format!("{n}.forged"), forged).await;
    }
    assert_eq!(answered(&stage).await.len(), 3);
    let (_, reason) = held(&stage).await.remove(0);
    assert_eq!(reason, "Switzerland had 3 letters within an hour already; a person decides.");
    for n in 0..4 {
        let association = input(&format!("Office <office{n}@association.example>"), "The Association of Friends");
        send(&mut stage, &format!("{n}.association"), association).await;
    }
    assert_eq!(answered(&stage).await.len(), 5, "one domain has two");
    assert!(held(&stage).await.last().unwrap().1.starts_with("The domain association.example had 2 letters"));
    for n in 0..3 {
        let other = input(&format!("Office <office@other{n}.example>"), "The Association of Friends");
        send(&mut stage, &format!("{n}.other"), other).await;
    }
    assert_eq!(answered(&stage).await.len(), 6, "and all that are no state’s have three together");
    // The authorities of other states are answered at once.
    send(&mut stage, "7.norway", input("Ministry <post@mfa.no>", "Norway")).await;
    send(&mut stage, "8.montenegro", Mail::from("Ministry <post@mfa.gov.me>")).await;
    stage.wait(15).await;
    let answered = answered(&stage).await;
    assert_eq!(answered[6..], ["post@mfa.no", "post@mfa.gov.me"], "a receipt, and the question for a document");
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM letter WHERE held_for = 'cap'").await, 7);
});

both!(who_writes_in_a_states_name_from_elsewhere_does_not_use_what_is_its_own, async |db: Database| {
    let mut stage = stage(db).await;
    let people = "iso3,name,address,language,from,until\nNOR,Ana,ana@posteo.example,en,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    for n in 0..4 {
        let from = format!("Royal Norwegian Ministry of Foreign Affairs <desk@office{n}.example>");
        send(&mut stage, &format!("{n}.elsewhere"), input(&from, "Norway")).await;
        let number = format!("M-{:06}", n + 1);
        if stage.log().await.last().unwrap().states.is_empty() {
            assign(&stage, &number, "NOR", false).await;
        }
    }
    for (n, from) in
        ["Ministry <post@mfa.no>", "Ana <ana@posteo.example>", "Desk <desk@mfa.no>"].into_iter().enumerate()
    {
        send(&mut stage, &format!("{n}.norway"), input(from, "Norway")).await;
    }
    let answered = answered(&stage).await;
    for own in ["post@mfa.no", "ana@posteo.example", "desk@mfa.no"] {
        assert!(answered.contains(&own.to_owned()), "{own}: {answered:?}");
    }
    assert_eq!(stage.db.number("SELECT CAST(SUM(letters) AS BIGINT) FROM allowance WHERE whose = 'NOR'").await, 3);
});

both!(one_mailbox_has_one_cap_however_its_address_is_written, async |db: Database| {
    let mut stage = stage(db).await;
    let spellings = ["desk@mfa.no", "Desk@mfa.no", "desk+a@mfa.no", "DESK+b@mfa.no"];
    for (n, address) in spellings.into_iter().enumerate() {
        send(&mut stage, &format!("{n}.mail"), input(&format!("Desk <{address}>"), "Norway")).await;
    }
    assert_eq!(answered(&stage).await, spellings[..2], "to the address as it is written");
    let (_, reason) = held(&stage).await.remove(1);
    assert!(reason.starts_with("This address had 2 letters within an hour already"), "{reason}");
});

both!(our_own_mailbox_with_more_behind_a_plus_sign_gets_no_letter, async |db: Database| {
    let mut stage = stage(db).await;
    let own = ADDRESS.replace('@', "+anything@");
    send(&mut stage, "1.own", input(&format!("Us <{own}>"), "Norway")).await;
    let returned = input("Desk <desk@mfa.no>", "Norway").above(&format!("Return-Path: <{}>", own.to_uppercase()));
    send(&mut stage, "2.returned", returned).await;
    assert_eq!(stage.letters().await.len(), 0);
    send(&mut stage, "3.to", input("Post <post@mfa.no>", "Norway").to(&own)).await;
    assert_eq!(answered(&stage).await, ["post@mfa.no"], "and what is sent there is sent to us");
    let people = format!("iso3,name,address,language,from,until\nSWE,We,{own},en,,\n");
    stage.desk().import_focal_points(&people).await.unwrap();
    stage.until("2020-09-24T09:00:00+02:00".parse().unwrap()).await;
    let steps = docket::pipeline::remind(stage.instance(), true).await.unwrap();
    let sweden = steps[0].lines.iter().find(|line| line.iso3 == iso3("SWE")).unwrap();
    assert!(sweden.left_out.as_deref().unwrap_or_default().contains("address of our own"), "{sweden:?}");
});

both!(what_is_held_is_let_go_together_and_no_faster_than_the_caps_allow, async |db: Database| {
    let mut stage = stage(db).await;
    for n in 0..8 {
        send(&mut stage, &format!("{n}.swiss"), input(&format!("Desk <desk{n}@eda.admin.ch>"), "Switzerland")).await;
    }
    for n in 0..4 {
        send(&mut stage, &format!("{n}.norway"), input("Ministry <post@mfa.no>", "Norway")).await;
    }
    assert_eq!((answered(&stage).await.len(), held(&stage).await.len()), (5, 7));
    // One may have been sent before, of another nobody knows whether it left.
    let ids: Vec<i64> = held(&stage).await.into_iter().map(|(id, _)| id).collect();
    for (id, why) in [(ids[0], "restored"), (ids[6], "uncertain")] {
        stage.db.tamper(&format!("UPDATE letter SET held_for = '{why}' WHERE id = {id}")).await;
    }
    let release = async |stage: &Stage, which: Releasing| {
        stage.desk().release_held(&which, &person("desk"), "they are genuine").await.unwrap()
    };
    let norway = Releasing { state: Some(iso3("NOR")), ..Releasing::default() };
    let (released, left) = release(&stage, norway).await;
    assert_eq!(released.iter().map(|letter| letter.id).collect::<Vec<_>>(), [ids[5]]);
    assert_eq!(left.len(), 6);
    assert_eq!(left[5].held_for, Some(HeldFor::Uncertain), "it may have been sent before: only by its name");
    let now = stage.clock.now();
    let hours = |released: &[Released]| {
        released.iter().map(|letter| letter.not_before.duration_since(now).as_hours()).collect::<Vec<_>>()
    };
    assert_eq!(hours(&released), [1], "the address had its two");
    let (released, left) = release(&stage, Releasing::default()).await;
    assert_eq!(released.iter().map(|letter| letter.id).collect::<Vec<_>>(), ids[1..5]);
    assert_eq!(hours(&released), [1, 1, 1, 2], "three in an hour");
    assert_eq!(left.iter().map(|Left { id, .. }| *id).collect::<Vec<_>>(), [ids[0], ids[6]]);
    assert!(left[0].reason.starts_with("Switzerland had 3 letters"), "{left:?}");
    assert_eq!(release(&stage, Releasing::default()).await.0, [], "once");
    let (released, left) =
        release(&stage, Releasing { held_for: vec![HeldFor::Restored], ..Releasing::default() }).await;
    assert_eq!((released.len(), left.len()), (1, 1));
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM event WHERE kind = 'letter_moved'").await, 6);
    stage.wait(1).await;
    assert_eq!(answered(&stage).await.len(), 5);
    stage.until(now + SignedDuration::from_hours(3)).await;
    assert_eq!((answered(&stage).await.len(), held(&stage).await.len()), (11, 1));
    let shown = stage.entry("M-000005").await;
    assert!(shown.history.iter().any(|event| event.actor == person("desk") && event.what.contains("they are genuine")));
});
