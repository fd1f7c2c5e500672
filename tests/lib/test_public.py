"""Kept pages: when they are answered from memory, when they end, and that they are the same for everybody."""

import gzip
from datetime import timedelta

import brotli
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path
from django.utils.cache import patch_vary_headers

from events.models import Event
from omep_site.lib import kept, public
from omep_site.lib.public import passing, public_page
from omep_site.models import ContentVersion
from omep_site.urls import urlpatterns as site
from tests.factories import make_event

made = []  # one entry for each time that a view below ran


@public_page()
def plain(request):
    made.append("plain")
    return HttpResponse(f"page {len(made)} " + "petite enfance " * 200)


@public_page("page", "sort")
def listed(request):
    made.append("listed")
    return HttpResponse(f"{request.GET.getlist('page')} {request.GET.get('sort')}")


@public_page("q")
def searched(request):
    made.append("searched")
    response = HttpResponse(f"found {request.GET.get('q', 'all')} " + "petite enfance " * 200)
    return passing(response) if "q" in request.GET else response


@public_page()
def with_cookie(request):
    made.append("with_cookie")
    response = HttpResponse("hello")
    response.set_cookie("seen", "1")
    return response


@public_page()
def by_cookie(request):
    made.append("by_cookie")
    response = HttpResponse("hello")
    patch_vary_headers(response, ["Cookie"])
    return response


@public_page()
def picture(request):
    return HttpResponse(b"\x89PNG" + bytes(2000), content_type="image/png")


@public_page()
def streamed(request):
    made.append("streamed")
    return StreamingHttpResponse([b"hello"])


@public_page()
def gone(request):
    made.append("gone")
    return HttpResponse("gone", status=410)


@public_page()
def changed_meanwhile(request):
    made.append("changed_meanwhile")
    if len(made) == 1:
        public.bump()
    return HttpResponse(f"page {len(made)}")


@public_page()
def asked_meanwhile(request):
    """Somebody else's request sees a new version while this page is made."""
    made.append("asked_meanwhile")
    if len(made) == 1:
        ContentVersion.raise_by_one()
        public.shelf.find(request, ContentVersion.current())
    return HttpResponse(f"page {len(made)}")


meanwhile = []  # what happens while the view below makes its page for the first time


@public_page()
def across(request):
    made.append("across")
    while meanwhile:
        meanwhile.pop()()
    return HttpResponse(f"page {len(made)}")


def not_marked(request):
    made.append("not_marked")
    return HttpResponse("hello")


def write(request):
    return HttpResponse("written")


urlpatterns = [
    path("en/plain", plain),
    path("en/listed", listed),
    path("en/searched", searched),
    path("en/with_cookie", with_cookie),
    path("en/by_cookie", by_cookie),
    path("en/picture", picture),
    path("en/streamed", streamed),
    path("en/gone", gone),
    path("en/changed_meanwhile", changed_meanwhile),
    path("en/asked_meanwhile", asked_meanwhile),
    path("en/across", across),
    path("en/not_marked", not_marked),
    path("write", write),
    path("admin/write", write),
    *site,
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def _nothing_made():
    made.clear()


def bump_elsewhere():
    """What another process does: this one hears nothing of it."""
    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1):
        ContentVersion.objects.create(pk=1)


# --- The version, remembered ----------------------------------------------------------------------------------------


def test_a_kept_page_costs_no_query_while_the_version_is_remembered(client, clock, django_assert_num_queries):
    first = client.get("/en/plain")
    clock.forward(0.499)
    with django_assert_num_queries(0):
        second = client.get("/en/plain")
    assert (second.content, made) == (first.content, ["plain"])


