"""What happens when somebody sends the newsletter's form."""

from django.db import transaction

from newsletter import mails
from newsletter.models import Consent, Subscriber
from omep_site.lib.throttle import Limit

# Anybody can type anybody's address: three confirmation mails in a day are enough for whoever wants one.
MAILS_A_DAY = Limit("newsletter.confirmation.day", times=3, seconds=24 * 3600)


def subscribe(email: str, language: str, page: str) -> None:
    """Asks the address for its confirmation, where it is not subscribed and not blocked.

    `page` is where the form stood. The wording recorded is that of the active language, in which the form was shown.
    The subscriber, the consent and the mail are written together or not at all. The caller learns nothing of the
    address's status, so that no answer can tell it.
    """
    with transaction.atomic():
        subscriber = Subscriber.objects.find_or_begin(email, language)
        subscriber.ask_again()
        if not subscriber.write_in(language):
            return
        Consent.record(subscriber, Consent.Kind.REQUESTED, page)
        if subscriber.claim_confirmation_mail() and not MAILS_A_DAY.hit(subscriber.email.lower()):
            mails.confirmation(subscriber)
