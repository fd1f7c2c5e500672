"""What others show when somebody shares an event's page: its picture, and the links to share it by.

Pure functions; no request in sight.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.core.files.storage import default_storage
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from events import drawn_picture
from events.models import Picture
from events.reading import Reading, phrase
from omep_site.lib.links import absolute, path_in
from omep_site.lib.typography import typeset

WHATSAPP = "https://wa.me/"
FACEBOOK = "https://www.facebook.com/sharer/sharer.php"
LINKEDIN = "https://www.linkedin.com/sharing/share-offsite/"


@dataclass(frozen=True)
class ShareLink:
    name: str
    url: str


@dataclass(frozen=True)
class SharedPicture:
    """A picture for Open Graph; `url` is absolute, `alt` is never empty."""

    url: str
    kind: str
    width: int
    height: int
    alt: str


def share_links(reading: Reading) -> list[ShareLink]:
    """Plain links: nobody learns of a visit until one of them is followed."""
    title, url = _title(reading), absolute(reading.canonical)
    summary = typeset(" ".join(reading.summary.text.split()), reading.shown)
    return [
        ShareLink(_("By e-mail"), _address("mailto:", subject=title, body=f"{summary}\r\n\r\n{url}")),
        ShareLink("WhatsApp", _address(WHATSAPP, text=f"{title}\n{url}")),
        ShareLink("Facebook", _address(FACEBOOK, u=url)),
        ShareLink("LinkedIn", _address(LINKEDIN, url=url)),
    ]


def _address(base: str, **parameters: str) -> str:
    """Spaces as %20: a plus sign would stay one in a mail (RFC 6068, 5)."""
    return f"{base}?{urlencode(parameters, quote_via=quote, safe='')}"


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
        alt=alt.printed if alt else _title(reading),
    )


def _title(reading: Reading) -> str:
    return typeset(" ".join(reading.title.text.split()), reading.shown)
