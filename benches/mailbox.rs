//! The whole job over a real mailbox: messages lie in Dovecot, and every answer is accepted by a mail server.
//!
//! `cargo bench --bench mailbox -- WHAT [N]`, with WHAT one of
//! * `job`: N messages (5,000) of `gen_mailbox.py`, by the program and by `naive.py`, in turn, three rounds each;
//! * `flat`: what a message costs while the log grows to N (100,000);
//! * `memory`: ten messages of 25 MB wait at the start;
//! * `idle`: from the delivery of a message with a Word document to the server's acceptance of its receipt, N times (40).
//!
//! Needs Dovecot, python3 and, for `job`, imap-tools, pypdf and python-docx. The program runs as it is shipped: its limits
//! on, its commits durable. Nothing fails by a figure.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads and writes the files of its own folder")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

#[expect(dead_code, reason = "the fixture of the tests, of which a measurement needs a part")]
#[path = "../tests/fixture/dovecot.rs"]
mod dovecot;

use dovecot::{Dovecot, USER};

const PROGRAM: &str = env!("CARGO_BIN_EXE_docket");
const BENCHES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches");
const ADDRESS: &str = "ingest@mail.test";
const ROUNDS: usize = 3;
const PATIENCE: Duration = Duration::from_hours(1);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let number = |default| words.get(1).map_or(default, |word| word.parse().unwrap());
    println!("docket, {}", if cfg!(debug_assertions) { "a development build" } else { "a release build" });
    match words.first().map(String::as_str) {
        Some("job") => job(number(5_000)),
        Some("flat") => flat(number(100_000)),
        Some("memory") => memory(),
        Some("idle") => idle(number(40)),
        _ => println!("say what is to be measured: job, flat, memory or idle"),
    }
}

/// The program and the naive script over the same mailbox, in turn.
fn job(messages: usize) {
    let mail = generate(messages, 1);
    let mut dovecot = Dovecot::start();
    deliver(&mut dovecot, &mail);
    let sink = Sink::start();
    let (mut ours, mut naive) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let house = House::furnish(&dovecot, &sink);
        let begun = Instant::now();
        let mut daemon = house.start();
        daemon.until(&house, |done| done.read == messages && done.due == 0);
        let took = begun.elapsed();
        let processor = daemon.processor_time() / u32::try_from(messages).unwrap();
        let letters = sink.take();
        println!(
            "round {round}: docket {}, {letters} letters, {processor:.2?} of processor each",
            rate(messages, took)
        );
        daemon.stop();
        ours.push(took);

        let begun = Instant::now();
        let script = Command::new("python3")
            .arg(format!("{BENCHES}/naive.py"))
            .args([dovecot.account().port.to_string(), USER.to_owned()])
            .arg(dovecot.account().ca_file.unwrap())
            .args([sink.port.to_string(), messages.to_string()])
            .output()
            .unwrap();
        assert!(script.status.success(), "{}", String::from_utf8_lossy(&script.stderr));
        let took = begun.elapsed();
        println!("round {round}: naive script {}, {} letters", rate(messages, took), sink.take());
        naive.push(took);
    }
    let (ours, naive) = (median(&mut ours), median(&mut naive));
    println!("median: docket {}, naive script {}", rate(messages, ours), rate(messages, naive));
    println!("docket is {:.2} times as fast; target 2, stretch 5", naive.as_secs_f64() / ours.as_secs_f64());
}

/// Batches of mail, one after another, while the log grows.
fn flat(messages: usize) {
    const BATCH: usize = 1_000;
    let mut dovecot = Dovecot::start();
    let sink = Sink::start();
    let house = House::furnish(&dovecot, &sink);
    let mut daemon = house.start();
    let mut times = Vec::new();
    for n in 1..=messages / BATCH {
        let mail = generate(BATCH, n + 1);
        let (begun, before) = (Instant::now(), daemon.processor_time());
        deliver(&mut dovecot, &mail);
        daemon.until(&house, |done| done.read == n * BATCH && done.due == 0);
        times.push((begun.elapsed(), daemon.processor_time().saturating_sub(before)));
        if n.is_multiple_of(10) || n == 1 {
            let (wall, processor) = times[n - 1];
            let each = processor.as_secs_f64() * 1000.0 / 1000.0;
            println!("{:>7} logged: {}, {each:.2} ms of processor a message", n * BATCH, rate(BATCH, wall));
        }
    }
}