def test_a_kept_page_costs_one_query_once_the_version_is_forgotten(
    client, clock, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(public, "VERSION_MEMORY", 0.5)  # as on the real site; the clock is ours here
    first = client.get("/en/plain")
    clock.forward(0.5)
    with django_assert_num_queries(1):
        second = client.get("/en/plain")
    assert (second.content, made) == (first.content, ["plain"])


def test_a_change_by_another_process_shows_after_half_a_second_and_not_before(client, clock):
    client.get("/en/plain")
    bump_elsewhere()
    clock.forward(0.499)
    client.get("/en/plain")
    assert made == ["plain"]
    clock.forward(0.001)
    client.get("/en/plain")
    assert made == ["plain", "plain"]


def test_a_change_by_this_process_shows_at_once(client, clock):
    client.get("/en/plain")
    public.bump()
    client.get("/en/plain")
    assert made == ["plain", "plain"]


@pytest.mark.django_db(transaction=True)
def test_what_was_remembered_within_the_transaction_of_a_change_is_forgotten_with_its_commit(clock, monkeypatch):
    public.bump()
    with transaction.atomic():
        public.bump()
        with monkeypatch.context() as other_thread:  # which cannot see the change yet
            other_thread.setattr(ContentVersion, "both", lambda: (1, 1))
            assert public.version() == 1
    assert public.version() == 2


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_raises_nothing():
    public.bump()
    with transaction.atomic():
        public.bump()
        transaction.set_rollback(True)
    assert ContentVersion.current() == 1


def test_an_answer_from_before_the_change_is_not_remembered_after_it(clock, monkeypatch):
    def overtaken():
        monkeypatch.undo()
        public.bump()
        return 0

    monkeypatch.setattr(ContentVersion, "current", overtaken)
    public.version()
    assert public.version() == ContentVersion.current()


def test_pages_are_kept_without_the_row_of_the_version_and_changes_still_show(client, clock):
    ContentVersion.objects.all().delete()
    client.get("/en/plain")
    client.get("/en/plain")
    assert made == ["plain"]
    public.bump()
    client.get("/en/plain")
    assert (made, ContentVersion.current()) == (["plain", "plain"], 1)


# --- Which requests share a page ------------------------------------------------------------------------------------


def test_a_parameter_that_no_page_listed_makes_no_entry(client):
    for query in ("", "?utm_source=mail", "?page=2", "?page=3&x=1"):
        client.get(f"/en/plain{query}")
    assert (made, len(public.shelf.now.pages)) == (["plain"], 1)


def test_each_value_of_a_listed_parameter_has_its_own_page(client):
    asked = [
        "/en/listed",
        "/en/listed?page=2",
        "/en/listed?page=2&x=1",
        "/en/listed?sort=a&page=2",
        "/en/listed?page=2&sort=a",
    ]
    answers = [client.get(url).content.decode() for url in asked]
    assert answers == ["[] None", "['2'] None", "['2'] None", "['2'] a", "['2'] a"]
    assert len(made) == 3


def test_an_empty_value_is_not_taken_for_a_missing_one(client):
    assert [client.get(url).content for url in ("/en/listed", "/en/listed?page=")] == [b"[] None", b"[''] None"]


def test_a_repeated_parameter_keeps_its_order(client):
    urls = ("/en/listed?page=1&page=2", "/en/listed?page=2&page=1")
    assert [client.get(url).content for url in urls] == [b"['1', '2'] None", b"['2', '1'] None"]


def test_hosts_and_schemes_do_not_share_a_page(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    bodies = {
        client.get("/en/plain").content,
        client.get("/en/plain", headers={"host": "other.example"}).content,
        client.get("/en/plain", secure=True).content,
    }
    assert len(bodies) == len(made) == 3


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "test server", "testserver@evil.example"])
def test_a_kept_page_cannot_be_had_under_a_host_that_is_not_ours(client, host):
    kept = client.get("/en/plain", headers={"host": "testserver"})
    response = client.get("/en/plain", headers={"host": host})
    assert (response.status_code, kept.content in response.content) == (400, False)
    assert len(public.shelf.now.pages) == 1


def test_threads_that_ask_for_a_new_page_all_get_one_that_fits_its_etag(at_once):
    def ask():
        response = Client().get("/en/plain", headers={"accept-encoding": "br"})
        return response["ETag"], brotli.decompress(response.content)

    bodies = {}
    for etag, body in at_once(ask, 12):
        assert bodies.setdefault(etag, body) == body
    assert len({*bodies.values()}) == len(bodies)


def test_threads_that_ask_for_one_event_page_all_get_the_same_bytes(at_once):
    make_event(slug_en="launch", title_en="A quiet launch")
    answers = at_once(lambda: Client().get("/en/events/launch/").content, 12)
    assert len(set(answers)) == 1
    assert b"A quiet launch" in answers[0]


# --- Conditional requests -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "known", ["{etag}", "W/{etag}", '"other", {etag}', '"a","b",W/{etag} , "c"', "*"], ids=lambda known: known
)
def test_who_has_the_page_already_gets_304_without_a_body(client, known):
    fresh = client.get("/en/plain")
    response = client.get("/en/plain", headers={"if-none-match": known.format(etag=fresh["ETag"])})
    assert (response.status_code, response.content) == (304, b"")
    named = ("ETag", "Cache-Control", "Vary", "Content-Security-Policy")
    assert [response[name] for name in named] == [fresh[name] for name in named]
    assert "Content-Length" not in response
    assert "Content-Encoding" not in response


