"""Pictures of events: what is taken, and what is made of it for the page.

From one upload come up to three widths, each as WebP and, for browsers that do not know it, as JPEG (as PNG where
something shines through). They carry nothing but pixels: no place, no date, no camera, and no name of the file.
Their names say it all, so that a page is written from the row alone:

    pictures/<digest of the content>-<width>.<webp, jpg or png>

Content never changes under a name. `Picture.file` is the widest JPEG or PNG. A speaker's portrait is kept in the same
way, cut to a square and in widths of its own.
"""

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageCms

from events.models import Picture, Speaker
from omep_site.lib.jpeg import has_too_many_scans
from omep_site.lib.media import size_in_words

WIDTHS = [480, 960, 1600]  # pixels; a picture is never made wider than it came
PORTRAIT_WIDTHS = [96, 192, 384]
MOST_BYTES = 15 * 10**6
MOST_PIXELS = 50 * 10**6
LONGEST_STRIP = 10  # times the other side; WebP has no more than 16,383 pixels to a side
TAKEN = ["JPEG", "PNG", "WEBP", "GIF"]
HEIF = re.compile(rb".{4}ftyp(hei[cmsx]|hev[cmx]|mif1|msf1)", re.DOTALL)  # ISO/IEC 23008-12, 10
NAME = re.compile(r"pictures/(?P<digest>[0-9a-f]{32})-(?P<width>[0-9]{1,5})\.(?P<kind>webp|jpg|png)")

WEBP = {"format": "WEBP", "quality": 76, "method": 4}
JPEG = {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True}
PNG = {"format": "PNG", "optimize": True}

ORIENTATION = 0x0112  # Exif 2.32, 4.6.4
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_one_at_a_time = Lock()  # fifty million pixels are 200 MB while they are worked on


@dataclass(frozen=True)
class Made:
    name: str  # for Picture.file or Speaker.picture
    width: int
    height: int
    copies: dict[str, bytes]  # by name, that one among them


@dataclass(frozen=True)
class Copy:
    width: int
    name: str  # JPEG or PNG
    webp: str  # "" where there is none


def make(file) -> Made:
    """All copies of an uploaded picture. Raises ValidationError with a sentence for whoever chose the file."""
    return _made(file, WIDTHS)


def make_portrait(file) -> Made:
    """All copies of a speaker's portrait, square. Raises ValidationError for what is refused as a picture too."""
    return _made(file, PORTRAIT_WIDTHS, _square)


def _made(file, kept: list[int], cut=None) -> Made:
    if file.size > MOST_BYTES:
        sentence = _("This file has %(size)s. A picture may have at most %(most)s: save it smaller, as a JPEG.")
        words = {"size": size_in_words(file.size), "most": size_in_words(MOST_BYTES)}
        raise ValidationError(sentence, code="size", params=words)
    with _one_at_a_time:
        image = _prepared(file)
        image = cut(image) if cut else image
        copies = {}
        with_holes = image.mode == "RGBA"
        fallback = PNG if with_holes else JPEG
        largest = _encoded(image, fallback)
        digest = hashlib.sha256(largest).hexdigest()[:32]
        for width in widths_of(image.width, kept):
            copy = image if width == image.width else image.resize((width, _height(image, width)), reducing_gap=3)
            for options, kind in ((fallback, "png" if with_holes else "jpg"), (WEBP, "webp")):
                name = f"pictures/{digest}-{width}.{kind}"
                copies[name] = largest if options is fallback and copy is image else _encoded(copy, options)
    name = f"pictures/{digest}-{image.width}.{'png' if with_holes else 'jpg'}"
    return Made(name, image.width, image.height, copies)


def store(made: Made) -> None:
    """Puts the copies into the storage under exactly their names. What stands there already is the same."""
    for name, content in made.copies.items():
        if default_storage.exists(name):
            if default_storage.size(name) == len(content):
                continue
            default_storage.delete(name)  # a process that was killed left a piece of it
        default_storage.save(name, ContentFile(content))


def widths_of(width: int, kept: list[int] = WIDTHS) -> list[int]:
    """The widths in which a picture is kept whose widest copy is `width` wide."""
    return [each for each in kept if each < width] + [width]


def copies_of(row: Picture | Speaker) -> list[Copy]:
    """From the narrowest to the widest, by the row alone: the storage is not asked. [] for a speaker without one."""
    if isinstance(row, Speaker):
        return _copies(row.picture.name, row.picture_width, PORTRAIT_WIDTHS) if row.picture else []
    return _copies(row.file.name, row.width, WIDTHS)


