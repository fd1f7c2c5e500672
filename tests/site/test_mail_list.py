"""The queue of mail in the admin: what failed, why, and trying again; never a mail's words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from post_office.models import STATUS, Attachment, Email, EmailTemplate, Log

from omep_site.lib import mail, public
from omep_site.lib.history.telling import date_and_hour
from omep_site.mail_admin import KINDS
from omep_site.queued_mail import FAILURES, HELD, QueuedMail, failure_in_words
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/omep_site/queuedmail/"
SECRET = "https://events.example.org/fr/lettre/confirmer/une-clé/"


def make_mail(status=STATUS.queued, failure=None, to="zoe@example.org", **changes) -> QueuedMail:
    mail.send("newsletter_confirm", to, "fr", confirm_url=SECRET, unsubscribe_url=SECRET)
    row = QueuedMail.objects.latest("pk")
    Email.objects.filter(pk=row.pk).update(status=status, **changes)
    if failure:
        Log.objects.create(
            email=row,
            status=STATUS.failed,
            exception_type=failure,
            message="550 <zoe@example.org> inconnue à l’adresse",
        )
    return QueuedMail.objects.get(pk=row.pk)


def page_of(row) -> str:
    return f"{LIST}{row.pk}/change/"


def rows(answer) -> list[list[str]]:
    table = soup(answer).select("#result_list tbody tr")
    return [[words(cell) for cell in row.select("th, td:not(.action-checkbox)")] for row in table]


def states(answer) -> list[str]:
    return [row[2] for row in rows(answer)]


def messages_in(answer) -> list[str]:
    return [words(item) for item in soup(answer).select(".messagelist li")]


def staff(*permissions) -> Client:
    user = User.objects.create_user("gérante", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


# --- What is shown --------------------------------------------------------------------------------------------------

ROWS = {
    "en": [
        ("failed for good The mail server refused the address: it does not exist or takes no e-mail."),
        ("will be tried again on 06/12/2099 13:30 The mail server did not answer."),
        ("sent"),
        ("goes out within moments"),
    ],
    "fr": [
        ("échec définitif Le serveur d’envoi a refusé l’adresse : elle n’existe pas ou ne reçoit pas d’e-mails."),
        ("nouvel essai le 06/12/2099 13 h 30 Le serveur d’envoi n’a pas répondu."),
        ("envoyé"),
        ("part dans un instant"),
    ],
}
KIND = {"en": "confirmation of a subscription", "fr": "confirmation d’un abonnement"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_says_what_became_of_each_mail_and_why_in_the_readers_language(editor, language):
    make_mail()
    make_mail(STATUS.sent, "TimeoutError")  # it went out at the second try
    later = datetime(2099, 12, 6, 12, 30, tzinfo=UTC)
    make_mail(STATUS.requeued, "ConnectionRefusedError", scheduled_time=later)
    make_mail(STATUS.failed, "AddressRefused")
    answer = editor.get(LIST, headers={"accept-language": language})
    assert states(answer) == ROWS[language]
    assert {row[4] for row in rows(answer)} == {KIND[language]}
    assert words(soup(answer).h1) == {"en": "Outgoing e-mails", "fr": "E-mails du site"}[language]


def test_the_reason_is_the_last_failures(editor):
    row = make_mail(STATUS.failed, "TimeoutError")
    Log.objects.create(email=row, status=STATUS.failed, exception_type="gaierror", message="Name or service not known")
    assert states(editor.get(LIST)) == [f"failed for good {failure_in_words('gaierror')}"]


def test_a_mail_that_was_made_otherwise_has_no_kind(editor):
    EmailMessage("Objet été", "…", to=["zoe@example.org"]).send()
    assert rows(editor.get(LIST))[0][4] == "–"


@pytest.mark.parametrize("failure", FAILURES)
def test_each_failure_has_words_in_both_languages(failure):
    with override("en"):
        english = failure_in_words(failure)
    with override("fr"):
        french = failure_in_words(failure)
    assert len({english, french, failure}) == 3


def test_an_unforeseen_failure_is_said_with_its_name():
    with override("fr"):
        assert failure_in_words("WeirdError") == "Un incident imprévu s’est produit (WeirdError)."
    assert failure_in_words(None) == ""


def test_every_mail_of_the_site_has_a_kind_in_words():
    templates = {path.stem for path in (settings.BASE_DIR / "templates" / "mail").glob("[a-z]*.txt")}
    assert KINDS.keys() >= templates


def test_the_list_tells_mails_of_one_kind_apart_without_their_addresses(editor):
    for to in ("zoe@example.org", "anna@example.org", "zoe@example.net"):
        make_mail(STATUS.failed, HELD, to)
    answer = editor.get(LIST)
    kind = "confirmation of a subscription"
    assert [(row[1], row[4]) for row in rows(answer)] == [
        ("z…@example.net", kind),
        ("a…@example.org", kind),
        ("z…@example.org", kind),
    ]
    assert "anna" not in answer.content.decode()


def test_addresses_are_on_a_mails_own_page_and_words_nowhere(editor):
    row = make_mail(STATUS.failed, "AddressRefused")
    answers = [editor.get(LIST), editor.get(page_of(row)), editor.get(f"{LIST}{row.pk}/history/")]
    assert ["zoe@example.org" in answer.content.decode() for answer in answers] == [False, True, False]
    for secret in ("une-clé", "Bonjour"):
        assert [secret in answer.content.decode() for answer in answers] == [False] * 3
    assert row.message.count("une-clé") == 2  # it was there to leak


def test_a_mails_page_says_what_the_server_said_and_has_nothing_to_type(editor):
    row = make_mail(STATUS.failed, "AddressRefused")
    page = soup(editor.get(page_of(row)))
    assert "550 <zoe@example.org> inconnue à l’adresse" in words(page)
    assert [field["name"] for field in page.select("#queuedmail_form input:not([type=hidden])")] == ["_try_again"]
    assert page.select("#queuedmail_form textarea, #queuedmail_form select") == []


def test_the_list_is_filtered_as_the_first_page_of_the_admin_links_to_it(editor):
    for status in (STATUS.sent, STATUS.failed, STATUS.queued, STATUS.requeued):
        make_mail(status)
    found = {
        query: states(editor.get(f"{LIST}?status__exact={query}"))
        for query in (STATUS.failed, STATUS.sent, "waiting", "é")
    }
    assert found == {
        STATUS.failed: ["failed for good"],
        STATUS.sent: ["sent"],
        "waiting": ["waits for its next try", "goes out within moments"],
        "é": ["waits for its next try", "goes out within moments", "failed for good", "sent"],
    }


@pytest.mark.parametrize("count", [10, 500])
def test_the_list_asks_the_same_queries_with_10_and_with_500_mails(editor, django_assert_num_queries, count):
    row = make_mail(STATUS.failed, "TimeoutError")
    fields = {"from_email": row.from_email, "to": row.to, "status": STATUS.failed, "headers": row.headers}
    made = Email.objects.bulk_create(Email(subject=f"Été {number}", **fields) for number in range(count - 1))
    Log.objects.bulk_create(
        Log(email=each, status=STATUS.failed, exception_type="TimeoutError", message="…") for each in made
    )
    public.forget_version()
    with django_assert_num_queries(MAILS):
        assert len(rows(editor.get(LIST))) == min(count, 50)


MAILS = 6  # version, session, account with its language, count, site's words, mails with their last failure


# --- Trying again ---------------------------------------------------------------------------------------------------

# status → (it happens, the status after it)
TABLE = [
    (STATUS.failed, True, STATUS.queued),
    (STATUS.requeued, True, STATUS.queued),
    (STATUS.queued, False, STATUS.queued),
    (STATUS.sent, False, STATUS.sent),
]


@pytest.mark.parametrize(("status", "happens", "after"), TABLE)
def test_a_mail_is_tried_again_where_it_has_not_gone_out(status, happens, after):
    row = make_mail(status, number_of_retries=53, scheduled_time=timezone.now() + timedelta(hours=1))
    assert row.try_again() is happens
    assert row.try_again() is False
    row.refresh_from_db()
    assert (row.status, row.number_of_retries, row.scheduled_time is None) == (
        after,
        0 if happens else 53,
        happens,
    )


def test_the_action_queues_what_failed_says_so_and_the_worker_delivers_it(editor, mailoutbox):
    failed, sent = make_mail(STATUS.failed, "TimeoutError"), make_mail(STATUS.sent)
    data = {"action": "try_again", "_selected_action": [failed.pk, sent.pk], "index": "0"}
    answer = editor.post(LIST, data, follow=True)
    assert messages_in(answer) == [
        "1 e-mail goes out within moments.",
        "1 e-mail stays as it is: it was sent, or is about to be.",
    ]
    entry = LogEntry.objects.get()
    assert (entry.get_change_message(), entry.object_repr) == ("Try again", f"E-mail {failed.pk}")
    assert (mail.deliver_due(), [message.to for message in mailoutbox]) == (1, [["zoe@example.org"]])


def test_the_button_on_a_mails_page_does_the_same(editor):
    row = make_mail(STATUS.failed, "TimeoutError")
    answer = editor.post(page_of(row), {"_try_again": "1"}, follow=True, headers={"accept-language": "fr"})
    assert messages_in(answer) == ["1 e-mail part dans un instant."]
    assert soup(answer).select("input[name=_try_again]") == []
    assert Email.objects.get().status == STATUS.queued


def test_nothing_of_a_mail_can_be_rewritten_or_invented(editor):
    make_mail(STATUS.failed)
    before = Email.objects.values().get()
    row = QueuedMail.objects.get()
    assert editor.post(page_of(row), {"subject": "Autre", "to": "autre@example.org", "_save": "1"}).status_code == 302
    assert editor.get(f"{LIST}add/").status_code == 403
    assert Email.objects.values().get() == before


@pytest.mark.parametrize(
    ("status", "code"), [(STATUS.failed, 302), (STATUS.queued, 403), (STATUS.requeued, 403), (STATUS.sent, 403)]
)
def test_only_what_has_failed_for_good_is_deleted_by_hand(editor, status, code):
    row = make_mail(status)
    assert editor.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == code
    assert Email.objects.exists() is (code == 403)
    assert not LogEntry.objects.filter(object_repr__contains="@").exists()


def delete(client, *mails, **more):
    data = {"action": "delete_failed", "_selected_action": [mail.pk for mail in mails], "index": "0"}
    return client.post(LIST, data | more, follow=True)


def test_those_that_are_ticked_are_deleted_once_somebody_is_sure(editor):
    held, failed, kept = (make_mail(STATUS.failed, failure) for failure in (HELD, "TimeoutError", HELD))
    page = soup(delete(editor, held, failed))
    assert words(page.h1) == "Delete 2 e-mails?"
    written = date_and_hour(timezone.localtime(held.created)).replace("\xa0", " ")
    said = f"(confirmation of a subscription, {written}, z…@example.org)"
    assert [words(each.span) for each in page.select(".doomed li")] == [said] * 2
    assert Email.objects.count() == 3

    form = {each["name"]: each["value"] for each in page.select("form.answers input[name=action]")}
    ticked = [each["value"] for each in page.select("form.answers input[name=_selected_action]")]
    answer = editor.post(LIST, form | {"_selected_action": ticked, "sure": ""}, follow=True)
    assert messages_in(answer) == ["2 e-mails deleted."]
    assert list(Email.objects.values_list("pk", flat=True)) == [kept.pk]
    entries = LogEntry.objects.order_by("pk")
    assert [each.object_repr for each in entries] == [f"E-mail {held.pk}", f"E-mail {failed.pk}"]


def test_none_that_may_be_on_its_way_is_deleted_nor_one_that_is_tried_again_meanwhile(editor):
    waiting, sent, held = make_mail(), make_mail(STATUS.sent), make_mail(STATUS.failed, HELD)
    answer = delete(editor, waiting, sent, held)
    assert messages_in(answer) == ["2 e-mails stay: only those that have failed for good or are held can be deleted."]
    assert len(soup(answer).select(".doomed li")) == 1
    held.try_again()
    assert messages_in(delete(editor, waiting, held, sure="")) == [
        "2 e-mails stay: only those that have failed for good or are held can be deleted."
    ]
    assert Email.objects.count() == 3


def test_who_may_not_delete_is_not_offered_it():
    held = make_mail(STATUS.failed, HELD)
    client = staff("view_queuedmail", "change_queuedmail")
    options = soup(client.get(LIST)).select("select[name=action] option")
    assert [each["value"] for each in options] == ["", "try_again"]
    delete(client, held, sure="")
    assert Email.objects.exists()


# --- Who ------------------------------------------------------------------------------------------------------------


def test_who_may_only_look_tries_nothing_again():
    row = make_mail(STATUS.failed)
    reader = staff("view_queuedmail")
    assert soup(reader.get(page_of(row))).select("input[name=_try_again]") == []
    assert soup(reader.get(LIST)).select("select[name=action]") == []
    assert reader.post(page_of(row), {"_try_again": "1"}).status_code == 403
    reader.post(LIST, {"action": "try_again", "_selected_action": [row.pk], "index": "0"})
    assert Email.objects.get().status == STATUS.failed


def test_others_do_not_see_the_queue():
    row = make_mail()
    moderator = staff("view_comment", "change_comment")
    assert [moderator.get(path).status_code for path in (LIST, page_of(row))] == [403, 403]


def test_the_librarys_own_pages_of_mail_are_closed(editor):
    make_mail()
    registered = [model for model in (Attachment, Email, EmailTemplate, Log) if admin.site.is_registered(model)]
    assert registered == []
    assert editor.get("/admin/post_office/email/").status_code == 404
