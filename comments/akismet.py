"""Asks Akismet (https://akismet.com/developers/), a service that knows the spam of many sites. Off without AKISMET_KEY.

What it is told: this site's address, the name, the website and the words of one comment, and whether it is a reply.
What it is not told: the e-mail address, the browser, where on this site the comment was written, and the visitor's IP
address. The service demands one; it gets 127.0.0.1 for everybody, because an address of its sender is what this site
promises to pass on to nobody, and loses by that what it knows of networks.

Python's own client does all of it: one POST of a form, whose answer is a word. A library would bring pools, redirects
and retries, of which none is wanted here.
"""

import http.client
import logging
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from comments.checks import Submission

logger = logging.getLogger(__name__)

SERVICE = "https://rest.akismet.com/1.1/comment-check"
TIMEOUT = 3  # seconds for all of it, finding its address included
PAUSE = 60  # seconds without asking after it was away: or every comment of a bad hour would take three more
NOBODY = "127.0.0.1"

_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="akismet")
_not_before = 0.0  # monotonic seconds


def is_used() -> bool:
    return bool(settings.AKISMET_KEY)


def ask(submission: Submission, *, is_reply: bool = False) -> str:
    """ "spam" or "ham"; "away" for any failure, of which the log says the kind and nothing of the comment."""
    global _not_before
    if time.monotonic() < _not_before:
        return "away"
    try:
        # In a thread, because no time-out of a socket counts the search for its address, or a server that drips.
        return _threads.submit(_post, message(submission, is_reply=is_reply)).result(timeout=TIMEOUT)
    except Exception as error:  # whatever it is, the comment goes on as if nobody had been asked
        _not_before = time.monotonic() + PAUSE
        logger.warning("Akismet did not answer: %s", type(error).__name__)
        return "away"


def message(submission: Submission, *, is_reply: bool) -> dict[str, str]:
    return {
        "api_key": settings.AKISMET_KEY,
        "blog": settings.SITE_URL,
        "blog_lang": ", ".join(code for code, _name in settings.LANGUAGES),
        "blog_charset": "UTF-8",
        "user_ip": NOBODY,
        "comment_type": "reply" if is_reply else "comment",
        "comment_author": submission.name,
        "comment_author_url": submission.website,
        "comment_content": submission.body,
    }


class Unexpected(Exception):
    """An answer that is not one of the two words: a wrong key, say, or a page about maintenance."""


def _post(fields: dict[str, str]) -> str:
    address = urlsplit(SERVICE)
    if address.scheme == "https":
        connection = http.client.HTTPSConnection(address.netloc, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(address.netloc, timeout=TIMEOUT)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "omep-events | akismet.py"}
        connection.request("POST", address.path, urlencode(fields), headers)
        answer = connection.getresponse()
        word = answer.read(10)
    finally:
        connection.close()
    if answer.status != 200 or word not in (b"true", b"false"):
        raise Unexpected
    return "spam" if word == b"true" else "ham"
