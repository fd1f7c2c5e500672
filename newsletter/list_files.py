"""A list of subscribers as a file: which text it is, which columns it has, its rows. Pure functions, and no database.

Spreadsheets write CSV (RFC 4180) in the encoding and with the separator of their country: UTF-8 with or without a byte
order mark, UTF-16, Windows-1252; commas, semicolons, tabs. The first line names the columns, in French or English; a
file with one column needs no names.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from newsletter.models.subscribers import tidy_address
from omep_site.lib.folding import fold
from omep_site.lib.forms import AddressField

MOST_BYTES = 20 * 2**20
MOST_ROWS = 200_000
MOST_GROUPS = 50  # different ones in a file
LONGEST_SOURCE = 200
LONGEST_GROUP = 60

# Why a whole file cannot be read.
FAULTS = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 20 MB. Cut it into several."),
    "too_many": _("The file has more than 200,000 lines. Cut it into several."),
    "no_text": _(
        "This is not a list in CSV. In your spreadsheet, choose “Save as…” and the format “CSV UTF-8”, and bring that file."
    ),
    "no_column": _(
        "No column is named “email”, “e-mail”, “adresse” or “courriel”. The first line of the file must name its columns."
    ),
    "only_names": _("There is no line under the names of the columns."),
    "unreadable": _("The file cannot be taken apart: probably a quotation mark is opened and never closed."),
    "restored": _(
        "The site was brought back from a backup while the list was read. What is stored of it stays; bring it again."
    ),
    "many_groups": _("The column of groups has more than 50 different names. It is probably another kind of column."),
}

# Why a line was left out.
REASONS = {
    "missing": _("There is no address."),
    "invalid": _("This is not an e-mail address to which mail can be sent."),
    "long": _("The address has more than 254 characters."),
    "control": _("The address has a line break or an invisible character in it."),
    "twice": _("The address stands in the file already, further up."),
    "left": _("The reader has unsubscribed, and stays so."),
    "blocked": _("Nothing may be sent to this address: its reader left, or it was blocked."),
    "date": _("The date of consent cannot be read, or is not over yet. Write 2026-07-12 or 12/07/2026."),
    "source": _("Nothing says where this person agreed, or it is longer than 200 characters."),
    "group": _("A group’s name is longer than 60 characters, or has an address or an invisible character in it."),
}

# The names of columns, folded: without accents, capitals and hyphens.
NAMES = {
    "email": {
        "email", "e mail", "mail", "adresse", "address", "courriel", "email address", "e mail address", "adresse email",
        "adresse e mail", "adresse mail", "adresse electronique", "adresse courriel", "adresse de courriel",
    },
    "language": {"language", "langue", "lang"},
    "groups": {"group", "groups", "group s", "groupe", "groupes", "groupe s", "tag", "tags"},
    "source": {"consent", "consentement", "source", "source du consentement", "consent source"},
    "date": {"date", "date de consentement", "date du consentement", "consent date", "date of consent"},
}  # fmt: skip
ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SEPARATORS = ",;\t"
ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")  # what a spreadsheet programme saves when it is not asked
# The plain addresses among those that the form takes, told quickly; all others are asked the form's own field.
PLAIN = re.compile(
    r"(?=.{1,254}\Z)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9]|-(?!-)){0,60}[a-z0-9]\.)+[a-z]{2,20}\Z", re.I
)
FIELD = AddressField()
WORDS_FOR = {"francais": "fr", "francaise": "fr", "french": "fr", "english": "en", "anglais": "en"}
CODES = {"required": "missing", "max_length": "long", "control": "control", "bidi": "control"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would work out
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d")


class ListFault(Exception):
    """The whole file cannot be read; `code` is one of FAULTS."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class RowFault(Exception):
    """A line is left out; `code` is one of REASONS."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Row(NamedTuple):
    """The cells as they stand in the file; "" where there is no such column."""

    line: int  # where the row begins, as a text editor counts
    email: str
    language: str
    groups: str
    source: str
    date: str


def encoding_of(content: bytes) -> str:
    for mark, name in ENCODINGS.items():
        if content.startswith(mark):
            return name
    for name in ("utf-8", "cp1252"):
        try:
            for _part in codecs.iterdecode(_pieces(content), name):
                pass
        except UnicodeDecodeError:
            continue
        return name
    raise ListFault("no_text")


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[start : start + 2**16] for start in range(0, len(content), 2**16))


@dataclass(frozen=True)
class Table:
    content: bytes
    encoding: str
    separator: str
    columns: dict[str, int]  # of NAMES → its place
    headings: dict[str, str]  # of NAMES → as the file writes it; empty where the first line is a row

    @classmethod
    def of(cls, content: bytes) -> "Table":
        """Raises ListFault."""
        if len(content) > MOST_BYTES:
            raise ListFault("too_large")
        if not content.strip(b"\x00\xff\xfe\xef\xbb\xbf\r\n\t ,;"):
            raise ListFault("empty")
        if content.startswith(ARCHIVES) or (content.count(0) * 10 > len(content) and content[:2] not in ENCODINGS):
            raise ListFault("no_text")
        encoding = encoding_of(content)
        for separator in SEPARATORS:
            first = next(_records(content, encoding, separator))[1]
            columns = _columns(first)
            if "email" in columns:
                return cls(content, encoding, separator, columns, {name: first[at] for name, at in columns.items()})
        whole = next(_records(content, encoding, "\t"))[1]
        if len(whole) == 1 and "@" in whole[0] and not set(",;") & set(whole[0]):
            return cls(content, encoding, "\t", {"email": 0}, {})
        raise ListFault("no_column")

    def rows(self) -> Iterator[Row]:
        """Empty lines are left out. Raises ListFault."""
        places = [self.columns.get(name) for name in Row._fields[1:]]
        records = _records(self.content, self.encoding, self.separator)
        if self.headings:
            next(records)
        for line, cells in records:
            width = len(cells)
            row = [cells[at].strip() if at is not None and at < width else "" for at in places]
            if row[0] or any(cells):
                yield Row(line, *row)

    def check(self) -> int:
        """Looks through all of it, so that nothing is begun that cannot be ended. Returns how many rows there are."""
        count, groups = 0, set()
        for row in self.rows():
            count += 1
            if row.groups:
                groups.update(names.lower() for names in group_names(row.groups))
            if count > MOST_ROWS:
                raise ListFault("too_many")
            if len(groups) > MOST_GROUPS:
                raise ListFault("many_groups")
        if not count:
            raise ListFault("only_names")
        return count


def _records(content: bytes, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The line on which each begins, and its cells; the first that has any is the first."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except (csv.Error, UnicodeError) as error:
        raise ListFault("unreadable") from error


def _columns(first: list[str]) -> dict[str, int]:
    found = {}
    for at, heading in enumerate(first):
        folded = fold(heading[:100])
        for name, known in NAMES.items():
            if folded in known:
                found.setdefault(name, at)
    return found


# --- One row --------------------------------------------------------------------------------------------------------


def address_in(text: str) -> str:
    """The address, tidy, under the rules of the form (omep_site.lib.forms.AddressField). Raises RowFault."""
    if text.startswith("'") and text[1:].startswith(FORMULA):
        text = text[1:]  # as our own export defused it
    if not PLAIN.match(text):
        try:
            text = FIELD.clean(text)
        except ValidationError as error:
            raise RowFault(CODES.get(error.error_list[0].code, "invalid")) from None
    return tidy_address(text)


@lru_cache(maxsize=1000)
def _language(text: str) -> str:
    folded = fold(text).split(" ")[0] if text else ""
    return WORDS_FOR.get(folded, folded)


def language_in(text: str, known: list[str], otherwise: str) -> str:
    """“fr”, “FR-be”, “French”, “français” → "fr"; what the site does not have → `otherwise`."""
    code = _language(text[:40])
    return code if code in known else otherwise


def group_names(text: str) -> list[str]:
    """“Comité ; Bologne 2026|presse” → three names."""
    return [name.strip() for name in re.split(r"[;,|]", text) if name.strip()]


def groups_in(text: str) -> list[str]:
    names = group_names(text) if text else []
    if any(len(name) > LONGEST_GROUP or not name.isprintable() or "@" in name for name in names):
        raise RowFault("group")
    return names


def source_in(text: str, otherwise: str) -> str:
    said = " ".join(text.replace("\x00", " ").split()) if text else otherwise
    if not said or len(said) > LONGEST_SOURCE:
        raise RowFault("source")
    return said


def date_in(text: str, today: date) -> date | None:
    """The day on which somebody agreed; None where the row says none."""
    if not text:
        return None
    for form in DATES:
        try:
            day = datetime.strptime(text.split("T")[0].split(" ")[0], form).date()
        except ValueError:
            continue
        if date(1990, 1, 1) <= day <= today:
            return day
    raise RowFault("date")
