//! Actors: one text for each in the database, whatever a person is called.

use docket::core::actor::Actor;
use proptest::prelude::*;

#[test]
fn rows_that_are_there_stay_readable() {
    for (text, actor) in [
        ("docket", Actor::Program),
        ("docket import", Actor::Import),
        ("Ana", Actor::person("Ana")),
        ("terminal", Actor::person("terminal")),
        ("12=Ana", Actor::Person { id: Some(12), name: "Ana".to_owned() }),
        ("=docket", Actor::person("docket")),
        ("a=b", Actor::person("a=b")),
    ] {
        assert_eq!(Actor::from(text.to_owned()), actor);
        assert_eq!(String::from(actor), text);
    }
    assert_eq!(Actor::Program.name(), "docket");
    assert_eq!((Actor::person("docket").name(), Actor::person("docket").kind()), ("docket", "person"));
}

proptest! {
    #[test]
    fn an_actor_comes_back(id in proptest::option::of(0..i64::MAX), name in "(docket|docket import|[0-9]{0,25}=.*|.*)") {
        let actor = Actor::Person { id, name };
        prop_assert_eq!(Actor::from(String::from(actor.clone())), actor.clone());
        let json = serde_json::to_string(&actor).unwrap();
        prop_assert_eq!(serde_json::from_str::<Actor>(&json).unwrap(), actor);
    }

    #[test]
    fn every_text_is_somebody(text in any::<String>()) {
        let actor = Actor::from(text);
        prop_assert_eq!(Actor::from(String::from(actor.clone())), actor);
    }
}
