"""Writes the sample messages as the usual mail programs write them.

Used by make_mail.py. By hand rather than with Python's email package, because what matters here is how Outlook,
Thunderbird, iPhone Mail, Foxmail and others differ: where they put a file's name and how they encode it, how they nest
parts, what they call themselves. Line ends are LF, as a delivery into a Maildir leaves them.
"""

import base64
import hashlib
import html
import quopri
import textwrap
from datetime import datetime, timedelta, timezone

MAILBOX = "gcm-review@example.org"
RELAY, STORE = "mx1.example.org", "store.example.org"


def token(*words, length=32):
    """Digits that look random and are the same on every run."""
    return hashlib.sha256("|".join(words).encode()).hexdigest()[:length]


def mail_date(moment):
    """A date of RFC 5322, with English names whatever the locale."""
    day = "Mon Tue Wed Thu Fri Sat Sun".split()[moment.weekday()]
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[moment.month - 1]
    return f"{day}, {moment.day} {month} {moment:%Y %H:%M:%S %z}"


def encoded_words(text, charset="utf-8", scheme="B", width=40):
    """RFC 2047, folded; plain ASCII stays as it is."""
    if text.isascii():
        return text
    words, piece = [], ""
    for letter in text + "\0":
        if letter == "\0" or len((piece + letter).encode(charset)) > width:
            raw = piece.encode(charset)
            if scheme == "B":
                coded = base64.b64encode(raw).decode()
            else:
                coded = "".join(chr(b) if chr(b).isalnum() and b < 128 else "_" if b == 32 else f"={b:02X}" for b in raw)
            words.append(f"=?{charset}?{scheme}?{coded}?=")
            piece = ""
        piece += letter
    return "\n ".join(words)


def percent(text):
    """RFC 2231 value characters."""
    return "".join(chr(b) if chr(b).isalnum() and b < 128 or b in b"._-" else f"%{b:02X}" for b in text.encode())


def rfc2231(parameter, name):
    """`name*=…`, or numbered pieces where it is long."""
    coded = "utf-8''" + percent(name)
    if len(coded) <= 60:
        return f"{parameter}*={coded}"
    pieces = []
    while coded:
        cut = 58
        while cut < len(coded) and "%" in coded[cut - 2 : cut]:
            cut -= 1
        pieces.append(coded[:cut])
        coded = coded[cut:]
    return ";\n ".join(f"{parameter}*{i}*={piece}" for i, piece in enumerate(pieces))


def address(name, mail, charset="utf-8"):
    """A mailbox with its display name."""
    if not name:
        return mail
    if name.isascii():
        return f'"{name}" <{mail}>' if any(c in name for c in ",.()@:") else f"{name} <{mail}>"
    return f"{encoded_words(name, charset)} <{mail}>"


def text_part(text, subtype="plain", charset="utf-8", coding="quoted-printable", flowed=False):
    """A text body."""
    parameters = f"charset={charset}" + ("; format=flowed" if flowed else "")
    if flowed:  # RFC 3676: a line that ends in a space goes on in the next
        text = "\n".join(" \n".join(textwrap.wrap(line, 71)) for line in text.split("\n"))
    raw = text.encode(charset)
    if coding == "base64":
        body = base64.encodebytes(raw).decode()
    elif coding == "quoted-printable":
        body = quopri.encodestring(raw).decode()
    else:
        body = text
    return f"Content-Type: text/{subtype}; {parameters}\nContent-Transfer-Encoding: {coding}\n\n{body}"


def as_html(text, logo=None):
    """Paragraphs as Outlook's HTML."""
    paragraphs = "\n".join(
        f'<p class="MsoNormal">{html.escape(p).replace(chr(10), "<br>")}</p>' for p in text.strip().split("\n\n")
    )
    picture = f'<p class="MsoNormal"><img width="64" height="64" src="cid:{logo}" alt=""></p>\n' if logo else ""
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">\n<head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
        "<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:Calibri,sans-serif;} --></style>\n"
        f'</head>\n<body lang="EN-GB">\n<div class="WordSection1">\n{picture}{paragraphs}\n</div>\n</body>\n</html>\n'
    )


def file_part(name, data, media_type, style, more=""):
    """An attachment; `style` says how its name is written: ascii, rfc2231, rfc2047 or both."""
    plain = f'"{name}"'
    coded = '"' + encoded_words(name) + '"'
    in_type, in_disposition = {
        "ascii": (f"name={plain}", f"filename={plain}"),
        "rfc2231": (rfc2231("name", name), rfc2231("filename", name)),
        "rfc2047": (f"name={coded}", f"filename={coded}"),
        "both": (f"name={coded}", rfc2231("filename", name)),
    }[style]
    return (
        f"Content-Type: {media_type};\n {in_type}\nContent-Disposition: attachment;\n {in_disposition}\n{more}"
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}"
    )


def inline_image(cid, data):
    """A picture of the HTML text."""
    return (
        f'Content-Type: image/png; name="image001.png"\nContent-Description: image001.png\n'
        f'Content-Disposition: inline; filename="image001.png"; size={len(data)}\nContent-ID: <{cid}>\n'
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}"
    )


