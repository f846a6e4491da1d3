"""Turns the light markup of documents/*.txt into flat OpenDocument text, and that into DOCX and PDF by LibreOffice.

Used by make_mail.py. Promises the same bytes for the same text on the same LibreOffice: dates, identifiers and the order
within archives are fixed.

A source file begins with `key: value` lines (lang, build, head, subject) and an empty line. Then, line by line:

    ^ text      a line of the letterhead (centred; with `head: page` it goes into the page header)
    > text      a line set to the end, such as a place and date
    # text      the title          ## text   a heading
    + text      a numbered paragraph (numbered by the word processor, as people do it)
    - text      a bullet
    | a | b |   a row of a table; the first row is its head
    text        a plain paragraph
    [^text^]    a footnote, anywhere
"""

import hashlib
import io
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

FONTS = {"ar": "Noto Naskh Arabic", "zh": "Noto Serif CJK SC"}
COUNTRY = {"en": "GB", "es": "ES", "fr": "FR", "ru": "RU"}
FOOTER = {
    "ar": "نص تجريبي كُتب لبرنامج docket، وليس بيانا صادرا عن أي حكومة.",
    "en": "Sample text written for the program docket; not a statement of any Government.",
    "es": "Texto de muestra redactado para el programa docket; no es una declaración de ningún Gobierno.",
    "fr": "Texte d’exemple rédigé pour le programme docket ; ce n’est la déclaration d’aucun gouvernement.",
    "ru": "Образец текста, составленный для программы docket; не является заявлением какого-либо правительства.",
    "zh": "本文为 docket 程序编写的示例文本，不代表任何政府的声明。",
}
FIXED_TIME = (2020, 9, 1, 8, 0, 0)


def read_source(path):
    """The settings and the lines of one source file."""
    settings, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    return dict(line.split(": ", 1) for line in settings.splitlines()), body.splitlines()


def flat_odt(settings, lines):
    """One document as flat OpenDocument text (.fodt)."""
    lang = settings["lang"]
    rtl = lang == "ar"
    notes = 0

    def inline(text):
        nonlocal notes
        out = []
        for i, piece in enumerate(re.split(r"\[\^(.*?)\^\]", text)):
            if i % 2 == 0:
                out.append(escape(piece))
            else:
                notes += 1
                out.append(
                    f'<text:note text:id="n{notes}" text:note-class="footnote"><text:note-citation>{notes}'
                    f'</text:note-citation><text:note-body><text:p text:style-name="Note">{escape(piece)}</text:p>'
                    "</text:note-body></text:note>"
                )
        return "".join(out)

    def paragraph(style, text):
        return f'<text:p text:style-name="{style}">{inline(text)}</text:p>'

    def table(rows, number):
        cells = [[c.strip() for c in row.strip().strip("|").split("|")] for row in rows]
        out = [f'<table:table table:name="T{number}" table:style-name="Table">']
        out.append(f'<table:table-column table:number-columns-repeated="{len(cells[0])}"/>')
        for i, row in enumerate(cells):
            style = "TableHead" if i == 0 else "TableCell"
            out.append("<table:table-row>")
            for cell in row:
                out.append(
                    '<table:table-cell table:style-name="Cell" office:value-type="string">'
                    f"{paragraph(style, cell)}</table:table-cell>"
                )
            out.append("</table:table-row>")
        out.append('</table:table><text:p text:style-name="Body"/>')
        return "".join(out)

    head, body, rows, tables = [], [], [], 0
    for line in [*lines, ""]:
        if rows and not line.startswith("|"):
            tables += 1
            body.append(table(rows, tables))
            rows = []
        if line.startswith("^ "):
            (head if settings.get("head") == "page" else body).append(paragraph("Letterhead", line[2:]))
        elif line.startswith("> "):
            body.append(paragraph("End", line[2:]))
        elif line.startswith("## "):
            body.append(f'<text:h text:style-name="Heading" text:outline-level="1">{inline(line[3:])}</text:h>')
        elif line.startswith("# "):
            body.append(paragraph("DocTitle", line[2:]))
        elif line.startswith("+ "):
            body.append(
                '<text:list text:style-name="Numbers" text:continue-numbering="true"><text:list-item>'
                f"{paragraph('Numbered', line[2:])}</text:list-item></text:list>"
            )
        elif line.startswith("- "):
            body.append(
                '<text:list text:style-name="Bullets"><text:list-item>'
                f"{paragraph('Numbered', line[2:])}</text:list-item></text:list>"
            )
        elif line.startswith("|"):
            rows.append(line)
        elif line.strip():
            body.append(paragraph("Body", line))

    font = FONTS.get(lang, "Noto Serif")
    mode = "rl-tb" if rtl else "lr-tb"
    western = ("en", "GB") if lang in ("ar", "zh") else (lang, COUNTRY[lang])

    def text_properties(size, more=""):
        return (
            f'<style:text-properties style:font-name="F" style:font-name-asian="F" style:font-name-complex="F" '
            f'fo:font-size="{size}pt" style:font-size-asian="{size}pt" style:font-size-complex="{size}pt" '
            f'fo:language="{western[0]}" fo:country="{western[1]}" '
            f'style:language-asian="zh" style:country-asian="CN" style:language-complex="ar" style:country-complex="TN" {more}/>'
        )

    bold = 'fo:font-weight="bold" style:font-weight-asian="bold" style:font-weight-complex="bold"'

    def style(name, size, align="start", more="", text=""):
        return (
            f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties '
            f'fo:text-align="{align}" style:writing-mode="{mode}" {more}/>{text_properties(size, text)}</style:style>'
        )

    header = f"<style:header>{''.join(head)}</style:header>" if head else ""
    title = escape(settings["subject"])
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>{title}</dc:title><dc:description>{FOOTER["en"]}</dc:description></office:meta>
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'{font}'"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph">{text_properties(10.5)}</style:default-style>
{style("Letterhead", 12, "center", "", bold)}
{style("DocTitle", 14, "center", 'fo:margin-top="0.4cm" fo:margin-bottom="0.4cm"', bold)}
{style("Heading", 11.5, "start", 'fo:margin-top="0.4cm" fo:margin-bottom="0.15cm" fo:keep-with-next="always"', bold)}
{style("Body", 10.5, "start", 'fo:margin-bottom="0.2cm"')}
{style("End", 10.5, "end", 'fo:margin-bottom="0.2cm"')}
{style("Numbered", 10.5, "start", 'fo:margin-bottom="0.2cm"')}
{style("Note", 8.5)}
{style("Foot", 8, "center")}
{style("TableHead", 9.5, "start", "", bold)}
{style("TableCell", 9.5)}
<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="0.9cm" fo:text-indent="0cm" fo:margin-left="0cm"/></style:list-level-properties></text:list-level-style-number></text:list-style>
<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="–"><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="1.4cm" fo:text-indent="-0.5cm" fo:margin-left="1.4cm"/></style:list-level-properties>{text_properties(10.5)}</text:list-level-style-bullet></text:list-style>
</office:styles>
<office:automatic-styles>
<style:style style:name="Table" style:family="table"><style:table-properties style:width="16cm" table:align="margins" style:writing-mode="{mode}"/></style:style>
<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" fo:border="0.5pt solid #444444"/></style:style>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2.5cm" style:writing-mode="{mode}"/><style:header-style><style:header-footer-properties fo:min-height="0.6cm" fo:margin-bottom="0.4cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.6cm" fo:margin-top="0.4cm"/></style:footer-style></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4">{header}<style:footer><text:p text:style-name="Foot">{FOOTER[lang]}</text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>
{chr(10).join(body)}
</office:text></office:body></office:document>
"""


def settle_docx(data):
    """The same DOCX with fixed dates in its archive and its properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"<dc:language>[^<]*</dc:language>", b"", content)
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>2020-09-01T08:00:00Z", content)
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()


