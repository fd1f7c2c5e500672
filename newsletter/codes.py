"""What mail servers mean by their codes, in words for people (RFC 3463; replies of SMTP, RFC 5321, 4.2.3)."""

from django.utils.translation import gettext_lazy as _

NO_MAILBOX = _("There is no such mailbox.")
NO_DOMAIN = _("The part after the @ does not exist, or takes no mail.")
FULL = _("The mailbox is full.")
TROUBLE = _("The mail server had trouble of its own.")
REFUSED = _("The mail server refused the letter, as spam perhaps.")
UNPROVEN = _("The mail server did not believe that the letter was ours: see “Is our mail believed?”.")

# The longest beginning that fits counts; the class (4 or 5) is left out where it makes no difference.
MEANINGS = {
    "1.1": NO_MAILBOX,
    "1.2": NO_DOMAIN,
    "1.3": _("The address is not written as addresses are."),
    "1.6": _("The mailbox has moved, and left no address."),
    "1.7": _("The mail server did not accept our own address."),
    "1.8": _("The mail server did not accept our own address."),
    "1.10": NO_DOMAIN,
    "1": NO_MAILBOX,
    "2.1": _("The mailbox is closed."),
    "2.2": FULL,
    "2.3": _("The letter was too large for the mailbox."),
    "2": _("The mailbox took nothing."),
    "3.4": _("The letter was too large for the mail server."),
    "3": TROUBLE,
    "4.4": NO_DOMAIN,
    "4.7": _("The mail server could not be reached for days."),
    "4": _("The mail server could not be reached."),
    "5": TROUBLE,
    "6": _("The mail server could not deal with what is in the letter."),
    "7.20": UNPROVEN,
    "7.21": UNPROVEN,
    "7.22": UNPROVEN,
    "7.23": UNPROVEN,
    "7.24": UNPROVEN,
    "7.25": UNPROVEN,
    "7.26": UNPROVEN,
    "7": REFUSED,
}
REPLIES = {
    "421": TROUBLE,
    "450": _("The mailbox could not be used at that moment."),
    "451": TROUBLE,
    "452": FULL,
    "550": NO_MAILBOX,
    "551": NO_MAILBOX,
    "552": FULL,
    "553": NO_MAILBOX,
    "554": REFUSED,
}


def in_words(code: str) -> str:
    """A sentence; "" where the code says nothing that a person could use."""
    if "." not in code:
        return str(REPLIES.get(code, ""))
    parts = code.split(".")[1:]
    return str(MEANINGS.get(".".join(parts)) or MEANINGS.get(parts[0]) or "")
