"""What others show when somebody shares an event's page: its picture, and the links to share it by.

Pure functions; no request in sight.
"""

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.utils.html import strip_tags

from events import drawn_picture
from events.models import Picture
from events.reading import Reading, phrase
from omep_site.lib.links import absolute, path_in
from omep_site.lib.typography import typeset


@dataclass(frozen=True)
class SharedPicture:
    """A picture for Open Graph; `url` is absolute, `alt` is never empty."""

    url: str
    kind: str
    width: int
    height: int
    alt: str


def path_of_drawn_picture(reading: Reading) -> str:
    return path_in(reading.wanted, "events:picture", slug=reading.slug)


def shared_picture(reading: Reading) -> SharedPicture | None:
    """The one that opens the page, else the one that is drawn. None where the title cannot be drawn."""
    row = next(iter(reading.event.pictures.all()), None)
    if row:
        return _photograph(row, reading)
    if not drawn_picture.can_draw(reading):
        return None
    # Networks keep a picture by its address: what it shows has another one once the event has moved.
    url = f"{absolute(path_of_drawn_picture(reading))}?v={reading.event.sequence}"
    alt = ", ".join(each for each in (_title(reading), strip_tags(reading.when.days)) if each)
    return SharedPicture(url, "image/png", drawn_picture.WIDTH, drawn_picture.HEIGHT, alt)


def _photograph(row: Picture, reading: Reading) -> SharedPicture:
    """Its widest copy, which is a JPEG or a PNG (events.pictures): not every network reads WebP."""
    alt = None if row.decorative else phrase(row, "alt", reading.wanted)
    return SharedPicture(
        url=absolute(default_storage.url(row.file.name)),
        kind="image/png" if row.file.name.endswith(".png") else "image/jpeg",
        width=row.width,
        height=row.height,
        alt=typeset(alt.text, alt.language) if alt else _title(reading),
    )


def _title(reading: Reading) -> str:
    return typeset(reading.title.text, reading.shown)
