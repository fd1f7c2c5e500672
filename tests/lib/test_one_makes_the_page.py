"""A kept page that ends while many ask for it is made by one of them."""

import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as site_settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from omep_site.lib import kept, public, turns
from omep_site.lib.public import PublicPages, public_page

MANY = 8


class Site:
    """The first middleware before one page, whose making a test can hold up. No database is asked."""

    def __init__(self):
        self.made = 0
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.may_end.set()
        self.fails = False
        self.pages = PublicPages(public_page("page")(self.view))

    def view(self, request):
        self.made += 1
        number = self.made
        self.begun.set()
        assert self.may_end.wait(10)
        if self.fails:
            self.fails = False
            raise ZeroDivisionError
        return HttpResponse(f"page {number}")

    def get(self, query="", **headers):
        return self.pages(RequestFactory().get(f"/en/plain{query}", headers=headers)).content

    def hold(self):
        self.begun.clear()
        self.may_end.clear()

    def held(self, pool):
        """A request that makes the page and is held up at it."""
        self.hold()
        making = pool.submit(self.get)
        assert self.begun.wait(10)
        return making


@pytest.fixture
def number(monkeypatch):
    """The content version; nothing changes by the clock."""
    number = [1]
    monkeypatch.setattr(public, "_versions", lambda: (number[0], number[0]))
    monkeypatch.setattr(public, "_clocks", list)
    return number


@pytest.fixture
def pool():
    with ThreadPoolExecutor(MANY + 1) as pool:
        yield pool


@pytest.fixture
def patient(monkeypatch):
    """Old copies are good for as long as a test takes."""
    monkeypatch.setattr(kept, "GRACE", 60)


@pytest.fixture
def no_grace(monkeypatch):
    monkeypatch.setattr(kept, "GRACE", 0)


# --- Threads ----------------------------------------------------------------------------------------------------------


def test_while_one_makes_the_page_the_others_get_the_copy_that_was_right_a_moment_ago(number, pool, patient):
    site = Site()
    site.get()
    number[0] = 2
    making = site.held(pool)
    assert list(pool.map(lambda _: site.get(), range(MANY))) == [b"page 1"] * MANY
    site.may_end.set()
    assert (making.result(), site.get(), site.made) == (b"page 2", b"page 2", 2)


def test_a_page_that_the_clock_ended_is_also_made_by_one(number, pool, patient, monkeypatch):
    site = Site()
    monkeypatch.setattr(public, "LONGEST_LIFE", 0)
    site.get()
    making = site.held(pool)
    assert list(pool.map(lambda _: site.get(), range(MANY))) == [b"page 1"] * MANY
    site.may_end.set()
    assert (making.result(), site.made) == (b"page 2", 2)


def test_the_old_copy_is_answered_in_its_encoding_and_to_whoever_has_it_with_304(number, pool, patient):
    site = Site()
    site.get()
    etag = next(iter(public.shelf.now.pages.values())).form("identity").etag
    number[0] = 2
    making = site.held(pool)
    asked = RequestFactory().get("/en/plain", headers={"if-none-match": etag})
    assert site.pages(asked).status_code == 304
    site.may_end.set()
    making.result()


def test_after_the_moment_of_grace_the_others_wait_for_the_new_page(number, pool, no_grace):
    site = Site()
    site.get()
    number[0] = 2
    making = site.held(pool)
    waiting = [pool.submit(site.get) for _ in range(MANY)]
    assert not any(each.done() for each in waiting)
    site.may_end.set()
    assert [each.result() for each in [making, *waiting]] == [b"page 2"] * (MANY + 1)
    assert site.made == 2


def test_when_making_fails_those_who_waited_make_it(number, pool, no_grace):
    site = Site()
    site.get()
    number[0] = 2
    site.fails = True
    making = site.held(pool)
    waiting = pool.submit(site.get)
    site.may_end.set()
    with pytest.raises(ZeroDivisionError):
        making.result()
    assert (waiting.result(), site.get(), site.made) == (b"page 3", b"page 3", 3)


