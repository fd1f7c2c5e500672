import sys
from argparse import ArgumentTypeError

from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def address(text: str) -> str:
    """An argument of a command. Odd addresses are taken: old rows may have what no form lets pass today."""
    if "@" not in text or not text.isprintable():
        raise ArgumentTypeError(_("This is not an e-mail address."))
    return text.strip()


def add_address(parser) -> None:
    """An address that is better not given here, where it stays in the list of processes, the shell's history and sudo's log."""
    parser.add_argument(
        "email", nargs="?", type=address, help="The address. Left out, it is asked for, or read from standard input."
    )


def asked() -> str:
    """The address, from a person at a terminal or from the first line of standard input."""
    if sys.stdin.isatty():  # on standard error: what the command prints may go into a file
        print(_("E-mail address:"), end=" ", file=sys.stderr, flush=True)
    try:
        return address(sys.stdin.readline().rstrip("\r\n"))
    except (ArgumentTypeError, UnicodeDecodeError):
        raise CommandError(_("This is not an e-mail address.")) from None
