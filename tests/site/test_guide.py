"""The editors' guide: the same in both languages, with pictures that exist, in the words of the interface."""

import gettext
import re
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.conf.locale import LANG_INFO

DOCS = Path(settings.BASE_DIR) / "docs"
GUIDES = {language: (DOCS / "guide" / f"{language}.md").read_text() for language, _name in settings.LANGUAGES}
CATALOGUES = [
    *(Path(django.__file__).parent / part / "locale/fr" for part in ("conf", "contrib/admin", "contrib/auth")),
    *(Path(path) / "fr" for path in settings.LOCALE_PATHS),
]
PICTURE = re.compile(r"!\[([^\]]+)\]\(\.\./pictures/guide/([a-z-]+)-([a-z]+)\.png\)")
PLACEHOLDER = re.compile(r"%(?:\\\(\w+\\\))?[sd]|\\\{\w+\\\}")
in_both = pytest.mark.parametrize("language", GUIDES)


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ .+$", text, re.M)


def anchor(title: str) -> str:
    """As GitHub makes it: what is neither letter, digit, hyphen nor a plain space is left out."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def plain(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(" :.")


def said_by_the_interface(language: str) -> list[re.Pattern]:
    """All messages of a language; where a message has a placeholder, anything may stand."""
    messages = [info["name_local"] for info in LANG_INFO.values() if "name_local" in info]
    for path in CATALOGUES:
        with open(path / "LC_MESSAGES/django.mo", "rb") as file:
            for key, french in gettext.GNUTranslations(file)._catalog.items():
                english = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]
                messages.append(french if language == "fr" else english)
    patterns = {PLACEHOLDER.sub(".+", re.escape(plain(message)).replace(r"\ ", " ")) for message in messages}
    return [re.compile(each) for each in patterns if re.search(r"[^\W\d_]{2}", each)]  # “{what}: {value}” is anything


def test_both_guides_have_the_same_headings_and_the_same_pictures():
    levels = {language: [each.partition(" ")[0] for each in headings(text)] for language, text in GUIDES.items()}
    pictures = {language: [name for _alt, name, _code in PICTURE.findall(text)] for language, text in GUIDES.items()}
    assert levels["fr"] == levels["en"]
    assert pictures["fr"] == pictures["en"]
    assert len(pictures["fr"]) > 15


@in_both
def test_every_picture_exists_is_in_the_guides_language_and_is_used(language):
    text = GUIDES[language]
    shown = PICTURE.findall(text)
    assert len(shown) == text.count("![")
    assert {code for _alt, _name, code in shown} == {language}
    made = {path.stem.removesuffix(f"-{language}") for path in (DOCS / "pictures/guide").glob(f"*-{language}.png")}
    assert {name for _alt, name, _code in shown} == made


@in_both
def test_the_contents_lead_to_every_chapter(language):
    text = GUIDES[language]
    listed = re.findall(r"^- \[(.+)\]\(#(.+)\)$", text, re.M)
    chapters = [each.removeprefix("## ") for each in headings(text) if each.startswith("## ")]
    assert listed == [(each, anchor(each)) for each in chapters]
    everywhere = [anchor(each.partition(" ")[2]) for each in headings(text)]
    assert [each for each in re.findall(r"\]\(#([^)]+)\)", text) if each not in everywhere] == []


@in_both
def test_what_the_guide_names_in_bold_is_what_the_interface_says(language):
    patterns = said_by_the_interface(language)
    bold = {plain(words) for words in re.findall(r"\*\*(.+?)\*\*", GUIDES[language])}
    assert [words for words in sorted(bold) if not any(each.fullmatch(words) for each in patterns)] == []
    assert len(bold) > 60


def test_the_guides_keep_to_the_typography_of_the_house():
    for language, text in GUIDES.items():
        prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)
        assert re.findall(r".*['\"].*", prose) == []
        wrong = r"[^\W_] ?[;!?](?=\s)|\w ?:\s|« | »" if language == "fr" else r"\s[;:!?](?!\[)"
        assert re.findall(wrong, prose.replace("\u202f", "~").replace("\xa0", "~")) == []
