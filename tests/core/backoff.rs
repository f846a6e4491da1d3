//! The wait between attempts.

use std::time::Duration;

use docket::core::backoff::wait;
use proptest::prelude::*;

#[test]
fn the_first_waits() {
    let minutes = |failed| wait(failed, 0).as_secs() / 60;
    assert_eq!([1, 2, 3, 4, 5, 6, 7, 8, 100, u32::MAX].map(minutes), [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
}

proptest! {
    #[test]
    fn waits_grow_and_end(failed: u32, chance: u32) {
        let wait_now = wait(failed, chance);
        prop_assert!(wait_now >= Duration::from_secs(45) && wait_now <= Duration::from_hours(1));
        prop_assert!(wait_now <= wait(failed, 0), "chance only shortens");
        prop_assert!(wait_now * 4 >= wait(failed, 0) * 3, "by a quarter at most");
        prop_assert!(wait_now <= wait(failed.saturating_add(1), chance), "never shorter than before");
    }
}
