"""The services that the site works with, as the environment names them: database, cache, mail server, mailbox, mail
providers, Sentry. Pure functions as in `omep_site.environment`, which they read it with.
"""

import os
import warnings
from pathlib import Path
from urllib.parse import unquote

import environ

from omep_site.environment import split, stop, text

# Of libpq: so long a server that has vanished from the network, or accepts and says nothing, holds up whoever asks it.
# Without them it is two minutes for a new connection, and two hours for one that rests.
NOTICED_WHEN_AWAY = {
    "connect_timeout": 3,  # seconds
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}


def database(name: str, default: str) -> dict:
    """Django's settings of one database: sqlite:///path or postgres://user:password@host:port/name, where the host may be the
    folder of a socket, written as libpq has it (%2Fvar%2Frun%2Fpostgresql). %23 stands for #, as in any address."""
    value = text(name, default)
    # Of an address, what follows one of these would be left out in silence, and the site would work on another database.
    if value.startswith("sqlite:") and set(value) & {"#", "?"}:
        stop(name, "in the path of a SQLite file write %23 for # and %3F for ?; nothing may follow the path.")
    if "#" in value.rpartition("@")[2]:
        stop(name, "write %23 for #.")
    try:
        with warnings.catch_warnings(action="ignore"):  # what it warns of is no database below
            found = environ.Env.db_url_config(value)
    except (ValueError, environ.ImproperlyConfigured):
        found = {}
    engine = found.get("ENGINE", "")
    if engine == "django.db.backends.sqlite3":
        if found["NAME"] != ":memory:":
            try:
                Path(found["NAME"]).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                stop(name, f"there is no folder for {found['NAME']} and none can be made: {error.strerror}.")
        return found | {
            "ENGINE": "omep_site.lib.sqlite",  # Django's own, whose writers stand in line
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Writers queue from the first statement, so that no transaction fails half-way for a lock;
                # what was answered with 303 is on the disk (synchronous=FULL).
                "transaction_mode": "IMMEDIATE",
                # Seconds that a writer waits for another programme, and a single statement for those that stand in line:
                # less than a proxy waits for an answer (deploy/nginx/site.conf), so that it is ours, with the words.
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if engine == "django.db.backends.postgresql" and found.get("NAME"):
        # Of the address, what stands there wins.
        return found | {
            "HOST": unquote(found["HOST"]),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": NOTICED_WHEN_AWAY | found.get("OPTIONS", {}),
        }
    stop(name, "write sqlite:///path/to/file or postgres://user:password@host:port/name.")


def cache(name: str) -> dict:
    """Django's settings of the shared cache: redis://host:port/number, or this process's memory."""
    value = text(name)
    if not value:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    parts = split(value)
    if not (parts and parts.scheme in ("redis", "rediss") and parts.hostname):
        stop(name, "write redis://host:port/number, or leave it out to keep the cache in memory.")
    return {"BACKEND": "omep_site.lib.shared_cache.RedisCache", "LOCATION": value}


def memory(most: int) -> dict:
    """Django's settings of a cache of so many entries in this process's memory; with 0 it keeps nothing."""
    if not most:
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    backend = "django.core.cache.backends.locmem.LocMemCache"
    return {"BACKEND": backend, "LOCATION": "memory", "OPTIONS": {"MAX_ENTRIES": most}}


def mail_server(name: str) -> dict:
    """Django's EMAIL_* settings, and which backend delivers.

    smtp:// (STARTTLS with `?tls=1`), smtps:// (TLS from the first byte, RFC 8314; port 465 unless given),
    consolemail:// prints each mail.
    """
    value = text(name, "consolemail://")
    parts = split(value)
    if parts is None:
        stop(name, "the port is not a number.")
    if parts.scheme == "consolemail":
        return {"DELIVERY": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        stop(name, "write smtp://user:password@host:port, smtps://user:password@host:port or consolemail://.")
    if parts.query not in ("", "tls=1"):
        stop(name, f"“?{parts.query}” is not known; write ?tls=1 for STARTTLS, or nothing.")
    secure = parts.scheme == "smtps"
    return {
        "DELIVERY": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if secure else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure and parts.query == "tls=1",
    }


def mailbox(name: str) -> dict | None:
    """Where returned letters are fetched: imaps://user:password@host:port/folder (TLS from the first byte, port 993).

    imap:// sends the password in clear: for a server on this machine only (port 143). The folder is INBOX unless named.
    """
    value = text(name)
    if not value:
        return None
    how = "write imaps://user:password@host/folder; in user and password, %40 stands for @, %3A for : and %2F for /."
    parts = split(value)
    if parts is None:
        stop(name, "the port is not a number.")
    if parts.scheme not in ("imap", "imaps") or not (
        parts.hostname and parts.username and parts.password and not parts.query
    ):
        stop(name, how)
    secure = parts.scheme == "imaps"
    if not secure and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        stop(name, "imap:// would send the password in clear; write imaps://.")
    found = {
        "host": parts.hostname,
        "port": parts.port or (993 if secure else 143),
        "secure": secure,
        "user": unquote(parts.username),
        "password": unquote(parts.password),
        "folder": unquote(parts.path.strip("/")) or "INBOX",
    }
    if not all(str(part).isascii() and str(part).isprintable() for part in found.values()):
        stop(name, "user, password and folder have letters without accents only; rename the folder, say.")
    return found


# What django-anymail knows the reports of a mail provider by; newsletter/webhooks.py says which provider needs which.
PROOFS_OF_PROVIDERS = (
    "WEBHOOK_SECRET",
    "MAILGUN_WEBHOOK_SIGNING_KEY",
    "MAILERSEND_SIGNING_SECRET",
    "MANDRILL_WEBHOOK_KEY",
)


def providers(prefix: str) -> dict:
    """Settings of django-anymail: what the mail providers that may report to this site prove themselves with."""
    found = {
        key: value.strip() for key, value in sorted(os.environ.items()) if key.startswith(prefix) and value.strip()
    }
    found = {key.removeprefix(prefix): value for key, value in found.items()}
    for key, value in found.items():
        if key not in PROOFS_OF_PROVIDERS:
            known = ", ".join(prefix + each for each in PROOFS_OF_PROVIDERS)
            stop(prefix + key, f"it is not known; known are {known}.")
        if not value.isascii() or not value.isprintable():
            stop(prefix + key, "it is not a key: those have no accents.")
    if "WEBHOOK_SECRET" in found:
        user, _colon, password = found["WEBHOOK_SECRET"].partition(":")
        if not user or len(password) < 16:
            stop(prefix + "WEBHOOK_SECRET", "write a name, a colon and a random text of at least 16 characters.")
    return found


def sentry(name: str) -> str:
    """Where faults are sent: https://key@host/number, as Sentry shows it."""
    value = text(name)
    if not value:
        return ""
    parts = split(value)
    known = parts and parts.scheme in ("http", "https")
    if not (known and parts.hostname and parts.username and parts.path.strip("/")):
        stop(name, "write the address that Sentry shows as “DSN”, https://key@host/number, or leave it out.")
    return value
