"""Speakers: in the editor's form, on the page, and in everything that goes through the rows of an event."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from events import pictures
from events.completeness import overview, reports
from events.duplicate import duplicate
from events.models import Event, Speaker
from omep_site.lib.history import record, versions_of
from tests.accounts.factories import make_account, signed_in
from tests.events.test_edit_in_admin import ADD, COMPLETE, errors
from tests.events.uploads import chosen, encoded, exif, image
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

PICTURE = "pictures/" + "a" * 32


def rows(**fields) -> dict:
    return {"speakers-TOTAL_FORMS": 1} | {f"speakers-0-{name}": value for name, value in fields.items()}


def square(side) -> dict:
    return {"picture_width": side, "picture_height": side}


def page_of(client, event, language="en"):
    kind = {"fr": "evenements", "en": "events"}[language]
    return soup(client.get(f"/{language}/{kind}/{getattr(event, f'slug_{language}')}/"))


# Portraits


def opened(made, name=None) -> Image.Image:
    return Image.open(BytesIO(made.copies[name or made.name]))


def test_a_portrait_is_a_square_in_three_widths():
    made = pictures.make_portrait(chosen(image(1200, 900)))

    sizes = sorted((name.rpartition("-")[2], opened(made, name).size) for name in made.copies)
    assert sizes == [
        ("192.jpg", (192, 192)),
        ("192.webp", (192, 192)),
        ("384.jpg", (384, 384)),
        ("384.webp", (384, 384)),
        ("96.jpg", (96, 96)),
        ("96.webp", (96, 96)),
    ]
    assert (made.width, made.height, made.name[-8:]) == (384, 384, "-384.jpg")


@pytest.mark.parametrize(
    ("size", "place"),
    [((900, 300), (300, 0, 600, 300)), ((300, 900), (0, 0, 300, 300)), ((300, 300), (0, 0, 300, 300))],
)
def test_it_is_the_middle_of_a_wide_picture_and_the_top_of_a_tall_one(size, place):
    photo = Image.new("RGB", size, "navy")
    photo.paste("red", place)

    made = pictures.make_portrait(chosen(photo, kind="PNG"))
    assert made.width == 300
    corners = [opened(made).getpixel(each) for each in ((2, 2), (297, 2), (2, 297), (297, 297))]
    assert all(red > 200 and blue < 80 for red, _green, blue in corners)


def test_a_portrait_taken_lying_stands_upright_and_says_nothing_of_its_camera():
    lying = image(240, 400).transpose(Image.Transpose.ROTATE_90)
    made = pictures.make_portrait(chosen(lying, exif=exif(6)))

    assert (opened(made).getpixel((5, 5))[0] > 200, opened(made).getpixel((235, 235))[0] < 50) == (True, True)
    assert not any(b"Secret" in content for content in made.copies.values())


@pytest.mark.parametrize("content", [b"<svg/>", encoded(image())[:900], encoded(image(2000, 199))])
def test_what_no_picture_may_be_is_no_portrait(content):
    with pytest.raises(ValidationError):
        pictures.make_portrait(chosen(content))


# In the editor's form


def test_an_editor_adds_a_speaker_with_a_portrait_changes_the_role_and_takes_the_portrait_off(editor, uploads):
    fields = {"name": "Aïcha Çağlar", "role_fr": "modère", "role_en": "moderates", "url": "example.org"}
    response = editor.post(ADD, COMPLETE | rows(picture=chosen(image(1200, 900)), **fields))
    assert (response.status_code, errors(response) if response.status_code == 200 else []) == (302, [])

    event = Event.objects.get()
    row = event.speakers.get()
    assert (row.name, row.role_fr, row.role_en, row.url) == (
        "Aïcha Çağlar",
        "modère",
        "moderates",
        "https://example.org",
    )
    assert (row.picture_width, row.picture_height) == (384, 384)
    assert [default_storage.exists(name) for each in pictures.copies_of(row) for name in (each.name, each.webp)] == [
        True
    ] * 6

    change = f"/admin/events/event/{event.pk}/change/"
    thumbnail = soup(editor.get(change)).select_one("#speakers-0 .file-there img")
    assert editor.get(thumbnail["src"]).getvalue()[:4] == b"RIFF"
    data = COMPLETE | {"slug_fr": event.slug_fr, "slug_en": event.slug_en, "speakers-INITIAL_FORMS": 1}
    data |= rows(id=row.pk, event=event.pk, position=1, **fields | {"role_en": "chairs"})
    assert editor.post(change, data).status_code == 302
    assert (event.speakers.get().role_en, event.speakers.get().picture.name) == ("chairs", row.picture.name)

    assert editor.post(change, data | {"speakers-0-picture-clear": "on"}).status_code == 302
    assert (event.speakers.get().picture.name, event.speakers.get().picture_width) == ("", None)
    assert editor.get(thumbnail["src"]).status_code == 404


def test_a_speaker_needs_a_name_and_a_broken_portrait_is_a_sentence_at_its_field(editor, uploads):
    response = editor.post(
        ADD, COMPLETE | rows(role_fr="modère", picture=chosen(b"nothing")), headers={"accept-language": "fr"}
    )

    assert errors(response) == [
        "Ce champ est obligatoire.",
        "Le site ne peut pas afficher ce fichier comme image. Choisissez un fichier JPEG, PNG, WebP ou GIF.",
    ]
    assert not (uploads / "pictures").exists()


def test_the_role_editor_is_offered_speakers():
    page = soup(signed_in(make_account("editor")).get(ADD))

    assert words(page.select_one("#speakers-heading")) == "Speakers"
    assert page.select_one("#id_speakers-__prefix__-name") is not None


# Through the rows of an event


def test_a_role_asks_to_be_translated_and_a_speaker_without_one_asks_nothing():
    event = make_event()
    event.speakers.create(name="Zoé", position=1)
    event.speakers.create(name="Aïcha", role_fr="modère", position=2)

    [english] = [report for report in reports(event) if report.language == "en"]
    assert [(item.label, item.anchor, item.required) for item in english.missing] == [
        ("intervenant ou intervenante 2 (rôle)", "id_speakers-1-role_en", False)
    ]
    assert overview(event) == {"fr": "filled", "en": "missing"}


def test_a_copy_of_an_event_has_its_speakers():
    event = make_event()
    event.speakers.create(name="Aïcha", role_fr="modère", picture=f"{PICTURE}-384.jpg", **square(384), position=4)

    copy = duplicate(event, starts_at=event.starts_at, ends_at=event.ends_at, zone="UTC", all_day=False)
    [row] = copy.speakers.all()
    assert (row.name, row.role_fr, row.picture.name, row.position) == ("Aïcha", "modère", f"{PICTURE}-384.jpg", 4)
    assert row.pk != event.speakers.get().pk


def test_speakers_come_back_with_an_earlier_version_and_the_comparison_names_them(editor):
    event = make_event()
    speaker = event.speakers.create(name="Aïcha", role_en="moderates")
    record(event)
    speaker.role_en = "chairs"
    speaker.save()
    record(event)
    old, new = versions_of(Event, event.pk).order_by("pk").values_list("pk", flat=True)

    compared = soup(editor.get(f"/admin/events/event/{event.pk}/history/compare/?old={old}&new={new}"))
    [change] = compared.select(".changes > div")
    assert (words(change.dt), words(change.dd)) == ("Speaker 1, role English", "moderates chairs")
    editor.post(f"/admin/events/event/{event.pk}/history/{old}/")
    assert [(each.name, each.role_en) for each in event.speakers.all()] == [("Aïcha", "moderates")]


def test_a_portrait_is_handed_out_while_a_speaker_has_it(client, uploads):
    made = pictures.make_portrait(chosen(image()))
    pictures.store(made)
    speaker = make_event().speakers.create(name="Zoé", picture=made.name)
    assert [client.get(f"/media/{name}").getvalue() for name in made.copies] == list(made.copies.values())

    Speaker.objects.filter(pk=speaker.pk).update(picture="")
    assert [client.get(f"/media/{name}").status_code for name in made.copies] == [404] * 6


# On the page


@pytest.mark.parametrize(("language", "title"), [("fr", "Intervenantes et intervenants"), ("en", "Speakers")])
def test_the_page_names_speakers_in_their_order_with_role_and_link(client, language, title):
    event = make_event()
    event.speakers.create(name="ليلى مثال", role_fr="Présidente", role_en="President", position=2)
    event.speakers.create(name="Aïcha <b>", role_fr="Modère", url="https://example.org/a", position=1)

    section = page_of(client, event, language).select_one(".people")
    assert words(section.h2) == title
    assert [words(each.bdi) for each in section.select("li")] == ["Aïcha <b>", "ليلى مثال"]
    assert [(each["href"], each["rel"], words(each)) for each in section.select("a")] == [
        ("https://example.org/a", ["noopener"], "Aïcha <b>")
    ]
    roles = {
        "fr": [("Modère", None), ("Présidente", None)],
        "en": [("Modère", "fr"), ("President", None)],
    }
    found = [each.select_one(".person + p") for each in section.select("li")]
    assert [(words(each), each.span and each.span["lang"]) for each in found] == roles[language]
    assert section.select("img, .portrait") == []


def test_portraits_stand_beside_names_and_an_initial_where_one_is_missing_among_them(client):
    event = make_event()
    event.speakers.create(name="Zoé", picture=f"{PICTURE}-192.jpg", **square(192), position=1)
    event.speakers.create(name="élodie", position=2)

    section = page_of(client, event).select_one(".people")
    one = f"/media/{PICTURE}"
    assert section.source.attrs == {
        "type": "image/webp",
        "srcset": f"{one}-96.webp 96w, {one}-192.webp 192w",
        "sizes": "5rem",
    }
    assert section.img.attrs == {
        "class": ["portrait"],
        "src": f"{one}-192.jpg",
        "srcset": f"{one}-96.jpg 96w, {one}-192.jpg 192w",
        "sizes": "5rem",
        "width": "192",
        "height": "192",
        "alt": "",
        "loading": "lazy",
        "decoding": "async",
    }
    initial = section.select_one("span.portrait")
    assert (initial["data-initial"], initial["aria-hidden"], initial.get_text()) == ("É", "true", "")


def test_an_event_without_speakers_or_partners_has_no_place_for_them(client):
    event = make_event(starts_at=timezone.now())

    assert page_of(client, event).select(".people, .partners") == []
