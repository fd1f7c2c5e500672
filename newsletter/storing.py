"""Readers of a list, looked up and stored many at a time: five statements for a batch, whatever its size.

The rows travel as one JSON text, which both databases take apart themselves. A reader whom somebody else wrote down
meanwhile is left as they are: what belongs to a new reader is tied to the random token that only a new row has.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from newsletter.models import Consent, Subscriber
from newsletter.models.subscribers import new_token


class Reader(NamedTuple):
    address: str  # tidy
    language: str
    source: str  # where they agreed
    agreed_at: datetime | None = None
    tags: tuple[int, ...] = ()


# {rows} is the JSON text as rows, {name} a value of each: how, is each database's own.
SUBSCRIBERS = """
INSERT INTO newsletter_subscriber
    (email, language, status, unsubscribe_token, created_at, updated_at, confirmed_at, confirmation_mails)
SELECT {email}, {language}, %(status)s, {token}, %(now)s, %(now)s, %(now)s, 0 FROM {rows}
WHERE true ON CONFLICT DO NOTHING
"""
CONSENTS = """
INSERT INTO newsletter_consent (subscriber_id, kind, page, source, at)
SELECT subscriber.id, %(kind)s, '', {source}, {at} FROM {rows}
JOIN newsletter_subscriber AS subscriber ON subscriber.unsubscribe_token = {token}
"""
TAGS = """
INSERT INTO newsletter_subscriber_tags (subscriber_id, tag_id)
SELECT subscriber.id, {tag} FROM {rows}
JOIN newsletter_subscriber AS subscriber ON subscriber.unsubscribe_token = {token}
WHERE true ON CONFLICT DO NOTHING
"""
STATUSES = """
SELECT {email}, subscriber.status FROM {rows}
JOIN newsletter_subscriber AS subscriber ON LOWER(subscriber.email) = {email}
"""
NOTED = """
SELECT suppression.digest FROM {rows} JOIN newsletter_suppression AS suppression ON suppression.digest = {digest}
"""
COLUMNS = {"token": "text", "email": "text", "language": "text", "source": "text", "at": "timestamptz"}
TAG_COLUMNS = {"token": "text", "tag": "bigint"}


def store(readers: list[Reader]) -> int:
    """Adds confirmed subscribers, each with a consent; returns how many were not there. Call it in a transaction."""
    now = _moment(timezone.now())
    # In the order of their tokens, so that the index of tokens grows place by place.
    tokens = sorted(new_token() for _each in readers)
    rows = [
        (token, each.address, each.language, each.source, _moment(each.agreed_at) if each.agreed_at else now)
        for token, each in zip(tokens, readers, strict=True)
    ]
    text = _as_text(rows, COLUMNS)
    added = _insert(SUBSCRIBERS, COLUMNS, rows=text, now=now, status=Subscriber.Status.CONFIRMED)
    _insert(CONSENTS, COLUMNS, rows=text, kind=Consent.Kind.IMPORTED)
    tags = [(token, tag) for token, each in zip(tokens, readers, strict=True) for tag in each.tags]
    if tags:
        _insert(TAGS, TAG_COLUMNS, rows=_as_text(tags, TAG_COLUMNS))
    return added


def _as_text(rows: list[tuple], columns: dict[str, str]) -> str:
    """SQLite takes arrays apart by place, PostgreSQL objects by name."""
    if connection.vendor == "postgresql":
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
    return json.dumps(rows)


def without_waiting_for_the_disk() -> None:
    """For this transaction on PostgreSQL. How far a list is read is written with its readers: a server that loses its
    last moments loses both, and they are read again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")


def statuses_of(addresses: Iterable[str]) -> dict[str, str]:
    """Of those that are in the list; addresses in small letters."""
    return dict(_select(STATUSES, {"email": "text"}, addresses))


def noted(digests: Iterable[str]) -> set[str]:
    """Those that stand among the blocked and the erased ones."""
    return {digest for (digest,) in _select(NOTED, {"digest": "text"}, digests)}


def _select(statement: str, columns: dict[str, str], values: Iterable[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        _execute(cursor, statement, columns, rows=_as_text([(each,) for each in values], columns))
        return cursor.fetchall()


def _insert(statement: str, columns: dict[str, str], **values) -> int:
    """How many rows were written."""
    with connection.cursor() as cursor:
        _execute(cursor, statement, columns, **values)
        return cursor.rowcount


def _execute(cursor, statement: str, columns: dict[str, str], **values) -> None:
    if connection.vendor == "postgresql":
        typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        rows = f"json_to_recordset(%(rows)s::json) AS each({typed})"
        names = {name: f"each.{name}" for name in columns}
    else:
        rows = "json_each(%(rows)s) AS each"
        names = {name: f"json_extract(each.value, '$[{place}]')" for place, name in enumerate(columns)}
    cursor.execute(statement.format(rows=rows, **names), values)


def _moment(moment: datetime) -> str:
    """In UTC, as SQLite keeps it; PostgreSQL is told of the zone too."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" + ("+00" if connection.vendor == "postgresql" else "")
