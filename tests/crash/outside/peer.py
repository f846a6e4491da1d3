"""The mail server at the other end of the letters: takes them as asked, badly, or in one bad way.

peer.py PORT DIR --cert PEM --key PEM --seed N --udp PORT

How it behaves is read from DIR/mode at every connection and letter: `good`, `bad`, `awful`, or a word of LETTER_WAYS or
CONNECTION_WAYS. DIR/log.jsonl is its record: a letter is `accepted`, its bytes under DIR/letters/SHA256, before the reply
to the final dot, and `replied` once the reply is written. The phases of a letter are told by UDP."""

import argparse
import hashlib
import json
import os
import random
import re
import socket
import ssl
import struct
import threading
import time

CONNECTION_WAYS = [
    "banner421", "banner_dropped", "banner_stalled", "ehlo_refused",
    "tls454", "tls_garbage", "tls_dropped", "auth454",
]
LETTER_WAYS = [
    "mail451", "rcpt450", "rcpt550", "rcpt452", "data451", "data_dropped", "middle_dropped", "dropped_before_dot",
    "dot451", "dot554", "stored_then_dropped", "dropped_not_stored", "stored_then_reset", "slow_reply", "stalled_reply",
    "closed_after", "split_reply", "stored_then_garbage",
]
# How often something goes wrong, for a letter; for a connection an eighth of that.
SHARE = {"good": 0.0, "bad": 0.25, "awful": 0.7}


class Gone(Exception):
    """The connection is over."""


