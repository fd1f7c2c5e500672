"""A logo that an editor chooses, of the site or of a partner, and what is kept of it."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from omep_site.lib import logos
from omep_site.lib.logos import clean_logo


def upload(size=(900, 300), kind="PNG", mode="RGB", name="x.png", colour="#0b5a63", **options) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new(mode, size, colour).save(file, kind, **options)
    return SimpleUploadedFile(name, file.getvalue())


def cleaned(file) -> Image.Image:
    return Image.open(clean_logo(file))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((900, 300), (480, 160)), ((200, 80), (200, 80)), ((300, 3000), (48, 480)), ((1, 1), (1, 1))],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_made_anew_at_most_480_pixels_wide(size, expected, kind):
    picture = cleaned(upload(size, kind))
    assert (picture.format, picture.size) == ("WEBP", expected)


def test_what_shines_through_still_does():
    assert cleaned(upload(mode="RGBA", colour="#0b5a6380")).getpixel((0, 0))[3] == 128


def test_what_a_camera_notes_is_left_out_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x013B] = "Élise"
    picture = cleaned(upload((300, 100), "JPEG", exif=exif))
    assert (picture.size, dict(picture.getexif()), "exif" in picture.info) == ((100, 300), {}, False)


def test_the_name_comes_from_the_content_and_not_from_the_editors_file():
    names = {clean_logo(upload(name=name)).name for name in ("Logo final (2).png", "autre.png")}
    assert len(names) == 1
    assert names.pop().startswith("logo-")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%PDF-1.4",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(content):
    with pytest.raises(ValidationError) as error:
        clean_logo(SimpleUploadedFile("logo.png", content))
    assert error.value.messages == ["This is not a picture that can be read. Choose a PNG, JPEG, WebP or GIF."] or (
        error.value.messages
        == ["Ce fichier n’est pas une image que le site sait lire. Choisissez un PNG, un JPEG, un WebP ou un GIF."]
    )


def test_other_formats_of_pillow_are_not_read():
    with pytest.raises(ValidationError):
        clean_logo(upload(kind="TIFF"))


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_PIXELS"])
def test_a_file_that_could_fill_the_memory_is_refused(monkeypatch, limit):
    monkeypatch.setattr(logos, limit, 100)
    with pytest.raises(ValidationError):
        clean_logo(upload())
