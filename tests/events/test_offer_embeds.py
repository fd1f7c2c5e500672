"""A recording and the Facebook page are plain links; a script offers to show them in place, and the policy lets it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omep_site.lib import public
from pages.models import SocialLink
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

FILM = "https://youtu.be/dQw4w9WgXcQ"
PLAYER = "https://www.youtube-nocookie.com"


def path_of(event, language="en"):
    kind = {"fr": "evenements", "en": "events"}[language]
    return f"/{language}/{kind}/{getattr(event, f'slug_{language}')}/"


def past(**fields):
    return make_event(starts_at=timezone.now() - timedelta(days=7), **fields)


def frames_of(response) -> str:
    """What the security policy says of frames; "" where it says nothing, which then is 'none'."""
    directives = dict(each.strip().partition(" ")[::2] for each in response["Content-Security-Policy"].split(";"))
    assert directives["default-src"] == "'none'"
    return directives.get("frame-src", "")


@pytest.mark.parametrize(
    ("language", "link", "button", "note", "title", "close"),
    [
        (
            "fr",
            "Voir l’enregistrement (youtu.be)",
            "Regarder ici",
            "Charge le lecteur de YouTube (Google), qui connaîtra alors votre adresse IP et pourra déposer des cookies.",
            "Enregistrement sur YouTube",
            "Fermer le lecteur",
        ),
        (
            "en",
            "Watch the recording (youtu.be)",
            "Watch here",
            "Loads the player of YouTube (Google), which then learns your IP address and may set cookies.",
            "Recording on YouTube",
            "Close the player",
        ),
    ],
)
def test_a_recording_is_a_link_and_says_what_would_be_loaded(client, language, link, button, note, title, close):
    event = past(recording_url_fr=FILM, recording_url_en=FILM)

    section = soup(client.get(path_of(event, language))).select_one(".afterwards")
    assert [(words(each), each["href"]) for each in section.select("a")] == [(link, FILM)]
    [place] = section.select("[data-frame]")
    assert (place["data-frame"], place["data-title"]) == (f"{PLAYER}/embed/dQw4w9WgXcQ", title)
    offer, closing = place.select_one(".embed-offer"), place.select_one(".embed-close")
    assert (offer.has_attr("hidden"), closing.has_attr("hidden")) == (True, True)
    assert (words(offer.button), words(offer.p), words(closing)) == (button, note, close)
    assert offer.button["aria-describedby"] == offer.p["id"]


@pytest.mark.parametrize(
    "url", ["https://media.example.org/film", "https://peertube.example/w/1", "https://youtu.be/x"]
)
def test_what_no_player_is_known_for_stays_a_plain_link_and_no_frame_is_allowed(client, url):
    event = past(recording_url_en=url)

    response = client.get(path_of(event))
    assert [each["href"] for each in soup(response).select(".recording a")] == [url]
    assert (soup(response).select("[data-frame]"), frames_of(response)) == ([], "")


def test_the_policy_names_the_player_of_this_page_alone_also_when_the_page_was_kept(client):
    film = past(recording_url_en="https://vimeo.com/76979871", recording_url_fr=FILM)
    other = past()

    for _turn in range(2):
        assert frames_of(client.get(path_of(film))) == "https://player.vimeo.com"
        assert frames_of(client.get(path_of(film, "fr"))) == PLAYER
        assert frames_of(client.get(path_of(other))) == ""
    etag = client.get(path_of(film))["ETag"]
    unchanged = client.get(path_of(film), headers={"if-none-match": etag})
    assert (unchanged.status_code, frames_of(unchanged)) == (304, "https://player.vimeo.com")


def test_the_page_that_a_comment_with_a_fault_gets_lets_the_player_in_too(visitor):
    event = past(recording_url_en=FILM)

    response = visitor.post(f"/en/events/{event.pk}/comment/", {"name": "Zoé"})
    assert (response.status_code, frames_of(response)) == (422, PLAYER)


@pytest.mark.parametrize(
    ("language", "title", "button", "note"),
    [
        (
            "fr",
            "L’OMEP sur Facebook",
            "Afficher la page ici",
            "Charge la page depuis Facebook (Meta), qui connaîtra alors votre adresse IP et pourra déposer des cookies.",
        ),
        (
            "en",
            "OMEP on Facebook",
            "Show the page here",
            "Loads the page from Facebook (Meta), which then learns your IP address and may set cookies.",
        ),
    ],
)
def test_the_home_page_offers_the_facebook_page_of_the_sites_links(client, language, title, button, note):
    response = client.get(f"/{language}/")

    section = soup(response).select_one("section.facebook")
    assert words(section.h2) == title
    assert [(words(each), each["href"], each["rel"]) for each in section.select("a")] == [
        ("facebook.com/worldomep", "https://www.facebook.com/worldomep", ["noopener"])
    ]
    place = section.select_one("[data-frame]")
    assert place["data-frame"] == (
        "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fworldomep"
        "&tabs=timeline&height=500&small_header=true"
    )
    assert (place["data-title"], words(place.select_one(".embed-offer"))) == (title, f"{button} {note}")
    assert frames_of(response) == "https://www.facebook.com"


def test_without_a_facebook_page_among_the_links_the_home_page_has_no_place_for_one(client):
    SocialLink.objects.update(url="https://social.example/@omep")
    public.bump()

    response = client.get("/en/")
    assert (soup(response).select(".facebook, [data-frame]"), frames_of(response)) == ([], "")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_has_a_frame_or_anything_of_another_site_before_the_click(client, language):
    event = past(recording_url_fr=FILM, recording_url_en=FILM)

    for path in (f"/{language}/", path_of(event, language)):
        page = soup(client.get(path))
        assert page.select("iframe, frame, embed, object, video, audio, noscript") == []
        loaded = [node.get(name) for node in page.find_all(True) for name in ("src", "srcset", "data", "poster")]
        loaded += [link["href"] for link in page.select("link:not([rel=alternate], [rel=canonical])")]
        assert [each for each in loaded if each and not each.startswith("/static/")] == []
