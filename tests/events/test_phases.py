"""What an event is by the clock, and what its page offers then."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from events.actions import action
from events.attachments import attachments
from events.phases import Phase, lets_people_in
from events.reading import read
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

START = datetime(2027, 3, 8, 12, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SIGN_UP = {"registration_url": "https://example.org/s-inscrire"}
ROOM = {"conference_url": "https://example.org/salle"}
CALENDAR = ("Ajouter à votre agenda", "Add to your calendar", "file")
RECORDING = {"recording_url_fr": "https://example.org/film"}


@pytest.mark.parametrize(
    ("minutes", "fields", "phase", "words_fr", "words_en", "leads_to"),
    [
        # minutes after the start; the event takes an hour
        (-60, {}, "announced", *CALENDAR),
        (-60, SIGN_UP, "open", "S’inscrire à cet événement", "Register for this event", "https://example.org/s-inscrire"),
        (-60, SIGN_UP | {"registration_closes_at": START - 90 * MINUTE}, "announced", *CALENDAR),
        (-60, SIGN_UP | ROOM, "open", "S’inscrire à cet événement", "Register for this event", "https://example.org/s-inscrire"),
        (-16, ROOM, "announced", *CALENDAR),
        (-15, ROOM, "announced", "Participer maintenant", "Take part now", "https://example.org/salle"),
        (-15, ROOM | SIGN_UP, "open", "Participer maintenant", "Take part now", "https://example.org/salle"),
        (0, ROOM, "live", "Participer maintenant", "Take part now", "https://example.org/salle"),
        (0, SIGN_UP, "live", "S’inscrire à cet événement", "Register for this event", "https://example.org/s-inscrire"),
        (59, {}, "live", "", "", None),
        (60, ROOM | SIGN_UP, "ended", "", "", None),
        (60, {"transcript_fr": "<p>Été</p>"}, "ended", "Voir les documents", "See the documents", "#afterwards"),
        (60, RECORDING, "recorded", "Voir l’enregistrement", "Watch the recording", "#afterwards"),
        (-60, RECORDING, "announced", *CALENDAR),
        (0, ROOM | {"event_status": "cancelled"}, "cancelled", "Voir les autres événements", "See the other events", "list"),
        (60, {"event_status": "cancelled"}, "cancelled", "Voir les autres événements", "See the other events", "list"),
        (0, ROOM | SIGN_UP | {"event_status": "postponed"}, "postponed", "Être informé de la nouvelle date", "Be told of the new date", "#newsletter-form"),
        (60, {"event_status": "postponed"}, "postponed", "Être informé de la nouvelle date", "Be told of the new date", "#newsletter-form"),
        (-60, SIGN_UP | {"event_status": "moved"}, "open", "S’inscrire à cet événement", "Register for this event", "https://example.org/s-inscrire"),
    ],
)  # fmt: skip
def test_an_event_is_in_one_phase_and_offers_what_fits_it(minutes, fields, phase, words_fr, words_en, leads_to):
    event = make_event(starts_at=START, **fields)
    ours = {
        "fr": {"list": "/fr/evenements/", "file": f"/fr/evenements/{event.slug_fr}.ics"},
        "en": {"list": "/en/events/", "file": f"/en/events/{event.slug_en}.ics"},
    }
    for language, label in (("fr", words_fr), ("en", words_en)):
        with translation.override(language):
            reading = read(event, language, START + minutes * MINUTE)
            found = action(reading, attachments(reading))
            assert reading.phase == phase
            offered = (found.words.text, found.url) if found else ("", None)
            assert offered == (label, ours[language].get(leads_to, leads_to))


def test_an_event_without_a_link_lets_nobody_in():
    assert lets_people_in(make_event(starts_at=START), START) is False


@pytest.mark.parametrize(
    ("language", "path", "now", "later"),
    [
        ("fr", "/fr/evenements/ete/", "Cet événement a lieu en ce moment.", "Cet événement est terminé."),
        ("en", "/en/events/summer/", "This event is taking place now.", "This event has ended."),
    ],
)
def test_a_kept_page_changes_when_the_event_lets_people_in_begins_and_ends(
    client, monkeypatch, language, path, now, later
):
    from omep_site.lib import public

    start = timezone.now() + timedelta(hours=1)
    make_event(starts_at=start, slug_fr="ete", slug_en="summer", **ROOM)

    def at(moment):
        monkeypatch.setattr(public.time, "time", moment.timestamp)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        facts = soup(client.get(path)).select_one(".facts")
        leads_to = [each["href"].rpartition(".")[2] for each in facts.select("a.button")]
        return leads_to, [words(each) for each in facts.select(".state")]

    assert at(timezone.now()) == (["ics"], [])
    assert at(start - 15 * MINUTE) == (["org/salle"], [])
    assert at(start) == (["org/salle"], [now])
    assert at(start + 60 * MINUTE) == ([], [later])


@pytest.mark.parametrize(
    ("minutes", "fields", "french", "english"),
    [
        (-60, {}, None, None),
        (-60, SIGN_UP, "Inscriptions ouvertes", "Registration open"),
        (-60, {"event_status": "cancelled"}, "Annulé", "Cancelled"),
        (-60, {"event_status": "postponed"}, "Reporté", "Postponed"),
        (-60, {"event_status": "moved"} | SIGN_UP, "Nouvelle date", "New date"),
        (30, {}, "En ce moment", "Now"),
        (90, RECORDING, "Enregistrement disponible", "Recording available"),
        (90, {}, None, None),
    ],
)
def test_lists_say_in_a_word_what_is_special(client, minutes, fields, french, english):
    make_event(starts_at=timezone.now() - minutes * MINUTE, **fields)

    for path, badge in (("/fr/", french), ("/en/", english)):
        found = soup(client.get(path)).select_one(".badge")
        assert (found and words(found)) == badge


def test_phases_have_a_word_for_every_language():
    with translation.override("fr"):
        french = {phase: str(phase.label) for phase in Phase}
    assert french == {
        "announced": "",
        "open": "inscriptions ouvertes",
        "live": "en ce moment",
        "ended": "passé",
        "recorded": "enregistrement disponible",
        "postponed": "reporté",
        "cancelled": "annulé",
    }


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/fr/evenements/ete/", "Les inscriptions sont ouvertes jusqu’au dimanche 7 mars 2027 à 18 h."),
        ("/en/events/summer/", "Registration is open until Sunday 7 March 2027, 18:00."),
    ],
)
def test_the_page_says_until_when_one_can_register(client, monkeypatch, path, sentence):
    monkeypatch.setattr(timezone, "now", lambda: START - timedelta(days=7))
    slugs = {"slug_fr": "ete", "slug_en": "summer"}
    make_event(**SIGN_UP | slugs, starts_at=START, registration_closes_at=datetime(2027, 3, 7, 17, tzinfo=UTC))
    assert words(soup(client.get(path)).select_one(".closed")) == sentence
