"""What events are found by."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from events import search
from events.completeness import keep_overview
from events.models import Event, Partner, Subject
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def found(text) -> list[str]:
    return list(Event.objects.filter(search.matching(text)).order_by("pk").values_list("title_fr", flat=True))


def kept(event) -> dict[str, str]:
    return Event.objects.filter(pk=event.pk).values(*["search_words_fr", "search_words_en"])[0]


@pytest.fixture
def event():
    """An event with a different word in each of its places."""
    event = make_event(
        title_fr="Lancement de la Stratégie",
        title_en="Launch of the Strategy",
        summary_fr="L’œuvre des journaux",
        summary_en="Weekly newspapers",
        body_fr="<p>Petite enfance</p><ul><li><strong>É</strong>quité</li><li>p&acirc;tes&nbsp;100&nbsp;%</li></ul>",
        body_en="<p>Early childhood</p><p>activities</p>",
        place_fr="Genève",
        place_en="Geneva",
        starts_at=datetime(2021, 12, 6, 12, 30, tzinfo=UTC),
        ends_at=datetime(2022, 1, 6, 12, 30, tzinfo=UTC),
    )
    event.strategies.create(text_fr="gouvernance", text_en="governance")
    event.objectives.create(text_fr="plaidoyer", text_en="advocacy")
    event.speakers.create(name="Zoé Łukasz", role_fr="présidente", role_en="chairwoman")
    partner = Partner.objects.create(name="UNESCO", full_name_fr="Nations Unies", full_name_en="United Nations")
    event.eventpartner_set.create(partner=partner)
    event.subjects.add(Subject.objects.create(name_fr="Jeux", name_en="Play", slug_fr="jeux", slug_en="play"))
    keep_overview(event)
    return event


def test_each_word_is_kept_once_and_in_the_singular_where_that_differs():
    words = search.indexed(["Les journaux, les Journaux !", "L’été"], "fr")
    assert words == " les journaux l ete journal "
    assert search.indexed(["Two activities"], "en") == " two activities activity "
    assert search.indexed(["Dos juegos"], "es") == " dos juegos "
    assert search.indexed(["", "…"], "fr") == ""


@pytest.mark.parametrize(
    "text",
    [
        *("stratégie", "STRATEGIE", "stratégies", "Strategie", "strat", "strategy", "strategies", "launch"),
        *("œuvre", "oeuvres", "journal", "journaux", "journ", "newspaper", "weekly newspapers"),
        *("petit", "petite", "enfance", "équité", "équités", "pâtes", "100%", "activity", "activities", "childhood"),
        *("Genève", "geneve", "Geneva", "2021", "2022"),
        *("gouvernance", "governance", "plaidoyers", "advocacy"),
        *("Zoe", "lukasz", "Łukasz", "présidente", "chairwoman"),
        *("unesco", "UNESCO", "nations unies", "United Nations", "jeu", "jeux", "play"),
        "lancement de la stratégie",
        "l'enfance à l’UNESCO",
        "launch geneve",  # each word in whichever language
        "strategy of the launch",
    ],
)
def test_an_event_is_found_by_every_word_of_its_page(event, text):
    make_event(title_fr="Un autre", title_en="Another", summary_fr="-", summary_en="-", body_fr="-", body_en="-")
    assert found(text) == ["Lancement de la Stratégie"]


@pytest.mark.parametrize(
    "text",
    [
        "lancement boulangerie",  # all words have to be there
        "tratégie",  # not from the middle of a word
        "gou",  # a short word is found whole only
        "children",
        "2023",
        *("%", "_", "2_21", "%%%%", "____", "_trategie", "\\", "'", '"', "--", "🎉", "…", "' OR 1=1 --", "\ud800", ""),
    ],
)
def test_what_is_not_there_is_not_found(event, text):
    assert found(text) == []


def test_a_query_costs_no_more_than_eight_words_and_a_hundred_characters(event):
    assert search.typed_words("un deux trois quatre cinq six sept huit neuf dix") == [
        *("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
    ]
    assert search.typed_words("a" * 5000) == ["a" * 100]
    assert search.typed_words("stratégie Strategie STRATÉGIE") == ["strategie"]
    assert found("stratégie " * 1000) == ["Lancement de la Stratégie"]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("droits de l’enfant", ["droits", "enfant"]),
        ("the rights of the child", ["rights", "child"]),
        ("de la", ["de", "la"]),  # where nothing else was typed, little words count
        ("l’art", ["art"]),
    ],
)
def test_little_words_count_only_where_nothing_else_was_typed(text, typed):
    assert search.typed_words(text) == typed


def test_a_language_that_nobody_can_read_yet_is_not_searched():
    event = make_event(title_fr="Fête", title_en="Secret party", body_en="")
    assert (kept(event)["search_words_en"], found("secret"), found("fêtes")) == ("", [], ["Fête"])

    event.body_en = "<p>Come</p>"
    event.save()
    assert found("secret") == ["Fête"]


def test_what_a_page_shows_of_another_language_is_found_too():
    event = make_event(place_fr="Brüssel", place_en="")
    assert " brussel " in kept(event)["search_words_en"]


def test_saving_an_event_alone_forgets_nothing_of_its_rows(event):
    before = kept(event)
    again = Event.objects.get(pk=event.pk)
    again.title_fr = "Commencement de la Stratégie"
    again.save()
    assert kept(event)["search_words_en"] == before["search_words_en"]
    assert (found("commencement gouvernance"), found("lancement")) == (["Commencement de la Stratégie"], [])


def test_a_partner_that_is_renamed_is_found_by_its_new_name(event):
    partner = Partner.objects.get()
    partner.name = "Éducation Internationale"
    partner.save()
    assert (found("education internationale"), found("unesco")) == (["Lancement de la Stratégie"], [])


def test_a_subject_that_is_renamed_or_deleted_changes_what_its_events_are_found_by(event):
    subject = Subject.objects.get()
    subject.name_en = "Toys"
    subject.save()
    assert (found("toy"), found("play")) == (["Lancement de la Stratégie"], [])

    subject.delete()
    assert (found("toy"), found("jeux"), found("unesco")) == ([], [], ["Lancement de la Stratégie"])


@pytest.mark.parametrize("count", [1, 40])
def test_a_renamed_subject_reads_its_events_at_once(django_assert_num_queries, count):
    subject = Subject.objects.create(name_fr="Jeu", name_en="Play", slug_fr="jeu", slug_en="play")
    for _number in range(count):
        make_event().subjects.add(subject)
    with django_assert_num_queries(7 + count):  # the subject, events, their five kinds of rows; one for each event
        subject.save()


def test_upgrading_writes_down_what_the_events_of_before_are_found_by(event):
    """As today's code does, of what there was then: no speakers, no subjects."""
    event.speakers.all().delete()
    event.subjects.clear()
    hidden = make_event(title_fr="Fête", body_en="")
    keep_overview(event)
    expected = [kept(event), kept(hidden)]
    Event.objects.update(search_words_fr=None, search_words_en=None)

    executor = MigrationExecutor(connection)
    module = executor.loader.get_migration("events", "0006_search_words")
    state = executor.loader.project_state([("events", "0006_search_words")])
    module.operations[0].code(state.apps, None)
    assert [kept(event), kept(hidden)] == expected


def test_events_come_first_that_are_to_come_then_those_that_were(event):
    now = datetime(2030, 1, 1, tzinfo=UTC)
    moments = {"soon": 1, "later": 30, "yesterday": -1, "long ago": -300}
    for name, days in moments.items():
        make_event(title_fr=name, starts_at=now + timedelta(days=days))
    make_event(title_fr="one day", starts_at=now - timedelta(days=9), event_status="postponed")
    titles = [each.title_fr for each in Event.objects.coming_first(now)]
    assert titles == ["soon", "later", "one day", "yesterday", "long ago", "Lancement de la Stratégie"]
    both = [*Event.objects.coming(now), *Event.objects.past(now)]
    assert [each.title_fr for each in both] == titles
