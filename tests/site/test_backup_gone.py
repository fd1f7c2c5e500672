"""Who has gone since a backup stays gone when it is brought back."""

import os
import re
import stat
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import translation

from comments.models import Comment, Correspondent, Follow
from newsletter.blocking import block
from newsletter.models import Subscriber, Suppression, digest_of
from omep_site import gathering, gone_again, privacy, restore
from omep_site.lib import gone
from omep_site.lib.gone import What
from omep_site.models import Finding
from omep_site.worker import Worker
from tests.comments.factories import make_comment
from tests.newsletter.factories import make_subscriber

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def beside(settings, tmp_path):
    """The folder of backups, empty."""
    settings.BACKUPS = str(tmp_path)
    with translation.override("en"):
        yield tmp_path


def noted() -> list[tuple[str, str, str]]:
    return [(line.what.value, line.digest, line.detail) for line in gone.since(LONG_AGO)]


def see_off(what: str, address: str, detail: str = "") -> list[str]:
    gone._write(What(what), address, detail)
    return gone_again.see_off(LONG_AGO)


# --- Noted ------------------------------------------------------------------------------------------------------------


def follow(address: str) -> Follow:
    correspondent = Correspondent.objects.create(email=address, language="fr", status="confirmed")
    return Follow.objects.create(correspondent=correspondent, comment=make_comment(), publication=True)


@pytest.mark.parametrize(
    ("act", "what", "detail"),
    [
        (lambda address: make_subscriber(email=address).unsubscribe(), "left", ""),
        (
            lambda address: make_subscriber(email=address, status="confirmed").move_to("new@example.org", "/"),
            "left",
            "",
        ),
        (lambda address: block(address, Suppression.Reason.COMPLAINT), "blocked", "complaint"),
        (lambda address: privacy.erase(address), "erased", ""),
        (lambda address: follow(address).correspondent.stop(), "stopped", ""),
        (lambda address: follow(address).stop(), "stopped", "number of the comment"),
    ],
)
def test_whoever_goes_is_noted_as_a_keyed_hash_and_nothing_else(
    beside, django_capture_on_commit_callbacks, act, what, detail
):
    with django_capture_on_commit_callbacks(execute=True):
        act("Anna@Example.org")
    if detail == "number of the comment":
        detail = str(Comment.objects.get().pk)
    assert noted() == [(what, digest_of("anna@example.org"), detail)]
    [file] = beside.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    line = rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 {what} [0-9a-f]{{64}}{' ' if detail else ''}{detail}\n"
    assert re.fullmatch(line, file.read_text())


