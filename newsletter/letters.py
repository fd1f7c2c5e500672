"""A letter in one language, as it is for everybody, with marks where each reader's own links go.

It is rendered and encoded once for each language; for each reader a few marks are filled in (RFC 5322, 2045, 8058). A
mark stands where a token of a link stands, and is made of characters that no encoding of mail touches.
"""

from dataclasses import dataclass, replace

UNSUBSCRIBE = "x-unsubscribe-token-x"
PREFERENCES = "x-preferences-token-x"
SAMPLE = "sample"  # stands for both in a test mail and in a preview: its page says that it is nobody's


@dataclass(frozen=True)
class Letter:
    """`html` and `text` hold the marks as the tokens of the links to unsubscribe and to the reader's own page."""

    language: str  # of its readers
    words_in: str  # of its words
    subject: str
    html: str
    text: str

    def sample(self) -> "Letter":
        """As somebody looks at it who is no reader."""

        def filled(part: str) -> str:
            return part.replace(UNSUBSCRIBE, SAMPLE).replace(PREFERENCES, SAMPLE)

        return replace(self, html=filled(self.html), text=filled(self.text))