def attached_message(message, description):
    """A whole message as an attachment."""
    return (
        f'Content-Type: message/rfc822\nContent-Description: {encoded_words(description)}\n'
        f"Content-Disposition: attachment\n\n{message}"
    )


def multipart(subtype, boundary, parts, more="", preamble=""):
    """Parts under one boundary, with its own Content-Type."""
    inner = "".join(f"--{boundary}\n{part if part.endswith(chr(10)) else part + chr(10)}\n" for part in parts)
    return f'Content-Type: multipart/{subtype};{more}\n boundary="{boundary}"\n\n{preamble}{inner}--{boundary}--\n'


CLIENTS = {
    "outlook": ("_00{n}_{t}", ""),
    "thunderbird": (
        "------------{T}",
        "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:68.0) Gecko/20100101\n Thunderbird/68.12.0\n",
    ),
    "iphone": ("Apple-Mail-{U}", "X-Mailer: iPhone Mail (17G80)\n"),
    "gmail": ("000000000000{t}", ""),
    "foxmail": ("----=_00{n}_NextPart{t}_=----", "X-Mailer: Foxmail 7.2.17.58[cn]\nX-Priority: 3\n"),
    "zimbra": ("----=_Part_{n}_{t}", "X-Mailer: Zimbra 8.8.15_GA_3959 (ZimbraWebClient - GC85 (Win)/8.8.15_GA_3953)\n"),
    "bat": ("----------0{t}", "X-Mailer: The Bat! (v7.4.16) Professional\nX-Priority: 3 (Normal)\n"),
}


def boundary(client, seed, level=1):
    """A boundary as that program makes it."""
    digits = token(seed, str(level), length=24)
    dashed = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-9{digits[17:20]}-{token(seed, length=12)}".upper()
    return CLIENTS[client][0].format(n=level, t=digits[:12] if client == "gmail" else digits, T=digits.upper(), U=dashed)


def message_id(client, seed, domain):
    """A Message-ID as that program makes it."""
    digits = token("id", seed)
    if client == "outlook":
        return f"{digits.upper()}@EX{digits[:2].upper()}.{domain}"
    if client == "gmail":
        return f"CA{base64.b64encode(digits.encode()).decode()[:40]}@mail.gmail.com"
    if client == "iphone":
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}@{domain}".upper().replace(domain.upper(), domain)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}@{domain}"


def own_headers(client, seed, sender, to, subject, sent, charset="utf-8", scheme="B", more="", cc="", files=True):
    """What the sender's program writes, without the MIME part."""
    name, mail = sender
    domain = mail.split("@")[1]
    topic = subject.replace("Re: ", "").replace("RE: ", "").replace("FW: ", "")
    out = f"From: {address(name, mail, charset)}\nTo: {to}\n" + (f"Cc: {cc}\n" if cc else "")
    out += f"Subject: {encoded_words(subject, charset, scheme)}\n"
    if client == "outlook":
        out += f"Thread-Topic: {encoded_words(topic, charset, scheme)}\nThread-Index: {base64.b64encode(bytes.fromhex(token('thread', topic, length=44))).decode()}\n"
    out += f"Date: {mail_date(sent)}\nMessage-ID: <{message_id(client, seed, domain)}>\n{more}"
    if client == "outlook":
        out += "Accept-Language: en-GB, fr-CH, en-US\nContent-Language: en-GB\nX-MS-Has-Attach:" + (" yes" if files else "") + "\nX-MS-TNEF-Correlator:\n"
    return out + CLIENTS[client][1] + "MIME-Version: 1.0\n"


def trace(arrives, envelope_sender, host, seed, authentication=None):
    """What delivery puts on top: our store, our relay, the sender's relay."""
    number = int(token("ip", host, length=4), 16) % 250 + 1
    net = ("192.0.2", "198.51.100", "203.0.113")[number % 3]
    stored = arrives + timedelta(seconds=1)
    before = arrives - timedelta(seconds=2)
    domain = envelope_sender.split("@")[-1]
    verdict = authentication or (f"dkim=pass header.d={domain};\n spf=pass smtp.mailfrom={domain};\n dmarc=pass header.from={domain}" if domain else "spf=none smtp.helo=" + host)
    return (
        f"Return-Path: <{envelope_sender}>\nDelivered-To: {MAILBOX}\n"
        f"Received: from {RELAY} (localhost [127.0.0.1])\n\tby {STORE} (Dovecot) with LMTP id {token('lmtp', seed, length=16)}\n"
        f"\tfor <{MAILBOX}>; {mail_date(stored)}\n"
        f"Received: from {host} ({host} [{net}.{number}])\n"
        f"\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n"
        f"\tby {RELAY} (Postfix) with ESMTPS id {token('queue', seed, length=10).upper()}\n\tfor <{MAILBOX}>; {mail_date(arrives)}\n"
        f"Authentication-Results: {RELAY}; {verdict}\n"
        f"Received: from client.internal ([10.20.{number}.17]) by {host}\n\twith ESMTPSA id {token('client', seed, length=12)}; {mail_date(before.astimezone(timezone.utc))}\n"
    )


def at(text):
    """An instant of RFC 3339."""
    return datetime.fromisoformat(text)
