"""Copies of what people gave in confidence, in tables that are about something else: the queue of mail, the admin's own
log, sessions of the admin, the history of pages. Here each is found by an address, and taken out.

The log's rows and the versions stay, without the words: who changed what is the editors' record.
"""

import json
from collections.abc import Iterable

import reversion
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import CharField, Model, Q, TextField
from django.utils.html import escape
from post_office.models import STATUS, Email
from reversion.models import Revision, Version

from accounts.sessions import SessionStore
from comments.models import Comment, Policy
from omep_site.lib import addresses
from omep_site.lib.mail import as_template, as_written

AT_ONCE = 500  # values in one question: SQLite takes a limited number
BLANK = "…"
ABOUT = "X-About"  # the header of a mail about a comment: “comment-12”, of a digest “comment-12 comment-15”


# --- Mail -----------------------------------------------------------------------------------------------------------


def mails_to(address: str) -> list[Email]:
    """Oldest first."""
    alike = {each.lower() for each in addresses.spellings(address)}
    found = Email.objects.filter(addresses.within(["to", "cc", "bcc"], addresses.spellings(address))).order_by("pk")
    return [mail for mail in found.only("to", "cc", "bcc", "subject", "status", "created") if alike & _recipients(mail)]


def _recipients(mail: Email) -> set[str]:
    """The bare addresses: django-post-office also takes “Zoé <zoe@example.org>”."""
    return {each.rpartition("<")[2].removesuffix(">").lower() for each in [*mail.to, *mail.cc, *mail.bcc]}


def told_mails(address: str) -> list[dict]:
    """Ready for JSON, without the words: the links in them are keys."""
    return [
        {"subject": as_written(mail.subject), "written": mail.created.isoformat(), "state": STATUS._fields[mail.status]}
        for mail in mails_to(address)
    ]


def erase_mails(address: str, comments: Iterable[int]) -> int:
    """Mails to the address, mails about these comments to anybody, and whatever mail holds the address; returned is how
    many. What the worker is sending at this moment still goes out."""
    doomed = {mail.pk for mail in mails_to(address)}
    pattern = addresses.mention(address)
    words = {form for each in addresses.spellings(address) for form in (each, as_template(each))}
    fields = ["subject", "message", "html_message"]
    for pk, *texts in Email.objects.filter(addresses.within(fields, words)).values_list("pk", *fields):
        if any(pattern.search(as_written(text)) for text in texts):
            doomed.add(pk)
    names = {f"comment-{pk}" for pk in comments}
    about = {f"headers__{ABOUT}__isnull": False}
    for pk, headers in Email.objects.filter(**about).values_list("pk", "headers") if names else ():
        if names & set(headers[ABOUT].split()):
            doomed.add(pk)
    rows = sorted(doomed)
    for start in range(0, len(rows), AT_ONCE):
        Email.objects.filter(pk__in=rows[start : start + AT_ONCE]).delete()  # with their logs of tries
    return len(rows)


# --- The editors' own records ---------------------------------------------------------------------------------------


def clean_log(address: str, comments: list[Comment]) -> int:
    """The admin's log: a row that names the person says the row's number instead."""
    pattern = addresses.mention(address)
    names = {str(comment.pk): comment for comment in comments}
    about = Q(content_type=ContentType.objects.get_for_model(Comment), object_id__in=names)
    cleaned = 0
    for row in LogEntry.objects.filter(
        about | addresses.within(["object_repr", "change_message"], addresses.spellings(address))
    ).select_related("content_type"):
        comment = names.get(row.object_id) if row.content_type and row.content_type.model == "comment" else None
        change = {}
        if pattern.search(row.object_repr) or (comment and comment.name in row.object_repr):
            kind = row.content_type.name if row.content_type else ""
            change["object_repr"] = f"{kind} {row.object_id}".strip()
        if pattern.search(row.change_message) or (comment and comment.name in row.change_message):
            change["change_message"] = ""
        if change:
            cleaned += LogEntry.objects.filter(pk=row.pk).update(**change)
    return cleaned


def clean_history(address: str) -> int:
    """Versions of events and pages in which the address stands, where the page itself names it no more: it is blacked
    out. Where the page does, it is what the organisation publishes (`mentions`)."""
    pattern, words, cleaned = addresses.mention(address), addresses.spellings(address), 0
    for version in Version.objects.filter(addresses.within(["serialized_data", "object_repr"], words)):
        model = version.content_type.model_class()
        row = model._base_manager.filter(pk=version.object_id).first() if model else None
        if row is None or not _texts_with(row, pattern):
            change = {
                field: pattern.sub(BLANK, getattr(version, field)) for field in ("serialized_data", "object_repr")
            }
            if any(change[field] != getattr(version, field) for field in change):
                cleaned += Version.objects.filter(pk=version.pk).update(**change)
    for revision in Revision.objects.filter(addresses.within(["comment"], words)):
        cleaned += Revision.objects.filter(pk=revision.pk).update(comment=pattern.sub(BLANK, revision.comment))
    return cleaned


def clean_session(data, address: str, names: Iterable[str]) -> bool:
    """What one session of the admin remembers: searches for the address, messages that name the author. Whether there
    was anything."""
    pattern, found = addresses.mention(address), False
    shown = [_quoted(name) for name in names if name]
    for key, value in list(data.items()):
        if key.startswith("_auth") or key.startswith("_session"):
            continue
        blank = _blanked(value, pattern)
        if key == "_messages" and isinstance(value, str) and any(name in value for name in shown):
            blank = ""
        if blank != value:
            data[key] = blank
            found = True
    return found


def _quoted(name: str) -> str:
    """As it stands in messages, which are kept as JSON."""
    return json.dumps(str(escape(name)))[1:-1]


def _blanked(value, pattern):
    if isinstance(value, str):
        return "" if pattern.search(value) else value
    if isinstance(value, dict):
        return {key: _blanked(each, pattern) for key, each in value.items()}
    if isinstance(value, list):
        return [_blanked(each, pattern) for each in value]
    return value


def clean_sessions(address: str, names: Iterable[str]) -> int:
    store, cleaned = SessionStore(), 0
    for key, kept in Session.objects.values_list("pk", "session_data"):
        data = store.decode(kept)
        if clean_session(data, address, names):
            cleaned += Session.objects.filter(pk=key).update(session_data=store.encode(data))
    return cleaned


# --- What only a person can judge -----------------------------------------------------------------------------------


def mentions(address: str) -> list[Model]:
    """Rows whose own words name the address although they are not this person's: what others wrote, and editors."""
    pattern, words = addresses.mention(address), addresses.spellings(address)
    found = []
    editors = {model for model in reversion.get_registered_models() if not model._meta.auto_created}
    for model in sorted(editors | {Policy, Comment}, key=lambda each: each._meta.label):
        texts = _text_fields(model)
        if texts:
            rows = model._base_manager.filter(addresses.within(texts, words)).order_by("pk")
            found += [row for row in rows if _texts_with(row, pattern)]
    return [row for row in found if not (isinstance(row, Comment) and pattern.fullmatch(row.email))]


def _text_fields(model) -> list[str]:
    kinds = (CharField, TextField)
    return [field.attname for field in model._meta.concrete_fields if isinstance(field, kinds)]


def _texts_with(row: Model, pattern) -> bool:
    values = (row.__dict__.get(name) for name in _text_fields(type(row)))
    return any(pattern.search(value) for value in values if isinstance(value, str))
