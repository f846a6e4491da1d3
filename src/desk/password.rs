//! Passwords: how they are kept, and whether one is right.
//!
//! Argon2id with 19 MiB, two passes and one lane, as OWASP recommends. Promises the same work for a name that there is not,
//! and at most two passwords at once, so that logins leave memory and a core to the others.

use std::sync::{Arc, LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::DeskError;
use crate::store::StoreError;

/// What a password has at least, and at most, in characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=200;

/// How many are looked at at once.
static AT_ONCE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// The password as it is kept.
///
/// # Errors
/// It is too short or too long, or the system gave no randomness.
pub(super) async fn hashed(password: &str) -> Result<String, DeskError> {
    if !LENGTH.contains(&password.chars().count()) {
        let said = format!("A password has {} to {} characters.", LENGTH.start(), LENGTH.end());
        return Err(DeskError::Refused(said));
    }
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|error| failed(&error))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| failed(&error))?;
    let password = password.to_owned();
    let hash = move || Argon2::default().hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string());
    at_leisure(hash).await?.map_err(|error| failed(&error))
}

/// Whether a password is the one that is kept; where none is kept, it is not, after the same work.
pub(super) async fn is_right(password: &str, kept: Option<&str>) -> Result<bool, DeskError> {
    let (password, kept) = (password.to_owned(), kept.map(str::to_owned));
    at_leisure(move || {
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODYS.clone());
        let right = PasswordHash::new(&kept)
            .is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok());
        known && right
    })
    .await
}

/// What is worked on for a name that there is not.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let salt = SaltString::encode_b64(b"nobody is called").ok();
    let hash =
        salt.and_then(|salt| Argon2::default().hash_password(b"nobody", &salt).ok().map(|hash| hash.to_string()));
    hash.unwrap_or_default()
});

async fn at_leisure<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DeskError> {
    let turn = Arc::clone(&AT_ONCE).acquire_owned().await.map_err(|error| failed(&error))?;
    let done = spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    done.await.map_err(|error| failed(&error))
}

fn failed(error: &dyn std::fmt::Display) -> DeskError {
    StoreError::Row(format!("a password could not be worked on: {error}")).into()
}
