"""Lists that editors bring: what is stored, what is left out and why, and that nothing happens twice."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from newsletter import importing
from newsletter.blocking import block
from newsletter.models import Consent, ImportJob, ImportProblem, Subscriber, Suppression, Tag
from newsletter.models.imports import unpacked
from newsletter.privacy import erase
from omep_site.worker import Worker
from tests.newsletter.factories import a_list, bring, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_a_new_worker(monkeypatch):
    monkeypatch.setattr(importing, "_at_hand", None)


def counts(job) -> tuple:
    return (job.status, job.added, job.known, job.refused)


def problems(job) -> list[tuple[int, str]]:
    return list(job.problems.values_list("line", "reason"))


def stored() -> list[tuple]:
    return list(Subscriber.objects.order_by("pk").values_list("email", "language", "status"))


def test_a_list_makes_confirmed_subscribers_with_language_groups_and_where_they_agreed():
    tag = Tag.objects.create(name="Bologne 2026")
    content = a_list(
        "Courriel;Langue;Groupes;Consentement;Date",
        "Zoe@École.example;;comité, Presse;guichet de Lyon;12/07/2026",
        "noe@example.org;anglais;;;",
        encoding="cp1252",
    )
    job = bring(content, tags=[tag], language="fr")
    assert (counts(job), problems(job)) == (("done", 2, 0, 0), [])
    assert stored() == [("Zoe@école.example", "fr", "confirmed"), ("noe@example.org", "en", "confirmed")]
    zoe, noe = Subscriber.objects.order_by("pk")
    assert sorted(zoe.tags.values_list("name", flat=True)) == ["Bologne 2026", "Presse", "comité"]
    assert list(noe.tags.values_list("name", flat=True)) == ["Bologne 2026"]
    assert list(Consent.objects.order_by("pk").values_list("subscriber", "kind", "text", "page", "source")) == [
        (zoe.pk, "imported", None, "", "guichet de Lyon"),
        (noe.pk, "imported", None, "", "congrès de Bologne"),
    ]
    assert zoe.consents.get().at == datetime(2026, 7, 12, 12, tzinfo=UTC)
    for moment in (zoe.created_at, zoe.updated_at, zoe.confirmed_at, noe.consents.get().at):
        assert timezone.now() - timedelta(minutes=5) < moment <= timezone.now()
    assert (len(zoe.unsubscribe_token), zoe.unsubscribe_token != noe.unsubscribe_token) == (43, True)
    assert (zoe.unsubscribe(), zoe.confirmation_mails, zoe.left_at is not None) == (True, 0, True)


def test_bringing_a_list_again_changes_nothing():
    content = a_list("email;groupe", "zoe@example.org;presse", "noe@example.org;")
    bring(content)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Subscriber, Consent, Tag, Subscriber.tags.through)
    ]
    again = bring(a_list("email;groupe;langue", "ZOE@example.org;autre groupe;en", "noe@EXAMPLE.org;;en"))
    assert counts(again) == ("done", 0, 2, 0)
    after = [
        list(model.objects.order_by("pk").values()) for model in (Subscriber, Consent, Tag, Subscriber.tags.through)
    ]
    assert after == before


def test_who_is_there_stays_as_they_are_and_who_left_or_is_blocked_is_not_brought_back():
    for state in ("pending", "confirmed", "unsubscribed", "suppressed"):
        make_subscriber(email=f"{state}@example.org", status=state)
    block("plainte@example.org", Suppression.Reason.COMPLAINT)
    make_subscriber(email="effacee@École.example", status="confirmed")
    erase("effacee@école.example")
    make_subscriber(email="idn@école.example", status="confirmed")
    names = ["pending", "confirmed", "unsubscribed", "suppressed", "plainte"]
    before = stored()
    job = bring(a_list("email", *(f"{name.upper()}@example.org" for name in names), "effacee@xn--cole-9oa.example", "idn@xn--cole-9oa.example"))  # fmt: skip
    assert counts(job) == ("done", 0, 3, 4)
    assert problems(job) == [(4, "left"), (5, "blocked"), (6, "blocked"), (7, "blocked")]
    assert (stored(), Consent.objects.count()) == (before, 0)


def test_an_old_list_does_not_bring_back_the_earlier_address_of_a_reader_and_its_owner_may_come_by_the_form():
    make_subscriber(email="avant@École.example", status="confirmed").move_to("apres@example.org", "/fr/…/")
    job = bring(a_list("email", "Avant@xn--cole-9oa.example", "apres@example.org"))
    assert (counts(job), problems(job)) == (("done", 0, 1, 1), [(2, "blocked")])
    assert stored() == [("apres@example.org", "fr", "confirmed")]
    assert [row.reason for row in Suppression.objects.all()] == ["erased"]
    assert not Suppression.objects.blocks("avant@école.example")


def test_whoever_only_spells_their_address_otherwise_is_not_noted_as_gone():
    make_subscriber(email="zoe@example.org", status="confirmed").move_to("Zoe@example.org", "/fr/…/")
    assert (stored(), Suppression.objects.count()) == ([("Zoe@example.org", "fr", "confirmed")], 0)


def test_a_bad_line_does_not_hide_the_good_one_below_it(monkeypatch):
    bad = [f"zoe{number}@example.org,hier" for number in range(3)]
    good = [f"zoe{number}@example.org,2026-07-12" for number in range(3)]
    found = [(2, "date"), (3, "date"), (4, "date"), (8, "twice")]
    job = bring(a_list("email,date", *bad, *good, good[0]))
    assert (counts(job), problems(job), len(stored())) == (("done", 3, 0, 4), found, 3)
    Subscriber.objects.all().delete()
    monkeypatch.setattr(importing, "BATCH", 2)
    job = bring(a_list("email,date", *bad, *good, good[0]), read=False)
    while importing.Reading(ImportJob.objects.get(pk=job.pk)).go_on(seconds=0):  # another process each time
        pass
    assert (problems(job), len(stored())) == (found, 3)


def test_bad_lines_and_doubles_are_left_out_each_with_its_line_and_reason_and_the_others_are_stored():
    content = a_list(
        "email,date,groupe",
        "zoe@example.org,,",
        "ZOE@example.org,,",
        "personne,,",
        ",,presse",
        '"zoe@example.org\nBcc: x@example.org",,',
        "a" * 308 + "@example.org,,",
        "noe@example.org,hier,",
        "nul\x00@example.org,,",
        "lea@example.org,," + "x" * 61,
        "last@example.org,,",
    )
    job = bring(content)
    assert [row[0] for row in stored()] == ["zoe@example.org", "last@example.org"]
    assert problems(job) == [
        (3, "twice"), (4, "invalid"), (5, "missing"), (6, "control"), (8, "long"), (9, "date"), (10, "control"), (11, "group"),
    ]  # fmt: skip
    assert "@" not in repr(list(ImportProblem.objects.values()))


def test_a_trial_stores_nothing_and_says_what_would_be_and_then_it_is_imported_for_real_once():
    make_subscriber(email="noe@example.org", status="confirmed")
    content = a_list("email;groupe", "zoe@example.org;presse", "noe@example.org;", "zoe@example.org;", "x;")
    job = bring(content, is_trial=True)
    assert (counts(job), problems(job)) == (("done", 1, 1, 2), [(4, "twice"), (5, "invalid")])
    assert (Subscriber.objects.count(), Consent.objects.count(), Tag.objects.count()) == (1, 0, 0)
    assert [job.import_for_real(), job.import_for_real()] == [True, False]
    while importing.work():
        pass
    job = ImportJob.objects.get()
    assert (counts(job), problems(job)) == (("done", 1, 1, 2), [(4, "twice"), (5, "invalid")])
    assert (Subscriber.objects.count(), Tag.objects.count(), job.content) == (2, 1, None)


def test_a_file_is_deleted_once_it_is_read_and_an_hour_after_a_trial():
    content = a_list("email", "zoe@example.org")
    assert bring(content).content is None
    trial = bring(content, is_trial=True)
    assert unpacked(trial.content) == content
    for minutes, is_there in ((59, True), (61, False)):
        ImportJob.objects.filter(pk=trial.pk).update(finished_at=timezone.now() - timedelta(minutes=minutes))
        importing.work()
        assert (ImportJob.objects.get(pk=trial.pk).content is not None) is is_there
    assert trial.import_for_real() is False


class Killed(BaseException):
    pass


@pytest.mark.parametrize("moment", ["before a batch is noted", "after a batch is stored"])
def test_a_worker_that_is_killed_goes_on_from_the_last_batch_and_stores_nobody_twice(monkeypatch, moment):
    monkeypatch.setattr(importing, "BATCH", 10)
    names = [f"lectrice{number}@example.org" for number in range(45)]
    job = bring(a_list("email", *names, names[3], names[44]), read=False)
    advance, turns = ImportJob.advance, []

    def dies(self, *args, **counts):
        turns.append(1)
        if len(turns) == 3 and moment.startswith("before"):
            raise Killed
        done = advance(self, *args, **counts)
        if len(turns) == 3:
            raise Killed
        return done

    monkeypatch.setattr(ImportJob, "advance", dies)
    with pytest.raises(Killed):
        importing.work()
    assert (Subscriber.objects.count(), ImportJob.objects.get().read) == (20, 20)
    monkeypatch.setattr(ImportJob, "advance", advance)
    monkeypatch.setattr(importing, "_at_hand", None)  # another process
    while importing.work():
        pass
    job = ImportJob.objects.get()
    assert (counts(job), problems(job)) == (("done", 45, 0, 2), [(47, "twice"), (48, "twice")])
    assert [row[0] for row in stored()] == names


def test_a_worker_that_comes_second_to_a_batch_stores_nothing_of_it(monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    job = bring(a_list("email", *(f"lectrice{number}@example.org" for number in range(20))), read=False)
    slow, quick = importing.Reading(ImportJob.objects.get(pk=job.pk)), importing.Reading(job)
    rows = list(importing.islice(quick.rows, 10))
    assert [quick.take(rows), slow.take(rows), Subscriber.objects.count()] == [True, False, 10]


def test_a_batch_that_the_database_did_not_take_is_taken_in_the_next_round(monkeypatch):
    from newsletter import storing

    monkeypatch.setattr(importing, "BATCH", 10)
    names = [f"lectrice{number}@example.org" for number in range(25)]
    bring(a_list("email;groupe", *(f"{name};Presse" for name in names)), read=False)
    store, turns = storing.store, []

    def away(readers):
        turns.append(1)
        if len(turns) == 2:
            raise OperationalError("the database is away")
        return store(readers)

    monkeypatch.setattr(storing, "store", away)
    with pytest.raises(OperationalError):
        importing.work()
    while importing.work():
        pass
    assert [row[0] for row in stored()] == names
    assert Tag.objects.get().subscribers.count() == 25


def test_a_list_that_ended_or_was_deleted_meanwhile_is_left(monkeypatch):
    job = bring(a_list("email", "zoe@example.org"), read=False)
    late, later = importing.Reading(job), importing.Reading(job)
    importing.work()
    assert (late.go_on(), counts(ImportJob.objects.get())) == (0, ("done", 1, 0, 0))
    job.delete()
    assert later.go_on() == 0


def test_a_round_of_the_worker_takes_a_slice_and_stops_when_it_is_told(monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(importing, "SLICE", 0)
    bring(a_list("email", *(f"lectrice{number}@example.org" for number in range(25))), read=False)
    assert [importing.work() for _round in range(4)] == [10, 10, 5, 1]
    assert importing.work() == 0
    assert ImportJob.objects.get().status == "done"


def test_the_worker_reads_lists(monkeypatch):
    monkeypatch.setattr("omep_site.worker.close_old_connections", lambda: None)  # the test's own
    job = bring(a_list("email", "zoe@example.org"), read=False)
    assert (Worker().round(), ImportJob.objects.get(pk=job.pk).status) == (True, "done")


# --- By the command ---------------------------------------------------------------------------------------------------


def command(tmp_path, content, *words) -> str:
    file, out = tmp_path / "liste.csv", StringIO()
    file.write_bytes(content)
    call_command("import_subscribers", file, *words, stdout=out)
    return out.getvalue()


def test_the_command_imports_says_how_far_it_is_and_writes_a_report(tmp_path):
    report = tmp_path / "rapport.csv"
    words = ["--source", "salon de Lyon", "--language", "en", "--group", "Presse", "--report", str(report)]
    said = command(tmp_path, a_list("email", "zoe@example.org", "x"), *words)
    assert said == "2 lignes sur 2\n1 ajoutée.\n0 déjà là, laissée telle quelle.\n1 laissée de côté.\n"
    subscriber = Subscriber.objects.get()
    assert (subscriber.language, subscriber.consents.get().source) == ("en", "salon de Lyon")
    assert [tag.name for tag in subscriber.tags.all()] == ["Presse"]
    assert report.read_text("utf-8-sig").splitlines()[1].startswith("3")


def test_the_command_tries_and_stores_nothing(tmp_path):
    rows = [f"{name}@example.org;salon" for name in ("zoe", "noe", "x", "y", "z")] + ["x@example.org;"] * 2
    for name in "xyz":
        make_subscriber(email=f"{name}@example.org", status="confirmed")
    said = command(tmp_path, a_list("email;consentement", *rows), "--trial", "--group", "Presse")
    assert said == (
        "7 lignes sur 7\nUn essai\u00a0: rien n’a été enregistré. 2 seraient ajoutées.\n"
        "3 déjà là, laissées telles quelles.\n2 laissées de côté.\n"
    )
    Subscriber.objects.all().delete()
    assert (Subscriber.objects.count(), Tag.objects.count(), ImportJob.objects.get().content) == (0, 0, None)


def test_the_command_asks_where_people_agreed_unless_the_file_says_it(tmp_path):
    with pytest.raises(CommandError, match="--source"):
        command(tmp_path, a_list("email", "zoe@example.org"))
    command(tmp_path, a_list("email;source", "zoe@example.org;salon de Lyon", "noe@example.org;"))
    assert list(Consent.objects.values_list("source", flat=True)) == ["salon de Lyon"]
    assert problems(ImportJob.objects.get()) == [(3, "source")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", a_list("nom", "Zoé"), b'email\n"x'])
def test_the_command_says_in_a_sentence_what_is_wrong_with_a_file(tmp_path, content):
    with pytest.raises(CommandError, match=r"liste\.csv: .+\."):
        command(tmp_path, content, "--source", "x")
    assert ImportJob.objects.count() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite one worker runs at a time")
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_store_nobody_twice(monkeypatch, at_once):
    monkeypatch.setattr(importing, "BATCH", 20)
    job = bring(a_list("email", *(f"lectrice{number}@example.org" for number in range(500))), read=False)

    def read():
        for _try in range(200):
            importing.Reading(ImportJob.objects.get(pk=job.pk)).go_on(seconds=0)
            if not ImportJob.objects.get(pk=job.pk).is_open:
                return

    at_once(read, 2)
    assert counts(ImportJob.objects.get()) == ("done", 500, 0, 0)
    assert (Subscriber.objects.count(), Consent.objects.count()) == (500, 500)