def settle_pdf(data):
    """The same PDF with a fixed date and identifiers, byte for byte as long as before."""
    def fixed(match):
        digits = iter(hashlib.sha256(b"docket sample").hexdigest().upper() * 4)
        return re.sub(rb"(?<=<)[0-9A-F]{32}(?=>)", lambda m: "".join(next(digits) for _ in m.group()).encode(), match.group())

    data = re.sub(rb"/CreationDate\(D:\d{14}[^)]*\)", lambda m: (b"/CreationDate(D:20200901080000Z'" + b" " * 40)[: len(m.group()) - 1] + b")", data)
    data = re.sub(rb"/ID \[.*?\]", fixed, data, flags=re.S)
    return re.sub(rb"/DocChecksum /[0-9A-F]{32}", b"/DocChecksum /" + b"0" * 32, data)


def convert(sources, formats):
    """Flat documents by name → {(name, format): bytes}, in one run of LibreOffice for each format."""
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for form in ("docx", "pdf"):
            names = [n for n in sources if form in formats[n]]
            for name in names:
                (folder / f"{name}.fodt").write_text(sources[name], encoding="utf-8")
            subprocess.run(
                ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", form,
                 "--outdir", str(folder), *(str(folder / f"{n}.fodt") for n in names)],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for name in names:
                data = (folder / f"{name}.{form}").read_bytes()
                out[name, form] = settle_docx(data) if form == "docx" else settle_pdf(data)
    return out


def scanned(pdf):
    """The first page of a PDF as a scanner would send it: one picture, slightly askew, and no text."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.pdf"
        page.write_bytes(pdf)
        subprocess.run(
            ["pdftoppm", "-r", "110", "-jpeg", "-jpegopt", "quality=40", "-singlefile", str(page), str(Path(folder) / "page")],
            check=True,
        )
        picture = (Path(folder) / "page.jpg").read_bytes()
    frame = re.search(rb"\xff\xc0..(.)(..)(..)", picture, re.S)
    height, width = int.from_bytes(frame[2], "big"), int.from_bytes(frame[3], "big")
    drawing = b"q 0.99996 0.0087 -0.0087 0.99996 4 -3 cm 595 0 0 842 0 0 cm /Im0 Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /Im0 5 0 R >> >> /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(picture), picture),
        b"<< /Producer (Scanner) /CreationDate (D:20200904101500+02'00') >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def encrypted(pdf, password):
    """The PDF under a password that opens it (AES, 128 bits: the longest whose result can be repeated)."""
    with tempfile.TemporaryDirectory() as folder:
        plain, locked = Path(folder) / "plain.pdf", Path(folder) / "locked.pdf"
        plain.write_bytes(pdf)
        subprocess.run(
            ["qpdf", "--static-id", "--static-aes-iv", "--encrypt", password, password, "128", "--use-aes=y", "--",
             str(plain), str(locked)],
            check=True,
        )
        return locked.read_bytes()


def zipped(files):
    """A zip archive of {name: bytes}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
