"""Services: a good address becomes exact settings, a bad one stops the start with a sentence that names the variable."""

import os
import socket
import time
from urllib.parse import quote

import psycopg
import pytest
from django.db.backends.postgresql.base import DatabaseWrapper

from omep_site import backing_services

SQLITE = {
    "ENGINE": "omep_site.lib.sqlite",
    "USER": "",
    "PASSWORD": "",
    "HOST": "",
    "PORT": "",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}
POSTGRES = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "omep",
    "USER": "anna",
    "PASSWORD": "s/e@c",
    "HOST": "db.example.org",
    "PORT": 5433,
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": backing_services.NOTICED_WHEN_AWAY,
}
CONSOLE = {"DELIVERY": "django.core.mail.backends.console.EmailBackend"}
SMTP = {
    "DELIVERY": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_PORT": 587,
    "EMAIL_HOST_USER": "anna@example.org",
    "EMAIL_HOST_PASSWORD": "s/e:c@",
    "EMAIL_USE_SSL": False,
    "EMAIL_USE_TLS": False,
}
NOBODY = {"EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""}
MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
IMAP = {
    "host": "mail.example.org",
    "port": 993,
    "secure": True,
    "user": "retours@example.org",
    "password": "s/e:c@",
    "folder": "INBOX",
}
REDIS = {"BACKEND": "omep_site.lib.shared_cache.RedisCache"}


def database(name):
    return backing_services.database(name, "sqlite://")


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (backing_services.cache, None, MEMORY),
        (backing_services.cache, "redis://127.0.0.1:6379/1", REDIS | {"LOCATION": "redis://127.0.0.1:6379/1"}),
        (
            backing_services.cache,
            "rediss://:secret@cache.example.org",
            REDIS | {"LOCATION": "rediss://:secret@cache.example.org"},
        ),
        (backing_services.mail_server, None, CONSOLE),
        (backing_services.mail_server, "consolemail://", CONSOLE),
        (backing_services.mail_server, "smtp://anna%40example.org:s%2Fe%3Ac%40@mail.example.org:587", SMTP),
        (
            backing_services.mail_server,
            "smtp://anna%40example.org:s%2Fe%3Ac%40@mail.example.org:587?tls=1",
            SMTP | {"EMAIL_USE_TLS": True},
        ),
        (backing_services.mail_server, "smtp://mail.example.org", SMTP | NOBODY | {"EMAIL_PORT": 25}),
        (
            backing_services.mail_server,
            "smtps://mail.example.org",
            SMTP | NOBODY | {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True},
        ),
        (backing_services.sentry, None, ""),
        (backing_services.sentry, "https://0a1b@faults.example.org/7", "https://0a1b@faults.example.org/7"),
        (backing_services.mailbox, None, None),
        (backing_services.mailbox, "imaps://retours%40example.org:s%2Fe%3Ac%40@mail.example.org", IMAP),
        (
            backing_services.mailbox,
            "imaps://retours%40example.org:s%2Fe%3Ac%40@mail.example.org:1993/Lettre%20retours/2026/",
            IMAP | {"port": 1993, "folder": "Lettre retours/2026"},
        ),
        (
            backing_services.mailbox,
            "imap://retours%40example.org:s%2Fe%3Ac%40@127.0.0.1/INBOX",
            IMAP | {"host": "127.0.0.1", "port": 143, "secure": False},
        ),
        (database, None, SQLITE | {"NAME": ":memory:"}),
        (database, "postgres://anna:s%2Fe%40c@db.example.org:5433/omep", POSTGRES),
        (
            database,
            "postgres://omep@%2Fvar%2Frun%2Fpostgresql/omep",
            POSTGRES | {"USER": "omep", "PASSWORD": "", "HOST": "/var/run/postgresql", "PORT": ""},
        ),
        (database, "postgresql://anna:s%2Fe%40c@db.example.org:5433/omep", POSTGRES),
        (
            database,
            "postgres://anna:s%2Fe%40c@db.example.org:5433/omep?sslmode=require",
            POSTGRES | {"OPTIONS": backing_services.NOTICED_WHEN_AWAY | {"sslmode": "require"}},
        ),
        (
            database,
            "postgres://anna:s%2Fe%40c@db.example.org:5433/omep?connect_timeout=10",
            POSTGRES | {"OPTIONS": backing_services.NOTICED_WHEN_AWAY | {"connect_timeout": 10}},
        ),
    ],
)
def test_a_good_value_becomes_its_setting(monkeypatch, read, value, expected):
    monkeypatch.delenv("NAME", raising=False)
    if value is not None:
        monkeypatch.setenv("NAME", value)
    assert read("NAME") == expected


def test_a_database_file_gets_its_folder(monkeypatch, tmp_path):
    file = tmp_path / "new" / "folder" / "db.sqlite3"
    monkeypatch.setenv("NAME", f"sqlite:///{file}")
    assert database("NAME") == SQLITE | {"NAME": str(file)}
    assert file.parent.is_dir()


@pytest.mark.parametrize("name", ["my#folder", "my?folder", "100%20", "d é"])
def test_a_database_file_may_have_any_name_that_is_written_as_in_an_address(monkeypatch, tmp_path, name):
    monkeypatch.setenv("NAME", f"sqlite:///{quote(str(tmp_path / name / 'db'))}")
    assert database("NAME")["NAME"] == str(tmp_path / name / "db")


def test_a_password_may_have_a_hash_in_it(monkeypatch):
    monkeypatch.setenv("NAME", "postgres://u:p#1@localhost/omep")
    assert database("NAME")["PASSWORD"] == "p#1"


