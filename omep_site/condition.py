"""How the site is, in plain words, for somebody who does not program: what is wrong now.

Pure functions: facts in (omep_site/gathering.py), lines out, in the active language.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from post_office.models import STATUS

from omep_site.moments import moment

WORKER_SILENT = timedelta(minutes=2)  # the worker shows itself every quarter of a minute
MAIL_WAITS = timedelta(minutes=10)
DISK_SHARE, DISK_BYTES = 0.1, 500_000_000  # free: less than either is little,
DISK_ENOUGH = 5_000_000_000  # and this much is enough, of however large a disk
BACKUP_AGE = timedelta(hours=26)  # one each night, and two hours for it to be made
CERTIFICATE_ENDS = timedelta(days=14)  # certbot makes a new one thirty days before the end
DRIFT = 5  # seconds between the clocks of the machine and of the database
LOOKED_UP = timedelta(hours=3)  # the certificate is looked up each hour: what is older says nothing


def little(total: int) -> float:
    """Bytes: with fewer of them free, a disk of so many is nearly full. A backup leaves them free, too."""
    return max(min(DISK_SHARE * total, DISK_ENOUGH), DISK_BYTES)


@dataclass(frozen=True)
class Disk:
    holds: tuple[str, ...]  # of HELD
    free: int  # bytes
    total: int


@dataclass(frozen=True)
class Backup:
    at: datetime | None  # None: there is none yet
    ok: bool = True
    sentence: str = ""
    missing: int = 0  # files that pages name, and that are not in it


@dataclass
class Facts:
    """What is known; None where it is not asked, or does not apply here."""

    now: datetime
    pending_migrations: int = 0
    worker_at: datetime | None = None
    oldest_mail: datetime | None = None
    failed_mails: int = 0
    mail_away_since: datetime | None = None
    disks: list[Disk] = field(default_factory=list)
    backup: Backup | None = None  # None: no backups are expected here
    gone_unnoted: int = 0  # of those who have left, could not be noted beside the backups
    mailbox_trouble: str = ""
    certificate_ends: datetime | None = None
    certificate_trouble: str = ""  # “expired”, “untrusted” or “unreachable”
    cache_answers: bool | None = None
    drift: float = 0.0  # seconds
    sign_ins_refused: bool = False  # in masses, just now
    unknown: list[str] = field(default_factory=list)  # what could not be looked at


@dataclass(frozen=True)
class Line:
    sentence: str
    meaning: str  # for visitors and editors
    advice: str = ""
    command: str = ""
    link: str = ""  # the name of a page of the admin
    query: str = ""  # of that page’s address

    @property
    def path(self) -> str:
        """Of the page that it leads to; "" where it leads to none."""
        if not self.link:
            return ""
        return reverse(self.link) + (f"?{self.query}" if self.query else "")


HELD = {
    "database": gettext_lazy("the database"),
    "media": gettext_lazy("the pictures and documents"),
    "backups": gettext_lazy("the backups"),
}
# What could not be looked at, by the name of its function in omep_site/gathering.py.
LOOKED_AT = {
    "migrations": gettext_lazy("whether the database fits this version"),
    "worker": gettext_lazy("whether the background process runs"),
    "mails": gettext_lazy("the outgoing e-mails"),
    "mail_server": gettext_lazy("the mail server"),
    "disks": gettext_lazy("how full the disks are"),
    "backup": gettext_lazy("the last backup"),
    "gone": gettext_lazy("whether those who left are noted beside the backups"),
    "mailbox": gettext_lazy("the mailbox of returned letters"),
    "certificate": gettext_lazy("the certificate"),
    "cache": gettext_lazy("Redis"),
    "clocks": gettext_lazy("the clocks"),
    "sign_ins": gettext_lazy("the attempts to sign in"),
}


def wrong(facts: Facts) -> list[Line]:
    """What is wrong now, the worst first."""
    return [line for look in LOOKS for line in look(facts)]


# --- One function for each matter ------------------------------------------------------------------------------------


def migrations(facts: Facts):
    if facts.pending_migrations:
        yield Line(
            _("The database has not been brought up to this version."),
            _("Some pages may fail."),
            _("Whoever installed the new version has to finish it:"),
            "omep manage migrate",
        )


def worker(facts: Facts):
    if facts.worker_at is None:
        yield Line(
            _("The background process has not shown any sign of life yet."),
            _("Pages are read and comments are taken, but no e-mail goes out."),
            _("Start it:"),
            "systemctl start omep-worker",
        )
    elif facts.now - facts.worker_at > WORKER_SILENT:
        yield Line(
            _("The background process has shown no sign of life since %(moment)s.")
            % {"moment": moment(facts.worker_at)},
            _("Pages are read and comments are taken, but no e-mail goes out. Nothing is lost: it waits."),
            _("Start it again:"),
            "systemctl restart omep-worker",
        )


def mails(facts: Facts):
    if facts.oldest_mail and facts.now - facts.oldest_mail > MAIL_WAITS:
        yield Line(
            _("An e-mail has been waiting to go out since %(moment)s.") % {"moment": moment(facts.oldest_mail)},
            _("Confirmations and notices reach people late."),
            _("See which, and what the mail server says"),
            link="admin:omep_site_queuedmail_changelist",
            query="status__exact=waiting",
        )
    if facts.failed_mails:
        sentence = ngettext(
            "%(count)d e-mail could not be delivered.", "%(count)d e-mails could not be delivered.", facts.failed_mails
        )
        yield Line(
            sentence % {"count": facts.failed_mails},
            _("Somebody did not get what they were waiting for."),
            _("See why; try again, or delete them"),
            link="admin:omep_site_queuedmail_changelist",
            query=f"status__exact={STATUS.failed}",
        )


def mail_server(facts: Facts):
    if facts.mail_away_since:
        yield Line(
            _("The mail server has accepted nothing since %(moment)s.") % {"moment": moment(facts.mail_away_since)},
            _("Letters of the newsletter wait. Nobody is lost, and nobody gets a letter twice."),
            _(
                "The site tries again by itself. If it lasts, ask the provider of your mail, and look at EMAIL_URL in .env."
            ),
        )


def disks(facts: Facts):
    for disk in facts.disks:
        if disk.free < little(disk.total):
            held = enumerated([str(HELD[name]) for name in disk.holds])
            yield Line(
                _("The disk with %(held)s is nearly full: %(free)s of %(total)s are free.")
                % {"held": held, "free": size(disk.free), "total": size(disk.total)},
                _(
                    "When it is full, no comment, no subscription and no picture can be stored. Pages can still be read."
                ),
                _("Make room, or ask your provider for a larger disk. This shows what takes the most space:"),
                "du -xh --max-depth=2 / | sort -h | tail -n 20",
            )


def backup(facts: Facts):
    if facts.backup is None:
        return
    danger = _("Visitors notice nothing. Should the disk break, what came since the last good backup would be lost.")
    last = facts.backup
    if last.at is None:
        yield Line(
            _("There is no backup yet."), danger, _("Make one, and see that one is made each night:"), "omep backup"
        )
    elif not last.ok:
        sentence = _("The backup of %(moment)s failed. %(why)s") % {"moment": moment(last.at), "why": last.sentence}
        yield Line(sentence, danger, _("When its cause is put right, make one:"), "omep backup")
    elif facts.now - last.at > BACKUP_AGE:
        sentence = _("The last backup is of %(moment)s.") % {"moment": moment(last.at)}
        yield Line(
            sentence, danger, _("See whether the nightly one is switched on:"), "systemctl status omep-backup.timer"
        )
    elif last.missing:
        sentence = ngettext(
            "%(count)d file that pages name is not in the last backup: it is not there.",
            "%(count)d files that pages name are not in the last backup: they are not there.",
            last.missing,
        )
        yield Line(
            sentence % {"count": last.missing},
            _("Where a page shows them, there is a gap."),
            _("Upload them again, or take them off their pages. This says which they are:"),
            "omep backup",
        )


def gone(facts: Facts):
    if facts.gone_unnoted:
        sentence = ngettext(
            "The folder of the backups cannot be written: that somebody left is not noted there (%(count)d time).",
            "The folder of the backups cannot be written: that somebody left is not noted there (%(count)d times).",
            facts.gone_unnoted,
        )
        yield Line(
            sentence % {"count": facts.gone_unnoted},
            _(
                "They have left. Should the database be lost before it is noted, an older backup would write to them again."
            ),
            _(
                "Look at the folder that BACKUPS in .env names: it may be missing, full, or not the site’s. As soon as it can "
                "be written, this is made up for by itself, within a minute."
            ),
        )


def mailbox(facts: Facts):
    if facts.mailbox_trouble:
        refused = facts.mailbox_trouble in ("error", "Refused")  # imaplib’s name for it, and newsletter/mailbox.py’s
        yield Line(
            _("The mailbox of returned letters cannot be read: its server refused.")
            if refused
            else _("The mailbox of returned letters cannot be read: its server did not answer."),
            _("Addresses that no longer exist go on being written to, which harms the name of your mail."),
            _("Its password may have changed: look at BOUNCE_MAILBOX in .env."),
        )


def certificate(facts: Facts):
    unsafe = _("Browsers tell visitors that the site is not safe, and most of them leave.")
    renew = _("Renew it:")
    ends = facts.certificate_ends
    if facts.certificate_trouble == "expired" or (ends and ends <= facts.now):
        yield Line(_("The certificate of the site’s address has expired."), unsafe, renew, "certbot renew")
    elif facts.certificate_trouble == "untrusted":
        yield Line(_("Browsers do not trust the certificate of the site’s address."), unsafe, renew, "certbot renew")
    elif facts.certificate_trouble:
        yield Line(
            _("The certificate of the site’s address could not be looked up: nobody answered there."),
            _("Either visitors do not reach the site, or this machine does not reach itself under its name."),
            _("Open the site on a telephone. If it is there, all is well for visitors."),
        )
    elif ends and ends - facts.now < CERTIFICATE_ENDS:
        sentence = _("The certificate of the site’s address expires on %(moment)s.") % {"moment": moment(ends)}
        soon = _("It should have been renewed by itself. Without a new one, browsers will tell visitors to stay away.")
        yield Line(sentence, soon, renew, "certbot renew")


def cache(facts: Facts):
    if facts.cache_answers is False:
        yield Line(
            _("Redis, the memory that the parts of the site share, does not answer."),
            _("Visitors notice nothing: each process makes its pages by itself, a little more slowly."),
            _("Start it again:"),
            "systemctl restart redis-server",
        )


def clocks(facts: Facts):
    if abs(facts.drift) > DRIFT:
        sentence = ngettext(
            "The clocks of this machine and of the database are %(count)d second apart.",
            "The clocks of this machine and of the database are %(count)d seconds apart.",
            round(abs(facts.drift)),
        )
        yield Line(
            sentence % {"count": round(abs(facts.drift))},
            _("What is to be published or sent at a certain moment may come too early or too late."),
            _("Let both be set by the network:"),
            "timedatectl set-ntp true",
        )


def sign_ins(facts: Facts):
    if facts.sign_ins_refused:
        yield Line(
            _("Somebody is trying many passwords."),
            _("They are held off, and nobody else is. Visitors notice nothing, and you need do nothing."),
            _("What helps most is two-step sign-in: see who has it, and demand it"),
            link="admin_roles",
        )


def unknown(facts: Facts):
    for name in facts.unknown:
        yield Line(
            _("One check could not be made: %(what)s.") % {"what": LOOKED_AT[name]},
            _("That may mean nothing. If it stays so, something is wrong there."),
        )


LOOKS = [
    migrations, disks, worker, certificate, mail_server, mails, backup, gone, cache, mailbox, clocks, sign_ins, unknown,
]  # fmt: skip


# --- Words ----------------------------------------------------------------------------------------------------------


def size(count: int) -> str:
    """“312 MB”, “20 GB”; of a kilobyte's thousand bytes, as disks are sold."""
    if count >= 10**9:
        return _("%(number)s GB") % {"number": round(count / 10**9)}
    return _("%(number)s MB") % {"number": round(count / 10**6)}


def enumerated(parts: list[str]) -> str:
    """“a, b and c”."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{those} and {last}").format(those=", ".join(parts[:-1]), last=parts[-1])
