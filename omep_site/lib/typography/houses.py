"""What each language wants: its house, as printers call the rules of theirs.

A language that is not here is left as typed. To add one, write a `House` with the rules that are certain in it; their
order counts, because each reads what the one before it has made. Rules never add a word: « 13h30-14h30 » gets its
spaces and a dash, but not « de … à … », because nothing here knows what stands before it (« entre », « dès », « la
séance »). Words that the site itself makes of an hour are those of events/when.py.

Sources: Lexique des règles typographiques en usage à l’Imprimerie nationale; New Hart’s Rules; Ortografía de la lengua
española. The house's own choice in French: U+202F, narrow, before ; ! ? and within « », U+00A0 before the colon and
everywhere else that a line may not break.
"""

import re
from dataclasses import dataclass

from omep_site.lib.typography.quotes import Pair, Quotes, single_quotes
from omep_site.lib.typography.rules import NARROW, NO_BREAK, Rule, S, apostrophes, bind, ellipsis, gaps, swap

UNITS = "km|hm|m|cm|mm|µm|ha|kg|g|mg|t|l|cl|ml|dl|h|min|s|ms|[kMGT]?Hz|[kMGT]?W|kWh|V|Wh|°C|°|px|dpi|[kMGT]B|[%‰€£$¥]"
CAPITAL = "[A-ZÀ-ÖØ-ÞŒŸ]"
YEAR = f"(?:{S}[0-9]{{4}})?(?!\\w)"


@dataclass(frozen=True)
class House:
    rules: tuple[Rule, ...]
    raised: re.Pattern | None = None  # its first group is raised, in HTML


def house_of(language: str) -> House | None:
    """That of the language, else that of the language without its region; None where there is none."""
    code = language.lower().replace("_", "-")
    return HOUSES.get(code) or HOUSES.get(code.partition("-")[0])


# --- French ---------------------------------------------------------------------------------------------------------

MOIS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|"
    "janv\\.|févr\\.|avr\\.|juill?\\.|sept\\.|oct\\.|nov\\.|déc\\."
)
# Not where a word or a sign goes on behind: a:b, a?b=c, ://; nor between brackets: (!).
SIGN = r"(?![\w=&/\\:])"
# Before a sign of the second kind, what is not itself a space, an opening, or a sign of the same kind.
SPACED = r"(?<=[^\s(\[{«“‘;:!?¡¿/\\])"
HEURE = r"(?<![\w.,:])(?:[01]?[0-9]|2[0-4])"

