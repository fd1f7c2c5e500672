"""Calendars of events, read back by two libraries: the one that writes them and a stricter one that knows nothing of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from events.choices import ZONES
from events.ical import calendar
from events.reading import read_all
from events.zone_rules import timezone
from tests.factories import make_event

pytestmark = pytest.mark.django_db

ADDRESS = "https://events.example.org/fr/evenements.ics"


def event_at(start: str, end: str, zone: str = "Europe/Paris", **fields):
    moments = [datetime.fromisoformat(each).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for each in (start, end)]
    return make_event(starts_at=moments[0], ends_at=moments[1], timezone=zone, **fields)


def written(*events, language: str = "fr") -> str:
    with translation.override(language):
        return calendar(read_all(events, language), "OMEP\xa0: événements", ADDRESS).decode()


def entries(*events, language: str = "fr") -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(written(*events, language=language)).walk("VEVENT")


def strictly(*events, language: str = "fr"):
    return IcsCalendarStream.calendar_from_ics(written(*events, language=language)).events


def test_a_calendar_says_its_name_where_it_stands_and_when_to_ask_again():
    lines = written().split("\r\n")
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//OMEP//Events//EN",
        "NAME:OMEP\xa0: événements",
        "X-WR-CALNAME:OMEP\xa0: événements",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "SOURCE;VALUE=URI:https://events.example.org/fr/evenements.ics",
        "X-PUBLISHED-TTL:PT6H",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("language", "summary", "where", "page"),
    [
        ("fr", "Œuvre, été\u202f; \\ “fin”", "Dakar, Sénégal, Sur place et en ligne", "/fr/evenements/ete/"),
        ("en", "Work, summer; \\ “end”", "Dakar, Senegal, On site and online", "/en/events/summer/"),
    ],
)
def test_an_event_is_said_in_the_language_of_its_calendar(language, summary, where, page):
    event = event_at(
        "2027-12-06 13:30",
        "2027-12-06 14:30",
        title_fr="Œuvre, été\xa0; \\ “fin”",
        title_en="Work, summer; \\ “end”",
        slug_fr="ete",
        slug_en="summer",
        summary_fr="Une rencontre.\nVenez !",
        summary_en="A meeting.\nCome!",
        place_fr="Dakar, Sénégal",
        place_en="Dakar, Senegal",
        attendance_mode="both",
        conference_url="https://example.org/salle?a=1;b=2,3",
    )
    [entry] = entries(event, language=language)
    url = f"https://events.example.org{page}"
    announcement = {"fr": "Une rencontre.\nVenez\u202f!", "en": "A meeting.\nCome!"}[language]
    assert (entry["summary"], entry["summary"].params["LANGUAGE"]) == (summary, language)
    assert (entry["location"], entry["description"], entry["url"]) == (where, f"{announcement}\n\n{url}", url)
    assert (entry["uid"], entry["status"], entry["sequence"]) == (str(event.uid), "CONFIRMED", 0)
    assert entry["dtstamp"].dt == entry["last-modified"].dt == event.calendar_changed_at.replace(microsecond=0)
    label = {"fr": "Participer en ligne", "en": "Take part online"}[language]
    assert (entry["conference"], dict(entry["conference"].params)) == (
        "https://example.org/salle?a=1;b=2,3",
        {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": label},
    )
    assert not {"organizer", "attendee", "transp"} & {name.lower() for name in entry}


def test_what_is_not_translated_is_said_in_the_other_language_and_marked():
    [entry] = entries(event_at("2027-12-06 13:30", "2027-12-06 14:30", title_fr="Été", body_en=""), language="en")
    assert (entry["summary"], entry["summary"].params["LANGUAGE"]) == ("Été", "fr")


@pytest.mark.parametrize(
    ("status", "ical_status", "transparent", "french", "english"),
    [
        ("planned", "CONFIRMED", False, "Été", "Summer"),
        ("moved", "CONFIRMED", False, "Été", "Summer"),
        ("postponed", "TENTATIVE", True, "Reporté\xa0: Été", "Postponed: Summer"),
        ("cancelled", "CANCELLED", True, "Annulé\xa0: Été", "Cancelled: Summer"),
    ],
)
def test_what_became_of_an_event_is_its_status_and_stands_before_its_title(
    status, ical_status, transparent, french, english
):
    event = event_at("2027-12-06 13:30", "2027-12-06 14:30", title_fr="Été", title_en="Summer", event_status=status)
    for language, title in (("fr", french), ("en", english)):
        [entry] = entries(event, language=language)
        found = entry["summary"], entry["status"], entry.get("transp") == "TRANSPARENT"
        assert found == (title, ical_status, transparent)


@pytest.mark.parametrize(
    ("start", "end", "zone"),
    [
        ("2027-12-06 13:30", "2027-12-06 14:30", "Europe/Paris"),
        ("2027-03-28 01:30", "2027-03-28 03:30", "Europe/Paris"),  # across the change to summer time
        ("2027-03-28 03:00", "2027-03-28 04:00", "Europe/Paris"),
        ("2027-10-31 01:30", "2027-10-31 03:30", "Europe/Paris"),  # across the change to winter time
        ("2027-04-04 01:30", "2027-04-04 04:30", "Pacific/Auckland"),
        ("2027-09-26 01:30", "2027-09-26 03:30", "Pacific/Auckland"),
        ("2027-12-31 23:30", "2028-01-01 01:30", "Pacific/Auckland"),
        ("2027-04-30 01:30", "2027-04-30 09:00", "Africa/Cairo"),
        ("2021-08-28 09:00", "2021-08-28 10:00", "America/Argentina/Buenos_Aires"),
        ("2027-08-28 09:00", "2027-08-28 10:15", "Asia/Kolkata"),
        ("2027-08-28 09:00", "2027-08-30 10:00", "Africa/Dakar"),
        ("2027-08-28 09:00", "2027-08-28 10:00", "UTC"),
        ("2099-08-28 09:00", "2099-08-28 10:00", "Europe/Lisbon"),
    ],
)
def test_both_readers_find_the_same_moments(start, end, zone):
    event = event_at(start, end, zone)
    [one], [other] = entries(event), strictly(event)

    moments = [event.starts_at, event.ends_at]
    assert [one["dtstart"].dt.astimezone(UTC), one["dtend"].dt.astimezone(UTC)] == moments
    assert [other.dtstart.astimezone(UTC), other.dtend.astimezone(UTC)] == moments
    assert (other.uid, other.sequence, other.status.value, other.summary) == (
        str(event.uid),
        0,
        "CONFIRMED",
        event.title_fr,
    )


@pytest.mark.parametrize(
    ("start", "end", "first", "after_the_last"),
    [
        ("2025-07-14 00:00", "2025-07-18 23:59", date(2025, 7, 14), date(2025, 7, 19)),
        ("2021-08-28 00:00", "2021-08-28 23:59", date(2021, 8, 28), date(2021, 8, 29)),
        ("2024-12-31 12:00", "2024-12-31 12:00", date(2024, 12, 31), date(2025, 1, 1)),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Rome", "Pacific/Auckland", "America/Los_Angeles"])
def test_whole_days_are_dates_and_end_on_the_day_after_the_last(start, end, first, after_the_last, zone):
    event = event_at(start, end, zone, all_day=True)
    [one], [other] = entries(event), strictly(event)

    assert (one["dtstart"].dt, one["dtend"].dt) == (other.dtstart, other.dtend) == (first, after_the_last)
    assert "VTIMEZONE" not in written(event)


@pytest.mark.parametrize("zone", [zone for zone in ZONES if zone != "UTC"])
def test_the_rules_of_a_zone_give_the_moments_that_the_zone_gives(zone):
    """Read as RFC 5545 (3.6.5) says: the latest onset, in hours of before, that is not later than the hour asked for."""
    rules = timezone(zone, 2025, 2028)
    onsets = []
    for part in rules.subcomponents:
        again = [each.dt for each in part["rdate"].dts] if "rdate" in part else []
        onsets += [(onset, part["tzoffsetto"].td) for onset in [part["dtstart"].dt, *again]]
    onsets.sort()
    local = datetime(2025, 6, 1, 12)
    while local < datetime(2028, 6, 1):
        for hour in (local, local.replace(hour=0), local.replace(hour=4), local.replace(hour=23)):
            expected = {hour.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)}
            offset = [after for onset, after in onsets if onset <= hour][-1]
            assert (hour, {offset}) == (hour, expected) or len(expected) == 2  # an hour that is not, or is twice
        local += timedelta(days=1)


def test_summer_time_begins_at_the_hour_that_clocks_show_then():
    text = timezone("Europe/Paris", 2027, 2027).to_ical().decode()
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200" in text
    assert "DTSTART:20271031T030000\r\nTZNAME:CET\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100" in text


def test_the_same_event_is_written_to_the_same_bytes():
    event = event_at("2027-12-06 13:30", "2027-12-06 14:30")
    assert written(event) == written(type(event).objects.get(pk=event.pk))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(min_size=1, max_size=200))
def test_no_title_breaks_out_of_its_line(title):
    event = event_at("2027-12-06 13:30", "2027-12-06 14:30")
    event.title_fr = f"Été {title}\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT"
    [entry] = entries(event)
    assert "attendee" not in {name.lower() for name in entry}
    assert len(written(event).split("BEGIN:VEVENT")) == 2
    assert max(len(line.encode()) for line in written(event).split("\r\n")) <= 75
    assert entry["summary"][:3] == "Été"
    type(event).objects.all().delete()
