"""The newsletter's mails, one function for each."""

from newsletter.models import Subscriber
from omep_site.lib.mail import send


def confirmation(subscriber: Subscriber) -> None:
    """Asks whoever reads this address whether they want the newsletter. Nothing in it was typed by the visitor."""
    send(
        "newsletter_confirm",
        subscriber.email,
        subscriber.language,
        headers=one_click(subscriber),
        confirm_url=subscriber.confirm_url,
        unsubscribe_url=subscriber.unsubscribe_url,
    )


def one_click(subscriber: Subscriber) -> dict[str, str]:
    """The headers behind a mail programme's own “Unsubscribe” button (RFC 8058, 3.1)."""
    return {
        "List-Unsubscribe": f"<{subscriber.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
