"""What the newsletter knows about a person, by e-mail address: told in full, and erased."""

from newsletter.models import Subscriber, Suppression
from omep_site.lib import addresses

# Whoever is erased after that had said yes once: an old list must not bring them back.
HAD_SAID_YES = {Subscriber.Status.CONFIRMED, Subscriber.Status.UNSUBSCRIBED}


def subscribers_at(address: str):
    return addresses.at(Subscriber.objects.order_by("pk"), "email", address)


def export(address: str) -> dict[str, list[dict]]:
    """All of it, ready for JSON. Left out: the key of the link to unsubscribe."""
    rows = subscribers_at(address).prefetch_related("consents__text", "tags", "deliveries__issue", "bounces")
    return {
        "newsletter": [_told(each) for each in rows],
        "blocked_address": [
            {"reason": each.reason, "detail": each.detail, "since": each.at.isoformat()}
            for each in Suppression.objects.of(address)
        ],
    }


def _told(row: Subscriber) -> dict:
    return {
        "email_address": row.email,
        "language": row.language,
        "status": row.status,
        "created": row.created_at.isoformat(),
        "last_change": row.updated_at.isoformat(),
        "confirmation_mail": _iso(row.confirmation_sent_at),
        "confirmed": _iso(row.confirmed_at),
        "left": _iso(row.left_at),
        "address_changed": _iso(row.address_changed_at),
        "groups": [str(tag) for tag in row.tags.all()],
        "consents": [
            {
                "what": consent.kind,
                "when": consent.at.isoformat(),
                "page": consent.page,
                "wording": consent.text.text if consent.text else "",
                "language": consent.text.language if consent.text else "",
                "source": consent.source,
            }
            for consent in row.consents.all()
        ],
        "letters": [
            {
                "subject": str(delivery.issue),
                "status": delivery.status,
                "when": _iso(delivery.done_at),
            }
            for delivery in row.deliveries.all()
        ],
        "returned": [{"what": each.kind, "when": each.at.isoformat(), "code": each.code} for each in row.bounces.all()],
    }


def _iso(moment) -> str | None:
    return moment.isoformat() if moment else None


def erase(address: str, by=None) -> dict[str, int]:
    """Deletes the subscriber with the record of consent; returns how many. Call it in a transaction.

    What stays is a keyed hash, from which nobody can read the address: that of a blocked address, so that nothing is
    sent to it, and that of somebody who had subscribed, so that no old list brings them back.
    """
    rows = subscribers_at(address)
    statuses = set(rows.values_list("status", flat=True))
    if Subscriber.Status.SUPPRESSED in statuses:
        Suppression.objects.add(address, Suppression.Reason.EDITOR)
    elif statuses & HAD_SAID_YES:
        Suppression.objects.add(address, Suppression.Reason.ERASED)
    _total, deleted = rows.delete()
    return {"newsletter": deleted.get(Subscriber._meta.label, 0)}
