"""Letters that came back, as editors see them."""

import pytest
from django.utils import translation

from newsletter import points
from newsletter.codes import in_words
from newsletter.models import Bounce
from tests.newsletter.factories import make_subscriber
from tests.newsletter.returned import make_sent
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/bounce/"


def page_of(editor, subscriber, language="en"):
    answer = editor.get(f"/admin/newsletter/subscriber/{subscriber.pk}/change/", headers={"accept-language": language})
    return soup(answer).select_one("#bounces-group")


def rows(answer) -> list[list[str]]:
    return [
        [words(cell) for cell in row.select("th, td:not(.action-checkbox)")]
        for row in soup(answer).select("#result_list tbody tr")
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("5.1.1", "There is no such mailbox."),
        ("5.1.99", "There is no such mailbox."),
        ("5.2.2", "The mailbox is full."),
        ("4.2.2", "The mailbox is full."),
        ("5.4.4", "The part after the @ does not exist, or takes no mail."),
        ("5.7.1", "The mail server refused the letter, as spam perhaps."),
        ("5.7.26", "The mail server did not believe that the letter was ours: see “Is our mail believed?”."),
        ("550", "There is no such mailbox."),
        ("5.0.0", ""),
        ("599", ""),
        ("", ""),
    ],
)
def test_a_code_is_said_in_words(code, said):
    with translation.override("en"):
        assert in_words(code) == said


def test_a_subscriber_none_of_whose_letters_came_back(editor):
    part = page_of(editor, make_subscriber())
    assert words(part) == "Returned letters No letter to this address has come back."


@pytest.mark.parametrize(
    ("language", "points_said", "row"),
    [
        ("en", "Points: 1 of 2.", "There is no such mailbox. 5.1.1"),
        ("fr", "Points : 1 sur 2.", "Cette boîte aux lettres n’existe pas. 5.1.1"),
    ],
)
def test_a_subscriber_s_page_shows_the_points_and_each_letter(editor, language, points_said, row):
    letter = make_sent()
    points.record(letter.subscriber, Bounce.Kind.HARD, "5.1.1", "x", letter)
    said = words(page_of(editor, letter.subscriber, language))
    assert row in said
    assert points_said in said


def test_half_a_point_is_written_as_the_language_writes_it(editor):
    reader = make_subscriber(status="confirmed")
    points.record(reader, Bounce.Kind.SOFT, "4.2.2", "x")
    assert "Points: 0.5 of 2." in words(page_of(editor, reader))
    assert "Points : 0,5 sur 2." in words(page_of(editor, reader, "fr"))


def test_the_list_has_filters_and_nothing_to_change(editor):
    letter = make_sent(email="elodie@example.org")
    points.record(letter.subscriber, Bounce.Kind.HARD, "5.1.1", "x", letter)
    points.record(make_subscriber(email="zoe@example.org"), Bounce.Kind.COMPLAINT, "", "y")
    hard = "elodie@example.org the address does not exist, or takes nothing There is no such mailbox. 5.1.1"
    spam = "zoe@example.org called spam by its reader"
    assert [row[:2] for row in rows(editor.get(LIST))] == [[spam, "–"], [hard, "The December letter"]]
    assert [row[0] for row in rows(editor.get(LIST + "?kind__exact=hard"))] == [hard]
    assert [row[0] for row in rows(editor.get(LIST + "?q=zoe"))] == [spam]
    assert editor.get(LIST + "add/").status_code == 403
    pk = Bounce.objects.earliest("pk").pk
    assert editor.get(f"{LIST}{pk}/change/").status_code == 200
    assert editor.post(f"{LIST}{pk}/change/", {"code": "x"}).status_code == 403
    assert editor.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_queries_however_long_it_is(editor, django_assert_max_num_queries, count):
    letter = make_sent()
    for number in range(count):
        points.record(letter.subscriber, Bounce.Kind.SOFT, "4.2.2", f"report {number}", letter)
    with django_assert_max_num_queries(10):
        assert len(rows(editor.get(LIST))) == count
