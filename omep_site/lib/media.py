"""Uploaded files, handed out by the site itself, so that one small server needs no other.

A file is public while a row of the database uses it, and no longer: a picture that an editor takes off a page is not
to be seen any more, though the file stays for the history. `settings.MEDIA_IN_USE` names the functions that say so,
each from a name in the storage to yes or no. A draft's files can be read by whoever knows their names, which nobody
can guess: its preview needs them.

Content never changes under a name: whoever stores a file gives it a name of its own.

Ranges (RFC 9110, 14) are not answered: a reader of a PDF then loads it whole, which is what happens to a download.
"""

import hashlib
import re
from functools import cache
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.utils.formats import number_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omep_site.lib.headers import SHOWN_ANYWHERE
from omep_site.lib.kept import matches

SHOWN = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
SAVED = {
    "csv": "text/csv; charset=utf-8",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
NAME = re.compile(r"[a-z0-9_-]+(?:/[A-Za-z0-9_-]+)*/[A-Za-z0-9_-]+\.([a-z0-9]{2,4})")

# Not “immutable”, though no content changes: a picture may be taken off its page. Somebody who has seen it may keep it
# for a day; a proxy gives it to somebody new for five minutes at most, and for an hour where the site does not answer, as
# the pages that show it (omep_site/lib/public.py).
CACHE_CONTROL = "public, max-age=86400, s-maxage=300, stale-if-error=3600"


class Pieces(FileResponse):
    block_size = 2**16


@require_safe
def serve(request, name):
    """A picture to be shown, or a document to be saved. 404 for everything that no row uses."""
    found = NAME.fullmatch(name)
    kind = found and found[1]
    if kind not in SHOWN.keys() | SAVED.keys() or not is_in_use(name):
        raise Http404(name)
    etag = f'"{hashlib.blake2b(name.encode(), digest_size=12).hexdigest()}"'
    headers = {
        "Cache-Control": CACHE_CONTROL,
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
        # Whatever stands in the file: opened by itself, it runs nothing and loads nothing.
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        **(SHOWN_ANYWHERE if kind in SHOWN else {}),
    }
    if matches(request.headers.get("If-None-Match", ""), etag):
        return HttpResponseNotModified(headers=headers)
    try:
        if request.method == "HEAD":
            response, length = HttpResponse(headers=headers), default_storage.size(name)
        else:
            file = default_storage.open(name)
            response, length = Pieces(file, headers=headers), file.size
    except FileNotFoundError:
        raise Http404(name) from None
    response["Content-Length"] = length
    response["Content-Type"] = SHOWN.get(kind) or SAVED[kind]
    shown = "inline" if kind in SHOWN else f'attachment; filename="{PurePosixPath(name).name}"'
    response["Content-Disposition"] = shown
    return response


@cache
def _registered():
    return [import_string(path) for path in settings.MEDIA_IN_USE]


def is_in_use(name: str) -> bool:
    return any(uses(name) for uses in _registered())


def size_in_words(size: int) -> str:
    """“850 kB”, “1.2 MB”, « 1,2 Mo », with a no-break space; a kB has 1000 bytes (IEC 80000-13)."""
    kilobytes = max(1, round(size / 1000))
    if kilobytes < 1000:
        return _("{number} kB").format(number=number_format(kilobytes)).replace(" ", "\xa0")
    megabytes = round(size / 10**6, 1)
    number = number_format(megabytes, 0 if megabytes == int(megabytes) else 1)
    return _("{number} MB").format(number=number).replace(" ", "\xa0")
