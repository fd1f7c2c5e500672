"""Pictures: what is taken, what is made of it, what an editor must say of it, and how a page shows it."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import translation
from PIL import Image

from events import pictures
from events.models import Event
from omep_site.lib.logos import clean_logo
from tests.events.test_edit_in_admin import ADD, COMPLETE, errors
from tests.events.uploads import chosen, encoded, exif, image, srgb
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def opened(made, name=None) -> Image.Image:
    return Image.open(BytesIO(made.copies[name or made.name]))


def sizes(made) -> list[tuple[str, tuple[int, int]]]:
    return sorted((name.rpartition("-")[2], opened(made, name).size) for name in made.copies)


def refusal(file) -> tuple[str, str]:
    with translation.override("en"), pytest.raises(ValidationError) as error:
        pictures.make(file)
    return error.value.code, error.value.messages[0]


# What is made


def test_a_photo_becomes_three_widths_as_webp_and_jpeg():
    made = pictures.make(chosen(image(2000, 1500)))

    assert sizes(made) == [
        ("1600.jpg", (1600, 1200)),
        ("1600.webp", (1600, 1200)),
        ("480.jpg", (480, 360)),
        ("480.webp", (480, 360)),
        ("960.jpg", (960, 720)),
        ("960.webp", (960, 720)),
    ]
    assert (made.width, made.height, made.name[-9:]) == (1600, 1200, "-1600.jpg")
    assert opened(made).info["progressive"] == 1


@pytest.mark.parametrize(
    ("width", "kept"),
    [(300, [300]), (480, [480]), (481, [480, 481]), (1000, [480, 960, 1000]), (1600, [480, 960, 1600])],
)
def test_a_picture_is_never_made_wider_than_it_came(width, kept):
    made = pictures.make(chosen(image(width, 200)))

    assert sorted({opened(made, name).width for name in made.copies}) == kept


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_that_was_taken_lying_stands_upright(orientation):
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose, against each orientation
    upright = image(400, 240)
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation in undo else upright

    made = pictures.make(chosen(stored, exif=exif(orientation)))

    assert (made.width, made.height) == (400, 240)
    assert opened(made).getpixel((10, 10))[0] > 200  # the red corner
    assert opened(made).getpixel((390, 230))[0] < 50


def test_no_copy_says_where_when_and_by_what_it_was_taken():
    whole = encoded(image(), exif=exif(), comment=b"Secret Comment", icc_profile=srgb())
    assert all(secret in whole for secret in (b"Secret Telephone", b"Secret Comment", b"ICC_PROFILE"))

    for content in pictures.make(chosen(whole)).copies.values():
        found = Image.open(BytesIO(content))
        assert (dict(found.getexif()), found.info.keys() & {"exif", "icc_profile", "comment", "xmp"}) == ({}, set())
        assert not any(secret in content for secret in (b"Secret", b"Exif", b"ICC"))


def test_colours_of_another_space_are_turned_into_those_of_the_web():
    """A profile that has red and blue the other way round says what no browser without it would see."""
    profile = srgb().replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")

    red, green, blue = opened(pictures.make(chosen(image(color="red"), icc_profile=profile))).getpixel((700, 500))
    assert (red < 30, green < 30, blue > 220) == (True, True, True)


def test_a_profile_that_is_no_profile_is_left_alone():
    made = pictures.make(chosen(image(), icc_profile=b"nonsense"))

    assert opened(made).getpixel((10, 10))[0] > 200


@pytest.mark.parametrize(
    ("picture", "kind", "name"),
    [
        (image(mode="L", color=80), "JPEG", "gris.jpg"),
        (image(mode="CMYK", color=(0, 255, 255, 0)), "JPEG", "imprimé.jpg"),
        (image(mode="1", color=1), "PNG", "trait.png"),
        (image(mode="I;16", color=40000), "PNG", "mesure.png"),
        (image().convert("P"), "GIF", "dessin.gif"),
        (image(), "WEBP", "photo.webp"),
        (image(mode="RGBA", color=(0, 128, 128, 255)), "PNG", "opaque.png"),
    ],
)
def test_every_way_to_store_colours_is_read(picture, kind, name):
    made = pictures.make(chosen(picture, name, kind))

    assert (opened(made).format, opened(made).mode, opened(made).size) == ("JPEG", "RGB", (800, 600))


def test_a_measure_of_16_bits_keeps_its_greys():
    made = pictures.make(chosen(image(mode="I;16", color=128 * 256), "mesure.png", "PNG"))

    assert opened(made).getpixel((400, 300))[0] == pytest.approx(128, abs=2)


def test_what_shines_through_is_kept_as_webp_and_png():
    made = pictures.make(chosen(image(1000, 600, "RGBA", (0, 128, 128, 40)), "logo.png", "PNG"))

    assert [name for name, _size in sizes(made)] == [
        "1000.png",
        "1000.webp",
        "480.png",
        "480.webp",
        "960.png",
        "960.webp",
    ]
    assert opened(made).getpixel((900, 500)) == (0, 128, 128, 40)


def test_one_picture_has_one_name_and_another_picture_another_one():
    first, again, other = (pictures.make(chosen(image(color=color))) for color in ("teal", "teal", "navy"))

    assert first.name == again.name != other.name


def test_two_pictures_in_one_file_as_telephones_write_them_are_one_photo():
    made = pictures.make(chosen(image(), "portrait.jpg", "MPO", save_all=True, append_images=[image(400, 300)]))

    assert (made.width, made.height) == (800, 600)


# What is refused


def test_a_picture_that_moves_is_refused():
    gif = encoded(image(), "GIF", save_all=True, append_images=[image(color="navy")])

    code, sentence = refusal(chosen(gif, "saut.gif"))
    assert code == "animated"
    assert (
        sentence
        == "This picture moves, and readers whom that disturbs could not stop it. Choose one that stands still."
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heic", "heic"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (b"%PDF-1.7", "no_picture"),
        (b"BM" + b"\0" * 100, "no_picture"),
        (b"x", "no_picture"),
        (b"\xff\xd8\xff\xe0", "no_picture"),
        (b"\x89PNG\r\n\x1a\n", "no_picture"),
        (encoded(image())[:900], "broken"),
        (encoded(image(), "PNG")[:900], "broken"),
        (encoded(image(), "WEBP")[:200], "no_picture"),
        (encoded(Image.new("1", (8000, 7000)), "PNG"), "pixels"),
        (encoded(Image.new("1", (15000, 15000)), "PNG"), "pixels"),
        (encoded(image(2000, 199)), "strip"),
        (encoded(image(100, 1001)), "strip"),
        (b"\0" * (15 * 10**6 + 1), "size"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_sentence(content, code):
    found, sentence = refusal(chosen(content))

    assert found == code
    assert sentence.endswith((".", "JPEG."))


@pytest.mark.parametrize("take", [pictures.make, pictures.make_portrait, clean_logo])
def test_a_photo_that_is_drawn_a_hundred_times_is_refused_and_the_usual_dozen_taken(take):
    whole = encoded(image(), progressive=True)
    last = whole.rfind(b"\xff\xda")
    take(chosen(whole))

    with pytest.raises(ValidationError):
        take(chosen(whole[:-2] + whole[last:-2] * 100 + whole[-2:]))


def test_what_was_hidden_in_a_picture_is_in_no_copy():
    polyglot = encoded(image(), comment=b"<script>alert(1)</script>") + b"<?php system(); ?>PK\x03\x04"
    made = pictures.make(chosen(polyglot, "x.php.jpg"))

    assert [name for name, copy in made.copies.items() if b"script" in copy or b"php" in copy or b"PK\3" in copy] == []


def test_a_file_that_is_too_large_is_told_its_size():
    assert refusal(chosen(b"\0" * 17_300_000))[1] == (
        "This file has 17.3\xa0MB. A picture may have at most 15\xa0MB: save it smaller, as a JPEG."
    )


# What stands in the storage


def test_copies_stand_in_the_storage_under_their_names_and_a_torn_one_is_mended(uploads):
    made = pictures.make(chosen(image()))
    pictures.store(made)
    (uploads / made.name).write_bytes(b"torn")
    pictures.store(made)

    assert sorted(f"pictures/{file.name}" for file in (uploads / "pictures").iterdir()) == sorted(made.copies)
    assert (uploads / made.name).read_bytes() == made.copies[made.name]


def test_the_row_alone_names_all_copies(uploads):
    made = pictures.make(chosen(image(1000, 400)))
    pictures.store(made)
    row = make_event().pictures.create(file=made.name, width=made.width, height=made.height, alt_fr="un jardin")

    names = [name for copy in pictures.copies_of(row) for name in (copy.name, copy.webp)]
    assert sorted(names) == sorted(made.copies)


# In the editor's form


def rows(prefix="pictures", **fields) -> dict:
    return {f"{prefix}-TOTAL_FORMS": 1} | {f"{prefix}-0-{name}": value for name, value in fields.items()}


def test_an_editor_adds_a_picture_and_says_what_it_shows(editor, uploads):
    fields = {"alt_fr": "Des enfants sèment", "alt_en": "Children sowing", "caption_fr": "Photo : Zoé"}
    response = editor.post(ADD, COMPLETE | rows(file=chosen(image(1200, 900)), **fields))

    assert (response.status_code, errors(response) if response.status_code == 200 else []) == (302, [])
    row = Event.objects.get().pictures.get()
    assert (row.width, row.height, row.alt_fr, row.caption_fr) == (1200, 900, "Des enfants sèment", "Photo : Zoé")
    assert [default_storage.exists(copy.webp) for copy in pictures.copies_of(row)] == [True, True, True]
    assert len(list((uploads / "pictures").iterdir())) == 6

    page = soup(editor.get(f"/admin/events/event/{Event.objects.get().pk}/change/"))
    thumbnail = page.select_one("#pictures-0 .file-there img")
    assert editor.get(thumbnail["src"]).getvalue()[:4] == b"RIFF"


def test_a_storage_of_another_kind_will_do(client, editor, settings):
    """An object store has names and no folder; nothing here asks for more."""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    editor.post(ADD, COMPLETE | rows(file=chosen(image()), alt_fr="Un jardin", alt_en="A garden"))
    row = Event.objects.get().pictures.get()

    assert client.get(f"/media/{row.file.name}").getvalue()[:3] == b"\xff\xd8\xff"
    assert client.head(f"/media/{row.file.name}")["Content-Length"] == str(default_storage.size(row.file.name))
    default_storage.delete(row.file.name)
    assert client.get(f"/media/{row.file.name}").status_code == 404


def test_words_of_a_picture_change_without_the_file_being_sent_again(editor, uploads):
    editor.post(ADD, COMPLETE | rows(file=chosen(image()), alt_fr="Un jardin", alt_en="A garden"))
    event = Event.objects.get()
    row = event.pictures.get()
    data = COMPLETE | {"slug_fr": event.slug_fr, "slug_en": event.slug_en}
    data |= rows(id=row.pk, event=event.pk, alt_fr="Un potager", alt_en="A garden", position=1) | {
        "pictures-INITIAL_FORMS": 1
    }

    assert editor.post(f"/admin/events/event/{event.pk}/change/", data).status_code == 302
    changed = event.pictures.get()
    assert (changed.file.name, changed.alt_fr, changed.width) == (row.file.name, "Un potager", 800)


def test_a_form_with_an_error_stores_no_file(editor, uploads):
    response = editor.post(ADD, COMPLETE | {"ends_at_1": "01:00"} | rows(file=chosen(image()), alt_fr="a", alt_en="b"))

    assert response.status_code == 200
    assert not (uploads / "pictures").exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ["Write what the picture shows, or tick “only decoration”."] * 2),
        ({"alt_fr": "Un jardin"}, ["Write what the picture shows, or tick “only decoration”."]),
        (
            {"alt_fr": "Un jardin", "alt_en": "A garden", "decorative": "on"},
            ["A picture that shows something is not only decoration: empty its description, or untick."],
        ),
        (
            {"alt_fr": "Un jardin", "alt_en": "WhatsApp Image 2021-11-26 at 14.18.34"},
            ["This is the name of a file. Write what the picture shows, as you would tell it on the phone."],
        ),
        (
            {"alt_fr": "mon_jardin", "alt_en": "A garden"},
            ["This is the name of a file. Write what the picture shows, as you would tell it on the phone."],
        ),
        (
            {"decorative": "on", "caption_fr": "IMG_2034"},
            ["This is the name of a file. Write what readers should know of the picture, or nothing."],
        ),
    ],
)
def test_a_picture_says_what_it_shows_in_every_language_of_the_event_or_that_it_is_decoration(
    editor, uploads, fields, said
):
    response = editor.post(ADD, COMPLETE | rows(file=chosen(image(), "mon_jardin.jpg"), **fields))

    assert (errors(response), Event.objects.count()) == (said, 0)


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"decorative": "on"}, 302), ({"alt_fr": "Un jardin"}, 302), ({"alt_en": "A garden"}, 302), ({}, 200)],
)
def test_a_draft_in_no_complete_language_asks_for_one_description(editor, uploads, fields, status):
    draft = COMPLETE | {"status": "draft", "body_fr": "", "body_en": ""}

    assert editor.post(ADD, draft | rows(file=chosen(image()), **fields)).status_code == status


def test_a_broken_file_is_a_sentence_at_its_field(editor, uploads):
    response = editor.post(ADD, COMPLETE | rows(file=chosen(b"nothing"), alt_fr="Un jardin", alt_en="A garden"))

    found = soup(response).select("#pictures-0 .field-file .errorlist li")
    assert [words(each) for each in found] == [
        "This is not a picture that the site can show. Choose a JPEG, PNG, WebP or GIF file."
    ]


def test_the_refusal_is_said_in_french(editor, uploads):
    data = COMPLETE | rows(file=chosen(image()), alt_fr="Capture d’écran 2021-11-26 à 14.18.34", alt_en="A garden")
    response = editor.post(ADD, data, headers={"accept-language": "fr"})

    assert errors(response) == [
        "C’est le nom d’un fichier. Écrivez ce que l’image montre, comme vous le diriez au téléphone."
    ]


# On the page


def add(event, digit, width=1600, height=1200, **fields):
    return event.pictures.create(file=f"pictures/{digit * 32}-{width}.jpg", width=width, height=height, **fields)


def test_the_first_picture_opens_the_page_and_keeps_its_place_until_it_comes(client):
    event = make_event()
    add(event, "a", alt_fr="Des enfants", alt_en="Children", caption_fr="Photo : Zoé", position=1)

    figure = soup(client.get(f"/en/events/{event.slug_en}/")).select_one("figure.picture-opens")
    one = "/media/pictures/" + "a" * 32
    assert figure.source.attrs == {
        "type": "image/webp",
        "srcset": f"{one}-480.webp 480w, {one}-960.webp 960w, {one}-1600.webp 1600w",
        "sizes": "(min-width: 62rem) 60rem, 100vw",
    }
    assert figure.img.attrs == {
        "src": f"{one}-1600.jpg",
        "srcset": f"{one}-480.jpg 480w, {one}-960.jpg 960w, {one}-1600.jpg 1600w",
        "sizes": "(min-width: 62rem) 60rem, 100vw",
        "width": "1600",
        "height": "1200",
        "alt": "Children",
        "fetchpriority": "high",
    }
    assert (words(figure.figcaption), figure.figcaption.span["lang"]) == ("Photo : Zoé", "fr")


def test_the_others_stand_under_the_text_and_come_when_they_are_needed(client):
    event = make_event()
    add(event, "a", alt_fr="premier", alt_en="first", position=1)
    add(event, "c", decorative=True, position=3)
    add(event, "b", width=300, height=200, alt_fr="deuxième", position=2)

    found = soup(client.get(f"/en/events/{event.slug_en}/")).select(".event-text .pictures img")
    assert [(each["alt"], each.get("lang"), each["width"], each["loading"]) for each in found] == [
        ("deuxième", "fr", "300", "lazy"),
        ("", None, "1600", "lazy"),
    ]
    assert found[0]["srcset"] == "/media/pictures/" + "b" * 32 + "-300.jpg 300w"


@pytest.mark.parametrize(
    ("width", "height", "sizes", "kind"),
    [
        (1600, 1280, "(min-width: 62rem) 60rem, 100vw", ["picture", "picture-opens", "wrap"]),
        (1600, 1281, "(min-width: 28rem) 26rem, 100vw", ["picture", "picture-tall", "picture-opens", "wrap"]),
    ],
)
def test_a_tall_picture_is_shown_smaller(client, width, height, sizes, kind):
    event = make_event()
    add(event, "a", width, height, decorative=True)

    figure = soup(client.get(f"/en/events/{event.slug_en}/")).figure
    assert (figure.img["sizes"], figure["class"]) == (sizes, kind)


def test_an_event_without_pictures_has_no_place_for_them(client):
    event = make_event()

    assert soup(client.get(f"/en/events/{event.slug_en}/")).select("figure, .pictures, .afterwards") == []


def test_the_storage_is_not_asked_when_a_page_is_made(client, monkeypatch):
    event = make_event()
    add(event, "a", alt_fr="premier", alt_en="first")
    event.documents.create(title_fr="Actes", file_fr=f"documents/{'0' * 24}-1200000/actes.pdf")
    for name in ("open", "exists", "size"):
        monkeypatch.setattr(default_storage, name, None)

    assert client.get(f"/en/events/{event.slug_en}/").status_code == 200
