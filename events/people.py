"""Who speaks at an event and who is behind it, as the readers of one language meet them."""

from dataclasses import dataclass

from django.core.files.storage import default_storage

from events import pictures
from events.models import EventPartner, Partner, Speaker
from events.reading import Phrase, Reading, phrase
from omep_site.lib.text import initial


@dataclass(frozen=True)
class Portrait:
    """`srcset` and `webp` are attributes of <img> and <source>; `webp` is "" where there is none. It is square."""

    url: str
    size: int  # pixels of its widest copy
    srcset: str
    webp: str


@dataclass(frozen=True)
class ShownSpeaker:
    name: str
    role: Phrase
    url: str
    portrait: Portrait | None
    initial: str  # stands in the place of a portrait that is missing among others


@dataclass(frozen=True)
class Speakers:
    all: list[ShownSpeaker]

    def __bool__(self) -> bool:
        return bool(self.all)

    @property
    def have_portraits(self) -> bool:
        return any(speaker.portrait for speaker in self.all)


@dataclass(frozen=True)
class Logo:
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class ShownPartner:
    name: str
    full_name: Phrase
    url: str
    logo: Logo | None


@dataclass(frozen=True)
class Partners:
    organisers: list[ShownPartner]
    supporters: list[ShownPartner]


def speakers(reading: Reading) -> Speakers:
    """In the order that the editors gave."""
    return Speakers([_speaker(row, reading.shown) for row in reading.event.speakers.all()])


def partners(reading: Reading) -> Partners:
    rows = reading.event.eventpartner_set.all()

    def having(role: str) -> list[ShownPartner]:
        return [_partner(row.partner, reading.shown) for row in rows if row.role == role]

    return Partners(having(EventPartner.Role.ORGANISER), having(EventPartner.Role.PARTNER))


def _speaker(row: Speaker, language: str) -> ShownSpeaker:
    return ShownSpeaker(row.name, phrase(row, "role", language), row.url, _portrait(row), initial(row.name))


def _portrait(row: Speaker) -> Portrait | None:
    copies, address = pictures.copies_of(row), default_storage.url
    if not copies:
        return None
    return Portrait(
        url=address(copies[-1].name),
        size=copies[-1].width,
        srcset=", ".join(f"{address(copy.name)} {copy.width}w" for copy in copies),
        webp=", ".join(f"{address(copy.webp)} {copy.width}w" for copy in copies if copy.webp),
    )


def _partner(row: Partner, language: str) -> ShownPartner:
    logo = Logo(row.logo.url, row.logo_width, row.logo_height) if row.logo else None
    return ShownPartner(row.name, phrase(row, "full_name", language), row.url, logo)
