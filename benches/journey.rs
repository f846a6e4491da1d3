//! How fast messages make their journey, what a child costs, and how much memory the daemon takes.
//!
//! `cargo bench -- N` measures over N messages (200 without it), each with a small Word document. Prints a table; the
//! targets stand beside what was measured, and nothing fails by them: a machine has its own speed.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads and writes the files of its own folder")]

use std::{
    fmt::Write as _,
    fs,
    io::{Cursor, Write as _},
    path::Path,
    process::Command,
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use base64::Engine as _;
use docket::{
    clock::Clock,
    config::{Config, Loaded, ReadingConfig},
    instance::Instance,
    pipeline::{Outcome, Post, Reader, Receiver},
    reading::Readers,
};
use zip::{ZipWriter, write::SimpleFileOptions};

const PROGRAM: &str = env!("CARGO_BIN_EXE_docket");
/// Children started to learn how long a start takes.
const STARTS: usize = 60;
/// The size of the largest message that is read, less its headers.
const LARGEST: usize = (35 << 20) - 4096;

fn main() {
    // Cargo adds `--bench` to the arguments.
    let messages = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(200);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let build = if cfg!(debug_assertions) { "a development build" } else { "a release build" };
    println!("docket, {build}, {messages} messages\n");
    println!("{:<44} {:>12}  {:<20}", "", "measured", "target");
    runtime.block_on(journey(messages));
    runtime.block_on(starts());
    memory();
}

fn row(what: &str, measured: &str, target: &str) {
    println!("{what:<44} {measured:>12}  {target}");
}

/// Receives, reads and answers so many messages, step by step.
async fn journey(messages: usize) {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path());
    for n in 0..messages {
        deliver(folder.path(), n, &mail(n, &document(n)));
    }
    let Loaded { config, shipped, .. } = Config::load(Some(&folder.path().join("docket.toml"))).unwrap();
    let instance = Arc::new(Instance::open(config, shipped, Clock::System).await.unwrap());
    let sandbox = Arc::new(Readers::new(PROGRAM.into(), instance.config.reading.clone()));
    sandbox.prepare().unwrap();
    let mut receiver = Receiver::new(Arc::clone(&instance), instance.config.mailboxes[0].clone()).await.unwrap();
    let (reader, post) = (Reader::new(Arc::clone(&instance), sandbox), Post::new(Arc::clone(&instance)));

    let mut begun = Instant::now();
    assert_eq!(receiver.step().await.unwrap().new, messages);
    let receiving = begun.elapsed();
    begun = Instant::now();
    while reader.step().await.unwrap() == Outcome::Worked {}
    let reading = begun.elapsed();
    begun = Instant::now();
    while post.step().await.unwrap() == Outcome::Worked {}
    let posting = begun.elapsed();
    let letters = fs::read_dir(folder.path().join("outbox")).unwrap().count();
    assert_eq!(letters, messages, "every message is answered");

    #[expect(clippy::cast_precision_loss, reason = "a few thousand messages")]
    let rate = |time: Duration| format!("{:.1}/s", messages as f64 / time.as_secs_f64());
    row("receive (original stored, number given)", &rate(receiving), "");
    row("read (child, judgement, entry, letter)", &rate(reading), "");
    row("post (letter composed, frozen, written)", &rate(posting), "");
    row("the whole journey", &rate(receiving + reading + posting), "");
}

