"""Documents that are not what they say, or that would start something on a reader's computer."""

import io
import struct
import time
import zipfile
import zlib
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from events import document_contents, documents
from omep_site.lib.media import SAVED
from tests.events.uploads import chosen

CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TYPES = {"[Content_Types].xml": "<Types/>"}


def archive(parts: dict[str, str], **options) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as made:
        for name, content in parts.items():
            made.writestr(zipfile.ZipInfo(name), content, made.compression)  # of no moment: each process makes the same
    return file.getvalue()


def of_opendocument(kind: str, **more) -> bytes:
    return archive({"mimetype": SAVED[kind], "content.xml": "<office/>"} | more)


def pdf(*objects: bytes, packed: bytes = b"") -> bytes:
    found = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    if packed:
        data = zlib.compress(packed)
        found += b"9 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(data)
        found += data + b"\nendstream\nendobj\n"
    return found + b"trailer <</Root 1 0 R>>\n%%EOF\n"


def code_of(name: str, content: bytes) -> str:
    """ "" where it is taken."""
    try:
        documents.check(chosen(content, name))
    except ValidationError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdf(b"<</Type/Catalog/Names<</JSON 1>>/OpenAction[2 0 R/Fit]>>")),
        ("a.pdf", pdf(b"<</Length 30>>\nstream\n/JS (a picture may say it) /Launch\nendstream")),
        ("a.pdf", pdf(packed=b"1 0 <</Type/Page/Annots[]>>")),
        ("a.pdf", pdf() + archive({"a.txt": "an archive behind it is read by nobody"})),
        ("a.docx", archive(TYPES | {"word/document.xml": "<w/>"})),
        ("a.pptx", archive(TYPES | {"ppt/presentation.xml": "<p/>"})),
        ("a.xlsx", archive(TYPES | {"xl/workbook.xml": "<x/>"})),
        *((f"a.{kind}", of_opendocument(kind)) for kind in ("odt", "odp", "ods", "epub")),
        ("a.zip", archive({"photos/cour.jpg": "x", "lisez-moi.txt": "y"})),
        ("a.doc", CFB + "WordDocument".encode("utf-16-le")),
        ("a.ppt", CFB + "PowerPoint Document".encode("utf-16-le")),
        ("a.xls", CFB + "Workbook".encode("utf-16-le")),
    ],
)
def test_what_is_what_it_says_and_starts_nothing_is_taken(name, content):
    assert code_of(name, content) == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html>%PDF-1.7"),
        ("a.docx", archive(TYPES | {"xl/workbook.xml": "<x/>"})),
        ("a.docx", archive({"word/document.xml": "<w/>"})),
        ("a.odt", of_opendocument("ods")),
        ("a.odt", archive({"content.xml": "<office/>"})),
        ("a.epub", archive({"mimetype": "application/zip"})),
        ("a.docx", b"PK\x03\x04 and more"),
        ("a.zip", archive({"a": "b"})[:-30]),
        ("a.zip", b"PK\x03\x04" + b"PK\x05\x06" + bytes(18)[:17]),
        ("a.doc", CFB + "Workbook".encode("utf-16-le")),
        ("a.doc", CFB),
    ],
)
def test_what_is_something_else_is_refused(name, content):
    assert code_of(name, content) in ("content", "unpacked")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdf(b"<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>")),
        ("a.pdf", pdf(b"<</S/J#61vaScript/J#53 2 0 R>>")),
        ("a.pdf", pdf(b"<</S/Launch/F(cmd.exe)>>")),
        ("a.pdf", pdf(packed=b"1 0 <</S/JavaScript/JS(app.alert(1))>>")),
        ("a.pdf", pdf(b"<<>>\nstream\nx\nendstream", b"<</S/Launch>>")),
        ("a.pdf", pdf(b"<<>>\nstream\n") + b"endstream <</S/JavaScript>>"),
        ("a.docx", archive(TYPES | {"word/document.xml": "<w/>", "word/vbaProject.bin": "x"})),
        ("a.odt", of_opendocument("odt", **{"Basic/Standard/Module1.xml": "x"})),
        ("a.odt", of_opendocument("odt", **{"Scripts/python/x.py": "x"})),
        ("a.doc", CFB + "WordDocument".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le")),
        ("a.zip", archive({"facture.pdf.exe": "MZ"})),
        ("a.zip", archive({"photos/Cour.JPG.LNK": "x"})),
        ("a.zip", archive({"liste.xlsm": "x"})),
        ("a.zip", archive({"../../.bashrc": "x"})),
        ("a.zip", archive({"/etc/cron.d/x": "x"})),
        ("a.zip", archive({"..\\..\\autorun.inf": "x"})),
        ("a.zip", archive({"C:\\autorun.inf": "x"})),
    ],
)
def test_what_would_start_something_is_refused(name, content):
    assert code_of(name, content) == "program"


def test_an_archive_that_unpacks_to_too_much_is_refused_unread():
    bomb = archive({"a.txt": "\0" * 10**6}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 3000
    listed = bomb.rfind(b"PK\x01\x02")
    bomb = bomb[: listed + 24] + struct.pack("<L", 4 * 10**9) + bomb[listed + 28 :]

    assert code_of("a.zip", bomb) == "unpacked"


def test_an_archive_of_too_many_parts_is_refused():
    with patch.object(document_contents, "MOST_PARTS", 2):
        assert code_of("a.zip", archive(dict.fromkeys("abc", ""))) == "unpacked"
    with patch.object(document_contents, "LONGEST_LIST", 100):
        assert code_of("a.zip", archive(dict.fromkeys("abc", ""))) == "unpacked"


def test_an_archive_with_a_second_end_for_lists_without_limits_is_refused():
    plain = archive({"a.txt": "x"})
    end = plain.rfind(b"PK\x05\x06")

    assert code_of("a.zip", plain[:end] + b"PK\x06\x07" + bytes(16) + plain[end:]) == "unpacked"


def test_the_objects_of_a_pdf_are_unpacked_up_to_a_limit():
    hidden = pdf(packed=b" " * 1000 + b"/JavaScript ")
    assert code_of("a.pdf", hidden) == "program"
    with patch.object(document_contents, "MOST_OBJECTS", 900):
        assert code_of("a.pdf", hidden) == ""


@pytest.mark.parametrize(
    "piece", [b"stream\n", b"stream endstream ", b"/ObjStm stream\nx endstream", b"#", b"#4", b"/JS#", b"/J"]
)
def test_no_pdf_keeps_a_processor_busy(piece):
    content = (b"%PDF-1.7\n" + piece * (10**6 // len(piece)))[: 10**6]
    started = time.process_time()
    code_of("a.pdf", content)

    assert time.process_time() - started < 20  # a tenth of that, mostly


def test_the_refusal_says_what_to_do():
    with pytest.raises(ValidationError) as error, translation.override("en"):
        documents.check(chosen(pdf(b"<</S/Launch>>"), "a.pdf"))

    assert error.value.messages == [
        "There is a program in this file, which could start on readers’ computers: macros, a script, or a file that runs. "
        "Save it without, as a PDF for instance."
    ]
