"""Who gets an issue, written down once."""

import pytest

from newsletter import audience, queueing
from newsletter.models import Delivery, IssueContent, Subscriber, Tag
from tests.newsletter.factories import make_issue, make_readers, make_sending, make_subscriber

pytestmark = pytest.mark.django_db


def addresses(issue) -> list[str]:
    return list(audience.readers_of(issue).order_by("pk").values_list("email", flat=True))


def written_down() -> list[tuple]:
    return list(Delivery.objects.order_by("pk").values_list("subscriber__email", "language", "status", "attempts"))


def test_every_subscriber_or_those_of_one_language_or_of_some_groups():
    make_readers(fr=2, en=1)
    make_subscriber(email="waits@example.org")
    board, members = Tag.objects.create(name="Bureau"), Tag.objects.create(name="Membres")
    for tag, address in ((board, "fr0"), (members, "fr0"), (members, "en0")):
        tag.subscribers.add(Subscriber.objects.get(email=f"{address}@example.org"))
    issue = make_issue()
    assert addresses(issue) == ["fr0@example.org", "fr1@example.org", "en0@example.org"]
    issue.tags.set([board, members])
    assert addresses(issue) == ["fr0@example.org", "en0@example.org"]
    issue.only_language = "en"
    assert addresses(issue) == ["en0@example.org"]
    issue.tags.set([board])
    assert addresses(issue) == []


def test_readers_and_words_are_written_down_once():
    make_readers(fr=1, en=1)
    issue = make_sending()
    assert (queueing.queue(issue), queueing.queue(issue)) == (True, False)
    assert written_down() == [("fr0@example.org", "fr", "pending", 0), ("en0@example.org", "en", "pending", 0)]
    assert list(IssueContent.objects.order_by("pk").values_list("language", "subject")) == [
        ("fr", "La Lettre de décembre"),
        ("en", "The December letter"),
    ]


@pytest.mark.parametrize("status", ["draft", "scheduled", "paused", "sent", "cancelled"])
def test_nobody_is_written_down_for_what_is_not_being_sent(status):
    make_readers(fr=1)
    issue = make_sending()
    type(issue).objects.update(status=status)
    assert (queueing.queue(issue), written_down()) == (False, [])


def test_of_two_workers_that_write_down_at_once_one_does(at_once):
    make_readers(fr=20)
    issue = make_sending()
    done = at_once(lambda: queueing.queue(type(issue).objects.get()), 4)
    assert sorted(done) == [False, False, False, True]
