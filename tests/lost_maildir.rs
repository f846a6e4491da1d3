//! A Maildir that is not there any more: an error of its mailbox, at once, until it is there again.

use std::{fs, sync::Arc, time::Duration};

use docket::{clock::Clock, config::Shipped, instance::Instance, pipeline::Receiver};

use crate::fixture::intake::{config, good_mail, make_maildir};

struct House {
    instance: Arc<Instance>,
    receiver: Receiver,
    folder: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        make_maildir(&folder.path().join("mail"));
        let clock = Clock::by_hand("2020-09-10T10:00:00+02:00".parse().unwrap());
        let instance = Instance::open(config, Shipped::embedded(), clock).await.unwrap();
        let instance = Arc::new(instance);
        let receiver = Receiver::new(Arc::clone(&instance), instance.config.mailboxes[0].clone()).await.unwrap();
        Self { instance, receiver, folder }
    }

    /// Looks as the daemon does; what it says of the mailbox, and whether a probe is told that all is well.
    async fn look(&mut self) -> (Result<usize, String>, bool) {
        let looked = match self.receiver.step().await {
            Ok(received) => Ok(received.new),
            Err(error) => {
                assert!(self.receiver.pause(&error, 1) > Duration::ZERO);
                Err(error.to_string())
            }
        };
        (looked, self.instance.watch.health(self.instance.clock.now()).ready)
    }
}

#[tokio::test]
async fn a_maildir_that_is_lost_stops_the_work_at_once_and_until_it_is_back() {
    let mut house = House::open().await;
    let mail = house.folder.path().join("mail");
    assert_eq!(house.look().await, (Ok(0), true));
    for (part, lost) in [("new", mail.join("new")), ("cur", mail.join("cur")), ("new", mail.clone())] {
        let away = house.folder.path().join("away");
        fs::rename(&lost, &away).unwrap();
        for _ in 0..2 {
            let (looked, ready) = house.look().await;
            let said = looked.unwrap_err();
            assert!(said.contains("the Maildir cannot be read at") && said.contains(&format!("mail/{part}")), "{said}");
            assert!(!ready, "{lost:?}");
        }
        let health = house.instance.watch.health(house.instance.clock.now());
        assert!(health.troubles[0].starts_with("The mailbox gcm cannot be read: the Maildir"), "{:?}", health.troubles);
        fs::rename(&away, &lost).unwrap();
        assert_eq!(house.look().await, (Ok(0), true), "{lost:?}");
    }
    fs::write(mail.join("new/1.a"), good_mail("a")).unwrap();
    assert_eq!(house.look().await, (Ok(1), true));
}

/// Moved away, it is watched where it went; another stands in its place.
#[tokio::test]
async fn a_maildir_that_was_moved_away_is_noticed_long_before_the_next_poll() {
    let mut house = House::open().await;
    let mail = house.folder.path().join("mail");
    assert_eq!(house.look().await, (Ok(0), true));
    fs::rename(&mail, house.folder.path().join("away")).unwrap();
    let began = tokio::time::Instant::now();
    house.receiver.news(Duration::from_hours(1)).await.unwrap();
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
    assert!(house.look().await.0.is_err());
    make_maildir(&mail);
    assert_eq!(house.look().await, (Ok(0), true));
    // What comes is announced from the folder that is there now.
    fs::write(mail.join("new/1.a"), good_mail("a")).unwrap();
    house.receiver.news(Duration::from_hours(1)).await.unwrap();
    assert_eq!(house.look().await, (Ok(1), true));
}