def test_who_waits_longer_than_patience_makes_the_page(number, pool, no_grace, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    site = Site()
    site.get()
    number[0] = 2
    making = site.held(pool)
    second = pool.submit(site.get)
    while site.made < 3:
        pass
    site.may_end.set()
    assert {making.result(), second.result()} == {b"page 2", b"page 3"}


def test_different_pages_of_one_address_do_not_wait_for_each_other(number, pool, no_grace):
    site = Site()
    for query in ("", "?page=2"):
        site.get(query)
    number[0] = 2
    making = site.held(pool)
    other = pool.submit(site.get, "?page=2")
    while site.made < 4:
        pass
    site.may_end.set()
    assert (making.result(), other.result()) == (b"page 3", b"page 4")


def test_addresses_of_which_nothing_is_kept_are_never_waited_for(number, pool):
    site = Site()
    site.pages = PublicPages(site.view)  # a view that is not marked, as those of the admin
    making = site.held(pool)
    other = pool.submit(site.get)
    while site.made < 2:
        pass
    site.may_end.set()
    assert (making.result(), other.result()) == (b"page 1", b"page 2")


def test_ports_and_unlisted_parameters_make_no_page_of_their_own(number):
    site = Site()
    asked = [("", "a.org"), ("?utm_source=x", "a.org"), ("", "a.org:8000"), ("?a=1&b=2", "a.org:81"), ("", "[::1]:81")]
    assert [site.get(query, host=host)[-1:] for query, host in [*asked, ("", "[::1]")]] == [*[b"1"] * 4, b"2", b"2"]
    assert len(public.shelf.now.pages) == 2


# --- The version ------------------------------------------------------------------------------------------------------


def test_while_one_thread_asks_for_the_version_the_others_believe_the_last_one_a_little_longer(monkeypatch, pool):
    asked, may_answer, begun = [], threading.Event(), threading.Event()

    def both():
        asked.append(1)
        begun.set()
        assert may_answer.wait(10)
        return 2, 2

    monkeypatch.setattr(public.ContentVersion, "both", both)
    now = public.time.monotonic()
    monkeypatch.setattr(public, "_remembered", (now, (1, 1), public._forgotten))
    monkeypatch.setattr(public, "LATE", 60)
    monkeypatch.setattr(public, "VERSION_MEMORY", 60)  # counted from when it was asked for, not from the answer
    asking = pool.submit(public.version)
    assert begun.wait(10)
    assert ([pool.submit(public.version).result(5) for _ in range(MANY)], len(asked)) == ([1] * MANY, 1)
    may_answer.set()
    assert (asking.result(), public.version(), len(asked)) == (2, 2, 1)


# --- Processes of one machine ------------------------------------------------------------------------------------------

HOLD = """
import sys
from omep_site.lib.turns import OneMachine
print(OneMachine(sys.argv[1]).take(1, ("a",)), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_process(tmp_path):
    """A process that has taken the turn for the page ("a",), and ends with the test at the latest."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=site_settings.BASE_DIR
    )
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.communicate()


def test_a_turn_is_one_process_s_until_it_ends_even_when_it_is_killed(other_process, tmp_path):
    here = turns.OneMachine(tmp_path / "lock")
    found = [here.take(1, ("a",)), here.take(1, ("b",))]
    other_process.kill()
    other_process.wait()
    assert [*found, here.take(1, ("a",))] == [False, True, True]


def test_while_another_process_makes_the_page_this_one_answers_with_the_old_copy(number, patient, monkeypatch):
    site, others = Site(), Others(has_turn=False)
    monkeypatch.setattr(public, "neighbours", lambda: others)
    site.get()
    number[0] = 2
    assert (site.get(), site.made) == (b"page 1", 1)


def test_after_the_moment_of_grace_it_makes_its_own(number, no_grace, monkeypatch):
    site, others = Site(), Others(has_turn=False)
    monkeypatch.setattr(public, "neighbours", lambda: others)
    site.get()
    number[0] = 2
    assert (site.get(), site.made, others.given_back) == (b"page 2", 2, [])


def test_a_turn_is_given_back_with_the_page_or_without_one_when_making_fails(number, monkeypatch):
    site, others = Site(), Others(has_turn=True)
    monkeypatch.setattr(public, "neighbours", lambda: others)
    site.get()
    number[0], site.fails = 2, True
    with pytest.raises(ZeroDivisionError):
        site.get()
    site.get()
    assert [page and page.body for page in others.given_back] == [None, b"page 3"]


def test_where_no_file_can_be_locked_each_process_makes_its_pages(tmp_path):
    nowhere = turns.OneMachine(tmp_path / "no folder" / "lock")
    assert (nowhere.take(1, ("a",)), nowhere.give_back(1, ("a",), None)) == (True, None)


class Others:
    def __init__(self, has_turn):
        self.has_turn, self.given_back = has_turn, []

    def find(self, version, key):
        return None

    def take(self, version, key):
        return self.has_turn

    def give_back(self, version, key, page):
        self.given_back.append(page)


