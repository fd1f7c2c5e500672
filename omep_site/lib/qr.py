"""Addresses as QR codes (ISO/IEC 18004), for paper."""

from functools import lru_cache

import segno

QUIET = 4  # modules of white around the code (ISO/IEC 18004, 6.3.8)


@lru_cache(maxsize=256)
def svg(text: str) -> str:
    """An <svg> without a size of its own: about 2 kB, which compress to less than 500 bytes. Pure black on white: it is
    to be read by cameras."""
    return segno.make(text, error="l", micro=False).svg_inline(
        omitsize=True, border=QUIET, svgclass=None, lineclass=None
    )
