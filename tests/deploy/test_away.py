"""What visitors meet when the site does not answer, or is not to be asked."""

import contextlib
import re
import shutil
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import pytest
from bs4 import BeautifulSoup

from bench.proxy import proxy
from bench.serving import free_port, production
from tests.deploy.upstream import PUBLIC, Answer, ask, page
from tests.pages import words

AWAY = {"fr": "Nous revenons dans un instant", "en": "We will be back in a moment"}
NOT_STORED = {"fr": "Votre envoi n’est pas arrivé", "en": "What you sent did not arrive"}
UNCERTAIN = {
    "fr": "Il n’est pas certain que votre envoi soit arrivé",
    "en": "It is not certain that what you sent arrived",
}
UNREADABLE = {"fr": "Cette demande n’a pas pu être lue", "en": "This request could not be read"}
FAULT = {"fr": "Une erreur de notre côté", "en": "A fault on our side"}
TOO_OFTEN = {"fr": "Trop à la fois", "en": "Too much at once"}


SHORT = PUBLIC.replace("3600", "1")
READ_BEFORE = ["/fr/evenements/gardee/", "/en/events/kept/", "/media/pictures/kept-480.webp"]


@pytest.fixture(scope="module")
def read_a_while_ago(_proxied):
    """Pages that somebody has read: all old by now, and those with “short” in their address too old to be read on."""
    paths = [*READ_BEFORE, "/en/events/withdrawn/"]
    for case in ("down", "500", "503"):
        paths += [f"/en/events/short-{case}/", f"/en/events/long-{case}/"]
    for path in paths:
        _proxied.upstream.says[path] = page(f"{path} as it was", SHORT if "/short-" in path else PUBLIC)
        assert _proxied.get(path).status == 200
    time.sleep(4.1)


@pytest.fixture
def away(proxied):
    proxied.upstream.down()
    yield proxied
    proxied.upstream.up()


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def titles(answer) -> list[str]:
    return [words(each) for each in soup(answer).select("h1, h2")]


