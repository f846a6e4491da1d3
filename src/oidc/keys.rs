//! The keys of an issuer (RFC 7517), and whether one of them signed something (RFC 7518).
//!
//! Promises that a key is used only as its own kind: a token that names another way of signing is not looked at with it, so
//! a public key is never taken for a shared secret.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde::Deserialize;

/// A key as it comes.
#[derive(Deserialize)]
struct Said {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct SaidSet {
    keys: Vec<serde_json::Value>,
}

/// A key that can check a signature.
#[derive(Clone, Debug)]
pub(super) struct Key {
    id: Option<String>,
    alg: Option<String>,
    public: Public,
}

#[derive(Clone, Debug)]
enum Public {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
}

/// The ways of signing that are taken; all of them with a key of which only the issuer has the other half.
pub(super) const WAYS: [&str; 8] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"];

/// The keys of a set that can be used; those of other kinds are passed over.
pub(super) fn understand(body: &[u8]) -> Result<Vec<Key>, String> {
    let set: SaidSet = serde_json::from_slice(body).map_err(|error| format!("its keys: {error}"))?;
    Ok(set.keys.into_iter().filter_map(|key| read(serde_json::from_value(key).ok()?)).collect())
}

fn read(said: Said) -> Option<Key> {
    if said.purpose.is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let bytes = |text: Option<String>| BASE64.decode(text?).ok();
    let point = |x, y| Some([&[4][..], &bytes(x)?, &bytes(y)?].concat());
    let public = match (said.kty.as_str(), said.crv.as_deref()) {
        ("RSA", _) => {
            let plain = |number: Vec<u8>| number.into_iter().skip_while(|byte| *byte == 0).collect();
            Public::Rsa { n: plain(bytes(said.n)?), e: plain(bytes(said.e)?) }
        }
        ("EC", Some("P-256")) => Public::P256(point(said.x, said.y)?),
        ("EC", Some("P-384")) => Public::P384(point(said.x, said.y)?),
        _ => return None,
    };
    Some(Key { id: said.kid, alg: said.alg, public })
}

impl Key {
    /// Whether it may be the one that a token names.
    pub(super) fn fits(&self, id: Option<&str>, way: &str) -> bool {
        let named = id.is_none_or(|id| self.id.as_deref() == Some(id));
        let kind = match self.public {
            Public::Rsa { .. } => way.starts_with("RS") || way.starts_with("PS"),
            Public::P256(_) => way == "ES256",
            Public::P384(_) => way == "ES384",
        };
        named && kind && self.alg.as_deref().is_none_or(|alg| alg == way)
    }

    /// Whether it signed that.
    pub(super) fn signed(&self, way: &str, message: &[u8], signed: &[u8]) -> bool {
        let rsa = match way {
            "RS256" => &signature::RSA_PKCS1_2048_8192_SHA256,
            "RS384" => &signature::RSA_PKCS1_2048_8192_SHA384,
            "RS512" => &signature::RSA_PKCS1_2048_8192_SHA512,
            "PS256" => &signature::RSA_PSS_2048_8192_SHA256,
            "PS384" => &signature::RSA_PSS_2048_8192_SHA384,
            _ => &signature::RSA_PSS_2048_8192_SHA512,
        };
        let elliptic = |algorithm: &'static dyn VerificationAlgorithm, point: &[u8]| {
            UnparsedPublicKey::new(algorithm, point).verify(message, signed)
        };
        let checked = match &self.public {
            Public::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(rsa, message, signed),
            Public::P256(point) => elliptic(&signature::ECDSA_P256_SHA256_FIXED, point),
            Public::P384(point) => elliptic(&signature::ECDSA_P384_SHA384_FIXED, point),
        };
        checked.is_ok()
    }
}
