"""What somebody who reads Spanish meets: addresses, the switch, an event in three languages, in one, in another."""

import pytest
from django.core.management import call_command

from tests.factories import make_event
from tests.pages import alternates, soup, words
from tests.spanish.factories import NO_ENGLISH, NO_FRENCH, PATHS, SITE, SPANISH, make_launch

pytestmark = pytest.mark.django_db


def switch(page) -> dict[str, str | None]:
    """Each entry of the language switch by its words, with where it leads."""
    return {words(each): each.get("href") for each in page.select("nav.languages :is(a, [aria-current])")}


@pytest.mark.parametrize(
    ("url", "language", "paths"),
    [
        ("/es/", "es", {"Français": "/fr/", "English": "/en/", "Español": None}),
        ("/en/", "en", {"Français": "/fr/", "English": None, "Español": "/es/"}),
        (
            "/es/evenements/",
            "es",
            {"Français": "/fr/evenements/", "English": "/en/events/", "Español": None},
        ),
        (
            "/fr/evenements/",
            "fr",
            {"Français": None, "English": "/en/events/", "Español": "/es/evenements/"},
        ),
        ("/es/lettre/", "es", {"Français": "/fr/lettre/", "English": "/en/newsletter/", "Español": None}),
    ],
)
def test_a_page_of_the_site_stands_in_three_languages(client, url, language, paths):
    page = soup(client.get(url))
    assert page.html["lang"] == language
    assert switch(page) == paths
    public = {code: SITE + (path or url) for code, path in zip(("fr", "en", "es"), paths.values(), strict=True)}
    assert alternates(page) == public | {"x-default": public["fr"]}
    assert page.select_one("link[rel=canonical]")["href"] == SITE + url


@pytest.mark.parametrize(
    ("accepted", "location"), [("es-MX,en;q=0.5", "/es/"), ("pt, es;q=0.5", "/es/"), ("en, es;q=0.5", "/en/")]
)
def test_the_entrance_knows_spanish(client, accepted, location):
    assert client.get("/", headers={"accept-language": accepted})["Location"] == location


def test_what_has_no_catalogue_is_said_in_french(client):
    page = soup(client.get("/es/evenements/"))
    assert (words(page.h1), page.title.get_text()) == ("Événements", "Événements – OMEP")
    assert words(page.select_one("#letter-title")) == "Abonnez-vous à notre Lettre"


@pytest.mark.parametrize(("language", "other"), [("es", "Launch"), ("fr", "Lanzamiento"), ("en", "Lanzamiento")])
def test_an_event_in_three_languages_has_a_page_in_each(client, language, other):
    event = make_launch()
    page = soup(client.get(PATHS[language]))

    assert page.html["lang"] == language
    assert words(page.h1) == getattr(event, f"title_{language}")
    assert other not in words(page.main)
    assert page.select(".notice, main [lang]") == []
    assert alternates(page) == {code: SITE + path for code, path in PATHS.items()} | {"x-default": SITE + PATHS["fr"]}
    assert sorted(filter(None, switch(page).values())) == sorted(set(PATHS.values()) - {PATHS[language]})


def test_dates_and_hours_are_written_as_spanish_writes_them(client):
    make_launch()
    facts = words(soup(client.get(PATHS["es"])).select_one(".facts"))
    assert facts.startswith("Quand lunes, 6 de diciembre de 2021 13:30–14:30 heure de Paris (UTC+1) Où En línea")


def test_an_event_in_spanish_only_is_public_and_the_others_are_shown_the_spanish_words(client):
    make_event(**SPANISH | NO_FRENCH | NO_ENGLISH)

    page = soup(client.get(PATHS["es"]))
    assert (words(page.h1), page.select(".notice")) == ("Lanzamiento de la Estrategia", [])
    assert alternates(page) == {"es": SITE + PATHS["es"]}
    assert switch(page) == {
        "Français": "/fr/evenements/lanzamiento-de-la-estrategia/",
        "English": "/en/events/lanzamiento-de-la-estrategia/",
        "Español": None,
    }

    page = soup(client.get("/en/events/lanzamiento-de-la-estrategia/"))
    assert words(page.select_one(".notice")) == "This event is not available in English yet. Here it is in Spanish."
    assert page.h1.span["lang"] == page.select_one(".prose > div")["lang"] == "es"
    assert page.select_one("link[rel=canonical]")["href"] == SITE + PATHS["es"]
    assert alternates(page) == {"es": SITE + PATHS["es"]}

    page = soup(client.get("/fr/evenements/lanzamiento-de-la-estrategia/"))
    assert (
        words(page.select_one(".notice"))
        == "Cet événement n’est pas encore disponible en français. Le voici en espagnol."
    )


@pytest.mark.parametrize(
    ("missing", "slug", "shown"),
    [({}, "lancement-de-la-strategie", "fr"), (NO_FRENCH, "launch-of-the-strategy", "en")],
)
def test_an_event_that_is_not_in_spanish_is_shown_in_the_first_language_that_it_has(client, missing, slug, shown):
    event = make_launch(**dict.fromkeys(SPANISH, "") | {"slug_es": None} | missing)
    page = soup(client.get(f"/es/evenements/{slug}/"))

    assert (page.html["lang"], words(page.h1)) == ("es", getattr(event, f"title_{shown}"))
    names = {"fr": "français", "en": "anglais"}
    notice = f"Cet événement n’est pas encore disponible en espagnol. Le voici en {names[shown]}."
    assert words(page.select_one(".notice")) == notice
    assert page.h1.span["lang"] == page.select_one(".prose > div")["lang"] == shown
    assert page.select_one("link[rel=canonical]")["href"] == SITE + PATHS[shown]
    there = ["fr", "en"] if shown == "fr" else ["en"]
    assert {code: url for code, url in alternates(page).items() if code != "x-default"} == {
        code: SITE + PATHS[code] for code in there
    }


@pytest.mark.parametrize("slug", ["lancement-de-la-strategie", "launch-of-the-strategy"])
def test_once_an_event_is_in_spanish_the_other_addresses_lead_to_its_own(client, slug):
    make_launch()
    response = client.get(f"/es/evenements/{slug}/")
    assert (response.status_code, response["Location"]) == (302, PATHS["es"])


def test_lists_mix_events_of_all_languages_and_mark_what_is_not_spanish(client):
    make_launch()
    make_launch(
        title_fr="Assemblée", slug_fr="assemblee", slug_en=None, **dict.fromkeys(SPANISH, "") | {"slug_es": None}
    )
    links = {words(link): link for link in soup(client.get("/es/evenements/")).select("main h3 a")}
    assert {name: link["href"] for name, link in links.items()} == {
        "Lanzamiento de la Estrategia": PATHS["es"],
        "Assemblée": "/es/evenements/assemblee/",
    }
    assert links["Lanzamiento de la Estrategia"].select("[lang]") == []
    assert links["Assemblée"].span["lang"] == "fr"


def test_the_demo_which_has_no_spanish_can_be_read_all_the_same(client):
    call_command("load_demo", verbosity=0)
    page = soup(client.get("/es/evenements/lancement-strategie-partenariat-mondial-petite-enfance/"))
    assert page.h1.span["lang"] == "fr"
    assert {code for code in alternates(page) if code != "x-default"} == {"fr", "en"}


def test_what_is_not_there_is_said_on_a_page_with_the_way_to_all_three_home_pages(client):
    response = client.get("/es/nada/")
    page = soup(response)
    assert (response.status_code, page.html["lang"]) == (404, "es")
    assert switch(page) == {"Français": "/fr/", "English": "/en/", "Español": None}
