//! Addresses that mean one mailbox.

use docket::core::mail::{
    address::{domain, folded},
    automatic::Own,
};
use proptest::prelude::*;

#[test]
fn one_mailbox_has_one_spelling() {
    for (written, spelling) in [
        ("desk@mfa.gov", "desk@mfa.gov"),
        ("Desk+x@MFA.GOV", "desk@mfa.gov"),
        (" desk+a+b@mfa.gov. ", "desk@mfa.gov"),
        ("desk.office@mfa.gov", "desk.office@mfa.gov"),
        ("desk-x@mfa.gov", "desk-x@mfa.gov"),
        // There is nothing before the plus sign that could be a mailbox.
        ("+x@mfa.gov", "+x@mfa.gov"),
        ("GESANDTSCHAFT@ÖSTERREICH.AT", "gesandtschaft@österreich.at"),
        ("Post@xn--sterreich-z7a.at", "post@österreich.at"),
        ("почта@XN--D1ACPJX3F.XN--P1AI", "почта@яндекс.рф"),
        ("no address", "no address"),
        ("", ""),
    ] {
        assert_eq!(folded(written), spelling, "{written}");
    }
    assert_eq!((domain("A+b@MFA.Gov."), domain("none")), ("mfa.gov".to_owned(), String::new()));
}

#[test]
fn our_own_mailbox_is_ours_however_it_is_written() {
    let own = |address: &str| Own { addresses: vec![address.to_owned()], ..Own::default() };
    for address in ["gcm@un.test", "GCM@UN.TEST", "gcm+anything@un.test", "Gcm+a+b@un.test"] {
        assert!(own("gcm@un.test").has(address), "{address}");
        assert!(own("gcm+inputs@un.test").has(address), "{address}");
    }
    for address in ["post@xn--sterreich-z7a.at", "Post@ÖSTERREICH.at", "post+x@o\u{308}sterreich.AT"] {
        assert!(own("post@österreich.at").has(address), "{address}");
        assert!(own("post@xn--sterreich-z7a.at").has(address), "{address}");
    }
    for address in ["gcmx@un.test", "gcm@other.test", "x+gcm@un.test", "", "@un.test", "+@un.test"] {
        assert!(!own("gcm@un.test").has(address), "{address}");
    }
}

proptest! {
    #[test]
    fn a_spelling_is_its_own(local in "[a-zA-Z0-9.+-]{0,12}", domain in "[a-zA-Z0-9.-]{0,12}") {
        let address = format!("{local}@{domain}");
        prop_assert_eq!(folded(&folded(&address)), folded(&address));
        prop_assert_eq!(folded(&address.to_uppercase()), folded(&address));
    }
}
