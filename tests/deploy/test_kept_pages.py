"""Which pages nginx keeps, how long, and under which name; in front of a site that the tests script."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.upstream import FOR_LONG, PATIENCE, PUBLIC, Answer, page

OLD = 2.1  # seconds, after which what may be kept for one is old: nginx counts whole ones


READ_BEFORE = {name: f"/en/events/{name}/" for name in ("changing", "quiet", "withdrawn", "removed")}


@pytest.fixture(scope="module")
def read_a_while_ago(_proxied):
    """Pages that somebody has read, and that are old by now."""
    for path in READ_BEFORE.values():
        _proxied.upstream.says[path] = page("old", PUBLIC)
        assert _proxied.get(path).body == b"old"
    time.sleep(OLD)


def once_it_is_kept(proxied, path):
    """A new answer is with whoever asked a moment before it has taken the place of the old page, which others get until then."""
    until = time.monotonic() + PATIENCE
    while (found := proxied.get(path)).body == b"old" and time.monotonic() < until:
        time.sleep(0.02)
    return found


def addresses(proxied) -> list[str]:
    return [each.path for each in proxied.upstream.asked]


# --- What is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/fr/",
        "/en/events/a-day/",
        "/fr/evenements/un-jour/",
        "/fr/evenements/un-jour.png",
        "/en/events.atom",
        "/en/newsletter/issues/3/",
        "/fr/mentions-legales/",
        "/sitemap.xml",
        "/en/events/a-day/?comments=2",
        "/en/events/?year=2025&page=2",
        "/media/pictures/abc-480.webp",
    ],
)
def test_a_public_page_is_asked_for_once_and_then_given_to_everybody(proxied, path):
    answers = [proxied.get(path) for _ in range(3)]
    assert [each.body for each in answers] == [f"{path} identity".encode()] * 3
    assert addresses(proxied) == [path]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/healthz",
        "/readyz",
        "/admin/",
        "/admin/events/event/",
        "/en/preview/token/",
        "/fr/lettre/desabonnement/token/",
        "/en/newsletter/preferences/token/",
        "/en/comments/token/",
        "/en/comments/stamp/?event=1",
        "/evenements/",
        "/de/",
        "/fr/evenements/un-jour/?comments=2&x=1",
        "/en/events/a-day/?page=2",
        "/en/events/?q=play",
        "/en/events/?year=2025&q=play",
        "/fr/?page=2",
        "/fr/?anything",
        "/fr//",
        "/fr/evenements/%75n-jour/",
        "/en/../en/",
        "/media/../en/",
        "/en/events/?year=" + "2" * 4000,
        "/wp-login.php",
    ],
)
def test_whatever_the_site_allows_nothing_else_is_kept(proxied, path):
    assert [proxied.get(path).status for _ in range(2)] == [200, 200]
    assert addresses(proxied) == [path, path]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        page("a page", "public, max-age=0"),
        page("a page", "no-store"),
        page("a page", "private"),
        page("a page", Set_Cookie="a=b"),
        page("a page", Vary="Accept-Encoding, Accept-Language"),
        page("a page", Vary="Cookie"),
        page("a page", Vary="*"),
        Answer(status=500),
        Answer(status=404),
        Answer(status=403),
        Answer(status=302, headers={"Location": "/en/"}),
        Answer(status=404, headers={"Cache-Control": PUBLIC}),
    ],
    ids=lambda answer: f"{answer.status} {' '.join(answer.headers.values())}",
)
def test_what_the_site_does_not_allow_is_not_kept(proxied, answer):
    proxied.upstream.says["/en/events/not-kept/"] = answer
    assert [proxied.get("/en/events/not-kept/").status for _ in range(2)] == [answer.status] * 2
    assert len(proxied.upstream.asked) == 2


def test_an_address_that_leads_on_is_kept_where_the_site_allows_it(proxied):
    moved = Answer(status=301, headers={"Location": "/en/events/new/", "Cache-Control": FOR_LONG})
    proxied.upstream.says["/en/events/former/"] = moved
    assert [proxied.get("/en/events/former/")["Location"] for _ in range(2)] == ["/en/events/new/"] * 2
    assert len(proxied.upstream.asked) == 1


# --- Under which name -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "?",
        "?utm_source=ministere&utm_medium=mail",
        "?fbclid=IwAR0-x_y",
        "?gclid=1&mc_cid=2&mc_eid=3&",
        "?utm_source=%2Fadmin%2F",
    ],
)
def test_what_advertising_adds_to_a_link_makes_no_other_page_and_does_not_reach_the_site(proxied, query):
    path = f"/en/events/tracked-{abs(hash(query))}/"
    assert [proxied.get(f"{path}{query}").status, proxied.get(path).status] == [200, 200]
    assert addresses(proxied) == [path]


@pytest.mark.parametrize(
    "query",
    ["?UTM_SOURCE=x", "?utm_source=x&comments=2", "?comments=2&COMMENTS=3", "?comments=<b>", "?x=1#y", "?utm=1"],
)
def test_a_query_of_another_kind_reaches_the_site_as_it_is_and_leaves_the_page_alone(proxied, query):
    path = f"/en/events/asked-{abs(hash(query))}/"
    proxied.upstream.says[path + query] = page("poison")
    assert proxied.get(path + query).body == b"poison"
    assert (proxied.get(path).text, addresses(proxied)) == (f"{path} identity", [path + query, path])


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_host": "evil.example"},
        {"x_forwarded_proto": "https"},
        {"x_original_url": "/admin/"},
        {"x_forwarded_for": "192.0.2.1", "forwarded": "for=192.0.2.1;host=evil.example"},
        {"cookie": "sessionid=mine"},
        {"range": "bytes=0-1"},
        {"if_none_match": '"x"'},
        {"accept_language": "en"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_header_of_a_visitor_changes_what_is_kept_for_the_others(proxied, headers):
    path = f"/fr/evenements/entetes-{next(iter(headers)).replace('_', '-')}/"
    proxied.get(path, **headers)
    [asked] = proxied.upstream.asked
    assert {name: asked.headers.get(name) for name in ("cookie", "range", "if-none-match", "x-forwarded-proto")} == {
        "cookie": None,
        "range": None,
        "if-none-match": None,
        "x-forwarded-proto": "http",
    }
    assert asked.headers["x-forwarded-for"] == "127.0.0.1"
    assert proxied.get(path).text == f"{path} identity"


def test_a_host_that_is_not_the_sites_is_hung_up_on_and_never_reaches_it(proxied):
    for host in ("evil.example", f"evil.example:{proxied.port}", "localhost"):
        with pytest.raises(ConnectionError):
            proxied.get("/en/", host=host)
    assert proxied.get("/en/", host="").status == 400
    assert proxied.upstream.asked == []


def test_the_site_is_told_its_own_host_whatever_port_a_visitor_names(proxied):
    assert proxied.get("/healthz", host="127.0.0.1:1").status == 200
    assert [each.headers["host"] for each in proxied.upstream.asked] == [f"127.0.0.1:{proxied.port}"]


# --- In which encoding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("br", "br"),
        ("BR;q=1", "br"),
        ("br;q=0.1, gzip;q=0.9", "br"),
        ("gzip;q=1.0,br;q=0", "gzip"),
        ("gzip;q=1.0, br ; q=0.000", "gzip"),
        ("br;q=0.01", "br"),
        ("br;q=0, gzip;q=0", "identity"),
        ("gzip;q=0", "identity"),
        ("deflate, zstd", "identity"),
        ("brotli, xgzip, gzipx", "identity"),
        ("identity", "identity"),
    ],
)
def test_what_a_browser_can_read_is_told_to_the_site_in_one_word(proxied, accepted, encoding):
    path = f"/en/events/encoded-{abs(hash(accepted))}/"
    assert proxied.get(path, accept_encoding=accepted).text == f"{path} {encoding}"


def test_each_encoding_is_kept_apart_and_is_given_as_the_site_made_it(proxied):
    path = "/en/events/compressed/"
    for encoding in ("br", "gzip"):
        proxied.upstream.says[path] = page(
            encoding * 2000, Content_Type="text/html; charset=utf-8", Content_Encoding=encoding, ETag=f'"{encoding}"'
        )
        proxied.get(path, accept_encoding=encoding)
    proxied.upstream.says[path] = page("plain" * 2000, Content_Type="text/html; charset=utf-8", ETag='"plain"')
    proxied.get(path)
    answers = [proxied.get(path, accept_encoding=accepted) for accepted in ("gzip, br", "gzip", "gzip;q=0")]
    assert [(each["Content-Encoding"], each["ETag"], each["Vary"], each.body) for each in answers] == [
        ("br", '"br"', "Accept-Encoding", b"br" * 2000),
        ("gzip", '"gzip"', "Accept-Encoding", b"gzip" * 2000),
        (None, '"plain"', "Accept-Encoding", b"plain" * 2000),
    ]
    assert len(proxied.upstream.asked) == 3


def test_a_page_that_came_uncompressed_stays_so(proxied):
    proxied.upstream.says["/en/preview/x/"] = Answer(b"x" * 5000, headers={"Content-Type": "text/html", "ETag": '"x"'})
    answer = proxied.get("/en/preview/x/", accept_encoding="gzip")
    assert (answer["Content-Encoding"], answer["ETag"], answer.body) == (None, '"x"', b"x" * 5000)


@pytest.mark.parametrize("known", ['"a1-br"', 'W/"a1-br"', '"other", "a1-br"', "*"])
def test_a_browser_that_has_a_page_is_told_so_from_what_is_kept(proxied, known):
    proxied.upstream.says["/en/events/known/"] = page("br", Content_Encoding="br", ETag='"a1-br"')
    proxied.get("/en/events/known/", accept_encoding="br")
    proxied.upstream.asked.clear()
    answer = proxied.get("/en/events/known/", accept_encoding="br", if_none_match=known)
    assert (answer.status, answer.body, answer["ETag"], answer["Cache-Control"]) == (304, b"", '"a1-br"', FOR_LONG)
    assert proxied.get("/en/events/known/", accept_encoding="br", if_none_match='"other"').status == 200
    assert proxied.upstream.asked == []


def test_head_is_answered_from_what_get_left(proxied):
    path = "/en/events/head/"
    assert proxied.get(path, method="HEAD").body == b""
    assert proxied.get(path).text == f"{path} identity"
    assert [each.method for each in proxied.upstream.asked] == ["GET"]


# --- How long -------------------------------------------------------------------------------------------------------


def test_many_who_come_at_once_to_a_new_page_cost_the_site_one_request(proxied):
    gate = threading.Event()
    proxied.upstream.says["/en/events/launch/"] = page("the launch")
    proxied.upstream.says["/en/events/launch/"].waits_for = gate
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(proxied.get, "/en/events/launch/") for _ in range(8)]
        time.sleep(0.2)
        gate.set()
        assert {each.result().body for each in answers} == {b"the launch"}
    assert len(proxied.upstream.asked) == 1


def test_an_old_page_is_given_only_while_it_is_fetched_anew(read_a_while_ago, proxied):
    path, gate = READ_BEFORE["changing"], threading.Event()
    proxied.upstream.says[path] = page("new")
    proxied.upstream.says[path].waits_for = gate
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(proxied.get, path)
        while not proxied.upstream.asked:
            time.sleep(0.01)
        meanwhile = proxied.get(path).body
        gate.set()
        assert (first.result().body, meanwhile) == (b"new", b"old")
    assert once_it_is_kept(proxied, path).body == b"new"


def test_who_comes_alone_after_a_quiet_while_gets_no_old_page(read_a_while_ago, proxied):
    proxied.upstream.says[READ_BEFORE["quiet"]] = page("new")
    assert proxied.get(READ_BEFORE["quiet"]).body == b"new"


def test_a_page_that_was_taken_away_is_gone_for_everybody_once_one_has_asked(read_a_while_ago, proxied):
    gate = threading.Event()
    paths = {404: READ_BEFORE["withdrawn"], 410: READ_BEFORE["removed"]}
    gate.set()
    for status, path in paths.items():
        proxied.upstream.says[path] = Answer(b"gone", status, waits_for=gate)
        assert proxied.get(path).status == status
        assert once_it_is_kept(proxied, path).status == status
        assert [proxied.get(path).status for _ in range(3)] == [status] * 3
    time.sleep(OLD)
    for status, path in paths.items():
        gate.clear()  # now it is being looked for again, and others come meanwhile
        asked = len(proxied.upstream.asked)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(proxied.get, path)
            while len(proxied.upstream.asked) == asked:
                time.sleep(0.01)
            meanwhile = proxied.get(path)
            gate.set()
            assert (first.result().status, meanwhile.status, meanwhile.body) == (status, status, b"gone")
    time.sleep(OLD)
    for path in paths.values():
        proxied.upstream.says[path] = page("back again")
        assert proxied.get(path).body == b"back again"
