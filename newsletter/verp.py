"""Whom a returned letter was for: each letter has a return address of its own (VERP), and a Message-ID that says the same.

Both are made of the delivery's number and a few characters that only this site can make, so that nobody can send us
bounces of letters that they never got.
"""

import hashlib
import hmac
import re
from urllib.parse import urlsplit

from django.conf import settings

from newsletter.models import Key

SEPARATOR = "+"  # between the mailbox and the rest, as mail servers deliver it to the mailbox (RFC 5233)
ADDRESS = re.compile(r"\+b(\d{1,18})-([0-9a-f]{12})@", re.IGNORECASE)
MESSAGE_ID = re.compile(r"letter\.(\d{1,18})\.([0-9a-f]{12})@", re.IGNORECASE)


def proof(number: int, key: bytes) -> str:
    return hmac.new(key, f"delivery|{number}".encode(), hashlib.sha256).hexdigest()[:12]


def return_address(number: int, key: bytes) -> str:
    """Where a letter that cannot be delivered goes back to."""
    local, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}{SEPARATOR}b{number}-{proof(number, key)}@{domain}"


def message_id(number: int, key: bytes) -> str:
    """Without its brackets. The same whenever the letter is sent, so that a mail programme knows it again."""
    return f"letter.{number}.{proof(number, key)}@{urlsplit(settings.SITE_URL).hostname}"


def delivery_named_in(text: str) -> int | None:
    """The number of the delivery that a return address or a Message-ID of ours in this text names; None where none is."""
    key = Key.bytes()
    for pattern in (ADDRESS, MESSAGE_ID):
        for number, shown in pattern.findall(text):
            if hmac.compare_digest(proof(int(number), key), shown.lower()):
                return int(number)
    return None
