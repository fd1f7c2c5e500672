"""Search, subjects, months and calendars in Spanish."""

from datetime import UTC, datetime

import icalendar
import pytest

from events.models import EventSubject, Subject
from tests.factories import make_event
from tests.pages import soup, words
from tests.spanish.factories import PATHS, SITE, make_launch

pytestmark = pytest.mark.django_db


def found(client, **query) -> list[str]:
    return [words(link) for link in soup(client.get("/es/evenements/", query)).select("main h3 a")]


@pytest.mark.parametrize("sought", ["ESTRATEGIA", "reunion infancia", "«primera infancia»", "stratégie", "launch"])
def test_an_event_is_found_by_its_words_of_every_language(client, sought):
    make_launch()
    make_event()
    assert found(client, q=sought) == ["Lanzamiento de la Estrategia"]


def test_a_subject_has_a_name_and_an_address_in_spanish(client):
    subject = Subject.objects.create(name_fr="Le jeu", slug_fr="jeu", name_es="El juego", slug_es="juego")
    EventSubject.objects.create(event=make_launch(), subject=subject)
    make_event()
    page = soup(client.get("/es/evenements/"))
    assert [(words(each), each["value"]) for each in page.select("#subject option[value]:not([value=''])")] == [
        ("El juego", "juego")
    ]
    assert found(client, subject="juego") == ["Lanzamiento de la Estrategia"]


def test_a_calendar_file_is_in_spanish(client):
    make_launch(starts_at=datetime(2036, 12, 6, 12, 30, tzinfo=UTC), ends_at=datetime(2036, 12, 6, 13, 30, tzinfo=UTC))
    answers = [client.get(path) for path in ("/es/evenements.ics", PATHS["es"].rstrip("/") + ".ics")]
    for answer in answers:
        entry = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]
        assert (str(entry["summary"]), str(entry["url"])) == ("Lanzamiento de la Estrategia", SITE + PATHS["es"])


def test_a_month_is_called_as_spanish_calls_it(client):
    make_launch()
    page = soup(client.get("/es/evenements/mois/2021-12/"))
    assert "diciembre de 2021" in words(page.h1).lower()