/// Large messages that wait at the start.
fn memory() {
    const LARGE: usize = 25_000_000;
    let mut dovecot = Dovecot::start();
    let sink = Sink::start();
    for n in 0..10 {
        dovecot.deliver("INBOX", &mail(n, &noise(LARGE / 4 * 3, n)), Timestamp::now());
    }
    let house = House::furnish(&dovecot, &sink);
    let mut daemon = house.start();
    daemon.until(&house, |done| done.read == 10 && done.due == 0);
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
    let peak = peak.trim().parse::<usize>().unwrap() * 1024 / 1_000_000;
    println!("peak memory of the daemon with ten messages of 25 MB: {peak} MB; target 60 MB + 2 messages = 110 MB");
}

/// Bytes that cannot be packed, as pictures are.
fn noise(bytes: usize, seed: usize) -> Vec<u8> {
    let mut state = seed as u64 + 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..bytes / 8).flat_map(|_| next()).collect()
}

/// The time from delivery to the acceptance of the receipt.
fn idle(times: usize) {
    let mut dovecot = Dovecot::start();
    let sink = Sink::start();
    let house = House::furnish(&dovecot, &sink);
    let mut daemon = house.start();
    let document = docx();
    let mut took = Vec::new();
    for n in 0..=times {
        let raw = mail(n, &document);
        let begun = Instant::now();
        dovecot.deliver("INBOX", &raw, Timestamp::now());
        let accepted = sink.wait(begun + PATIENCE);
        daemon.until(&house, |done| done.read == n + 1 && done.due == 0);
        // The first finds everything cold.
        if n > 0 {
            took.push(accepted - begun);
        }
        // It must be waiting again.
        thread::sleep(Duration::from_millis(300));
    }
    took.sort_unstable();
    let at = |part: usize| took[(took.len() - 1) * part / 100].as_secs_f64() * 1000.0;
    println!("a message of {} KB with a Word document, from its delivery to", mail(0, &document).len() / 1000);
    println!("the acceptance of its receipt: median {:.0} ms, 95 of 100 {:.0} ms; target 1,000 ms", at(50), at(95));
}

fn rate(messages: usize, time: Duration) -> String {
    #[expect(clippy::cast_precision_loss, reason = "some thousand messages")]
    let rate = messages as f64 / time.as_secs_f64();
    format!("{rate:.1} messages/s")
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Messages of `gen_mailbox.py`, in their order.
fn generate(messages: usize, seed: usize) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("mail");
    let made = Command::new("python3")
        .arg(format!("{BENCHES}/gen_mailbox.py"))
        .arg(&out)
        .args([messages.to_string(), seed.to_string(), "--eml".to_owned()])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (1..=messages).map(|n| fs::read(out.join(format!("{n:06}.eml"))).unwrap()).collect()
}

fn deliver(dovecot: &mut Dovecot, mail: &[Vec<u8>]) {
    for raw in mail {
        dovecot.deliver("INBOX", raw, Timestamp::now());
    }
}

/// Norway's input with a document.
fn mail(n: usize, document: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let mut raw = format!(
        "Return-Path: <post{n}@mfa.no>\r\nFrom: Ministry <post{n}@mfa.no>\r\nTo: <{ADDRESS}>\r\n\
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

/// The Word document of the first generated message that has one.
fn docx() -> Vec<u8> {
    use base64::Engine as _;
    let generated = generate(20, 1);
    let text = generated.iter().map(|raw| String::from_utf8_lossy(raw).into_owned());
    let with = text.into_iter().find(|text| text.contains(".docx\"\r\n\r\n")).unwrap();
    let encoded = with.split(".docx\"\r\n\r\n").nth(1).unwrap().split("\r\n--").next().unwrap().replace("\r\n", "");
    base64::engine::general_purpose::STANDARD.decode(encoded).unwrap()
}

/// A mail server that takes everything, and remembers when.
struct Sink {
    port: u16,
    taken: Arc<AtomicUsize>,
    accepted: Mutex<std::sync::mpsc::Receiver<Instant>>,
}

impl Sink {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, taken) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let (tell, accepted) = std::sync::mpsc::channel();
        let counter = Arc::clone(&taken);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (counter, tell) = (Arc::clone(&counter), tell.clone());
                // A client that breaks off has not been told that anything was taken.
                thread::spawn(move || drop(take_letters(&stream.unwrap(), &counter, &tell)));
            }
        });
        Self { port, taken, accepted: Mutex::new(accepted) }
    }

    /// How many letters were taken since this was asked last.
    fn take(&self) -> usize {
        self.taken.swap(0, Ordering::SeqCst)
    }

    /// Waits for a letter.
    fn wait(&self, until: Instant) -> Instant {
        self.accepted.lock().unwrap().recv_timeout(until - Instant::now()).unwrap()
    }
}

