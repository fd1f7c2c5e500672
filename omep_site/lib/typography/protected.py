"""What no rule may touch: what machines read, or what would mean something else."""

import re
from html import unescape

# Stands over each protected character while rules read: a letter that none of them is about, so that what is protected
# is a word to its neighbours.
MASK = "x"

# Ends before the punctuation of the sentence: “see https://example.org/a.”
ADDRESS = r"""[^\s"«»“”<>]*[^\s"«»“”<>.,;:!?…'’)\]}]"""

# Every repetition is bounded, or begins only where the one before it has ended.
PROTECTED = re.compile(
    rf"""
    (?<!\w)(?:[a-z][a-z0-9+.-]{{1,20}}://|www\.|(?:mailto|tel|sms|urn|doi):){ADDRESS}
    | (?<![\w.+-])[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)*                   # e-mail
    | (?<![\w.…@-])(?:[\w-]{{1,63}}\.){{1,10}}[a-z][a-z0-9]{{1,23}}(?!\w)  # omep.org, report.pdf
      (?::[0-9]{{1,5}})?(?:[/?\#]{ADDRESS})?
    | (?<!\w)[a-z]:\\[^\s"«»“”<>]*                                      # C:\Users
    | \\\\[^\s"«»“”<>]+
    | (?P<entity>&(?:\#[0-9]{{1,7}}|\#x[0-9a-f]{{1,6}}|[a-z][a-z0-9]{{1,31}});)
    | (?<!\w)[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:T[0-9:.,+-]+Z?)?(?!\w)       # ISO 8601
    | (?<![\w&])[\#@]\w[\w-]*                                           # hashtags, handles
    | (?<!\S)[:;]'?-?[()DPp](?!\S)                                      # :-)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def masked(text: str) -> str:
    """`text` with a mask over what is protected; as long as it was."""
    return PROTECTED.sub(_mask, text)


def _mask(found: re.Match) -> str:
    if found["entity"] and unescape(found[0]) == found[0]:
        return found[0]  # the semicolon of a sentence: “the Q&As; the talks”
    return MASK * len(found[0])
