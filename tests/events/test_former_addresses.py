"""What becomes of an event's address when its slug changes: old links lead on, in each language by itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.addresses import free_address
from events.models import Event, OldAddress
from omep_site.lib import public
from omep_site.lib.history import versions_of
from tests.admin_forms import form_data
from tests.factories import make_event
from tests.pages import soup

pytestmark = pytest.mark.django_db


def rename(event: Event, **slugs) -> Event:
    for name, slug in slugs.items():
        setattr(event, name, slug)
    event.save()
    public.bump()
    return event


def notes() -> list[tuple]:
    return sorted(OldAddress.objects.values_list("event", "language", "slug"))


def follow(client, path) -> tuple:
    response = client.get(path)
    return response.status_code, response.get("Location")


def test_an_old_address_leads_to_that_of_today_in_its_own_language(client):
    event = make_event(slug_fr="fete-d-ete", slug_en="summer-day")
    rename(event, slug_fr="fete-de-l-ete")

    assert follow(client, "/fr/evenements/fete-d-ete/") == (301, "/fr/evenements/fete-de-l-ete/")
    assert follow(client, "/en/events/summer-day/") == (200, None)
    rename(event, slug_en="summer-party")
    assert follow(client, "/en/events/summer-day/") == (301, "/en/events/summer-party/")
    assert notes() == [(event.pk, "en", "summer-day"), (event.pk, "fr", "fete-d-ete")]


def test_no_browser_keeps_the_way_for_ever(client):
    rename(make_event(slug_fr="avant"), slug_fr="apres")
    assert client.get("/fr/evenements/avant/")["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=3600"


def test_all_that_an_event_was_ever_called_leads_there_at_once(client):
    event = make_event(slug_en="a")
    for slug in ("b", "c"):
        rename(event, slug_en=slug)
    assert [follow(client, f"/en/events/{slug}/") for slug in "abc"] == [
        (301, "/en/events/c/"),
        (301, "/en/events/c/"),
        (200, None),
    ]


def test_a_slug_that_comes_back_is_no_former_one_any_more(client):
    event = make_event(slug_en="a")
    for slug in ("b", "a"):
        rename(event, slug_en=slug)
    assert [follow(client, f"/en/events/{slug}/") for slug in "ab"] == [(200, None), (301, "/en/events/a/")]
    assert notes() == [(event.pk, "en", "b")]


@pytest.mark.parametrize("takes_it_by", [lambda: make_event(slug_en="a"), lambda: rename(make_event(), slug_en="a")])
def test_whoever_has_a_slug_now_keeps_it(client, takes_it_by):
    rename(make_event(slug_en="a"), slug_en="b")
    other = takes_it_by()
    page = soup(client.get("/en/events/a/"))
    assert page.h1.get_text() == other.title_en

    rename(other, slug_en="c")
    assert follow(client, "/en/events/a/") == (301, "/en/events/c/")


def test_a_draft_takes_no_link_from_a_public_event(client):
    first = rename(make_event(slug_en="a"), slug_en="b")
    draft = make_event(slug_en="a", status="draft")
    assert follow(client, "/en/events/a/") == (301, "/en/events/b/")
    rename(draft, slug_en="c")
    assert follow(client, "/en/events/a/") == (301, "/en/events/b/")
    assert notes() == [(first.pk, "en", "a")]


def test_an_address_made_from_a_title_takes_nobodys_former_one():
    first = rename(make_event(slug_fr="ete-des-oeuvres"), slug_fr="ete")
    assert free_address("Été des œuvres", "fr", Event()) == "ete-des-oeuvres-2"
    assert free_address("Été des œuvres", "fr", first) == "ete-des-oeuvres"


def test_a_slug_that_two_events_had_leads_to_the_one_that_had_it_last(client):
    first, second = make_event(slug_fr="tte"), make_event()
    rename(first, slug_fr="premier")
    rename(second, slug_fr="tte")
    rename(second, slug_fr="second")
    assert follow(client, "/fr/evenements/tte/") == (301, "/fr/evenements/second/")


def test_of_one_word_in_two_languages_each_leads_where_its_own_led(client):
    rename(make_event(slug_fr="congo"), slug_fr="congo-2021")
    rename(make_event(slug_en="congo"), slug_en="congo-2025")
    assert follow(client, "/fr/evenements/congo/") == (301, "/fr/evenements/congo-2021/")
    assert follow(client, "/en/events/congo/") == (301, "/en/events/congo-2025/")


@pytest.mark.parametrize(
    "fields", [{"status": "draft"}, {"publish_at": None, "status": "draft"}, {"body_fr": "", "body_en": ""}]
)
def test_what_is_not_public_has_no_former_address_either(client, fields):
    event = make_event(slug_fr="avant", slug_en="before")
    rename(event, slug_fr="apres", slug_en="after")
    Event.objects.filter(pk=event.pk).update(**fields)
    assert [follow(client, path) for path in ("/fr/evenements/avant/", "/en/events/before/")] == [(404, None)] * 2


def test_a_withdrawn_event_is_gone_under_its_former_address_too_and_comes_back_with_it(client):
    event = rename(make_event(slug_fr="avant"), slug_fr="apres")
    Event.objects.get(pk=event.pk).withdraw()
    assert follow(client, "/fr/evenements/avant/") == (404, None)
    Event.objects.get(pk=event.pk).publish()
    assert follow(client, "/fr/evenements/avant/") == (301, "/fr/evenements/apres/")


def test_a_page_that_is_not_translated_leads_on_under_the_other_languages_address(client):
    event = make_event(slug_fr="avant", title_en="", slug_en=None, summary_en="", body_en="")
    rename(event, slug_fr="apres")
    assert follow(client, "/en/events/avant/") == (301, "/en/events/apres/")
    assert follow(client, "/en/events/apres/") == (200, None)

    rename(event, title_en="After", slug_en="after", summary_en="After.", body_en="<p>After.</p>")
    assert follow(client, "/en/events/avant/") == (301, "/en/events/after/")
    # Not for ever: the page stands there again when the translation is taken away.
    assert follow(client, "/en/events/apres/") == (302, "/en/events/after/")


def test_a_language_that_is_taken_away_leads_to_the_words_that_are_left(client):
    event = make_event(slug_fr="ici", slug_en="here")
    rename(event, title_en="", slug_en=None, summary_en="", body_en="")
    assert follow(client, "/en/events/here/") == (301, "/en/events/ici/")


def test_what_is_said_without_changing_the_address_notes_nothing():
    event = make_event()
    rename(event, title_fr="L’été, autrement")
    assert notes() == []


def test_an_event_that_is_made_notes_nothing_and_one_that_goes_takes_its_notes_along():
    event = make_event(slug_fr="avant")
    assert notes() == []
    rename(event, slug_fr="apres")
    event.delete()
    assert notes() == []


def test_saving_asks_twice_for_what_was_and_writes_nothing_where_the_address_stays():
    event = make_event()
    with CaptureQueriesContext(connection) as queries:
        event.save()
    said = [query["sql"] for query in queries]
    assert (
        sum(sql.startswith("SELECT") and 'FROM "events_event"' in sql for sql in said) == 2
    )  # for calendars, and for the address
    assert not any("oldaddress" in sql for sql in said)


def test_a_page_asks_for_former_addresses_only_where_nothing_has_the_slug(client, django_assert_num_queries):
    event = make_event(slug_fr="avant")
    with django_assert_num_queries(12):  # as ever: tests/events/test_read_the_page.py
        client.get("/fr/evenements/avant/")
    rename(event, slug_fr="apres")
    client.get("/fr/")
    with django_assert_num_queries(3):  # the slug in both languages, the former ones
        client.get("/fr/evenements/avant/")
    with django_assert_num_queries(3):
        client.get("/fr/evenements/jamais/")


def test_an_editor_changes_an_address_and_the_history_brings_it_back(client, editor):
    event = make_event(slug_en="before")
    change = f"/admin/events/event/{event.pk}/change/"
    assert editor.post(change, form_data(editor.get(change)) | {"slug_en": "after"}).status_code == 302
    assert follow(client, "/en/events/before/") == (301, "/en/events/after/")

    oldest = versions_of(Event, event.pk).order_by("pk").first()
    assert editor.post(f"/admin/events/event/{event.pk}/history/{oldest.pk}/").status_code == 302
    assert follow(client, "/en/events/before/") == (200, None)
    assert follow(client, "/en/events/after/") == (301, "/en/events/before/")


def test_the_calendar_of_an_event_leads_on_too(client):
    rename(make_event(slug_fr="avant"), slug_fr="apres")
    assert follow(client, "/fr/evenements/avant.ics") == (301, "/fr/evenements/apres.ics")


def test_a_note_of_a_language_that_the_site_gave_up_is_no_fault(client):
    event = make_event(slug_fr="ete", slug_en="summer")
    OldAddress.objects.create(event=event, language="eo", slug="somero")
    assert [follow(client, path) for path in ("/fr/evenements/somero/", "/en/events/somero/")] == [(404, None)] * 2
