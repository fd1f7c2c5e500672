"""Why a comment deserves a second look: codes that are kept with it, and sentences for whoever decides.

Every comment waits for a person. A reason refuses nothing; it says what the person would otherwise have to look for.
A code is a word, with a number behind a colon where it counts something: “website”, “links:3”.
"""

import re

from django.utils.translation import gettext, ngettext

SHOUTED = 20  # letters: fewer are a name, an acronym or a short “MERCI”

# “https://www.example.org” is one link; so is each address that a forum's or a page's own marks surround.
LINK = re.compile(r"https?://|(?<![/\w.-])www\.", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def reasons(
    name: str, body: str, website: str, *, approved_before: bool, said_before: bool, says_where_from: bool
) -> list[str]:
    """The codes for one comment, the weightiest first."""
    links = len(LINK.findall(f"{name} {body}"))
    noticed = {
        "repeated": said_before,
        f"links:{links}": links,
        "website": website,
        "capitals": is_shouted(body),
        "no_origin": not says_where_from,
        "new_address": not approved_before,
    }
    return [code for code, is_so in noticed.items() if is_so]


def is_shouted(text: str) -> bool:
    """Whether nearly all of a longer text is in capitals. Scripts without capitals never are."""
    cased = [char for char in ADDRESS.sub("", text) if char.isupper() or char.islower()]
    capitals = sum(char.isupper() for char in cased)
    return len(cased) >= SHOUTED and capitals >= 0.8 * len(cased)


def sentence(code: str) -> str:
    """What a code says to the person who decides; the code itself where this release does not know it."""
    word, _colon, number = code.partition(":")
    count = int(number) if number.isdecimal() else 0
    sentences = {
        "repeated": gettext("The same words were sent before."),
        "links": ngettext("Contains %(count)d link.", "Contains %(count)d links.", count) % {"count": count},
        "website": gettext("Gives a website."),
        "capitals": gettext("Written almost entirely in capitals."),
        "no_origin": gettext("Came without the signs of a usual browser: perhaps a program sent it."),
        "reported": ngettext("Reported once by a reader.", "Reported %(count)d times by readers.", count)
        % {"count": count},
        "new_address": gettext("No comment from this address was approved before."),
    }
    return sentences.get(word, code)
