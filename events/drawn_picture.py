"""A picture of an event for those who share its page, where it has no photograph: its title, its date, its place.

A pure function from an event's reading to a PNG of the size that social networks show whole, with a plain margin: they
cut a little off each side, or make a square of its middle.
"""

from functools import cache, lru_cache
from html import unescape
from importlib.resources import files
from io import BytesIO

from django.utils.html import strip_tags
from django.utils.text import capfirst
from PIL import Image, ImageDraw, ImageFont

from events.reading import Reading

WIDTH, HEIGHT = 1200, 630  # pixels, the Open Graph picture of Facebook, LinkedIn and others
MARGIN = 80
PAPER, INK, ACCENT, QUIET, TINT = "#f3ebdd", "#28231d", "#0b5a63", "#62594d", "#cbd2c6"
TITLE_SIZES = range(76, 35, -4)  # the largest that fits
MOST_LINES = 5
COLOURS = 32  # enough for smooth letters on one ground, and a fifth of the bytes


class CannotDraw(Exception):
    """The title has letters that the typeface lacks."""


def can_draw(reading: Reading) -> bool:
    """Whether `draw` will, without drawing."""
    return _is_drawable(_title(reading))


def draw(reading: Reading, site_name: str) -> bytes:
    """A PNG of some 20 kB in the language of the event's words. Raises CannotDraw."""
    title = _title(reading)
    when = capfirst(_plain(", ".join(each for each in (reading.when.days, reading.when.hours) if each)))
    where = _plain(" · ".join(each for each in (reading.place.text, reading.attendance, reading.when.zone) if each))
    if not _is_drawable(title):
        raise CannotDraw(title)
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _blocks(image, WIDTH - MARGIN - 216, HEIGHT, 9, TINT)
    _blocks(image, MARGIN, MARGIN + 45, 1.5, ACCENT)
    pen.text((MARGIN + 54, MARGIN + 46), _drawable(site_name), font=_font("Bold", 40), fill=INK, anchor="ls")
    size, lines = _fitted(title, WIDTH - 2 * MARGIN)
    line = round(size * 1.16)
    top = (MARGIN + 50 + HEIGHT - MARGIN - 95 - line * len(lines)) // 2
    for number, words in enumerate(lines):
        pen.text((MARGIN, top + number * line), words, font=_font("Bold", size), fill=INK)
    when = _cut(_drawable(when), "Semibold", 36)
    pen.text((MARGIN, HEIGHT - MARGIN - 50), when, font=_font("Semibold", 36), fill=ACCENT, anchor="ls")
    pen.text(
        (MARGIN, HEIGHT - MARGIN),
        _cut(_drawable(where), "Regular", 32),
        font=_font("Regular", 32),
        fill=QUIET,
        anchor="ls",
    )
    output = BytesIO()
    image.quantize(COLOURS).save(output, "PNG", optimize=True)
    return output.getvalue()


def _title(reading: Reading) -> str:
    return _plain(reading.title.printed)


def _blocks(image: Image.Image, x: int, foot: int, unit: float, colour: str) -> None:
    """The mark of the site (templates/_mark.html) on its foot, `unit` pixels for one of its own. Drawn larger first:
    Pillow's own edges are rough."""
    scale = 4 * unit
    mask = Image.new("L", (round(24 * scale), round(30 * scale)))
    pen = ImageDraw.Draw(mask)
    pen.ellipse([0, 6 * scale, 12 * scale, 18 * scale], fill=255)
    pen.rectangle([0, 18 * scale, 12 * scale, 30 * scale], fill=255)
    pen.rectangle([14 * scale, 12 * scale, 23 * scale, 30 * scale], fill=255)
    pen.polygon([13 * scale, 11 * scale, 24 * scale, 11 * scale, 18.5 * scale, 2 * scale], fill=255)
    mask = mask.resize((round(24 * unit), round(30 * unit)), reducing_gap=2)
    image.paste(colour, (x, foot - mask.height), mask)


def _fitted(title: str, width: int) -> tuple[int, list[str]]:
    """The largest size at which the title takes few lines, none of them wider than `width`; beyond the smallest, what is
    too long is cut off: the end of the title, or of one long word."""
    for size in TITLE_SIZES:
        lines = _lines(title, size, width)
        is_low = len(lines) * size * 1.16 <= HEIGHT - 2 * MARGIN - 190 and len(lines) <= MOST_LINES
        if is_low and all(_font("Bold", size).getlength(line) <= width for line in lines):
            return size, lines
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1].rstrip(" ,;:") + "…"]
    return size, [_cut(line, "Bold", size, width) for line in lines]


def _lines(text: str, size: int, width: int) -> list[str]:
    font, lines = _font("Bold", size), [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(text: str, weight: str, size: int, width: int = WIDTH - 2 * MARGIN) -> str:
    while text and _font(weight, size).getlength(text) > width:
        text = text[:-2].rstrip() + "…"
    return text


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files("font_source_serif_pro") / "files" / f"SourceSerifPro-{weight}.ttf"), size)


def _plain(html: str) -> str:
    """Without tags, and with spaces that the typeface has."""
    return " ".join(unescape(strip_tags(html)).split())


def _is_drawable(text: str) -> bool:
    return bool(text) and all(map(_has_glyph, text))


def _drawable(text: str) -> str:
    """Without what the typeface lacks: better a gap than a box."""
    return "".join(filter(_has_glyph, text))


@cache
def _missing() -> bytes:
    return bytes(_font("Bold", 36).getmask("\uffff"))


@lru_cache(4096)  # asked of every letter of a title each time that its page is made
def _has_glyph(char: str) -> bool:
    return char == " " or bytes(_font("Bold", 36).getmask(char)) != _missing()
