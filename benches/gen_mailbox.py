#!/usr/bin/env python3
"""gen_mailbox.py OUTDIR [N=5000] [SEED=1] [--eml]
Deterministic synthetic inputs, each of which is answered. Standard library only, so it needs nothing installed.
Default: writes a Maildir (OUTDIR/{cur,new,tmp}) with N messages; --eml writes OUTDIR/000001.eml ... instead.
Mix: 70 % carry one attachment of about 60 KB (half .docx, half .pdf; both are real, parseable files with about
400 words of unique text and one incompressible picture), 30 % are small text (plain or multipart/alternative).
Each message has a unique Message-ID, Date, From; a manifest.jsonl next to OUTDIR records the expected content
(message_id, from, subject, attachment kind, a marker word that must be found by text extraction)."""
import base64, io, json, os, random, sys, zipfile, zlib
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone
W = ("invoice claim policy contract delivery address customer number meter reading complaint refund appointment "
     "notice change payment reminder order quantity article warranty statement account quarter report schedule annex "
     "permission request signature deadline municipality building material insurance damage vehicle garage estimate").split()
INPUT = "This is our voluntary input to the regional review of the Global Compact for Migration."

def png(rng, side=118):
    raw = b"".join(b"\0" + rng.randbytes(side * 3) for _ in range(side))
    def ch(t, d):
        return len(d).to_bytes(4, "big") + t + d + zlib.crc32(t + d).to_bytes(4, "big")
    ihdr = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + ch(b"IHDR", ihdr) + ch(b"IDAT", zlib.compress(raw, 1)) + ch(b"IEND", b"")

def paras(rng, marker, n=20):
    out = []
    for i in range(n):
        ws = [rng.choice(W) for _ in range(20)]
        if i == n // 2:
            ws[5] = marker
        out.append(" ".join(ws).capitalize() + ".")
    return out

def docx(rng, ps):
    b = io.BytesIO(); z = zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED)
    def put(name, data):
        zi = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)); zi.compress_type = zipfile.ZIP_DEFLATED; z.writestr(zi, data)
    put("[Content_Types].xml", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
    put("_rels/.rels", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
    put("word/_rels/document.xml.rels", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image1.png"/></Relationships>')
    body = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in ps)
    put("word/document.xml", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>' + body + '<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Total</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1234.50</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>')
    put("word/media/image1.png", png(rng)); put("word/media/image2.bin", rng.randbytes(16000)); z.close()
    return b.getvalue()

def pdf(rng, ps):
    lines = []
    for p in ps:
        ws = p.split()
        lines += [" ".join(ws[i:i + 10]) for i in range(0, len(ws), 10)]
    txt = "BT /F1 11 Tf 14 TL 50 780 Td\n" + "\n".join(f"({l}) Tj T*" for l in lines) + "\nET\nq 80 0 0 80 450 20 cm /I1 Do Q"
    c = zlib.compress(txt.encode("latin-1")); im = rng.randbytes(138 * 138 * 3); imz = zlib.compress(im, 1)
    objs = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>/XObject<</I1 6 0 R>>>>/Contents 4 0 R>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(c), c),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            b"<</Type/XObject/Subtype/Image/Width 138/Height 138/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(imz), imz)]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"); offs = []
    for i, o in enumerate(objs, 1):
        offs.append(len(out)); out += b"%d 0 obj" % i + o + b"\nendobj\n"
    x = len(out); out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objs) + 1) + b"".join(b"%010d 00000 n \n" % o for o in offs)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objs) + 1, x)
    return bytes(out)

def b64(data):
    s = base64.b64encode(data).decode(); return "\r\n".join(s[i:i + 76] for i in range(0, len(s), 76))

def message(i, seed):
    rng = random.Random(seed * 1_000_003 + i); marker = f"marker{seed}x{i:06d}"
    frm = f"person{rng.randrange(900):03d}@sink.test"; mid = f"<gen-{seed}-{i:06d}@sink.test>"
    when = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(minutes=7 * i)
    subj = f"{rng.choice(W).capitalize()} {rng.choice(W)} {i:06d}"
    h = [f"Return-Path: <{frm}>", f"Received: from client.sink.test (client.sink.test [192.0.2.9]) by mx.mail.test with ESMTPS id Q{i:06d}; {format_datetime(when)}",
         f"From: Person {i % 900} <{frm}>", "To: Ingest <ingest@mail.test>", f"Subject: {subj}", f"Date: {format_datetime(when)}", f"Message-ID: {mid}", "MIME-Version: 1.0"]
    kind = ["docx", "pdf"][rng.randrange(2)] if rng.random() < 0.7 else "text"
    ps = paras(rng, marker); b = f"=_b{seed}_{i:06d}"
    if kind == "text":
        body = "\r\n".join([INPUT, *ps]) + "\r\n"
        if rng.random() < 0.5:
            h.append('Content-Type: text/plain; charset=utf-8'); out = "\r\n".join(h) + "\r\n\r\n" + body
        else:
            h.append(f'Content-Type: multipart/alternative; boundary="{b}"')
            out = "\r\n".join(h) + f"\r\n\r\n--{b}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n--{b}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>{body}</p></body></html>\r\n--{b}--\r\n"
    else:
        data = docx(rng, ps) if kind == "docx" else pdf(rng, ps)
        ct = "application/pdf" if kind == "pdf" else "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        h.append(f'Content-Type: multipart/mixed; boundary="{b}"')
        out = "\r\n".join(h) + f"\r\n\r\n--{b}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{INPUT} Please find attached: {subj}.\r\n\r\n--{b}\r\nContent-Type: {ct}; name=\"doc{i:06d}.{kind}\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"doc{i:06d}.{kind}\"\r\n\r\n{b64(data)}\r\n--{b}--\r\n"
    return out.encode(), {"n": i, "message_id": mid, "from": frm, "subject": subj, "kind": kind, "marker": marker}

if __name__ == "__main__":
    a = [x for x in sys.argv[1:] if not x.startswith("--")]; out = a[0]; n = int(a[1]) if len(a) > 1 else 5000; seed = int(a[2]) if len(a) > 2 else 1
    eml = "--eml" in sys.argv; tot = 0; kinds = {}
    for d in ([""] if eml else ["cur", "new", "tmp"]): os.makedirs(os.path.join(out, d), exist_ok=True)
    with open(out.rstrip("/") + ".manifest.jsonl", "w") as mf:
        for i in range(1, n + 1):
            m, meta = message(i, seed); tot += len(m); kinds[meta["kind"]] = kinds.get(meta["kind"], 0) + 1
            p = f"{i:06d}.eml" if eml else f"new/{1767225600 + 420 * i}.M{i}P{seed}.gen"
            with open(os.path.join(out, p), "wb") as f: f.write(m)
            mf.write(json.dumps(meta) + "\n")
    print(f"{n} messages, {tot / 1e6:.1f} MB, {kinds}")
