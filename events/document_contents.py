"""What stands in a document: is it what its name says, and would it start something on a reader's computer?

Looked at is only what says so: the list of an archive's parts, the objects of a PDF, the names in a file of Office. What is
hidden well enough passes (an encrypted PDF, say): a document is an editor's, and is handed out to be saved, never shown
by this site (omep_site.lib.media). This holds off what came along unseen.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from omep_site.lib.media import SAVED

# How each kind begins. Office's newer files are zip archives, its older ones compound files ([MS-CFB], 2.2).
PDF, ZIP, OFFICE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BEGINNINGS = {"pdf": PDF, "doc": OFFICE, "ppt": OFFICE, "xls": OFFICE} | dict.fromkeys(
    ["docx", "odt", "pptx", "odp", "xlsx", "ods", "epub", "zip"], ZIP
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

# What an archive unpacks to, as it says itself: whoever opens it must not run out of room.
MOST_PARTS = 10_000
MOST_UNPACKED = 500 * 10**6
LONGEST_LIST = 4 * 10**6  # bytes of the list of its parts

FOLDERS = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}  # ECMA-376, part 1: where each keeps its words
STREAMS = {"doc": ["WordDocument"], "ppt": ["PowerPoint Document"], "xls": ["Workbook", "Book"]}
PROGRAMS = {
    *(
        "app",
        "bat",
        "cmd",
        "com",
        "cpl",
        "exe",
        "hta",
        "jar",
        "js",
        "jse",
        "lnk",
        "msi",
        "msp",
        "pif",
        "ps1",
        "reg",
        "scr",
    ),
    *("sh", "vb", "vbe", "vbs", "wsf", "docm", "dotm", "potm", "ppsm", "pptm", "xlsm", "xltm"),
}
# ISO 32000-2, 12.6.4: what a PDF does by a script, or by starting a programme. A name may be written with #xx.
ACTIONS = re.compile(rb"/(?:JavaScript|JS|Launch)(?=[\s/(<\[>%]|\Z)")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
MOST_OBJECTS = 50 * 10**6  # bytes of a PDF's compressed objects that are looked at


def fault_of(file, kind: str) -> str:
    """ "" where it may be kept; else what is wrong: "content", "program" or "unpacked"."""
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if kind not in BEGINNINGS:
        is_text = b"\0" not in start or start.startswith(UTF_16)  # a text or a table of text
        return "" if is_text else "content"
    if not start.startswith(BEGINNINGS[kind]):
        return "content"
    try:
        return {PDF: _of_pdf, ZIP: _of_archive, OFFICE: _of_office}[BEGINNINGS[kind]](file, kind)
    finally:
        file.seek(0)


# --- Archives -------------------------------------------------------------------------------------------------------


def _of_archive(file, kind: str) -> str:
    if _length_of_list(file) > LONGEST_LIST:
        return "unpacked"
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                return "unpacked"
            names = [part.filename for part in parts]
            if any(_starts_something(name) for name in names):
                return "program"
            return "" if _is_of_kind(archive, names, kind) else "content"
    except Exception:  # whatever a broken or hostile list makes the reader raise
        return "content"


def _length_of_list(file) -> int:
    """In bytes, as the end of the archive says it (APPNOTE.TXT, 4.3.16): a list is read whole. Beyond all limits where the
    end is not clear, or of the kind that knows no limits (4.3.15)."""
    file.seek(max(0, file.size - 22 - 2**16 - 20))
    end = file.read()
    last = end.rfind(b"PK\5\6")
    if b"PK\6\7" in end or 0 <= len(end) - last < 22:
        return LONGEST_LIST + 1
    return struct.unpack("<L", end[last + 12 : last + 16])[0] if last >= 0 else 0


def _starts_something(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/").lower())
    if path.is_absolute() or ".." in path.parts or re.match("[a-z]:", name.lower()):  # it would land elsewhere
        return True
    macros = path.name in ("vbaproject.bin", "vbadata.xml") or path.parts[:1] in (("basic",), ("scripts",))
    return macros or path.suffix.removeprefix(".") in PROGRAMS


def _is_of_kind(archive: zipfile.ZipFile, names: list[str], kind: str) -> bool:
    if kind in FOLDERS:
        return "[Content_Types].xml" in names and any(name.startswith(FOLDERS[kind]) for name in names)
    if kind == "zip":
        return True
    with archive.open("mimetype") as said:  # OpenDocument 1.3, part 2, 3.3; EPUB 3.3, 4.2.6.3
        return said.read(100).strip() == SAVED[kind].encode()


# --- PDF ------------------------------------------------------------------------------------------------------------


def _of_pdf(file, kind: str) -> str:
    acts = any(ACTIONS.search(_plain_names(piece)) for piece in _objects(file.read()))
    return "program" if acts else ""


def _objects(content: bytes) -> Iterator[bytes]:
    """What stands outside of the streams, and in the streams that hold objects themselves (ISO 32000-2, 7.5.7)."""
    at, left = 0, MOST_OBJECTS
    while (begins := content.find(b"stream", at)) >= 0:
        around = content[at:begins]
        yield around
        at = content.find(b"endstream", begins)
        if at < 0:
            return
        if b"/ObjStm" in _plain_names(around[-2000:]) and left > 0:
            data = content[begins + len(b"stream") : at].lstrip(b"\r\n")
            try:
                unpacked = zlib.decompressobj().decompress(data, left)
            except zlib.error:  # encrypted, or packed otherwise
                unpacked = data
            left -= len(unpacked)
            yield unpacked
        at += len(b"endstream")
    yield content[at:]


def _plain_names(text: bytes) -> bytes:
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


# --- Office's older files -------------------------------------------------------------------------------------------


def _of_office(file, kind: str) -> str:
    """The names of their parts are written in UTF-16 ([MS-CFB], 2.6.1), that of macros in [MS-OVBA], 2.2.1."""
    content = file.read()
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        return "program"
    return "" if any(name.encode("utf-16-le") in content for name in STREAMS[kind]) else "content"
