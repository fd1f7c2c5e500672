"""Lists that leave the site as CSV (RFC 4180), in the form that spreadsheets open at once: UTF-8 with its mark, and the
separator of the editor's language. A cell that a spreadsheet would take for a formula is defused."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsletter.list_files import FORMULA, REASONS
from newsletter.models import ImportJob, Subscriber

AT_ONCE = 2000  # rows that are asked of the database at a time
SEPARATORS = {"fr": ";"}  # a comma stands in French numbers


class Echo:
    """What csv writes is what it returns."""

    def write(self, text: str) -> str:
        return text


def defused(cell) -> str:
    """A cell that begins like a formula gets an apostrophe before it, as spreadsheets do (OWASP, CSV injection)."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(rows: Iterable[list]) -> Iterator[bytes]:
    writer = csv.writer(Echo(), delimiter=SEPARATORS.get(get_language(), ","))
    yield b"\xef\xbb\xbf"
    for row in rows:
        yield writer.writerow([defused(cell) for cell in row]).encode()


def answer(rows: Iterable[list], name: str) -> StreamingHttpResponse:
    """A file, written while it is sent."""
    response = StreamingHttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def subscribers(found) -> Iterator[list]:
    """The rows of a queryset of subscribers, under names that the import knows."""
    yield [_("e-mail"), _("language"), _("groups"), _("status"), _("created"), _("confirmed")]
    row: Subscriber
    for row in found.prefetch_related("tags").iterator(AT_ONCE):
        confirmed = f"{row.confirmed_at:%Y-%m-%d}" if row.confirmed_at else ""
        groups = "; ".join(tag.name for tag in row.tags.all())
        yield [row.email, row.language, groups, row.get_status_display(), f"{row.created_at:%Y-%m-%d}", confirmed]


def problems(job: ImportJob) -> Iterator[list]:
    """The report of a list: which lines were left out, and why."""
    yield [_("line"), _("reason")]
    for line, reason in job.problems.order_by("line", "pk").values_list("line", "reason").iterator(AT_ONCE):
        yield [line, REASONS.get(reason, reason)]