@pytest.mark.parametrize("known", ['"other"', 'W/"other"', "{etag}x", "", '"{etag}"'])
def test_who_has_another_page_gets_this_one(client, known):
    fresh = client.get("/en/plain")
    response = client.get("/en/plain", headers={"if-none-match": known.format(etag=fresh["ETag"])})
    assert (response.status_code, response.content) == (200, fresh.content)


def test_the_etag_of_one_encoding_does_not_stand_for_another(client):
    compressed = client.get("/en/plain", headers={"accept-encoding": "br"})
    response = client.get("/en/plain", headers={"if-none-match": compressed["ETag"]})
    assert (response.status_code, response["ETag"] == compressed["ETag"]) == (200, False)


def test_the_etag_moves_with_the_bytes_and_with_nothing_else(client):
    public.forget()
    first = client.get("/en/")["ETag"]
    public.bump()
    assert client.get("/en/")["ETag"] == first
    make_event()
    public.bump()
    assert client.get("/en/")["ETag"] != first


@pytest.mark.parametrize("kept", [False, True])
def test_head_answers_the_headers_of_get_and_no_body(client, kept):
    if kept:
        client.get("/en/")
    head = client.head("/en/", headers={"accept-encoding": "gzip"})
    get = client.get("/en/", headers={"accept-encoding": "gzip"})
    assert (head.status_code, head.content, dict(head.items())) == (200, b"", dict(get.items()))
    assert int(head["Content-Length"]) == len(get.content)


# --- Encodings ------------------------------------------------------------------------------------------------------

OPEN = {None: lambda body: body, "br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("br", "br"),
        ("BR", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.1", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip; q=0.5", "gzip"),
        ("br;q=0.000, gzip;q=0", None),
        ("identity", None),
        ("deflate, zstd", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("gzip, *;q=0", "gzip"),
        (",;=,q=", None),
    ],
)
def test_the_page_comes_in_the_smallest_encoding_that_is_accepted(client, accepted, encoding):
    plain = client.get("/en/plain")
    response = client.get("/en/plain", headers={"accept-encoding": accepted})
    assert response.get("Content-Encoding") == encoding
    assert OPEN[encoding](response.content) == plain.content
    assert int(response["Content-Length"]) == len(response.content)
    assert response["Vary"] == "Accept-Encoding"


def test_each_encoding_has_an_etag_of_its_own(client):
    etags = {client.get("/en/plain", headers={"accept-encoding": each})["ETag"] for each in ("", "gzip", "br")}
    assert len(etags) == 3
    assert all(etag.startswith('"') and etag.endswith('"') for etag in etags)


def test_a_picture_is_not_compressed_a_second_time(client):
    response = client.get("/en/picture", headers={"accept-encoding": "br, gzip"})
    assert (response.content[:4], len(response.content)) == (b"\x89PNG", 2004)
    assert (response.get("Content-Encoding"), response.get("Vary")) == (None, None)
    assert client.get("/en/picture", headers={"if-none-match": response["ETag"]}).status_code == 304


def test_a_page_is_compressed_once_and_not_for_each_request(client, monkeypatch):
    compressed = []
    monkeypatch.setitem(kept.COMPRESSORS, "br", lambda body: compressed.append(1) or brotli.compress(body))
    for _ in range(3):
        client.get("/en/plain", headers={"accept-encoding": "br"})
    assert compressed == [1]


def test_a_public_page_says_how_long_others_may_keep_it(client):
    assert client.get("/en/plain")["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=3600"


# --- What is not kept -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fault"),
    [("with_cookie", "sets the cookies ['seen']"), ("by_cookie", "varies on cookies"), ("streamed", "is streamed")],
)
def test_a_page_that_cannot_be_the_same_for_everybody_is_an_error_in_development(client, name, fault):
    with pytest.raises(ImproperlyConfigured) as error:
        client.get(f"/en/{name}")
    assert str(error.value) == f"A public page {fault}."


@pytest.mark.parametrize("name", ["with_cookie", "by_cookie", "streamed"])
def test_a_page_that_cannot_be_the_same_for_everybody_is_answered_and_not_kept_in_production(client, settings, name):
    settings.PUBLIC_PAGE_STRICT = False
    for _ in range(2):
        response = client.get(f"/en/{name}")
        assert (response.status_code, response.getvalue(), "Cache-Control" in response) == (200, b"hello", False)
    assert (made, public.shelf.now.pages) == ([name, name], {})