def test_what_did_not_happen_is_not_noted(beside, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_subscriber(status="unsubscribed").unsubscribe()
        with transaction.atomic():
            make_subscriber(email="b@example.org").unsubscribe()
            transaction.set_rollback(True)
    assert list(beside.iterdir()) == []


@pytest.mark.parametrize("fault", [OSError, OperationalError])
def test_where_it_cannot_be_noted_the_reader_leaves_all_the_same(
    monkeypatch, django_capture_on_commit_callbacks, fault, caplog
):
    def fail(*args):
        raise fault

    monkeypatch.setattr(gone.os, "open", fail)
    with django_capture_on_commit_callbacks(execute=True):
        assert make_subscriber().unsubscribe()
    assert caplog.messages == [f"who has gone could not be noted beside the backups: {fault.__name__}"]


def cannot_be_written(beside):
    """Not by root either: a file stands in its place."""
    beside.rmdir()
    beside.touch()


def test_where_the_folder_cannot_be_written_the_line_waits_and_is_written_once_it_can_be(
    beside, django_capture_on_commit_callbacks
):
    cannot_be_written(beside)
    with django_capture_on_commit_callbacks(execute=True):
        make_subscriber(email="anna@example.org").unsubscribe()
        block("zoe@example.org", Suppression.Reason.COMPLAINT)
    assert gathering.facts().gone_unnoted == 2
    assert "@" not in repr(list(gone.kept().values_list("key", "found")))
    assert (gone.write_kept(), gathering.facts().gone_unnoted) == (0, 2)

    beside.unlink()
    assert (gone.write_kept(), gathering.facts().gone_unnoted) == (2, 0)
    assert noted() == [
        ("left", digest_of("anna@example.org"), ""),
        ("blocked", digest_of("zoe@example.org"), "complaint"),
    ]
    assert gone.write_kept() == 0


def test_the_worker_tries_once_a_minute(beside, monkeypatch):
    Finding.keep("gone 1", line=f"2026-10-31T23:59:59+00:00 left {digest_of('anna@example.org')}")
    found = Worker()
    assert [found.note_who_has_gone() for _round in range(2)] == [1, 0]
    assert [file.name for file in beside.iterdir()] == ["gone-2026-10.log"]  # of the month in which they left


def test_a_restore_writes_first_what_waits_in_the_database_that_goes(beside, monkeypatch):
    Finding.keep("gone 1", line=f"2026-10-31T23:59:59+00:00 left {digest_of('anna@example.org')}")
    monkeypatch.setattr(restore.connection, "close", lambda: None)
    monkeypatch.setattr(restore.Path, "exists", lambda path: True)
    restore.note_who_is_kept()
    assert noted() == [("left", digest_of("anna@example.org"), "")]


def test_files_of_months_that_are_long_over_go(beside):
    for month in ("2025-09", "2025-10", "2026-11"):
        (beside / f"gone-{month}.log").touch()
    gone.forget_old(datetime(2026, 11, 26, tzinfo=UTC))
    assert [file.name for file in gone.files()] == ["gone-2025-10.log", "gone-2026-11.log"]


def test_a_line_that_was_cut_off_and_what_was_before_the_backup_are_passed_over(beside):
    at = datetime(2026, 11, 26, 3, tzinfo=UTC)
    digest = digest_of("anna@example.org")
    lines = [f"{(at + timedelta(seconds=seconds)).isoformat()} left {digest}" for seconds in (-1, 0, 1)]
    (beside / "gone-2026-11.log").write_text("\n".join([*lines, "2026-11-26T03:00:02+00:00 left 3f"]))
    assert [line.at - at for line in gone.since(at)] == [timedelta(0), timedelta(seconds=1)]


# --- After a restore --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "detail", "after"),
    [("left", "", "unsubscribed"), ("blocked", "complaint", "suppressed"), ("stopped", "", "confirmed")],
)
def test_a_subscriber_who_has_gone_is_afterwards(what, detail, after):
    make_subscriber(email="Anna@example.org", status="confirmed")
    make_subscriber(email="other@example.org", status="confirmed")
    see_off(what, "anna@EXAMPLE.org", detail)
    assert [each.status for each in Subscriber.objects.order_by("pk")] == [after, "confirmed"]


def test_a_block_is_there_again_with_its_reason_though_nobody_has_subscribed():
    see_off("blocked", "anna@example.org", "editor")
    assert Suppression.objects.of("anna@example.org").get().reason == "editor"


@pytest.mark.parametrize("what", ["left", "erased"])
def test_who_came_and_went_after_the_backup_is_not_brought_back_by_an_old_list(what):
    see_off(what, "anna@example.org")
    assert Suppression.objects.of("anna@example.org").get().reason == "erased"


def test_who_was_erased_is_erased_again():
    make_subscriber(email="anna@example.org", status="confirmed")
    make_comment(email="ANNA@example.org")
    make_comment(email="other@example.org")
    assert see_off("erased", "anna@example.org") == ["1 address that was erased since the backup is erased again."]
    assert (Subscriber.objects.count(), [each.email for each in Comment.objects.all()]) == (0, ["other@example.org"])


def test_mails_about_comments_stay_stopped_for_one_or_for_all():
    first = follow("anna@example.org")
    second = Follow.objects.create(correspondent=first.correspondent, comment=make_comment(), replies=True)
    said = ["1 address that wanted no more mail since the backup gets none."]
    assert see_off("stopped", "anna@example.org", str(first.comment_id)) == said
    assert [Follow.objects.get(pk=each.pk).wants_mail() for each in (first, second)] == [False, True]
    assert see_off("stopped", "anna@example.org") == said
    assert Correspondent.objects.get().status == "stopped"


def test_where_nothing_was_ever_noted_that_is_said(beside):
    sentence = "Beside the backups nothing says who has left since: look through what people wrote to you meanwhile."
    assert gone_again.see_off(LONG_AGO) == [sentence]
    os.close(os.open(beside / "gone-2026-11.log", os.O_CREAT))
    assert gone_again.see_off(LONG_AGO) == []
