"""The site itself behind nginx: what people do, and what they meet when it stops and comes back."""

import contextlib
import re
import shutil
import time
from dataclasses import dataclass, field

import pytest
from bs4 import BeautifulSoup

from bench.proxy import proxy
from bench.serving import free_port, production
from omep_site.lib import headers
from tests.deploy.upstream import Received, ask
from tests.pages import words
from tests.processes import Project, get

PAGES = {
    "fr": "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/",
    "en": "/en/events/launch-global-partnership-strategy-early-childhood/",
}

PROTECTING = headers.of_pages()


@dataclass
class Site:
    project: Project
    port: int  # of nginx
    behind: int  # of the site
    running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Received:
        """`source` is the address from which it comes."""
        return ask(self.port, path, method, body, **headers)

    def post(self, path: str, body: str, **headers: str) -> Received:
        return self.get(path, "POST", body.encode(), content_type="application/x-www-form-urlencoded", **headers)

    def shell(self, code: str) -> str:
        status, printed, complaint = self.project.run("shell", "-v0", "-c", code)
        assert (status, complaint) == (0, "")
        return printed.strip()

    def start(self) -> None:
        process = self.running.enter_context(self.project.start("serve"))
        process.wait_until(lambda: get(self.behind, "/healthz")[0] == 200)

    def stop(self) -> None:
        self.running.close()


@pytest.fixture(scope="module")
def site(needs_nginx, collected_copy, migrated_file, tmp_path_factory):
    """The demo site, and nginx in front of it."""
    folder, port, behind = tmp_path_factory.mktemp("site"), free_port(), free_port()
    env = production(str(folder), behind) | {"SITE_URL": f"http://127.0.0.1:{port}", "TRUSTED_PROXIES": "1"}
    shutil.copy(migrated_file, folder / "site.sqlite3")
    site = Site(Project(collected_copy, folder, env), port, behind)
    assert site.project.run("load_demo", "-v0")[0] == 0
    with proxy(env, folder, root=collected_copy):
        site.start()
        try:
            yield site
        finally:
            site.stop()


def form_of(page: Received) -> str:
    """Where its form for comments sends what is written."""
    return BeautifulSoup(page.body, "html.parser").select_one("form#comment-form")["action"]


def write(site: Site, body: str, **headers: str) -> Received:
    action = form_of(site.get(PAGES["fr"]))
    return site.post(action, f"name=Zo%C3%A9&email=zoe@example.org&body={body}&parent=", **headers)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("encoding", ["br", "gzip", None])
def test_a_page_comes_as_the_site_made_it_and_again_as_304(site, language, encoding):
    headers = {"accept_encoding": encoding} if encoding else {}
    answers = [site.get(PAGES[language], **headers) for _ in range(2)]
    direct = ask(site.behind, PAGES[language], host=f"127.0.0.1:{site.port}", **headers)
    unlike = {"date", "server", "connection", "content-type"}
    for answer in answers:
        assert (answer.status, answer.body, answer["Content-Encoding"]) == (200, direct.body, encoding)
        kept = {name: value for name, value in answer.headers.items() if name not in unlike}
        assert kept == {name: value for name, value in direct.headers.items() if name not in unlike}
    assert re.fullmatch('"[0-9a-f]{24}(-br|-gzip)?"', answers[0]["ETag"])
    again = site.get(PAGES[language], if_none_match=answers[0]["ETag"], **headers)
    assert (again.status, again.body, again["ETag"]) == (304, b"", answers[0]["ETag"])


def test_the_entrance_knows_each_visitors_language(site):
    for language in ("fr", "en", "fr", "en"):
        assert site.get("/", accept_language=language)["Location"] == f"/{language}/"


