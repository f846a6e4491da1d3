"""What must hold once the program has come to rest, whatever ended it on the way."""

import collections
import contextlib
import hashlib
import json
import re
import signal
import subprocess

import zstandard

from mail import FILED, LETTER
from place import signal_group

# A letter may be there twice if the program, the database or the mail server ended so close to the first reply, in
# seconds, that the program cannot have learned of it.
CLOSE = 3.0
EXCUSES = ("group", "parent", "postgres", "peer")
# How long children may outlive the program.
TO_FOLLOW = 1.5


class Verdict:
    def __init__(self, run):
        self.run, self.place, self.sent = run, run.place, run.mail.sent
        self.broken, self.figures = [], {}

    def rule(self, holds, what):
        if not holds:
            self.broken.append(what)

    def read(self):
        rows = self.place.rows
        self.originals = self.stored_originals()
        self.messages = rows("SELECT id, number, rfc_message_id, sha256, state, header_only FROM message ORDER BY number")
        self.letters = rows("SELECT id, message_id, kind, state, reason, rfc_message_id, recipient, body FROM letter")
        self.mailbox = collections.defaultdict(list)
        for raw in self.place.in_mailbox():
            if number := test_number(raw):
                self.mailbox[number].append(network(raw))
        self.tests = {row[0]: test_number(self.originals.get(row[3], b"")) for row in self.messages}

    def stored_originals(self):
        pieces = collections.defaultdict(bytes)
        piece = self.place.hexadecimal("bytes")
        for sha256, _, content in self.place.rows(f"SELECT sha256, n, {piece} AS b FROM original_piece ORDER BY sha256, n"):
            pieces[sha256] += bytes.fromhex(content)
        return {sha256: unpacked(packed) for sha256, packed in pieces.items()}

    def messages_are_logged_once(self):
        logged = collections.Counter(self.tests.values())
        for test, copies in self.mailbox.items():
            self.rule(logged[test] == 1, f"{test}: {len(copies)} times in the mailbox, {logged[test]} times in the log")
        for identity, number, message_id, sha256, state, header_only in self.messages:
            name, test, original = f"M-{number:06d}", self.tests[identity], self.originals.get(sha256, b"")
            self.rule(hashlib.sha256(original).hexdigest() == sha256, f"{name}: the original does not have its hash")
            self.rule(original in self.mailbox.get(test, []), f"{name}: the original is not what the mailbox has")
            self.rule(state == "read", f"{name}: its state is {state}")
            self.rule(header_only is None, f"{name}: only its header is there")
            if sent := self.sent.get(test):
                self.rule(original.endswith(sent.raw), f"{name}: the original is not what was sent")
                self.rule((message_id or "").strip("<>") == sent.message_id.strip("<>"), f"{name}: Message-ID {message_id}")
        numbers = [row[1] for row in self.messages]
        self.rule(numbers == list(range(1, len(numbers) + 1)), "the intake numbers have gaps")

    def inputs_are_filed_once(self):
        rows = self.place.rows
        references = sorted(row[0] for row in rows("SELECT reference FROM submission"))
        expected = [f"GCM-ECE-2020-{n:04d}" for n in range(1, len(references) + 1)]
        self.rule(references == expected, "the references have gaps")
        versions = rows("SELECT v.submission_id AS s, v.n AS n, i.message_id AS m, v.until AS w FROM place v"
                        " JOIN item i ON i.id = v.item_id WHERE v.repeats IS NULL AND v.until IS NULL")
        numbers = collections.defaultdict(list)
        for submission, n, _, _ in versions:
            numbers[submission].append(n)
        for submission, found in numbers.items():
            self.rule(sorted(found) == list(range(1, len(found) + 1)), f"submission {submission}: its versions are {found}")
        filed = collections.Counter(self.tests[message] for _, _, message, withdrawn in versions if withdrawn is None)
        items = collections.Counter(row[0] for row in rows("SELECT message_id FROM item"))
        self.rule(all(count == 1 for count in items.values()), "a message has more than one item")
        for test in self.tests.values():
            if test in self.sent and test not in self.run.decided:
                kind = self.sent[test].kind
                if kind != "no document":
                    self.rule(filed[test] == (kind in FILED), f"{test} ({kind}): filed {filed[test]} times")
        self.figures["references"] = len(references)

    def each_message_has_its_letter(self):
        kinds = collections.defaultdict(collections.Counter)
        for _, message, kind, state, reason, _, _, body in self.letters:
            kinds[message][kind] += 1
            self.rule("damaged" not in body, f"a letter to message {message} says that a sound file is damaged")
            if state in ("held", "failed", "discarded"):
                self.rule(reason, f"a letter to message {message} is {state} without a reason")
            self.rule(state not in ("waiting", "released", "sending"), f"a letter to message {message} is still {state}")
        for message, test in self.tests.items():
            had, kind = dict(kinds[message]), self.sent[test].kind if test in self.sent else None
            if test in self.run.decided:
                self.rule(all(count == 1 for count in had.values()), f"{test}: decided, and its letters are {had}")
                if self.run.decided[test] == "done":
                    # Whoever was told a number before is told of the other by a correction, and nobody else is.
                    told = {"received", "correction"} <= had.keys() or "acknowledgement" in had and "correction" not in had
                    self.rule(told, f"{test}: decided, and its letters are {had}")
            else:
                self.rule(had == ({LETTER[kind]: 1} if kind in LETTER else {}), f"{test} ({kind}): its letters are {had}")

    def letters_left_once(self):
        record = self.place.peers_record()
        replied = {line["number"]: line["at"] for line in record if line["event"] == "replied"}
        accepted = collections.defaultdict(list)
        for line in record:
            if line["event"] == "accepted":
                accepted[line["message_id"]].append(line)
        known = {f"<{(letter[5] or '').strip('<>')}>": letter for letter in self.letters}
        repeated, excused = 0, collections.Counter()
        for message_id, lines in accepted.items():
            letter = known.get(message_id)
            self.rule(letter is not None, f"the mail server has a letter {message_id} that the log does not know")
            self.rule(len({line["sha256"] for line in lines}) == 1, f"{message_id}: accepted with different bytes")
            if letter:
                self.rule(letter[6] == lines[0]["to"], f"{message_id}: it went to another than the log says")
            self.rule(all(line["tls"] for line in lines), f"{message_id}: in the clear")
            if self.run.arguments.uncertain == "ask":
                self.rule(len(lines) == 1, f"{message_id}: accepted {len(lines)} times, though a person is to be asked")
            for first, _ in zip(lines, lines[1:]):
                repeated += 1
                excuse = self.excuse(first, replied)
                excused[excuse] += excuse is not None
                self.rule(excuse, f"{message_id}: accepted twice, and the first reply was not lost")
        for letter in self.letters:
            message_id = f"<{(letter[5] or '').strip('<>')}>"
            if letter[3] == "sent":
                self.rule(message_id in accepted, f"letter {letter[0]} is said to be sent, and the mail server does not have it")
            elif letter[3] in ("failed", "discarded") and message_id in accepted:
                doubt = "may have left" in (letter[4] or "") or "twice" in (letter[4] or "")
                self.rule(doubt, f"letter {letter[0]} is {letter[3]}, and the mail server has it: {letter[4]}")
        self.figures |= dict(accepted=sum(map(len, accepted.values())), distinct=len(accepted), repeated=repeated,
                             excused=dict(excused), letter_states=dict(collections.Counter(row[3] for row in self.letters)))

    def excuse(self, first, replied):
        """Why the program cannot know that a letter was accepted, if so."""
        if first["number"] not in replied:
            return "no reply"
        for began, ended, what in self.run.ends:
            if what in EXCUSES and began - CLOSE <= replied[first["number"]] and first["at"] <= ended + 0.5:
                return f"{what} ended"
        return None

    def the_program_says_the_same(self):
        log = [json.loads(line) for line in self.place.command("log", "--json").stdout.splitlines()]
        self.rule(len(log) == len(self.messages), f"docket log has {len(log)} lines for {len(self.messages)} messages")
        letters = self.place.command("letters", "list", "--json").stdout.splitlines()
        self.rule(len(letters) == len(self.letters), f"docket letters has {len(letters)} of {len(self.letters)} letters")
        reconcile = self.place.command("reconcile", later=self.run.later)
        self.rule(reconcile.returncode == 0, "reconcile: " + (reconcile.stdout + reconcile.stderr)[-200:])
        said = self.place.log_of_daemon()
        self.rule("panicked" not in said, "a panic in the log")
        self.rule("smtpsecret" not in said, "a password in the log")

    def it_stops(self):
        run = self.run
        signal_group(run.daemon, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.rule(run.daemon.wait(45) == 0, f"it ended with {run.daemon.returncode} when it was asked to stop")
        self.rule(run.daemon.poll() is not None, "it did not stop within 45 s")
        self.rule(run.count["did not stop"] == 0, f"it did not stop {run.count['did not stop']} times")
        follow = max(run.orphan_times, default=0)
        self.rule(follow <= TO_FOLLOW, f"children outlived the program by {follow} s")
        if self.place.database == "sqlite":
            integrity = self.place.rows("PRAGMA integrity_check")
            self.rule(integrity == [("ok",)], f"the database is not whole: {integrity[:3]}")
            foreign = self.place.rows("PRAGMA foreign_key_check")
            self.rule(not foreign, f"foreign keys lead nowhere: {foreign[:3]}")


def of(run):
    verdict = Verdict(run)
    verdict.rule(run.at_rest, f"it did not come to rest: {run.place.left_to_do()}")
    verdict.read()
    verdict.messages_are_logged_once()
    verdict.inputs_are_filed_once()
    verdict.each_message_has_its_letter()
    verdict.letters_left_once()
    verdict.the_program_says_the_same()
    verdict.it_stops()
    arguments = run.arguments
    return dict(database=arguments.db, seed=arguments.seed, signals=arguments.signals, ends=len(run.ends),
                delivered=sum(len(copies) for copies in verdict.mailbox.values()), messages=len(verdict.messages),
                letters=len(verdict.letters), count=dict(run.count), stop_times=run.stop_times,
                longest_stop=max(run.stop_times, default=0), longest_orphan=max(run.orphan_times, default=0),
                take_over=run.take_over_times, later=run.later, **verdict.figures, broken=verdict.broken)


def in_a_line(result):
    states = ", ".join(f"{count} {state}" for state, count in sorted(result["letter_states"].items()))
    excused = sum(result["excused"].values())
    line = (f"{'BROKEN' if result['broken'] else 'ok'}: {result['database']}, seed {result['seed']}, {result['signals']}: "
            f"{result['ends']} ends, {result['messages']} messages of {result['delivered']} deliveries, "
            f"{result['letters']} letters ({states}), {result['repeated']} repeated, {result['repeated'] - excused} of "
            f"these unexplained; longest stop {result['longest_stop']} s, longest orphan {result['longest_orphan']} s")
    if result["take_over"]:
        line += f", take-over within {max(result['take_over'])} s"
    if result["broken"]:
        line += f"; {len(result['broken'])} rules broken: {result['broken'][0]}"
    return line


def unpacked(packed):
    """What several frames hold, one behind the other."""
    whole = b""
    while packed:
        frame = zstandard.ZstdDecompressor().decompressobj()
        whole += frame.decompress(packed)
        packed = frame.unused_data
    return whole


def test_number(raw):
    found = re.search(rb"(?m)^X-Test-Id: (\S+)", raw)
    return found and found[1].decode()


def network(raw):
    """With the line ends of the network, whatever the mailbox has made of them."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