@pytest.mark.parametrize(("name", "status"), [("gone", 410), ("not_marked", 200)])
def test_other_answers_are_made_each_time(client, name, status):
    assert [client.get(f"/en/{name}").status_code for _ in range(2)] == [status, status]
    assert (made, public.shelf.now.pages) == ([name, name], {})


def test_what_only_passes_is_made_each_time_and_takes_no_place(client):
    for query in ("", "?q=a", "?q=b", "?q=a", ""):
        client.get(f"/en/searched{query}")
    assert made == ["searched"] * 4
    assert [key[-1] for key in public.shelf.now.pages] == [()]


def test_what_only_passes_hides_no_kept_page_and_is_hidden_by_none(client):
    asked = ["?q=a", "", "?q=a", "?q=b", ""]
    bodies = [client.get(f"/en/searched{query}").content[:9] for query in asked]
    assert bodies == [b"found a p", b"found all", b"found a p", b"found b p", b"found all"]


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_what_only_passes_is_compressed_and_has_its_etag(client, encoding):
    first = client.get("/en/searched?q=a", headers={"accept-encoding": encoding})
    assert (first["Content-Encoding"], first["Cache-Control"]) == (encoding, "public, max-age=0")
    assert OPEN[encoding](first.content).startswith(b"found a")
    again = client.get("/en/searched?q=a", headers={"accept-encoding": encoding, "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/en/searched?q=b", headers={"accept-encoding": encoding, "if-none-match": first["ETag"]})
    assert other.status_code == 200


def test_the_answer_to_head_is_not_kept(client):
    client.head("/en/plain")
    assert public.shelf.now.pages == {}


def test_a_page_made_while_the_content_changed_is_not_answered_again(client):
    assert [client.get("/en/changed_meanwhile").content for _ in range(3)] == [b"page 1", b"page 2", b"page 2"]


def test_a_page_made_while_somebody_saw_a_newer_version_is_not_kept(client):
    client.get("/en/asked_meanwhile")
    assert public.shelf.now.pages == {}


# --- The clock ------------------------------------------------------------------------------------------------------


def test_a_page_lives_ten_minutes_where_nothing_changes(client, clock):
    client.get("/en/plain")
    clock.forward(599.9)
    client.get("/en/plain")
    assert made == ["plain"]
    clock.forward(0.1)
    client.get("/en/plain")
    assert made == ["plain", "plain"]


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"starts_at": timedelta(minutes=-1), "ends_at": timedelta(minutes=2)}, 120),
        ({"starts_at": timedelta(days=1), "ends_at": timedelta(days=2), "publish_at": timedelta(minutes=3)}, 180),
        ({"starts_at": timedelta(days=-2), "ends_at": timedelta(days=-1), "publish_at": timedelta(minutes=4)}, 240),
    ],
    ids=["an event ends", "a coming event becomes public", "a past event becomes public"],
)
def test_a_page_ends_when_the_clock_changes_what_visitors_see(client, clock, fields, seconds):
    make_event(**{name: clock.now() + delay for name, delay in fields.items()})
    client.get("/en/plain")
    clock.forward(seconds - 0.1)
    client.get("/en/plain")
    assert made == ["plain"]
    clock.forward(0.1)
    client.get("/en/plain")
    assert made == ["plain", "plain"]


def test_a_page_that_was_begun_before_a_change_by_the_clock_is_not_kept_after_it(client, clock):
    make_event(starts_at=clock.now() - timedelta(hours=1), ends_at=clock.now() + timedelta(seconds=1))

    def others_go_on():
        clock.forward(1.5)
        client.get("/en/plain")

    meanwhile.append(others_go_on)
    for _ in range(3):
        client.get("/en/across")
    assert made == ["across", "plain", "across"]


def test_what_is_remembered_ends_with_the_next_change_by_the_clock(client, clock):
    make_event(starts_at=clock.now() - timedelta(hours=1), ends_at=clock.now() + timedelta(minutes=2))
    client.get("/en/plain")
    found = []
    for _ in range(2):
        found.append([public.remember(("a", 1), lambda: clock.now()) for _ in range(2)])
        clock.forward(120)
    first, second = found
    assert (first[0] == first[1], second[0] == second[1]) == (True, True)
    assert second[0] - first[0] == timedelta(minutes=2)


