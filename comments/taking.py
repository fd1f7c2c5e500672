"""Taking a comment that is written well: judged, stored once, recorded, and the moderators told, or none of it."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from comments import akismet, notifications
from comments.checks import Facts, Submission, judge
from comments.facts import facts_about
from comments.forms import CommentForm
from comments.models import SEGMENT, By, Comment, Move, Rules, Via
from omep_site.lib.database import take_turn
from omep_site.lib.throttle import trace_of


class ParentGone(Exception):
    """What it answers was removed while it was written."""


def take(form: CommentForm, rules: Rules, language: str, network: str, *, says_where_from: bool) -> Comment:
    """The comment of a valid form, written on a page in `language` and sent from `network`.

    The same words to the same place from the same address and network within `rules.repeat_minutes` are one comment (a
    double click, a form that was sent again): the first one is then the answer. Raises ParentGone, and stores nothing.
    """
    trace = trace_of(network, "comments.sent")
    submission = form.submission(says_where_from=says_where_from)
    facts = facts_about(form.cleaned_data["email"], submission.body, rules)
    facts = ask_akismet(form, submission, facts, rules)
    with transaction.atomic():
        take_turn("comment", form.event.pk, form.cleaned_data["email"].lower())
        return first_of_the_same(form, rules, trace) or store(form, submission, facts, rules, language, trace)


def first_of_the_same(form: CommentForm, rules: Rules, trace: str) -> Comment | None:
    """Not from another network: the answer opens its author's own page, and words and address can be known to others."""
    given = form.cleaned_data
    since = timezone.now() - timedelta(minutes=rules.repeat_minutes)
    same = form.event.comments.from_address(given["email"]).filter(created_at__gt=since, body=given["body"])
    return same.filter(parent=given["parent"], network=trace, withdrawn_at=None).order_by("pk").first()


def store(form: CommentForm, submission: Submission, facts: Facts, rules: Rules, language: str, trace: str) -> Comment:
    given = form.cleaned_data
    if given["parent"]:
        hold(given["parent"])
    status, codes = judge(submission, replace(facts, stamp_used=submission.stamp.use_up()), rules)
    comment = Comment.objects.create(
        event=form.event,
        parent=given["parent"],
        name=given["name"],
        email=given["email"],
        website=given["website"],
        body=given["body"],
        language=language,
        network=trace,
        status=status,
        held_for=codes,
    )
    Move.record(comment, "", status, By(Via.POLICY), codes)
    if status == Comment.Status.PENDING:
        notifications.comment_waiting(comment)
    return comment


def hold(parent: Comment) -> None:
    """Keeps what is answered where it is until the answer is stored, with what it stands under.

    From below upwards, as every move does: two in one conversation never wait for each other.
    """
    paths = [parent.path[:end] for end in range(SEGMENT, len(parent.path) + 1, SEGMENT)]
    rows = Comment.objects.filter(event=parent.event_id, path__in=paths).order_by("-path").select_for_update()
    held = {row.pk: row for row in rows.only("pk", "status")}
    if parent.pk not in held or not held[parent.pk].is_visible():
        raise ParentGone


def ask_akismet(form: CommentForm, submission: Submission, facts: Facts, rules: Rules) -> Facts:
    """Outside the transaction, because it may take seconds; and only about what is not spam already."""
    if not akismet.is_used() or judge(submission, facts, rules)[0] == Comment.Status.SPAM:
        return facts
    return replace(facts, akismet=akismet.ask(submission, is_reply=form.cleaned_data["parent"] is not None))
