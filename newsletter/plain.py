"""Rich text as a plain-text mail says it: headings underlined, lists with their signs, links with their addresses.

A pure function for the few elements that may be stored (omep_site.lib.rich_text); of others the words are kept.
"""

import re
import textwrap
from html.parser import HTMLParser

WIDTH = 72  # characters of a line; RFC 5322, 2.1.1 asks for at most 78
UNDERLINES = {"h2": "=", "h3": "-"}
BLOCKS = {"p", "div", "blockquote", "address", *UNDERLINES}
SPACES = re.compile(r"[ \t\r\n\f]+")  # not the no-break space: it holds words together


def as_text(html: str, width: int = WIDTH) -> str:
    """The words of well-formed HTML, without a line break at the end."""
    reader = _Reader(width)
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.text()


def wrap(text: str, first: str = "", others: str = "", width: int = WIDTH) -> str:
    """Each of its lines in lines of `width`; an address is never broken. `first` and `others` stand before them."""
    lines = []
    for line in text.split("\n"):
        before = first if not lines else others
        lines += textwrap.wrap(
            line, width, initial_indent=before, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines)


def tidy(text: str) -> str:
    """What a template left: lines of at most WIDTH, and one empty line where it left several."""
    lines = [wrap(line.rstrip(), others=re.match(" *", line)[0]) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self, width: int):
        super().__init__(convert_charrefs=True)
        self.width = width
        self.blocks: list[tuple[str, bool]] = []  # its words, and whether it is one of a list
        self.words = ""
        self.heading = ""
        self.lists: list[int | None] = []  # the next number of each list that is open; None for one of bullets
        self.sign = ""  # of the item that begins
        self.links: list[tuple[str, int]] = []  # where a link leads, and where its words begin

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in BLOCKS:
            self.end_block()
            self.heading = UNDERLINES.get(tag, "")
        elif tag in ("ul", "ol"):
            self.end_block()
            self.lists.append(int(attributes.get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            self.end_block()
            self.begin_item()
        elif tag == "br":
            self.words = self.words.rstrip(" ") + "\n"
        elif tag == "a":
            self.links.append((attributes.get("href") or "", len(self.words)))
        elif tag == "img":
            self.words += attributes.get("alt") or ""

    def handle_endtag(self, tag):
        if tag in BLOCKS or tag == "li":
            self.end_block()
        elif tag in ("ul", "ol") and self.lists:
            self.end_block()
            self.lists.pop()
        elif tag == "a" and self.links:
            self.end_link(*self.links.pop())

    def handle_data(self, data):
        data = SPACES.sub(" ", data)
        self.words += data.lstrip(" ") if not self.words or self.words[-1] in " \n" else data

    def begin_item(self):
        number = self.lists[-1] if self.lists else None
        self.sign = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1

    def end_link(self, address: str, begins: int):
        """The address after the words, unless the words say it already."""
        words, shown = self.words[begins:].strip(), address.removeprefix("mailto:")
        if shown and words not in (address, shown, shown.partition("://")[2].rstrip("/")):
            self.words = f"{self.words.rstrip(' ')} ({shown})" if words else f"{self.words}{shown}"
        elif shown and words != shown:  # “www.example.org”: whole, so that mail programmes make a link of it
            self.words = self.words[:begins] + shown

    def end_block(self):
        words, self.words = self.words.strip(" \n"), ""
        underline, self.heading = self.heading, ""
        if not words:
            return
        before = "  " * (len(self.lists) - 1) if self.lists else ""
        sign, self.sign = self.sign, ""
        others = before + (" " * len(sign or "- ") if self.lists else "")
        written = wrap(words, before + sign if sign else others, others, self.width)
        if underline:
            written += "\n" + underline * max(len(line) for line in written.split("\n"))
        self.blocks.append((written, bool(self.lists)))

    def text(self) -> str:
        written, was_item = "", False
        for words, is_item in self.blocks:
            written += ("\n" if was_item and is_item else "\n\n") + words if written else words
            was_item = is_item
        return written
