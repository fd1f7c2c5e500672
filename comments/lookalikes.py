"""Letters that look like others, and names that look like those of the site and its team. Pure functions.

Unicode Technical Standard 39 calls what is left of a text when look-alikes are made alike its skeleton; ours knows the
letters with which somebody can write a Latin name, and no more.
"""

import re
import unicodedata

from omep_site.lib.folding import fold

# Cyrillic and Greek letters as a reader of Latin takes them: first the small ones, then capitals that differ from them.
LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁԛԝһгӏтпзкмвн" + "АВЕКМНОРСТХУІЈЅԚԜҺӀ" + "αονρυικτχεωηγμ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdqwhrltnzkmbh" + "ABEKMHOPCTXYIJSQWhl" + "aovpuiktxewnyu" + "ABEZHIKMNOPTYX",
)
DIGITS = str.maketrans("013457", "oieast")  # “Adm1n”, “0MEP”
WORD = re.compile(r"[^\W\d_]+")  # letters only
FIRST_GREEK = "\u0370"  # before it stand no letters but Latin ones

# Who speaks for a site is called so, in its languages.
OFFICES = {
    "admin", "admins", "administrator", "administrators", "administration", "administrateur", "administratrice",
    "moderator", "moderators", "moderateur", "moderateurs", "moderatrice", "moderation", "webmaster", "webmestre",
    "root", "support", "staff", "editor", "editors", "redaction", "equipe", "team",
}  # fmt: skip
ORGANISATION = "omep"
# Words that make no other name of one.
BESIDE = {
    "le",
    "la",
    "les",
    "l",
    "de",
    "du",
    "des",
    "d",
    "the",
    "of",
    "site",
    "web",
    "official",
    "officiel",
    "officielle",
}
# Offices that every house has: said alone, they are not ours.
ANYWHERE = {"team", "equipe", "staff", "support", "editor", "editors", "root"}


def skeleton(text: str) -> str:
    """The words of a text in plain small letters, look-alikes made alike: Cyrillic “Аdmіn” → "admin"."""
    return fold(unicodedata.normalize("NFKC", text).translate(LOOKALIKES))


def mixed_words(text: str, shortest: int = 4) -> int:
    """How many words have Latin letters beside Cyrillic or Greek ones, as no language writes. In a text, shorter ones
    are units and symbols: “kΩ”, “μm”."""
    count = 0
    for word in WORD.findall(unicodedata.normalize("NFKC", text)):
        if len(word) < shortest or max(word) < FIRST_GREEK:
            continue
        alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
        count += "LATIN" in alphabets and bool(alphabets & {"CYRILLIC", "GREEK"})
    return count


def looks_like_staff(name: str, team: frozenset[str], site: str) -> bool:
    """Whether a name is one of the team's, or says nothing but the site's name and an office.

    `team` holds the skeletons of names that belong to somebody, `site` is that of the site's own name. Who writes
    “Claire (OMEP Canada)” is a member, and no look-alike.
    """
    plain = skeleton(name)
    for spelling in {plain, skeleton(name.translate(DIGITS)), re.sub(r"\s*\d+$", "", plain)}:
        words = [word for word in spelling.split() if word not in BESIDE]
        if not words:
            continue
        if spelling in team or " ".join(sorted(words)) in {" ".join(sorted(one.split())) for one in team}:
            return True
        rest = set(words) - OFFICES - {ORGANISATION, *site.split()}
        if not rest and not set(words) <= ANYWHERE:
            return True
    return False
