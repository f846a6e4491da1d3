//! The shipped configuration, the folder that overrides it, and the units people write.

use std::{fs, path::Path, time::Duration};

use docket::{
    config::{
        AfterIntake, AlarmConfig, ClientAuth, Config, ConfigError, Grant, IntakeConfig, LettersConfig, Loaded,
        LogConfig, MailSource, MailboxConfig, OauthConfig, Proof, ReadingConfig, ScannerAt, Secret, Shipped,
        SmtpConfig, SmtpLogin, StoreConfig, Tls, Transport, WebConfig, load_call, units,
    },
    core::{calls::call::Call, text::language::Language},
};

const MAILBOX: &str = r#"
[[mailbox]]
name = "gcm"
maildir = "mail"
addresses = ["Inputs@Migration.int"]
calls = ["unece-gcm-2020"]
"#;

fn load(folder: &Path, text: &str) -> Loaded {
    let file = folder.join("docket.toml");
    fs::write(&file, text).expect("the folder is writable");
    Config::load(Some(&file)).expect("the configuration is good")
}

#[test]
fn the_shipped_file_states_the_defaults() {
    let shipped = Config::load(Some(Path::new("config/docket.toml"))).unwrap().config;
    let there = |file: &str| Path::new("config").join(file);
    let letters = LettersConfig::default();
    let mailbox = MailboxConfig::default();
    assert_eq!(shipped.store.url, StoreConfig::default().url.replace("sqlite:", "sqlite:config/"));
    assert_eq!(shipped.store.mark, there("docket.mark"));
    assert_eq!(shipped.mailboxes, [MailboxConfig { source: MailSource::Maildir(there("mail")), ..mailbox }]);
    assert_eq!(shipped.letters, LettersConfig { folder: there("outbox"), ..letters });
    assert_eq!(shipped.intake, IntakeConfig::default());
    assert_eq!(shipped.reading, ReadingConfig::default());
    assert_eq!(shipped.web, Some(WebConfig::default()));
    assert_eq!(shipped.log, LogConfig::default());
    assert_eq!(shipped.alarm, AlarmConfig::default());
}

#[test]
fn settings_left_out_have_the_values_of_the_shipped_file() {
    let folder = tempfile::tempdir().unwrap();
    let config = load(folder.path(), MAILBOX).config;
    assert_eq!(config.store.mark, folder.path().join("docket.mark"));
    assert_eq!(config.letters.from_address, "inputs@migration.int", "the first mailbox writes the letters");
    let letters = LettersConfig { from_address: LettersConfig::default().from_address, ..config.letters };
    assert_eq!(letters, LettersConfig { folder: folder.path().join("outbox"), ..LettersConfig::default() });
    assert_eq!(config.mailboxes[0].poll, MailboxConfig::default().poll);
    assert_eq!((config.intake, config.reading), (IntakeConfig::default(), ReadingConfig::default()));
    assert_eq!(config.web, None, "no section, no pages");
}

#[test]
fn microsoft_365_is_trusted_by_one_word() {
    let folder = tempfile::tempdir().unwrap();
    let relay = |line: &str| load(folder.path(), &format!("{MAILBOX}{line}\n")).config.mailboxes[0].relay();
    for line in ["trusted_authserv = \"microsoft365\"", "trusted_authserv = [\"Microsoft365\"]"] {
        let trusted = relay(line);
        assert!(trusted.microsoft365 && trusted.names.is_empty(), "{line}: {trusted:?}");
    }
    assert!(!relay("trusted_authserv = [\"mx.example.org\"]").microsoft365);
}

#[test]
fn a_virus_scanner_listens_at_a_socket_or_a_port_of_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let tcp = |host: &str| Some(ScannerAt::Tcp { host: host.to_owned(), port: 3310 });
    for (written, expected) in [
        ("off", None),
        ("unix:/run/clamav/clamd.ctl", Some(ScannerAt::Unix("/run/clamav/clamd.ctl".into()))),
        ("unix:clamd.ctl", Some(ScannerAt::Unix(folder.path().join("clamd.ctl")))),
        ("tcp:127.0.0.1:3310", tcp("127.0.0.1")),
        ("tcp:localhost:3310", tcp("localhost")),
        ("tcp:[::1]:3310", tcp("::1")),
    ] {
        let config = load(folder.path(), &format!("{MAILBOX}[reading]\nscanner = \"{written}\"\n")).config;
        assert_eq!(config.reading.scanner, expected);
        if let Some(at) = config.reading.scanner.filter(|_| written != "unix:clamd.ctl") {
            assert_eq!(at.to_string(), written, "it is named as it was written");
        }
    }
}

