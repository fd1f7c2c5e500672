"""What networks and messengers show when somebody shares a page."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from omep_site.lib import public
from omep_site.lib.links import locale_of
from pages import site
from pages.models import SiteTexts
from tests.factories import make_event
from tests.pages import soup
from tests.pages_app.factories import FRENCH_ONLY, make_page

pytestmark = pytest.mark.django_db

SITE = "https://events.example.org"
START = datetime(2027, 12, 6, 12, 30, tzinfo=UTC)
NO_ENGLISH = {"title_en": "", "slug_en": None, "summary_en": "", "body_en": ""}


@pytest.fixture(autouse=True)
def _fresh():
    site.forget()


def told(client, path) -> list[tuple[str, str]]:
    page = soup(client.get(path))
    tags = page.select('head meta[property^="og:"], head meta[name^="twitter:"]')
    return [(tag.get("property") or tag["name"], tag["content"]) for tag in tags]


def test_an_event_is_told_with_its_words_and_the_picture_that_is_drawn_of_it(client):
    make_event(
        title_fr='L\'été : la "fête" & nous', slug_fr="ete", slug_en="summer", starts_at=START, summary_fr="Où ? Ici."
    )
    assert told(client, "/fr/evenements/ete/") == [
        ("og:type", "article"),
        ("og:site_name", "OMEP"),
        ("og:title", "L’été\xa0: la «\u202ffête\u202f» & nous"),
        ("og:description", "Où\u202f? Ici."),
        ("og:url", f"{SITE}/fr/evenements/ete/"),
        ("og:locale", "fr_FR"),
        ("og:locale:alternate", "en_GB"),
        ("og:image", f"{SITE}/fr/evenements/ete.png?v=0"),
        ("og:image:type", "image/png"),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "L’été\xa0: la «\u202ffête\u202f» & nous, lundi 6\xa0décembre\xa02027"),
        ("twitter:card", "summary_large_image"),
    ]


def test_in_english_it_is_told_in_english(client):
    make_event(title_en="Summer's day", slug_fr="ete", slug_en="summer", starts_at=START)
    found = dict(told(client, "/en/events/summer/"))
    assert found["og:title"] == "Summer’s day"
    assert found["og:url"] == f"{SITE}/en/events/summer/"
    assert (found["og:locale"], found["og:locale:alternate"]) == ("en_GB", "fr_FR")
    assert found["og:image"] == f"{SITE}/en/events/summer.png?v=0"
    assert found["og:image:alt"] == "Summer’s day, Monday 6\xa0December\xa02027"


def test_an_event_that_moves_has_a_new_picture(client):
    event = make_event(slug_fr="ete", starts_at=START)
    event.ends_at = event.ends_at.replace(minute=45)
    event.save()
    assert dict(told(client, "/fr/evenements/ete/"))["og:image"] == f"{SITE}/fr/evenements/ete.png?v=1"
    assert client.get("/fr/evenements/ete.png?v=1").status_code == 200


@pytest.mark.parametrize(
    ("name", "fields", "kind", "alt"),
    [
        ("a.jpg", {"alt_fr": "Des enfants dans l'herbe"}, "image/jpeg", "Des enfants dans l’herbe"),
        ("a.png", {"alt_fr": "Été", "alt_en": "Summer"}, "image/png", "Été"),
        ("a.jpg", {"alt_en": "Children's games"}, "image/jpeg", "Children’s games"),
        ("a.jpg", {"decorative": True, "alt_fr": "un fond"}, "image/jpeg", "La fête"),
    ],
)
def test_the_photograph_that_opens_a_page_is_the_one_that_is_told(client, name, fields, kind, alt):
    event = make_event(title_fr="La fête")
    event.pictures.create(file="pictures/b.jpg", width=9, height=9, alt_fr="seconde", position=2)
    event.pictures.create(file=f"pictures/{name}", width=1600, height=900, position=1, **fields)
    found = dict(told(client, f"/fr/evenements/{event.slug_fr}/"))
    assert found["og:image"] == f"{SITE}/media/pictures/{name}"
    assert [found[f"og:image:{each}"] for each in ("type", "width", "height", "alt")] == [kind, "1600", "900", alt]


def test_a_title_that_cannot_be_drawn_leaves_the_logo_and_without_one_no_picture(client, uploads):
    event = make_event(title_fr="لقاء الطفولة")
    path = f"/fr/evenements/{event.slug_fr}/"
    assert told(client, path)[-2:] == [("og:locale:alternate", "en_GB"), ("twitter:card", "summary")]

    file = BytesIO()
    Image.new("RGB", (240, 80)).save(file, "WEBP")
    default_storage.save("site/logo.webp", ContentFile(file.getvalue()))
    row = SiteTexts.objects.get()
    row.logo = "site/logo.webp"
    row.save()
    public.bump()
    logo = [
        ("og:image", f"{SITE}/media/site/logo.webp"),
        ("og:image:width", "240"),
        ("og:image:height", "80"),
        ("og:image:alt", "OMEP"),
        ("twitter:card", "summary"),
    ]
    assert told(client, path)[-5:] == told(client, "/en/")[-5:] == logo


def test_home_list_and_pages_are_told_with_what_their_head_says(client):
    page = make_page(title_fr="Notre équipe", slug_fr="equipe", slug_en="team")
    home, events, free = (dict(told(client, path)) for path in ("/fr/", "/en/events/", "/fr/equipe/"))
    assert (home["og:type"], home["og:url"]) == ("website", f"{SITE}/fr/")
    assert home["og:title"] == "OMEP – Organisation mondiale pour l’éducation préscolaire"
    assert home["og:description"].startswith("Lancements, séminaires, assemblées\xa0: les événements de l’Organisation")
    assert (events["og:type"], events["og:title"], events["og:url"]) == ("website", "Events", f"{SITE}/en/events/")
    assert (free["og:type"], free["og:title"], free["og:url"]) == ("article", "Notre équipe", f"{SITE}/fr/equipe/")
    assert free["og:description"] == "Des mots à nous. Et un autre."
    assert page.title_fr == "Notre équipe"


@pytest.mark.parametrize("path", ["/en/events/ete/", "/en/equipe/"])
def test_a_page_that_is_not_translated_is_told_of_as_what_it_is_a_copy_of(client, path):
    make_event(slug_fr="ete", **NO_ENGLISH)
    make_page(slug_fr="equipe", **FRENCH_ONLY)
    found = dict(told(client, path))
    assert found["og:url"] == SITE + path.replace("/en/events/", "/fr/evenements/").replace("/en/", "/fr/")
    assert found["og:locale"] == "fr_FR"
    assert "og:locale:alternate" not in found


@pytest.mark.parametrize("path", ["/fr/nulle-part/", "/fr/lettre/merci/", "/en/events/?q=nothing", "/en/preview/x/"])
def test_what_is_not_to_be_found_is_not_told(client, path):
    assert told(client, path) == []


def test_the_picture_is_kept_like_a_page_and_not_compressed(client):
    make_event(slug_fr="ete")
    response = client.get("/fr/evenements/ete.png", headers={"accept-encoding": "br"})
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    assert (response["Content-Type"], response.get("Content-Encoding")) == ("image/png", None)
    assert (response["Cache-Control"], len(response.cookies)) == (
        "public, max-age=0, s-maxage=1, stale-if-error=3600",
        0,
    )
    assert client.get("/fr/evenements/ete.png", headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.post("/fr/evenements/ete.png").status_code == 405


def test_the_picture_leads_on_from_a_former_address_and_goes_with_its_page(client):
    event = make_event(slug_en="before")
    event.slug_en = "after"
    event.save()
    response = client.get("/en/events/before.png")
    assert (response.status_code, response["Location"]) == (301, "/en/events/after.png")
    event.withdraw()
    assert client.get("/en/events/after.png").status_code == 404


def test_no_picture_is_handed_out_that_cannot_be_drawn(client):
    make_event(title_fr="لقاء الطفولة", slug_fr="liqa")
    assert client.get("/fr/evenements/liqa.png").status_code == 404


@pytest.mark.parametrize(
    ("language", "locale"), [("fr", "fr_FR"), ("en", "en_GB"), ("es", "es_ES"), ("pt-br", "pt_BR")]
)
def test_networks_know_a_language_by_a_country(language, locale):
    assert locale_of(language) == locale
