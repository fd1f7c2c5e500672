"""The environment: good values become exact settings, bad ones stop the start with a sentence that names the variable."""

import os
import stat

import pytest

from omep_site import environment

SQLITE = {
    "ENGINE": "omep_site.lib.sqlite",
    "USER": "",
    "PASSWORD": "",
    "HOST": "",
    "PORT": "",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
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


def number(name):
    return environment.number(name, 8000, 1, 65535)


def hosts(name):
    return environment.hosts(name, "127.0.0.1,localhost,[::1]")


def site_url(name):
    return environment.site_url(name, "http://127.0.0.1:8000")


def sender(name):
    return environment.sender(name, "OMEP <lettre@localhost>")


def database(name):
    return environment.database(name, "sqlite://")


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (environment.flag, None, False),
        (environment.flag, "", False),
        (environment.flag, "1", True),
        (environment.flag, " True ", True),
        (environment.flag, "no", False),
        (number, None, 8000),
        (number, " 80 ", 80),
        (number, "65535", 65535),
        (environment.words, None, []),
        (environment.words, " a ,, b,", ["a", "b"]),
        (environment.addresses, "anna@example.org, boris@bücher.de", ["anna@example.org", "boris@bücher.de"]),
        (sender, None, "OMEP <lettre@localhost>"),
        (environment.key_of_a_service, "", ""),
        (environment.key_of_a_service, " 0123456789aB ", "0123456789aB"),
        (sender, "lettre@example.org", "lettre@example.org"),
        (sender, "OMEP – Été <lettre@example.org>", "OMEP – Été <lettre@example.org>"),
        (hosts, None, ["127.0.0.1", "localhost", "[::1]"]),
        (hosts, "events.example.org,.example.org", ["events.example.org", ".example.org"]),
        (site_url, None, "http://127.0.0.1:8000"),
        (site_url, "https://events.example.org/", "https://events.example.org"),
        (site_url, "HTTPS://Events.Example.org", "https://events.example.org"),
        (site_url, "http://[::1]:8000", "http://[::1]:8000"),
        (environment.cache, None, MEMORY),
        (environment.cache, "redis://127.0.0.1:6379/1", REDIS | {"LOCATION": "redis://127.0.0.1:6379/1"}),
        (
            environment.cache,
            "rediss://:secret@cache.example.org",
            REDIS | {"LOCATION": "rediss://:secret@cache.example.org"},
        ),
        (environment.mail_server, None, CONSOLE),
        (environment.mail_server, "consolemail://", CONSOLE),
        (environment.mail_server, "smtp://anna%40example.org:s%2Fe%3Ac%40@mail.example.org:587", SMTP),
        (
            environment.mail_server,
            "smtp://anna%40example.org:s%2Fe%3Ac%40@mail.example.org:587?tls=1",
            SMTP | {"EMAIL_USE_TLS": True},
        ),
        (environment.mail_server, "smtp://mail.example.org", SMTP | NOBODY | {"EMAIL_PORT": 25}),
        (
            environment.mail_server,
            "smtps://mail.example.org",
            SMTP | NOBODY | {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True},
        ),
        (environment.mailbox, None, None),
        (environment.mailbox, "imaps://retours%40example.org:s%2Fe%3Ac%40@mail.example.org", IMAP),
        (
            environment.mailbox,
            "imaps://retours%40example.org:s%2Fe%3Ac%40@mail.example.org:1993/Lettre%20retours/2026/",
            IMAP | {"port": 1993, "folder": "Lettre retours/2026"},
        ),
        (
            environment.mailbox,
            "imap://retours%40example.org:s%2Fe%3Ac%40@127.0.0.1/INBOX",
            IMAP | {"host": "127.0.0.1", "port": 143, "secure": False},
        ),
        (environment.selectors, None, []),
        (environment.selectors, "mail2026, s1.example, k_1", ["mail2026", "s1.example", "k_1"]),
        (database, None, SQLITE | {"NAME": ":memory:"}),
        (database, "postgres://anna:s%2Fe%40c@db.example.org:5433/omep", POSTGRES),
        (database, "postgresql://anna:s%2Fe%40c@db.example.org:5433/omep", POSTGRES),
        (
            database,
            "postgres://anna:s%2Fe%40c@db.example.org:5433/omep?sslmode=require",
            POSTGRES | {"OPTIONS": {"sslmode": "require"}},
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


DATABASE = "write sqlite:///path/to/file or postgres://user:password@host:port/name."
CACHE = "write redis://host:port/number, or leave it out to keep the cache in memory."
MAIL = "write smtp://user:password@host:port, smtps://user:password@host:port or consolemail://."
PORT = "the port is not a number."


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (environment.flag, "maybe", "“maybe” is neither yes nor no; write 1 or 0."),
        (number, "abc", "“abc” is not a whole number from 1 to 65535."),
        (number, "0", "“0” is not a whole number from 1 to 65535."),
        (number, "-1", "“-1” is not a whole number from 1 to 65535."),
        (number, "65536", "“65536” is not a whole number from 1 to 65535."),
        (number, "80.0", "“80.0” is not a whole number from 1 to 65535."),
        (number, "٨٠", "“٨٠” is not a whole number from 1 to 65535."),
        (environment.addresses, "anna", "“anna” is not an e-mail address."),
        (environment.addresses, "anna@example.org, boris@", "“boris@” is not an e-mail address."),
        (environment.addresses, "Anna <anna@example.org>", "“Anna <anna@example.org>” is not an e-mail address."),
        (environment.addresses, "<anna@example.org>", "“<anna@example.org>” is not an e-mail address."),
        (environment.addresses, "anna@boris@example.org", "“anna@boris@example.org” is not an e-mail address."),
        (environment.addresses, "anna@example", "“anna@example” is not an e-mail address."),
        (hosts, "https://example.org", "“https://example.org” is not a host name; {host}"),
        (hosts, "example.org, example.org/fr", "“example.org/fr” is not a host name; {host}"),
        (hosts, "example.org:8000", "“example.org:8000” is not a host name; {host}"),
        (hosts, "[::1]:8000", "“[::1]:8000” is not a host name; {host}"),
        (hosts, "a b", "“a b” is not a host name; {host}"),
        (number, "8 0", "“8 0” is not a whole number from 1 to 65535."),
        (environment.key_of_a_service, "my key", "{key}"),
        (environment.key_of_a_service, "clé", "{key}"),
        (sender, "OMEP", "“OMEP” is not a sender; {sender}"),
        (sender, "OMEP <lettre>", "“OMEP <lettre>” is not a sender; {sender}"),
        (sender, "a@example.org\nBcc: b@example.org", "“a@example.org\nBcc: b@example.org” is not a sender; {sender}"),
        (site_url, "events.example.org", "“events.example.org” is not an address such as {url}"),
        (site_url, "ftp://events.example.org", "“ftp://events.example.org” is not an address such as {url}"),
        (site_url, "https://", "“https:” is not an address such as {url}"),
        (site_url, "https://example.org/fr", "“https://example.org/fr” is not an address such as {url}"),
        (site_url, "https://example.org?a", "“https://example.org?a” is not an address such as {url}"),
        (site_url, "https://example.org?", "“https://example.org?” is not an address such as {url}"),
        (site_url, "https://example.org#a", "“https://example.org#a” is not an address such as {url}"),
        (site_url, "https://anna@example.org", "“https://anna@example.org” is not an address such as {url}"),
        (site_url, "https://exa mple.org", "“https://exa mple.org” is not an address such as {url}"),
        (site_url, "https://example.org:abc", "“https://example.org:abc” is not an address such as {url}"),
        (site_url, "https://[", "“https://[” is not an address such as {url}"),
        (database, "nonsense", DATABASE),
        (database, "mysql://localhost/omep", DATABASE),
        (database, "foo://x", DATABASE),
        (database, "postgres://localhost", DATABASE),
        (database, "postgres://localhost:abc/omep", DATABASE),
        (
            database,
            "sqlite:////dev/null/folder/db.sqlite3",
            "there is no folder for /dev/null/folder/db.sqlite3 and none can be made: Not a directory.",
        ),
        (environment.cache, "memcached://localhost", CACHE),
        (environment.cache, "localhost:6379", CACHE),
        (environment.cache, "redis://", CACHE),
        (environment.cache, "redis://localhost:abc/1", CACHE),
        (environment.cache, "redis://[", CACHE),
        (environment.mailbox, "pop3://a:b@mail.example.org", "{imap}"),
        (environment.mailbox, "imaps://mail.example.org/INBOX", "{imap}"),
        (environment.mailbox, "imaps://a@mail.example.org", "{imap}"),
        (environment.mailbox, "imaps://a:b@mail.example.org/INBOX?tls=1", "{imap}"),
        (environment.mailbox, "imaps://a:b@mail.example.org:abc", PORT),
        (
            environment.mailbox,
            "imap://a:b@mail.example.org",
            "imap:// would send the password in clear; write imaps://.",
        ),
        (
            environment.mailbox,
            "imaps://a:b@mail.example.org/Re%C3%A7us",
            "user, password and folder have letters without accents only; rename the folder, say.",
        ),
        (
            environment.selectors,
            "mail2026, a b",
            "“a b” is not a selector; write the one name before ._domainkey, such as mail2026.",
        ),
        (environment.mail_server, "mail.example.org", MAIL),
        (environment.mail_server, "imap://mail.example.org", MAIL),
        (environment.mail_server, "smtp://", MAIL),
        (environment.mail_server, "smtp://mail.example.org:abc", PORT),
        (environment.mail_server, "smtp://mail.example.org:99999", PORT),
        (environment.mail_server, "smtp://mail.example.org?tls=yes", "“?tls=yes” is not known; {tls}"),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence_that_names_the_variable(
    monkeypatch, recwarn, read, value, sentence
):
    monkeypatch.setenv("NAME", value)
    with pytest.raises(SystemExit) as stop:
        read("NAME")
    assert stop.value.code == "NAME: " + sentence.format(
        host="write www.example.org, without https://, port and path.",
        url="https://events.example.org, without a path.",
        sender="write name@example.org or OMEP <name@example.org>.",
        key="it is not a key: those have letters and digits only. Leave it out if you have none.",
        tls="write ?tls=1 for STARTTLS, or nothing.",
        imap="write imaps://user:password@host/folder; in user and password, %40 stands for @, %3A for : and %2F for /.",
    )
    assert not recwarn.list


@pytest.fixture
def _no_providers(monkeypatch):
    for name in [name for name in os.environ if name.startswith("ANYMAIL_")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("_no_providers")
def test_what_providers_prove_themselves_with_becomes_one_setting(monkeypatch):
    assert environment.providers("ANYMAIL_") == {}
    monkeypatch.setenv("ANYMAIL_WEBHOOK_SECRET", " omep:0123456789abcdef ")
    monkeypatch.setenv("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY", "key-1")
    monkeypatch.setenv("ANYMAIL_MANDRILL_WEBHOOK_KEY", "")
    expected = {"MAILGUN_WEBHOOK_SIGNING_KEY": "key-1", "WEBHOOK_SECRET": "omep:0123456789abcdef"}
    assert environment.providers("ANYMAIL_") == expected


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
        environment.providers("ANYMAIL_")
    assert stop.value.code == f"ANYMAIL_{name}: {sentence}"


def test_a_given_key_is_taken_and_kept_nowhere(monkeypatch, tmp_path):
    monkeypatch.setenv("NAME", "x" * 32)
    assert environment.secret_key("NAME", tmp_path / "var" / "key") == "x" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_short_key_stops_the_start_and_is_not_repeated(monkeypatch, tmp_path):
    monkeypatch.setenv("NAME", "secret" + "x" * 25)
    with pytest.raises(SystemExit) as stop:
        environment.secret_key("NAME", tmp_path / "key")
    assert stop.value.code.startswith("NAME: it has fewer than 32 characters; make one with: python3 -c ")
    assert "secretx" not in stop.value.code


def test_without_a_key_one_is_made_once_that_nobody_else_may_read(monkeypatch, tmp_path):
    monkeypatch.delenv("NAME", raising=False)
    file = tmp_path / "var" / "key"
    first = environment.secret_key("NAME", file)
    assert len(first) >= 50
    assert (environment.secret_key("NAME", file), file.read_text()) == (first, first)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
