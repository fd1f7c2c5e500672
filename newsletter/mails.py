"""The newsletter's mails, one function for each."""

from newsletter.models import Subscriber
from omep_site.lib import links
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
        preferences_url=subscriber.preferences_url,
    )


def confirm_address(subscriber: Subscriber, address: str, confirm_url: str) -> None:
    """Asks whoever reads a new address whether the letters are to come there."""
    send("newsletter_confirm_address", address, subscriber.language, confirm_url=confirm_url)


def address_changed(subscriber: Subscriber, old: str) -> None:
    """Tells the earlier address, which may be somebody else's to read: the new one is not named."""
    subscribe_url = links.absolute(links.path_in(subscriber.language, "newsletter:subscribe"))
    send("newsletter_address_changed", old, subscriber.language, subscribe_url=subscribe_url)


def fresh_link(subscriber: Subscriber) -> None:
    send(
        "newsletter_preferences",
        subscriber.email,
        subscriber.language,
        preferences_url=subscriber.preferences_url,
        unsubscribe_url=subscriber.unsubscribe_url,
    )


def one_click(subscriber: Subscriber) -> dict[str, str]:
    """The headers behind a mail programme's own “Unsubscribe” button (RFC 8058, 3.1)."""
    return {
        "List-Unsubscribe": f"<{subscriber.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
