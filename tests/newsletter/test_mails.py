from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from post_office.models import STATUS, Email

from newsletter import mails
from omep_site.lib.mail import deliver_due
from tests.newsletter.factories import make_subscriber, path_of, send

pytestmark = pytest.mark.django_db

FRENCH = """\
Bonjour,

Quelqu’un, sans doute vous, a laissé cette adresse sur notre site pour recevoir notre Lettre. Si c’est bien ce \
que vous souhaitez, ouvrez cette page et appuyez sur le bouton «\u202fConfirmer mon abonnement\u202f»\xa0:

{confirm}

Le lien est valable sept jours. Tant que vous n’avez pas appuyé sur le bouton, rien n’est fait.

Si ce n’était pas vous, vous n’avez rien à faire\xa0: la Lettre ne viendra pas. Vous pouvez aussi retirer tout de \
suite votre adresse de notre liste, sur cette page\xa0:

{unsubscribe}

Votre page à vous, pour choisir la langue ou une autre adresse et voir ce qui est enregistré à votre sujet\xa0:

{preferences}

Bien à vous,
OMEP – Organisation mondiale pour l’éducation préscolaire
https://events.example.org
"""
ENGLISH = """\
Hello,

Somebody, most likely you, left this address on our website to receive our newsletter. If this is what you want, \
open this page and press the button “Confirm my subscription”:

{confirm}

The link is good for seven days. Until you press the button, you are not subscribed.

If it was not you, there is nothing to do: the newsletter will not come. You can also take your address off our list \
right away, on this page:

{unsubscribe}

Your own page, to choose the language or another address and to see what is stored about you:

{preferences}

With kind regards,
OMEP – World Organisation for Early Childhood Education
https://events.example.org
"""


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        ("fr", "OMEP\xa0: confirmez votre abonnement à la Lettre", FRENCH),
        ("en", "OMEP: confirm your subscription to the newsletter", ENGLISH),
    ],
)
def test_the_confirmation_mail_word_for_word(monkeypatch, language, subject, body):
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1_800_000_000)
    subscriber = make_subscriber(language=language)
    mails.confirmation(subscriber)
    queued = Email.objects.get()
    message = queued.email_message()
    assert (message.subject, message.body) == (
        subject,
        body.format(
            confirm=subscriber.confirm_url,
            unsubscribe=subscriber.unsubscribe_url,
            preferences=subscriber.preferences_url,
        ),
    )
    assert (queued.to, message.content_subtype) == ([subscriber.email], "plain")
    assert queued.headers == {
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
        "X-Mail-Kind": "newsletter_confirm",
        "List-Unsubscribe": f"<{subscriber.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_the_links_are_in_the_subscriber_s_language_on_the_site_s_own_address():
    french, english = make_subscriber(), make_subscriber(email="reader@example.org", language="en")
    assert french.confirm_url.startswith("https://events.example.org/fr/lettre/confirmer/")
    assert english.confirm_url.startswith("https://events.example.org/en/newsletter/confirm/")
    assert path_of(french.unsubscribe_url) == f"/fr/lettre/desabonnement/{french.unsubscribe_token}/"
    assert path_of(english.unsubscribe_url) == f"/en/newsletter/unsubscribe/{english.unsubscribe_token}/"


def test_no_header_of_the_request_reaches_the_mail(visitor, settings):
    settings.ALLOWED_HOSTS = ["*"]
    send(visitor, page="/fr/visite/", headers={"host": "pirate.example.com", "user-agent": "Pirate"})
    message = Email.objects.get().email_message().message().as_bytes().decode()
    for word in ("pirate", "Pirate", "visite"):
        assert word not in message


def test_the_page_waits_for_no_mail_server_and_the_worker_delivers(visitor):
    assert (send(visitor).status_code, mail.outbox) == (303, [])
    assert (deliver_due(), Email.objects.get().status) == (1, STATUS.sent)
    assert [(each.to, each.from_email) for each in mail.outbox] == [
        (["lectrice@example.org"], "OMEP <lettre@localhost>")
    ]


class Down(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("connection refused")


def test_with_the_mail_server_down_nothing_is_lost_and_it_is_sent_later(visitor, settings):
    working = settings.POST_OFFICE
    settings.POST_OFFICE = working | {"BACKENDS": {"default": "tests.newsletter.test_mails.Down"}}
    assert send(visitor).status_code == 303
    assert (deliver_due(), Email.objects.get().status, mail.outbox) == (1, STATUS.requeued, [])
    assert (deliver_due(), Email.objects.get().number_of_retries) == (0, 1)  # not before the pause is over
    settings.POST_OFFICE = working
    Email.objects.update(scheduled_time=timezone.now() - timedelta(seconds=1))
    assert (deliver_due(), Email.objects.get().status) == (1, STATUS.sent)
    assert [each.to for each in mail.outbox] == [["lectrice@example.org"]]


def test_an_address_with_an_accent_in_its_domain_is_written_to(visitor):
    send(visitor, email="lectrice@école.example.org")
    assert (deliver_due(), Email.objects.get().status) == (1, STATUS.sent)
    assert mail.outbox[0].message()["To"] == "lectrice@xn--cole-9oa.example.org"
