"""Partners: their logos, their roles, and how a page names them."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.logos import in_use
from events.models import Partner
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

ADD = "/admin/events/partner/add/"


def logo(kind="PNG") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGBA", (900, 300), "#0b5a63").save(file, kind)
    return SimpleUploadedFile("Logo final (2).png", file.getvalue())


def page_of(client, event, language="en"):
    kind = {"fr": "evenements", "en": "events"}[language]
    return soup(client.get(f"/{language}/{kind}/{getattr(event, f'slug_{language}')}/"))


# In the admin


def test_a_logo_is_made_anew_shown_in_the_form_handed_out_and_taken_off(editor, client, uploads):
    response = editor.post(ADD, {"name": "ONG d’été", "logo": logo()})
    assert response.status_code == 302
    partner = Partner.objects.get()
    assert (partner.logo_width, partner.logo_height) == (480, 160)
    assert (partner.logo.name[:14], partner.logo.name[-5:]) == ("partners/logo-", ".webp")

    change = f"/admin/events/partner/{partner.pk}/change/"
    page = soup(editor.get(change))
    assert page.select_one(".field-logo img")["src"] == partner.logo.url
    assert words(page.select_one("label[for=logo-clear_id]")) == "Take this logo off the pages"
    assert client.get(partner.logo.url).getvalue()[:4] == b"RIFF"

    assert editor.post(change, {"name": "ONG d’été", "logo-clear": "on"}).status_code == 302
    assert (Partner.objects.get().logo.name, Partner.objects.get().logo_width) == ("", None)
    assert client.get(partner.logo.url).status_code == 404


def test_the_form_asks_for_permission_and_refuses_a_drawing_that_could_run_a_script(editor, uploads):
    page = soup(editor.get(ADD, headers={"accept-language": "fr"}))
    assert words(page.select_one(".field-logo .help")).endswith("Demandez à l’organisation si vous pouvez le montrer.")

    svg = SimpleUploadedFile("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")
    refused = soup(editor.post(ADD, {"name": "ONG", "logo": svg}))
    assert [words(each) for each in refused.select(".field-logo .errorlist li")] == [
        "This is not a picture that can be read. Choose a PNG, JPEG, WebP or GIF."
    ]
    assert Partner.objects.count() == 0


def test_only_a_logo_of_today_is_in_use():
    Partner.objects.create(name="ONG", logo="partners/logo-1.webp", logo_width=3, logo_height=1)

    assert [in_use(name) for name in ("partners/logo-1.webp", "partners/logo-2.webp", "")] == [True, False, False]


# On the page


@pytest.mark.parametrize(
    ("language", "titles"),
    [("fr", ["Organisé avec", "Avec le soutien de"]), ("en", ["Organised with", "Supported by"])],
)
def test_organisers_and_supporters_stand_under_headings_of_their_own(client, language, titles):
    event = make_event()
    for position, (name, role) in enumerate([("Appui", "partner"), ("UNESCO", "organiser"), ("Écoute", "organiser")]):
        event.eventpartner_set.create(partner=Partner.objects.create(name=name), role=role, position=position)

    sections = page_of(client, event, language).select(".partners")
    assert [words(each.h2) for each in sections] == titles
    assert [each["aria-labelledby"] == each.h2["id"] for each in sections] == [True, True]
    assert [[words(name) for name in each.select("li")] for each in sections] == [["UNESCO", "Écoute"], ["Appui"]]


def test_a_logo_stands_beside_the_name_which_is_the_link(client):
    event = make_event()
    partner = Partner.objects.create(
        name="ONG d’été",
        full_name_fr="Organisation d’été",
        url="https://example.org/",
        logo="partners/logo-0123456789ab.webp",
        logo_width=480,
        logo_height=160,
    )
    event.eventpartner_set.create(partner=partner)

    [section] = page_of(client, event).select(".partners")
    assert section.img.attrs == {
        "class": ["partner-logo"],
        "src": "/media/partners/logo-0123456789ab.webp",
        "width": "480",
        "height": "160",
        "alt": "",
        "loading": "lazy",
        "decoding": "async",
    }
    [link] = section.select("a")
    assert (words(link), link["href"], link["rel"]) == ("ONG d’été", "https://example.org/", ["noopener"])
    assert words(section.li) == "ONG d’été – Organisation d’été"
    assert section.li.select_one("[lang]")["lang"] == "fr"
