"""Messages to the mailbox, each unlike all others, with what must become of it."""

import base64
import io
import random
import zipfile
from dataclasses import dataclass

MAILBOX = "gcm@secretariat.test"
STATES = [
    ("Switzerland", "eda.admin.ch"), ("Norway", "mfa.no"), ("Armenia", "mfa.am"), ("Azerbaijan", "mfa.gov.az"),
    ("France", "diplomatie.gouv.fr"), ("Italy", "esteri.it"), ("Portugal", "mne.gov.pt"), ("Georgia", "mfa.gov.ge"),
    ("Kazakhstan", "mfa.gov.kz"), ("Turkey", "mfa.gov.tr"),
]
WORDS = """migration review contribution measures national authorities integration labour pathways regular cooperation
data visas diaspora families children workers employers municipalities returns readmission borders protection victims
trafficking statistics policies strategy implementation objectives""".split()
CALL = "the regional review of the Global Compact for Migration"
# There are more inputs than states, and a later one of a state is filed without a person only where it says what it is and
# is a text like the one before.
REPLACES = "This text replaces our earlier input."
# How often each kind comes, and the letter that it gets.
SHARES = {"state": 45, "ngo": 12, "no document": 10, "spam": 8, "robot": 8, "body": 15, "big": 2}
LETTER = {"state": "acknowledgement", "body": "acknowledgement", "big": "acknowledgement", "ngo": "received",
          "no document": "query"}
FILED = {"state", "body", "big", "ngo"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass
class Message:
    number: str
    message_id: str
    sender: str
    kind: str
    raw: bytes
    delivered: int = 0


class Mail:
    def __init__(self, seed):
        self.dice, self.seed, self.sent = random.Random(seed), seed, {}

    def make(self, kind=None):
        kind = kind or self.dice.choices(list(SHARES), list(SHARES.values()))[0]
        n = len(self.sent) + 1
        number = f"T{self.seed}-{n:06d}"
        land, domain = self.dice.choice(STATES)
        government = kind in ("state", "body", "big", "no document")
        sender = f"desk{n}.{self.seed}@{domain}" if government else f"person{n}.{self.seed}@elsewhere{n}.test"
        message_id = f"<{number}.{self.dice.getrandbits(40):x}@origin.test>"
        head = [f"From: Office {n} <{sender}>", f"To: <{MAILBOX}>", f"Message-ID: {message_id}", f"X-Test-Id: {number}",
                "Date: Sun, 29 Nov 2026 12:00:00 +0000", "MIME-Version: 1.0"]
        body = self.body(kind, number, land)
        raw = "\r\n".join(head + [body]).encode()
        message = Message(number, message_id, sender, kind, raw)
        self.sent[number] = message
        return message

    def body(self, kind, number, land):
        plain = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        subject = f"Subject: {land}: input to the regional review {number}\r\n"
        if kind in ("state", "big"):
            return subject + self.with_document(kind, number, land)
        if kind == "ngo":
            return f"Subject: NGO: input to the regional review {number}\r\n" + self.with_document(
                kind, number, "The Association of Friends")
        if kind == "body":
            text = f"The Government of {land} contributes to {CALL}. {REPLACES} {number}\r\n\r\n"
            return subject + plain + text + "\r\n\r\n".join(self.text_of(land)) + "\r\n"
        if kind == "no document":
            return f"{subject}{plain}Please find attached the input of {land} to {CALL}.\r\n\r\nBest regards\r\n"
        if kind == "robot":
            return f"Subject: Out of office {number}\r\nAuto-Submitted: auto-replied\r\n{plain}I am away.\r\n"
        return f"Subject: Cheap garden chairs {number}\r\n{plain}Buy a chair. .\r\n..leading dot\r\n{self.text(15)}\r\n"

    def with_document(self, kind, number, who):
        boundary = f"b{number}"
        paragraphs = [f"Voluntary input of {who} to {CALL}", f"Unique {number}"]
        paragraphs += self.text_of(who)
        letter = f"Please find attached the input. {REPLACES} {self.text(15)}"
        parts = [f"Content-Type: text/plain; charset=utf-8\r\n\r\n{letter}\r\n",
                 attachment(DOCX, "input.docx", docx(paragraphs))]
        if kind == "big":
            picture = self.dice.randbytes(self.dice.randint(1_000_000, 3_000_000))
            parts.append(attachment("image/png", "picture.png", picture))
        joined = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
        return f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n{joined}--{boundary}--\r\n'

    def text_of(self, who):
        """The text of a party, which is like all others of it, and like none of another."""
        of_party = random.Random(who)
        return [sentence(of_party, 25) for _ in range(28)] + [self.text(25) for _ in range(self.dice.randint(1, 4))]

    def text(self, words):
        return sentence(self.dice, words)


def sentence(dice, words):
    return " ".join(dice.choice(WORDS) for _ in range(words)).capitalize() + "."


def attachment(media_type, name, content):
    encoded = base64.b64encode(content).decode()
    lines = "\r\n".join(encoded[i:i + 76] for i in range(0, len(encoded), 76))
    return (f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{lines}\r\n')


def docx(paragraphs):
    office = "http://schemas.openxmlformats.org"
    text = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs)
    parts = {
        "[Content_Types].xml":
            f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
            f'ContentType="{DOCX}.main+xml"/></Types>',
        "_rels/.rels":
            f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1" Type='
            f'"{office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml":
            f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body>{text}</w:body></w:document>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    return file.getvalue()
