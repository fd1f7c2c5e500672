"""What a visitor reads on the pages of events, in both languages."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from events.models import Event, Partner, Strategy
from omep_site.lib import public
from tests.factories import make_event
from tests.pages import alternates, soup, words

pytestmark = pytest.mark.django_db

LAUNCH = {
    "fr": "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/",
    "en": "/en/events/launch-global-partnership-strategy-early-childhood/",
}


@pytest.fixture
def demo(db):
    call_command("load_demo", verbosity=0)


@pytest.mark.parametrize(
    ("language", "heading", "facts", "link_words"),
    [
        (
            "fr",
            "Lancement de la Stratégie de partenariat mondial pour la petite enfance (GPS)",
            "Quand lundi 6 décembre 2021 de 13 h 30 à 14 h 30 heure de Paris (UTC+1) Où En ligne Langues anglais et français "
            "Cet événement est terminé. Les inscriptions sont closes. https://on.unesco.org/GPS-ECCE",
            "Aller au contenu principal",
        ),
        (
            "en",
            "Launch of the Global Partnership Strategy for Early Childhood (GPS)",
            "When Monday 6 December 2021 13:30–14:30 Paris time (CET, UTC+1) Where Online Languages English and French "
            "This event has ended. Registration is closed. https://on.unesco.org/GPS-ECCE",
            "Skip to main content",
        ),
    ],
)
def test_the_launch_says_what_when_where_and_in_which_languages(client, demo, language, heading, facts, link_words):
    page = soup(client.get(LAUNCH[language]))

    assert page.html["lang"] == language
    assert words(page.h1) == heading
    assert words(page.select_one(".facts")) == facts
    first_link = page.body.find("a")
    assert (words(first_link), first_link["href"]) == (link_words, "#main")


@pytest.mark.parametrize(
    ("language", "strategies", "objectives"),
    [
        (
            "fr",
            [
                "exploiter les preuves pour l’action et les droits",
                "exploiter les données, le suivi et l’évaluation pour rendre des comptes",
                "promouvoir les efforts des pays pour améliorer l’accès, l’inclusion, l’équité et la qualité",
                "aider les pays et les agences internationales à renforcer les politiques, la gouvernance, le financement "
                "et le plaidoyer",
                "galvaniser la coordination et la coopération internationales et nationales",
            ],
            ["diffuser", "accroître", "mobiliser", "encourager"],
        ),
        (
            "en",
            [
                "Harness evidence for action and rights",
                "Leverage data, monitoring and evaluation for accountability",
                "Promote countries’ efforts to scale-up access, inclusion, equity and quality",
                "Assist countries and international agencies to strengthen policy, governance, financing and advocacy",
                "Galvanize international and national coordination and cooperation",
            ],
            ["share", "raise", "mobilise", "encourage"],
        ),
    ],
)
def test_the_launch_lists_the_five_strategies_and_the_four_objectives(client, demo, language, strategies, objectives):
    page = soup(client.get(LAUNCH[language]))

    assert [words(item) for item in page.select("[aria-labelledby=strategies] li")] == strategies
    assert [words(item).split()[0] for item in page.select("[aria-labelledby=objectives] li")] == objectives


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_request_goes_to_anybody_else(client, demo, language):
    page = soup(client.get(LAUNCH[language]))

    loaded = [node.get("src") or node.get("href") for node in page.select("script[src], img, iframe, link[rel=stylesheet], link[rel=icon]")]  # fmt: skip
    assert loaded == ["/static/site.css", "/static/icon.svg"]
    facebook = [link["href"] for link in page.select("footer.site-footer a") if "facebook" in link["href"]]
    assert facebook == ["https://www.facebook.com/worldomep"]


def test_before_its_end_an_event_has_a_button_that_says_where_it_leads(client):
    event = make_event(
        registration_url="https://example.org/x", registration_label_fr="S’inscrire sur le site de l’UNESCO"
    )

    french, english = (soup(client.get(f"/{path}/")).select_one("a.button") for path in (f"fr/evenements/{event.slug_fr}", f"en/events/{event.slug_en}"))  # fmt: skip
    assert (words(french), french["href"]) == ("S’inscrire sur le site de l’UNESCO", "https://example.org/x")
    assert english.span["lang"] == "fr"


def test_without_words_of_its_own_the_button_says_what_it_does(client):
    event = make_event(registration_url="https://example.org/x")

    page = soup(client.get(f"/fr/evenements/{event.slug_fr}/"))
    assert words(page.select_one("a.button")) == "S’inscrire à cet événement"


def test_switching_language_stays_on_the_event(client, demo):
    french, english = soup(client.get(LAUNCH["fr"])), soup(client.get(LAUNCH["en"]))

    assert french.select_one(".languages a")["href"] == LAUNCH["en"]
    assert english.select_one(".languages a")["href"] == LAUNCH["fr"]
    site = "https://events.example.org"
    expected = {"fr": site + LAUNCH["fr"], "en": site + LAUNCH["en"], "x-default": site + LAUNCH["fr"]}
    assert alternates(french) == alternates(english) == expected
    assert french.select_one("link[rel=canonical]")["href"] == site + LAUNCH["fr"]
    assert english.select_one("link[rel=canonical]")["href"] == site + LAUNCH["en"]


@pytest.mark.parametrize(("language", "missing"), [("en", "title"), ("en", "body"), ("en", "summary"), ("fr", "title")])
def test_a_missing_translation_shows_the_other_language_and_says_so(client, language, missing):
    other = {"en": "fr", "fr": "en"}[language]
    event = make_event(**{f"{missing}_{language}": ""}, publish_incomplete=True)
    bases = {"fr": "/fr/evenements/", "en": "/en/events/"}
    slug = getattr(event, f"slug_{other}")
    response = client.get(f"{bases[language]}{slug}/")
    page = soup(response)

    assert response.status_code == 200
    assert page.html["lang"] == language
    assert words(page.select_one(".notice")) == {
        "en": "This event is not available in English yet. Here it is in French.",
        "fr": "Cet événement n’est pas encore disponible en français. Le voici en anglais.",
    }[language]  # fmt: skip
    assert (
        page.h1.span["lang"]
        == page.select_one(".prose > div")["lang"]
        == page.select_one(".lead span")["lang"]
        == other
    )
    assert words(page.h1) == getattr(event, f"title_{other}")
    original = f"https://events.example.org{bases[other]}{slug}/"
    assert page.select_one("link[rel=canonical]")["href"] == original
    shown = {other: original} | ({"x-default": original} if other == "fr" else {})
    assert alternates(page) == shown == alternates(soup(client.get(f"{bases[other]}{slug}/")))


def test_once_translated_the_old_address_leads_to_the_new_one(client):
    event = make_event()

    response = client.get(f"/en/events/{event.slug_fr}/")
    assert (response.status_code, response["Location"]) == (302, f"/en/events/{event.slug_en}/")


def test_the_slug_of_an_incomplete_language_is_not_an_address(client):
    event = make_event(body_en="")

    assert client.get(f"/en/events/{event.slug_en}/").status_code == 404
    assert client.get(f"/en/events/{event.slug_fr}/").status_code == 200


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("/fr/evenements/inconnu/", "Page introuvable"), ("/en/events/unknown/", "Page not found")],
)
def test_an_unknown_event_is_not_found_in_the_pages_language(client, path, sentence):
    response = client.get(path)

    assert response.status_code == 404
    assert words(soup(response).h1) == sentence
    assert soup(response).html["lang"] == path[1:3]


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"publish_at": timezone.now() + timedelta(days=365)}])
def test_what_is_not_public_yet_is_not_found(client, fields):
    event = make_event(**fields)

    assert client.get(f"/fr/evenements/{event.slug_fr}/").status_code == 404
    assert event.title_fr not in words(soup(client.get("/fr/")))
    assert event.title_fr not in words(soup(client.get("/fr/evenements/")))


def test_home_and_list_show_coming_events_before_past_ones(client):
    past = make_event(starts_at=timezone.now() - timedelta(days=9))
    coming = make_event()

    for path in ("/fr/", "/fr/evenements/"):
        page = soup(client.get(path))
        assert [words(title) for title in page.select("[aria-labelledby=coming] h3")] == [coming.title_fr]
        past_ones = page.select("[aria-labelledby=past] h3, #past h3")
        assert [words(title) for title in past_ones] == [past.title_fr]


def test_home_shows_six_past_events_and_the_way_to_the_others(client):
    for days in range(8):
        make_event(starts_at=timezone.now() - timedelta(days=9 + days))

    page = soup(client.get("/en/"))
    assert len(page.select("[aria-labelledby=past] .card")) == 6
    assert page.select_one("[aria-labelledby=past] p > a")["href"] == "/en/events/#past"
    assert len(soup(client.get("/en/events/")).select("#past .card")) == 8


def test_without_any_event_the_page_says_what_to_do(client):
    page = soup(client.get("/fr/"))

    assert words(page.select_one(".empty")) == (
        "Aucun événement n’est annoncé pour le moment. La Lettre vous préviendra du prochain."
    )


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("path", ["/fr/", "/en/"])
def test_the_home_page_asks_the_database_six_times_however_many_events_there_are(
    client, django_assert_num_queries, path, count
):
    for number in range(count):
        make_event(starts_at=timezone.now() + timedelta(days=number - count // 2, hours=1))

    # the version, what comes, what was, their comments, the subjects, the clock
    with django_assert_num_queries(6):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("rows", [0, 30])
def test_an_event_asks_the_database_as_often_however_many_rows_it_has(client, django_assert_num_queries, rows):
    event = make_event()
    for position in range(rows):
        Strategy.objects.create(
            event=event, text_fr=f"stratégie {position}", text_en=f"strategy {position}", position=position
        )
        event.objectives.create(text_fr=f"objectif {position}", text_en="", position=position)
        event.pictures.create(file=f"pictures/{position}.jpg", width=9, height=9, alt_fr="un jardin")
        event.documents.create(title_fr=f"document {position}", url_fr="https://example.org/")
        event.speakers.create(name=f"Zoé {position}", role_fr="modère")
        event.eventpartner_set.create(partner=Partner.objects.create(name=f"ONG {position}"))

    event.subjects.create(name_fr="Jeu", slug_fr="jeu")
    make_event().subjects.set(event.subjects.all())

    # version, event, pictures, documents, strategies, objectives, subjects, speakers, partners; the comments with their
    # number; related events, their comments; the clock
    with django_assert_num_queries(13):
        assert client.get(f"/fr/evenements/{event.slug_fr}/").status_code == 200
    public.bump(of_readers=True)
    with django_assert_num_queries(3):  # version, comments, those on related events
        assert client.get(f"/fr/evenements/{event.slug_fr}/").status_code == 200


def test_rows_are_shown_in_their_order_and_marked_where_one_is_not_translated(client):
    event = make_event()
    event.strategies.create(text_fr="seconde", text_en="second", position=2)
    event.strategies.create(text_fr="première", text_en="", position=1)
    event.strategies.create(text_fr="", text_en="", position=3)

    items = soup(client.get(f"/en/events/{event.slug_en}/")).select("[aria-labelledby=strategies] li")
    assert [words(item) for item in items] == ["première", "second"]
    assert [item.span and item.span["lang"] for item in items] == ["fr", None]


def test_what_an_editor_types_is_shown_as_typed(client):
    event = make_event(
        title_fr="<b>Été</b> & “paix”", summary_fr="1 < 2 <script>alert(1)</script>", place_fr='"><img src=x onerror=y>'
    )

    page = soup(client.get(f"/fr/evenements/{event.slug_fr}/"))
    assert words(page.h1) == "<b>Été</b> & “paix”"
    assert words(page.select_one(".lead")) == "1 < 2 <script>alert(1)</script>"
    ours = (settings.BASE_DIR / "templates" / "stamp.js").read_text()
    assert [each.string for each in page.select('script:not([src], [type="application/ld+json"]), img')] == [ours]


def test_the_page_changes_by_the_clock_although_it_is_kept(client, monkeypatch):
    from omep_site.lib import public

    event = make_event(starts_at=timezone.now() + timedelta(hours=1), registration_url="https://example.org/x")
    path = f"/fr/evenements/{event.slug_fr}/"
    assert soup(client.get(path)).select_one("a.button") is not None

    later = timezone.now() + timedelta(hours=2, seconds=1)
    monkeypatch.setattr(public.time, "time", later.timestamp)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert words(soup(client.get(path)).select_one(".state")) == "Cet événement est terminé."


def test_a_withdrawn_event_is_gone_at_once(client):
    event = make_event()
    path = f"/en/events/{event.slug_en}/"
    assert client.get(path).status_code == 200

    Event.objects.get(pk=event.pk).withdraw()
    assert client.get(path).status_code == 404
