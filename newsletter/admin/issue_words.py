"""An issue's standing, as sentences for its editors."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.reading import enumerate_words, name_languages
from events.when import hour, one_date, zone_name
from newsletter.models import Issue
from omep_site.lib.history.telling import moment_in_words


@dataclass(frozen=True)
class Words:
    moment: str  # for the list: when it goes out, or went
    sentence: str  # for its page: what happens now


def moment(at) -> str:
    """“Monday 6 December 2021, 13:30 (Paris time)”, in the site's zone."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    zone = zone_name(settings.TIME_ZONE)
    return _("{day}, {hour} ({zone})").format(day=strip_tags(one_date(local)), hour=hour(local), zone=zone)


def in_words(issue: Issue) -> Words:
    status = issue.status
    if status == Issue.Status.SCHEDULED:
        return Words(moment(issue.send_at), _("It goes out on {moment}.").format(moment=moment(issue.send_at)))
    if status == Issue.Status.SENDING:
        began = moment_in_words(issue.send_at) if issue.send_at else ""
        return Words(began, _("It is being sent."))
    if status == Issue.Status.PAUSED:
        at = moment_in_words(issue.send_at) if issue.send_at else ""
        return Words(at, _why_paused(issue))
    if status in (Issue.Status.SENT, Issue.Status.CANCELLED):
        at = moment_in_words(issue.finished_at) if issue.finished_at else ""
        if status == Issue.Status.SENT:
            return Words(at, _("It has gone to everybody it was for: {moment}.").format(moment=at))
        return Words(
            at, _("It was cancelled: {moment}. Whoever had not got it by then gets it no more.").format(moment=at)
        )
    return Words("", _("It is a draft: nobody gets it until you send it."))


def _why_paused(issue: Issue) -> str:
    if issue.hold == Issue.Hold.RESTORED:
        return _from_a_backup(issue)
    if issue.hold == Issue.Hold.LATE and issue.queued_at:
        return _("Some have it, and then nothing was sent for hours. Go on with the others, or cancel it?")
    if issue.hold == Issue.Hold.LATE:
        sentence = _("It was to go out on {moment}, and nothing was sent then. Send it now, or change it again?")
        return sentence.format(moment=moment(issue.send_at))
    if issue.hold == Issue.Hold.REFUSED:
        sentence = _("The mail server refuses what we send. It said: {said}")
        return sentence.format(said=issue.hold_detail or "–")
    if issue.hold == Issue.Hold.FAULT:
        sentence = _("The letter could not be made: tell whoever looks after the site. The fault: {fault}")
        return sentence.format(fault=issue.hold_detail or "–")
    return _("Somebody paused it. Nobody gets it until you go on.")


def _from_a_backup(issue: Issue) -> str:
    """`hold_detail` is the moment of the backup (newsletter/restored.py)."""
    taken = moment(datetime.fromisoformat(issue.hold_detail))
    if issue.queued_at:
        sentence = _(
            "This letter comes from a backup of {taken}, when it was going out. It may have gone out to everybody since: look "
            "for it in the mailbox of somebody who receives it. Go on with those who had not got it by then, or cancel it?"
        )
        return sentence.format(taken=taken)
    sentence = _(
        "This letter comes from a backup of {taken}. It was to go out on {moment}, and may already have gone out: look for it in "
        "the mailbox of somebody who receives it. Send it now, change it again for another moment, or cancel it?"
    )
    return sentence.format(taken=taken, moment=moment(issue.send_at))


def readers_in_words(counts: dict[str, int]) -> str:
    """“1,204 readers: 800 in French and 404 in English”."""
    total = sum(counts.values())
    if not total:
        return _("nobody")
    parts = [
        # Translators: how many readers there are in one language: “800 in French”.
        _("{count} in {language}").format(count=count, language=name_languages([language]))
        for language, count in counts.items()
        if count
    ]
    text = ngettext("%(count)d reader: %(parts)s", "%(count)d readers: %(parts)s", total)
    return text % {"count": total, "parts": enumerate_words(parts)}