/// Has children forked one after another by a server of their own, and by one that is there.
async fn starts() {
    let sandbox = Readers::new(PROGRAM.into(), ReadingConfig { children: 1, ..ReadingConfig::default() });
    let (mut alone, mut forked) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let begun = Instant::now();
        sandbox.try_out().await.unwrap();
        alone.push(begun.elapsed());
        let begun = Instant::now();
        sandbox.read_document("a.txt", b"One line.").await.unwrap();
        forked.push(begun.elapsed());
    }
    for (times, what) in
        [(&mut alone, "a server and its child until it waits"), (&mut forked, "a line read by a child")]
    {
        times.sort_unstable();
        row(&format!("{what}, median"), &millis(times[STARTS / 2]), "20 ms");
        row(&format!("{what}, 95 of 100"), &millis(times[STARTS * 95 / 100]), "");
    }
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// Has a daemon take in nothing, a small message and the largest one that is read, and asks the system for its peak.
fn memory() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path());
    let mut daemon = Command::new(PROGRAM)
        .arg("run")
        .current_dir(folder.path())
        .stderr(fs::File::create(folder.path().join("log")).unwrap())
        .spawn()
        .unwrap();
    for (n, (what, document, target)) in [
        ("peak memory of the daemon, small message", document(0), "60 MB"),
        ("peak memory of the daemon, message of 35 MiB", vec![b'%'; LARGEST / 78 * 57], "60 MB + 2 messages = 130 MiB"),
    ]
    .into_iter()
    .enumerate()
    {
        let raw = mail(n, &document);
        assert!(raw.len() <= 35 << 20, "{} bytes are over the limit", raw.len());
        deliver(folder.path(), n, &raw);
        let letter = folder.path().join(format!("outbox/L-{:06}.eml", n + 1));
        let deadline = Instant::now() + Duration::from_mins(3);
        while !letter.exists() {
            let said = || fs::read_to_string(folder.path().join("log")).unwrap();
            assert!(Instant::now() < deadline, "it was not answered: {}", said());
            thread::sleep(Duration::from_millis(10));
        }
        let status = fs::read_to_string(format!("/proc/{}/status", daemon.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
        row(what, &format!("{} MiB", peak.trim().parse::<u64>().unwrap() >> 10), target);
    }
    daemon.kill().unwrap();
    daemon.wait().unwrap();
}

/// A folder with a configuration that may run.
fn furnish(folder: &Path) {
    for part in ["mail/new", "mail/cur", "mail/tmp", "calls"] {
        fs::create_dir_all(folder.join(part)).unwrap();
    }
    let config = "[[mailbox]]\nname = \"gcm\"\nmaildir = \"mail\"\naddresses = [\"gcm@secretariat.test\"]\n\
                  calls = [\"unece-gcm-2020\"]\nacknowledge_since = 2020-01-01T00:00:00Z\n\
                  [letters]\ncap_hour = 10000\ncap_day = 100000\ncap_all_hour = 1000000\nsettle_for = \"0s\"\n";
    fs::write(folder.join("docket.toml"), config).unwrap();
    let call = fs::read_to_string("config/calls/unece-gcm-2020.toml").unwrap();
    let call = call.replace("gcm-contact@example.org", "questions@secretariat.test");
    fs::write(folder.join("calls/unece-gcm-2020.toml"), call).unwrap();
}

fn deliver(folder: &Path, n: usize, raw: &[u8]) {
    let partial = folder.join(format!("mail/tmp/{n:06}"));
    let mut file = fs::File::create(&partial).unwrap();
    file.write_all(raw).unwrap();
    file.set_modified(SystemTime::now()).unwrap();
    fs::rename(partial, folder.join(format!("mail/new/{n:06}"))).unwrap();
}

/// An input of Norway's with a document.
fn mail(n: usize, document: &[u8]) -> Vec<u8> {
    let mut raw = format!(
        "Return-Path: <post{n}@mfa.no>\r\nFrom: Ministry <post{n}@mfa.no>\r\nTo: <gcm@secretariat.test>\r\n\
         Subject: Norway: input {n} to the regional review\r\nDate: Thu, 10 Sep 2020 09:58:00 +0200\r\n\
         Message-ID: <{n}@mfa.no>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=-part\"\r\n\r\n\
         --=-part\r\nContent-Type: text/plain\r\n\r\nPlease find attached our input to the regional review.\r\n\r\n\
         --=-part\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"input.docx\"\r\n\r\n"
    )
    .into_bytes();
    for line in base64::engine::general_purpose::STANDARD.encode(document).as_bytes().chunks(76) {
        raw.extend_from_slice(line);
        raw.extend_from_slice(b"\r\n");
    }
    raw.extend_from_slice(b"--=-part--\r\n");
    raw
}

/// A Word document of some pages, another for each number.
fn document(n: usize) -> Vec<u8> {
    let mut body = format!("<w:p><w:r><w:t>Norway</w:t></w:r></w:p><w:p><w:r><w:t>Input {n}</w:t></w:r></w:p>");
    for paragraph in 0..60 {
        write!(
            body,
            "<w:p><w:r><w:t>Paragraph {paragraph} of {n}: migration governance rests on shared responsibility, on the \
             rights of every person, and on cooperation between the countries of origin, transit and destination.</w:t>\
             </w:r></w:p>"
        )
        .unwrap();
    }
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
    let parts = [
        (
            "[Content_Types].xml",
            format!("<Types><Override PartName=\"/word/document.xml\" ContentType=\"{kind}\"/></Types>"),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{relation}\" Target=\"/word/document.xml\"/></Relationships>"
            ),
        ),
        ("word/document.xml", format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