DATABASE = "write sqlite:///path/to/file or postgres://user:password@host:port/name."
PATH = "in the path of a SQLite file write %23 for # and %3F for ?; nothing may follow the path."
CACHE = "write redis://host:port/number, or leave it out to keep the cache in memory."
MAIL = "write smtp://user:password@host:port, smtps://user:password@host:port or consolemail://."
PORT = "the port is not a number."
MAILBOX = "write imaps://user:password@host/folder; in user and password, %40 stands for @, %3A for : and %2F for /."
SENTRY = "write the address that Sentry shows as “DSN”, https://key@host/number, or leave it out."


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (database, "nonsense", DATABASE),
        (database, "mysql://localhost/omep", DATABASE),
        (database, "foo://x", DATABASE),
        (database, "sqlite:////var/my#folder/db", PATH),
        (database, "sqlite:////var/my?folder/db", PATH),
        (database, "postgres://u:p@localhost/my#base", "write %23 for #."),
        (database, "postgres://localhost", DATABASE),
        (database, "postgres://localhost:abc/omep", DATABASE),
        (
            database,
            "sqlite:////dev/null/folder/db.sqlite3",
            "there is no folder for /dev/null/folder/db.sqlite3 and none can be made: Not a directory.",
        ),
        (backing_services.cache, "memcached://localhost", CACHE),
        (backing_services.cache, "localhost:6379", CACHE),
        (backing_services.cache, "redis://", CACHE),
        (backing_services.cache, "redis://localhost:abc/1", CACHE),
        (backing_services.cache, "redis://[", CACHE),
        (backing_services.sentry, "faults.example.org/7", SENTRY),
        (backing_services.sentry, "https://faults.example.org/7", SENTRY),
        (backing_services.sentry, "https://0a1b@faults.example.org", SENTRY),
        (backing_services.sentry, "https://0a1b@faults.example.org:x/7", SENTRY),
        (backing_services.mailbox, "pop3://a:b@mail.example.org", MAILBOX),
        (backing_services.mailbox, "imaps://mail.example.org/INBOX", MAILBOX),
        (backing_services.mailbox, "imaps://a@mail.example.org", MAILBOX),
        (backing_services.mailbox, "imaps://a:b@mail.example.org/INBOX?tls=1", MAILBOX),
        (backing_services.mailbox, "imaps://a:b@mail.example.org:abc", PORT),
        (
            backing_services.mailbox,
            "imap://a:b@mail.example.org",
            "imap:// would send the password in clear; write imaps://.",
        ),
        (
            backing_services.mailbox,
            "imaps://a:b@mail.example.org/Re%C3%A7us",
            "user, password and folder have letters without accents only; rename the folder, say.",
        ),
        (backing_services.mail_server, "mail.example.org", MAIL),
        (backing_services.mail_server, "imap://mail.example.org", MAIL),
        (backing_services.mail_server, "smtp://", MAIL),
        (backing_services.mail_server, "smtp://mail.example.org:abc", PORT),
        (backing_services.mail_server, "smtp://mail.example.org:99999", PORT),
        (
            backing_services.mail_server,
            "smtp://mail.example.org?tls=yes",
            "“?tls=yes” is not known; write ?tls=1 for STARTTLS, or nothing.",
        ),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence_that_names_the_variable(
    monkeypatch, recwarn, read, value, sentence
):
    monkeypatch.setenv("NAME", value)
    with pytest.raises(SystemExit) as stop:
        read("NAME")
    assert stop.value.code == f"NAME: {sentence}"
    assert not recwarn.list


@pytest.fixture
def _no_providers(monkeypatch):
    for name in [name for name in os.environ if name.startswith("ANYMAIL_")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("_no_providers")
def test_what_providers_prove_themselves_with_becomes_one_setting(monkeypatch):
    assert backing_services.providers("ANYMAIL_") == {}
    monkeypatch.setenv("ANYMAIL_WEBHOOK_SECRET", " omep:0123456789abcdef ")
    monkeypatch.setenv("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY", "key-1")
    monkeypatch.setenv("ANYMAIL_MANDRILL_WEBHOOK_KEY", "")
    expected = {"MAILGUN_WEBHOOK_SIGNING_KEY": "key-1", "WEBHOOK_SECRET": "omep:0123456789abcdef"}
    assert backing_services.providers("ANYMAIL_") == expected


@pytest.mark.usefixtures("_no_providers")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WEBHOOK_SECRET", "omep", "write a name, a colon and a random text of at least 16 characters."),
        ("WEBHOOK_SECRET", "omep:short", "write a name, a colon and a random text of at least 16 characters."),
        ("WEBHOOK_SECRET", ":0123456789abcdef", "write a name, a colon and a random text of at least 16 characters."),
        ("MAILGUN_WEBHOOK_SIGNING_KEY", "clé", "it is not a key: those have no accents."),
        (
            "MAILGUN_API_KEY",
            "x",
            "it is not known; known are ANYMAIL_WEBHOOK_SECRET, ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY, "
            "ANYMAIL_MAILERSEND_SIGNING_SECRET, ANYMAIL_MANDRILL_WEBHOOK_KEY.",
        ),
    ],
)
def test_a_bad_proof_stops_the_start_and_is_not_repeated(monkeypatch, name, value, sentence):
    monkeypatch.setenv(f"ANYMAIL_{name}", value)
    with pytest.raises(SystemExit) as stop:
        backing_services.providers("ANYMAIL_")
    assert stop.value.code == f"ANYMAIL_{name}: {sentence}"


def test_a_database_that_accepts_and_says_nothing_is_given_up_soon(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("NAME", f"postgres://anna@127.0.0.1:{silent.getsockname()[1]}/omep")
        found = database("NAME")
        connection = DatabaseWrapper(found | {"TIME_ZONE": None, "AUTOCOMMIT": True, "TEST": {}}, "silent")
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            connection.connect()
        assert time.monotonic() - began < 60
