"""What happened at the door, a line each: for whoever looks, the next day, whether somebody was there who should not be.

An account is named by its number, and by nothing else; where somebody is not signed in, nobody is named: what was typed for a
name may be a password, and no network is written down (docs/privacy.md).
"""

import logging

from omep_site.lib.intervals import Interval

logger = logging.getLogger("omep_site.door")

_told: dict[str, Interval] = {}  # the lines that are told once a minute


def note(request, what: str) -> None:
    """`what` follows “account 7 ”, or “somebody ” where nobody is signed in."""
    logger.info("%s %s", _who(request), what)


def note_once_a_minute(request, what: str) -> None:
    """For what a programme does ten thousand times: how often is in `omep_sign_ins_total` (omep_site/metrics.py)."""
    who = _who(request)
    told = _told.setdefault(f"{who} {what}", Interval(60))
    if told.is_over():
        told.begin()
        logger.info("%s %s", who, what)


def _who(request) -> str:
    user = getattr(request, "user", None)
    return f"account {user.pk}" if user is not None and user.is_authenticated else "somebody"
