"""What visitors wrote, as HTML: paragraphs, line breaks and links, and nothing else of what they typed is obeyed.

Pure functions, and linear ones: what a machine sends to keep a page busy costs as little as any text.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from omep_site.lib.forms import validate_public_url

REL = "nofollow ugc noopener"

# Not in the middle of a word, of a path or of an e-mail address.
BEGINS = re.compile(r"(?<![\w@/.:-])(?:https?://|www\.)", re.IGNORECASE)
HOST = re.compile(r"\w[\w-]*(?:\.\w[\w-]*)+(?::\d{1,5})?")
BEFORE_THE_PATH = re.compile(r"[^\s/?#\\]{0,253}")
LONGEST_HOST = 253  # RFC 1035, 2.3.4
# Up to a space, a quotation mark or a sign that shows nothing; a backslash, because browsers read it as a slash.
REST = re.compile(r"[^\s<>\"“”„«»`\\\u00ad\u034f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*")
# GitHub Flavored Markdown, 6.9, also leaves the punctuation of the sentence out of a link.
OF_THE_SENTENCE = ".,:;!?…'’*_~([{"
OPENED_BY = {")": "(", "]": "[", "}": "{"}


def as_html(text: str) -> SafeString:
    """<p>, <br> and <a> alone. Empty lines part paragraphs; each other end of a line is one."""
    paragraphs, lines = [], []
    for line in [*re.split(r"\r\n?|\n", text), ""]:
        if line.strip():
            lines.append(line)
        elif lines:
            paragraphs.append("<br>".join(_line(each) for each in lines))
            lines = []
    return mark_safe("\n".join(f"<p>{each}</p>" for each in paragraphs))  # each line was escaped


def _line(text: str) -> str:
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    done = sought = 0
    while begin := BEGINS.search(text, sought):
        end = _end_of_link(text, begin)
        if end:
            address = text[begin.start() : end]
            whole = address if "://" in begin[0] else f"https://{address}"
            yield escape(text[done : begin.start()])
            yield format_html('<a href="{}" rel="{}">{}</a>', whole, REL, address)
            done = end
        sought = end or begin.end()
    yield escape(text[done:])


def _end_of_link(text: str, begin: re.Match) -> int:
    """Where the address ends; 0 where it is none that leads to the public web (omep_site.lib.forms)."""
    host_at = begin.end() if "://" in begin[0] else begin.start()
    host = HOST.match(text, host_at)
    if host is None:
        return 0
    host_end = host_at + len(host[0].rstrip("-_"))
    follows = text[host_end : host_end + 1]
    # “https://www.unesco.org@example.net” leads to example.net; a mark belongs to a letter of the host.
    if "@" in BEFORE_THE_PATH.match(text, host_end)[0] or unicodedata.category(follows or " ")[0] == "M":
        return 0
    if host_end - host_at > LONGEST_HOST:
        return 0
    try:
        validate_public_url(f"https://{text[host_at:host_end]}")
    except ValidationError:
        return 0
    if follows not in ("/", "?", "#"):
        return host_end
    return host_end + len(_own(REST.match(text, host_end)[0]))


def _own(rest: str) -> str:
    """What belongs to the address of what follows its host: not a bracket that was opened before it, and not the
    punctuation of the sentence in which it stands."""
    opened = dict.fromkeys(OPENED_BY.values(), 0)
    for at, char in enumerate(rest):
        if char in opened:
            opened[char] += 1
        elif char in OPENED_BY:
            opened[OPENED_BY[char]] -= 1
            if opened[OPENED_BY[char]] < 0:
                rest = rest[:at]
                break
    return rest.rstrip(OF_THE_SENTENCE)