#[test]
fn people_are_called_by_a_program_and_a_web_server_whose_address_is_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hook"), "https://alarm.test/hook/s3cret\n").unwrap();
    let text =
        format!("{MAILBOX}[alarm]\nafter = \"90m\"\ncommand = [\"bin/call\", \"a b\"]\nwebhook_file = \"hook\"\n");
    let alarm = load(folder.path(), &text).config.alarm;
    assert_eq!(alarm.after, Duration::from_mins(90));
    let program = folder.path().join("bin/call").display().to_string();
    assert_eq!(alarm.command.as_deref(), Some(&[program, "a b".to_owned()][..]));
    assert_eq!(alarm.webhook.as_ref().map(docket::net::http::Endpoint::host), Some("alarm.test"));
    assert!(!format!("{alarm:?}").contains("s3cret"));
    let bare = load(folder.path(), &format!("{MAILBOX}[alarm]\ncommand = [\"logger\"]\n")).config.alarm;
    assert_eq!(bare, AlarmConfig { command: Some(vec!["logger".to_owned()]), ..AlarmConfig::default() });
}

#[test]
fn the_reader_of_calls_and_serde_agree_on_their_shape() {
    let shipped = Shipped::embedded();
    let text = shipped.text("calls/unece-gcm-2020.toml").unwrap().unwrap();
    let call = load_call(&shipped, "unece-gcm-2020").unwrap();
    let quoted = ["2020-07-15", "2020-09-30"].iter().fold(text, |text, day| text.replace(day, &format!("\"{day}\"")));
    assert_eq!(call, toml::from_str::<Call>(&quoted).unwrap(), "serde takes dates in quotes only");
    assert_eq!(Language::ALL.map(|l| call.title.contains_key(&l)), [true; 6]);
    assert_eq!((call.word_limit, call.no_reminder.len(), call.reminders.len()), (Some(5000), 5, 1));
}

#[test]
fn paths_begin_at_the_folder_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[store]\nurl = \"sqlite://data/docket.db\"\n{MAILBOX}\n[letters]\nfolder = \"/srv/letters\"\n");
    let config = load(folder.path(), &text).config;
    assert_eq!(config.store.url, format!("sqlite:{}", folder.path().join("data/docket.db").display()));
    assert_eq!(config.mailboxes[0].source, MailSource::Maildir(folder.path().join("mail")));
    assert_eq!(config.letters.folder, Path::new("/srv/letters"));
}

#[test]
fn an_instant_may_stand_bare_or_in_quotes() {
    let folder = tempfile::tempdir().unwrap();
    for written in ["2020-07-15T00:00:00+02:00", "2020-07-14 22:00:00Z", "\"2020-07-15T00:00:00+02:00\""] {
        let config = load(folder.path(), &format!("{MAILBOX}acknowledge_since = {written}\n")).config;
        let expected = "2020-07-14T22:00:00Z".parse().unwrap();
        assert_eq!(config.mailboxes[0].acknowledge_since, Some(expected), "{written}");
    }
}

#[test]
fn the_url_of_the_store_can_stand_in_a_file_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("url"), "postgres://docket:hunter2@db/docket\n").unwrap();
    let config = load(folder.path(), &format!("[store]\nurl_file = \"url\"\n{MAILBOX}")).config;
    assert_eq!(config.store.url, "postgres://docket:hunter2@db/docket");
    assert!(!format!("{config:?}").contains("hunter2"));
}

/// The server that a configuration names for its letters.
fn server(folder: &Path, settings: &str) -> SmtpConfig {
    let text = format!("{MAILBOX}\n[letters]\ntransport = \"smtp\"\n[letters.smtp]\n{settings}");
    match load(folder, &text).config.letters.transport {
        Transport::Smtp(server) => server,
        Transport::Folder => panic!("letters go into a folder"),
    }
}

#[test]
fn a_mail_server_is_encrypted_at_its_usual_port_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let usual = SmtpConfig {
        host: "mail.migration.int".to_owned(),
        port: 465,
        tls: Tls::Implicit,
        login: None,
        ca_file: None,
        hello: None,
        connections: 2,
        wait_at_stop: Duration::from_secs(20),
    };
    assert_eq!(server(folder.path(), "host = \"Mail.Migration.int\""), usual);
    assert_eq!(server(folder.path(), "host = \"Mail.Migration.int\"\nconnections = 1").connections, 1);
    let starttls = server(folder.path(), "host = \"mail.migration.int\"\ntls = \"starttls\"");
    assert_eq!(starttls, SmtpConfig { port: 587, tls: Tls::Starttls, ..usual });
    for host in ["127.0.0.1", "::1", "localhost"] {
        let near = server(folder.path(), &format!("host = \"{host}\"\ntls = \"none\""));
        assert_eq!((near.port, near.tls), (25, Tls::None), "{host}");
    }
}

