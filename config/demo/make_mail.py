#!/usr/bin/env python3
"""Builds the sample mail of `docket demo`: the documents, the messages, and the index of what the log must say.

    python3 make_mail.py            builds documents/, mail/*.eml and mail/index.toml anew, then checks them
    python3 make_mail.py --check    only checks what is there

Needs Python 3.11, LibreOffice Writer (`soffice`), poppler-utils (`pdftoppm`), qpdf, and the fonts Noto Serif, Noto Naskh
Arabic and Noto Serif CJK SC. No Python package beyond the standard library. The same programs give the same bytes on every
run; what is built is committed, so that neither the build of docket nor its tests need any of them.

Everything here was written for this project. People, figures and statements are invented. The addresses stand under the
real domains of governments, because matching goes by them; their local parts are invented, and nothing is ever sent.
"""

import email
import email.policy
import hashlib
import io
import json
import struct
import sys
import tomllib
import zipfile
import zlib
from datetime import timedelta, timezone
from pathlib import Path

sys.dont_write_bytecode = True
from make_documents import convert, encrypted, flat_odt, read_source, scanned, zipped  # noqa: E402
from make_mime import (  # noqa: E402
    MAILBOX, address, as_html, at, attached_message, boundary, encoded_words, file_part, inline_image, mail_date,
    message_id, multipart, own_headers, text_part, token, trace,
)

HERE = Path(__file__).resolve().parent
DOCUMENTS, MAIL = HERE / "documents", HERE / "mail"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
CALL_ID = "call-2020-07-15.gcm-review@example.org"
TO = f"<{MAILBOX}>"
SWEDISH_NAME = "Sveriges bidrag till GCM-översynen.docx"


def build_documents():
    """Every document from its text, written to documents/."""
    sources, formats = {}, {}
    for path in sorted(DOCUMENTS.glob("*.txt")):
        settings, lines = read_source(path)
        sources[path.stem] = flat_odt(settings, lines)
        formats[path.stem] = settings["build"].split()
    built = convert(sources, formats)
    built["france-note", "pdf"] = scanned(built["france-note", "pdf"])
    built["denmark", "pdf"] = encrypted(built["denmark", "pdf"], "Nyhavn-1717")
    built["sweden", "zip"] = zipped({SWEDISH_NAME: built["sweden", "docx"]})
    for old in DOCUMENTS.iterdir():
        if old.suffix != ".txt":
            old.unlink()
    for (name, form), data in built.items():
        (DOCUMENTS / f"{name}.{form}").write_bytes(data)


def document(name):
    """The bytes of one built document."""
    return (DOCUMENTS / name).read_bytes()


def logo():
    """A small picture as it stands in signatures: a blue disc."""
    rows = b"".join(
        b"\0" + b"".join(bytes((13, 94, 175) if (x - 31.5) ** 2 + (y - 31.5) ** 2 < 900 else (255, 255, 255)) for x in range(64))
        for y in range(64)
    )

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


class Post:
    """Collects the messages in the order of their arrival."""

    def __init__(self):
        self.entries = []

    def add(self, slug, arrives, raw, **expect):
        """One message as delivered, and what the log must say of it."""
        number = len(self.entries) + 1
        assert not self.entries or at(arrives) > at(self.entries[-1]["arrives"]), slug
        self.entries.append({"file": f"{number:02}-{slug}.eml", "arrives": arrives, "raw": raw, "expect": expect})


def letter(slug, arrives, client, sender, subject, body, files=(), *, host=None, zone=None, to=TO, cc="", more="",
           charset="utf-8", coding="quoted-printable", scheme="B", flowed=False, html_only=False, envelope=None,
           authentication=None):
    """One message as that program writes it and our relay delivers it; `zone` is the sender's offset in hours."""
    sent = at(arrives) - timedelta(seconds=23)
    if zone is not None:
        sent = sent.astimezone(timezone(timedelta(hours=zone)))
    domain = sender[1].split("@")[1]
    headers = own_headers(client, slug, sender, to, subject, sent, charset, scheme, more, cc, bool(files))
    if html_only:
        cid = f"image001.png@01D69{token('cid', slug, length=3).upper()}.{token('cid2', slug, length=8).upper()}"
        page = text_part(as_html(body, cid), "html")
        related = multipart("related", boundary(client, slug, 3), [page, inline_image(cid, logo())], '\n type="text/html";')
        content = multipart("mixed", boundary(client, slug, 4), [related, *files])
    else:
        plain = text_part(body, "plain", charset, coding, flowed)
        if client == "outlook":
            plain = multipart("alternative", boundary(client, slug, 0), [plain, text_part(as_html(body), "html")])
        if client == "gmail" and not files:
            plain = multipart("alternative", boundary(client, slug, 2), [plain, text_part(f'<div dir="ltr">{body.replace(chr(10), "<br>")}</div>\n', "html")])
        content = multipart("mixed", boundary(client, slug, 4), [plain, *files],
                            preamble="This is a multi-part message in MIME format.\n" if client == "thunderbird" else "") if files else plain
    top = trace(at(arrives), sender[1] if envelope is None else envelope, host or f"mail.{domain}", slug, authentication)
    return top + headers + content


