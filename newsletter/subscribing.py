"""What happens when somebody sends the newsletter's form.

The answer must not tell whether an address is known, and nor must the time that it takes. So the same is done for every
address: a row is looked for, written, and a mail with it; where nothing is to come of it, that is taken back before the
end (a savepoint is rolled back). What is left of the difference is measured by bench/subscribing.py.
"""

from contextlib import contextmanager

from django.db import transaction

from newsletter import mails
from newsletter.models import Consent, Subscriber, Suppression
from omep_site.lib.addresses import mailbox
from omep_site.lib.throttle import Limit

# Anybody can type anybody's address, with +1, +2 and so on as well: three confirmation mails in a day are enough for whoever
# wants one.
MAILS_A_DAY = Limit("newsletter.confirmation.day", times=3, seconds=24 * 3600)


class TakenBack(Exception):
    pass


@contextmanager
def to_be_kept_if():
    """A savepoint. It yields a function that is told whether what is done inside is kept."""
    kept = []
    try:
        with transaction.atomic():
            yield kept.append
            if not all(kept):
                raise TakenBack
    except TakenBack:
        pass


def subscribe(email: str, language: str, page: str) -> None:
    """Asks the address for its confirmation, where it is not subscribed and not blocked.

    `page` is where the form stood. The wording recorded is that of the active language, in which the form was shown.
    The subscriber, the consent and the mail are written together or not at all. The caller learns nothing of the
    address's status, so that no answer can tell it.
    """
    with transaction.atomic(), to_be_kept_if() as keep:
        subscriber = Subscriber.objects.find_or_begin(email, language)
        keep(not Suppression.objects.blocks(email))
        subscriber.ask_again()
        keep(subscriber.write_in(language))
        Consent.record(subscriber, Consent.Kind.REQUESTED, page)
        with to_be_kept_if() as keep_mail:
            keep_mail(subscriber.claim_confirmation_mail())
            keep_mail(not MAILS_A_DAY.hit(mailbox(subscriber.email)))
            mails.confirmation(subscriber)
