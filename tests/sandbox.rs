//! The children that read: what they may, what becomes of a file on which one ends, and of the files behind it.

pub mod deaths;
mod kernels;
mod outside;
mod probes;
mod scans;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    os::unix::fs::MetadataExt as _,
    process::Command,
    sync::LazyLock,
    time::{Duration, Instant},
};

use docket::{
    config::ReadingConfig,
    core::file::{File, Outcome},
    reading::{ReadMail, Readers},
};

use crate::{
    extract::build::{HELVETICA, pdf, stream, zip},
    fixture::intake::{PROGRAM, document, mail},
};

fn sandbox(limits: ReadingConfig) -> Readers {
    Readers::new(PROGRAM.into(), limits)
}

fn limits() -> ReadingConfig {
    ReadingConfig { children: 1, ..ReadingConfig::default() }
}

async fn read(limits: ReadingConfig, files: &[(&str, &[u8])]) -> ReadMail {
    sandbox(limits).read_message(&mail("m", "Ministry <post@mfa.no>", "Input", files)).await.unwrap()
}

fn outcomes(files: &[File]) -> Vec<(&str, Outcome)> {
    files.iter().map(|file| (file.name.as_deref().unwrap_or_default(), file.reading.outcome)).collect()
}

/// A PDF of a few hundred kilobytes with hours of work in it and no text: two thousand pages of the same drawing.
fn endless_pdf() -> Vec<u8> {
    let pages: Vec<String> = (0..2000).map(|n| format!("{} 0 R", n + 5)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", pages.join(" "), pages.len()),
        HELVETICA.to_owned(),
        stream("", &"q 1 0 0 1 0 0 cm BT /F1 9 Tf ET Q\n".repeat(30_000)),
    ];
    objects.extend((0..2000).map(|_| {
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            .to_owned()
    }));
    pdf(&objects)
}