def build_messages():
    """All messages, with what the log must say of each."""
    post = Post()

    def mail(slug, arrives, client, sender, subject, body, files=(), expect=None, **how):
        post.add(slug, arrives, letter(slug, arrives, client, sender, subject, body.lstrip("\n"), files, **how), **expect)

    read = "read"

    mail("norway-docx-and-pdf", "2020-09-03T10:12:00+02:00", "outlook",
         ("Solveig Aasen Brekke", "solveig.brekke@jd.dep.no"), "Norway: voluntary input to the GCM regional review", """
Dear colleagues,

Please find attached the voluntary input of Norway to the regional review of the Global Compact for Migration, as a Word document and, for convenience, as a PDF of the same text.

Kind regards,
Solveig Aasen Brekke
Senior Adviser, Department of Migration
Norwegian Ministry of Justice and Public Security
""", [file_part("Norway - GCM regional review input.docx", document("norway.docx"), DOCX, "ascii"),
      file_part("Norway - GCM regional review input.pdf", document("norway.pdf"), PDF, "ascii")],
         dict(relevance="input", states=["NOR"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Norway - GCM regional review input.docx": read, "Norway - GCM regional review input.pdf": read},
              why="A ministry writes from its own domain; the PDF is a rendition of the DOCX, so this is one input."))

    mail("newsletter", "2020-09-04T16:40:00+02:00", "thunderbird",
         ("Conference Services Weekly", "news@events-weekly.example.com"), "Last seats: 3-day masterclass on event catering", """
Dear subscriber,

only six seats are left for our masterclass on catering for large events. Book before Friday and save 20 per cent.

Programme: buffets, allergies, waste, staff rotas. With a certificate.

You receive this message because you subscribed at a trade fair. Unsubscribe: https://events-weekly.example.com/u/8f31
""", more="List-Id: Conference Services Weekly <weekly.events-weekly.example.com>\n"
          "List-Unsubscribe: <https://events-weekly.example.com/u/8f31>,\n <mailto:unsubscribe@events-weekly.example.com?subject=8f31>\n"
          "List-Unsubscribe-Post: List-Unsubscribe=One-Click\nPrecedence: bulk\n",
         envelope="bounce-8f31@events-weekly.example.com",
         expect=dict(relevance="unrelated", states=[], letter="none",
                     why="A newsletter (List-* headers) without a document, a state or a word of the call."))

    mail("france-scanned-note", "2020-09-07T09:05:00+02:00", "outlook",
         ("DELAUNAY Hélène", "helene.delaunay@diplomatie.gouv.fr"),
         "Contribution de la France – examen régional du Pacte mondial pour les migrations", """
Madame, Monsieur,

Veuillez trouver ci-joint la note verbale n° 2020-0417 de la Mission permanente de la France ainsi que la contribution volontaire de la France à l’examen régional du Pacte mondial pour des migrations sûres, ordonnées et régulières.

Bien cordialement,
Hélène Delaunay
Première secrétaire
Mission permanente de la France auprès de l’Office des Nations Unies à Genève
""", [file_part("Note verbale n° 2020-0417.pdf", document("france-note.pdf"), PDF, "rfc2231"),
      file_part("Contribution de la France à l’examen régional.docx", document("france.docx"), DOCX, "both")],
         dict(relevance="input", states=["FRA"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Note verbale n° 2020-0417.pdf": "no_text", "Contribution de la France à l’examen régional.docx": read},
              why="The note verbale is a scan without text: a cover note, neither counted nor faulted; the DOCX is the input."))

    mail("spain-octet-stream", "2020-09-10T11:30:00+02:00", "outlook",
         ("Íñigo Valdés Ortuño", "inigo.valdes@exteriores.gob.es"), "Contribución de España al examen regional del Pacto Mundial", """
Estimados colegas:

En respuesta a la convocatoria de 15 de julio, adjunto remito la contribución voluntaria de España al examen regional del Pacto Mundial para la Migración Segura, Ordenada y Regular.

Un cordial saludo,
Íñigo Valdés Ortuño
Subdirección General de Asuntos Migratorios
Ministerio de Asuntos Exteriores, Unión Europea y Cooperación
""", [file_part("Contribución España PMM.docx", document("spain.docx"), "application/octet-stream", "rfc2047")],
         dict(relevance="input", states=["ESP"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Contribución España PMM.docx": read},
              why="The DOCX is declared application/octet-stream and is known by its content; its letterhead stands in the page header."))

    mail("private-choir", "2020-09-10T12:05:00+02:00", "gmail",
         ("Maud Perrin", "maud.perrin.chant@gmail.com"), "répétition de jeudi", """
Salut Béa,

la répétition de jeudi est déplacée à 19 h 30, même salle. Peux-tu apporter les partitions du Fauré et prévenir les altos ? On mange ensemble après, chacun apporte quelque chose.

Bises
Maud
""", host="mail-lf1-f51.mx-out.example.net",
         expect=dict(relevance="unrelated", states=[], letter="none",
                     why="Private mail: no document, no state, no reply to us and no word of the call."))

    mail("kazakhstan-russian-pdf", "2020-09-14T15:48:00+02:00", "bat",
         ("Постоянное представительство Казахстана", "geneva.mission@mfa.kz"),
         "Вклад Республики Казахстан в региональный обзор ГДМ", """
Уважаемые коллеги!

Постоянное представительство Республики Казахстан при Отделении ООН и других международных организациях в Женеве свидетельствует своё уважение секретариату Европейской экономической комиссии ООН и имеет честь направить добровольный вклад Республики Казахстан в региональный обзор хода осуществления Глобального договора о безопасной, упорядоченной и легальной миграции.

С уважением,
Данияр Оспанов
второй секретарь
""", [file_part("Вклад Республики Казахстан.pdf", document("kazakhstan.pdf"), PDF, "rfc2231")],
         dict(relevance="input", states=["KAZ"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Вклад Республики Казахстан.pdf": read},
              why="A Russian PDF under a Cyrillic file name (RFC 2231); subject and body are in windows-1251."),
         charset="windows-1251", coding="base64")

    mail("kyrgyzstan-bluewin", "2020-09-15T17:02:00+02:00", "thunderbird",
         ("Permanent Mission of Kyrgyzstan", "mission.kyrgyzstan@bluewin.ch"), "Note verbale 11-04/2020/186", """
Постоянное представительство Кыргызской Республики при Отделении ООН и других международных организациях в Женеве свидетельствует своё уважение секретариату ЕЭК ООН и имеет честь препроводить вербальную ноту № 11-04/2020/186 с приложением.

Permanent Mission of the Kyrgyz Republic
Geneva
""", [file_part("Нота 186.pdf", document("kyrgyzstan-note.pdf"), PDF, "both"),
      file_part("Информация КР к обзору.docx", document("kyrgyzstan.docx"), DOCX, "both")],
         dict(relevance="input", states=["KGZ"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Нота 186.pdf": read, "Информация КР к обзору.docx": read},
              why="A mission writes from a Swiss provider's domain, which proves nothing; note verbale and letterhead agree."))

    mail("georgia-georgian-name", "2020-09-16T09:33:00+02:00", "zimbra",
         ("Nino Kapanadze", "n.kapanadze@mfa.gov.ge"), "Georgia - Input to the Regional Review of the GCM", """
Dear Sir or Madam,

On behalf of the State Commission on Migration Issues I am pleased to submit the input of Georgia to the Regional Review of the Global Compact for Migration.

Best regards,
Nino Kapanadze
Ministry of Foreign Affairs of Georgia
Tbilisi
""", [file_part("საქართველოს ანგარიში.docx", document("georgia.docx"), DOCX, "rfc2047")],
         dict(relevance="input", states=["GEO"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"საქართველოს ანგარიში.docx": read},
              why="The file name is Georgian, as encoded words in the name parameter; the ministry's domain and letterhead agree."), zone=4)

    mail("belgium-first-version", "2020-09-17T14:10:00+02:00", "outlook",
         ("Baudouin Lejeune", "baudouin.lejeune@diplobel.fed.be"), "Contribution de la Belgique - examen régional GCM", """
Chers collègues,

Vous trouverez en annexe la contribution de la Belgique à l’examen régional du Pacte mondial pour des migrations sûres, ordonnées et régulières.

Bien à vous,
Baudouin Lejeune
SPF Affaires étrangères, Commerce extérieur et Coopération au Développement
""", [file_part("Belgique_contribution_GCM.docx", document("belgium.docx"), DOCX, "ascii")],
         dict(relevance="input", states=["BEL"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Belgique_contribution_GCM.docx": read}, why="The first version, corrected within the hour."))

    mail("belgium-correction", "2020-09-17T14:48:00+02:00", "outlook",
         ("Baudouin Lejeune", "baudouin.lejeune@diplobel.fed.be"), "RE: Contribution de la Belgique - examen régional GCM", """
Chers collègues,

Deux chiffres étaient erronés. Veuillez ne pas tenir compte de la version précédente ; la version corrigée se trouve en annexe. (Please disregard the previous version.)

Avec nos excuses,
Baudouin Lejeune
SPF Affaires étrangères, Commerce extérieur et Coopération au Développement
""", [file_part("Belgique_contribution_GCM.docx", document("belgium-2.docx"), DOCX, "ascii")],
         dict(relevance="input", states=["BEL"], kind="member_state", standing="on_time", version=2, letter="acknowledgement",
              outcomes={"Belgique_contribution_GCM.docx": read},
              why="The same file name with other content and the words “disregard the previous version”: version 2."),
         more=f"In-Reply-To: <{message_id('outlook', 'belgium-first-version', 'diplobel.fed.be')}>\n"
              f"References: <{message_id('outlook', 'belgium-first-version', 'diplobel.fed.be')}>\n")

    mail("italy-question", "2020-09-18T10:21:00+02:00", "outlook",
         ("Lorenzo Bassi", "lorenzo.bassi@interno.it"), "RE: Call for inputs: regional review of the Global Compact for Migration", """
Dear colleagues,

Thank you for your letter. Because of the summer break our consultations will not be finished in time. May we have an extension until 15 October?

With kind regards,
Lorenzo Bassi
Ministry of the Interior of Italy

From: GCM review secretariat <gcm-review@example.org>
Sent: 15 July 2020 11:00
Subject: Call for inputs: regional review of the Global Compact for Migration

States members of the Economic Commission for Europe are invited to submit voluntary inputs of at most 5,000 words by 30 September 2020.
""", more=f"In-Reply-To: <{CALL_ID}>\nReferences: <{CALL_ID}>\n",
         expect=dict(relevance="correspondence", states=["ITA"], kind="member_state", letter="none",
                     why="A question without a document, in reply to our call: a person answers it, and it is no submission."))

    mail("tunisia-arabic", "2020-09-21T12:15:00+02:00", "zimbra",
         ("وزارة الشؤون الخارجية", "m.gharbi@diplomatie.gov.tn"), "مساهمة الجمهورية التونسية في الاستعراض الإقليمي", """
السادة الأفاضل،

تحية طيبة وبعد، تجدون طيه مساهمة الجمهورية التونسية في الاستعراض الإقليمي للاتفاق العالمي من أجل الهجرة الآمنة والمنظمة والنظامية.

مع فائق التقدير،
منير الغربي
وزارة الشؤون الخارجية والهجرة والتونسيين بالخارج
تونس
""", [file_part("مساهمة الجمهورية التونسية.pdf", document("tunisia.pdf"), PDF, "both")],
         dict(relevance="input", states=["TUN"], kind="outside_region", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"مساهمة الجمهورية التونسية.pdf": read},
              why="A member of another regional commission writes in Arabic: filed and counted apart from the roster."), zone=1)

    mail("portugal-ministry", "2020-09-21T18:03:00+02:00", "outlook",
         ("Inês Carvalhal Prata", "ines.prata@acm.gov.pt"), "Portugal - GCM regional review", """
Dear colleagues,

Please find attached the voluntary submission of Portugal to the regional review of the Global Compact for Migration (Word and PDF).

Best regards,
Inês Carvalhal Prata
High Commission for Migration, Lisbon, Portugal
""", [file_part("Portugal_GCM_submission.docx", document("portugal.docx"), DOCX, "ascii"),
      file_part("Portugal_GCM_submission.pdf", document("portugal.pdf"), PDF, "ascii")],
         dict(relevance="input", states=["PRT"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Portugal_GCM_submission.docx": read, "Portugal_GCM_submission.pdf": read},
              why="The ministry sends the input as DOCX and PDF; the mission sends the same files again four days later."), zone=1)

    mail("china-chinese", "2020-09-22T10:44:00+02:00", "foxmail",
         ("王建国", "wang_jianguo@mfa.gov.cn"), "中国就《移民全球契约》区域审查提供的材料", """
秘书处：

现送上中华人民共和国就《安全、有序和正常移民全球契约》区域审查提供的材料，请查收。

顺致敬意。

王建国
中华人民共和国外交部国际司
""", [file_part("中国材料.docx", document("china.docx"), DOCX, "rfc2047"),
      file_part("中国材料.pdf", document("china.pdf"), PDF, "rfc2047")],
         dict(relevance="input", states=["CHN"], kind="outside_region", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"中国材料.docx": read, "中国材料.pdf": read},
              why="A state outside the region writes in Chinese; names are encoded words in the name parameter, the body is GB18030."),
         charset="gb18030", coding="base64")

    mail("moldova-or-romania", "2020-09-22T16:27:00+02:00", "thunderbird",
         ("Permanent Mission", "perm.mission.md@ties.itu.int"), "Note verbale 233/2020 and input to the GCM regional review", """
Dear Sir or Madam,

Please find attached a note verbale and the voluntary input to the regional review of the Global Compact for Migration.

Permanent Mission
Geneva
""", [file_part("NV 233-2020.pdf", document("moldova-note.pdf"), PDF, "ascii"),
      file_part("Input GCM review.docx", document("romania.docx"), DOCX, "ascii")],
         dict(relevance="input", states=[], kind="ambiguous", letter="received",
              outcomes={"NV 233-2020.pdf": read, "Input GCM review.docx": read},
              why="The note verbale is Moldova's, the document's letterhead Romania's: a person decides, and neither is reminded meanwhile."))

    reminder = "Reminder: inputs to the regional review of the Global Compact for Migration"
    reminder_id = "reminder-0042.gcm-review@example.org"
    arrives = "2020-09-23T09:04:00+02:00"
    sender = "jonas.reinhardt@auswaertiges-amt.de"
    mail("germany-out-of-office", arrives, "outlook", ("Reinhardt, Jonas", sender), f"Automatische Antwort: {reminder}", """
Sehr geehrte Damen und Herren,

ich bin bis einschließlich 28. September 2020 nicht im Büro. Ihre Nachricht wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an das Sekretariat des Referats.

I am out of the office until 28 September 2020. Your message will not be forwarded.

Mit freundlichen Grüßen
Jonas Reinhardt
Auswärtiges Amt, Berlin
""", more=f"In-Reply-To: <{reminder_id}>\nReferences: <{reminder_id}>\nAuto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n",
         envelope="", authentication=f"dkim=pass header.d=auswaertiges-amt.de;\n spf=none smtp.helo=mail.auswaertiges-amt.de;\n dmarc=pass header.from=auswaertiges-amt.de",
         expect=dict(relevance="correspondence", states=[], letter="none",
                     why="An out-of-office reply (Auto-Submitted: auto-replied, null return path): taken in, never answered, no state's input."))

    post.add("bounce-bosnia", "2020-09-23T09:06:00+02:00", bounce(reminder, reminder_id),
             relevance="correspondence", states=[], letter="none",
             why="A delivery report about our reminder to a focal point of Bosnia and Herzegovina: shown to a person, never answered.")

    inner_sender = ("Permanent Mission of Azerbaijan", "geneva@mission.mfa.gov.az")
    inner_sent = at("2020-09-22T19:31:00+02:00")
    inner = own_headers("outlook", "azerbaijan-inner", inner_sender, "Lena Hartmann <lhartmann@iom.int>",
                        "Azerbaijan: contribution to the GCM regional review", inner_sent)
    inner += multipart("mixed", boundary("outlook", "azerbaijan-inner", 4), [
        text_part("""Dear Ms Hartmann,

The Permanent Mission of the Republic of Azerbaijan to the United Nations Office and other international organizations in Geneva presents its compliments and has the honour to transmit herewith the contribution of the Republic of Azerbaijan to the regional review of the Global Compact for Safe, Orderly and Regular Migration.

Rashad Mammadzade
Second Secretary
"""), file_part("Azerbaijan contribution.docx", document("azerbaijan.docx"), DOCX, "ascii")])
    mail("azerbaijan-forwarded-by-colleague", "2020-09-23T11:52:00+02:00", "outlook", ("HARTMANN Lena", "lhartmann@iom.int"),
         "FW: Azerbaijan: contribution to the GCM regional review", """
Hi all,

this one came to my own mailbox, please log it. I have not answered.

Lena
""", [attached_message(inner, "Azerbaijan: contribution to the GCM regional review")],
         dict(relevance="input", states=["AZE"], kind="member_state", standing="on_time", version=1, letter="none",
              outcomes={"Azerbaijan contribution.docx": read},
              why="A colleague forwards the state's message as an attachment: the input is the state's, and staff gets no letter."))

    mail("denmark-password", "2020-09-24T13:37:00+02:00", "outlook", ("Mette Lindgaard", "metlin@um.dk"),
         "Denmark - national contribution to the GCM regional review (confidential)", """
Dear colleagues,

The Ministry of Foreign Affairs of Denmark has the honour to transmit the national contribution of Denmark to the regional review of the Global Compact for Migration. For reasons of confidentiality the file is protected; the password will follow by telephone.

Best regards,
Mette Lindgaard
Ministry of Foreign Affairs of Denmark
""", [file_part("Denmark_national_contribution.pdf", document("denmark.pdf"), PDF, "ascii")],
         dict(relevance="input", states=["DNK"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Denmark_national_contribution.pdf": "encrypted"},
              why="The PDF needs a password: received and filed, its words are not counted, and the receipt says that it could not be opened."))

    mail("portugal-mission-again", "2020-09-25T10:09:00+02:00", "outlook", ("Missão Permanente de Portugal", "missao.genebra@mne.pt"),
         "Voluntary submission of Portugal", """
The Permanent Mission of Portugal to the United Nations Office and other international organizations in Geneva presents its compliments to the secretariat of the United Nations Economic Commission for Europe and has the honour to transmit herewith the voluntary submission of Portugal to the regional review of the Global Compact for Safe, Orderly and Regular Migration.

The Permanent Mission of Portugal avails itself of this opportunity to renew to the secretariat the assurances of its highest consideration.
""", [file_part("Portugal_GCM_submission.docx", document("portugal.docx"), DOCX, "ascii"),
      file_part("Portugal_GCM_submission.pdf", document("portugal.pdf"), PDF, "ascii")],
         dict(relevance="input", states=["PRT"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Portugal_GCM_submission.docx": read, "Portugal_GCM_submission.pdf": read}, duplicate=True,
              why="The mission sends the very files of the ministry again: the same version 1, no new one; this sender gets a receipt of its own."))

    mail("ireland-cloud-link", "2020-09-25T16:18:00+02:00", "iphone", ("Ciara Ní Dhomhnaill", "ciara.nidhomhnaill@dfa.ie"),
         "Ireland: input to the GCM regional review", """
Dear all,

the input of Ireland to the regional review of the Global Compact for Migration is too large for our mail system. You can download it here until 2 October:

https://we.tl/t-Qx7Yp2LmZk

Best wishes,
Ciara Ní Dhomhnaill
Permanent Mission of Ireland, Geneva

Sent from my iPhone
""", expect=dict(relevance="input", states=["IRL"], kind="member_state", letter="query",
                 why="Only a link, which is never opened: the sender is asked for the document itself, and nothing is filed yet."))

    mail("turkey-over-limit", "2020-09-28T08:55:00+02:00", "outlook", ("Elif Sayın", "elif.sayin@goc.gov.tr"),
         "Turkey: voluntary input to the regional review of the GCM", """
Dear colleagues,

Please find attached the voluntary input of the Republic of Turkey to the regional review of the Global Compact for Migration. We are aware that it is somewhat longer than requested.

Best regards,
Elif Sayın
Directorate General of Migration Management
Ministry of Interior, Ankara
""", [file_part("Turkey_GCM_Regional_Review_2020.docx", document("turkey.docx"), DOCX, "ascii")],
         dict(relevance="input", states=["TUR"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Turkey_GCM_Regional_Review_2020.docx": read},
              why="More than 6,000 words where the call asks for 5,000: recorded and told, not refused. Turkey is the name of 2020."), zone=3)

    mail("sweden-zip", "2020-09-28T10:31:00+02:00", "outlook", ("Åsa Bergström Öhman", "asa.ohman@gov.se"),
         "Sweden - contribution to the GCM regional review", """
Dear colleagues,

Attached is the contribution by Sweden to the regional review of the Global Compact for Migration, zipped because of our mail filter.

Kind regards,
Åsa Bergström Öhman
Ministry for Foreign Affairs of Sweden
""", [file_part("Sverige inlämning.zip", document("sweden.zip"), "application/x-zip-compressed", "rfc2231")],
         dict(relevance="input", states=["SWE"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={SWEDISH_NAME: read}, why="The DOCX comes inside a zip, which is opened; the file within is the input."))

    canada = ("Geneviève Tremblay-Roy", "genevieve.tremblay-roy@international.gc.ca")
    mail("canada-forgot-attachment", "2020-09-28T17:20:00+02:00", "iphone", canada,
         "Canada's input – regional review / Contribution du Canada", """
Hello,

Please find attached Canada's input to the regional review of the Global Compact for Migration.

Geneviève Tremblay-Roy
Global Affairs Canada | Affaires mondiales Canada

Sent from my iPhone
""", expect=dict(relevance="input", states=["CAN"], kind="member_state", letter="none",
                 why="The document is missing, but the sender's next message brings it four minutes later: the query is dropped."), zone=-4)
    first = message_id("iphone", "canada-forgot-attachment", "international.gc.ca")
    mail("canada-with-attachment", "2020-09-28T17:24:00+02:00", "iphone", canada,
         "Re: Canada's input – regional review / Contribution du Canada", """
Sorry, forgot the attachment.

Geneviève

Sent from my iPhone

> On Sep 28, 2020, at 11:20 AM, Geneviève Tremblay-Roy wrote:
>
> Please find attached Canada's input to the regional review of the Global Compact for Migration.
""", [file_part("Contribution du Canada – input.pdf", document("canada.pdf"), PDF, "rfc2231")],
         dict(relevance="input", states=["CAN"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Contribution du Canada – input.pdf": read}, why="The document that was forgotten: filed and acknowledged, one letter in all."),
         more=f"In-Reply-To: <{first}>\nReferences: <{first}>\n", zone=-4)

    mail("baltic-joint", "2020-09-29T09:40:00+02:00", "outlook", ("Liis Kuusik", "liis.kuusik@mfa.ee"),
         "Joint input of Estonia, Latvia and Lithuania to the GCM regional review", """
Dear colleagues,

On behalf of Estonia, Latvia and Lithuania I have the honour to transmit the joint input of the three States to the regional review of the Global Compact for Migration.

Liis Kuusik
Ministry of Foreign Affairs of Estonia
""", [file_part("Joint input EST-LVA-LTU.docx", document("baltic.docx"), DOCX, "ascii")],
         dict(relevance="input", states=["EST", "LVA", "LTU"], kind="joint", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Joint input EST-LVA-LTU.docx": read},
              why="Subject, body and letterhead name three states: one joint input, registered for each; the sender gets one receipt."),
         cc="Ilze Ozola <ilze.ozola@mfa.gov.lv>,\n Rasa Petrauskaite <rasa.petrauskaite@urm.lt>")

    mail("ngo-hebrew-name", "2020-09-29T14:02:00+02:00", "gmail", ("Haifa Shelter Network", "office@haifa-shelters.example.org"),
         "Civil society input to the regional review", """
Dear secretariat,

Please find attached the input of our association to the regional review of the Global Compact for Migration. We are an independent association and do not speak for any Government.

Noa Barzilai
Haifa Shelter Network for Migrant Workers
""", [file_part("עמדת החברה האזרחית.pdf", document("ngo.pdf"), PDF, "both")],
         dict(relevance="input", states=[], kind="not_a_state", standing="on_time", version=1, letter="received",
              outcomes={"עמדת החברה האזרחית.pdf": read},
              why="A non-governmental organisation writes in its own name: filed apart, with a neutral receipt; the file name is Hebrew."), zone=3)

    mail("eu-delegation", "2020-09-29T16:45:00+02:00", "outlook", ("VAN DER LINDEN Marieke (EEAS-GENEVA)", "marieke.van-der-linden@eeas.europa.eu"),
         "Contribution of the European Union to the GCM regional review", """
Dear colleagues,

On behalf of the Delegation of the European Union to the United Nations in Geneva, please find attached the contribution of the European Union to the regional review.

Marieke van der Linden
Delegation of the European Union to the United Nations in Geneva
""", [file_part("EU contribution regional review.pdf", document("eu.pdf"), PDF, "ascii")],
         dict(relevance="input", states=[], kind="not_a_state", standing="on_time", version=1, letter="received",
              outcomes={"EU contribution regional review.pdf": read}, why="The European Union is no state: filed apart, with a neutral receipt."))

    mail("holy-see-observer", "2020-09-30T11:11:00+02:00", "thunderbird", ("Mission of the Holy See", "holysee.geneva@sts.va"),
         "Input of the Holy See to the regional review of the Global Compact for Migration", """
The Permanent Observer Mission of the Holy See to the United Nations and other International Organizations in Geneva presents its compliments to the secretariat of the United Nations Economic Commission for Europe and has the honour to transmit herewith its input to the regional review of the Global Compact for Safe, Orderly and Regular Migration.

The Permanent Observer Mission of the Holy See avails itself of this opportunity to renew the assurances of its highest consideration.
""", [file_part("Holy See - GCM review.docx", document("holy-see.docx"), DOCX, "ascii")],
         dict(relevance="input", states=["VAT"], kind="observer", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Holy See - GCM review.docx": read}, why="An observer State: filed and acknowledged, counted apart from the roster."))

    mail("greece-html-only", "2020-09-30T15:26:00+02:00", "outlook", ("Παπαδοπούλου Ελένη", "e.papadopoulou@migration.gov.gr"),
         "Greece: voluntary input, regional review of the GCM", """
Dear colleagues,

Please find attached the voluntary input of Greece to the regional review of the Global Compact for Migration.

Yours sincerely,
Eleni Papadopoulou
Ministry of Migration and Asylum
Hellenic Republic
""", [file_part("Συμβολή της Ελλάδας στην περιφερειακή επισκόπηση.docx", document("greece.docx"), DOCX, "rfc2231")],
         dict(relevance="input", states=["GRC"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Συμβολή της Ελλάδας στην περιφερειακή επισκόπηση.docx": read},
              why="The body is HTML only, with a logo in it; the Greek file name is split over several RFC 2231 parameters."),
         html_only=True, zone=3)

    mail("iceland-body-only", "2020-09-30T18:30:00+02:00", "thunderbird", ("Guðrún Þorláksdóttir", "gudrun.thorlaksdottir@utn.is"),
         "Iceland: input to the regional review of the Global Compact for Migration", ICELAND,
         flowed=True, coding="8bit", zone=0,
         expect=dict(relevance="input", states=["ISL"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
                     why="No file: the text of the message, several hundred words, is the input."))

    mail("serbia-minutes-before", "2020-09-30T23:56:00+02:00", "outlook", ("Сања Павловић", "sanja.pavlovic@mfa.rs"),
         "Republic of Serbia - contribution to the GCM regional review", """
Dear colleagues,

Please find attached the contribution of the Republic of Serbia to the regional review of the Global Compact for Migration.

Sanja Pavlovic
Ministry of Foreign Affairs of the Republic of Serbia
""", [file_part("Прилог Републике Србије.docx", document("serbia.docx"), DOCX, "both")],
         dict(relevance="input", states=["SRB"], kind="member_state", standing="on_time", version=1, letter="acknowledgement",
              outcomes={"Прилог Републике Србије.docx": read}, why="Four minutes before midnight in Geneva: on time."))

    mail("slovenia-minutes-after", "2020-10-01T00:04:00+02:00", "outlook", ("Tjaša Žnidaršič", "tjasa.znidarsic@gov.si"),
         "Slovenia: voluntary input to the GCM regional review", """
Dear colleagues,

Please find attached the voluntary input of Slovenia to the regional review of the Global Compact for Migration.

Tjaša Žnidaršič
Ministry of the Interior of the Republic of Slovenia
""", [file_part("Slovenija – prispevek.pdf", document("slovenia.pdf"), PDF, "rfc2231")],
         dict(relevance="input", states=["SVN"], kind="member_state", standing="late", version=1, letter="acknowledgement",
              outcomes={"Slovenija – prispevek.pdf": read}, why="Four minutes after midnight in Geneva, though still 30 September in UTC: late, recorded and acknowledged."))

    mail("luxembourg-late", "2020-10-13T11:17:00+02:00", "outlook", ("Jérôme Weyrich", "jerome.weyrich@mae.etat.lu"),
         "Luxembourg : contribution à l’examen régional du Pacte mondial", """
Madame, Monsieur,

Veuillez trouver ci-joint la contribution du Grand-Duché de Luxembourg à l’examen régional du Pacte mondial pour des migrations sûres, ordonnées et régulières. Nous vous prions d’excuser ce retard.

Bien à vous,
Jérôme Weyrich
Ministère des Affaires étrangères et européennes, Luxembourg
""", [file_part("Luxembourg_contribution_Pacte_mondial.pdf", document("luxembourg.pdf"), PDF, "ascii")],
         dict(relevance="input", states=["LUX"], kind="member_state", standing="late", version=1, letter="acknowledgement",
              outcomes={"Luxembourg_contribution_Pacte_mondial.pdf": read}, why="Two weeks after the deadline: recorded as late, never refused."))

    return post.entries


def bounce(subject, reminder_id):
    """A delivery report (RFC 3464) about a reminder to a focal point."""
    arrives = at("2020-09-23T09:06:00+02:00")
    host, failed = "mx.mvp.gov.ba", "amra.selimovic@mvp.gov.ba"
    reader = f"""This is the mail system at host {host}.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

                   The mail system

<{failed}>: host mailbox.mvp.gov.ba[192.0.2.44] said: 550 5.1.1
    <{failed}>: Recipient address rejected: User unknown
    in virtual mailbox table (in reply to RCPT TO command)
"""
    status = f"""Content-Type: message/delivery-status
Content-Description: Delivery report

Reporting-MTA: dns; {host}
Arrival-Date: {mail_date(arrives)}

Final-Recipient: rfc822; {failed}
Original-Recipient: rfc822;{failed}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mailbox.mvp.gov.ba
Diagnostic-Code: smtp; 550 5.1.1 <{failed}>: Recipient address rejected: User unknown
"""
    original = f"""Content-Type: text/rfc822-headers
Content-Description: Undelivered Message Headers

From: GCM review secretariat <{MAILBOX}>
To: Amra Selimovic <{failed}>
Subject: {subject}
Date: {mail_date(at("2020-09-23T09:00:04+02:00"))}
Message-ID: <{reminder_id}>
Auto-Submitted: auto-generated
MIME-Version: 1.0
"""
    body = multipart("report", "4C8xQz2LkNz3Jp9.1600844766/" + host,
                     ["Content-Description: Notification\n" + text_part(reader, "plain", "us-ascii", "7bit"), status, original],
                     " report-type=delivery-status;", "This is a MIME-encapsulated message.\n\n")
    return trace(arrives, "", host, "bounce") + (
        f"From: MAILER-DAEMON@{host} (Mail Delivery System)\nTo: {MAILBOX}\nSubject: Undelivered Mail Returned to Sender\n"
        f"Date: {mail_date(arrives)}\nMessage-ID: <20200923070606.4C8xQz2LkNz3Jp9@{host}>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n") + body


ICELAND = """
Dear colleagues,

our document system is being replaced this week, so please take the text below as the input of Iceland to the regional review of the Global Compact for Safe, Orderly and Regular Migration. There will be no separate file.

INPUT OF ICELAND

Ministry for Foreign Affairs, Reykjavik, 30 September 2020

1. Iceland has changed from a country that people left to one to which they come. In 2020 about fifteen per cent of the population were immigrants, compared with two per cent in 1996. Most of them work, more often than those who were born in the country, and most of them come from the European Economic Area.

2. An action plan on immigration for the years 2016 to 2019 had thirty-one measures. Twenty-four were carried out. A new plan is being prepared with the immigrants' council, which asked for fewer measures and for a date beside each of them.

3. A multicultural information centre advises in nine languages by telephone, by message and at a counter. In its first year the questions concerned, in this order: wages, residence, housing, school, divorce. The centre has no power to decide anything; its advisers accompany a person to the office that has it.

4. Trade unions visit work places together with the administration of occupational safety. An agreement of 2019 provides that a worker who was underpaid receives the difference and a compensation on top of it. The agreement was reached between employers and unions; the law that confirms it is before Parliament.

5. Teaching Icelandic to adults is largely a task of private schools, with grants. There are too few teachers outside the capital, and too few courses after working hours. Fish processing plants that teach during paid hours report that accidents have become fewer.

6. Every resettled family is received by a municipality, a Red Cross volunteer and a school. In 2019 seventy-four persons arrived. The same services have been open since 2020 to those who came by themselves and received protection; before, they had to find their way alone, which everybody had thought unfair.

7. During the pandemic unemployment rose to nine per cent, and among immigrants to twenty. Information on health was published in thirteen languages from the first week. Short-time allowances were paid regardless of citizenship. Permits that expired were prolonged until an office could be visited again.

8. The greatest challenge at present is long-term unemployment among immigrants in the south-west, where tourism employed almost everybody. Retraining has begun with two hundred places.

9. Iceland would welcome figures that can be compared among small countries, where a single large employer can change all the averages, and offers to share what has been learnt from receiving families in small towns.

With best regards,
Guðrún Þorláksdóttir
Counsellor
Ministry for Foreign Affairs of Iceland

[Sample text written for the program docket; not a statement of any Government.]
"""


def toml_value(value):
    """A string, number, boolean, list or inline table of TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {toml_value(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def write(entries):
    """The messages and their index."""
    for old in MAIL.glob("*.eml"):
        old.unlink()
    out = ["# The sample mail in the order of its arrival, and what the intake log must say of each message.",
           "# Written by make_mail.py. `arrives` is also the time of the Received line of mx1.example.org. Missing keys: without",
           "# `version` nothing is filed and nothing has a `standing`, without `outcomes` there is no document, without `duplicate` it",
           "# is none; `kind` is missing where it means nothing. `letter` is the one that leaves in the end.", ""]
    for entry in entries:
        (MAIL / entry["file"]).write_bytes(entry["raw"].encode("utf-8"))
        out += ["[[message]]", f'file = "{entry["file"]}"', f'arrives = "{entry["arrives"]}"', "", "[message.expect]"]
        out += [f"{key} = {toml_value(entry['expect'][key])}"
                for key in ("relevance", "states", "kind", "standing", "version", "letter", "outcomes", "duplicate", "why")
                if key in entry["expect"]] + [""]
    (MAIL / "index.toml").write_text("\n".join(out), encoding="utf-8")


def attachments(message):
    """(name, bytes) of every document of a parsed message, through attached messages and archives."""
    for part in message.walk():
        name = part.get_filename()
        if name and not part.is_multipart():
            data = part.get_payload(decode=True)
            yield name, data
            if name.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    yield from ((n, archive.read(n)) for n in archive.namelist())


def check():
    """Parses every message with Python's email package and compares it with documents/ and the index."""
    known = {hashlib.sha256(p.read_bytes()).hexdigest(): p.name for p in DOCUMENTS.iterdir() if p.suffix != ".txt"}
    index = tomllib.loads((MAIL / "index.toml").read_text(encoding="utf-8"))["message"]
    assert [m["file"] for m in index] == sorted(p.name for p in MAIL.glob("*.eml")), "the index and the folder differ"
    used, ids = set(), set()
    for entry in index:
        raw = (MAIL / entry["file"]).read_bytes()
        assert b"\r" not in raw and max(map(len, raw.split(b"\n"))) <= 998, entry["file"]
        message = email.message_from_bytes(raw, policy=email.policy.default)
        for part in message.walk():
            assert not part.defects, (entry["file"], part.defects)
            for name in part.keys():
                # Encoded words within quotes are against RFC 2047, section 5, and what Outlook and Foxmail write.
                if name not in ("Content-Type", "Content-Disposition"):
                    assert not part[name].defects, (entry["file"], name, part[name].defects)
        assert message["Message-ID"] not in ids, entry["file"]
        ids.add(message["Message-ID"])
        received = [r.rsplit(";", 1)[1].strip() for r in message.get_all("Received") if "by mx1.example.org" in " ".join(r.split())]
        assert email.utils.parsedate_to_datetime(received[0]) == at(entry["arrives"]), entry["file"]
        names = []
        for name, data in attachments(message):
            if name == "image001.png":
                continue
            digest = hashlib.sha256(data).hexdigest()
            assert digest in known, (entry["file"], name)
            used.add(known[digest])
            if not name.endswith(".zip"):
                names.append(name)
        assert sorted(names) == sorted(entry["expect"].get("outcomes", {})), (entry["file"], names)
    assert used | {"sweden.docx"} == set(known.values()), set(known.values()) - used
    print(f"{len(index)} messages parse; {len(known)} documents, all sent, all equal to documents/")


if __name__ == "__main__":
    if sys.argv[1:] != ["--check"]:
        build_documents()
        write(build_messages())
    check()
