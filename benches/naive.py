#!/usr/bin/env python3
"""naive.py IMAPSPORT USER CA SMTPPORT LIMIT - what a user would otherwise write: imap-tools + pypdf + python-docx + smtplib,
one message at a time, text extracted, an acknowledgement sent (new SMTP connection for each, as in most such scripts; --reuse keeps one)."""
import io, smtplib, ssl, sys, time
from email.message import EmailMessage
from email.utils import make_msgid
import docx, pypdf
from imap_tools import MailBox
port, user, ca, sp, limit = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]); reuse = "--reuse" in sys.argv
n = chars = 0; t = time.time(); tf = te = ts = 0.0
with MailBox("localhost", port, ssl_context=ssl.create_default_context(cafile=ca)).login(user, "secret") as mb:
    conn = smtplib.SMTP("127.0.0.1", sp) if reuse else None; a = time.time()
    for m in mb.fetch(limit=limit, mark_seen=False, bulk=False):
        b = time.time(); tf += b - a; text = m.text or ""
        for at in m.attachments:
            try:
                if at.filename.endswith(".pdf"): text += "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(at.payload)).pages)
                elif at.filename.endswith(".docx"): text += "\n".join(p.text for p in docx.Document(io.BytesIO(at.payload)).paragraphs)
            except Exception as e: print("extract", e)
        chars += len(text); c = time.time(); te += c - b
        r = EmailMessage(); r["From"] = "ack@mail.test"; r["To"] = m.from_; r["Subject"] = "Received: " + m.subject; r["Message-ID"] = make_msgid(domain="mail.test"); r["In-Reply-To"] = m.headers.get("message-id", [""])[0]; r["Auto-Submitted"] = "auto-replied"; r.set_content("We received your message.\n")
        if reuse: conn.send_message(r)
        else:
            with smtplib.SMTP("127.0.0.1", sp) as s: s.send_message(r)
        n += 1; a = time.time(); ts += a - c
e = time.time() - t
print(f"naive python: {n} msgs {chars} chars in {e:.2f}s = {n/e:.1f} msg/s (fetch {tf:.1f}s extract {te:.1f}s send {ts:.1f}s)")
