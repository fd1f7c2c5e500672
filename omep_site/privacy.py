"""One person, by e-mail address: what the whole site stores, told and erased (GDPR, Articles 15, 17 and 20).

Each app tells and erases its own; the copies in other tables are traces.py's. docs/privacy.md lists every field.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import privacy as accounts
from comments import privacy as comments
from comments.models import BY_COMMAND, By
from newsletter import privacy as newsletter
from omep_site import traces
from omep_site.lib import gone

# Each has `export(address)` and `erase(address, by)`. Whoever keeps addresses in another table (rows that an import
# could not take, say) adds the module that knows it.
APPS = [comments, newsletter]


def export(address: str) -> dict:
    """Everything that is stored about the address, ready for JSON: lists of rows by subject; dates as in ISO 8601."""
    found = {"address": address.strip(), "site": settings.SITE_URL, "told_on": timezone.now().isoformat()}
    for app in [*APPS, accounts]:
        found |= app.export(address)
    return found | {"mails": traces.told_mails(address)}


def rows(found: dict) -> dict[str, list[dict]]:
    """The lists of an export that have something in them."""
    return {subject: each for subject, each in found.items() if isinstance(each, list) and each}


@dataclass(frozen=True)
class Summary:
    """What was erased, in numbers, and what was left."""

    counts: dict[str, int]
    accounts: int = 0
    mentions: list[Model] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())

    @property
    def sentences(self) -> list[str]:
        """In the active language, without the address."""
        return _erased(self.counts) if not self.is_empty else [_("Nothing was stored about this address.")]

    @property
    def left(self) -> list[str]:
        """What a person has to look at."""
        lines = []
        if self.accounts:
            text = ngettext(
                "%(count)d account uses this address. It was left: close or delete it under “Accounts”.",
                "%(count)d accounts use this address. They were left: close or delete them under “Accounts”.",
                self.accounts,
            )
            lines.append(text % {"count": self.accounts})
        # Translators: {row} is a comment by its number, or an event or a page by its title.
        text = _("The address also stands in words that are not this person’s, which were left: {row}.")
        return lines + [text.format(row=row) for row in self.mentions]


def erase(address: str, by: By = BY_COMMAND) -> Summary:
    """Deletes everything that is stored about the address, for good. Doing it twice is fine."""
    with transaction.atomic():
        gone.note(gone.What.ERASED, address)
        wrote = list(comments.comments_of(address))
        counts = {
            "mails": traces.erase_mails(address, [comment.pk for comment in wrote]),
            "traces": traces.clean_log(address, wrote)
            + traces.clean_history(address)
            + traces.clean_sessions(address, names_at(address)),
        }
        for app in APPS:
            counts |= app.erase(address, by)
        return Summary(counts, accounts.accounts_at(address).count(), traces.mentions(address))


def names_at(address: str) -> list[str]:
    """The names under which the person wrote."""
    return sorted(set(comments.comments_of(address).values_list("name", flat=True)))


def _erased(counts: dict[str, int]) -> list[str]:
    said = {
        "comments": ngettext("%(count)d comment erased.", "%(count)d comments erased.", counts["comments"]),
        "empty_places": ngettext(
            "%(count)d of them left an empty place, because somebody answered it.",
            "%(count)d of them left empty places, because somebody answered them.",
            counts["empty_places"],
        ),
        "mails_about_comments": ngettext(
            "%(count)d request for mails about comments erased.",
            "%(count)d requests for mails about comments erased.",
            counts["mails_about_comments"],
        ),
        "newsletter": ngettext(
            "%(count)d subscription to the newsletter erased, with its record of consent.",
            "%(count)d subscriptions to the newsletter erased, with their records of consent.",
            counts["newsletter"],
        ),
        "mails": ngettext(
            "%(count)d e-mail erased, out of those that wait and those that were sent.",
            "%(count)d e-mails erased, out of those that wait and those that were sent.",
            counts["mails"],
        ),
        "traces": ngettext(
            "%(count)d trace erased from the editors’ own records.",
            "%(count)d traces erased from the editors’ own records.",
            counts["traces"],
        ),
    }
    return [text % {"count": counts[key]} for key, text in said.items() if counts[key]]
