import pytest
from django.db import transaction
from post_office.models import Email

from comments import notifications
from tests.comments.factories import make_comment, send
from tests.factories import make_event

pytestmark = pytest.mark.django_db

LINK = "https://events.example.org/admin/comments/comment/?status__exact=pending"
FRENCH = f"""\
Un commentaire attend votre décision. Il ne sera public que si une personne de l’équipe l’approuve. \
Voici tous les commentaires en attente\xa0:

{LINK}

Vous recevez ce message parce que votre adresse figure parmi celles de l’équipe de modération de \
https://events.example.org.
"""
ENGLISH = f"""\
A comment waits for your decision. It is not public until one of you approves it. All comments that are waiting:

{LINK}

You receive this message because your address is among the moderators of https://events.example.org.
"""


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        ("fr", "OMEP\xa0: un commentaire attend votre décision", FRENCH),
        ("en", "OMEP: a comment is waiting", ENGLISH),
    ],
)
def test_each_moderator_is_told_in_the_language_of_the_site(settings, language, subject, body):
    settings.MODERATORS = ["claire@example.org", "elodie@example.org"]
    settings.LANGUAGE_CODE = language
    notifications.comment_waiting(make_comment())
    mails = Email.objects.order_by("pk")
    assert [mail.to for mail in mails] == [["claire@example.org"], ["elodie@example.org"]]
    for mail in mails:
        message = mail.email_message()
        assert (message.subject, message.body) == (subject, body)
        assert mail.headers["Content-Language"] == language
        assert mail.headers["Auto-Submitted"] == "auto-generated"


def test_a_notice_holds_nothing_of_the_visitor(settings, visitor):
    settings.MODERATORS = ["claire@example.org"]
    answer = send(visitor, make_event(), website="https://vitrine.example.com", body="Achetez mes montres")
    assert answer.status_code == 303
    message = Email.objects.get().email_message().message().as_bytes().decode()
    for word in ("Zoé", "Lefèvre", "zoe.lefevre", "vitrine", "montres", "=C3=A9 Lef"):
        assert word not in message


def test_no_moderator_no_mail(settings):
    settings.MODERATORS = []
    notifications.comment_waiting(make_comment())
    assert Email.objects.count() == 0


def test_a_rollback_leaves_no_mail(settings):
    settings.MODERATORS = ["claire@example.org"]

    def fail():
        with transaction.atomic():
            notifications.comment_waiting(make_comment())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert Email.objects.count() == 0
