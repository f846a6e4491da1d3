//! Refresh tokens as they lie in the database: encrypted by a key that does not lie there.
//!
//! Promises that what was sealed for one account opens for no other, and that a changed byte is noticed (AES-256-GCM, the
//! account as associated data, a fresh nonce each time).

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};

use super::TokenError;
use crate::config::{Key, Secret};

/// Encrypts a token for an account: the nonce, then the ciphertext.
pub(super) fn seal(key: &Key, account: &str, token: &Secret) -> Result<Vec<u8>, TokenError> {
    let failed = || TokenError::Keep("it cannot be encrypted".to_owned());
    let nonce: [u8; NONCE_LEN] = random()?;
    let mut sealed = token.reveal().as_bytes().to_vec();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.reveal()).map_err(|_| failed())?);
    let nonce_used = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce_used, Aad::from(account), &mut sealed).map_err(|_| failed())?;
    Ok([&nonce[..], &sealed].concat())
}

/// Decrypts what was sealed for an account; `None` if it was not, or not by this key.
pub(super) fn open(key: &Key, account: &str, sealed: &[u8]) -> Option<Secret> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.reveal()).ok()?);
    let mut sealed = sealed.to_vec();
    let open = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(account), &mut sealed).ok()?;
    String::from_utf8(open.to_vec()).ok().map(Secret::new)
}

/// By what a token is recognised without being kept: a salt, then the hash of both.
pub(super) fn mark(token: &Secret) -> Result<Vec<u8>, TokenError> {
    let salt: [u8; 16] = random()?;
    Ok([&salt[..], &salted(&salt, token)].concat())
}

/// Whether a mark is that of a token.
pub(super) fn is_marked(mark: &[u8], token: &Secret) -> bool {
    mark.split_at_checked(16).is_some_and(|(salt, hash)| hash == salted(salt, token))
}

fn salted(salt: &[u8], token: &Secret) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(token.reveal()).finalize().into()
}

fn random<const N: usize>() -> Result<[u8; N], TokenError> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| TokenError::Keep(format!("the system gave no randomness: {error}")))?;
    Ok(bytes)
}