#[test]
fn a_password_can_stand_in_a_file_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("password"), " hunter2 \n").unwrap();
    for (setting, expected) in [("password_file = \"password\"", " hunter2 "), ("password = \"hunter2\"", "hunter2")] {
        let server = server(folder.path(), &format!("host = \"mail.test\"\nuser = \"docket\"\n{setting}"));
        let login = SmtpLogin { user: "docket".to_owned(), proof: Proof::Password(Secret::new(expected)) };
        assert_eq!(server.login, Some(login));
        assert!(!format!("{server:?}").contains("hunter2"));
    }
}

/// The account of a configuration that reads a mailbox by tokens, and how the configuration is shown.
fn by_tokens(folder: &Path, settings: &str) -> (OauthConfig, String) {
    let text = format!(
        "[store]\ntoken_key = \"{}\"\n[[mailbox]]\nname = \"gcm\"\naddresses = [\"inputs@migration.int\"]\n\
         calls = [\"unece-gcm-2020\"]\n[mailbox.imap]\nhost = \"imap.migration.int\"\nuser = \"gcm\"\n{settings}",
        "1f".repeat(32)
    );
    let config = load(folder, &text).config;
    let shown = format!("{config:?}");
    let MailSource::Imap(account) = &config.mailboxes[0].source else { panic!("it is on a server") };
    (account.proof.oauth().expect("it is by tokens").clone(), shown)
}

#[test]
fn tokens_come_from_a_provider_or_an_endpoint_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let client = "client_id = \"docket\", client_secret = \"hunter2\"";
    fs::write(folder.path().join("refresh"), "hunter3\n").unwrap();
    let person = Grant::RefreshToken(Secret::new("hunter3"));
    for (settings, host, grant, scope) in [
        (
            format!("oauth = {{ provider = \"microsoft\", tenant = \"migration.int\", {client} }}"),
            "login.microsoftonline.com",
            &Grant::ClientCredentials,
            Some("https://outlook.office365.com/.default"),
        ),
        (
            "[mailbox.imap.oauth]\nprovider = \"microsoft\"\ntenant = \"common\"\nclient_id = \"docket\"\n\
             grant = \"refresh_token\"\nrefresh_token_file = \"refresh\"\n"
                .to_owned(),
            "login.microsoftonline.com",
            &person,
            Some("https://outlook.office.com/IMAP.AccessAsUser.All offline_access"),
        ),
        (
            format!("oauth = {{ provider = \"google\", {client}, refresh_token = \"hunter3\" }}"),
            "oauth2.googleapis.com",
            &person,
            Some("https://mail.google.com/"),
        ),
        (
            format!("oauth = {{ token_url = \"https://login.migration.int/t\", {client} }}"),
            "login.migration.int",
            &Grant::ClientCredentials,
            None,
        ),
    ] {
        let (oauth, shown) = by_tokens(folder.path(), &settings);
        assert_eq!((oauth.endpoint.host(), &oauth.grant, oauth.scope.as_deref()), (host, grant, scope), "{settings}");
        assert_eq!((oauth.client_id.as_str(), oauth.client_auth), ("docket", ClientAuth::Body));
        assert!(!shown.contains("hunter") && !shown.contains("1f1f"), "{shown}");
    }
    let settings = format!(
        "host = \"mail.test\"\nuser = \"gcm\"\noauth = {{ provider = \"microsoft\", tenant = \"t\", {client} }}"
    );
    let login = server(folder.path(), &settings).login.unwrap();
    let scope = login.proof.oauth().unwrap().scope.as_deref();
    assert_eq!(scope, Some("https://outlook.office365.com/.default"), "one token for mailbox and letters");
}

/// The section is commented out in the shipped file, and must be right all the same.
#[test]
fn the_mail_server_of_the_shipped_file_can_be_switched_on() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Shipped::embedded().text("docket.toml").unwrap().unwrap();
    let (before, section) = shipped.split_once("# [letters.smtp]\n").expect("the section is there");
    let (section, after) = section.split_once("\n\n").unwrap();
    let setting = |line: &&str| line.starts_with("# ") && line.split(' ').nth(2) == Some("=");
    let section: Vec<&str> = section.lines().filter(setting).map(|line| &line[2..]).collect();
    let switched_on = before.replace("transport = \"folder\"", "transport = \"smtp\"");
    let text = format!("{switched_on}[letters.smtp]\n{}\n\n{after}", section.join("\n"));
    fs::write(folder.path().join("docket.toml"), text).unwrap();
    let problems = Config::load(Some(&folder.path().join("docket.toml"))).unwrap_err().to_string();
    let lines: Vec<&str> = problems.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains("password_file") && lines[1].contains("ca_file"), "{problems}");
    assert!(lines.iter().all(|line| line.contains("No such file")), "but for the files that are not there: {problems}");
    assert_eq!(section.len(), 9, "{section:?}");
}

