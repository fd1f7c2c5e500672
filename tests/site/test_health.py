"""What machines ask: does the process answer, and may it have visitors."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"


def ask(path):
    response = Client().get(path)
    return response.status_code, response.content.decode(), response["Content-Type"], response["Cache-Control"]


def test_a_process_that_answers_and_a_database_in_order_are_said_so(db):
    assert ask("/healthz") == (200, "ok\n", "text/plain; charset=utf-8", NEVER)
    assert ask("/readyz") == (200, "ready\n", "text/plain; charset=utf-8", NEVER)


def test_with_a_migration_pending_the_process_is_healthy_and_not_ready(db):
    MigrationRecorder(connection).record_unapplied("omep_site", "0004_watching")
    assert ask("/healthz") == (200, "ok\n", "text/plain; charset=utf-8", NEVER)
    assert ask("/readyz") == (503, "migrations are pending\n", "text/plain; charset=utf-8", NEVER)


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_without_its_database_the_process_is_healthy_and_not_ready(db, monkeypatch, fault):
    def away(*_args, **_kwargs):
        raise fault("the connection is closed")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(CursorWrapper, "execute", away)
        answers = [ask("/healthz"), ask("/readyz")]
    assert answers == [
        (200, "ok\n", "text/plain; charset=utf-8", NEVER),
        (503, "the database does not answer\n", "text/plain; charset=utf-8", NEVER),
    ]


def test_health_is_asked_over_plain_http_where_visitors_are_sent_to_https(db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert [ask(path)[0] for path in ("/healthz", "/readyz")] == [200, 200]
    assert Client().get("/healthz/").status_code == 301


def test_health_is_told_whatever_name_or_address_a_machine_has_for_the_process(db, settings):
    settings.ALLOWED_HOSTS = ["events.example.org"]
    for host in ("127.0.0.1:8000", "10.0.0.5", "web", "é<", "events.example.org"):
        answers = [Client(headers={"host": host}).get(path) for path in ("/healthz", "/readyz", "/en/")]
        assert [answer.status_code for answer in answers] == [200, 200, 200 if host == "events.example.org" else 400]
        assert [answer.content for answer in answers[:2]] == [b"ok\n", b"ready\n"]


def test_health_is_not_kept(db, monkeypatch):
    assert ask("/readyz")[0] == 200
    MigrationRecorder(connection).record_unapplied("omep_site", "0004_watching")
    assert ask("/readyz")[0] == 503
