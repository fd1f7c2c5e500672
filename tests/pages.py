"""How tests read a page: as a reader does, whatever the spaces between words."""

import re

from bs4 import BeautifulSoup


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(node) -> str:
    """The text of a page or of one element, with every run of white space as one plain space."""
    return re.sub(r"\s+", " ", node.get_text(" ")).strip()


def alternates(page) -> dict[str, str]:
    return {link["hreflang"]: link["href"] for link in page.select("link[rel=alternate][hreflang]")}