#[test]
fn a_file_of_the_folder_wins_over_the_embedded_one() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Shipped::overridden_by(folder.path());
    let path = "calls/unece-gcm-2020.toml";
    assert_eq!(shipped.text(path).unwrap(), Shipped::embedded().text(path).unwrap());
    fs::create_dir(folder.path().join("calls")).unwrap();
    fs::write(folder.path().join(path), "mine").unwrap();
    assert_eq!(shipped.text(path).unwrap().as_deref(), Some("mine"));
    fs::write(folder.path().join(path), b"\xff").unwrap();
    assert!(matches!(shipped.text(path), Err(ConfigError::NotText { .. })));
    assert_eq!(shipped.text("../Cargo.toml").unwrap(), None);
    assert_eq!(shipped.text("/etc/hostname").unwrap(), None);
}

#[test]
fn init_writes_a_configuration_that_loads_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let written = Shipped::init(folder.path()).unwrap();
    assert!(written.contains(&folder.path().join("docket.toml")));
    assert!(written.iter().all(|file| !file.starts_with(folder.path().join("demo"))));
    let loaded = Config::load(Some(&folder.path().join("docket.toml"))).unwrap();
    assert_eq!(loaded.config.problems_for_run().len(), 3, "the placeholders");

    for file in written.iter().filter(|file| !file.ends_with("docket.toml")) {
        fs::remove_file(file).unwrap();
    }
    let Err(ConfigError::InTheWay { paths }) = Shipped::init(folder.path()) else { panic!("it wrote over a file") };
    assert_eq!(paths, [folder.path().join("docket.toml")]);
    assert!(!folder.path().join("calls/unece-gcm-2020.toml").exists(), "it wrote before it looked");
}

#[test]
fn a_missing_configuration_names_the_command_that_writes_one() {
    let problems = Config::load(Some(Path::new("tests/no-such-folder/docket.toml"))).unwrap_err();
    assert!(problems.to_string().contains("docket init"), "{problems}");
}

#[test]
fn lengths_of_time_and_sizes() {
    let seconds = |text| units::duration(text).map(|length| length.as_secs()).ok();
    for (text, expected) in [
        ("120s", Some(120)),
        ("10m", Some(600)),
        ("1h 30m", Some(5_400)),
        ("1h30m", Some(5_400)),
        (" 3 days ", Some(259_200)),
        ("2 Weeks", Some(1_209_600)),
        ("0s", Some(0)),
        ("10", None),
        ("m", None),
        ("", None),
        ("-5m", None),
        ("1.5h", None),
        ("10 months", None),
        ("99999999999999999999s", None),
        ("9999999999999999 weeks", None),
    ] {
        assert_eq!(seconds(text), expected, "{text:?}");
    }
    assert_eq!(units::size("35 MiB"), Ok(36_700_160));
    assert_eq!(units::size("1GiB"), Ok(1 << 30));
    assert_eq!(units::size("2 MB"), Ok(2_000_000));
    assert!(units::size("35").is_err() && units::size("35 Mib/s").is_err());
    assert_eq!(units::duration("3 days"), Ok(Duration::from_hours(72)));
}

#[test]
fn what_is_done_after_intake_is_read_with_its_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let read = |more: &str| {
        let text = format!(
            "[[mailbox]]\nname = \"gcm\"\naddresses = [\"inputs@migration.int\"]\ncalls = [\"unece-gcm-2020\"]\n\
             imap = {{ host = \"imap.migration.int\", user = \"u\", password = \"p\"{more} }}\n\
             [letters]\ntransport = \"smtp\"\n[letters.smtp]\nhost = \"smtp.migration.int\"\n"
        );
        let MailSource::Imap(account) = load(folder.path(), &text).config.mailboxes.remove(0).source else { panic!() };
        (account.after_intake, account.sent)
    };
    let keyword = |word: &str| AfterIntake::Keyword(word.to_owned());
    assert_eq!(read(""), (AfterIntake::Leave, None));
    assert_eq!(read(", after_intake = \"leave\", sent = \"\""), (AfterIntake::Leave, None));
    assert_eq!(read(", after_intake = \"keyword\"").0, keyword("$DocketLogged"));
    assert_eq!(read(", after_intake = \"keyword\", keyword = \"Logged\"").0, keyword("Logged"));
    let moved = read(", after_intake = \"move\", move_to = \"Entwürfe/2020\", sent = \"Sent\"");
    assert_eq!(moved, (AfterIntake::Move("Entwürfe/2020".to_owned()), Some("Sent".to_owned())));
}