/// A PDF of some hundred kilobytes whose one page unpacks to more memory than a tight child has.
fn hungry_pdf() -> &'static [u8] {
    static HUNGRY: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        for _ in 0..600 {
            packed.write_all(&[b' '; 1 << 20]).unwrap();
        }
        let packed = packed.finish().unwrap();
        let mut pdf = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids \
            [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R \
            >>\nendobj\n"
            .to_vec();
        pdf.extend(format!("4 0 obj\n<< /Length {} /Filter /FlateDecode >>\nstream\n", packed.len()).bytes());
        pdf.extend(packed);
        pdf.extend(b"\nendstream\nendobj\ntrailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n");
        pdf
    });
    &HUNGRY
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_takes_too_long_ends_its_child_and_no_other() {
    let limits = ReadingConfig { time_per_file: Duration::from_millis(1500), ..limits() };
    let endless = endless_pdf();
    let mail = read(limits, &[("a.docx", &document(50)), ("b.pdf", &endless), ("c.docx", &document(60))]).await;
    assert_eq!(
        outcomes(&mail.files),
        [("a.docx", Outcome::Read), ("b.pdf", Outcome::TimedOut), ("c.docx", Outcome::Read)]
    );
    assert!(mail.message.is_ok());
    let detail = mail.files[1].reading.detail.as_deref().unwrap();
    assert!(detail.contains("longer than allowed") && detail.ends_with('.'), "{detail}");
    assert!(mail.files[1].reading.text.is_empty());
    assert_eq!(mail.files[1].size, endless.len() as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_takes_too_much_processor_time_is_cut_off_before_the_clock() {
    let limits = ReadingConfig { cpu_per_file: Duration::from_secs(1), ..limits() };
    let begun = Instant::now();
    let mail = read(limits, &[("b.pdf", &endless_pdf()), ("c.docx", &document(60))]).await;
    assert_eq!(outcomes(&mail.files), [("b.pdf", Outcome::TimedOut), ("c.docx", Outcome::Read)]);
    assert!(begun.elapsed() < Duration::from_secs(25), "the clock's thirty seconds were not waited for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_takes_too_much_memory_ends_its_child_and_no_other() {
    let limits = ReadingConfig { memory: 256 << 20, ..limits() };
    let inner = zip(&[("in.docx", &document(70))]);
    let files: [(&str, &[u8]); 4] =
        [("a.docx", &document(50)), ("b.pdf", hungry_pdf()), ("c.zip", &inner), ("d.docx", &document(60))];
    let mail = read(limits, &files).await;
    assert_eq!(
        outcomes(&mail.files),
        [
            ("a.docx", Outcome::Read),
            ("b.pdf", Outcome::Damaged),
            ("c.zip", Outcome::NoText),
            ("in.docx", Outcome::Read),
            ("d.docx", Outcome::Read)
        ]
    );
    let detail = mail.files[1].reading.detail.as_deref().unwrap();
    assert!(detail.contains("a person must open it"), "{detail}");
    let paths: Vec<&str> = mail.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["1.2", "1.3", "1.4", "1.4.1", "1.5"], "each once, and in its place");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_on_which_a_child_ended_within_an_archive_does_not_end_the_archive() {
    let limits = ReadingConfig { memory: 256 << 20, ..limits() };
    let inner = zip(&[("a.docx", &document(50)), ("b.pdf", hungry_pdf()), ("c.docx", &document(60))]);
    let mail = read(limits, &[("all.zip", &inner), ("d.docx", &document(70))]).await;
    assert_eq!(
        outcomes(&mail.files),
        [
            ("all.zip", Outcome::NoText),
            ("a.docx", Outcome::Read),
            ("b.pdf", Outcome::Damaged),
            ("c.docx", Outcome::Read),
            ("d.docx", Outcome::Read)
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_time_for_a_message_is_up_the_rest_is_named_and_not_read() {
    let limits =
        ReadingConfig { time_per_file: Duration::from_secs(4), time_per_message: Duration::from_secs(7), ..limits() };
    let (endless, small) = (endless_pdf(), document(50));
    let files: [(&str, &[u8]); 6] = [
        ("a.docx", &small),
        ("b.pdf", &endless),
        ("c.pdf", &endless),
        ("d.pdf", &endless),
        ("e.docx", &small),
        ("f.zip", &zip(&[("g.docx", &small)])),
    ];
    let begun = Instant::now();
    let mail = read(limits, &files).await;
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(
        outcomes(&mail.files),
        [
            ("a.docx", Outcome::Read),
            ("b.pdf", Outcome::TimedOut),
            ("c.pdf", Outcome::TimedOut),
            ("d.pdf", Outcome::NotRead),
            ("e.docx", Outcome::NotRead),
            ("f.zip", Outcome::NotRead),
        ]
    );
    for file in &mail.files[3..] {
        assert!(file.reading.detail.as_deref().is_some_and(|detail| detail.contains("time")), "{file:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_ends_its_child_before_anything_is_known_of_it_has_a_reason() {
    let limits = ReadingConfig { memory: 192 << 20, ..limits() };
    let mail = read(limits, &[("a.docx", &vec![b'x'; 80 << 20])]).await;
    let reason = mail.message.unwrap_err();
    assert!(reason.starts_with("This message broke its reader") && reason.ends_with('.'), "{reason}");
    assert!(mail.files.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_document_is_read_within_the_same_limits() {
    let sandbox = sandbox(ReadingConfig { memory: 256 << 20, ..limits() });
    let files = sandbox.read_document("b.pdf", hungry_pdf()).await.unwrap();
    assert_eq!(outcomes(&files), [("b.pdf", Outcome::Damaged)]);
    let files = sandbox.read_document("a.docx", &document(50)).await.unwrap();
    assert_eq!(outcomes(&files), [("a.docx", Outcome::Read)]);
}

#[tokio::test]
async fn what_cannot_be_started_is_said_and_is_no_reading() {
    let sandbox = Readers::new("/nowhere/docket".into(), limits());
    assert!(sandbox.prepare().is_err());
    let error = sandbox.read_message(b"From: a@b.test\n\nText.\n").await.unwrap_err();
    assert!(error.to_string().contains("no process could be started"), "{error}");
}

/// The processes that work for this test process with so much memory, which is no other test's number, each with its
/// parent.
fn workers(memory: u64) -> BTreeMap<u32, u32> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    processes
        .filter_map(|pid: u32| {
            let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
            let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:\t"))?.parse().ok()?;
            line.contains(&format!("read-for-parent\0{memory}\0")).then_some((pid, parent))
        })
        .collect()
}

/// The servers that fork the children.
fn servers(memory: u64) -> BTreeSet<u32> {
    let me = std::process::id();
    workers(memory).into_iter().filter(|(_, parent)| *parent == me).map(|(pid, _)| pid).collect()
}

/// The children that read.
fn children(memory: u64) -> BTreeSet<u32> {
    let servers = servers(memory);
    workers(memory).into_iter().filter(|(_, parent)| servers.contains(parent)).map(|(pid, _)| pid).collect()
}

/// What whoever started the tests left open for every process below: these alone are no doing of ours.
fn handed_over() -> BTreeSet<String> {
    let open = fs::read_dir("/proc/self/fdinfo").unwrap();
    let inheritable = open.filter_map(|entry| {
        let entry = entry.ok()?;
        let info = fs::read_to_string(entry.path()).ok()?;
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
        let close_on_exec = u32::from_str_radix(flags.trim(), 8).ok()? & 0o2_000_000 != 0;
        (!close_on_exec).then(|| entry.file_name().to_string_lossy().into_owned())
    });
    inheritable.collect()
}

/// What a command shows to root: nobody else looks into a child.
fn seen(command: &[&str]) -> String {
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let words: Vec<&str> = if is_root { command.to_vec() } else { [&["sudo", "-n", "--"], command].concat() };
    let output = Command::new(words[0]).args(&words[1..]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Looks again until it holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "never came true: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn children_wait_before_they_are_needed_and_read_one_message_each() {
    let memory = (1 << 30) + 4096;
    let sandbox = sandbox(ReadingConfig { children: 3, memory, ..limits() });
    assert!(children(memory).is_empty());
    sandbox.prepare().unwrap();
    until("three children wait", || children(memory).len() == 3).await;
    let first = children(memory);
    sandbox.prepare().unwrap();
    assert_eq!(children(memory), first, "they wait already");
    sandbox.read_message(&mail("m", "a@b.test", "Input", &[("a.docx", &document(50))])).await.unwrap();
    until("another took the place of the one that read", || children(memory).len() == 3).await;
    let second = children(memory);
    assert_eq!(first.intersection(&second).count(), 2, "one of them has read, and ended");
    drop(sandbox);
    until("the children end with the sandbox", || children(memory).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_forks_on_until_a_child_of_its_dies_or_it_has_forked_for_a_while() {
    let memory = (256 << 20) + 12_288;
    let sandbox = sandbox(ReadingConfig { children: 1, memory, ..limits() });
    let read = async || sandbox.read_document("a.txt", b"One line.").await.unwrap();
    read().await;
    until("a child waits", || children(memory).len() == 1).await;
    let (first, waits) = (servers(memory), children(memory));
    read().await;
    assert_eq!(servers(memory), first);
    until("another child waits", || children(memory).len() == 1 && children(memory) != waits).await;

    let files = sandbox.read_document("b.pdf", hungry_pdf()).await.unwrap();
    assert_eq!(outcomes(&files), [("b.pdf", Outcome::Damaged)]);
    read().await;
    // One that is ended is not gone at once.
    until("a child of the first died", || servers(memory).is_disjoint(&first)).await;
    let second = servers(memory);

    for _ in 0..64 {
        read().await;
    }
    until("the second has forked for a while", || servers(memory).is_disjoint(&second)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_ends_with_its_server_and_the_next_message_has_another() {
    let memory = (1 << 30) + 16_384;
    let sandbox = sandbox(ReadingConfig { children: 1, memory, ..limits() });
    sandbox.prepare().unwrap();
    until("a child waits", || children(memory).len() == 1).await;
    let (server, child) = (servers(memory), children(memory));
    let server = server.first().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-KILL", &server]).status().unwrap().success());
    until("the child ends", || !workers(memory).contains_key(child.first().unwrap())).await;
    let mail = sandbox.read_message(&mail("m", "a@b.test", "Input", &[("a.docx", &document(50))])).await.unwrap();
    assert_eq!(outcomes(&mail.files), [("a.docx", Outcome::Read)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_has_its_streams_and_nothing_else() {
    let memory = (1 << 30) + 8192;
    let _ours = fs::File::open("Cargo.toml").unwrap();
    let sandbox = sandbox(ReadingConfig { children: 1, memory, ..limits() });
    sandbox.prepare().unwrap();
    until("it is there", || !children(memory).is_empty()).await;
    let pid = *children(memory).first().unwrap();
    let descriptors = || {
        let open = seen(&["ls", &format!("/proc/{pid}/fd")]);
        open.lines().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let limit = |name: &str| {
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
        limits.lines().find(|line| line.starts_with(name)).unwrap().split_whitespace().rev().nth(2).unwrap().to_owned()
    };
    until("it has restricted itself", || limit("Max open files") == "3").await;
    let inherited: BTreeSet<String> =
        descriptors().into_iter().filter(|fd| fd.len() > 1 || fd.as_str() > "2").collect();
    assert!(inherited.is_subset(&handed_over()), "{inherited:?}");
    assert!(descriptors().is_superset(&["0", "1", "2"].map(str::to_owned).into()));
    assert_eq!(seen(&["readlink", &format!("/proc/{pid}/fd/2")]), "/dev/null\n");
    let environment = seen(&["cat", &format!("/proc/{pid}/environ")]);
    // The C library takes the one variable there is apart, in place.
    let environment = environment.replace('\0', ":");
    assert_eq!(environment, "GLIBC_TUNABLES=glibc.malloc.top_pad=4194304:glibc.malloc.hugetlb=1:");
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    for (name, soft) in [
        ("Max address space", memory.to_string()),
        ("Max file size", "0".to_owned()),
        ("Max core file size", "0".to_owned()),
        ("Max cpu time", "15".to_owned()),
    ] {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        assert_eq!(line[name.len()..].split_whitespace().next(), Some(soft.as_str()), "{line}");
    }
}
