import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from newsletter import growth
from newsletter.models import DailyCount, Subscriber
from omep_site.worker import Worker
from tests.newsletter.factories import make_subscriber
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

PAGE = "/admin/newsletter/subscriber/growth/"


def count(day, fr, en):
    for language, confirmed in (("fr", fr), ("en", en)):
        DailyCount.objects.create(day=day, language=language, confirmed=confirmed)


def counted() -> list[tuple]:
    return list(DailyCount.objects.order_by("day", "language").values_list("day", "language", "confirmed"))


def test_today_is_counted_by_language_and_counting_again_keeps_the_last_count():
    make_subscriber(status="confirmed")
    make_subscriber(email="zoe@example.org", status="confirmed", language="en")
    make_subscriber(email="noe@example.org", status="pending")
    growth.count_today()
    Subscriber.objects.filter(language="en").delete()
    today = timezone.now().date()
    assert counted() == [(today, "en", 1), (today, "fr", 1)]
    growth.count_today()
    assert counted() == [(today, "en", 0), (today, "fr", 1)]


def test_every_worker_writes_the_counts_in_one_order_so_that_none_waits_for_another_for_ever():
    for language in ("pt", "ar", "zh", "de"):
        make_subscriber(email=f"{language}@example.org", status="confirmed", language=language)
    growth.count_today()
    assert list(DailyCount.objects.order_by("pk").values_list("language", flat=True)) == [
        "ar",
        "de",
        "en",
        "fr",
        "pt",
        "zh",
    ]


def test_the_worker_counts_when_it_tidies(monkeypatch):
    monkeypatch.setattr("omep_site.worker.close_old_connections", lambda: None)  # the test's own
    Worker().round()
    assert len(counted()) == 2


def test_the_picture_has_a_line_for_each_language_and_one_for_all_and_a_table_of_months():
    count(date(2026, 1, 30), 10, 2)
    count(date(2026, 1, 31), 20, 4)
    count(date(2026, 2, 28), 40, 10)
    with override("en"):
        picture = growth.drawn()
    assert [(line.name, line.last, line.points) for line in picture.lines] == [
        ("French", 40, "10.0,154.0 30.0,118.0 590.0,46.0"),
        ("English", 10, "10.0,182.8 30.0,175.6 590.0,154.0"),
        ("All together", 50, "10.0,146.8 30.0,103.6 590.0,10.0"),
    ]
    assert picture.ticks == [(190.0, 0), (100.0, 25), (10.0, 50)]
    assert picture.months == [(date(2026, 2, 28), [40, 10, 50]), (date(2026, 1, 31), [20, 4, 24])]


def test_many_years_are_drawn_with_few_points_and_end_with_today():
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(2000)]
    DailyCount.objects.bulk_create(DailyCount(day=day, language="fr", confirmed=n) for n, day in enumerate(days))
    picture = growth.drawn()
    assert len(picture.lines[0].points.split()) <= growth.MOST_POINTS + 1
    assert (picture.last, picture.lines[0].last) == (days[-1], 1999)


@pytest.mark.parametrize(
    ("number", "rounded"), [(0, 2), (1, 2), (4, 4), (9, 10), (10, 10), (50, 50), (137, 200), (100_001, 200_000)]
)
def test_the_scale_ends_with_a_number_that_is_easy_to_read(number, rounded):
    assert growth.round_up(number) == rounded


@pytest.mark.parametrize(
    ("language", "title", "heads", "first", "sentence"),
    [
        ("fr", "Combien d’abonnés", ["Jour", "Français", "Anglais", "Tous ensemble"], "28 février 2026", "Ce qui n’est pas mesuré : qui ouvre une lettre"),
        ("en", "How many subscribers", ["Day", "French", "English", "All together"], "28 February 2026", "It is not measured who opens a letter"),
    ],
)  # fmt: skip
def test_the_page_shows_it_in_both_languages_with_its_numbers_and_says_what_is_not_measured(
    editor, language, title, heads, first, sentence
):
    count(date(2026, 1, 31), 1200, 4)
    count(date(2026, 2, 28), 1300, 10)
    page = soup(editor.get(PAGE, headers={"accept-language": language}))
    assert words(page.h1) == title
    assert [words(each) for each in page.select(".growth thead th")] == heads
    assert words(page.select_one(".growth tbody th")) == first
    assert sentence in words(page.select_one("#content-main"))
    assert page.select_one("svg[role=img]")["aria-labelledby"] == page.select_one("svg title")["id"]
    assert all(re.fullmatch(r"[\d., -]+", line["points"]) for line in page.select("polyline"))
    assert page.select("[style]") == []


def test_before_the_first_count_the_page_says_so(editor):
    assert "Nothing has been counted yet." in words(soup(editor.get(PAGE)).select_one("#content-main"))


def test_one_day_alone_is_drawn_too(editor):
    count(date(2026, 1, 31), 0, 0)
    assert len(soup(editor.get(PAGE)).select("figure circle")) == 3
