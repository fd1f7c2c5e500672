"""What happened to the site and is over, as a person reads it, in the active language."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omep_site.models import Kind
from omep_site.moments import span

# By kind: what it was, and what it meant.
HAPPENED = {
    Kind.DATABASE_AWAY: (
        gettext_lazy("the database did not answer"),
        gettext_lazy("Pages could still be read. Whoever sent something meanwhile was told that it was not stored."),
    ),
    Kind.CACHE_AWAY: (
        gettext_lazy("Redis, the memory that the parts of the site share, did not answer"),
        gettext_lazy("Pages came a little more slowly; nobody lost anything."),
    ),
    Kind.DISK_FULL: (
        gettext_lazy("a disk was full"),
        gettext_lazy("Pages could still be read. Whoever sent something meanwhile was told that it was not stored."),
    ),
    Kind.MAIL_AWAY: (
        gettext_lazy("the mail server accepted nothing"),
        gettext_lazy("E-mails waited, and none was lost."),
    ),
    Kind.PROCESS_DIED: (
        gettext_lazy("a part of the site stopped by itself and was started again"),
        gettext_lazy("What it had accepted stands in the database; whoever was being answered had to ask again."),
    ),
    Kind.JOB_FAILED: (
        gettext_lazy("a background job failed"),
        gettext_lazy("The others went on, and this one is tried again."),
    ),
    Kind.FAULT: (
        gettext_lazy("there was a fault on our side"),
        gettext_lazy("Somebody saw a page that says so. The log has the details for whoever mends it."),
    ),
    Kind.SIGN_INS_REFUSED: (
        gettext_lazy("somebody tried many passwords"),
        gettext_lazy("They were held off."),
    ),
    Kind.NOT_STORED: (
        gettext_lazy("something that somebody sent could not be stored"),
        gettext_lazy("They were told so, and to send it again; their words were still in their browser."),
    ),
    Kind.CLOCK_SET_BACK: (
        gettext_lazy("the machine’s clock was set back"),
        gettext_lazy("What was to happen by the clock may have happened a little late."),
    ),
    Kind.RESTORED: (
        gettext_lazy("the site was brought back from a backup"),
        gettext_lazy(
            "What was stored after that backup is not here. What may have gone out since waits for your word."
        ),
    ),
}


# Of these it says something how often they were noted; the others are noted for as long as they last.
COUNTED = {Kind.FAULT, Kind.JOB_FAILED, Kind.NOT_STORED, Kind.PROCESS_DIED, Kind.RESTORED}


@dataclass(frozen=True)
class Past:
    when: str  # “Thursday 26 November, 03:12 – 03:14”
    what: str
    meaning: str

    def __str__(self):
        # Translators: when something happened, what it was, and what it meant.
        words = _("{when}: {what}. {meaning}").format(when=self.when, what=self.what, meaning=self.meaning)
        return capfirst(words.strip())


def in_words(incident) -> Past:
    """An incident as a person reads it. A kind of a newer release is named by its key."""
    what, meaning = HAPPENED.get(incident.kind, (incident.kind, ""))
    if incident.kind in COUNTED and incident.times > 1:
        times = ngettext("%(count)d time", "%(count)d times", incident.times) % {"count": incident.times}
        what = _("{what} ({times})").format(what=what, times=times)
    return Past(span(incident.began, incident.ended), str(what), str(meaning))
