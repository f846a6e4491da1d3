//! Logins by tokens, line by line: what a server is told, and what it does with a token that it refuses.

use docket::{
    config::{ClientAuth, Grant, ImapConfig, OauthConfig, Proof, Secret, SmtpConfig, SmtpLogin},
    core::mail::sasl::{self, Bearer},
    mailbox::{Imap, ImapError},
    mailer::{Handover, Phase, Smtp},
};

use super::{
    imap::{HELLO, LIMIT, Script, Server},
    smtp_peer::{At, Peer, say},
    smtp_phases::{config, patient},
};

const TOKEN: &str = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg";
/// `user=u`, and the token, as XOAUTH2 has it.
const XOAUTH2: &str = "dXNlcj11AWF1dGg9QmVhcmVyIHlhMjkudkY5ZGZ0NHFtVGMyTnZiM1JsY2tCaGRIUmhkbWx6ZEdFdVkyOXRDZwEB";
/// `{"status":"400","schemes":"bearer"}`
const COMPLAINT: &str = "eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiYmVhcmVyIn0=";

fn proof() -> Proof {
    Proof::Oauth(Box::new(OauthConfig {
        endpoint: "http://127.0.0.1:1/token".parse().unwrap(),
        client_id: "docket".to_owned(),
        client_secret: None,
        client_auth: ClientAuth::Body,
        grant: Grant::ClientCredentials,
        scope: None,
    }))
}

/// What the documents of both mechanisms give as examples.
#[test]
fn both_mechanisms_have_the_bytes_of_their_examples() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let says = Bearer::XOauth2.says("someuser@example.com", "imap.example.com", 993, TOKEN);
    let expected = "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0\
                    Q2cBAQ==";
    assert_eq!(STANDARD.encode(says), expected);
    let token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";
    let says = Bearer::OauthBearer.says("user@example.com", "server.example.com", 143, token);
    let expected = "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52\
                    YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB";
    assert_eq!(STANDARD.encode(says), expected);
    let odd = Bearer::OauthBearer.says("a=b,c", "h", 1, "t");
    assert!(odd.starts_with("n,a=a=3Db=2Cc,\u{1}"), "{odd}");
}

#[test]
fn a_complaint_is_a_status_and_a_secret_is_cut_out_of_words_even_in_pieces() {
    assert_eq!(sasl::complaint(COMPLAINT).as_deref(), Some("400"));
    for nonsense in ["", "hello", "e30=", "eyJzdGF0dXMiOiIifQ==", "\u{0}"] {
        assert_eq!(sasl::complaint(nonsense), None, "{nonsense}");
    }
    let cases = [
        ("no such thing", "no such thing"),
        ("bad token ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg!", "bad token …!"),
        ("bad token ya29.vF9dft4q", "bad token …"),
        ("ckBhdHRhdmlz, twice: ckBhdHRhdmlz", "…, twice: …"),
        ("é ya29.vF9 ü", "é … ü"),
        ("short", "short"),
    ];
    for (words, expected) in cases {
        assert_eq!(sasl::without(words, &[TOKEN, ""]), expected);
    }
    assert_eq!(sasl::without("the pass is pass", &["pass"]), "the … is …");
}

async fn examined(script: Script) -> (Vec<String>, Result<(), ImapError>) {
    let server = Server::with(HELLO, script).await;
    let mut imap = Imap::new(ImapConfig { proof: proof(), ..server.account() }, LIMIT);
    imap.hand_token(Secret::new(TOKEN));
    let answer = imap.examine("INBOX").await.map(|_| ());
    (server.heard(), answer)
}

#[tokio::test]
async fn imap_takes_a_token_by_the_mechanism_that_it_offers() {
    let (heard, answer) = examined(&[
        ("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR\r\n{tag} OK\r\n"),
        ("AUTHENTICATE XOAUTH2", "+ \r\n"),
        (XOAUTH2, "* CAPABILITY IMAP4rev1\r\nD0002 OK welcome\r\n"),
    ])
    .await;
    answer.unwrap();
    assert_eq!(heard[1..3], ["AUTHENTICATE XOAUTH2", XOAUTH2]);

    let (heard, answer) = examined(&[
        ("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER LOGINDISABLED\r\n{tag} OK\r\n"),
        ("AUTHENTICATE OAUTHBEARER", "+\r\n"),
        ("bixhPXUsAWhvc3Q9MTI3LjAuMC4xAXBvcnQ9", "D0002 OK welcome\r\n"),
    ])
    .await;
    answer.unwrap();
    assert_eq!(heard[1], "AUTHENTICATE OAUTHBEARER", "the standard's, where there are both");
}

