"""The links by which an event is shared: plain ones, which load nothing and tell nobody of a visit."""

import pytest
from django.utils import translation

from events.reading import read
from events.sharing import ShareLink, share_links
from omep_site.lib.links import path_in
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

FRENCH_URL = "https%3A%2F%2Fevents.example.org%2Ffr%2Fevenements%2Fete%2F"
ENGLISH_URL = "https%3A%2F%2Fevents.example.org%2Fen%2Fevents%2Fsummer%2F"
EVENT = {
    "title_fr": "L'été à l'école : fête & jeux",
    "summary_fr": "Où ?\nIci.",
    "slug_fr": "ete",
    "title_en": "Zoé's summer: games & more",
    "summary_en": "Come + see\nus.",
    "slug_en": "summer",
}


def links(language, **fields) -> list[ShareLink]:
    with translation.override(language):
        return share_links(read(make_event(**EVENT | fields), language))


def test_in_french_to_the_character():
    title = "L%E2%80%99%C3%A9t%C3%A9%20%C3%A0%20l%E2%80%99%C3%A9cole%C2%A0%3A%20f%C3%AAte%20%26%20jeux"
    assert links("fr") == [
        ShareLink("Par e-mail", f"mailto:?subject={title}&body=O%C3%B9%E2%80%AF%3F%20Ici.%0D%0A%0D%0A{FRENCH_URL}"),
        ShareLink("WhatsApp", f"https://wa.me/?text={title}%0A{FRENCH_URL}"),
        ShareLink("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={FRENCH_URL}"),
        ShareLink("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={FRENCH_URL}"),
    ]


def test_in_english_to_the_character():
    title = "Zo%C3%A9%E2%80%99s%20summer%3A%20games%20%26%20more"
    assert links("en") == [
        ShareLink("By e-mail", f"mailto:?subject={title}&body=Come%20%2B%20see%20us.%0D%0A%0D%0A{ENGLISH_URL}"),
        ShareLink("WhatsApp", f"https://wa.me/?text={title}%0A{ENGLISH_URL}"),
        ShareLink("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={ENGLISH_URL}"),
        ShareLink("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={ENGLISH_URL}"),
    ]


def test_no_title_can_add_a_field_to_a_mail():
    (mail, *_others) = links("fr", title_fr="Été\r\nBcc: x@example.org&cc=y@example.org")
    assert mail.url.startswith(
        "mailto:?subject=%C3%89t%C3%A9%20Bcc%C2%A0%3A%20x%40example.org%26cc%3Dy%40example.org&body="
    )


def test_a_page_that_is_not_translated_is_shared_as_what_it_is_a_copy_of():
    found = links("en", title_en="", summary_en="", slug_en=None, body_en="")
    assert found[2].url == f"https://www.facebook.com/sharer/sharer.php?u={FRENCH_URL}"


@pytest.mark.parametrize(("language", "heading"), [("fr", "Partager cet événement"), ("en", "Share this event")])
def test_the_page_has_them_under_a_heading_without_a_script(client, language, heading):
    event = make_event(**EVENT)
    page = soup(client.get(path_in(language, "events:detail", slug=getattr(event, f"slug_{language}"))))
    block = page.select_one("section.share")
    with translation.override(language):
        expected = [(link.name, link.url) for link in share_links(read(event, language))]
    assert words(page.find(id=block["aria-labelledby"])) == heading
    assert [(words(link), link["href"]) for link in block.select("ul > li > a")] == expected
    assert block.select("script, img, iframe, [onclick], [style]") == []
    assert {tuple(link["rel"]) for link in block.select("a")} == {("nofollow", "noopener")}
