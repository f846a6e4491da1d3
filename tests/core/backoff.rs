//! The wait between attempts.

use std::time::Duration;

use docket::core::backoff::{after_asked, asked_for, wait};
use proptest::prelude::*;

#[test]
fn the_first_waits() {
    let minutes = |failed| wait(failed, 0).as_secs() / 60;
    assert_eq!([1, 2, 3, 4, 5, 6, 7, 8, 100, u32::MAX].map(minutes), [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
}

#[test]
fn what_a_server_asks_for() {
    for (words, millis) in [
        ("Request is throttled. Suggested Backoff Time: 299961 milliseconds", Some(299_961)),
        ("[THROTTLED] suggested backoff time:5 minutes", Some(300_000)),
        ("Retry-After: 30", Some(30_000)),
        ("[LIMIT] Too many logins, please try again in 2 hours.", Some(3_600_000)),
        ("try again in 99999999999999999999 seconds", None),
        ("retry after 18446744073709551615 min", Some(3_600_000)),
        ("try again in a moment", None),
        ("Backoff Time", None),
        ("[UNAVAILABLE] Temporary authentication failure", None),
        ("", None),
    ] {
        assert_eq!(asked_for(words), millis.map(Duration::from_millis), "{words}");
    }
}

proptest! {
    #[test]
    fn what_was_asked_for_is_never_cut_short(words: String, millis in 0_u64..=3_600_000, chance: u32) {
        prop_assert!(asked_for(&words).is_none_or(|wait| wait <= Duration::from_hours(1)));
        let asked = Duration::from_millis(millis);
        let waits = after_asked(asked, chance);
        prop_assert!(asked <= waits && waits <= asked * 5 / 4);
    }

    #[test]
    fn waits_grow_and_end(failed: u32, chance: u32) {
        let wait_now = wait(failed, chance);
        prop_assert!(wait_now >= Duration::from_secs(45) && wait_now <= Duration::from_hours(1));
        prop_assert!(wait_now <= wait(failed, 0), "chance only shortens");
        prop_assert!(wait_now * 4 >= wait(failed, 0) * 3, "by a quarter at most");
        prop_assert!(wait_now <= wait(failed.saturating_add(1), chance), "never shorter than before");
    }
}
