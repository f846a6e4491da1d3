#!/usr/bin/python3
"""Ends the program at random moments, again and again, and judges it from outside: see README.md."""

import argparse
import collections
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import verdict
from mail import Mail
from place import PHASES, Place, descendants, is_running, signal_group

# Where in a letter's way an end is aimed at, the interesting moments more often.
AIMED_AT = ["mail", "rcpt", "data", "connection"] + ["body"] * 2 + ["dot"] * 3 + ["accepted"] * 3 + ["replied"] * 3
# The ways of the mail server in the tenth of the lives in which it goes wrong in one way.
ONE_WAY = ["stored_then_dropped", "dropped_not_stored", "dot451", "slow_reply", "rcpt452", "middle_dropped",
           "stored_then_reset", "stalled_reply", "closed_after", "stored_then_garbage"]
# How long the program may take to stop when it is asked to, as its unit says.
TO_STOP = 45
# So many seconds later by its own clock it is started at the end, until nothing is left to do.
LATER = [0, 600, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 36 * 3600]


class Phases:
    """What the mail server tells of its conversations."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))

    def wait_for(self, phase, within):
        self.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while self.socket.recv(100):
                pass
        until = time.time() + within
        while (left := until - time.time()) > 0:
            self.socket.settimeout(left)
            with contextlib.suppress(TimeoutError):
                if self.socket.recv(100).decode() == phase:
                    return True
        return False


class Run:
    def __init__(self, arguments):
        self.arguments, self.place = arguments, Place(arguments)
        self.dice, self.mail = random.Random(arguments.seed * 31 + 7), Mail(arguments.seed)
        self.began, self.ends, self.count = time.time(), [], collections.Counter()
        self.stop_times, self.orphan_times, self.take_over_times = [], [], []
        self.decided, self.daemon, self.later, self.at_rest = {}, None, 0, False
        self.delivering = threading.Lock()

    def note(self, *what):
        with open(f"{self.place.folder}/run.log", "a") as file:
            print(f"{time.time() - self.began:7.1f}", *what, file=file)

    def build(self):
        self.place.build()
        self.phases = Phases(self.place.port(PHASES))
        self.daemon = self.place.start()
        until = time.time() + 30
        while "docket runs" not in self.place.log_of_daemon():
            if self.daemon.poll() is not None or time.time() > until:
                raise RuntimeError("the program did not start: see log/docket")
            time.sleep(0.1)

    def deliver(self, kind=None):
        with self.delivering:
            sent = list(self.mail.sent.values())
            if sent and self.dice.random() < 0.06:
                message = self.dice.choice(sent)
                self.count["delivered again"] += 1
            else:
                message = self.mail.make(kind)
                if sent and self.dice.random() > 0.97:
                    # The Message-ID of another message, and other bytes.
                    twin = self.dice.choice(sent)
                    message.raw = message.raw.replace(message.message_id.encode(), twin.message_id.encode())
                    message.message_id = twin.message_id
            self.place.deliver(message, self.dice.random() < 0.5)

    def lives(self):
        for n in range(self.arguments.kills):
            if self.daemon is None:
                for _ in range(self.dice.choice([0, 1, 1, 2, 3, 5])):
                    self.deliver()
                self.daemon = self.place.start()
            self.place.peer_is(self.dice.choices(["good", "bad", "awful", self.dice.choice(ONE_WAY)], [45, 30, 10, 15])[0])
            if self.dice.random() < 0.06:
                self.decide()
            delivering = self.until_a_moment()
            self.end_something()
            if self.daemon is not None and self.daemon.poll() is not None:
                self.count[f"ended by itself with {self.daemon.returncode}"] += 1
                self.daemon = None
            if delivering:
                delivering.join()
            if n % 50 == 49:
                self.note(n + 1, "ends, left to do", self.place.left_to_do(), dict(self.count))

    def until_a_moment(self):
        """Waits for the moment of the next end; a delivery may go on beside it."""
        aim = self.dice.random()
        if aim < 0.45:
            kind = self.dice.choice(["state", "state", "ngo", "body", None])
            wait = self.dice.uniform(0.05, 0.5)
            delivering = threading.Thread(target=lambda: (time.sleep(wait), self.deliver(kind)))
            delivering.start()
            hit = self.phases.wait_for(self.dice.choice(AIMED_AT), self.dice.uniform(0.8, 3))
            self.count["aims met" if hit else "aims missed"] += 1
            time.sleep(self.dice.choice([0, self.dice.uniform(0, 0.004), self.dice.uniform(0, 0.08)]))
            return delivering
        if aim < 0.70:
            time.sleep(self.dice.uniform(0.1, 0.7))
            for _ in range(self.dice.choice([1, 1, 3, 6])):
                self.deliver()
            time.sleep(self.dice.choice([self.dice.uniform(0, 0.05), self.dice.uniform(0, 0.3), self.dice.uniform(0, 1)]))
        else:
            longest = self.dice.choices([0.4, 1.2, 6], [5, 3, 2])[0]
            time.sleep(self.dice.uniform(0.05, longest))
        return None

    def end_something(self):
        mixed = self.arguments.signals == "mixed"
        whose = {"group": 40 if mixed else 85, "parent": 20 if mixed else 4, "child": 25 if mixed else 0, "dovecot": 3,
                 "peer": 5, "postgres": 5 if self.arguments.db == "postgres" else 0}
        what = self.dice.choices(list(whose), list(whose.values()))[0]
        which = self.dice.choice([signal.SIGTERM, signal.SIGINT, signal.SIGKILL]) if mixed else signal.SIGKILL
        if not mixed and what == "parent" and self.dice.random() < 0.5:
            which = signal.SIGTERM
        began = time.time()
        if what in ("group", "parent"):
            self.end_program(what, which)
        elif what == "child":
            self.end_children(which)
        elif what == "dovecot":
            self.place.kill_dovecot()
            time.sleep(self.dice.uniform(0, 0.8))
            self.place.start_dovecot()
        elif what == "peer":
            self.place.kill_peer()
            time.sleep(self.dice.uniform(0, 0.8))
            self.place.start_peer()
        else:
            self.place.kill_postgres()
            time.sleep(self.dice.uniform(0, 0.8))
            self.place.start_postgres()
        self.ends.append((began, time.time(), what))
        self.count[f"{what} {which.name}" if what in ("group", "parent", "child") else what] += 1

    def end_program(self, whose, which):
        children, began = [child for child, _ in descendants(self.daemon.pid)], time.time()
        if whose == "group":
            signal_group(self.daemon, which)
        else:
            self.daemon.send_signal(which)
        try:
            code = self.daemon.wait(TO_STOP)
        except subprocess.TimeoutExpired:
            self.count["did not stop"] += 1
            self.daemon.kill()
            self.daemon.wait()
            code = None
        if which != signal.SIGKILL:
            self.stop_times.append(round(time.time() - began, 2))
            self.count[f"stopped with {code}"] += 1
        ended = time.time()
        while any(map(is_running, children)) and time.time() < ended + 40:
            time.sleep(0.02)
        self.orphan_times.append(round(time.time() - ended, 2))
        self.daemon = None

    def end_children(self, which):
        readers = [child for child, filtered in descendants(self.daemon.pid) if filtered]
        for reader in self.dice.sample(readers, min(len(readers), self.dice.choice([1, 1, 2, 9]))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(reader, which)

    def claims(self):
        """How many messages are in reading, and letters on their way."""
        with contextlib.suppress(RuntimeError):
            return self.place.rows(
                "SELECT (SELECT COUNT(*) FROM message WHERE state = 'stored' AND lease_until > 0)"
                " + (SELECT COUNT(*) FROM letter WHERE state IN ('waiting', 'released') AND lease_until > 0) AS n")[0][0]
        return 0

    def decide(self):
        """A person decides one of the messages that are no state's; sometimes that is killed, too."""
        with contextlib.suppress(Exception):
            rows = self.place.rows(
                "SELECT m.number AS n, m.subject AS s FROM message m JOIN item i ON i.message_id = m.id"
                " WHERE i.kind <> 'member_state' AND m.relevance = 'input' AND m.state = 'read'"
                " ORDER BY m.number DESC LIMIT 12")
            number, subject = self.dice.choice(rows)
            test = next(word for word in subject.split() if word in self.mail.sent)
            if test in self.decided:
                return
            command = [self.place.program, "--config", self.place.config, "decide", f"M-{number:06d}", "assign", "NOR",
                       "--reason", "it was decided in a test"]
            deciding = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            if self.dice.random() < 0.4:
                time.sleep(self.dice.uniform(0.01, 0.25))
                signal_group(deciding, signal.SIGKILL)
                deciding.wait()
                self.decided[test] = "killed"
            else:
                self.decided[test] = "done" if deciding.wait(30) == 0 else "refused"

    def comes_to_rest(self):
        """With a good mail server, and time that passes faster where letters wait long for their next attempt."""
        if self.daemon:
            self.end_program("group", signal.SIGKILL)
            self.ends.append((time.time(), time.time(), "group"))
        self.place.peer_is("good")
        for later in LATER:
            self.later, self.daemon = later, self.place.start(later)
            last, since, until = None, time.time(), time.time() + 180
            while time.time() < until:
                time.sleep(0.5)
                left = self.place.left_to_do()
                if self.daemon.poll() is not None:
                    self.note("ended by itself at the end with", self.daemon.returncode)
                    self.daemon = self.place.start(later)
                if left != last:
                    last, since = left, time.time()
                if left and left[0] == left[1] == 0 and time.time() - since > 6:
                    self.at_rest = True
                    return
                # Longer than a killed process's claims last.
                if time.time() - since > 25:
                    break
            self.note("left to do", last, "at", later)
            signal_group(self.daemon, signal.SIGTERM)
            self.daemon.wait()

    def take_over(self):
        """How long another daemon on the same PostgreSQL takes to do what a killed one had in hand."""
        if self.arguments.db != "postgres":
            return
        for n in range(3):
            # Those who come later serve pages in turn, for the address is one.
            other = self.place.start(self.later, beside_another=n % 2 == 0)
            time.sleep(4)
            for _ in range(12):
                self.deliver("state")
            until = time.time() + 10
            while not self.claims() and time.time() < until:
                time.sleep(0.01)
            signal_group(self.daemon, signal.SIGKILL)
            self.daemon.wait()
            began = time.time()
            self.ends.append((began, began, "group"))
            self.daemon = other
            while (left := self.place.left_to_do()) is None or left[0] or left[1]:
                if time.time() > began + 120:
                    break
                time.sleep(0.1)
            self.take_over_times.append(round(time.time() - began, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="the program")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--signals", choices=["kill", "mixed"], default="kill")
    parser.add_argument("--uncertain", choices=["resend", "ask"], default="resend")
    parser.add_argument("--after", choices=["leave", "keyword", "move"], default="leave")
    parser.add_argument("--sent", action="store_true", help="copies of letters go to the folder Sent")
    parser.add_argument("--dir")
    arguments = parser.parse_args()
    arguments.dir = arguments.dir or os.path.join(tempfile.gettempdir(), f"docket-{arguments.db}-{arguments.seed}")
    run = None
    try:
        run = Run(arguments)
        run.build()
    except Exception as error:
        print(f"the place could not be built: {error}")
        if run:
            run.place.tear_down()
        return 2
    try:
        run.lives()
        run.note("lives over", dict(run.count))
        run.comes_to_rest()
        run.take_over()
        result = verdict.of(run)
    finally:
        if run.daemon and run.daemon.poll() is None:
            signal_group(run.daemon, signal.SIGKILL)
        run.place.tear_down()
    with open(f"{run.place.folder}/result.json", "w") as file:
        json.dump(result, file, indent=1)
    print(verdict.in_a_line(result))
    return 1 if result["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
