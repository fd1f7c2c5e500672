"""Uploaded files, as anybody on the web gets them."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation

from omep_site.lib import media
from omep_site.lib.media import size_in_words
from tests.factories import make_event

pytestmark = pytest.mark.django_db

PICTURE = f"pictures/{'a' * 32}-480.webp"
DOCUMENT = f"documents/{'0' * 24}-4/slides-opening.pdf"


@pytest.fixture
def event(uploads):
    for name in (PICTURE, DOCUMENT, "pictures/secret.jpg"):
        default_storage.save(name, ContentFile(b"%PDF"))
    event = make_event()
    event.pictures.create(file=PICTURE.replace("webp", "jpg"), width=480, height=1, decorative=True)
    event.documents.create(title_en="Slides", file_en=DOCUMENT)
    return event


def get(client, name, **headers):
    response = client.get(f"/media/{name}", headers=headers)
    return response, response.getvalue()


def test_a_picture_is_shown_and_runs_nothing(client, event):
    response, content = get(client, PICTURE)

    assert (response.status_code, content) == (200, b"%PDF")
    assert dict(response.headers) | {"ETag": ""} == {
        "Cache-Control": "public, max-age=86400, s-maxage=300, stale-if-error=3600",
        "Content-Disposition": "inline",
        "Content-Length": "4",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Content-Type": "image/webp",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin",  # mail and feeds on the web show it
        "ETag": "",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    assert response.cookies == {}


def test_a_document_is_saved_under_its_name(client, event):
    response, content = get(client, DOCUMENT)

    assert (response["Content-Type"], content) == ("application/pdf", b"%PDF")
    assert response["Content-Disposition"] == 'attachment; filename="slides-opening.pdf"'
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_browser_that_has_a_file_is_told_so(client, event):
    etag = get(client, PICTURE)[0]["ETag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response, content = get(client, PICTURE, if_none_match=known)
        assert (response.status_code, content, response["ETag"]) == (304, b"", etag)
        assert response["Cache-Control"] == media.CACHE_CONTROL
    assert get(client, PICTURE, if_none_match='"other"')[0].status_code == 200
    assert get(client, DOCUMENT)[0]["ETag"] != etag


def test_head_says_what_get_would(client, event):
    found, _content = get(client, DOCUMENT)
    response = client.head(f"/media/{DOCUMENT}")

    assert (response.content, dict(response.headers)) == (b"", dict(found.headers))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_sent_to_a_file(client, event, method):
    assert getattr(client, method)(f"/media/{PICTURE}").status_code == 405


def test_a_picture_that_was_taken_off_its_page_is_shown_no_more_even_to_who_has_it(client, event):
    etag = get(client, PICTURE)[0]["ETag"]
    event.pictures.all().delete()

    assert get(client, PICTURE, if_none_match=etag)[0].status_code == 404
    assert default_storage.exists(PICTURE)


def test_a_document_that_another_one_replaced_is_handed_out_no_more(client, event):
    event.documents.update(file_en="documents/other.pdf")

    assert get(client, DOCUMENT)[0].status_code == 404


def test_a_drafts_files_are_there_for_its_preview(client, event):
    event.withdraw()

    assert get(client, PICTURE)[0].status_code == 200


def test_a_file_that_the_storage_lost_is_not_found(client, event):
    default_storage.delete(PICTURE)

    assert (get(client, PICTURE)[0].status_code, client.head(f"/media/{PICTURE}").status_code) == (404, 404)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pictures/",
        "pictures/secret.jpg",
        "secret_key",
        "../secret_key",
        "..%2f..%2fsecret_key",
        "pictures/../pictures/secret.jpg",
        f"pictures/../{PICTURE}",
        f"/{PICTURE}",
        f"pictures/%2e%2e/{PICTURE}",
        f"{PICTURE}%00.jpg",
        f"{PICTURE}/",
        PICTURE.upper(),
        PICTURE.replace("480", "960") + "%0a",
        DOCUMENT.replace(".pdf", ".html"),
        "pictures/%25.jpg",
        "pictures/é.jpg",
    ],
)
def test_nothing_else_is_handed_out(client, event, name):
    response = client.get(f"/media/{name}")

    assert response.status_code == 404


def test_a_nul_in_an_address_is_not_found(client, event):
    assert client.get("/media/documents/%00.pdf").status_code == 404


@pytest.mark.parametrize(("name", "queries"), [(PICTURE, 2), (DOCUMENT, 2), ("pictures/x.php", 1)])
def test_a_file_costs_one_query_beside_the_version(client, event, django_assert_num_queries, name, queries):
    with django_assert_num_queries(queries):
        get(client, name)


@pytest.mark.parametrize(
    ("size", "english", "french"),
    [
        (1, "1\xa0kB", "1\xa0ko"),
        (850_499, "850\xa0kB", "850\xa0ko"),
        (999_500, "1\xa0MB", "1\xa0Mo"),
        (1_000_000, "1\xa0MB", "1\xa0Mo"),
        (1_250_000, "1.2\xa0MB", "1,2\xa0Mo"),
        (15_000_000, "15\xa0MB", "15\xa0Mo"),
    ],
)
def test_a_size_is_said_as_people_say_it(size, english, french):
    with translation.override("en"):
        assert size_in_words(size) == english
    with translation.override("fr"):
        assert size_in_words(size) == french
