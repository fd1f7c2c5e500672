"""Every part of a page that is in another language than the page says so (WCAG 3.1.2), whoever wrote it."""

import pytest

from events.models import Event, EventSubject, Partner, Subject
from omep_site.lib import public
from omep_site.lib.links import in_every_language, path_in
from pages import site
from pages.models import SiteTexts
from tests.comments.factories import make_comment, send
from tests.factories import LONG_AGO, make_event
from tests.pages import soup
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db

OTHER = {"fr": "en", "en": "fr"}
SAID = "ÉTÉ"  # stands in every word that a test writes, in one language only


@pytest.fixture(autouse=True)
def _fresh():
    site.forget()


def in_one(language: str, **texts) -> dict:
    """Fields of a row that is written in one language alone."""
    return {f"{name}_{code}": text if code == language else "" for name, text in texts.items() for code in OTHER}


def write_everything_in(language: str, **fields) -> Event:
    """An event, its rows, a page and the words of the site, all in one language."""
    slugs = {f"slug_{language}": "ete", f"slug_{OTHER[language]}": None}
    said = {name: f"{SAID} {name}" for name in ("title", "summary", "place", "registration_label", "credit")}
    said |= {name: f"{SAID} {name}" for name in ("strategies_title", "objectives_title")}
    said |= {"body": f"<p>{SAID}</p>", "transcript": f"<p>{SAID}</p>"}
    said["recording_url"] = "https://video.example.org/1"
    event = make_event(**slugs, **in_one(language, **said), registration_url="https://example.org/", **fields)
    for rows in (event.strategies, event.objectives):
        rows.create(**in_one(language, text=SAID))
    for position in (1, 2):
        event.pictures.create(
            file=f"pictures/{position}.jpg", width=9, height=9, **in_one(language, alt=SAID, caption=SAID)
        )
    event.documents.create(**in_one(language, title=SAID, url="https://example.org/a.pdf"))
    event.speakers.create(name="Zoé", **in_one(language, role=SAID))
    partner = Partner.objects.create(name="ONG", **in_one(language, full_name=SAID))
    event.eventpartner_set.create(partner=partner)
    slugs = {f"slug_{language}": "matiere", f"slug_{OTHER[language]}": None}
    subject = Subject.objects.create(**in_one(language, name=SAID), **slugs)
    EventSubject.objects.create(event=event, subject=subject)
    make_comment(event=event, status="approved", language=language, body=SAID)
    slugs = {f"slug_{language}": "page-ete", f"slug_{OTHER[language]}": None}
    make_page(**in_one(language, title=SAID, body=f"<p>{SAID}</p>"), **slugs)
    row = SiteTexts.objects.get()
    texts = ("tagline", "home_title", "home_introduction", "about", "contact")
    for name, text in in_one(language, **dict.fromkeys(texts, SAID)).items():
        setattr(row, name, text)
    row.save()
    row.links.all().delete()
    row.links.create(url="https://example.org/lien", **in_one(language, label=SAID))
    public.bump()
    return event


def languages_said(page) -> set[str]:
    """Of the nearest element with a `lang`, for each text and each attribute with words of the other language."""
    texts = page.find_all(string=lambda text: SAID in text)
    found = [text.parent for text in texts if not text.find_parent(["title", "script", "style"])]
    for attribute in ("alt", "title", "aria-label", "placeholder", "label"):
        found += page.body.find_all(attrs={attribute: lambda value: value and SAID in value})
    assert found
    return {(tag if tag.has_attr("lang") else tag.find_parent(attrs={"lang": True}))["lang"] for tag in found}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("fields", [{}, {"starts_at": LONG_AGO}], ids=["coming", "past"])
def test_what_is_written_in_the_other_language_only_says_so_on_every_page(client, language, fields):
    event = write_everything_in(OTHER[language], **fields)
    paths = [
        f"/{language}/",
        path_in(language, "events:list"),
        path_in(language, "events:list") + "?subject=matiere",
        path_in(language, "events:list") + "?page=1",
        path_in(language, "events:month", month=f"{event.starts_at:%Y-%m}"),
        path_in(language, "events:detail", slug="ete"),
        f"/{language}/page-ete/",
        path_in(language, "newsletter:subscribe"),
    ]
    for path in paths:
        response = client.get(path)
        page = soup(response)
        assert (path, response.status_code, page.html["lang"]) == (path, 200, language)
        assert (path, languages_said(page)) == (path, {OTHER[language]})
    assert languages_said(soup(client.get(f"/{language}/nowhere/"))) == {OTHER[language]}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_so_does_the_title_of_the_window_unless_an_error_opens_it(client, language):
    event = write_everything_in(OTHER[language])
    for path in (path_in(language, "events:detail", slug="ete"), f"/{language}/page-ete/"):
        title = soup(client.get(path)).title
        assert (title["lang"], title["dir"], SAID in title.get_text()) == (OTHER[language], "ltr", True)
    with_error = soup(send(client, event, language, body="")).title
    assert (with_error.attrs, SAID in with_error.get_text()) == ({}, True)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_in_its_own_language_nothing_is_marked(client, language):
    write_everything_in(language)
    page = soup(client.get(path_in(language, "events:detail", slug="ete")))
    assert languages_said(page) == {language}
    assert {tag["lang"] for tag in page.select("main [lang], title[lang]")} == set()


def test_the_way_to_another_language_is_written_in_it(client):
    for each in in_every_language("events:home"):
        links = soup(client.get(each.path)).select("nav.languages [lang]")
        assert [(link["lang"], link.get_text()) for link in links] == [("fr", "Français"), ("en", "English")]
