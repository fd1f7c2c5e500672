"""The list of events, as somebody looks through it: by year, by subject, by words, page by page."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.db.models import prefetch_related_objects
from django.template import engines
from django.template.loader import render_to_string
from django.utils import timezone, translation

from events.models import Event, Subject
from events.reading import read
from omep_site.lib import public
from tests.factories import make_event
from tests.pages import alternates, soup, words

pytestmark = pytest.mark.django_db

LIST = {"fr": "/fr/evenements/", "en": "/en/events/"}
in_both = pytest.mark.parametrize("language", LIST)


def make_subject(**fields) -> Subject:
    return Subject.objects.create(**{"name_fr": "Jeu", "name_en": "Play", "slug_fr": "jeu", "slug_en": "play"} | fields)


def in_year(year, **fields):
    return make_event(starts_at=datetime(year, 6, 15, 10, tzinfo=UTC), **fields)


def titles(page) -> list[str]:
    return [words(each) for each in page.select("main h3")]


@pytest.fixture
def archive():
    """Two past years and something to come."""
    subject = make_subject()
    made = {
        "launch": in_year(2021, title_fr="Lancement de la Stratégie", title_en="Launch of the Strategy"),
        "games": in_year(2021, title_fr="Jeux d’été", title_en="Summer games"),
        "assembly": in_year(2023, title_fr="Assemblée mondiale", title_en="World Assembly"),
        "coming": make_event(title_fr="Semaine du jeu", title_en="Week of play"),
    }
    for name in ("games", "coming"):
        made[name].subjects.add(subject)
    return made


# --- The whole list ---------------------------------------------------------------------------------------------------


def test_coming_events_stand_first_then_past_ones_under_their_years(client, archive):
    page = soup(client.get("/fr/evenements/"))
    assert [words(each) for each in page.select("main h1, main h2, main h3")] == [
        "Événements",
        "Événements à venir",
        "Semaine du jeu",
        "Événements passés de 2023",
        "Assemblée mondiale",
        "Événements passés de 2021",
        "Jeux d’été",
        "Lancement de la Stratégie",
        "Les événements dans votre agenda",
    ]
    assert words(page.title) == "Événements – OMEP"
    assert page.select_one("meta[name=robots], .pages, .chosen") is None


def test_a_date_that_holds_no_longer_is_struck_out(client):
    for status in Event.EventStatus:
        make_event(title_fr=str(status), event_status=status)

    off = soup(client.get("/fr/evenements/")).select(".card-off h3")
    assert sorted(words(each) for each in off) == ["cancelled", "postponed"]


@in_both
def test_the_form_offers_the_years_and_the_subjects_that_have_something(client, archive, language):
    make_subject(name_fr="Brouillons", name_en="Drafts", slug_fr="b", slug_en="d").event_set.add(
        make_event(status="draft", starts_at=datetime(2001, 1, 1, tzinfo=UTC))
    )
    page = soup(client.get(LIST[language]))
    form = page.select_one("form.filters")
    assert (form["method"], form["action"], form["role"]) == ("get", LIST[language] + "#events", "search")
    options = {
        field["name"]: [(each["value"], words(each)) for each in field.select("option")]
        for field in form.select("select")
    }
    years = [str(year) for year in sorted({2021, 2023, (timezone.now() + timedelta(days=7)).year}, reverse=True)]
    assert options == {
        "year": [("", {"fr": "Toutes", "en": "All"}[language]), *zip(years, years, strict=True)],
        "subject": [
            ("", {"fr": "Tous", "en": "All"}[language]),
            {"fr": ("jeu", "Jeu"), "en": ("play", "Play")}[language],
        ],
    }
    assert [words(form.select_one(f"label[for={each}]")) for each in ("q", "year", "subject")] == {
        "fr": ["Rechercher", "Année", "Thème"],
        "en": ["Search", "Year", "Subject"],
    }[language]


def test_a_subject_without_a_name_in_this_language_is_marked(client):
    make_event().subjects.add(make_subject(name_en="", slug_en=None, name_fr="Éveil", slug_fr="eveil"))
    page = soup(client.get("/en/events/", {"subject": "eveil"}))
    option = page.select_one("#subject option[selected]")
    assert (option["value"], option["lang"], words(option)) == ("eveil", "fr", "Éveil")
    assert str(page.h1) == '<h1>Events: <span dir="ltr" lang="fr">Éveil</span></h1>'


def test_without_any_event_there_is_nothing_to_filter(client):
    page = soup(client.get("/en/events/"))
    assert page.select("form.filters") == []
    assert [words(each) for each in page.select(".empty")] == [
        "No event is announced at the moment. The newsletter tells you of the next one.",
        "There is no past event yet.",
    ]


def test_a_year_is_that_of_the_events_own_clock(client):
    """At eight in the morning in Auckland it is still last year in Paris."""
    make_event(title_en="New year", timezone="Pacific/Auckland", starts_at=datetime(2021, 12, 31, 19, tzinfo=UTC))
    make_event(title_en="Old year", timezone="Europe/Paris", starts_at=datetime(2021, 12, 31, 20, tzinfo=UTC))
    make_event(title_en="Old day", timezone="Pacific/Auckland", starts_at=datetime(2021, 12, 31, 9, tzinfo=UTC))
    assert titles(soup(client.get("/en/events/?year=2022"))) == ["New year"]
    assert titles(soup(client.get("/en/events/?year=2021"))) == ["Old year", "Old day"]
    page = soup(client.get("/en/events/"))
    assert [words(each) for each in page.select(".year")] == ["Past events of 2022", "Past events of 2021"]
    assert titles(page) == ["New year", "Old year", "Old day"]


# --- Filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "heading", "count", "found"),
    [
        (
            "/fr/evenements/?year=2021",
            "Événements de 2021",
            "2 événements",
            ["Jeux d’été", "Lancement de la Stratégie"],
        ),
        ("/en/events/?year=2023", "Events of 2023", "1 event", ["World Assembly"]),
        ("/fr/evenements/?subject=jeu", "Événements : Jeu", "2 événements", ["Semaine du jeu", "Jeux d’été"]),
        ("/en/events/?subject=play&year=2021", "Events of 2021: Play", "1 event", ["Summer games"]),
        (
            "/fr/evenements/?q=strategies",
            "Recherche : « strategies »",
            "1 événement",
            ["Lancement de la Stratégie"],
        ),
        ("/en/events/?q=stratégie", "Search: “stratégie”", "1 event", ["Launch of the Strategy"]),
        ("/en/events/?q=game&year=2021&subject=play", "Search: “game”", "1 event", ["Summer games"]),
    ],
)
def test_a_filter_shows_one_list_and_says_how_long_it_is(client, archive, path, heading, count, found):
    page = soup(client.get(path))
    assert (words(page.h1), words(page.title)) == (heading, f"{heading} – OMEP")
    assert (words(page.select_one("#found")), titles(page)) == (count, found)
    assert page.select(".years, [aria-labelledby=coming], .nothing") == []


def test_each_filter_is_taken_away_by_a_link(client, archive):
    page = soup(client.get("/fr/evenements/?q=été&year=2021&subject=jeu"))
    assert [(words(each), each["href"]) for each in page.select(".chosen a")] == [
        ("Retirer : « été » ×", "/fr/evenements/?year=2021&subject=jeu"),
        ("Retirer : 2021 ×", "/fr/evenements/?q=%C3%A9t%C3%A9&subject=jeu"),
        ("Retirer : Jeu ×", "/fr/evenements/?q=%C3%A9t%C3%A9&year=2021"),
    ]
    chosen = page.select("form.filters [selected]")
    assert (page.select_one("#q")["value"], [each["value"] for each in chosen]) == ("été", ["2021", "jeu"])


def test_the_language_switch_keeps_what_was_chosen(client, archive):
    page = soup(client.get("/fr/evenements/?subject=jeu&q=été&year=2021"))
    assert page.select_one(".languages a")["href"] == "/en/events/?q=%C3%A9t%C3%A9&year=2021&subject=play"
    assert titles(soup(client.get(page.select_one(".languages a")["href"]))) == ["Summer games"]


def test_a_subject_is_known_by_its_address_in_any_language(client, archive):
    page = soup(client.get("/en/events/?subject=jeu"))
    assert titles(page) == ["Week of play", "Summer games"]
    assert page.select_one("link[rel=canonical]")["href"] == "https://events.example.org/en/events/?subject=play"


def test_filtered_lists_are_announced_to_search_engines_and_searches_are_not(client, archive):
    site = "https://events.example.org"
    page = soup(client.get("/en/events/?year=2021&subject=play"))
    assert page.select_one("link[rel=canonical]")["href"] == f"{site}/en/events/?year=2021&subject=play"
    french = f"{site}/fr/evenements/?year=2021&subject=jeu"
    assert alternates(page) == {
        "fr": french,
        "en": f"{site}/en/events/?year=2021&subject=play",
        "x-default": french,
    }
    assert page.select("meta[name=robots]") == []

    page = soup(client.get("/en/events/?q=play"))
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert (page.select("link[rel=canonical]"), alternates(page)) == ([], {})
    assert soup(client.get("/en/events/?year=1999")).select_one("meta[name=robots]")["content"] == "noindex"


def test_what_is_not_public_is_neither_found_nor_named(client, archive):
    secret = make_subject(name_fr="Secret", name_en="Secret", slug_fr="secret", slug_en="secret")
    for fields in ({"status": "draft"}, {"publish_at": timezone.now() + timedelta(days=1)}):
        in_year(2002, title_fr="Caché", title_en="Hidden", **fields).subjects.add(secret)
    for query in ("q=hidden", "q=caché", "year=2002", "subject=secret"):
        page = soup(client.get(f"/en/events/?{query}"))
        assert (words(page.select_one("#found")), titles(page)) == ("No event was found.", [])
        assert "Secret" not in words(page)
        assert page.select_one('option[value="2002"]') is None


def test_what_is_typed_is_shown_as_typed(client, archive):
    page = soup(client.get("/fr/evenements/", {"q": '<b>"&\u202e\n été', "subject": '"><img src=x>'}))
    assert page.select_one("#q")["value"] == '<b>"& été'
    assert words(page.h1) == 'Recherche : « <b>"& été »'
    assert [words(each) for each in page.select(".chosen a")][1] == 'Retirer : "><img src=x> ×'
    assert page.select("img, main b") == []


# --- Nothing found ----------------------------------------------------------------------------------------------------


def help_of(page) -> list[tuple[str, str]]:
    return [(words(each), each.a["href"]) for each in page.select(".nothing > ul li")]


def test_where_no_year_fits_the_nearest_one_does(client, archive):
    page = soup(client.get("/fr/evenements/?year=2022"))
    assert words(page.select_one(".nothing p")) == "Aucun événement ne réunit tout ce qui a été choisi."
    assert help_of(page) == [
        ("L’année la plus proche : 2023 (1 événement)", "/fr/evenements/?year=2023#events"),
        ("Tous les événements", "/fr/evenements/"),
    ]


def test_where_the_filters_exclude_each_other_one_less_helps(client, archive):
    in_year(2019, title_en="Play in winter").subjects.add(Subject.objects.get())
    coming = (timezone.now() + timedelta(days=7)).year
    page = soup(client.get("/en/events/?year=2023&subject=play"))
    nearest = min(2021, coming, key=lambda year: abs(year - 2023))
    assert help_of(page) == [
        (f"The nearest year: {nearest} (1 event)", f"/en/events/?year={nearest}&subject=play#events"),
        ("In all years (3 events)", "/en/events/?subject=play#events"),
        ("On all subjects (1 event)", "/en/events/?year=2023#events"),
        ("All events", "/en/events/"),
    ]
    page = soup(client.get("/en/events/?q=boulangerie&subject=play"))
    assert help_of(page) == [
        ("Without these words (3 events)", "/en/events/?subject=play#events"),
        ("All events", "/en/events/"),
    ]


def test_words_that_nothing_has_lead_to_the_subjects_and_the_newsletter(client, archive):
    page = soup(client.get("/fr/evenements/?q=boulangerie"))
    assert [words(each) for each in page.select(".nothing > p")] == [
        "Chaque mot doit figurer sur la page d’un événement, quelle qu’en soit la langue. Vérifiez l’orthographe, ou "
        "essayez avec moins de mots.",
        "Ou cherchez-les par thème :",
        "Est-il encore à venir ? La Lettre vous annonce les nouveaux événements.",
    ]
    links = [(words(each), each["href"]) for each in page.select(".nothing .subjects a, .nothing > p a")]
    assert links == [("Jeu", "/fr/evenements/?subject=jeu"), ("La Lettre", "#newsletter-form")]
    assert page.select_one("#newsletter-form") is not None


@in_both
def test_a_subject_that_does_not_exist_is_no_error(client, archive, language):
    response = client.get(LIST[language], {"subject": "inconnu"})
    page = soup(response)
    assert (response.status_code, help_of(page)[-1][1]) == (200, LIST[language])
    assert (
        words(page.select_one(".nothing p"))
        == {
            "fr": "Ce thème n’existe pas, ou n’existe plus.",
            "en": "There is no such subject, or not any more.",
        }[language]
    )


# --- Junk -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["soon", "21", "20211", "0000", "-2021", "2021.5", "２０２１", "٢٠٢١", " ", "2021'"])
def test_a_year_that_is_none_asks_for_nothing(client, archive, year):
    page = soup(client.get("/en/events/", {"year": year}))
    assert (words(page.h1), len(titles(page))) == ("Events", 4)
    assert page.select_one("link[rel=canonical]")["href"] == "https://events.example.org/en/events/"


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "é" * 5000,
        "q=" + "a+" * 5000,
        "q=%FF%FE&subject=%FF",
        "q=%25%5F%5C&subject=%27",
        "q=%ED%A0%80",
        "q=a&q=b&year=2021&year=2023&subject=jeu&subject=x&page=1&page=1",
        "q[]=a&year[$ne]=1",
        "subject=" + "x" * 10000,
        "q=%F0%9F%8E%89",
        "year=9999",
        "&&==&q",
    ],
)
@in_both
def test_junk_is_harmless(client, archive, query, language):
    response = client.get(f"{LIST[language]}?{query}")
    assert (response.status_code, soup(response).html["lang"]) == (200, language)
    assert len(soup(response).select_one("#q")["value"]) <= 100


def test_the_last_of_a_repeated_parameter_counts(client, archive):
    assert titles(soup(client.get("/en/events/?year=2021&year=2023"))) == ["World Assembly"]


@pytest.mark.parametrize("page", ["0", "-1", "2", "999999", "9" * 400, "x", "1.0", "+1", "01", "٢", "²", "1;2"])
@pytest.mark.parametrize(
    ("path", "sentence"),
    [("/fr/evenements/", "Page introuvable"), ("/en/events/?year=2021", "Page not found")],
)
def test_a_page_that_does_not_exist_is_not_found_in_the_lists_language(client, archive, path, sentence, page):
    response = client.get(f"{path}{'&' if '?' in path else '?'}page={quote(page)}")
    assert (response.status_code, words(soup(response).h1)) == (404, sentence)


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def many():
    """45 past events, newest first, and one to come."""
    subject = make_subject()
    for number in range(45):
        event = make_event(
            title_en=f"Event {number}",
            title_fr=f"Événement {number}",
            starts_at=datetime(2021, 6, 1, tzinfo=UTC) - timedelta(days=number),
        )
        event.subjects.add(subject)
    make_event(title_en="Coming", title_fr="À venir").subjects.add(subject)


def test_past_events_come_twenty_a_page(client, many):
    pages = [soup(client.get(f"/en/events/{query}")) for query in ("", "?page=2", "?page=3")]
    numbers = [f"Event {number}" for number in range(45)]
    assert [titles(page) for page in pages] == [["Coming", *numbers[:20]], numbers[20:40], numbers[40:]]
    assert [words(page.title) for page in pages] == ["Events – OMEP", "Events, page 2 – OMEP", "Events, page 3 – OMEP"]
    assert [words(page.select_one(".pages")) for page in pages] == [
        "Page 1 of 3 Next page",
        "Previous page Page 2 of 3 Next page",
        "Previous page Page 3 of 3",
    ]
    assert [page.select_one("link[rel=canonical]")["href"].rpartition("/")[2] for page in pages] == [
        "",
        "?page=2",
        "?page=3",
    ]


@pytest.mark.parametrize(
    ("path", "here", "there"),
    [
        ("/fr/evenements/?subject=jeu&q=événement&page=2", "?q=%C3%A9v%C3%A9nement&subject=jeu", "subject=play"),
        ("/en/events/?year=2021&subject=play&page=2", "?year=2021&subject=play", "subject=jeu"),
    ],
)
def test_pages_keep_what_was_chosen(client, many, path, here, there):
    page = soup(client.get(path))
    base = path.partition("?")[0] + here
    links = {each["rel"][0]: each["href"] for each in page.select(".pages a")}
    assert links == {"prev": f"{base}#events", "next": f"{base}&page=3#events"}
    heads = {rel: page.select_one(f"head link[rel={rel}]")["href"] for rel in ("prev", "next")}
    assert heads == {rel: f"https://events.example.org{url.removesuffix('#events')}" for rel, url in links.items()}
    switch = page.select_one(".languages a")["href"]
    assert (there in switch, switch.endswith("&page=2")) == (True, True)
    assert [each.removeprefix("Événement").removeprefix("Event") for each in titles(page)] == [
        each.removeprefix("Événement").removeprefix("Event") for each in titles(soup(client.get(switch)))
    ]


def test_the_first_page_has_one_address(client, many):
    page = soup(client.get("/en/events/?page=2"))
    assert page.select_one(".pages a[rel=prev]")["href"] == "/en/events/#past"
    assert soup(client.get("/en/events/?page=1")).select_one("link[rel=canonical]")["href"].endswith("/en/events/")


def test_the_number_of_events_is_the_same_on_every_page(client, many):
    found = [soup(client.get(f"/fr/evenements/?subject=jeu&page={number}")) for number in (1, 2, 3)]
    assert [words(page.select_one("#found")) for page in found] == ["46 événements"] * 3
    assert [len(titles(page)) for page in found] == [21, 20, 5]


# --- What it costs ----------------------------------------------------------------------------------------------------

# The version and the clock; then: which years there are, the subjects, what comes, how many were, those of the page, and
# how many comments all of them have.
COSTS = {"": 8, "?year=2021": 8, "?q=event&subject=play": 8, "?year=2021&page=1": 8, "?q=zzzz": 6}


@pytest.mark.parametrize("count", [1, 60])
@pytest.mark.parametrize("query", COSTS)
def test_a_list_costs_as_many_queries_however_long_it_is(client, django_assert_num_queries, query, count):
    subject = make_subject()
    for number in range(count):
        in_year(2021, title_en=f"Event {number}").subjects.add(subject)
        make_event(title_en=f"Coming {number}")
    with django_assert_num_queries(COSTS[query]):
        assert client.get(f"/en/events/{query}").status_code == 200


def test_a_list_is_kept_and_an_answer_to_a_search_is_not(client, archive, django_assert_num_queries):
    kept = ["", "?year=2021", "?subject=play", "?subject=play&year=2021", "?q=&year=2021&subject="]
    passing = [
        "?q=play",
        "?q=+",
        "?year=1999",
        "?year=soon",
        "?year=02021",
        "?subject=jeu",
        "?subject=unknown",
        "?year=2021&year=2021",
        "?page=&page=",
        "?page=1",
        "?year=+2021",
    ]
    for query in [*kept, *passing]:
        assert client.get(f"/en/events/{query}").status_code == 200
    assert [len(key[-1]) for key in public.shelf.now.pages] == [0, 1, 1, 2, 3]
    with django_assert_num_queries(0):
        assert [client.get(f"/en/events/{query}").status_code for query in kept] == [200] * 5


def test_a_flood_of_searches_takes_no_place(client, archive):
    client.get("/en/events/")
    before = (len(public.shelf.now.pages), public.shelf.now.bytes)
    for number in range(60):
        client.get(f"/en/events/?q=word{number}")
        client.get(f"/en/events/?year={3000 + number}&subject=s{number}")
        client.get(f"/en/events/?page={number + 2}")
    assert (len(public.shelf.now.pages), public.shelf.now.bytes) == before


def test_an_answer_to_a_search_has_its_etag_and_its_compression(client, archive):
    first = client.get("/en/events/?q=play", headers={"accept-encoding": "br"})
    known = {"accept-encoding": "br", "if-none-match": first["ETag"]}
    assert (first["Content-Encoding"], first["Cache-Control"]) == ("br", "public, max-age=0")
    assert client.get("/en/events/?q=play", headers=known).status_code == 304
    assert client.get("/en/events/?q=game", headers=known).status_code == 200


# --- From other pages -------------------------------------------------------------------------------------------------


def rendered(text, **context):
    template = engines["django"].from_string("{% load event_lists %}" + text)
    return BeautifulSoup(template.render(context), "html.parser")


SUBJECTS = '{% public_subjects as subjects %}{% include "events/_subjects.html" %}'
OWN = '{% subjects_of reading as subjects %}{% include "events/_subjects.html" %}'
RELATED = '{% related_to reading as related %}{% include "events/_related.html" %}'


@in_both
def test_the_subjects_of_public_events_lead_to_their_lists_in_the_order_of_their_names(archive, language):
    in_year(2020).subjects.add(make_subject(name_fr="Éveil", name_en="", slug_fr="eveil", slug_en=None))
    make_subject(name_fr="Vide", name_en="Empty", slug_fr="vide", slug_en="empty")
    with translation.override(language):
        page = rendered(SUBJECTS)
    assert [(words(each), each["href"]) for each in page.select("a")] == {
        "fr": [("Éveil", "/fr/evenements/?subject=eveil"), ("Jeu", "/fr/evenements/?subject=jeu")],
        "en": [("Éveil", "/en/events/?subject=eveil"), ("Play", "/en/events/?subject=play")],
    }[language]
    assert page.nav["aria-label"] == {"fr": "Événements par thème", "en": "Events by subject"}[language]


def test_an_event_leads_to_the_lists_of_its_subjects(archive):
    make_subject(name_fr="Autre", name_en="Other", slug_fr="autre", slug_en="other").event_set.add(archive["launch"])
    assert [words(each) for each in rendered(OWN, reading=read(archive["games"], "fr")).select("a")] == ["Jeu"]
    assert rendered(OWN, reading=read(archive["assembly"], "fr")).select("*") == []


@pytest.mark.parametrize("count", [1, 20])
def test_an_event_shows_three_others_on_its_subjects_those_to_come_first(archive, django_assert_num_queries, count):
    subject = Subject.objects.get()
    other = make_subject(name_fr="Été", name_en="Summer", slug_fr="ete", slug_en="summer")
    archive["games"].subjects.add(other)
    for number in range(count):
        in_year(1990 + number, title_fr=f"Ancien {1990 + number}").subjects.add(subject, other)
    make_event(title_fr="Caché", status="draft").subjects.add(subject)
    reading = read(archive["games"], "fr")
    prefetch_related_objects([reading.event], "subjects")  # as its page does, which knows the version
    public.version()
    with django_assert_num_queries(2):  # the events, the number of their comments
        page = rendered(RELATED, reading=reading)
    newest = [f"Ancien {1989 + count}", f"Ancien {1988 + count}"][: min(count, 2)]
    assert [words(each) for each in page.select("h3")] == ["Semaine du jeu", *newest]
    assert words(page.h2) == "Sur le même thème"
    assert rendered(RELATED, reading=read(archive["assembly"], "fr")).select("*") == []


def test_a_deleted_subject_leaves_its_events(client, archive):
    Subject.objects.get().delete()
    public.bump()
    page = soup(client.get("/en/events/"))
    assert (len(titles(page)), page.select("#subject")) == (4, [])
    assert soup(client.get("/en/events/?subject=play")).select_one(".nothing") is not None
    assert render_to_string("events/_subjects.html", {"subjects": []}).strip() == ""
