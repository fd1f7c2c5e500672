"""Documents of events: what is taken, and under which name it is kept.

    documents/<32 random digits>-<bytes>/<name for the reader>.<kind>

so that a page can say a file's kind and size without asking the storage.
"""

import re
import secrets
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import Q
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events.document_contents import fault_of
from events.models import DOCUMENT_KINDS, Document
from omep_site.lib.links import languages
from omep_site.lib.media import size_in_words
from omep_site.lib.text import ascii_slug

MOST_BYTES = 20 * 10**6
NAME = re.compile(r"documents/[0-9a-f]{24,32}-(?P<size>[0-9]{1,12})/[a-z0-9-]+\.(?P<kind>[a-z]{2,4})")
LONGEST_NAME = 40  # characters, so that the whole fits its column


def check(file) -> None:
    """Raises ValidationError with a sentence for whoever chose the file, unless it may be kept."""
    kind = kind_of(file.name)
    if kind not in DOCUMENT_KINDS:
        sentence = _("Files of this kind are not taken. Choose one of these kinds: %(kinds)s.")
        raise ValidationError(sentence, code="kind", params={"kinds": ", ".join(DOCUMENT_KINDS)})
    if file.size > MOST_BYTES:
        sentence = _(
            "This file has %(size)s; at most %(most)s are taken. Put it on a site for large files and link to it."
        )
        words = {"size": size_in_words(file.size), "most": size_in_words(MOST_BYTES)}
        raise ValidationError(sentence, code="size", params=words)
    fault = fault_of(file, kind)
    if fault == "content":
        sentence = _("This file is not what its name says: its content is not that of a .%(kind)s file. Save it again.")
        raise ValidationError(sentence, code="content", params={"kind": kind})
    if fault == "program":
        sentence = _(
            "There is a program in this file, which could start on readers’ computers: macros, a script, or a file that "
            "runs. Save it without, as a PDF for instance."
        )
        raise ValidationError(sentence, code="program")
    if fault == "unpacked":
        raise ValidationError(_("This file has too many parts, or becomes too large once unpacked."), code="unpacked")


def named(file) -> File:
    """The file under the name that it is kept by: “Présentation (1).PDF” is downloaded as presentation-1.pdf."""
    name = ascii_slug(PurePosixPath(file.name).stem, LONGEST_NAME) or "document"
    return File(file, name=f"{secrets.token_hex(16)}-{file.size}/{name}.{kind_of(file.name)}")


def kind_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def kind_and_size(name: str) -> str:
    """“PDF, 1.2 MB”; the kind alone for a file that no form stored."""
    found = NAME.fullmatch(name)
    words = [kind_of(name).upper(), size_in_words(int(found["size"])) if found else ""]
    return ", ".join(word for word in words if word)


def in_use(name: str) -> bool:
    """Whether an event offers this document now."""
    if not name.startswith("documents/"):
        return False
    anywhere = Q()
    for language in languages():
        anywhere |= Q(**{in_language("file", language): name})
    return Document.objects.filter(anywhere).exists()
