//! Cleaning, and taking a body apart.

use docket::core::{
    mail::quoting::{forwarded, own_words},
    text::{file_name, line, lines, links, nfkc},
};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

#[test]
fn cleaning() {
    assert_eq!(line(" a\r\nBcc: b\u{0}\u{202e}c\u{2066}\u{7f} ", 100), "a Bcc: bc");
    assert_eq!(line("e\u{301}", 100), "é");
    assert_eq!(line("abcdef", 3), "abc");
    assert_eq!(lines("a\r\nb\rc\u{1b}[0m\u{feff}", 100), "a\nb\nc[0m");
    assert_eq!(lines("ééé", 4), "éé");
    assert_eq!(file_name("C:\\x\\CON.docx").as_deref(), Some("CON.docx"));
    assert_eq!(file_name(" / "), None);
}

#[test]
fn own_words_end_where_the_thread_begins() {
    for thread in [
        "On Wed, Sep 30, 2020 at 5:00 PM Secretariat <s@example.org> wrote:\n> old\n> text",
        "On Wed, Sep 30, 2020 at 5:00 PM Secretariat\n<s@example.org> wrote:\n\nold text",
        "Le mer. 30 sept. 2020 à 17:00, Secrétariat <s@example.org> a écrit :\n> old",
        "El mié, 30 sept 2020 a las 17:00, S (<s@example.org>) escribió:\n> old",
        "Am 30.09.2020 um 17:00 schrieb Sekretariat:\n> old",
        "ср, 30 сент. 2020 г. в 17:00, S <s@example.org>:\n> old",
        "30.09.2020, 17:00, \"S\" <s@example.org> пишет:\n> old",
        "30 сентября 2020 г., 17:00, S <s@example.org> написал(а):\nold",
        "في الأربعاء، 30 سبتمبر 2020 في 5:00 م تمت كتابة ما يلي بواسطة S:\nold",
        "在 2020年9月30日，17:00，S <s@example.org> 写道：\nold",
        "-----Original Message-----\nFrom: S\nSent: Wednesday\nTo: M\nSubject: x\n\nold",
        "________________________________\nFrom: S <s@example.org>\nSent: Wednesday\nTo: M\nSubject: x\n\nold",
        "De : S <s@example.org>\nEnvoyé : mercredi\nÀ : M\nObjet : x\n\nold",
        "От: S <s@example.org>\nОтправлено: среда\nКому: M\nТема: x\n\nold",
        "发件人: S <s@example.org>\n发送时间: 2020年9月30日\n收件人: M\n主题: x\n\nold",
        "من: S <s@example.org>\nتم الإرسال: الأربعاء\nإلى: M\nالموضوع: x\n\nold",
        "---------- Forwarded message ---------\nFrom: S <s@example.org>\nDate: Wed\nSubject: x\nTo: M\n\nold",
    ] {
        assert_eq!(own_words(&format!("Please find our input.\n\n{thread}\n")), "Please find our input.", "{thread}");
    }
}

#[test]
fn own_words_keep_what_is_no_thread() {
    for own in [
        "On migration, the Government wrote:\nwe commend the Compact.",
        "From: the beginning, we have supported it.\nTo: that end we acted.",
        "In 2020:\n- one\n- two",
    ] {
        assert_eq!(own_words(own), own);
    }
    let below = "On 30 Sep 2020 S <s@example.org> wrote:\n> when?\n\nToday.\n> where?\nHere.";
    assert_eq!(own_words(below), "Today.\nHere.");
}