@pytest.mark.parametrize(
    ("path", "languages"),
    [
        ("/fr/evenements/jamais-lu/", ["fr"]),
        ("/fr", ["fr"]),
        ("/en/?q=x", ["en"]),
        ("/en/events/never-read/", ["en"]),
        ("/", ["fr", "en"]),
        ("/french/", ["fr", "en"]),
        ("/admin/", ["fr", "en"]),
        ("/healthz", ["fr", "en"]),
    ],
)
def test_a_page_that_was_not_kept_asks_in_its_language_to_come_again(away, path, languages):
    answer = away.get(path)
    html = soup(answer)
    assert (answer.status, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
    assert (titles(answer), html.html["lang"]) == ([AWAY[each] for each in languages], languages[0])
    assert html.select("script, form") == []
    assert html.select_one("meta[name=robots]")["content"] == "noindex"


def test_pages_that_were_kept_are_read_on_in_both_languages(read_a_while_ago, proxied):
    proxied.upstream.down()
    try:
        answers = [proxied.get(path) for path in READ_BEFORE for _ in range(2)]
        assert [each.text for each in answers] == [f"{path} as it was" for path in READ_BEFORE for _ in range(2)]
    finally:
        proxied.upstream.up()
    proxied.upstream.says[READ_BEFORE[0]] = page("new words")
    assert proxied.get(READ_BEFORE[0]).body == b"new words"


def test_no_page_is_read_on_for_longer_than_it_says(read_a_while_ago, away):
    assert [away.get(f"/en/events/{name}-down/").status for name in ("short", "long")] == [503, 200]


def test_a_page_that_was_taken_away_does_not_come_back_when_the_site_is_away(read_a_while_ago, proxied):
    path = "/en/events/withdrawn/"
    proxied.upstream.says[path] = Answer(status=404)
    assert proxied.get(path).status == 404
    time.sleep(2.1)
    proxied.upstream.down()
    try:
        assert proxied.get(path).status == 503
    finally:
        proxied.upstream.up()


@pytest.mark.parametrize(
    ("path", "languages"),
    [("/fr/evenements/1/commenter/", ["fr"]), ("/en/newsletter/", ["en"]), ("/admin/login/", ["fr", "en"])],
)
def test_a_form_says_in_its_language_that_nothing_was_stored_and_that_the_words_are_still_there(away, path, languages):
    answer = away.post(path)
    html = soup(answer)
    assert (answer.status, answer["Retry-After"]) == (503, "60")
    assert titles(answer) == [NOT_STORED[each] for each in languages]
    still_there = {"fr": "Revenez en arrière", "en": "Go back: what you wrote is most likely still there."}
    for language in languages:
        assert still_there[language] in words(html.main)
    assert {link["href"] for link in html.select("a")} == {f"/{language}/" for language in languages}


def test_of_a_form_that_had_reached_the_site_nobody_says_that_nothing_was_stored_and_it_is_sent_once(proxied):
    proxied.upstream.says["/en/events/1/comment/"] = Answer(hangs_up=True)
    answer = proxied.post("/en/events/1/comment/")
    assert (answer.status, titles(answer)) == (503, [UNCERTAIN["en"]])
    assert len(proxied.upstream.asked) == 1


def test_a_connection_that_the_site_closed_meanwhile_costs_neither_a_reader_nor_a_form(proxied):
    for _ in range(3):
        assert proxied.get("/healthz").status == 200  # leaves an open connection
        for connection in list(proxied.upstream.connections):
            with_nobody_noticing(connection)
        assert (proxied.get("/healthz").status, proxied.post("/en/newsletter/").status) == (200, 200)
    assert [each.method for each in proxied.upstream.asked] == ["GET", "GET", "POST"] * 3


def with_nobody_noticing(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed already
        connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("status", "title"), [(500, FAULT["en"]), (503, AWAY["en"])])
def test_what_is_kept_is_read_on_while_the_site_answers_with_faults_and_anything_else_is_said_to_be_one(
    proxied, status, title
):
    short, long, never = (f"/en/events/{name}-{status}/" for name in ("short", "long", "never"))
    for path in (short, long, never):
        proxied.upstream.says[path] = Answer(b"a fault", status)
    assert [proxied.get(path).text for path in (long, long)] == [f"{long} as it was"] * 2
    for answer in (proxied.get(short), proxied.get(never)):
        assert (answer.status, titles(answer)) == (status, [title])
        assert words(soup(answer).select_one(".ways")) == "Try again Go to the home page"
        references = [words(each) for each in soup(answer).select(".reference")]
        assert [bool(re.fullmatch(r"Reference: [0-9a-f]{32}", each)) for each in references] == [True] * (status == 500)
    proxied.upstream.says[long] = page("mended")
    assert proxied.get(long).body == b"mended"


def test_what_the_site_refuses_it_says_in_its_own_words(proxied):
    for path in ("/en/own/x/", "/en/events/own/", "/admin/", "/healthz"):
        for status in (400, 401, 403, 404, 405, 409, 410, 411, 422, 429):
            proxied.upstream.says[path] = Answer(b"my own words", status, {"Retry-After": "7"})
            for answer in (proxied.get(path), proxied.post(path, source="127.0.4.1")):
                assert (answer.status, answer.body, answer["Retry-After"]) == (status, b"my own words", "7")


@pytest.mark.parametrize("status", [500, 503])
def test_whatever_the_site_says_to_a_form_is_shown_because_the_words_that_were_typed_stand_in_it(proxied, status):
    for path in ("/en/events/own/", "/en/own/x/", "/admin/"):
        proxied.upstream.says[path] = Answer(b"my own words", status, {"Retry-After": "7"})
        answer = proxied.post(path, source="127.0.4.1")
        assert (answer.status, answer.body, answer["Retry-After"]) == (status, b"my own words", "7")


def test_a_process_that_is_not_ready_says_why(proxied):
    proxied.upstream.says["/readyz"] = Answer(b"migrations are pending", 503)
    answer = proxied.get("/readyz")
    assert (answer.status, answer.body) == (503, b"migrations are pending")


def test_a_fault_in_the_editors_rooms_is_told_by_the_site(proxied):
    proxied.upstream.says["/admin/"] = Answer(b"my own words", 500)
    assert (proxied.get("/admin/").status, proxied.get("/admin/").body) == (500, b"my own words")


def test_what_the_proxy_says_is_as_strict_as_the_site(away):
    for answer in (away.get("/en/x/y/"), away.get("/en/newsletter/", "POST", b"x" * (3 * 2**20))):
        assert (answer["Content-Type"], answer["Server"]) == ("text/html; charset=utf-8", "nginx")
        assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")
        assert (answer["Referrer-Policy"], answer["Cross-Origin-Opener-Policy"]) == ("same-origin", "same-origin")
        assert answer["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
            "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        )
        stylesheet = soup(answer).select_one("link[rel=stylesheet]")["href"]
        assert away.get(stylesheet).status == 200  # the proxy has it


def test_the_site_the_log_and_the_page_for_a_fault_speak_of_a_request_by_the_same_id(proxied):
    path = "/en/events/with-an-id/"
    proxied.upstream.says[path] = Answer(b"a fault", 500)
    shown = words(soup(proxied.get(path, x_request_id="0" * 32)).select_one(".reference")).removeprefix("Reference: ")
    [asked] = [each for each in proxied.upstream.asked if each.path == path]
    assert (asked.headers["x-request-id"], set(shown) == {"0"}) == (shown, False)
    until = time.monotonic() + 30
    while shown not in (log := (proxied.folder / "127.0.0.1.log").read_text()) and time.monotonic() < until:
        time.sleep(0.1)
    assert [line.split()[-1] for line in log.splitlines() if path in line] == [shown]


def test_where_the_folder_of_its_pages_is_not_there_the_proxy_says_the_same_in_a_few_words(needs_nginx, tmp_path):
    port, behind = free_port(), free_port()
    env = production(str(tmp_path), behind) | {"SITE_URL": f"http://127.0.0.1:{port}"}
    with proxy(env, tmp_path, "--static", "/nowhere/static"):
        away, sent = ask(port, "/fr/"), ask(port, "/en/newsletter/", "POST", b"body=x")
        static = ask(port, "/static/site.0123456789ab.css")
        large = ask(port, "/en/newsletter/", "POST", b"x" * (2 * 2**20 + 1))
        long = ask(port, "/", x_something="x" * 40_000)
    assert [each.status for each in (away, sent, static, large, long)] == [503, 503, 503, 413, 400]
    assert [titles(each) for each in (away, sent, static, large, long)] == [
        [each["fr"], each["en"]] for each in (AWAY, NOT_STORED, AWAY, UNREADABLE, UNREADABLE)
    ]
    assert "so nothing was stored" in words(soup(sent).select_one("[lang=en]"))
    said = ("Content-Type", "Cache-Control", "Retry-After", "X-Frame-Options")
    assert [away[each] for each in said] == ["text/html; charset=utf-8", "no-store", "60", "DENY"]
    assert (large["Retry-After"], large["X-Frame-Options"]) == (None, "DENY")


def test_static_files_and_pages_are_found_where_the_option_says(needs_nginx, collected_copy, tmp_path):
    copied, port, behind = tmp_path / "copied", free_port(), free_port()
    shutil.copytree(collected_copy / "var" / "static", copied)
    name = next(copied.glob("site.*.css")).name
    env = production(str(tmp_path), behind) | {"SITE_URL": f"http://127.0.0.1:{port}"}
    with proxy(env, tmp_path, "--static", str(copied)):
        away, static = ask(port, "/fr/"), ask(port, f"/static/{name}")
    assert (away.status, titles(away), bool(soup(away).select("link"))) == (503, [AWAY["fr"]], True)
    assert (static.status, static.body) == (200, (copied / name).read_bytes())


def test_nobody_can_ask_for_these_pages_by_name(proxied):
    proxied.upstream.says["/.proxy/away.fr.html"] = Answer(status=404)
    assert proxied.get("/.proxy/away.fr.html").status == 404


# --- Too large, too often -------------------------------------------------------------------------------------------


def test_more_than_a_visitor_may_send_is_refused_in_the_language_of_the_form(proxied):
    assert proxied.post("/fr/evenements/1/commenter/", b"x" * (2 * 2**20)).status == 200
    for path, language in (("/fr/evenements/1/commenter/", "fr"), ("/en/events/1/comment/", "en")):
        answer = proxied.post(path, b"x" * (2 * 2**20 + 1))
        assert (answer.status, titles(answer)) == (413, [UNREADABLE[language]])
    assert len(proxied.upstream.asked) == 1


def test_editors_may_send_files_and_are_told_how_much_at_once(proxied):
    assert proxied.post("/admin/events/event/add/", b"x" * (3 * 2**20)).status == 200
    answer = proxied.get("/admin/events/event/add/", "POST", None, content_length=str(64 * 2**20 + 1))
    assert (answer.status, titles(answer)) == (413, [UNREADABLE["fr"], UNREADABLE["en"]])
    assert "at most 64 MB can be saved at once" in words(soup(answer).main)


def test_an_address_that_nobody_can_read_is_answered_by_a_page_of_ours(proxied):
    long = proxied.get("/", x_something="x" * 40_000)
    broken = raw(proxied.port, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: many\r\n\r\n")
    assert (long.status, titles(long)) == (400, [UNREADABLE["fr"], UNREADABLE["en"]])
    assert (broken[:12], UNREADABLE["en"].encode() in broken) == (b"HTTP/1.1 400", True)


def test_an_address_that_is_broken_before_its_host_is_known_is_answered_in_our_words_and_as_strictly(proxied):
    received = raw(proxied.port, b"GET /fr/%00 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    head, _, body = received.partition(b"\r\n\r\n")
    said = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    html = BeautifulSoup(body, "html.parser")
    assert (head[:12], said["Server"]) == (b"HTTP/1.1 400", "nginx")
    assert [words(each) for each in html.select("h1")] == [UNREADABLE["fr"], UNREADABLE["en"]]
    assert (said["Content-Type"], said["Cache-Control"]) == ("text/html; charset=utf-8", "no-store")
    assert (said["X-Content-Type-Options"], said["X-Frame-Options"]) == ("nosniff", "DENY")
    assert said["Content-Security-Policy"].startswith("default-src 'none'; ")


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


def test_a_flood_of_forms_from_one_network_is_held_off_kindly_while_a_class_may_write(proxied):
    answers = [proxied.post("/fr/evenements/1/commenter/", source=f"127.0.1.{number}") for number in range(1, 121)]
    statuses = [each.status for each in answers]
    assert statuses[:40] == [200] * 40
    assert statuses.count(429) >= 20
    refused = answers[statuses.index(429)]
    assert (titles(refused), refused["Retry-After"], refused["Cache-Control"]) == ([TOO_OFTEN["fr"]], "60", "no-store")
    assert "Revenez en arrière" in words(soup(refused).main)
    assert proxied.get("/fr/evenements/1/", source="127.0.1.1").status == 200  # and everybody may read
    assert proxied.post("/fr/evenements/1/commenter/").status == 200  # and others write

    # What programmes post by themselves comes all at once, and is wanted: RFC 8058, and providers' reports.
    for path in ("/fr/lettre/desabonnement/t0ken/", "/en/comments/stop/t0ken/", "/anymail/brevo/tracking/"):
        assert {proxied.post(path, source="127.0.2.1").status for _ in range(100)} == {200}


def test_passwords_cannot_be_tried_fast(proxied):
    statuses = [proxied.post("/admin/login/?next=/admin/", source="127.0.3.1").status for _ in range(40)]
    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429


def test_a_form_that_comes_slowly_does_not_reach_the_site_before_it_is_whole(proxied):
    with socket.create_connection(("127.0.0.1", proxied.port), timeout=30) as slow:
        slow.sendall(b"POST /anymail/x/tracking/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n\r\nab")
        time.sleep(0.3)
        assert proxied.upstream.asked == []
        slow.sendall(b"cd")
        assert slow.recv(12) == b"HTTP/1.1 200"
    assert [each.body for each in proxied.upstream.asked] == [b"abcd"]


# --- Who it was -----------------------------------------------------------------------------------------------------


def test_the_site_is_told_the_address_that_connected_and_no_other(proxied):
    proxied.post("/anymail/x/tracking/", x_forwarded_for="192.0.2.1, 198.51.100.1")
    assert [each.headers["x-forwarded-for"] for each in proxied.upstream.asked] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("8.8.8.8", "8.8.8.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("2001:db8:1::6", "2001:db8:1::/48"),
        ("2001:db8:0:1::6", "2001:db8:0::/48"),
        ("2001:db8::6", "2001:db8:0::/48"),
        ("2001::6", "2001:0:0::/48"),
        ("::1", "::/48"),
    ],
)
def test_limits_and_the_log_know_the_network_of_an_address_as_the_site_does(proxied, address, network):
    assert ask(proxied.networks, "/", x_real_ip=address).text == network
    as_the_site = ip_network(f"{address}/{24 if '.' in address else 48}", strict=False)
    assert ip_network(network.replace(":0:0::", "::").replace(":0::", "::")) == as_the_site


def test_cookies_reach_the_editors_rooms_and_nothing_else(proxied):
    proxied.get("/admin/", cookie="sessionid=x")
    proxied.get("/en/preview/x/", cookie="sessionid=x")
    assert [each.headers.get("cookie") for each in proxied.upstream.asked] == ["sessionid=x", None]


def test_the_log_has_no_address_no_token_and_no_search(proxied):
    proxied.get("/en/events/logged/?q=Zoé".replace("é", "%C3%A9"))
    proxied.get("/fr/lettre/desabonnement/s3cret/")
    proxied.get("/en/comments/s3cret/edit/")
    proxied.get("/admin/password_reset/s3cret/s3cret/")
    proxied.get("/en/preview/s3cret/?x=s3cret")
    proxied.get("/en/events/1/comment/", "POST", b"x" * (2 * 2**20 + 1))
    kept, hidden = "/en/events/logged/", ["/fr/lettre/desabonnement/", "/en/comments/", "/admin/password_reset/"]
    lines = [
        f'"GET {kept} HTTP/1.1" 200',
        '"POST /en/events/1/comment/ HTTP/1.1" 413',
        '"GET /en/preview/* HTTP/1.1" 200',
    ]
    lines += [f'"GET {path}* HTTP/1.1" 200' for path in hidden]
    log, until = "", time.monotonic() + 30
    while not all(line in log for line in lines) and time.monotonic() < until:  # each process writes when it likes
        time.sleep(0.1)
        log = (proxied.folder / "127.0.0.1.log").read_text()
    assert [line for line in lines if line not in log] == []
    assert {line.split()[0] for line in log.splitlines()} <= {f"127.0.{part}.0/24" for part in range(5)}
    assert ("s3cret" in log, "Zo" in log, "127.0.0.1" in log) == (False, False, False)
    assert "127.0.0.1" not in (proxied.folder / "127.0.0.1.error.log").read_text()


def test_one_network_may_not_hold_all_of_the_site(proxied):
    gate = threading.Event()
    proxied.upstream.says["/en/held/here/"] = Answer(waits_for=gate)
    request = b"GET /en/held/here/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with contextlib.ExitStack() as stack:
        stack.callback(gate.set)
        held = [
            stack.enter_context(socket.create_connection(("127.0.0.1", proxied.port), timeout=30)) for _ in range(200)
        ]
        for each in held:
            each.sendall(request)
        until = time.monotonic() + 30
        while len(proxied.upstream.asked) < 200 and time.monotonic() < until:
            time.sleep(0.05)
        refused = proxied.get("/en/held/here/")
        assert (refused.status, titles(refused)) == (429, [TOO_OFTEN["en"]])
        assert proxied.get("/en/events/everybody-may-read/").status == 200
        assert proxied.get("/en/others/may/", source="127.0.4.1").status == 200
        gate.set()
        assert {each.recv(12) for each in held} == {b"HTTP/1.1 200"}


# --- At the same time -----------------------------------------------------------------------------------------------


def test_one_page_that_takes_long_holds_up_no_other(proxied):
    gate = threading.Event()
    proxied.upstream.says["/en/events/long/wait/"] = Answer(waits_for=gate)
    with ThreadPoolExecutor(20) as pool:
        slow = [pool.submit(proxied.get, "/en/events/long/wait/") for _ in range(20)]
        time.sleep(0.2)
        assert proxied.get("/en/events/quick/").status == 200
        gate.set()
        assert {each.result().status for each in slow} == {200}
