"""The site at work, web and worker, in both languages: whatever people do, and whatever breaks, nothing of them is logged."""

import contextlib
import json
import re
import sqlite3
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from django.conf import settings

from omep_site.lib.links import path_in
from tests.newsletter.smtp import scripted_server
from tests.processes import PATIENCE, Project, get

NAME, ADDRESS, WORDS = "Zoé Confidentielle", "zoe@confidentiel.example", "mots confidentiels"
IPS = ("203.0.113.77", "2001:db8:77::1")
TOKEN = "s3cretT0ken"
AGENT = "Confidentielle/7.7"
TELL_TALES = re.compile(rf"confidentiel|zoé|zoe|{TOKEN}|203\.0\.113\.77|2001:db8:77", re.IGNORECASE)
PRODUCTION = {"SECRET_KEY": "only-for-this-test-0123456789-0123456789", "ALLOWED_HOSTS": "127.0.0.1", "WORKERS": "1"}


@dataclass
class Visitor:
    port: int
    ip: str

    def ask(self, path: str, form: dict | None = None, method: str | None = None) -> tuple[int, str]:
        """(status, body)"""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"X-Forwarded-For": self.ip, "User-Agent": AGENT, "Referer": f"http://x.example/?who={ADDRESS}"}
        body = urlencode(form) if form is not None else None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(connection):
            connection.request(method or ("POST" if form is not None else "GET"), path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()


@pytest.fixture
def site(collected, port):
    """(the project, its port, what web and worker print): served, with an event and a mail server that refuses everybody."""
    made = collected.run(
        "shell", "-v0", "-c", "from tests.factories import make_event; make_event()", PYTHONPATH=str(settings.BASE_DIR)
    )
    assert made[0] == 0, made
    with scripted_server() as script:
        script.script["RCPT"] = f"550 5.1.1 <{ADDRESS}> ({NAME}): no such user"
        env = PRODUCTION | {
            "SITE_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "TRUSTED_PROXIES": "1",
            "EMAIL_URL": f"smtp://127.0.0.1:{script.port}",
            "MODERATORS": "moderation@confidentiel.example",
            "ERROR_MAIL": "dev@confidentiel.example",
        }
        with collected.start("serve", **env) as web, collected.start("worker", LOG_FORMAT="line", **env) as worker:
            web.wait_until(lambda: get(port, "/healthz")[0] == 200)
            yield collected, port, web, worker


def execute(project: Project, sql: str) -> list:
    database = sqlite3.connect(project.scratch / "db.sqlite3", timeout=60)
    with contextlib.closing(database), database:
        return database.execute(sql).fetchall()


def test_whatever_people_do_and_whatever_breaks_nothing_of_them_is_logged(site):
    project, port, web, worker = site
    [[number]] = execute(project, "SELECT id FROM events_event")
    comment = {"name": NAME, "email": ADDRESS, "website": "", "body": WORDS, "parent": "", "subject": "", "stamp": ""}
    pages = {
        language: (
            path_in(language, "comments:write", event_id=number),
            path_in(language, "newsletter:subscribe"),
            path_in(language, "newsletter:unsubscribe", token=TOKEN),
            path_in(language, "comments:waiting", token=TOKEN),
        )
        for language in ("fr", "en")
    }
    for ip, (language, (write, subscribe, unsubscribe, own)) in zip(IPS, pages.items(), strict=True):
        visitor = Visitor(port, ip)
        event = {"fr": "/fr/evenements/evenement-1/", "en": "/en/events/event-1/"}[language]
        assert visitor.ask(f"{event}?q={ADDRESS}")[0] == 200
        assert visitor.ask(write, comment)[0] == 303
        assert visitor.ask(write, comment | {"body": ""})[0] == 422
        assert visitor.ask(write, comment | {"name": f"{NAME}\r\nBcc: {ADDRESS}"})[0] in (303, 422)
        assert visitor.ask(subscribe, {"email": ADDRESS, "language": language})[0] == 303
        assert visitor.ask(subscribe, {"email": f"{NAME}@", "language": language})[0] == 422
        for path in (unsubscribe, own):
            assert visitor.ask(path)[0] == 404
            assert visitor.ask(path, {"email": ADDRESS})[0] in (403, 404, 405)
        assert visitor.ask(f"/{language}/{TOKEN}/%00{TOKEN}?x={ADDRESS}")[0] in (400, 404)
        assert visitor.ask("/admin/login/", {"username": ADDRESS, "password": NAME})[0] == 403
        assert visitor.ask(f"/admin/password_reset/MTI/{TOKEN}/")[0] in (200, 302, 404)
    worker.wait_until(lambda: execute(project, "SELECT 1 FROM post_office_log WHERE message LIKE '%no such user%'"))

    for column in ("email", "name"):  # whatever is asked of these tables then fails, with all that was to be stored
        execute(project, f"ALTER TABLE comments_comment RENAME COLUMN {column} TO {column}_gone")
    execute(project, "ALTER TABLE newsletter_subscriber RENAME COLUMN email TO email_gone")
    for language, (write, subscribe, _unsubscribe, _own) in pages.items():
        visitor = Visitor(port, IPS[0])
        assert visitor.ask(write, comment)[0] == 500
        status, body = visitor.ask(subscribe, {"email": ADDRESS, "language": language})
        assert status == 500
        reference = re.search(r"(?:Référence\s:|Reference:) <b>([0-9a-f]{32})", body)[1]
        web.wait_for(reference)
    assert (worker.stop(), web.stop()) == (0, 0)

    lines = [json.loads(line) for line in web.output().splitlines()]
    assert {line["level"] for line in lines if "trace" in line} == {"ERROR"}
    routes = {line.get("route") for line in lines}
    assert {
        "comments:write",
        "newsletter:subscribe",
        "newsletter:unsubscribe",
        "comments:waiting",
        "admin:login",
    } <= routes
    assert [line for line in web.output().splitlines() + worker.output().splitlines() if TELL_TALES.search(line)] == []
    assert "mail: " in worker.output()  # it did work
    [[told]] = execute(project, "SELECT message FROM post_office_email WHERE headers LIKE '%\"fault\"%' LIMIT 1")
    assert TELL_TALES.search(told.replace("dev@confidentiel.example", "")) is None
    assert "Traceback" in told
