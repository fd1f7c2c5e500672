"""Taking a comment that is written well: counted, judged, stored once, recorded, and the moderators told, or none of it."""

from dataclasses import replace

from django.db import transaction

from comments import akismet, notifications
from comments.checks import Submission, judge
from comments.facts import Known, Sent, known_about
from comments.forms import CommentForm
from comments.models import SEGMENT, By, Comment, Move, Rules, Via
from comments.models.comment import digest_of
from omep_site.lib.database import take_turn
from omep_site.lib.throttle import Limit, tally, trace_of, wait_for


class NotPublic(Exception):
    """Its event is not public, or not any more."""


class Closed(Exception):
    """No comment on its event is taken any more. The page may have been open, or kept somewhere, since before."""


class ParentGone(Exception):
    """What it answers was removed while it was written."""


class TooOften(Exception):
    """One of the limits was reached."""

    def __init__(self, seconds: int):
        self.seconds = seconds


def take(
    form: CommentForm, rules: Rules, language: str, network: str, limits: list[Limit] = (), *, says_where_from: bool
) -> Comment:
    """The comment of a valid form, written on a page in `language` and sent from `network`, which `limits` count.

    The same words to the same place from the same address and network within `rules.repeat_minutes` are one comment (a
    double click, a form that was sent again): the first one is then the answer. Stores nothing, and raises, where it
    cannot be taken: NotPublic, Closed, TooOften, ParentGone; the last two are counted.
    """
    given = form.cleaned_data
    sent = Sent(
        event_id=form.event_id,
        parent_id=given["parent"] and given["parent"].pk,
        email=given["email"],
        body=given["body"],
        digest=digest_of(given["body"]),
        trace=trace_of(network, "comments.sent"),
    )
    submission = form.submission(says_where_from=says_where_from)
    answer = ""
    if akismet.is_used():
        answer, limits = ask_akismet(sent, submission, rules, limits, network), []
    try:
        with transaction.atomic():
            # Counting comes first: it is what one network's comments wait for each other at.
            seconds, counts = tally(limits, network, submission.stamp.counter())
            if seconds:
                raise TooOften(seconds)
            take_turn("comment", sent.event_id, sent.email.lower())
            known = open_to(sent, rules)
            if known.same:
                return Comment.objects.get(pk=known.same)
            used = submission.stamp.was_used(counts)
            facts = replace(known.facts, akismet=answer, stamp_used=used)
            return store(form, sent, *judge(submission, facts, rules), language, known)
    except (TooOften, ParentGone):
        # What was counted was taken back with the rest: the stamp is still good, and the try counts all the same.
        wait_for(limits, network)
        raise


def open_to(sent: Sent, rules: Rules) -> Known:
    """What is known about it, where it can be taken."""
    known = known_about(sent, rules)
    if known is None:
        raise NotPublic
    if not rules.is_open(known.place):
        raise Closed
    return known


def store(form: CommentForm, sent: Sent, status: str, codes: list[str], language: str, known: Known) -> Comment:
    given = form.cleaned_data
    if given["parent"]:
        hold(given["parent"])
    comment = Comment.objects.create(
        event_id=sent.event_id,
        parent=given["parent"],
        name=given["name"],
        email=given["email"],
        website=given["website"],
        body=given["body"],
        words_digest=sent.digest,
        language=language,
        network=sent.trace,
        status=status,
        held_for=codes,
    )
    Move.record(comment, "", status, By(Via.POLICY), codes)
    if status == Comment.Status.PENDING:
        notifications.comment_waiting(comment, accounts=known.somebody_is_told)
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


def ask_akismet(sent: Sent, submission: Submission, rules: Rules, limits: list[Limit], network: str) -> str:
    """Outside the transaction, because it may take seconds; and only about what is within the limits, can be taken, and is
    neither spam already nor sent again."""
    known = open_to(sent, rules)
    if seconds := wait_for(limits, network):
        raise TooOften(seconds)
    if known.same or judge(submission, known.facts, rules)[0] == Comment.Status.SPAM:
        return ""
    return akismet.ask(submission, is_reply=sent.parent_id is not None)