class Peer:
    def __init__(self, arguments):
        self.folder = arguments.dir
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(arguments.cert, arguments.key)
        self.dice, self.lock = random.Random(arguments.seed), threading.Lock()
        self.udp, self.listener_of_phases = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), arguments.udp
        os.makedirs(f"{self.folder}/letters", exist_ok=True)
        self.record = os.open(f"{self.folder}/log.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def note(self, **what):
        os.write(self.record, (json.dumps(what) + "\n").encode())

    def tell(self, phase):
        self.udp.sendto(phase.encode(), ("127.0.0.1", self.listener_of_phases))

    def way(self, of):
        try:
            with open(f"{self.folder}/mode") as file:
                mode = file.read().strip()
        except OSError:
            mode = "good"
        if mode not in SHARE:
            return mode if mode in of else "well"
        share = SHARE[mode] / 8 if of is CONNECTION_WAYS else SHARE[mode]
        with self.lock:
            return self.dice.choice(of) if self.dice.random() < share else "well"


class Conversation:
    def __init__(self, peer, connection):
        self.peer, self.connection, self.read, self.tls = peer, connection, b"", False

    def put(self, line):
        self.connection.sendall(line.encode() + b"\r\n")

    def line(self):
        while b"\n" not in self.read:
            more = self.connection.recv(65536)
            if not more:
                raise Gone
            self.read += more
        line, self.read = self.read.split(b"\n", 1)
        return line

    def drop(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.connection.close()
        raise Gone

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        raise Gone

    def run(self):
        peer, way = self.peer, self.peer.way(CONNECTION_WAYS)
        peer.tell("connection")
        if way == "banner421":
            self.put("421 4.3.2 busy")
        if way == "banner_stalled":
            time.sleep(20)
        if way.startswith("banner"):
            self.drop()
        self.put("220 peer.test ESMTP")
        letter, sender, recipient = "well", None, None
        while True:
            line = self.line().rstrip(b"\r").decode("latin-1")
            command = line.upper()
            if command.startswith(("EHLO", "HELO")):
                if way == "ehlo_refused":
                    self.put("554 5.3.2 no service")
                    self.drop()
                offers = ["peer.test", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN"]
                offers += ["AUTH PLAIN LOGIN"] if self.tls else ["STARTTLS"]
                for offer in offers:
                    self.put(f"250-{offer}")
                self.put("250 SIZE 60000000")
            elif command.startswith("STARTTLS"):
                self.start_tls(way)
            elif command.startswith("AUTH"):
                self.log_in(way, command)
            elif command.startswith("MAIL FROM"):
                letter, sender = peer.way(LETTER_WAYS), line[10:]
                peer.tell("mail")
                self.put("451 4.3.2 later" if letter == "mail451" else "250 2.1.0 ok")
            elif command.startswith("RCPT TO"):
                recipient = re.search(r"<([^>]*)>", line)[1]
                peer.tell("rcpt")
                self.recipient(letter, recipient)
            elif command.startswith("DATA"):
                peer.tell("data")
                if letter == "data451":
                    self.put("451 4.3.0 later")
                    continue
                if letter == "data_dropped":
                    self.drop()
                self.put("354 go")
                self.data(letter, sender, recipient)
                if letter == "closed_after":
                    self.drop()
            elif command.startswith("QUIT"):
                self.put("221 bye")
                self.drop()
            elif command.startswith(("RSET", "NOOP")):
                self.put("250 ok")
            else:
                self.put("502 5.5.1 what")

    def start_tls(self, way):
        if way == "tls454":
            self.put("454 4.7.0 TLS not available")
            return
        if way == "tls_dropped":
            self.drop()
        self.put("220 go")
        if way == "tls_garbage":
            self.put("nonsense " * 20)
            self.drop()
        self.connection = self.peer.context.wrap_socket(self.connection, server_side=True)
        self.tls, self.read = True, b""

    def log_in(self, way, command):
        if way == "auth454":
            self.put("454 4.7.0 try later")
            return
        if command.strip() in ("AUTH PLAIN", "AUTH LOGIN"):
            self.put("334 ")
            self.line()
        if "LOGIN" in command:
            self.put("334 ")
            self.line()
        self.put("235 2.7.0 ok")

    def recipient(self, letter, recipient):
        refusals = {"rcpt450": "450 4.2.1 busy", "rcpt452": "452 4.2.2 queue full", "rcpt550": "550 5.1.1 no such user"}
        if letter == "rcpt550":
            self.peer.note(event="refused", how=letter, to=recipient, at=time.time())
        self.put(refusals.get(letter, "250 2.1.5 ok"))

    def data(self, letter, sender, recipient):
        peer, lines = self.peer, []
        if letter == "dropped_before_dot":
            self.connection.recv(512)
            self.drop()
        while True:
            if letter == "middle_dropped" and lines:
                self.drop()
            if not self.read:
                peer.tell("body")
            line = self.line() + b"\n"
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        peer.tell("dot")
        raw = b"".join(lines)
        sha256 = hashlib.sha256(raw).hexdigest()
        message_id = re.search(rb"(?im)^message-id:\s*(<[^>]*>)", raw)
        what = dict(at=time.time(), sender=sender, to=recipient, sha256=sha256, way=letter, tls=self.tls,
                    message_id=message_id and message_id[1].decode("latin-1"))
        if letter == "dot451":
            peer.note(event="refused for now", **what)
            self.put("451 4.3.0 later")
            return
        if letter == "dot554":
            peer.note(event="refused", how=letter, **what)
            self.put("554 5.6.0 no")
            return
        if letter == "dropped_not_stored":
            self.drop()
        place = f"{peer.folder}/letters/{sha256}"
        with open(f"{place}.{threading.get_ident()}", "wb") as file:
            file.write(raw)
        os.replace(f"{place}.{threading.get_ident()}", place)
        number = f"{os.getpid()}-{time.monotonic_ns()}"
        peer.note(event="accepted", number=number, **what)
        peer.tell("accepted")
        if letter == "stored_then_dropped":
            self.drop()
        if letter == "stored_then_reset":
            self.reset()
        if letter == "stored_then_garbage":
            self.put("\x00\xff what is this")
            self.drop()
        if letter == "slow_reply":
            time.sleep(peer.dice.uniform(0.3, 2))
        if letter == "stalled_reply":
            time.sleep(25)
        if letter == "split_reply":
            self.connection.sendall(b"250-2.0.0 que")
            time.sleep(0.05)
            self.connection.sendall(b"ued\r\n250 2.0.0 ok\r\n")
        else:
            self.put("250 2.0.0 queued")
        peer.note(event="replied", number=number, at=time.time())
        peer.tell("replied")


def serve(peer, connection):
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Conversation(peer, connection).run()
    except (Gone, OSError, ssl.SSLError):
        pass
    finally:
        connection.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("dir")
    parser.add_argument("--cert", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--udp", type=int, required=True)
    arguments = parser.parse_args()
    peer = Peer(arguments)
    listener = socket.create_server(("127.0.0.1", arguments.port), backlog=64)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(peer, connection), daemon=True).start()


if __name__ == "__main__":
    main()