#[test]
fn inline_forwards_name_their_author() {
    for (block, address, date) in [
        (
            "---------- Forwarded message ---------\nFrom: Ana <ana@mfa.example>\nDate: Wed, Sep 30, 2020\nSubject: Input\nTo: <r@example.org>\n\n\nDear all",
            "ana@mfa.example",
            "Wed, Sep 30, 2020",
        ),
        (
            "Begin forwarded message:\n\n> From: Ana <ana@mfa.example>\n> Subject: Input\n> Date: 30 September 2020\n> To: r@example.org\n>\n> Dear all",
            "ana@mfa.example",
            "30 September 2020",
        ),
        (
            "*From:* Ana <ana@mfa.example>\n*Sent:* Wednesday, 30 September\n*To:* R <r@example.org>\n*Cc:* a; b;\n c\n*Subject:* Input\n\nDear all",
            "ana@mfa.example",
            "Wednesday, 30 September",
        ),
        (
            "De : Ana [mailto:ana@mfa.example]\nEnvoyé : mercredi 30\nÀ : R\nObjet : Input\n\nDear all",
            "ana@mfa.example",
            "mercredi 30",
        ),
        (
            "-------- Пересылаемое сообщение --------\nОт: Ana <ana@mfa.example>\nДата: 30 сент.\nКому: r@example.org\nТема: Input\n\nDear all",
            "ana@mfa.example",
            "30 сент.",
        ),
        (
            "Von: Ana <ana@mfa.example>\nGesendet: Mittwoch\nAn: R\nBetreff: Input\n\nDear all",
            "ana@mfa.example",
            "Mittwoch",
        ),
        (
            "发件人：Ana <ana@mfa.example>\n日期：2020年9月30日\n收件人：r\n主题：Input\n\nDear all",
            "ana@mfa.example",
            "2020年9月30日",
        ),
    ] {
        let found = forwarded(&format!("FYI\n\n{block}\n")).unwrap_or_else(|| panic!("{block}"));
        assert_eq!(found.from.name.as_deref(), Some("Ana"), "{block}");
        assert_eq!(found.from.address.as_deref(), Some(address), "{block}");
        assert_eq!((found.subject.as_deref(), found.date.as_deref()), (Some("Input"), Some(date)), "{block}");
        assert_eq!(found.body, "Dear all", "{block}");
    }
    assert_eq!(forwarded("From: our side, nothing.\n\nTo: be continued"), None);
}

#[test]
fn cloud_links_are_recognised_by_host() {
    let body = "See https://we.tl/t-abc123, (https://mfa.sharepoint.com/:w:/s/x?e=1) <https://cloud.mfa.example/s/aBcDeFgH12>\n\
        HTTPS://Drive.Google.com/file/d/1. https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.dropbox.com%2Fs%2Fabc&data=1\n\
        https://disk.yandex.ru/d/xyz https://we.tl/t-abc123 https://example.org/s/page https://notdropbox.com/x ftp://we.tl/x";
    assert_eq!(
        links(body),
        [
            "https://we.tl/t-abc123",
            "https://mfa.sharepoint.com/:w:/s/x?e=1",
            "https://cloud.mfa.example/s/aBcDeFgH12",
            "https://Drive.Google.com/file/d/1",
            "https://www.dropbox.com/s/abc",
            "https://disk.yandex.ru/d/xyz",
        ]
    );
}

proptest! {
    #[test]
    fn a_text_is_composed_line_by_line_as_in_one_piece(
        text in "[a-z\\r\\n \u{300}-\u{304}é…ﬁａ\u{1100}-\u{1112}\u{1161}-\u{1165}각]{0,60}",
        any in any::<String>(),
    ) {
        for text in [text, any] {
            prop_assert_eq!(nfkc(&text).collect::<String>(), text.nfkc().collect::<String>());
        }
    }
}

#[test]
fn text_signed_in_the_clear_is_the_senders_and_its_armour_is_not() {
    let body = |text: &str| {
        let raw = format!("From: a@mfa.example\r\nSubject: x\r\n\r\n{}", text.replace('\n', "\r\n"));
        docket::core::mail::message::parse(raw.as_bytes()).unwrap().message.body
    };
    let armour = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nDear all,\n- --\nour input is attached.\n\
                  -----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\nSent from Geneva\n";
    assert_eq!(body(armour).trim_end(), "Dear all,\n--\nour input is attached.\nSent from Geneva");
    for broken in [
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nDear all, it has no end.",
        "-----BEGIN PGP SIGNED MESSAGE-----\nDear all\n\nno field\n-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----",
    ] {
        assert_eq!(body(broken).trim_end(), broken, "no word is lost");
    }
}