# --- Machines that share a Redis ---------------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "redis"])
def shared(request, monkeypatch):
    """A cache that two machines share: the one of CACHE_URL, and one in memory that behaves as it."""
    own = uuid.uuid4().hex
    monkeypatch.setattr(turns, "release", lambda: own)
    if request.param == "memory":
        return LocMemCache(uuid.uuid4().hex, {})
    if not site_settings.CACHES["default"]["BACKEND"].endswith("RedisCache"):
        pytest.skip("CACHE_URL names no Redis")
    return caches["default"]


def machine(shared):
    """What another machine knows: nothing but that the page is one that is kept."""
    public.forget()
    public.shelf.of(0).params["/en/plain"] = (("page",), 1)
    return turns.ManyMachines(shared)


def test_a_page_that_one_machine_made_is_answered_by_the_others(number, shared, monkeypatch):
    site = Site()
    for _ in range(3):
        others = machine(shared)
        monkeypatch.setattr(public, "neighbours", lambda others=others: others)
        assert (site.get(), site.get("?page=1")[:4]) == (b"page 1", b"page")
    assert site.made == 2
    assert len(public.shelf.now.pages) == 2


def test_a_page_of_an_older_version_is_no_longer_answered(number, shared, monkeypatch):
    site = Site()
    for number[0] in (1, 2):
        others = machine(shared)
        monkeypatch.setattr(public, "neighbours", lambda others=others: others)
        site.get()
    assert site.made == 2


def test_a_page_that_the_clock_has_ended_is_no_longer_answered(number, shared, monkeypatch):
    site = Site()
    monkeypatch.setattr(public, "LONGEST_LIFE", 0)
    for _ in range(2):
        others = machine(shared)
        monkeypatch.setattr(public, "neighbours", lambda others=others: others)
        site.get()
    assert site.made == 2


def test_a_turn_is_one_machine_s_until_it_is_given_back(shared):
    here, there = turns.ManyMachines(shared), turns.ManyMachines(shared)
    found = [here.take(1, ("a",)), there.take(1, ("a",)), there.take(1, ("b",))]
    here.give_back(1, ("a",), None)
    assert [*found, there.take(1, ("a",))] == [True, False, True, True]


class Away:
    """Redis, gone."""

    def __init__(self):
        self.asked = 0

    def get(self, *args):
        self.asked += 1
        raise ConnectionError

    add = set = delete = get


def test_without_redis_each_machine_makes_its_pages_and_asks_it_again_after_a_while(number, clock, monkeypatch, caplog):
    site, away = Site(), Away()
    monkeypatch.setattr(turns, "time", clock)
    others = turns.ManyMachines(away)
    monkeypatch.setattr(public, "neighbours", lambda: others)
    site.get()
    for number[0] in (2, 3):
        assert site.get() == f"page {number[0]}".encode()
    assert away.asked == 1
    clock.forward(turns.AWAY)
    number[0] = 4
    assert (site.get(), away.asked) == (b"page 4", 2)
    assert [record.getMessage() for record in caplog.records] == [
        "the shared cache did not answer, pages are made without it: ConnectionError"
    ] * 2


def test_a_site_with_redis_shares_its_pages_and_one_without_shares_turns_alone(settings):
    turns.neighbours.cache_clear()
    try:
        kinds = []
        for backend in ("redis.RedisCache", "locmem.LocMemCache"):
            settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": "redis://x"}}
            turns.neighbours.cache_clear()
            kinds.append(type(turns.neighbours()))
    finally:
        turns.neighbours.cache_clear()
    assert kinds == [turns.ManyMachines, turns.OneMachine]


def test_the_release_is_one_digest_of_what_pages_are_made_from(settings):
    turns.release.cache_clear()
    first = turns.release()
    settings.SITE_URL = "https://elsewhere.example.org"
    turns.release.cache_clear()
    other = turns.release()
    turns.release.cache_clear()
    assert (len(first), first == other) == (32, False)


# --- Without a database -----------------------------------------------------------------------------------------------


def test_while_the_database_is_away_the_last_copy_is_read_on_for_an_hour(number, clock, monkeypatch):
    def away():
        raise OperationalError("the database is away")

    site = Site()
    assert site.get() == b"page 1"
    monkeypatch.setattr(public, "_versions", away)
    found = [site.get()]
    clock.forward(public.LONGEST_LIFE + kept.WITHOUT_A_DATABASE - 0.1)
    found.append(site.get())
    clock.forward(0.1)
    found.append(site.get())  # by the view, which says on the real site what is wrong
    assert found == [b"page 1", b"page 1", b"page 2"]
