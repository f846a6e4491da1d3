//! Encryption to a mail server: checked, or no login and no letter.

use std::{fs, path::Path, sync::Arc};

use docket::{
    config::{SmtpConfig, Tls},
    mailer::{Handover, Phase, Smtp},
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio_rustls::TlsAcceptor;

use super::{
    smtp_peer::{At, Peer, say},
    smtp_phases::{config, login, patient, send},
};

const LETTER: &[u8] = b"Message-ID: <docket.1@inputs.test>\r\n\r\nA letter.\r\n";

/// An authority, and a server's certificate of it, until that year.
fn certificate(folder: &Path, name: &str, until: i32) -> TlsAcceptor {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
    let mut server = CertificateParams::new(vec![name.to_owned()]).unwrap();
    server.not_after = rcgen::date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    let server = server.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![server.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn encrypted(peer: &Peer, folder: &Path, tls: Tls) -> SmtpConfig {
    let host = "localhost".to_owned();
    SmtpConfig { host, tls, login: Some(login()), ca_file: Some(folder.join("ca.pem")), ..config(peer) }
}

/// What is said when it must not have come to a login.
async fn refused(peer: &Peer, config: SmtpConfig) -> String {
    let sent = send(&Smtp::new(config, patient()), LETTER).await;
    let Handover::NotSent { phase: Phase::Tls, reason, .. } = sent else { panic!("{sent}") };
    let commands = peer.commands();
    assert!(commands.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS"), "{commands:?}");
    assert_eq!(peer.taken(), []);
    reason
}

#[tokio::test]
async fn a_letter_goes_encrypted_by_either_way() {
    let folder = tempfile::tempdir().unwrap();
    let tls = certificate(folder.path(), "localhost", 2200);
    for (kind, implicit) in [(Tls::Implicit, true), (Tls::Starttls, false)] {
        let peer = Peer::with_tls(Some(tls.clone()), implicit, |_, _| None).await;
        let smtp = Smtp::new(encrypted(&peer, folder.path(), kind), patient());
        for _ in 0..2 {
            let sent = send(&smtp, LETTER).await;
            assert!(matches!(sent, Handover::Accepted { .. }), "{sent}");
        }
        let words: Vec<String> = peer.commands().iter().map(|l| l.split(' ').next().unwrap().to_owned()).collect();
        let letters = ["AUTH", "MAIL", "RCPT", "DATA", "MAIL", "RCPT", "DATA"];
        let before: &[&str] = if implicit { &["EHLO"] } else { &["EHLO", "STARTTLS", "EHLO"] };
        assert_eq!(words, [before, &letters[..]].concat(), "what was said in the clear is asked again");
        assert_eq!((peer.taken().len(), peer.connections()), (2, 1));
    }
}

#[tokio::test]
async fn a_stripped_starttls_gets_neither_login_nor_letter() {
    let folder = tempfile::tempdir().unwrap();
    let tls = certificate(folder.path(), "localhost", 2200);
    for (at, said, expected) in [
        (At::Ehlo, "250-peer.test\r\n250 AUTH PLAIN\r\n", "does not offer STARTTLS"),
        (At::StartTls, "454 4.7.0 not now\r\n", "454 4.7.0 not now"),
        (At::StartTls, "220 go\r\n250-peer.test\r\n250 AUTH PLAIN\r\n", "went on in the clear"),
    ] {
        let peer = Peer::with_tls(Some(tls.clone()), false, move |a, _| (a == at).then(|| say(said))).await;
        let reason = refused(&peer, encrypted(&peer, folder.path(), Tls::Starttls)).await;
        assert!(reason.contains(expected), "{reason}");
    }
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_gets_neither_login_nor_letter() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (name, until, expected) in [("elsewhere.test", 2200, "is for another name"), ("localhost", 2001, "expired")] {
        let tls = certificate(folder.path(), name, until);
        for (kind, implicit) in [(Tls::Implicit, true), (Tls::Starttls, false)] {
            let peer = Peer::with_tls(Some(tls.clone()), implicit, |_, _| None).await;
            let reason = refused(&peer, encrypted(&peer, folder.path(), kind)).await;
            assert!(reason.contains(expected), "{reason}");
        }
    }
    let tls = certificate(folder.path(), "localhost", 2200);
    certificate(other.path(), "localhost", 2200);
    let peer = Peer::with_tls(Some(tls.clone()), true, |_, _| None).await;
    let reason = refused(&peer, encrypted(&peer, other.path(), Tls::Implicit)).await;
    assert!(reason.to_lowercase().contains("certificate"), "an authority that is not ours: {reason}");
    let peer = Peer::with_tls(Some(tls), true, |_, _| None).await;
    let system = SmtpConfig { ca_file: None, ..encrypted(&peer, other.path(), Tls::Implicit) };
    refused(&peer, system).await;
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_is_not_talked_to() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path(), "localhost", 2200);
    let peer = Peer::start(|_, _| None).await;
    refused(&peer, encrypted(&peer, folder.path(), Tls::Implicit)).await;
    assert_eq!(peer.commands(), Vec::<String>::new());
    fs::remove_file(folder.path().join("ca.pem")).unwrap();
    let reason = refused(&peer, encrypted(&peer, folder.path(), Tls::Implicit)).await;
    assert!(reason.contains("ca.pem"), "{reason}");
}
