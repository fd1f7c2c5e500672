"""How the site is, in plain words: facts in, lines out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from omep_site import condition, gathering
from omep_site.condition import Backup, Disk, Facts, Line
from omep_site.happened import HAPPENED, in_words
from omep_site.lib.links import languages
from omep_site.models import Incident, Kind

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)


def ago(**since) -> datetime:
    return NOW - timedelta(**since)


def facts(**said) -> Facts:
    return Facts(**{"now": NOW, "worker_at": ago(seconds=20)} | said)


def sentences(**said) -> list[str]:
    return [line.sentence for line in condition.wrong(facts(**said))]


GB = 10**9


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, None),
        ({"pending_migrations": 1}, "The database has not been brought up to this version."),
        ({"worker_at": None}, "The background process has not shown any sign of life yet."),
        ({"worker_at": ago(minutes=2)}, None),
        (
            {"worker_at": ago(minutes=2, seconds=1)},
            "The background process has shown no sign of life since Thursday 26\xa0November, 06:57.",
        ),
        ({"oldest_mail": ago(minutes=10)}, None),
        ({"oldest_mail": ago(days=1)}, "An e-mail has been waiting to go out since Wednesday 25\xa0November, 07:00."),
        ({"failed_mails": 1}, "1 e-mail could not be delivered."),
        ({"failed_mails": 3}, "3 e-mails could not be delivered."),
        (
            {"mail_away_since": ago(hours=1)},
            "The mail server has accepted nothing since Thursday 26\xa0November, 06:00.",
        ),
        ({"disks": [Disk(("database",), 2 * GB, 20 * GB)]}, None),
        (
            {"disks": [Disk(("database",), GB, 20 * GB)]},
            "The disk with the database is nearly full: 1 GB of 20 GB are free.",
        ),
        (
            {"disks": [Disk(("database", "media", "backups"), 499_000_000, 2 * GB)]},
            "The disk with the database, the pictures and documents and the backups is nearly full: 499 MB of 2 GB are free.",
        ),
        ({"disks": [Disk(("database",), 501_000_000, 2 * GB)]}, None),
        ({"disks": [Disk(("database",), 5 * GB, 1000 * GB)]}, None),
        ({"backup": Backup(None)}, "There is no backup yet."),
        ({"backup": Backup(ago(hours=26))}, None),
        (
            {"backup": Backup(ago(hours=27))},
            "The last backup is of Thursday 26\xa0November, 04:00.".replace("Thursday 26", "Wednesday 25"),
        ),
        (
            {"backup": Backup(ago(hours=1), False, "The disk is full.")},
            "The backup of Thursday 26\xa0November, 06:00 failed. The disk is full.",
        ),
        (
            {"backup": Backup(ago(hours=1), missing=1)},
            "1 file that pages name is not in the last backup: it is not there.",
        ),
        (
            {"gone_unnoted": 2},
            "The folder of the backups cannot be written: that somebody left is not noted there (2 times).",
        ),
        (
            {"mailbox_trouble": "TimeoutError"},
            "The mailbox of returned letters cannot be read: its server did not answer.",
        ),
        ({"mailbox_trouble": "error"}, "The mailbox of returned letters cannot be read: its server refused."),
        ({"certificate_ends": NOW + timedelta(days=14)}, None),
        (
            {"certificate_ends": NOW + timedelta(days=13)},
            "The certificate of the site’s address expires on Wednesday 9\xa0December, 07:00.",
        ),
        ({"certificate_ends": NOW}, "The certificate of the site’s address has expired."),
        ({"certificate_trouble": "expired"}, "The certificate of the site’s address has expired."),
        ({"certificate_trouble": "untrusted"}, "Browsers do not trust the certificate of the site’s address."),
        (
            {"certificate_trouble": "unreachable"},
            "The certificate of the site’s address could not be looked up: nobody answered there.",
        ),
        ({"cache_answers": True}, None),
        ({"cache_answers": False}, "Redis, the memory that the parts of the site share, does not answer."),
        ({"drift": -5.0}, None),
        ({"drift": -7.4}, "The clocks of this machine and of the database are 7 seconds apart."),
        ({"sign_ins_refused": True}, "Somebody is trying many passwords."),
        ({"unknown": ["disks"]}, "One check could not be made: how full the disks are."),
    ],
)
def test_each_thing_that_is_wrong_is_one_sentence(said, sentence):
    with translation.override("en"):
        assert sentences(**said) == ([sentence] if sentence else [])


EVERYTHING = {
    "pending_migrations": 2,
    "worker_at": None,
    "oldest_mail": ago(hours=1),
    "failed_mails": 2,
    "mail_away_since": ago(hours=1),
    "disks": [Disk(("media",), 0, GB)],
    "backup": Backup(None),
    "gone_unnoted": 1,
    "mailbox_trouble": "Refused",
    "certificate_trouble": "expired",
    "cache_answers": False,
    "drift": 60.0,
    "sign_ins_refused": True,
    "unknown": list(gathering.LOOKS),
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_says_what_it_means_and_what_to_do_in_both_languages(language):
    with translation.override(language):
        lines = condition.wrong(facts(**EVERYTHING))
    assert len(lines) == 13 + len(gathering.LOOKS)
    assert [line for line in lines if not (line.sentence and line.meaning)] == []
    assert [
        line.sentence for line in lines if not (line.advice or line.sentence.startswith(("One check", "Une v")))
    ] == []


def test_no_sentence_is_left_in_the_other_language():
    said = {}
    for language in languages():
        with translation.override(language):
            said[language] = {word for line in condition.wrong(facts(**EVERYTHING)) for word in words(line)}
            said[language] |= {str(each) for pair in HAPPENED.values() for each in pair}
    assert said["fr"] & said["en"] == set()


def words(line: Line) -> set[str]:
    return {word for word in (line.sentence, line.meaning, line.advice) if word}


def incident(
    kind=Kind.DATABASE_AWAY, minutes=2.0, times=30, began=datetime(2026, 11, 26, 2, 12, tzinfo=UTC)
) -> Incident:
    return Incident(kind=kind, began=began, ended=began + timedelta(minutes=minutes), times=times)


@pytest.mark.parametrize(
    ("language", "happened", "told"),
    [
        (
            "en",
            incident(),
            "Thursday 26\xa0November, 03:12\xa0– 03:14: the database did not answer. Pages could still be read. Whoever sent something "
            "meanwhile was told that it was not stored.",
        ),
        (
            "fr",
            incident(),
            "Jeudi 26\xa0novembre, 3\xa0h\xa012\xa0– 3\xa0h\xa014\xa0: la base de données n’a pas répondu. Les pages sont restées "
            "lisibles. Les personnes qui envoyaient quelque chose ont été averties que rien n’était enregistré.",
        ),
        (
            "en",
            incident(Kind.FAULT, 0.2, 3),
            "Thursday 26\xa0November, 03:12: there was a fault on our side (3\xa0times). Somebody saw a page that says so. The log "
            "has the details for whoever mends it.".replace("3\xa0times", "3 times"),
        ),
        (
            "fr",
            incident(Kind.PROCESS_DIED, 24 * 60, 1, datetime(2026, 11, 30, 23, 30, tzinfo=UTC)),
            "Mardi 1er\xa0décembre, 0\xa0h\xa030\xa0– mercredi 2\xa0décembre, 0\xa0h\xa030\xa0: une partie du site s’est arrêtée "
            "toute seule et a été relancée. Ce qu’elle avait accepté est dans la base de données\u202f; la personne qui attendait "
            "une réponse a dû redemander.",
        ),
        ("en", incident("of a newer release", 0), "Thursday 26\xa0November, 03:12: of a newer release."),
    ],
)  # fmt: skip
def test_what_happened_is_told_with_its_hours_and_what_it_meant(language, happened, told):
    with translation.override(language):
        assert str(in_words(happened)) == told


def test_every_kind_has_its_words():
    assert set(HAPPENED) == set(Kind)
    assert set(gathering.LOOKS) == set(condition.LOOKED_AT)