FRENCH = House(
    rules=(
        swap(r"«(?=[^\s»])", f"«{NARROW}"),  # with its quote, so that it stands before the tag that may follow
        gaps(rf"«({S}+)(?=[^\s»]) | (?<=[^\s«])({S}*)»", NARROW),
        gaps(rf"{SPACED}({S}*)(?=[;!?]{SIGN}) | (?<=[^\s(\[{{«“‘¡¿])({S}+)(?=[;!?](?![=&/\\:]))", NARROW),
        gaps(rf"{SPACED}({S}*)(?=:{SIGN}) | (?<=[^\s(\[{{«“‘¡¿])({S}+)(?=:(?![=&/\\:]))", NO_BREAK),
        Quotes(outer=Pair("«", "»", NARROW), inner=Pair("“", "”")),
        apostrophes,
        ellipsis,
        gaps(rf"{HEURE}({S}*)[hH]({S}*)[0-5][0-9](?!\w)", NO_BREAK),
        gaps(r"(?<![\w.,:])[0-9]{1,3}()h(?![\w'’])", NO_BREAK),
        swap(rf"(?<=[0-9]{NO_BREAK})H(?={NO_BREAK}[0-5][0-9](?!\w))", "h"),
        gaps(rf"{NO_BREAK}h(?:{NO_BREAK}[0-5][0-9])?({S}*)[-–]({S}*)(?=[0-9]{{1,2}}{NO_BREAK}h(?!\w))", NO_BREAK),
        swap(rf"(?<={NO_BREAK})-(?={NO_BREAK}[0-9]{{1,2}}{NO_BREAK}h(?!\w))", "–"),
        gaps(r"[0-9]()(?=[%‰€](?!\w)|°C(?!\w)) | (?<!\w)[nN][°º]()(?=[0-9])", NO_BREAK),
        bind(rf"(?<![\w.,+])(?<![0-9]{S})[1-9][0-9]{{0,2}}(?:{S}[0-9]{{3}})+(?!\w|{S}[0-9])", NARROW),
        bind(
            rf"""
            (?<![0-9])(?:[0-9]{{1,2}}|1er){S}(?:{MOIS}){YEAR}   # 6 décembre 2021
            | (?<!\w)(?:{MOIS}){S}[0-9]{{4}}(?!\w)
            | [0-9]{S}(?=(?:{UNITS}|[kMGT]?o|p\.|millions?|milliards?|euros?)(?![\w'’]))
            | (?<!\w)(?:[nN][°º]|§|(?:pp?|[Aa]rt|[Cc]hap|[Ff]ig|[Vv]ol|t)\.){S}(?=[0-9])
            | (?<!\w)(?:MM?\.|Mmes?|Mlles?|Drs?\.?|Prs?\.?|Mgr|Me){S}(?={CAPITAL})
            | (?<!\w)(?:[IVX]+e|Ier){S}(?=siècle)
            """
        ),
    ),
    # Of ordinals the first alone: « 73e » is read aloud as one word only while it is one.
    raised=re.compile(r"(?<![\w.,-])1(ers?|res?)(?!\w)"),
)

# --- English --------------------------------------------------------------------------------------------------------

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\b\\.?"
)
TIME = rf"(?:(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?:{S}?[ap]m)?|(?:1[0-2]|[1-9]){S}?[ap]m)"
DAY = "[0-9]{1,2}(?:st|nd|rd|th)?"

ENGLISH = House(
    rules=(
        Quotes(outer=Pair("“", "”"), inner=Pair("‘", "’")),
        single_quotes,
        ellipsis,
        swap(rf"(?<=[0-9apm])(?:{S}[-–]{S}|-)(?={TIME}(?![\w:]))", "–"),
        swap(rf"(?<=[0-9])-(?={DAY}{S}(?:{MONTHS})(?!\w))", "–"),
        bind(
            rf"""
            (?<!\w){DAY}{S}(?:{MONTHS}){YEAR}                    # 6 December 2021
            | (?<!\w)(?:{MONTHS}){S}(?:{DAY}(?!\w)|[0-9]{{4}}(?!\w))
            | [0-9]{S}(?=(?:{UNITS}|mph|ft|lb|oz|[ap]\.?m|million|billion|euros?|pounds)(?![\w'’]))
            | (?<!\w)(?:No\.|§|(?:pp?|[Aa]rt|[Cc]h|[Ff]ig|[Vv]ol)\.){S}(?=[0-9])
            | (?<!\w)(?:Mr|Mrs|Ms|Dr|Prof)\.?{S}(?={CAPITAL})
            """
        ),
    ),
)

# --- Spanish: what is certain ---------------------------------------------------------------------------------------

MESES = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"

SPANISH = House(
    rules=(
        Quotes(outer=Pair("«", "»"), inner=Pair("“", "”")),
        apostrophes,
        ellipsis,
        bind(
            rf"""
            (?<!\w)[0-9]{{1,2}}{S}de{S}(?:{MESES})(?:{S}de{S}[0-9]{{4}})?(?!\w)
            | [0-9]{S}(?=(?:{UNITS}|millones|euros?)(?![\w'’]))
            | (?<!\w)(?:[nN]\.?[°º]|§|(?:pp?|[Aa]rt|[Vv]ol)\.){S}(?=[0-9])
            """
        ),
    ),
)

HOUSES = {"fr": FRENCH, "en": ENGLISH, "es": SPANISH}
