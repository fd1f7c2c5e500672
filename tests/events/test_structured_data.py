"""What search engines read: schema.org/Event."""

import json
from datetime import UTC, datetime

import pytest
from django.utils import translation

from events.models import Partner
from events.reading import read
from events.structured_data import structured_data
from tests.factories import make_event
from tests.pages import soup

pytestmark = pytest.mark.django_db

START = datetime(2027, 12, 6, 12, 30, tzinfo=UTC)
SCHEMA = "https://schema.org/"


def data_of(language="fr", **fields):
    with translation.override(language):
        return structured_data(read(make_event(starts_at=START, **fields), language), "OMEP")


def test_an_event_online_says_what_when_and_where():
    data = data_of(title_fr="Été des œuvres", slug_fr="ete", registration_url="https://example.org/été")
    assert data == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Été des œuvres",
        "description": "Une rencontre pour la petite enfance.",
        "url": "https://events.example.org/fr/evenements/ete/",
        "image": ["https://events.example.org/fr/evenements/ete.png?v=0"],
        "inLanguage": ["fr"],
        "startDate": "2027-12-06T13:30+01:00",
        "endDate": "2027-12-06T14:30+01:00",
        "eventStatus": f"{SCHEMA}EventScheduled",
        "eventAttendanceMode": f"{SCHEMA}OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": "https://example.org/été"},
        "organizer": {"@type": "Organization", "name": "OMEP", "url": "https://events.example.org/"},
    }


@pytest.mark.parametrize(
    ("status", "says"),
    [("planned", "EventScheduled"), ("postponed", "EventPostponed"), ("cancelled", "EventCancelled")],
)
def test_what_becomes_of_it_is_said_with_the_start_it_had(status, says):
    data = data_of(event_status=status)
    assert (data["eventStatus"], data["startDate"]) == (SCHEMA + says, "2027-12-06T13:30+01:00")
    assert "previousStartDate" not in data


def test_a_moved_event_names_its_earlier_date():
    data = data_of(event_status="moved", previous_starts_at=datetime(2027, 7, 1, 12, 30, tzinfo=UTC))
    assert (data["eventStatus"], data["previousStartDate"]) == (f"{SCHEMA}EventRescheduled", "2027-07-01T14:30+02:00")


def test_on_site_is_a_place_and_both_are_two_locations():
    place = {"@type": "Place", "name": "Bologne", "address": "Bologne"}
    assert data_of(attendance_mode="on_site", place_fr="Bologne")["location"] == place
    both = data_of(attendance_mode="both", place_fr="Bologne", slug_fr="b")
    assert both["location"] == [
        place,
        {"@type": "VirtualLocation", "url": "https://events.example.org/fr/evenements/b/"},
    ]
    assert both["eventAttendanceMode"] == f"{SCHEMA}MixedEventAttendanceMode"


def test_on_site_without_a_place_no_place_is_made_up():
    assert "location" not in data_of(attendance_mode="on_site", place_fr="", place_en="")


def test_online_is_where_people_register_else_the_page_and_never_the_room_itself():
    conference, registration = "https://example.org/salle", "https://example.org/inscription"
    urls = [
        data_of(slug_fr=slug, **fields)["location"]["url"]
        for slug, fields in (
            ("a", {"conference_url": conference, "registration_url": registration}),
            ("b", {"registration_url": registration}),
            ("c", {}),
        )
    ]
    assert urls == [registration, registration, "https://events.example.org/fr/evenements/c/"]


def test_who_organises_it_and_who_speaks_are_named_and_who_supports_it_is_neither():
    event = make_event(starts_at=START)
    unesco = Partner.objects.create(name="UNESCO", url="https://www.unesco.org/fr")
    event.eventpartner_set.create(partner=unesco, role="organiser", position=2)
    event.eventpartner_set.create(partner=Partner.objects.create(name="Réseau Été"), role="organiser", position=1)
    event.eventpartner_set.create(partner=Partner.objects.create(name="Mécène"), role="partner")
    event.speakers.create(name="Aïssatou Ba", role_fr="modère", url="https://example.org/ba", position=1)
    event.speakers.create(name="Zoé Lefèvre", position=2)
    data = structured_data(read(event, "fr"), "OMEP")

    assert data["organizer"] == [
        {"@type": "Organization", "name": "OMEP", "url": "https://events.example.org/"},
        {"@type": "Organization", "name": "Réseau Été"},
        {"@type": "Organization", "name": "UNESCO", "url": "https://www.unesco.org/fr"},
    ]
    assert data["performer"] == [
        {"@type": "Person", "name": "Aïssatou Ba", "url": "https://example.org/ba"},
        {"@type": "Person", "name": "Zoé Lefèvre"},
    ]


def test_its_picture_is_the_one_that_opens_the_page_and_none_is_made_up():
    event = make_event(starts_at=START)
    event.pictures.create(file="pictures/zwei.jpg", width=800, height=600, position=2)
    event.pictures.create(file="pictures/eins.png", width=800, height=600, position=1)
    assert structured_data(read(event, "fr"), "OMEP")["image"] == ["https://events.example.org/media/pictures/eins.png"]
    assert "image" not in data_of(title_fr="لقاء الطفولة")


def test_hours_have_no_fractions_and_whole_days_no_hours():
    start = START.replace(second=17, microsecond=123456)
    data = structured_data(read(make_event(starts_at=start, all_day=True), "fr"), "OMEP")
    assert (data["startDate"], data["endDate"]) == ("2027-12-06", "2027-12-06")
    data = structured_data(read(make_event(starts_at=start), "fr"), "OMEP")
    assert (data["startDate"], data["endDate"]) == ("2027-12-06T13:30+01:00", "2027-12-06T14:30+01:00")


def test_the_languages_are_those_of_the_interpreters_else_that_of_the_page():
    assert data_of("en")["inLanguage"] == ["en"]
    assert data_of("en", interpretation_languages=["fr", "es"])["inLanguage"] == ["fr", "es"]


def test_the_page_holds_it_and_a_title_cannot_end_it(client):
    event = make_event(title_en="</script><b>&", title_fr="été")
    page = soup(client.get(f"/en/events/{event.slug_en}/"))
    assert json.loads(page.select_one('script[type="application/ld+json"]').string)["name"] == "</script><b>&"
    assert page.select("script b") == []