def test_static_files_come_from_the_disk_as_the_site_would_give_them(site):
    page = BeautifulSoup(site.get("/fr/").body, "html.parser")
    path = page.select_one("link[rel=stylesheet]")["href"]
    for accepted, encoding in (("br, gzip", {"br", "gzip"}), ("gzip", {"gzip"}), ("gzip;q=0", {None})):
        answer = site.get(path, accept_encoding=accepted)
        direct = ask(site.behind, path, host=f"127.0.0.1:{site.port}", accept_encoding=accepted)
        assert (answer.status, answer["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        assert answer["Content-Encoding"] in encoding
        assert (answer["Content-Type"], answer["Vary"]) == ("text/css; charset=utf-8", "Accept-Encoding")
        for each in (answer, direct):
            assert {name: each[name] for name in PROTECTING} == headers.of_files() | {"Permissions-Policy": None}
        assert site.get(path, accept_encoding=accepted, if_none_match=answer["ETag"]).status == 304


@pytest.mark.parametrize("path", ["/static/site.css", "/static/staticfiles.json", "/static/.collected", "/static/x/"])
def test_what_is_not_named_by_its_content_is_not_immutable(site, path):
    assert "immutable" not in (site.get(path)["Cache-Control"] or "")


def test_a_static_file_that_is_not_there_is_said_so_by_the_site(site):
    answer = site.get("/static/gone.0123456789ab.css")
    assert (answer.status, words(BeautifulSoup(answer.body, "html.parser").h1)) == (404, "Page introuvable")


def test_a_comment_is_taken_once_and_its_network_is_the_visitors(site):
    answer = write(site, "Un+premier+mot", x_forwarded_for="192.0.2.77", origin=f"http://127.0.0.1:{site.port}")
    assert (answer.status, answer["Location"][:17]) == (303, "/fr/commentaires/")
    own_page = site.get(answer["Location"])
    assert ("Un premier mot" in own_page.text, own_page["Cache-Control"]) == (True, "private, no-store")
    assert site.shell(
        "from comments.models import Comment; print(*Comment.objects.filter(body='Un premier mot').values_list('status'))"
    ) == ("('pending',)")


def test_limits_count_the_network_that_connected_whatever_a_visitor_says_of_it(site):
    def subscribe(number: int, source: str) -> int:
        email = f"email=zoe{number}{source}@example.org&language=fr"
        return site.post("/fr/lettre/", email, source=source, x_forwarded_for=f"192.0.{number}.1").status

    assert [subscribe(number, "127.0.7.1") for number in range(6)] == [303] * 5 + [429]
    assert (subscribe(7, "127.0.7.200"), subscribe(7, "127.0.8.1")) == (429, 303)


def test_a_moderation_is_seen_within_three_seconds_with_readers_all_the_time(site):
    assert write(site, "Un+mot+attendu").status == 303
    assert "Un mot attendu" not in site.get(PAGES["fr"]).text
    site.shell("from comments.models import Comment; Comment.objects.get(body='Un mot attendu').approve()")
    approved = time.monotonic()
    while "Un mot attendu" not in site.get(PAGES["fr"]).text:
        assert time.monotonic() < approved + 3
        time.sleep(0.05)
    site.shell("from comments.models import Comment; Comment.objects.get(body='Un mot attendu').mark_spam()")
    taken_away = time.monotonic()
    while "Un mot attendu" in site.get(PAGES["fr"]).text:
        assert time.monotonic() < taken_away + 3
        time.sleep(0.05)


def test_a_search_is_answered_each_time_and_kept_nowhere(site):
    assert [site.get("/en/events/?q=launch")["Cache-Control"] for _ in range(2)] == ["public, max-age=0"] * 2


def test_the_editors_rooms_have_their_cookies_and_are_kept_nowhere(site):
    page = site.get("/admin/login/")
    token = BeautifulSoup(page.body, "html.parser").select_one("[name=csrfmiddlewaretoken]")["value"]
    cookie = page["Set-Cookie"].split(";")[0]
    site.shell(
        "from django.contrib.auth.models import User; User.objects.create_superuser('claire', '', 'a-pass-word')"
    )
    signed_in = site.post(
        "/admin/login/",
        f"csrfmiddlewaretoken={token}&username=claire&password=a-pass-word&next=/admin/",
        cookie=cookie,
        origin=f"http://127.0.0.1:{site.port}",
    )
    assert (signed_in.status, signed_in["Location"]) == (302, "/admin/")


def test_health_is_the_truth_and_pages_outlive_the_site_until_it_is_back(site):
    kept = {path: site.get(path, accept_encoding="br").body for path in PAGES.values()}
    action = form_of(site.get(PAGES["en"]))
    assert (site.get("/healthz").text, site.get("/readyz").text) == ("ok\n", "ready\n")
    site.stop()
    time.sleep(2.1)
    try:
        assert {path: site.get(path, accept_encoding="br").body for path in PAGES.values()} == kept
        assert [site.get(path).status for path in ("/healthz", "/readyz", "/en/newsletter/issues/")] == [503] * 3
        answer = site.post(action, "name=Zo&email=zoe@example.org&body=A+word")
        title = words(BeautifulSoup(answer.body, "html.parser").h1)
        assert (answer.status, title) == (503, "What you sent did not arrive")
    finally:
        site.start()
    assert site.get("/healthz").text == "ok\n"
    assert site.post(action, "name=Zo&email=zoe@example.org&body=A+word").status == 303
