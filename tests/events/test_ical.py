"""Events as calendars read them, by two programmes that read calendars: icalendar, and ical, which is stricter."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from events.calendar_entry import lines, one_line
from events.choices import ZONES
from events.ical import event_calendar, feed_calendar
from events.ical_zones import vtimezone
from events.models import Event, Subject
from events.reading import read
from omep_site.lib.typography import typeset
from tests.factories import make_event

pytestmark = pytest.mark.django_db

START = datetime(2027, 12, 6, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def text_of(language="fr", **fields) -> str:
    return event_calendar(read(make_event(**{"starts_at": START} | fields), language))


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def line_of(text: str, name: str) -> list[str]:
    """The content lines of that name in the event."""
    entry = unfolded(text.partition("BEGIN:VEVENT")[2])
    return [line for line in entry if line.startswith((f"{name}:", f"{name};"))]


def by_icalendar(text: str) -> dict:
    [event] = icalendar.Calendar.from_ical(text).events
    return {
        "uid": str(event.uid),
        "title": str(event["SUMMARY"]),
        "start": event.start,
        "end": event.end,
        "status": str(event["STATUS"]),
        "sequence": event.sequence,
        "conferences": [str(each.uri) for each in event.conferences],
    }


def by_ical(text: str) -> dict:
    [event] = IcsCalendarStream.calendar_from_ics(text).events
    return {
        "uid": event.uid,
        "title": event.summary,
        "start": event.dtstart,
        "end": event.end,
        "status": event.status.value,
        "sequence": event.sequence,
        "conferences": [str(each.uri) for each in event.conference],
    }


READERS = [by_icalendar, by_ical]


def test_a_whole_file_to_the_character():
    event = make_event(
        starts_at=START,
        title_fr="Œuvre, été ; « jeu »",
        slug_fr="oeuvre-ete-jeu",
        summary_fr="Venez.\nApportez un jouet, un livre ; ou rien.",
        place_fr="Dakar, Sénégal",
        conference_url="https://example.org/été;x,y",
    )
    subject = Subject.objects.create(name_fr="Jeu, art", name_en="Play")
    event.subjects.add(subject)
    Event.objects.filter(pk=event.pk).update(
        created_at=datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC),
        calendar_changed_at=datetime(2027, 2, 3, 4, 5, 6, 789, tzinfo=UTC),
        sequence=3,
    )
    event.refresh_from_db()

    assert unfolded(event_calendar(read(event, "fr"))) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//OMEP//Events//FR",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Paris",
        "BEGIN:STANDARD",
        "DTSTART:20270101T000000",
        "TZNAME:CET",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:20270328T020000",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20271031T030000",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "SUMMARY;LANGUAGE=fr:Œuvre\\, été\u202f\\; «\u202fjeu\u202f»",
        "DTSTART;TZID=Europe/Paris:20271206T133000",
        "DTEND;TZID=Europe/Paris:20271206T143000",
        "DTSTAMP:20270203T040506Z",
        f"UID:{event.uid}",
        "SEQUENCE:3",
        "CATEGORIES:Jeu\\, art",
        "CONFERENCE;FEATURE=VIDEO;LABEL=Participer en ligne;LANGUAGE=fr;VALUE=URI:https://example.org/%C3%A9t%C3%A9;x,y",
        "CREATED:20270102T030405Z",
        "DESCRIPTION;LANGUAGE=fr:Venez.\\nApportez un jouet\\, un livre\u202f\\; ou rien.\\n\\nParticiper en ligne\xa0: "
        "https://example.org/%C3%A9t%C3%A9\\;x\\,y\\n\\nhttps://events.example.org/fr/evenements/oeuvre-ete-jeu/",
        "LAST-MODIFIED:20270203T040506Z",
        "LOCATION;LANGUAGE=fr:Dakar\\, Sénégal",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://events.example.org/fr/evenements/oeuvre-ete-jeu/",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_lines_end_with_crlf_and_have_at_most_75_bytes_each_of_whole_characters():
    text = text_of(title_fr="Œuvre d’été ; « éveil, écoute » " * 6, summary_fr="é🧸" * 300).encode()

    assert b"\n" not in text.replace(b"\r\n", b"")
    assert max(len(line) for line in text.split(b"\r\n")) <= 75
    assert [line.decode() for line in text.split(b"\r\n")]


# When

CLOCKS = [
    # zone, the last hour before clocks change, the first one after it
    ("Europe/Paris", datetime(2027, 3, 28, 1, 59), datetime(2027, 3, 28, 3, 0)),
    ("Europe/Paris", datetime(2027, 10, 31, 1, 59), datetime(2027, 10, 31, 3, 0)),
    ("Pacific/Auckland", datetime(2027, 4, 4, 1, 59), datetime(2027, 4, 4, 3, 0)),
    ("Pacific/Auckland", datetime(2027, 9, 26, 1, 59), datetime(2027, 9, 26, 3, 0)),
    ("Africa/Cairo", datetime(2027, 4, 29, 23, 59), datetime(2027, 4, 30, 1, 0)),
    ("America/Argentina/Buenos_Aires", datetime(2027, 12, 31, 23, 30), datetime(2028, 1, 1, 0, 30)),
    ("Africa/Dakar", datetime(2027, 6, 6, 9, 0), datetime(2027, 6, 6, 10, 0)),
    ("Asia/Kolkata", datetime(2021, 12, 6, 18, 0), datetime(2021, 12, 6, 19, 30)),
    ("UTC", datetime(2027, 6, 6, 9, 0), datetime(2027, 6, 6, 10, 0)),
]


@pytest.mark.parametrize(("zone", "start", "end"), CLOCKS)
@pytest.mark.parametrize("read_by", READERS)
def test_both_readers_find_the_same_instants_across_a_change_of_the_clock(read_by, zone, start, end):
    start, end = (each.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for each in (start, end))
    found = read_by(text_of(starts_at=start, ends_at=end, timezone=zone))

    assert [each.astimezone(UTC) for each in (found["start"], found["end"])] == [start, end]


@pytest.mark.parametrize(("zone", "start", "end"), CLOCKS[:-1])
def test_who_does_not_know_the_zone_finds_them_too(zone, start, end):
    start, end = (each.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for each in (start, end))
    text = text_of(starts_at=start, ends_at=end, timezone=zone, slug_fr="x")
    elsewhere = f"Nowhere/{zone}/{start:%m}"  # a name of its own each time: the reader remembers zones
    found = by_icalendar(text.replace(f":{zone}", f":{elsewhere}").replace(f"={zone}", f"={elsewhere}"))

    assert str(found["start"].tzinfo) != zone
    assert [each.astimezone(UTC) for each in (found["start"], found["end"])] == [start, end]


@pytest.mark.parametrize(("zone", "named"), [("Africa/Dakar", True), ("Europe/London", True), ("UTC", False)])
def test_a_zone_is_named_although_its_hours_are_those_of_utc(zone, named):
    text = text_of(timezone=zone)
    assert line_of(text, "DTSTART") == [f"DTSTART;TZID={zone}:20271206T123000" if named else "DTSTART:20271206T123000Z"]
    assert (f"TZID:{zone}" in text) is named


@pytest.mark.parametrize("read_by", READERS)
@pytest.mark.parametrize("second", [START.replace(month=10, day=31, hour=0), START.replace(month=10, day=31, hour=1)])
def test_an_hour_that_comes_twice_is_told_apart(read_by, second):
    found = read_by(text_of(starts_at=second, ends_at=second + HOUR / 2))
    assert [each.astimezone(UTC) for each in (found["start"], found["end"])] == [second, second + HOUR / 2]


@pytest.mark.parametrize("zone", ZONES)
def test_a_vtimezone_says_at_each_instant_what_the_systems_zone_says(zone):
    here, years = ZoneInfo(zone), [2015, 2021, 2022, 2027]
    onsets = sorted(
        (each.DTSTART - each.TZOFFSETFROM, each.TZOFFSETTO, str(each["TZNAME"]), each.name == "DAYLIGHT")
        for each in vtimezone(zone, years).subcomponents
    )
    since = [each[0] for each in onsets]

    checked = 0
    for year in years:
        moment = datetime(year, 1, 1, tzinfo=here).astimezone(UTC)
        while moment.astimezone(here).year == year:
            checked += 1
            for instant in (moment, moment - timedelta(seconds=1))[: 1 if checked == 1 else 2]:
                local = instant.astimezone(here)
                if local.year == year:
                    at = bisect_right(since, instant.replace(tzinfo=None))
                    assert at
                    assert onsets[at - 1][1:] == (local.utcoffset(), local.tzname(), bool(local.dst())), instant
            moment += HOUR / 2 if local.day < 8 or local.day > 22 else 13 * HOUR
    assert checked > 4 * 600


@pytest.mark.parametrize(
    ("zone", "first", "last", "days"),
    [
        ("Europe/Rome", datetime(2025, 7, 14), datetime(2025, 7, 18, 23, 59), (date(2025, 7, 14), date(2025, 7, 19))),
        ("Pacific/Auckland", datetime(2027, 9, 26), datetime(2027, 9, 26, 23, 59), (date(2027, 9, 26), date(2027, 9, 27))),
        ("Europe/Paris", datetime(2027, 12, 31), datetime(2027, 12, 31, 23, 59), (date(2027, 12, 31), date(2028, 1, 1))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("read_by", READERS)
def test_whole_days_are_dates_of_the_events_zone_and_end_on_the_day_after(read_by, zone, first, last, days):
    first, last = (each.replace(tzinfo=ZoneInfo(zone)) for each in (first, last))
    text = text_of(starts_at=first, ends_at=last, timezone=zone, all_day=True)
    found = read_by(text)

    assert (found["start"], found["end"]) == days
    assert line_of(text, "DTSTART") == [f"DTSTART;VALUE=DATE:{days[0]:%Y%m%d}"]
    assert "VTIMEZONE" not in text


@pytest.mark.parametrize("read_by", READERS)
def test_an_event_that_ends_as_it_starts_has_no_end_of_its_own(read_by):
    text = text_of(ends_at=START)
    assert (line_of(text, "DTEND"), read_by(text)["end"].astimezone(UTC)) == ([], START)


def test_hours_in_several_zones_and_years_need_each_zone_once_and_its_years_only():
    paris, auckland = (
        make_event(starts_at=START.replace(year=2021)),
        make_event(timezone="Pacific/Auckland", starts_at=START),
    )
    again = make_event(starts_at=START.replace(year=2023))
    text = feed_calendar([read(each, "fr") for each in (paris, auckland, again)], "fr", "OMEP")

    zones = icalendar.Calendar.from_ical(text).timezones
    assert [str(each["TZID"]) for each in zones] == ["Europe/Paris", "Pacific/Auckland"]
    assert [f"{each.DTSTART:%Y-%m}" for each in zones[0].subcomponents] == [
        *("2021-01", "2021-03", "2021-10"),
        *("2023-01", "2023-03", "2023-10"),
    ]
    assert len(IcsCalendarStream.calendar_from_ics(text).events) == 3


# What became of it


@pytest.mark.parametrize("read_by", READERS)
@pytest.mark.parametrize(
    ("became", "status", "transparency", "french", "english"),
    [
        ("planned", "CONFIRMED", "OPAQUE", "Été", "Summer"),
        ("moved", "CONFIRMED", "OPAQUE", "Été", "Summer"),
        ("postponed", "TENTATIVE", "TRANSPARENT", "Reporté\xa0: Été", "Postponed: Summer"),
        ("cancelled", "CANCELLED", "TRANSPARENT", "Annulé\xa0: Été", "Cancelled: Summer"),
    ],
)
def test_its_status_is_said_and_stands_before_its_title(read_by, became, status, transparency, french, english):
    event = make_event(title_fr="Été", title_en="Summer", event_status=became)
    texts = {language: event_calendar(read(event, language)) for language in ("fr", "en")}

    found = {language: read_by(text) for language, text in texts.items()}
    assert {language: each["title"] for language, each in found.items()} == {"fr": french, "en": english}
    assert {each["status"] for each in found.values()} == {status}
    assert {each["uid"] for each in found.values()} == {str(event.uid)}
    assert line_of(texts["fr"], "TRANSP") == [f"TRANSP:{transparency}"]


def test_nobody_is_invited():
    text = text_of()
    assert [name for name in ("METHOD", "ORGANIZER", "ATTENDEE", "VALARM") if name in text] == []


def test_the_same_event_is_the_same_bytes_and_in_each_language_the_same_entry():
    event = make_event()
    assert event_calendar(read(event, "fr")) == event_calendar(read(Event.objects.get(pk=event.pk), "fr"))
    french, english = (event_calendar(read(event, language)) for language in ("fr", "en"))
    for name in ("UID", "DTSTAMP", "SEQUENCE", "DTSTART"):
        assert line_of(french, name) == line_of(english, name) != []


# Words


def test_words_of_another_language_say_which_language_they_are_in():
    event = make_event(title_fr="Été", summary_fr="Venez.", title_en="", event_status="cancelled", place_en="Online")
    text = event_calendar(read(event, "en"))

    assert line_of(text, "SUMMARY") == ["SUMMARY;LANGUAGE=fr:Annulé\xa0: Été"]
    address = f"https://events.example.org/en/events/{event.slug_fr}/"
    assert line_of(text, "DESCRIPTION") == [f"DESCRIPTION;LANGUAGE=fr:Venez.\\n\\n{address}"]
    assert line_of(text, "URL") == [f"URL:{address}"]


@pytest.mark.parametrize(
    ("fields", "french", "english"),
    [
        ({"place_fr": "", "place_en": ""}, ["LOCATION;LANGUAGE=fr:En ligne"], ["LOCATION;LANGUAGE=en:Online"]),
        (
            {"place_fr": "Bologne", "place_en": "", "attendance_mode": "both"},
            ["LOCATION;LANGUAGE=fr:Bologne"],
            ["LOCATION;LANGUAGE=fr:Bologne"],
        ),
        ({"place_fr": "", "place_en": "", "attendance_mode": "on_site"}, [], []),
    ],
)
def test_where_is_the_place_or_online(fields, french, english):
    event = make_event(**fields)
    assert [line_of(event_calendar(read(event, language)), "LOCATION") for language in ("fr", "en")] == [
        french,
        english,
    ]


@pytest.mark.parametrize("read_by", READERS)
def test_who_takes_part_online_finds_the_link(read_by):
    assert read_by(text_of(conference_url="https://example.org/a?b=1"))["conferences"] == ["https://example.org/a?b=1"]
    assert read_by(text_of())["conferences"] == []


def test_the_feed_says_what_it_is_called_where_it_is_and_how_often_to_look():
    text = feed_calendar([], "fr", "OMEP")
    assert unfolded(text) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//OMEP//Events//FR",
        "NAME:OMEP\xa0: événements",
        "X-WR-CALNAME:OMEP\xa0: événements",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "SOURCE;VALUE=URI:https://events.example.org/fr/evenements.ics",
        "URL:https://events.example.org/fr/evenements/",
        "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VTIMEZONE",  # a calendar without a component would be none
        "TZID:UTC",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZNAME:UTC",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "END:VTIMEZONE",
        "END:VCALENDAR",
        "",
    ]
    assert IcsCalendarStream.calendar_from_ics(text).events == icalendar.Calendar.from_ical(text).events == []


HOSTILE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(title=HOSTILE, summary=HOSTILE)
@example(
    title="\r\nATTENDEE:mailto:x@example.org", summary="\nEND:VEVENT\r\nBEGIN:VEVENT\rUID:1\x85X:1\u2028Y:2\x0bZ:3"
)
@example(title=r"C:\New\new,\;\\N", summary=r"\n\N\\")
@example(title="«\u202fŒuvre, été\u202f; 🧸👩🏽\u200d🏫\u202f»" * 8, summary='"^n^^"')
@example(title="\u202eمرحبا \u2067שלום\u2069", summary="\ufeff\t \xad")
def test_whatever_a_title_holds_it_comes_back_and_adds_nothing(title, summary):
    event = Event(
        title_fr=title,
        slug_fr="x",
        summary_fr=summary,
        body_fr="x",
        starts_at=START,
        ends_at=START + HOUR,
        pk=1,
        created_at=START,
        calendar_changed_at=START,
    )
    event._prefetched_objects_cache = {"subjects": Subject.objects.none()}
    text = event_calendar(read(event, "fr"))

    names = [line.partition(":")[0].partition(";")[0] for line in unfolded(text.partition("BEGIN:VEVENT")[2])]
    assert names == [
        *("", *(["SUMMARY"] if one_line(title) else []), "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "CREATED"),
        *("DESCRIPTION", "LAST-MODIFIED", "LOCATION", "STATUS", "TRANSP", "URL", "END", "END", ""),
    ]
    [parsed] = icalendar.Calendar.from_ical(text).events
    title, summary = one_line(typeset(title, "fr")), lines(typeset(summary, "fr"))
    assert str(parsed.get("SUMMARY", "")) == title
    assert str(parsed["DESCRIPTION"]).startswith(summary)
    [parsed] = IcsCalendarStream.calendar_from_ics(text).events
    assert (parsed.summary or "", parsed.attendees) == (title, [])
