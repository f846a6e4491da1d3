//! What the store promises, held against both databases.

use crate::fixture::{Database, both};

both!(a_secret_stays, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    let secret = tx.instance_secret("letters").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.open_again().await.begin().await.unwrap();
    assert_eq!(tx.instance_secret("letters").await.unwrap(), secret);
    assert_eq!(secret.len(), 32);
    assert_ne!(tx.instance_secret("pages").await.unwrap(), secret);
});
