"""Two web machines and two workers, as real processes, on one PostgreSQL, one Redis and one folder of uploads.

They run from one folder of the programme, as two units on one host or one shared folder would. There is one set for all
tests of this folder (tests/together.py).
"""

import os
import secrets
import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings

from bench.databases import beside
from bench.serving import free_port, production
from tests.machines.browser import Answer, Browser
from tests.machines.inside import PASSWORD
from tests.machines.needs import why_no_machines
from tests.machines.post import Post
from tests.processes import PATIENCE, Process, Project

NOT_COPIED = shutil.ignore_patterns(".*", "var", "bench", "docs", "audit", "node_modules")
READERS = 250  # more than two workers take into their hands at a time


def soon(condition):
    """What the condition gives as soon as it is something. How quickly that is, the benchmark says."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to it"
        time.sleep(0.05)
    return found


@dataclass
class Machines:
    project: Project
    host: str
    ports: list[int]
    post: Post
    database: psycopg.Connection
    stack: ExitStack
    web: list[Process] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)
    visitors: int = 0

    def start(self) -> None:
        """Both machines at once, as after a power cut."""
        for port in self.ports:
            self.web.append(self.stack.enter_context(self.project.start("serve", PORT=str(port))))
        for _one in range(2):
            self.start_worker()
        for port, process in zip(self.ports, self.web, strict=True):
            process.wait_until(lambda port=port: self.answers(port))

    def answers(self, port: int) -> bool:
        try:
            return Browser(self.host, "192.0.2.7").get(port, "/readyz").status == 200
        except OSError:
            return False

    def start_worker(self) -> None:
        self.workers.append(self.stack.enter_context(self.project.start("worker")))

    def visitor(self) -> Browser:
        """Somebody from a network of their own."""
        self.visitors += 1
        return Browser(self.host, f"10.{self.visitors // 256}.{self.visitors % 256}.7")

    def editor(self, port: int) -> Browser:
        """Claire, who has signed in on that machine."""
        browser = self.visitor()
        assert browser.sign_in(port, "claire", PASSWORD).status == 302
        return browser

    def everywhere(self, *paths: str) -> list[Answer]:
        """The pages as each machine shows them."""
        browser = self.visitor()
        return [browser.get(port, path) for path in paths for port in self.ports]

    def rows(self, sql: str, *params) -> list[tuple]:
        return self.database.execute(sql, params).fetchall()

    def inside(self, call: str) -> str:
        """What a function of tests/machines/inside.py printed."""
        code = f"from tests.machines import inside; inside.{call}"
        status, printed, complaint = self.project.run("shell", "-v0", "-c", code)
        assert status == 0, complaint
        return printed


@pytest.fixture
def post(machines) -> Post:
    """The mail server, when nothing waits for it any more."""
    soon(lambda: machines.rows("SELECT count(*) FROM post_office_email WHERE status <> 0") == [(0,)])
    machines.post.begin_anew()
    yield machines.post
    machines.post.holds = bool


@contextmanager
def own_number(url: str):
    """The address of an empty database of the Redis server of `url`, which is emptied at the end."""
    for number in range(15, 0, -1):
        address = urlsplit(url)._replace(path=f"/{number}").geturl()
        with redis.Redis.from_url(address) as server:
            if server.dbsize() or not server.set("tests-of-several-machines", "here", nx=True, ex=900):
                continue
            try:
                yield address
            finally:
                server.flushdb()
            return
    pytest.skip("every database of the Redis server is in use")


@pytest.fixture(scope="session")
def machines(tmp_path_factory):
    if why := why_no_machines():
        pytest.skip(why)
    folder, host = tmp_path_factory.mktemp("machines"), f"{secrets.token_hex(4)}.example.org"
    shutil.copytree(settings.BASE_DIR, folder / "project", ignore=NOT_COPIED)
    post, ports = Post(), [free_port(), free_port()]
    with ExitStack() as stack:
        controller = Controller(post, hostname="127.0.0.1", port=free_port())
        controller.start()
        stack.callback(controller.stop)
        of_the_site = {
            "DATABASE_URL": stack.enter_context(beside(os.environ["DATABASE_URL"])),
            "CACHE_URL": stack.enter_context(own_number(os.environ["CACHE_URL"])),
            "EMAIL_URL": f"smtp://127.0.0.1:{controller.port}",
            "ALLOWED_HOSTS": host,
            "SITE_URL": f"http://{host}",
            "TRUSTED_PROXIES": "1",
            "NEWSLETTER_CONNECTIONS": "1",
        }
        project = Project(folder / "project", folder, production(str(folder), ports[0]) | of_the_site)
        assert project.run("migrate", "-v0") == (0, "", "")
        looks = stack.enter_context(psycopg.connect(of_the_site["DATABASE_URL"], autocommit=True))
        found = Machines(project, host, ports, post, looks, stack)
        found.inside(f"furnish({READERS})")
        found.start()
        yield found
        said = "".join(process.output() for process in [*found.web, *found.workers])
        assert "Traceback" not in said, said
