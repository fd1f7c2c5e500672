from argparse import ArgumentTypeError

from django.utils.translation import gettext as _


def address(text: str) -> str:
    """An argument of a command. Odd addresses are taken: old rows may have what no form lets pass today."""
    if "@" not in text or not text.isprintable():
        raise ArgumentTypeError(_("This is not an e-mail address."))
    return text.strip()