def test_what_readers_say_ends_every_page_and_nothing_of_what_is_remembered_beside_it(client):
    client.get("/en/plain")
    numbers = iter(range(9))
    found = []
    for change in (lambda: public.bump(of_readers=True), public.bump, lambda: None):
        found.append(public.remember(("a", 1), lambda: next(numbers)))
        change()
        client.get("/en/plain")
    assert (found, made) == ([0, 0, 1], ["plain"] * 3)


def test_no_more_is_remembered_than_there_is_room_for(client, monkeypatch):
    monkeypatch.setattr(public.Remembered, "MOST", 2)
    for key in ("a", "b", "c"):
        public.remember((key,), lambda: 1)
    assert list(public._base.found.found) == [("b",), ("c",)]


def test_a_draft_ends_no_page(client, clock):
    make_event(
        status=Event.Status.DRAFT,
        publish_at=clock.now() + timedelta(minutes=1),
        starts_at=clock.now(),
        ends_at=clock.now(),
    )
    client.get("/en/plain")
    clock.forward(120)
    client.get("/en/plain")
    assert made == ["plain"]


def test_an_event_shows_at_its_moment_and_not_before(client, clock):
    make_event(
        title_en="A quiet launch",
        publish_at=clock.now() + timedelta(seconds=90),
        starts_at=clock.now() + timedelta(days=1),
    )
    seen = [b"A quiet launch" in client.get("/en/events/").content]
    clock.forward(89.9)
    seen.append(b"A quiet launch" in client.get("/en/events/").content)
    clock.forward(0.1)
    seen.append(b"A quiet launch" in client.get("/en/events/").content)
    assert seen == [False, False, True]


# --- Memory ---------------------------------------------------------------------------------------------------------


def test_the_oldest_pages_make_room_for_new_ones(client, monkeypatch):
    client.get("/en/listed?page=1")
    monkeypatch.setattr(kept, "MOST_BYTES", 3 * public.shelf.now.bytes)
    for page in (2, 3, 4):
        client.get(f"/en/listed?page={page}")
    assert [key[-1] for key in public.shelf.now.pages] == [(("page", "2"),), (("page", "3"),), (("page", "4"),)]
    assert public.shelf.now.bytes == kept.MOST_BYTES


def test_a_page_larger_than_the_memory_is_answered_and_not_kept(client, monkeypatch):
    monkeypatch.setattr(kept, "MOST_BYTES", 100)
    assert [client.get("/en/plain").status_code for _ in range(2)] == [200, 200]
    assert (made, public.shelf.now.pages, public.shelf.now.bytes) == (["plain", "plain"], {}, 0)


def test_a_page_made_anew_takes_the_place_of_the_old_one(client, clock):
    client.get("/en/plain")
    before = public.shelf.now.bytes
    clock.forward(601)
    client.get("/en/plain")
    assert (len(public.shelf.now.pages), public.shelf.now.bytes) == (1, before)


def test_old_pages_are_kept_for_a_moment_after_a_new_version_and_then_free_their_memory(client, clock):
    client.get("/en/plain")
    public.bump()
    client.get("/en/picture")
    found = [(len(public.shelf.now.pages), len(public.shelf.before.pages))]
    clock.forward(kept.GRACE)
    client.get("/en/listed")
    found.append((len(public.shelf.now.pages), len(public.shelf.before.pages)))
    assert found == [(1, 1), (2, 0)]


# --- Editors and visitors -------------------------------------------------------------------------------------------


@pytest.fixture
def version():
    """The number at a test's start is none, so that any bump shows."""
    ContentVersion.objects.all().delete()
    return ContentVersion.current


def test_an_editors_successful_post_under_admin_raises_the_version(admin_client, version):
    assert admin_client.post("/admin/write").status_code == 200
    assert version() == 1


@pytest.mark.parametrize("url", ["/admin/write", "/admin/nowhere/"])
def test_a_refused_post_under_admin_raises_nothing(admin_user, version, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert client.post(url).status_code == 403
    assert version() == 0


def test_an_editors_get_raises_nothing(admin_client, version):
    assert admin_client.get("/admin/").status_code == 200
    assert version() == 0


@pytest.mark.parametrize("url", ["/write", "/admin/login/", "/admin/write"])
def test_a_visitors_post_raises_nothing(client, version, url):
    assert client.post(url, {"username": "nobody", "password": "x"}).status_code == 200
    assert version() == 0


def test_a_post_that_is_sent_on_to_https_raises_nothing(client, settings, version):
    settings.SECURE_SSL_REDIRECT = True
    assert client.post("/admin/write").status_code == 301
    assert version() == 0
