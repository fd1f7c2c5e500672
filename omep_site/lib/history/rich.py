"""Rich text as somebody reads it aloud: its words, and apart from them what they look like."""

from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser

BLOCKS = {"p", "h2", "h3", "ul", "ol", "li"}
LOOKS = {"strong": "bold", "em": "italic", "h2": "heading", "h3": "subheading", "ul": "bullets", "ol": "numbers"}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.looks = "", Counter()

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS and self.text and not self.text.endswith(("\n", "• ")):
            self.text += "\n"
        if tag == "li":
            self.text += "• "
        elif tag == "br":
            self.text += "\n"
        if tag == "a":
            self.looks["link", dict(attrs).get("href") or ""] += 1
        elif tag in LOOKS:
            self.looks[LOOKS[tag], ""] += 1

    def handle_data(self, data):
        self.text += data


@lru_cache(maxsize=64)  # a list of versions reads the same text again and again
def _read(html: str) -> tuple[str, Counter]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text.strip(), reader.looks


def readable(html: str) -> str:
    """The words, a line for each paragraph and “• ” before each point of a list."""
    return _read(html)[0]


def formatting(html: str) -> Counter:
    """How often each look is there: ("bold", ""), ("heading", ""), ("link", "https://…")."""
    return _read(html)[1]
