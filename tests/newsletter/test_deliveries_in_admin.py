"""What became of each letter, in the admin."""

import pytest
from django.utils import timezone

from newsletter.models import Delivery
from tests.accounts.factories import make_account, signed_in
from tests.newsletter.factories import make_readers, make_sending, make_subscriber, stands
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/delivery/"


@pytest.fixture
def manager():
    return signed_in(make_account("newsletter"))


def rows(answer) -> list[list[str]]:
    return [[words(cell) for cell in row.select("td")][1:] for row in soup(answer).select("#result_list tbody tr")]


def chosen(*deliveries) -> dict:
    return {"action": "send_again", "_selected_action": [row.pk for row in deliveries]}


def test_each_letter_is_listed_with_what_the_mail_server_said(manager):
    issue = make_sending()
    reader = make_subscriber(email="zoe@example.org", status="confirmed")
    said = "550 5.1.1 <…> unknown"
    moment = timezone.now()
    issue.deliveries.create(subscriber=reader, language="fr", status="failed", attempts=1, detail=said, done_at=moment)
    issue.deliveries.create(subscriber=None, language="en", status="sent")
    (first, second) = rows(manager.get(LIST))
    assert first[:4] == ["zoe@example.org", "The December letter", "French", f"refused {said} 1 try"]
    assert second[:4] == ["erased", "The December letter", "English", "sent"]
    link = soup(manager.get(LIST)).select_one("#result_list td a")["href"]
    assert link == f"/admin/newsletter/subscriber/{reader.pk}/change/"


@pytest.mark.parametrize(("language", "label"), [("en", "uncertain"), ("fr", "incertaine")])
def test_the_list_is_narrowed_by_issue_status_and_address(manager, language, label):
    manager.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    one, other = make_sending(), make_sending()
    type(one).objects.update(queued_at=timezone.now())
    first, second = make_readers(fr=2)
    for issue, reader, status in ((one, first, "uncertain"), (one, second, "sent"), (other, first, "sent")):
        issue.deliveries.create(subscriber=reader, language="fr", status=status)
    counts = {
        "": 3,
        f"issue__id__exact={one.pk}": 2,
        f"issue__id__exact={one.pk}&status__exact=uncertain": 1,
        "q=fr0": 2,
        "issue__id__exact=é": 3,
        f"issue__id__exact={'9' * 30}": 3,
    }
    assert {query: len(rows(manager.get(f"{LIST}?{query}"))) for query in counts} == counts
    assert label in rows(manager.get(f"{LIST}?status__exact=uncertain"))[0]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "2 letters are sent again.",
                "1 letter stays as it is: only what is uncertain or was refused can be sent again.",
            ],
        ),
        (
            "fr",
            [
                "2 lettres repartent.",
                "1 lettre reste comme elle est : seules les lettres incertaines ou refusées peuvent repartir.",
            ],
        ),
    ],
)
def test_what_is_uncertain_or_was_refused_is_sent_again_by_a_click(manager, language, said):
    manager.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    issue = make_sending()
    letters = [issue.deliveries.create(language="fr", status=status) for status in ("uncertain", "failed", "sent")]
    type(issue).objects.update(status="sent", queued_at=timezone.now())
    answer = manager.post(LIST, chosen(*letters), follow=True)
    assert [words(each) for each in soup(answer).select(".messagelist li")] == said
    issue.refresh_from_db()
    assert (issue.status, stands(issue)) == ("sending", {"pending": 2, "sent": 1})


def test_nothing_of_a_cancelled_issue_is_sent_again(manager):
    issue = make_sending()
    letter = issue.deliveries.create(language="fr", status="uncertain")
    issue.cancel()
    manager.post(LIST, chosen(letter))
    assert Delivery.objects.get().status == "uncertain"


def test_nobody_writes_changes_or_deletes_them_and_other_roles_see_nothing(manager):
    letter = make_sending().deliveries.create(language="fr", status="uncertain")
    assert manager.get(f"{LIST}add/").status_code == 403
    assert manager.post(f"{LIST}{letter.pk}/delete/", {"post": "yes"}).status_code == 403
    assert manager.post(f"{LIST}{letter.pk}/change/", {"status": "sent"}).status_code == 403
    for role in ("editor", "moderator"):
        client = signed_in(make_account(role, username=role))
        assert client.get(LIST).status_code == 403
        client.post(LIST, chosen(letter))
    assert Delivery.objects.get().status == "uncertain"


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(manager, count, django_assert_num_queries):
    issue = make_sending()
    type(issue).objects.update(queued_at=timezone.now())
    for reader in make_readers(fr=count):
        issue.deliveries.create(subscriber=reader, language="fr")
    manager.get(LIST)
    with django_assert_num_queries(7):
        manager.get(LIST)
