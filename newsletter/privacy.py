"""What the newsletter knows about a person, by e-mail address: told in full, and erased."""

from newsletter.models import Subscriber
from omep_site.lib import addresses


def subscribers_at(address: str):
    return addresses.at(Subscriber.objects.order_by("pk"), "email", address)


def export(address: str) -> dict[str, list[dict]]:
    """All of it, ready for JSON. Left out: the key of the link to unsubscribe."""
    return {"newsletter": [_told(each) for each in subscribers_at(address).prefetch_related("consents__text")]}


def _told(row: Subscriber) -> dict:
    return {
        "email_address": row.email,
        "language": row.language,
        "status": row.status,
        "created": row.created_at.isoformat(),
        "last_change": row.updated_at.isoformat(),
        "confirmation_mail": row.confirmation_sent_at.isoformat() if row.confirmation_sent_at else None,
        "confirmed": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "left": row.left_at.isoformat() if row.left_at else None,
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
    }


def erase(address: str, by=None) -> dict[str, int]:
    """Deletes the subscriber with the record of consent; returns how many. Call it in a transaction."""
    _total, deleted = subscribers_at(address).delete()
    return {"newsletter": deleted.get(Subscriber._meta.label, 0)}