#[tokio::test]
async fn imap_answers_the_complaint_about_a_token_and_hears_that_it_is_refused() {
    const COMPLAINS: &str = "+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiYmVhcmVyIn0=\r\n";
    const ECHO: &str = "D0002 NO what is dXNlcj11AWF1dGg9QmVhcmVyIHlhMjkudkY5ZGZ0NHFtVGMyTnZiM1Js or ya29.vF9dft4q\r\n";
    for (mechanism, says, script_end, last, expected) in [
        (
            "XOAUTH2",
            "dXNlcj11",
            &[(COMPLAINS, "", "D0002 NO AUTHENTICATE failed.\r\n")][..],
            Some(""),
            "the login was refused: AUTHENTICATE failed. (status 400)",
        ),
        (
            "OAUTHBEARER",
            "bixhPXU",
            &[(COMPLAINS, "AQ==", "D0002 NO [AUTHENTICATIONFAILED] no\r\n")],
            Some("AQ=="),
            "the login was refused: [AUTHENTICATIONFAILED] no (status 400)",
        ),
        (
            "XOAUTH2",
            "dXNlcj11",
            &[("D0002 NO AUTHENTICATE failed.\r\n", "-", "")],
            None,
            "the login was refused: AUTHENTICATE failed.",
        ),
        ("XOAUTH2", "dXNlcj11", &[("+ \r\n", "", "D0002 BAD no\r\n")], Some(""), "the login was refused: no"),
        ("XOAUTH2", "dXNlcj11", &[(ECHO, "-", "")], None, "the login was refused: what is … or …"),
        ("XOAUTH2", "dXNlcj11", &[(COMPLAINS, "", "+ again\r\n")], Some(""), "cannot be understood"),
        ("XOAUTH2", "dXNlcj11", &[(COMPLAINS, "", "!")], Some(""), "the connection broke"),
        ("XOAUTH2", "dXNlcj11", &[("* BYE tired\r\n", "-", "")], None, "closed the connection: tired"),
    ] {
        let capability = format!("* CAPABILITY IMAP4rev1 AUTH={mechanism}\r\n{{tag}} OK\r\n");
        let (after_token, answers, then) = script_end[0];
        let script: Vec<(&'static str, &'static str)> = vec![
            ("CAPABILITY", capability.leak()),
            ("AUTHENTICATE", "+ \r\n"),
            (says, after_token),
            // An empty line is found last of all, for every line begins with it.
            (answers, then),
        ];
        let (heard, answer) = examined(script.leak()).await;
        let said = answer.unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
        assert_eq!(heard.get(3).map(String::as_str), last, "{heard:?}");
    }
}

#[tokio::test]
async fn imap_is_told_no_token_where_it_takes_none_and_no_password_where_tokens_are_meant() {
    let (heard, answer) =
        examined(&[("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN\r\n{tag} OK\r\n")]).await;
    assert!(
        matches!(&answer, Err(ImapError::Login(why)) if why.contains("neither OAUTHBEARER nor XOAUTH2")),
        "{answer:?}"
    );
    assert_eq!(heard.len(), 1);
    let server = Server::with(HELLO, &[]).await;
    let answer = Imap::new(ImapConfig { proof: proof(), ..server.account() }, LIMIT).examine("INBOX").await;
    assert!(matches!(answer, Err(ImapError::Login(_))), "{answer:?}");
}

fn by_token(peer: &Peer) -> Smtp {
    let login = Some(SmtpLogin { user: "u".to_owned(), proof: proof() });
    let smtp = Smtp::new(SmtpConfig { login, ..config(peer) }, patient());
    smtp.hand_token(Secret::new(TOKEN));
    smtp
}

#[tokio::test]
async fn smtp_takes_a_token_by_the_mechanism_that_it_offers() {
    for (offers, mechanism) in [
        ("AUTH LOGIN XOAUTH2", "AUTH XOAUTH2"),
        ("AUTH XOAUTH2 OAUTHBEARER", "AUTH OAUTHBEARER"),
        ("AUTH=OAUTHBEARER", "AUTH OAUTHBEARER"),
    ] {
        let peer = Peer::start(move |at, _| (at == At::Ehlo).then(|| say(format!("250-p\r\n250 {offers}\r\n")))).await;
        by_token(&peer).try_out(None).await.unwrap();
        let commands = peer.commands();
        assert_eq!((commands[1].as_str(), commands[3].as_str()), (mechanism, "MAIL FROM:<>"), "{commands:?}");
        assert_eq!(commands[2] == XOAUTH2, mechanism.ends_with("XOAUTH2"), "{commands:?}");
    }
}

#[tokio::test]
async fn smtp_answers_the_complaint_about_a_token_and_hears_that_it_is_refused() {
    for (mechanism, last) in [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")] {
        let peer = Peer::start(move |at, before| match (at, before) {
            (At::Ehlo, _) => Some(say(format!("250-p\r\n250 AUTH {mechanism}\r\n"))),
            (At::Auth, 1) => Some(say(format!("334 {COMPLAINT}\r\n"))),
            (At::Auth, 2) => Some(say(format!("535 5.7.8 not {TOKEN}\r\n"))),
            _ => None,
        })
        .await;
        let sent = by_token(&peer).try_out(None).await.unwrap_err();
        let expected = "the server refused the login: 535 5.7.8 not … (status 400)";
        assert_eq!(sent, Handover::not_sent(Phase::Login, expected.to_owned()));
        assert_eq!(peer.commands()[3], last);
    }
    for (answer, expected) in [
        ("535 5.7.3 no\r\n", "the server refused the login: 535 5.7.3 no"),
        ("454 4.7.0 later\r\n", "the server refused the login: 454 4.7.0 later"),
        ("235", "the server closed the connection"),
    ] {
        let peer = Peer::start(move |at, before| match (at, before) {
            (At::Ehlo, _) => Some(say("250-p\r\n250 AUTH XOAUTH2\r\n")),
            (At::Auth, 1) => Some(say(answer).and_close()),
            _ => None,
        })
        .await;
        let sent = by_token(&peer).try_out(None).await.unwrap_err();
        assert_eq!(sent, Handover::not_sent(Phase::Login, expected.to_owned()));
    }
}

#[tokio::test]
async fn smtp_is_told_no_token_where_it_takes_none() {
    let peer = Peer::start(|_, _| None).await;
    let said = by_token(&peer).try_out(None).await.unwrap_err().to_string();
    assert!(said.contains("neither AUTH OAUTHBEARER nor AUTH XOAUTH2"), "{said}");
    assert_eq!(peer.commands().len(), 1, "nothing is said that was not asked");
}
