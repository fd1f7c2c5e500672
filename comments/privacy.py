"""What comments know about a person, by e-mail address: told in full, and erased."""

from django.utils.translation import get_language

from comments.models import By, Comment, Correspondent, Follow, Move
from events.reading import path_of
from omep_site.lib import addresses
from omep_site.lib.links import absolute


def comments_of(address: str):
    """What was written under the address, oldest first."""
    return addresses.at(Comment.objects.order_by("created_at", "pk"), "email", address)


def correspondents_at(address: str):
    return addresses.at(Correspondent.objects.order_by("pk"), "email", address)


def export(address: str) -> dict[str, list[dict]]:
    """All of it, ready for JSON. Left out: the keys of the links in mails, and which editor decided."""
    comments = list(comments_of(address).select_related("event").prefetch_related("reports"))
    moves = Move.objects.filter(comment_number__in=[comment.pk for comment in comments]).order_by("at", "pk")
    decisions = {comment.pk: [] for comment in comments}
    for move in moves:
        told = {"when": move.at.isoformat(), "from": move.old, "to": move.new, "how": move.via, "why": move.reasons}
        decisions[move.comment_number].append(told)
    follows = Follow.objects.filter(correspondent__in=correspondents_at(address)).order_by("pk")
    return {
        "comments": [_told(comment) | {"decisions": decisions[comment.pk]} for comment in comments],
        "mails_about_comments": [_correspondent(each) for each in correspondents_at(address)],
        "followed_comments": [_follow(each) for each in follows],
    }


def _told(comment: Comment) -> dict:
    event = comment.event
    is_public = event.is_published()
    return {
        "number": comment.pk,
        "event": str(event),
        "event_page": absolute(path_of(event, get_language())) if is_public else "",
        "in_reply_to": comment.parent_id,
        "name": comment.name,
        "email_address": comment.email,
        "website": comment.website,
        "text": comment.body,
        "language": comment.language,
        "status": comment.status,
        "versions": comment.revision,
        "noticed": comment.reasons,
        "readers_reports": [report.reason for report in comment.reports.all()],
        "received": comment.created_at.isoformat(),
        "last_change": comment.updated_at.isoformat(),
        "published": _iso(comment.published_at),
        "followers_told": _iso(comment.announced_at),
        "taken_back": _iso(comment.withdrawn_at),
    }


def _correspondent(row: Correspondent) -> dict:
    return {
        "email_address": row.email,
        "language": row.language,
        "status": row.status,
        "confirmation_mail": _iso(row.asked_at),
        "created": row.created_at.isoformat(),
        "last_change": row.updated_at.isoformat(),
    }


def _follow(row: Follow) -> dict:
    return {
        "comment": row.comment_id,
        "when_published": row.publication,
        "when_answered": row.replies,
        "created": row.created_at.isoformat(),
    }


def _iso(moment) -> str | None:
    return moment.isoformat() if moment else None


def erase(address: str, by: By) -> dict[str, int]:
    """Deletes it for good; returns how many rows. Where others answered, an empty place stays for them. Call it in a
    transaction."""
    # The deepest first: who answered themselves leaves no empty place for the sake of their own words.
    comments = sorted(comments_of(address).filter(erased_at=None), key=lambda comment: -comment.level)
    done = sum(comment.erase(by) for comment in comments)
    left = Comment.objects.filter(pk__in=[comment.pk for comment in comments]).count()
    _total, deleted = correspondents_at(address).delete()
    return {"comments": done, "empty_places": left, "mails_about_comments": deleted.get(Correspondent._meta.label, 0)}
