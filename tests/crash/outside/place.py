"""The place where it happens: Dovecot, the mail server for letters, a database, and the program with its configuration."""

import contextlib
import fcntl
import glob
import imaplib
import json
import os
import random
import re
import shutil
import signal
import smtplib
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time

from mail import MAILBOX

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURE = os.path.join(HERE, "..", "..", "fixture")
# Ports of one place, from its first.
IMAP, IMAPS, SMTP, PHASES, POSTGRES, PAGES = range(6)
CALL = "calls/unece-gcm-2020.toml"
# The call as it must stand for mail of today to be on time.
CALL_TODAY = [("gcm-contact@example.org", "contact@mail.test"), ("day = 2020-09-30", "day = 2027-03-30"),
              ("issued = 2020-07-15", "issued = 2026-07-15")]


def free_ports():
    """The first of a row of free ports, kept by a lock so that two runs differ; the lock lasts as long as the process."""
    for first in random.SystemRandom().sample(range(14000, 31000, 100), 40):
        lock = open(os.path.join(tempfile.gettempdir(), f".docket-ports-{first}"), "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for port in range(first, first + 6):
                with socket.create_server(("127.0.0.1", port)):
                    pass
        except OSError:
            lock.close()
            continue
        return first, lock
    raise RuntimeError("no free ports")


def reachable(port, within):
    until = time.time() + within
    while time.time() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
            return True
        time.sleep(0.02)
    return False


class Place:
    def __init__(self, arguments):
        self.folder = os.path.abspath(arguments.dir)
        self.program = os.path.abspath(arguments.bin)
        self.database, self.seed = arguments.db, arguments.seed
        self.uncertain, self.after, self.sent = arguments.uncertain, arguments.after, arguments.sent
        self.first, self.lock = free_ports()
        self.dovecot = self.peer = self.postgres = None
        self.peers = 0
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in ("peer", "log", "dovecot"):
            os.makedirs(f"{self.folder}/{folder}")
        os.chmod(self.folder, 0o755)
        self.peer_is("good")

    def port(self, which):
        return self.first + which

    def build(self):
        self.start_dovecot()
        if self.database == "postgres":
            self.init_postgres()
        self.start_peer()
        self.configure()

    def tear_down(self):
        if self.peer:
            self.kill_peer()
        if self.dovecot:
            self.dovecot.communicate()
        if self.postgres:
            self.postgres.send_signal(signal.SIGINT)
            self.postgres.wait()

    # The mailbox.

    def start_dovecot(self):
        script = ""
        for name in ("certificate.sh", "dovecot.sh"):
            with open(os.path.join(FIXTURE, name)) as file:
                script += file.read()
        folder = f"{self.folder}/dovecot"
        with open(f"{self.folder}/log/dovecot", "ab") as log:
            ports = [str(self.port(IMAP)), str(self.port(IMAPS))]
            command = ["sh", "-c", script, "dovecot", folder, *ports]
            self.dovecot = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True)
        until = time.time() + 20
        while not (reachable(self.port(IMAP), 0.5) and os.path.exists(f"{folder}/run/lmtp")):
            if self.dovecot.poll() is not None or time.time() > until:
                raise RuntimeError("Dovecot did not start: see log/dovecot")

    def kill_dovecot(self):
        with open(f"{self.folder}/dovecot/run/master.pid") as file:
            master = int(file.read())
        children = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True).stdout.split()
        for process in [master, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.dovecot.communicate()

    def deliver_by_lmtp(self, message):
        with smtplib.SMTP(timeout=10) as lmtp:
            lmtp.sock = socket.socket(socket.AF_UNIX)
            lmtp.sock.settimeout(10)
            lmtp.sock.connect(f"{self.folder}/dovecot/run/lmtp")
            lmtp.getreply()
            for command in ("LHLO lab.test", f"MAIL FROM:<{message.sender}>", f"RCPT TO:<{MAILBOX}>"):
                lmtp.docmd(command)
            return lmtp.data(message.raw)[0] == 250

    def deliver_by_append(self, message):
        with imaplib.IMAP4("127.0.0.1", self.port(IMAP), timeout=10) as imap:
            imap.starttls(ssl._create_unverified_context())
            imap.login(MAILBOX, "secret")
            return imap.append("INBOX", None, None, message.raw)[0] == "OK"

    def deliver(self, message, by_lmtp):
        """Whether the mailbox said that it has it; where it is being killed, it may have it all the same."""
        try:
            taken = self.deliver_by_lmtp(message) if by_lmtp else self.deliver_by_append(message)
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
            return
        message.delivered += taken

    def in_mailbox(self):
        found = []
        for folder in ("", ".Archive/"):
            for path in glob.glob(f"{self.folder}/dovecot/mail/{MAILBOX}/{folder}[nc]*/*"):
                if os.path.basename(os.path.dirname(path)) in ("new", "cur"):
                    with open(path, "rb") as file:
                        found.append(file.read())
        return found

    # The mail server for letters.

    def peer_is(self, mode):
        with open(f"{self.folder}/peer/mode.new", "w") as file:
            file.write(mode)
        os.replace(f"{self.folder}/peer/mode.new", f"{self.folder}/peer/mode")

    def start_peer(self):
        tls = f"{self.folder}/dovecot/tls/server"
        self.peers += 1
        command = [sys.executable, f"{HERE}/peer.py", str(self.port(SMTP)), f"{self.folder}/peer", "--cert", f"{tls}.pem",
                   "--key", f"{tls}.key", "--seed", str(self.seed * 1000 + self.peers), "--udp", str(self.port(PHASES))]
        with open(f"{self.folder}/log/peer", "ab") as log:
            self.peer = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        if not reachable(self.port(SMTP), 10):
            raise RuntimeError("the mail server did not start: see log/peer")

    def kill_peer(self):
        self.peer.kill()
        self.peer.wait()

    def peers_record(self):
        with contextlib.suppress(FileNotFoundError), open(f"{self.folder}/peer/log.jsonl") as file:
            return [json.loads(line) for line in file]
        return []

    def letter_at_peer(self, sha256):
        with open(f"{self.folder}/peer/letters/{sha256}", "rb") as file:
            return file.read()

    # PostgreSQL.

    def as_postgres(self, program, *arguments):
        place = max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        return [*user, f"{place}/{program}", *arguments]

    def init_postgres(self):
        data = f"{self.folder}/postgres"
        os.makedirs(data)
        if os.geteuid() == 0:
            shutil.chown(data, "postgres")
        quietly = dict(check=True, stdout=subprocess.DEVNULL)
        settings = ["-D", f"{data}/data", "-A", "trust", "-U", "docket", "--locale=C.UTF-8", "-E", "UTF8"]
        subprocess.run(self.as_postgres("initdb", *settings), **quietly)
        with open(f"{data}/data/postgresql.auto.conf", "a") as file:
            file.write(f"listen_addresses = '127.0.0.1'\nport = {self.port(POSTGRES)}\nunix_socket_directories = '{data}'\n"
                       "max_connections = 60\nshared_buffers = 64MB\n")
        self.start_postgres()
        where = ["-h", "127.0.0.1", "-p", str(self.port(POSTGRES)), "-U", "docket", "docket"]
        subprocess.run(self.as_postgres("createdb", *where), **quietly)

    def start_postgres(self):
        data = f"{self.folder}/postgres/data"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{data}/postmaster.pid")
        with open(f"{self.folder}/log/postgres", "ab") as log:
            command = self.as_postgres("postgres", "-D", data)
            self.postgres = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        ready = self.as_postgres("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port(POSTGRES)))
        for _ in range(300):
            if subprocess.run(ready).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start: see log/postgres")

    def kill_postgres(self):
        children = subprocess.run(["pgrep", "-P", str(self.postgres.pid)], capture_output=True, text=True).stdout.split()
        self.postgres.kill()
        self.postgres.wait()
        for process in map(int, children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.1)

    # The database, read from outside.

    def rows(self, select):
        if self.database == "sqlite":
            with contextlib.closing(sqlite3.connect(f"file:{self.folder}/docket.db?mode=ro", uri=True, timeout=20)) as db:
                return db.execute(select).fetchall()
        where = ["-h", "127.0.0.1", "-p", str(self.port(POSTGRES)), "-U", "docket", "-d", "docket"]
        asked = f"SELECT COALESCE(json_agg(x), '[]') FROM ({select}) x"
        said = subprocess.run(["psql", *where, "-X", "-q", "-t", "-A", "-c", asked], capture_output=True, text=True)
        if said.returncode:
            raise RuntimeError(said.stderr)
        return [tuple(row.values()) for row in json.loads(said.stdout)]

    def hexadecimal(self, column):
        return f"hex({column})" if self.database == "sqlite" else f"encode({column}, 'hex')"

    def left_to_do(self):
        """Messages to read, letters to send, and messages in all; nothing where the database does not answer."""
        with contextlib.suppress(sqlite3.Error, RuntimeError):
            return self.rows(
                "SELECT (SELECT COUNT(*) FROM message WHERE state = 'stored') AS a,"
                " (SELECT COUNT(*) FROM letter WHERE state IN ('waiting', 'released', 'sending')) AS b,"
                " (SELECT COUNT(*) FROM message) AS c")[0]
        return None

    # The program.

    def configure(self):
        config = f"{self.folder}/config"
        subprocess.run([self.program, "init", config], check=True, stdout=subprocess.DEVNULL)
        for shipped in ("letters", "states", "tiles"):
            shutil.rmtree(f"{config}/{shipped}")
        with open(f"{config}/{CALL}") as file:
            call = file.read()
        for shipped, today in CALL_TODAY:
            call = call.replace(shipped, today)
        with open(f"{config}/{CALL}", "w") as file:
            file.write(call)
        sqlite, postgres = f"sqlite:{self.folder}/docket.db", f"postgres://docket@127.0.0.1:{self.port(POSTGRES)}/docket"
        after = {"leave": "", "keyword": ', after_intake = "keyword"',
                 "move": ', after_intake = "move", move_to = "Archive"'}[self.after]
        after += ', sent = "Sent"' if self.sent else ""
        ca = f"{self.folder}/dovecot/tls/ca.pem"
        settings = f"""[store]
url = "{sqlite if self.database == "sqlite" else postgres}"
mark = "docket.mark"

[[mailbox]]
name = "gcm"
imap = {{ host = "localhost", port = {self.port(IMAPS)}, user = "{MAILBOX}", password = "secret", ca_file = "{ca}", folders = ["INBOX"]{after} }}
addresses = ["{MAILBOX}"]
calls = ["unece-gcm-2020"]
poll = "1s"

[letters]
transport = "smtp"
from_address = "{MAILBOX}"
settle_for = "1s"
undo_window = "2s"
cap_hour = 1000
cap_day = 1000
cap_all_hour = 1000000
on_uncertain = "{self.uncertain}"

[letters.smtp]
host = "localhost"
port = {self.port(SMTP)}
tls = "starttls"
user = "gcm"
password = "smtpsecret"
ca_file = "{ca}"
connections = 2
"""
        self.config, self.config_without_pages = f"{config}/docket.toml", f"{config}/without_pages.toml"
        pages = f"""
[web]
listen = "127.0.0.1:{self.port(PAGES)}"
"""
        for path, text in ((self.config, settings + pages), (self.config_without_pages, settings)):
            with open(path, "w") as file:
                file.write(text)

    def start(self, later=0, beside_another=False):
        """The daemon; `later` seconds after the present, by its own clock. Beside another it serves no pages."""
        config = self.config_without_pages if beside_another else self.config
        with open(f"{self.folder}/log/docket", "ab") as log:
            return subprocess.Popen([self.program, "--config", config, "run"], stdin=subprocess.DEVNULL, stdout=log,
                                    stderr=log, start_new_session=True, env=os.environ | later_by(later))

    def command(self, *arguments, later=0, **how):
        return subprocess.run([self.program, "--config", self.config, *arguments], capture_output=True, text=True,
                              timeout=120, env=os.environ | later_by(later), **how)

    def log_of_daemon(self):
        with open(f"{self.folder}/log/docket", errors="replace") as file:
            return file.read()


def later_by(seconds):
    """The environment of a process whose clock is late by so much."""
    libraries = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    return {"LD_PRELOAD": libraries[0], "FAKETIME": f"+{seconds}s"} if seconds and libraries else {}


def descendants(process):
    """A process's children and theirs, with whether each is held by a filter of system calls."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
                state, parent = file.read().rsplit(")", 1)[1].split()[:2]
                if state != "Z":
                    parents[int(name)] = int(parent)
    found, new = [], {process}
    while new:
        new = {child for child, parent in parents.items() if parent in new}
        found += new
    return [(child, is_filtered(child)) for child in found]


def is_filtered(process):
    with contextlib.suppress(OSError), open(f"/proc/{process}/status") as file:
        return re.search(r"(?m)^Seccomp:\s+2", file.read()) is not None
    return False


def is_running(process):
    with contextlib.suppress(OSError), open(f"/proc/{process}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def signal_group(process, which):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, which)
