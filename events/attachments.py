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
from events.models import Document, Picture
from events.reading import Phrase, Reading, name_languages, phrase
from omep_site.lib.links import languages


@dataclass(frozen=True)
class ShownPicture:
    """`srcset` and `webp` are attributes of <img> and <source>; `webp` is "" where there is none."""

    url: str
    width: int
    height: int
    srcset: str
    webp: str
    alt: Phrase  # empty for decoration
    caption: Phrase


@dataclass(frozen=True)
class Link:
    """A document or the recording. `about` is what a reader wants to know before following it: “PDF, 1.2 MB”."""

    words: Phrase
    url: str
    language: str  # of what it leads to
    about: str
    is_elsewhere: bool  # on another site


@dataclass(frozen=True)
class Attachments:
    title: str
    recording: Link | None
    documents: list[Link]
    transcript: Phrase
    transcript_about: str  # “in French”; "" in the page's language

    def __bool__(self) -> bool:
        return bool(self.recording or self.documents or self.transcript)


def shown_pictures(reading: Reading) -> list[ShownPicture]:
    return [_picture(row, reading.wanted) for row in reading.event.pictures.all()]


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
    return Attachments(title, link, rows, transcript, _about("", transcript.language, wanted))


def host(url: str) -> str:
    """“youtube.com”: a link that leads to another site says to which one."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _picture(row: Picture, wanted: str) -> ShownPicture:
    copies = pictures.copies_of(row)
    address = default_storage.url
    return ShownPicture(
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
            return Link(words, file.url, language, about, False)
        if url:
            return Link(words, url, language, _about(host(url), language, wanted), True)
    return None


def _about(words: str, language: str, wanted: str) -> str:
    in_another = _("in {language}").format(language=name_languages([language])) if language != wanted else ""
    return ", ".join(each for each in (words, in_another) if each)
