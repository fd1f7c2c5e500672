"""Reads the environment, and stops with a sentence that names the variable where a value is bad.

Pure functions: text in, settings out. What names another service stands in `omep_site.backing_services`.
"""

import ipaddress
import os
import re
import secrets
import sys
from email.utils import parseaddr
from io import StringIO
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def stop(name: str, why: str) -> NoReturn:
    sys.exit(f"{name}: {why}")


SETTING = re.compile(r"(?:export )?\w+=.*", re.ASCII)


def read(file: Path) -> None:
    """Adds the settings of a file to the environment, which wins. A line that sets nothing is named by its number alone: it
    may hold a password, and django-environ would log it and go on without."""
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        stop(file.name, f"it cannot be read ({getattr(error, 'strerror', None) or 'it is not written in UTF-8'}).")
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#") and not SETTING.fullmatch(line):
            stop(file.name, f"line {number} is neither NAME=value, without spaces around the =, nor a comment (#).")
    environ.Env.read_env(StringIO("\n".join(lines)))


def text(name: str, default: str = "") -> str:
    """The variable's value; the default where it is not set or empty."""
    return os.environ.get(name, "").strip() or default


def split(value: str) -> SplitResult | None:
    """The parts of an address; None for what is none, because its port is no number for instance."""
    try:
        parts = urlsplit(value)
        return parts if parts.port is None or parts.port >= 0 else None
    except ValueError:
        return None


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


def ip_address(name: str, default: str) -> str:
    value = text(name, default)
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        stop(name, f"“{value}” is not an IP address such as 127.0.0.1.")


def folder(name: str, default: Path, outside: str) -> str:
    """Where something is kept that nobody may read: not among the uploads, which are handed out and copied themselves."""
    value = Path(text(name, str(default)))
    if not value.is_absolute():
        stop(name, f"“{value}” is not a whole path; write one such as /var/backups/omep.")
    if Path(outside).resolve() in [value.resolve(), *value.resolve().parents]:
        stop(name, f"“{value}” is in the folder of the uploads ({outside}); choose one outside of it.")
    return str(value)


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


def contacts(name: str) -> list[str]:
    """Addresses as RFC 9116 wants them (2.5.3): mailto:… for an e-mail address, else one that begins with https://."""
    found = words(name)
    for contact in found:
        parts = split(contact)
        if not is_address(contact) and not (contact.startswith("https://") and parts and parts.hostname):
            stop(name, f"“{contact}” is neither an e-mail address nor one that begins with https://.")
        if not (contact.isascii() and contact.isprintable() and " " not in contact):
            stop(name, f"“{contact}” has signs that no address has; write them as %-codes.")
    return [f"mailto:{contact}" if is_address(contact) else contact for contact in found]


def key_of_a_service(name: str) -> str:
    """A key that a service gave out: letters and digits, so that a line of something else is found out at once."""
    value = text(name)
    if value and not (value.isascii() and value.isalnum()):
        stop(name, "it is not a key: those have letters and digits only. Leave it out if you have none.")
    return value


def choice(name: str, known: tuple[str, ...]) -> str:
    """One of the words that are known; "" where nothing is chosen."""
    value = text(name)
    if value and value not in known:
        stop(name, f"“{value}” is not known; write {' or '.join(known)}, or leave it out.")
    return value


def token(name: str) -> str:
    """A secret that another programme of yours sends along."""
    value = text(name)
    if value and (len(value) < 16 or not value.isascii() or any(char.isspace() for char in value)):
        stop(name, "write a random text of at least 16 characters without spaces and accents, or leave it out.")
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


USUAL_PORTS = {"http": ":80", "https": ":443"}


def site_url(name: str, default: str) -> str:
    """An address such as https://example.org, without a path and without a slash at its end."""
    value = text(name, default).rstrip("/").lower()
    parts = split(value)
    known = parts and parts.scheme in USUAL_PORTS
    complete = known and parts.hostname and value == f"{parts.scheme}://{parts.netloc}"
    if not complete or "@" in value or any(char.isspace() for char in value):
        stop(name, f"“{value}” is not an address such as https://events.example.org, without a path.")
    return value.removesuffix(USUAL_PORTS[parts.scheme])  # as browsers write it in Origin


def selectors(name: str) -> list[str]:
    """Names under which a domain publishes its keys of DKIM (RFC 6376, 3.1)."""
    found = words(name)
    for selector in found:
        if not selector.isascii() or not selector.replace("-", "").replace("_", "").replace(".", "").isalnum():
            stop(name, f"“{selector}” is not a selector; write the one name before ._domainkey, such as mail2026.")
    return found


def former_keys(name: str) -> list[str]:
    """What SECRET_KEY was before: what it signed stays good until this is taken out again."""
    found = words(name)
    if any(len(key) < 32 for key in found):
        stop(name, "a key in it has fewer than 32 characters; it holds earlier values of SECRET_KEY, after commas.")
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
