"""What stands on an event's page beside its text, as the readers of one language meet it: pictures, documents, the
recording and the transcript.

Each is shown in the language of the page where it exists in it, and in another one where it does not, which the page
then says.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events import documents, pictures
from events.embeds import Embed, embed
from events.models import Document, Picture
from events.reading import Phrase, Reading, name_languages, phrase
from omep_site.lib.links import languages
from omep_site.lib.media import SAVED

# How wide the page shows a picture, for a browser to choose by before it has read static/site.css.
OPENING = "(min-width: 62rem) 60rem, 100vw"
ALONE = "(min-width: 44rem) 42rem, 100vw"
IN_A_ROW = "(min-width: 62rem) 30rem, (min-width: 42rem) 50vw, 100vw"
TALL = "(min-width: 28rem) 26rem, 100vw"


@dataclass(frozen=True)
class ShownPicture:
    """`srcset`, `webp` and `sizes` are attributes of <img> and <source>; `webp` is "" where there is none."""

    sizes: str
    url: str
    width: int
    height: int
    srcset: str
    webp: str
    alt: Phrase  # empty for decoration
    caption: Phrase

    @property
    def is_tall(self) -> bool:
        return self.sizes == TALL


@dataclass(frozen=True)
class Link:
    """A document or the recording. `about` is what a reader wants to know before following it: “PDF, 1.2 MB”."""

    words: Phrase
    url: str
    language: str  # of what it leads to
    about: str
    is_elsewhere: bool  # on another site
    type: str = ""  # its media type, where it is known


@dataclass(frozen=True)
class Attachments:
    title: str
    recording: Link | None
    player: Embed | None  # of the recording, where it can be shown in place
    documents: list[Link]
    transcript: Phrase
    transcript_about: str  # “in French”; "" in the page's language

    def __bool__(self) -> bool:
        return bool(self.recording or self.documents or self.transcript)


def shown_pictures(reading: Reading) -> list[ShownPicture]:
    """The first opens the page, the others stand under its text."""
    rows = list(reading.event.pictures.all())
    others = ALONE if len(rows) == 2 else IN_A_ROW
    return [_picture(row, others if index else OPENING, reading.wanted) for index, row in enumerate(rows)]


def attachments(reading: Reading) -> Attachments:
    event, wanted = reading.event, reading.wanted
    recording, transcript = phrase(event, "recording_url", wanted), phrase(event, "transcript", wanted)
    rows = [link for row in event.documents.all() if (link := _document(row, wanted))]
    if reading.has_ended:
        title = _("Afterwards")
    elif recording or transcript:
        title = _("To watch and to read")
    else:
        title = _("Documents")
    link = None
    if recording:
        about = _about(host(recording.text), recording.language, wanted)
        link = Link(Phrase(_("Watch the recording"), wanted), recording.text, recording.language, about, True)
    player = embed(recording.text)
    return Attachments(title, link, player, rows, transcript, _about("", transcript.language, wanted))


def host(url: str) -> str:
    """“youtube.com”: a link that leads to another site says to which one."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _picture(row: Picture, sizes: str, wanted: str) -> ShownPicture:
    copies = pictures.copies_of(row)
    address = default_storage.url
    return ShownPicture(
        sizes=TALL if row.height > 0.8 * row.width else sizes,
        url=address(copies[-1].name),
        width=row.width,
        height=row.height,
        srcset=", ".join(f"{address(copy.name)} {copy.width}w" for copy in copies),
        webp=", ".join(f"{address(copy.webp)} {copy.width}w" for copy in copies if copy.webp),
        alt=Phrase("", wanted) if row.decorative else phrase(row, "alt", wanted),
        caption=phrase(row, "caption", wanted),
    )


def _document(row: Document, wanted: str) -> Link | None:
    for language in [wanted, *languages()]:
        file, url = (getattr(row, in_language(field, language)) for field in ("file", "url"))
        words = phrase(row, "title", language) or Phrase(_("Document"), wanted)
        if file:
            about = _about(documents.kind_and_size(file.name), language, wanted)
            media_type = SAVED.get(documents.kind_of(file.name), "").partition(";")[0]
            return Link(words, file.url, language, about, False, media_type)
        if url:
            return Link(words, url, language, _about(host(url), language, wanted), True)
    return None


def _about(words: str, language: str, wanted: str) -> str:
    in_another = _("in {language}").format(language=name_languages([language])) if language != wanted else ""
    return ", ".join(each for each in (words, in_another) if each)
