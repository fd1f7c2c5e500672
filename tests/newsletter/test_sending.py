"""Sending an issue: each reader in their language, nobody twice, and a record of what became of each."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from newsletter import sending, server_state
from newsletter.models import Bounce, Delivery, Issue, MailServer, SendRun, Suppression, Tag, digest_of
from newsletter.sending import Sender
from newsletter.verp import delivery_named_in
from tests.newsletter.factories import make_issue, make_readers, make_sending, make_subscriber, of, stands
from tests.newsletter.smtp import HANG_UP

pytestmark = pytest.mark.django_db


def later(monkeypatch, **delta) -> None:
    moment = timezone.now() + timedelta(**delta)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def no_pause() -> None:
    """As if the pause after a failed connection were over."""
    MailServer.objects.update(next_try=None)


# --- The way of an issue --------------------------------------------------------------------------------------------


def test_each_reader_gets_the_letter_in_their_language_once(mail_server, send_all):
    make_readers(fr=3, en=2)
    issue = make_sending()
    assert (send_all(), send_all()) == (5, 0)
    got = {each.readers[0]: each.message["Subject"] for each in mail_server.taken}
    french, english = "La Lettre de décembre", "The December letter"
    assert got == {
        "fr0@example.org": french,
        "fr1@example.org": french,
        "fr2@example.org": french,
        "en0@example.org": english,
        "en1@example.org": english,
    }
    issue.refresh_from_db()
    assert (issue.status, stands(issue), issue.finished_at is not None) == ("sent", {"sent": 5}, True)
    assert len(mail_server.taken) == 5
    assert SendRun.objects.count() == 0


def test_only_who_is_subscribed_at_that_moment_gets_it(mail_server, send_all):
    for status in ("pending", "unsubscribed", "suppressed", "confirmed"):
        make_subscriber(email=f"{status}@example.org", status=status)
    issue = make_sending()
    send_all()
    assert [each.readers for each in mail_server.taken] == [["confirmed@example.org"]]
    make_subscriber(email="later@example.org", status="confirmed")
    send_all()
    assert (len(mail_server.taken), stands(issue)) == (1, {"sent": 1})


def test_the_letter_names_its_delivery_in_return_address_and_message_id(mail_server, send_all):
    (reader,) = make_readers(fr=1)
    make_sending()
    send_all()
    (taken,) = mail_server.taken
    number = of(reader.email).pk
    assert delivery_named_in(taken.sender) == delivery_named_in(taken.message["Message-ID"]) == number
    assert taken.message["List-Unsubscribe"] == f"<{reader.unsubscribe_url}>"
    assert taken.message["To"] == reader.email
    text = taken.message.get_body(("plain",)).get_content()
    assert reader.unsubscribe_token in text


def test_an_address_with_accents_in_its_domain_is_written_as_the_mails_want_it(mail_server, send_all):
    make_subscriber(email="zoe@école.example", status="confirmed")
    make_sending()
    send_all()
    assert mail_server.taken[0].readers == ["zoe@xn--cole-9oa.example"]
    assert mail_server.taken[0].message["To"] == "zoe@xn--cole-9oa.example"


def test_an_address_that_no_mail_can_have_fails_and_stops_nobody(mail_server, send_all):
    make_subscriber(email="zoé@example.org", status="confirmed")
    make_readers(fr=1)
    issue = make_sending()
    send_all()
    assert stands(issue) == {"failed": 1, "sent": 1}
    assert of("zoé@example.org").detail == "553 5.1.3 this address cannot be written"


def test_who_leaves_before_their_turn_is_skipped(mail_server, send_all):
    first, second = make_readers(fr=2)
    issue = make_sending()
    assert sending.queueing.queue(issue)
    second.unsubscribe()
    send_all()
    assert [each.readers for each in mail_server.taken] == [[first.email]]
    assert stands(issue) == {"sent": 1, "skipped": 1}


def test_who_is_erased_before_their_turn_is_skipped_and_after_it_counted_still(mail_server, send_all):
    first, second = make_readers(fr=2)
    issue = make_sending()
    sending.queueing.queue(issue)
    second.delete()
    send_all()
    first.delete()
    assert stands(issue) == {"sent": 1, "skipped": 1}
    assert list(issue.deliveries.values_list("subscriber", flat=True)) == [None, None]


def test_an_issue_goes_out_at_its_moment_and_not_before(mail_server, send_all, monkeypatch):
    make_readers(fr=1)
    issue = make_issue()
    assert issue.schedule(timezone.now() + timedelta(hours=1))
    assert (send_all(), Issue.objects.get().status) == (0, "scheduled")
    later(monkeypatch, hours=1, seconds=1)
    assert (send_all(), Issue.objects.get().status) == (1, "sent")


def test_an_issue_whose_moment_is_long_gone_asks_before_it_goes_out(mail_server, send_all, monkeypatch):
    make_readers(fr=1)
    issue = make_issue()
    issue.schedule(timezone.now() + timedelta(hours=1))
    later(monkeypatch, hours=3, seconds=1)
    assert send_all() == 0
    issue.refresh_from_db()
    assert (issue.status, issue.hold, stands(issue)) == ("paused", "late", {})
    assert issue.go_on()
    assert (send_all(), Issue.objects.get().status) == (1, "sent")


def test_an_issue_that_nobody_worked_on_for_hours_asks_before_it_goes_on(mail_server, send_all, monkeypatch):
    make_readers(fr=3)
    issue = make_sending()
    sending.queueing.queue(issue)
    later(monkeypatch, hours=2, seconds=1)  # a backup was restored, or the server was off
    assert send_all() == 0
    issue.refresh_from_db()
    assert (issue.status, issue.hold, stands(issue)) == ("paused", "late", {"pending": 3})


def test_a_mail_server_that_is_away_for_hours_makes_no_issue_late(odd_server, monkeypatch):
    odd_server.script = {"CONNECT": HANG_UP}
    make_readers(fr=1)
    issue = make_sending()
    sender = Sender()
    for _quarter in range(16):
        later(monkeypatch, minutes=15)
        sender.work()
    sender.close()
    issue.refresh_from_db()
    assert (issue.status, stands(issue)) == ("sending", {"pending": 1})


def test_paused_nothing_leaves_and_going_on_sends_the_rest(mail_server, send_all, monkeypatch):
    make_readers(fr=4)
    issue = make_sending()
    monkeypatch.setattr(sending, "CHUNK", 2)
    sent_by_hand = Sender.send_letter

    def pause_after_three(self, which, row, key):
        if len(mail_server.taken) == 2:
            Issue.objects.get().pause()
        return sent_by_hand(self, which, row, key)

    monkeypatch.setattr(Sender, "send_letter", pause_after_three)
    send_all()
    assert (len(mail_server.taken), stands(issue)) == (3, {"pending": 1, "sent": 3})
    monkeypatch.setattr(Sender, "send_letter", sent_by_hand)
    assert Issue.objects.get().go_on()
    send_all()
    assert (len({each.readers[0] for each in mail_server.taken}), stands(issue)) == (4, {"sent": 4})


def test_cancelled_in_the_middle_of_a_chunk_nobody_else_gets_it(mail_server, send_all, monkeypatch):
    make_readers(fr=4)
    issue = make_sending()
    sent_by_hand = Sender.send_letter

    def cancel(self, which, row, key):
        Issue.objects.get().cancel()
        return sent_by_hand(self, which, row, key)

    monkeypatch.setattr(Sender, "send_letter", cancel)
    send_all()
    assert (len(mail_server.taken), stands(issue)) == (1, {"cancelled": 3, "sent": 1})
    assert Issue.objects.get().status == "cancelled"


def test_told_to_stop_a_worker_ends_after_the_letter_at_hand(mail_server, monkeypatch):
    make_readers(fr=4)
    issue = make_sending()
    sender = Sender()
    sent_by_hand = Sender.send_letter

    def stop(self, which, row, key):
        sender.stopping.set()
        return sent_by_hand(self, which, row, key)

    monkeypatch.setattr(Sender, "send_letter", stop)
    assert sender.work() == 1
    sender.close()
    assert (len(mail_server.taken), stands(issue), SendRun.objects.count()) == (1, {"pending": 3, "sent": 1}, 0)


def test_a_letter_that_cannot_be_made_pauses_its_issue_and_no_other(mail_server, send_all, monkeypatch):
    make_readers(fr=1)
    broken, good = make_sending(), make_sending(subject_fr="Bonne")
    compose = sending.queueing.compose

    def fail(issue, language):
        if issue.pk == broken.pk:
            raise ZeroDivisionError
        return compose(issue, language)

    monkeypatch.setattr(sending.queueing, "compose", fail)
    send_all()
    broken.refresh_from_db()
    assert (broken.status, broken.hold, broken.hold_detail, stands(broken)) == (
        "paused",
        "fault",
        "ZeroDivisionError",
        {},
    )
    assert (stands(good), len(mail_server.taken)) == ({"sent": 1}, 1)


def test_no_more_leave_in_a_minute_than_the_setting_lets(mail_server, settings, monkeypatch):
    settings.NEWSLETTER_PER_MINUTE = 6
    minute = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    make_readers(fr=10)
    make_sending()
    sender = Sender()
    counts = []
    for second in (0, 5, 15, 30, 59, 60, 119):
        monkeypatch.setattr(timezone, "now", lambda at=minute + timedelta(seconds=second): at)
        sender.work()
        counts.append(len(mail_server.taken))
    sender.close()
    assert counts == [1, 1, 2, 4, 6, 7, 10]


# --- Refusals -------------------------------------------------------------------------------------------------------


def test_a_reader_whose_server_asks_for_patience_is_tried_again_after_growing_pauses(odd_server, send_all, monkeypatch):
    odd_server.script = {"RCPT fr0": "450 4.2.1 busy <fr0@example.org>"}
    make_readers(fr=2)
    issue = make_sending()
    send_all()
    row = of("fr0@example.org")
    assert (row.status, row.attempts, row.detail) == ("deferred", 1, "450 4.2.1 busy <…>")
    assert timedelta(minutes=4) < row.next_try - timezone.now() <= timedelta(minutes=5)
    assert stands(issue) == {"sent": 1, "deferred": 1}
    assert Issue.objects.get().status == "sending"
    assert send_all() == 0
    pauses = []
    for _again in range(len(sending.PAUSES)):
        Delivery.objects.update(next_try=timezone.now())
        send_all()
        row.refresh_from_db()
        pauses.append(round((row.next_try - row.done_at).total_seconds() / 60))
    assert pauses == [15, 60, 180, 360, 720, 1440, pauses[-1]]
    assert (row.status, row.attempts, Issue.objects.get().status) == ("failed", 8, "sent")


def test_patience_is_rewarded(odd_server, send_all):
    odd_server.script = {"END": "451 greylisted"}
    make_readers(fr=1)
    issue = make_sending()
    send_all()
    odd_server.script = {}
    Delivery.objects.update(next_try=timezone.now())
    send_all()
    assert (stands(issue), Issue.objects.get().status, Delivery.objects.get().attempts) == ({"sent": 1}, "sent", 1)


def test_a_reader_who_does_not_exist_fails_and_is_counted(odd_server, send_all):
    odd_server.script = {"RCPT fr0": "550 5.1.1 <fr0@example.org> unknown"}
    make_readers(fr=2)
    issue = make_sending()
    send_all()
    assert stands(issue) == {"sent": 1, "failed": 1}
    bounce = Bounce.objects.get()
    assert (bounce.subscriber.email, bounce.kind, bounce.code) == ("fr0@example.org", "hard", "5.1.1")
    assert bounce.subscriber.status == "confirmed"


def test_a_reader_who_did_not_exist_on_two_days_is_blocked(odd_server, send_all):
    odd_server.script = {"RCPT": "550 5.1.1 unknown"}
    (reader,) = make_readers(fr=1)
    for day in (3, 0):
        make_sending()
        send_all()
        Bounce.objects.filter(at__gt=timezone.now() - timedelta(hours=1)).update(
            at=timezone.now() - timedelta(days=day)
        )
    reader.refresh_from_db()
    assert reader.status == "suppressed"
    blocked = Suppression.objects.get(digest=digest_of(reader.email))
    assert (blocked.reason, blocked.detail) == ("bounces", "5.1.1")


def test_a_server_that_refuses_the_sender_pauses_the_issue_and_costs_no_reader(odd_server, send_all):
    odd_server.script = {"MAIL": "553 5.7.1 not from here"}
    make_readers(fr=3)
    issue = make_sending()
    send_all()
    issue.refresh_from_db()
    assert (issue.status, issue.hold, issue.hold_detail) == ("paused", "refused", "553 5.7.1 not from here")
    assert (stands(issue), Bounce.objects.count()) == ({"pending": 3}, 0)


def test_a_letter_that_is_refused_again_and_again_pauses_the_issue(odd_server, send_all):
    odd_server.script = {"END": "554 5.7.1 looks like spam"}
    make_readers(fr=15)
    issue = make_sending()
    send_all()
    issue.refresh_from_db()
    assert (issue.status, issue.hold, issue.hold_detail) == ("paused", "refused", "554 5.7.1 looks like spam")
    assert (stands(issue), Bounce.objects.count()) == ({"pending": 5, "failed": 10}, 0)
    odd_server.script = {}
    assert all(row.send_again() for row in issue.deliveries.filter(status="failed"))
    issue.go_on()
    send_all()
    assert stands(issue) == {"sent": 15}


# --- A server that is away ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script", [{"CONNECT": HANG_UP}, {"CONNECT": "421 full"}, {"RCPT": HANG_UP}, {"DATA": "452 disk full"}]
)
def test_a_server_that_is_away_costs_no_try_and_all_workers_wait(odd_server, send_all, script):
    odd_server.script = script
    make_readers(fr=3)
    issue = make_sending()
    send_all()
    assert stands(issue) == {"pending": 3}
    assert set(issue.deliveries.values_list("attempts", "begun_at")) == {(0, None)}
    state = MailServer.objects.get()
    assert (state.failures, state.down_since is not None, server_state.may_be_asked()) == (1, True, False)
    odd_server.script, heard = {}, len(odd_server.heard)
    assert (send_all(), len(odd_server.heard)) == (0, heard)
    no_pause()
    assert (send_all(), stands(issue)) == (3, {"sent": 3})
    state.refresh_from_db()
    assert (state.failures, state.down_since, state.said) == (0, None, "")


def test_the_pauses_grow_to_ten_minutes(monkeypatch):
    now, pauses = timezone.now(), []
    monkeypatch.setattr(timezone, "now", lambda: now)
    for _failure in range(9):
        server_state.note_down("nobody listens")
        pauses.append((MailServer.objects.get().next_try - now).total_seconds())
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600]


def test_what_was_cut_off_after_its_end_is_uncertain_and_never_sent_again_by_itself(odd_server, send_all):
    odd_server.script = {"END": HANG_UP}
    make_readers(fr=3)
    issue = make_sending()
    send_all()
    assert stands(issue) == {"pending": 2, "uncertain": 1}
    odd_server.script = {}
    no_pause()
    send_all()
    assert (stands(issue), Issue.objects.get().status) == ({"sent": 2, "uncertain": 1}, "sent")


def test_an_uncertain_letter_is_sent_again_by_somebodys_word_with_the_same_message_id(odd_server, send_all):
    odd_server.script = {"END": HANG_UP}
    make_readers(fr=1)
    issue = make_sending()
    send_all()
    odd_server.script = {}
    no_pause()
    send_all()
    row = issue.deliveries.get()
    assert (row.send_again(), row.send_again()) == (True, False)
    Issue.objects.get().reopen()
    send_all()
    ids = [line for letter in odd_server.letters for line in letter.split(b"\r\n") if line.startswith(b"Message-ID")]
    assert (len(ids), len(set(ids)), stands(issue)) == (2, 1, {"sent": 1})


def test_a_server_that_dies_in_the_middle_of_a_letter_makes_one_uncertain_at_most(odd_server, send_all):
    odd_server.script = {"MIDDLE": HANG_UP}
    make_readers(fr=3)
    issue = make_sending()
    send_all()
    counts = stands(issue)
    assert (counts.get("uncertain", 0) <= 1, sum(counts.values()), counts["pending"] >= 2) == (True, 3, True)


# --- A database that goes away in the middle ------------------------------------------------------------------------


def test_what_could_not_be_stored_is_stored_when_the_database_is_back(mail_server, monkeypatch):
    make_readers(fr=3)
    issue = make_sending()
    sender, step = Sender(), sending.marks.step

    def fail(cursor, run, sent, begin):
        if sent:
            raise OperationalError("the database went away")
        return step(cursor, run, sent, begin)

    monkeypatch.setattr(sending.marks, "step", fail)
    with pytest.raises(OperationalError):
        sender.work()
    monkeypatch.setattr(sending.marks, "step", step)
    assert (len(mail_server.taken), stands(issue)) == (1, {"pending": 2, "sending": 1})
    sender.work()
    sender.close()
    assert (len(mail_server.taken), stands(issue)) == (3, {"sent": 3})


@pytest.mark.parametrize("count", [1, 40])
def test_a_chunk_costs_two_queries_a_letter_at_most(mail_server, count, django_assert_max_num_queries):
    make_readers(fr=count)
    sending.queueing.queue(make_sending())
    sender = Sender()
    with django_assert_max_num_queries(60 + count):
        sender.work()
    sender.close()
    assert len(mail_server.taken) == count


# --- What a reviewer broke ------------------------------------------------------------------------------------------


def test_a_reader_whose_mailbox_is_full_stops_nobody(odd_server, send_all):
    odd_server.script = {"RCPT fr0": "452 4.2.2 Mailbox full"}
    make_readers(fr=3)
    issue = make_sending()
    send_all()
    assert (stands(issue), of("fr0@example.org").attempts) == ({"sent": 2, "deferred": 1}, 1)


@pytest.mark.parametrize("answer", ["421 go away", HANG_UP])
def test_a_reader_at_whom_connections_end_is_put_off_after_three(odd_server, answer):
    odd_server.script = {"RCPT fr0": answer}
    make_readers(fr=3)
    first, second = make_sending(), make_sending()
    sender = Sender()
    for _round in range(12):
        sender.work()
        no_pause()
    sender.close()
    assert (stands(first), stands(second)) == ({"deferred": 1, "sent": 2}, {"deferred": 1, "sent": 2})


@pytest.mark.parametrize("answer", ["554 5.7.1 Relay access denied", "550 we do not like you", "550 5.7.1 blocked"])
def test_a_server_that_refuses_reader_after_reader_pauses_the_issue_and_charges_nobody(odd_server, send_all, answer):
    odd_server.script = {"RCPT": answer}
    make_readers(fr=15)
    issue = make_sending()
    send_all()
    issue.refresh_from_db()
    assert (issue.status, issue.hold, issue.hold_detail) == ("paused", "refused", answer)
    assert (stands(issue), Bounce.objects.count()) == ({"failed": 10, "pending": 5}, 0)


def test_a_refusal_without_a_reason_is_the_readers_once_another_is_taken(odd_server, send_all):
    odd_server.script = {"RCPT fr1": "550 no"}
    make_readers(fr=3)
    make_sending()
    send_all()
    assert [(each.subscriber.email, each.kind) for each in Bounce.objects.all()] == [("fr1@example.org", "hard")]


def test_many_dead_addresses_one_after_the_other_stop_nobody(odd_server, send_all):
    odd_server.script = {"RCPT": "550 5.1.1 unknown"}
    make_readers(fr=15)
    issue = make_sending()
    send_all()
    assert (stands(issue), Issue.objects.get().status, Bounce.objects.count()) == ({"failed": 15}, "sent", 15)


def test_after_an_uncertain_letter_the_server_is_known_to_be_back(odd_server, send_all):
    odd_server.script = {"END": HANG_UP}
    make_readers(fr=3)
    sender = Sender()
    make_sending()
    send_all(sender)
    odd_server.script = {}
    no_pause()
    send_all(sender)
    assert MailServer.objects.values_list("failures", "down_since").get() == (0, None)


def test_a_fault_in_one_letter_pauses_its_issue_and_the_others_go_out(mail_server, send_all, monkeypatch):
    make_readers(fr=1)
    broken, good = make_sending(), make_sending()
    letter = Sender.letter

    def fail(self, issue, row, reader, key):
        if issue.pk == broken.pk:
            raise ZeroDivisionError
        return letter(self, issue, row, reader, key)

    monkeypatch.setattr(Sender, "letter", fail)
    send_all()
    broken.refresh_from_db()
    assert (broken.status, broken.hold, stands(broken)) == ("paused", "fault", {"pending": 1})
    assert stands(good) == {"sent": 1}


def test_a_subject_that_typography_makes_longer_goes_out(mail_server, send_all):
    make_readers(fr=1)
    issue = make_sending(subject_fr="Quoi ? " * 28 + "Oui")
    send_all()
    assert (stands(issue), len(str(mail_server.taken[0].message["Subject"])) >= 199) == ({"sent": 1}, True)


def test_a_letter_for_a_group_that_was_deleted_goes_to_nobody(mail_server, send_all):
    group = Tag.objects.create(name="Bureau")
    for reader in make_readers(fr=3)[:1]:
        reader.tags.add(group)
    issue = make_issue()
    issue.tags.add(group)
    assert issue.schedule(timezone.now())
    group.delete()
    send_all()
    assert (mail_server.taken, Issue.objects.get().status, stands(issue)) == ([], "sent", {})


@pytest.mark.parametrize("verb", ["send_now", "schedule"])
def test_a_letter_that_somebody_saved_meanwhile_does_not_go_out(verb):
    issue, other = make_issue(), Issue.objects.get()
    other.subject_fr = ""
    other.save()
    assert getattr(issue, verb)(*([timezone.now()] if verb == "schedule" else [])) is False
    assert Issue.objects.get().status == "draft"
