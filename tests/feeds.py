"""How tests read a feed: as a programme does, which knows XML and RFC 4287 and nothing of this site."""

from xml.etree import ElementTree as Tree

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "{http://www.w3.org/XML/1998/namespace}base"


def parse(response) -> Tree.Element:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return Tree.fromstring(response.content)  # noqa: S314 - our own


def text(element: Tree.Element, path: str) -> str:
    return element.findtext("/".join(ATOM + name for name in path.split("/")))


def links(element: Tree.Element) -> list[dict]:
    return [dict(link.attrib) for link in element.findall(ATOM + "link")]


def entries(response) -> list[Tree.Element]:
    return parse(response).findall(ATOM + "entry")


def titles(response) -> list[str]:
    return [text(entry, "title") for entry in entries(response)]
