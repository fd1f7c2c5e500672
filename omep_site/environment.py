"""Reads the environment, and stops with a sentence that names the variable where a value is bad.

Pure functions: text in, settings out. `omep_site.settings` calls them, nothing else does.
"""

import os
import secrets
import sys
import warnings
from email.utils import parseaddr
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def stop(name: str, why: str) -> NoReturn:
    sys.exit(f"{name}: {why}")


def text(name: str, default: str = "") -> str:
    """The variable's value; the default where it is not set or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    value = text(name, "0").lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    stop(name, f"“{value}” is neither yes nor no; write 1 or 0.")


def number(name: str, default: int, lowest: int, highest: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
        stop(name, f"“{value}” is not a whole number from {lowest} to {highest}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def addresses(name: str) -> list[str]:
    found = words(name)
    for address in found:
        if not is_address(address):
            stop(name, f"“{address}” is not an e-mail address.")
    return found


def address(name: str, default: str) -> str:
    value = text(name, default)
    if not is_address(value) and value != default:
        stop(name, f"“{value}” is not an e-mail address.")
    return value


def key_of_a_service(name: str) -> str:
    """A key that a service gave out: letters and digits, so that a line of something else is found out at once."""
    value = text(name)
    if value and not (value.isascii() and value.isalnum()):
        stop(name, "it is not a key: those have letters and digits only. Leave it out if you have none.")
    return value


def sender(name: str, default: str) -> str:
    """Who mails come from: an address, with or without a name before it."""
    value = text(name, default)
    if not value.isprintable() or not is_address(parseaddr(value)[1]):
        stop(name, f"“{value}” is not a sender; write name@example.org or OMEP <name@example.org>.")
    return value


def is_address(value: str) -> bool:
    try:
        validate_email(value)  # the queue asks the same of every mail, when it is too late to say so
    except ValidationError:
        return False
    return True


def hosts(name: str, default: str) -> list[str]:
    found = words(name, default)
    for host in found:
        port = ":" in host and not (host.startswith("[") and host.endswith("]"))
        if "/" in host or port or any(char.isspace() for char in host):
            stop(name, f"“{host}” is not a host name; write www.example.org, without https://, port and path.")
    return found


def site_url(name: str, default: str) -> str:
    """An address such as https://example.org, without a path and without a slash at its end."""
    value = text(name, default).rstrip("/").lower()  # as browsers write it in Origin
    try:
        parts = urlsplit(value)
        complete = parts.scheme in ("http", "https") and parts.hostname and value == f"{parts.scheme}://{parts.netloc}"
        complete = complete and "@" not in value and not any(char.isspace() for char in value)
        parts.port  # noqa: B018 - raises ValueError for a port that is none
    except ValueError:
        complete = False
    if not complete:
        stop(name, f"“{value}” is not an address such as https://events.example.org, without a path.")
    return value


def database(name: str, default: str) -> dict:
    """Django's settings of one database: sqlite:///path or postgres://user:password@host:port/name."""
    value = text(name, default)
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
                # Seconds, for what does not stand in line: who waits for the one writer then asks now and then, and newcomers
                # ask more often. With fifty people writing at once on a busy machine, one in a hundred waited longer than
                # ten (bench/writers.py).
                "timeout": 60,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if engine == "django.db.backends.postgresql" and found.get("NAME"):
        return found | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    stop(name, "write sqlite:///path/to/file or postgres://user:password@host:port/name.")


def cache(name: str) -> dict:
    """Django's settings of the shared cache: redis://host:port/number, or this process's memory."""
    value = text(name)
    if not value:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    try:
        parts = urlsplit(value)
        complete = parts.scheme in ("redis", "rediss") and parts.hostname
        parts.port  # noqa: B018 - raises ValueError for a port that is none
    except ValueError:
        complete = False
    if not complete:
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
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
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
        "EMAIL_PORT": port or (465 if secure else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure and parts.query == "tls=1",
    }


def selectors(name: str) -> list[str]:
    """Names under which a domain publishes its keys of DKIM (RFC 6376, 3.1)."""
    found = words(name)
    for selector in found:
        if not selector.isascii() or not selector.replace("-", "").replace("_", "").replace(".", "").isalnum():
            stop(name, f"“{selector}” is not a selector; write the one name before ._domainkey, such as mail2026.")
    return found


def mailbox(name: str) -> dict | None:
    """Where returned letters are fetched: imaps://user:password@host:port/folder (TLS from the first byte, port 993).

    imap:// sends the password in clear: for a server on this machine only (port 143). The folder is INBOX unless named.
    """
    value = text(name)
    if not value:
        return None
    how = "write imaps://user:password@host/folder; in user and password, %40 stands for @, %3A for : and %2F for /."
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
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
        "port": port or (993 if secure else 143),
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


def secret_key(name: str, keep_in: Path) -> str:
    """The key from the environment; without one, a random key kept in a file that git ignores (`make run`)."""
    given = text(name)
    if given:
        if len(given) < 32:
            stop(
                name,
                "it has fewer than 32 characters; make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            )
        return given
    keep_in.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(keep_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return keep_in.read_text()