fn take_letters(
    stream: &TcpStream,
    taken: &AtomicUsize,
    tell: &std::sync::mpsc::Sender<Instant>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    writer.write_all(b"220 sink\r\n")?;
    let mut line = Vec::new();
    let mut text = false;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if text {
            if line == b".\r\n" {
                text = false;
                taken.fetch_add(1, Ordering::SeqCst);
                writer.write_all(b"250 taken\r\n")?;
                // Once nobody waits for it any more, that is the end.
                tell.send(Instant::now()).map_err(std::io::Error::other)?;
            }
            continue;
        }
        let command = line.to_ascii_uppercase();
        text = command.starts_with(b"DATA");
        let reply: &[u8] = match () {
            () if text => b"354 go on\r\n",
            () if command.starts_with(b"QUIT") => b"221 goodbye\r\n",
            () => b"250 sink\r\n",
        };
        writer.write_all(reply)?;
    }
}

/// A folder with a configuration that may run.
struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn furnish(dovecot: &Dovecot, sink: &Sink) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let account = dovecot.account();
        let config = format!(
            "[[mailbox]]\nname = \"gcm\"\naddresses = [\"{ADDRESS}\"]\ncalls = [\"unece-gcm-2020\"]\n\
             acknowledge_since = 2020-01-01T00:00:00Z\n\
             imap = {{ host = \"localhost\", port = {}, user = \"{USER}\", password = \"secret\", ca_file = \"{}\" }}\n\
             [letters]\ntransport = \"smtp\"\ncap_hour = 10000\ncap_day = 100000\ncap_all_hour = 1000000\nsettle_for = \"0s\"\n\
             [letters.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
            account.port,
            account.ca_file.unwrap().display(),
            sink.port,
        );
        fs::write(folder.path().join("docket.toml"), config).unwrap();
        fs::create_dir(folder.path().join("calls")).unwrap();
        let call = fs::read_to_string("config/calls/unece-gcm-2020.toml").unwrap();
        let call = call.replace("gcm-contact@example.org", "questions@secretariat.test");
        fs::write(folder.path().join("calls/unece-gcm-2020.toml"), call).unwrap();
        Self { folder }
    }

    fn start(&self) -> Daemon {
        let said = self.folder.path().join("log");
        let mut command = Command::new(PROGRAM);
        command.arg("run").current_dir(self.folder.path()).stderr(fs::File::create(&said).unwrap());
        Daemon { child: command.stdin(Stdio::null()).spawn().unwrap(), said }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("docket.db")
    }
}

/// How far the work has come.
struct Done {
    read: usize,
    due: usize,
}

async fn done(connection: &mut SqliteConnection) -> Result<Done, sqlx::Error> {
    let (read, due): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM message WHERE state <> 'stored'),
             (SELECT COUNT(*) FROM letter WHERE state IN ('waiting', 'released', 'sending'))",
    )
    .fetch_one(connection)
    .await?;
    Ok(Done { read: usize::try_from(read).unwrap(), due: usize::try_from(due).unwrap() })
}

struct Daemon {
    child: Child,
    said: PathBuf,
}

impl Daemon {
    fn until(&mut self, house: &House, is_enough: impl Fn(&Done) -> bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let deadline = Instant::now() + PATIENCE;
        let options = SqliteConnectOptions::new().filename(house.database()).read_only(true);
        let mut connection = None;
        // A database that is not there yet is asked again.
        let mut enough = || {
            runtime.block_on(async {
                if connection.is_none() {
                    connection = SqliteConnection::connect_with(&options).await.ok();
                }
                match &mut connection {
                    Some(connection) => done(connection).await.is_ok_and(|done| is_enough(&done)),
                    None => false,
                }
            })
        };
        while !enough() {
            let said = || fs::read_to_string(&self.said).unwrap();
            assert!(self.child.try_wait().unwrap().is_none(), "the daemon ended: {}", said());
            assert!(Instant::now() < deadline, "it does not come to an end: {}", said());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// What the daemon and the children that it has waited for have used of the processor.
    fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        // utime, stime, cutime and cstime, in hundredths of a second.
        let ticks: u64 = fields[11..15].iter().map(|field| field.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }

    fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