def _copies(name: str, width: int, kept: list[int]) -> list[Copy]:
    found = NAME.fullmatch(name)
    if not found:  # a row that no form made
        return [Copy(width, name, "")]
    stem, kind = f"pictures/{found['digest']}", found["kind"]
    return [Copy(each, f"{stem}-{each}.{kind}", f"{stem}-{each}.webp") for each in widths_of(width, kept)]


def in_use(name: str) -> bool:
    """Whether an event has this picture or portrait now. One that was taken off a page is nobody's to see any more."""
    found = NAME.fullmatch(name)
    if not found:
        return False
    start = f"pictures/{found['digest']}-"
    pictures, portraits = (
        Picture.objects.filter(file__startswith=start),
        Speaker.objects.filter(picture__startswith=start),
    )
    return pictures.exists() or portraits.exists()


def _prepared(file) -> Image.Image:
    """Upright, at most as wide as the widest copy, in sRGB, RGB or (where something shines through) RGBA."""
    try:
        image = Image.open(file, formats=TAKEN)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:  # each format's reader raises what it happens to raise
        raise _no_picture(file) from None
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    if max(image.size) > LONGEST_STRIP * min(image.size):
        raise ValidationError(_("This picture is a thin strip. Cut it so that it is less long."), code="strip")
    # Phones put a second picture, such as the depth, behind a JPEG; it is called MPO then and does not move.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise ValidationError(
            _("This picture moves, and readers whom that disturbs could not stop it. Choose one that stands still."),
            code="animated",
        )
    if image.format in ("JPEG", "MPO") and has_too_many_scans(file):
        raise _broken()
    try:
        image.draft(None, (WIDTHS[-1], WIDTHS[-1]))  # a large JPEG is read at half its size, or a quarter
        image.load()
        return _plain(_in_srgb(_fitted(_with_whole_channels(image))))
    except Exception:
        raise _broken() from None


def _broken() -> ValidationError:
    sentence = _("This picture cannot be read: the file is damaged or incomplete. Save it again, as a JPEG.")
    return ValidationError(sentence, code="broken")


def _too_many_pixels() -> ValidationError:
    sentence = _("This picture is larger than %(most)d million pixels. Save it smaller: 1600 pixels wide are enough.")
    return ValidationError(sentence, code="pixels", params={"most": MOST_PIXELS // 10**6})


def _no_picture(file) -> ValidationError:
    file.seek(0)
    if HEIF.match(file.read(12)):
        sentence = _(
            "This is a photo in the iPhone’s own format (HEIC), which browsers do not show. Save it as a JPEG."
        )
        return ValidationError(sentence, code="heic")
    sentence = _("This is not a picture that the site can show. Choose a JPEG, PNG, WebP or GIF file.")
    return ValidationError(sentence, code="no_picture")


def _with_whole_channels(image: Image.Image) -> Image.Image:
    """Out of palettes and 16-bit greys, which cannot be made smaller well."""
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("L") if image.mode == "1" else image


def _fitted(image: Image.Image) -> Image.Image:
    turn = UPRIGHT.get(image.getexif().get(ORIENTATION))
    lies = turn in (Image.Transpose.TRANSPOSE, Image.Transpose.TRANSVERSE)
    lies = lies or turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)
    width = image.height if lies else image.width
    if width > WIDTHS[-1]:
        scale = WIDTHS[-1] / width
        size = [max(1, round(side * scale)) for side in image.size]
        image = image.resize(size, reducing_gap=3)
    return image if turn is None else image.transpose(turn)


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that fits nothing: the numbers are taken for sRGB, as browsers do


def _square(image: Image.Image) -> Image.Image:
    """The middle of a wide picture and the top of a tall one, where the head is; no wider than the widest portrait."""
    side = min(image.size)
    left = (image.width - side) // 2
    image = image.crop((left, 0, left + side, side))
    widest = PORTRAIT_WIDTHS[-1]
    return image.resize((widest, widest), reducing_gap=3) if side > widest else image


def _plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where it matters; without a word about where it comes from."""
    image = image.convert("RGBA" if image.mode == "RGBA" else "RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        image = image.convert("RGB")
    image.info = {}  # Pillow would write comments and profiles out again
    return image


def _height(image: Image.Image, width: int) -> int:
    return max(1, round(image.height * width / image.width))


def _encoded(image: Image.Image, options: dict) -> bytes:
    output = BytesIO()
    image.save(output, **options)
    return output.getvalue()
