"""Documents, the recording and the transcript: what is taken, and how a page offers them."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from events import documents
from events.attachments import host
from events.models import DOCUMENT_KINDS, Event
from omep_site.lib.media import SAVED
from tests.events.test_edit_in_admin import ADD, COMPLETE, errors
from tests.events.uploads import chosen
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nslides"
STORED = f"documents/{'0' * 24}-{{size}}/{{name}}"


def rows(**fields) -> dict:
    return {"documents-TOTAL_FORMS": 1} | {f"documents-0-{name}": value for name, value in fields.items()}


def past(**fields):
    return make_event(starts_at=timezone.now() - timedelta(days=7), **fields)


def page_of(client, event, language="en"):
    kind = {"fr": "evenements", "en": "events"}[language]
    return soup(client.get(f"/{language}/{kind}/{getattr(event, f'slug_{language}')}/"))


# What is taken


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("slides.pdf", PDF),
        ("SLIDES.PDF", PDF),
        ("liste.csv", "prénom;âge\nZoé;4".encode()),
        ("liste.csv", "prénom;âge\nZoé;4".encode("utf-16")),
        ("texte.txt", "été".encode("latin-1")),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(name, content):
    documents.check(chosen(content, name))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("slides.pdf", b"<html>", "content"),
        ("slides.pdf", b"PK\x03\x04", "content"),
        ("notes.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "content"),
        ("notes.doc", b"MZ\x90", "content"),
        ("texte.txt", b"MZ\x90\0\0", "content"),
        ("page.html", b"<html>", "kind"),
        ("dessin.svg", b"<svg>", "kind"),
        ("macros.docm", b"PK\x03\x04", "kind"),
        ("slides.pdf.exe", PDF, "kind"),
        ("slides", PDF, "kind"),
        ("slides.pdf", PDF + b"\0" * 20 * 10**6, "size"),
    ],
)
def test_a_file_that_is_not_what_it_says_or_too_large_is_refused(name, content, code):
    with pytest.raises(ValidationError) as error:
        documents.check(chosen(content, name))

    assert error.value.code == code


def test_every_kind_that_is_taken_has_its_type():
    assert set(DOCUMENT_KINDS) == set(SAVED)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Présentation d’ouverture (1).PDF", "presentation-d-ouverture-1.pdf"),
        ("日本語.pdf", "document.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a" * 200 + ".pdf", "a" * 40 + ".pdf"),
    ],
)
def test_a_download_has_a_name_that_every_computer_reads(name, kept):
    folder, name = documents.named(chosen(PDF, name)).name.split("/")

    assert (bool(re.fullmatch(f"[0-9a-f]{{32}}-{len(PDF)}", folder)), name) == (True, kept)


# In the editor's form


def test_an_editor_adds_slides_in_one_language_and_a_link_in_the_other(editor, uploads):
    fields = {"title_fr": "Présentation", "file_fr": chosen(PDF, "Présentation d’été.pdf")}
    fields |= {"title_en": "Slides", "url_en": "unesco.org/slides"}
    response = editor.post(ADD, COMPLETE | rows(**fields))

    assert (response.status_code, errors(response) if response.status_code == 200 else []) == (302, [])
    row = Event.objects.get().documents.get()
    assert re.fullmatch(rf"documents/[0-9a-f]{{32}}-{len(PDF)}/presentation-d-ete\.pdf", row.file_fr.name)
    assert (uploads / row.file_fr.name).read_bytes() == PDF
    assert (bool(row.file_en), row.url_en, bool(row.url_fr)) == (False, "https://unesco.org/slides", False)


def test_a_file_stays_when_its_title_changes_and_goes_when_the_editor_clears_it(editor, uploads):
    editor.post(ADD, COMPLETE | rows(title_fr="Actes", file_fr=chosen(PDF, "actes.pdf")))
    event = Event.objects.get()
    row = event.documents.get()
    change = f"/admin/events/event/{event.pk}/change/"
    data = COMPLETE | {"slug_fr": event.slug_fr, "slug_en": event.slug_en}
    data |= rows(id=row.pk, event=event.pk, title_fr="Les actes", position=1) | {"documents-INITIAL_FORMS": 1}

    assert editor.post(change, data).status_code == 302
    assert (event.documents.get().title_fr, event.documents.get().file_fr.name) == ("Les actes", row.file_fr.name)

    data |= {"documents-0-file_fr-clear": "on", "documents-0-url_fr": "https://example.org/actes"}
    assert editor.post(change, data).status_code == 302
    assert (bool(event.documents.get().file_fr), event.documents.get().url_fr) == (False, "https://example.org/actes")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title_fr": "Actes"}, ["Choose a file or write a link, in one language at least."]),
        ({"url_en": "https://example.org"}, ["Write a title: it is what the link says."]),
        (
            {"title_fr": "Actes", "url_fr": "https://example.org", "file_fr": chosen(PDF, "actes.pdf")},
            ["Give a file or a link: readers are offered one of them."],
        ),
        (
            {"title_fr": "Actes", "file_fr": chosen(b"<html>", "actes.pdf")},
            ["This file is not what its name says: its content is not that of a .pdf file. Save it again."],
        ),
        (
            {"title_fr": "Actes", "file_fr": chosen(b"<html>", "actes.html")},
            [f"Files of this kind are not taken. Choose one of these kinds: {', '.join(DOCUMENT_KINDS)}."],
        ),
    ],
)
def test_a_document_is_a_file_or_a_link_with_a_title(editor, uploads, fields, said):
    response = editor.post(ADD, COMPLETE | rows(**fields))

    assert (errors(response), Event.objects.count()) == (said, 0)


# On the page


def test_after_the_event_its_page_offers_what_there_is_of_it(client):
    event = past(
        recording_url_fr="https://www.youtube.com/watch?v=fr",
        recording_url_en="https://www.youtube.com/watch?v=en",
        transcript_fr="<p>Bonjour à toutes et à tous.</p>",
        transcript_en="<p>Hello, everybody.</p>",
    )
    event.documents.create(
        title_fr="Diapositives",
        title_en="Slides",
        file_fr=STORED.format(size=1_234_567, name="diapositives.pdf"),
        file_en=STORED.format(size=850_000, name="slides.pptx"),
        position=2,
    )
    event.documents.create(title_fr="Programme", title_en="Programme", url_en="https://www.example.org/p", position=1)

    english, french = (page_of(client, event, each).select_one(".afterwards") for each in ("en", "fr"))
    assert words(english) == (
        "Afterwards Watch the recording (youtube.com) Programme (example.org) Slides (PPTX, 850 kB) "
        "Read the transcript Hello, everybody."
    )
    assert words(french) == (
        "Après l’événement Voir l’enregistrement (youtube.com) Programme (example.org, en anglais) "
        "Diapositives (PDF, 1,2 Mo) Lire la transcription Bonjour à toutes et à tous."
    )
    presentation = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    assert [(link["href"], link["hreflang"], link.get("type"), link.get("rel")) for link in english.select("a")] == [
        ("https://www.youtube.com/watch?v=en", "en", None, ["noopener"]),
        ("https://www.example.org/p", "en", None, ["noopener"]),
        (f"/media/documents/{'0' * 24}-850000/slides.pptx", "en", presentation, None),
    ]
    # What a screen reader lists as links says it too.
    assert [words(link) for link in french.select(".documents a")] == [
        "Programme (example.org, en anglais)",
        "Diapositives (PDF, 1,2 Mo)",
    ]
    assert "1,2\xa0Mo" in french.get_text()
    assert english.select("iframe, video, embed, object") == []


def test_what_exists_in_another_language_alone_is_offered_and_says_so(client):
    event = past(recording_url_fr="https://media.example.org/1", transcript_fr="<p>Bonjour</p>")
    event.documents.create(title_fr="Actes", file_fr=STORED.format(size=2_000_000, name="actes.pdf"))

    section = page_of(client, event).select_one(".afterwards")
    assert words(section) == (
        "Afterwards Watch the recording (media.example.org, in French) Actes (PDF, 2 MB, in French) "
        "Read the transcript (in French) Bonjour"
    )
    assert [link["hreflang"] for link in section.select("a")] == ["fr", "fr"]
    assert section.select_one(".documents [lang]")["lang"] == section.select_one(".transcript [lang]")["lang"] == "fr"


@pytest.mark.parametrize(
    ("fields", "title"), [({}, "Documents"), ({"recording_url_en": "https://vimeo.com/1"}, "To watch and to read")]
)
def test_before_its_end_an_event_may_offer_documents_below_its_text(client, fields, title):
    event = make_event(**fields)
    event.documents.create(title_en="Programme", url_en="https://example.org/p")

    page = page_of(client, event)
    assert words(page.select_one(".afterwards h2")) == title
    assert [each["class"] for each in page.select(".prose, .afterwards")] == [["prose"], ["afterwards"]]


def test_after_its_end_what_there_is_of_it_comes_first(client):
    event = past()
    event.documents.create(title_en="Programme", url_en="https://example.org/p")

    assert [each["class"] for each in page_of(client, event).select(".prose, .afterwards")] == [
        ["afterwards"],
        ["prose"],
    ]


def test_a_document_that_leads_nowhere_is_not_offered(client):
    event = make_event()
    event.documents.create(title_en="Programme")

    assert page_of(client, event).select(".afterwards") == []


@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("slides.pdf", "en", "PDF, 1.2\xa0MB"),
        ("slides.pdf", "fr", "PDF, 1,2\xa0Mo"),
        ("old/slides.pdf", "en", "PDF"),
    ],
)
def test_a_file_says_its_kind_and_size(name, language, said):
    stored = STORED.format(size=1_200_000, name=name) if "/" not in name else f"documents/{name}"
    with translation.override(language):
        assert documents.kind_and_size(stored) == said


@pytest.mark.parametrize(
    ("url", "said"),
    [("https://www.youtube.com/watch", "youtube.com"), ("http://media.unesco.org:8080/a", "media.unesco.org")],
)
def test_a_link_names_its_host(url, said):
    assert host(url) == said
