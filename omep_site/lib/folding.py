"""Folding: what people type and what is written are made alike, so that one finds the other. Pure functions."""

import unicodedata
from collections.abc import Callable

# Letters that Unicode does not take apart.
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def fold(text: str, language: str = "") -> str:
    """The words of a text in plain small letters, with single spaces between them: “L’Œuvre de l’Été !” → "l oeuvre de
    l ete". What is neither letter nor digit stands between words, apostrophes and hyphens too.

    With a language that PLURALS has, every word is in the singular, in a form that is for comparing and not for
    reading: “journaux” and “journal” are both "journal". Folding twice is folding once.
    """
    plain = _without_marks(_without_marks(text).casefold().translate(LETTERS))
    words = plain.translate(IN_WORDS).split()
    singular = PLURALS.get(language.partition("-")[0])
    return " ".join(map(singular, words) if singular else words)


class Translation(dict):
    """For str.translate: what becomes of each character, asked once for those of the first planes of Unicode."""

    MOST = 0x3000  # beyond are the many thousands of Chinese, Japanese and Korean

    def __init__(self, becomes: Callable[[str], str]):
        super().__init__()
        self.becomes = becomes

    def __missing__(self, code: int) -> str:
        found = self.becomes(chr(code))
        if code < self.MOST:
            self[code] = found
        return found


def _without_marks(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(UNMARKED)


def _in_a_word(char: str) -> str:
    """The character, a space for what stands between words, "" for what is invisible (a soft hyphen, say)."""
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    # ʼ counts as a letter in Unicode, and is an apostrophe here. Vowel signs (M) are parts of words in many scripts.
    return char if category[0] in "LNM" and char != "ʼ" else " "


UNMARKED = Translation(lambda char: "" if unicodedata.combining(char) else char)
IN_WORDS = Translation(_in_a_word)


# --- Simple plurals: a language is a function here -------------------------------------------------------------------


def _french(word: str) -> str:
    """stratégies → strategie, journaux → journal, travaux → traval (as travail), bateaux → bateau, tuyaux → tuyal (as
    tuyau). Also words that end in s anyway lose it, in the plural and in the singular alike: pays → pay."""
    word = word[:3] + word[3:].rstrip("sx")
    if word.endswith("ail") and len(word) > 5:
        return word[:-2] + "l"
    if word.endswith("au") and not word.endswith("eau") and len(word) > 2:
        return word[:-1] + "l"
    return word


def _english(word: str) -> str:
    """activities → activity, boxes → box, classes → class, games → game; movies and movie → movy."""
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if len(word) > 4 and word.endswith(("ies", "ie")):
        return word[: word.rindex("ie")] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word.removesuffix("s")


PLURALS: dict[str, Callable[[str], str]] = {"fr": _french, "en": _english}
