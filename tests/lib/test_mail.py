"""Mail: a row in the transaction of its cause, delivered afterwards, lost never."""

import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend as Locmem
from django.db import OperationalError, connection, connections, transaction
from django.template import Context, Template
from hypothesis import example, given
from hypothesis import strategies as st
from post_office.models import STATUS, Email, Log

from omep_site.lib import incidents, mail, tallies
from omep_site.models import Incident, Kind, Tally

pytestmark = pytest.mark.django_db


class Down(Locmem):
    """A server that is away until `up` is set; it notes what it was given."""

    up = False
    seen = []

    def send_messages(self, messages):
        self.seen.extend(message.message()["Message-ID"] for message in messages)
        if not self.up:
            raise ConnectionRefusedError("nobody listens")
        return super().send_messages(messages)


class Killed(Locmem):
    """A worker that is killed while the second mail goes out: what would have come after it does not happen."""

    def send_messages(self, messages):
        if django_mail.outbox:
            raise KeyboardInterrupt
        return super().send_messages(messages)


class Picky(Locmem):
    """A server that does not take mail for one address, and hangs up after it has said so."""

    opened = []

    def open(self):
        self.opened.append(self)

    def send_messages(self, messages):
        if messages[0].to == ["nobody@example.org"]:
            raise SMTPRecipientsRefused({"nobody@example.org": (550, b"unknown")})
        return super().send_messages(messages)


class Erasing(Locmem):
    """While it takes the first mail, somebody erases the others."""

    def send_messages(self, messages):
        Email.objects.exclude(to=messages[0].to[0]).delete()
        return super().send_messages(messages)


class Slow(Locmem):
    """A server that is busy with a mail until a test lets it go on."""

    busy = threading.Event()
    go_on = threading.Event()

    def send_messages(self, messages):
        self.busy.set()
        self.go_on.wait(60)
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(Down, "up", False)
    monkeypatch.setattr(Down, "seen", [])
    settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": f"{__name__}.Down"}}
    return Down


def send(to="anna@example.org", language="en", **kwargs):
    mail.send("comment_waiting", to, language, **{"waiting": "https://events.example.org/admin/"} | kwargs)


# --- Words ----------------------------------------------------------------------------------------------------------


@given(st.text(alphabet=st.sampled_from("{}%# \na\"'|.x"), max_size=30) | st.text(max_size=60))
@example("{{ a }}")
@example("{% x")
@example("{#}")
@example("{# a #}")
@example("{{{%%}}}")
@example("{}}}")
@example("{}} a }")
@example("{% verbatim %}{{ a }}{% endverbatim %}")
@example("{% templatetag openblock %}")
def test_any_text_as_a_template_renders_to_itself(text):
    assert Template(mail.as_template(text)).render(Context({"a": "executed"})) == text


def test_what_a_visitor_wrote_goes_out_as_it_was_written():
    subject, body = "{{ 7|add:1 }} {% now %}", "{% include 'base.html' %} {{ settings.SECRET_KEY }} {}}} {#\n"
    message = EmailMultiAlternatives(subject, body, to=["anna@example.org"])
    message.attach_alternative("<p>{{ 7|add:1 }} {% bad %}</p>", "text/html")
    message.send()
    row = Email.objects.get()
    assert (row.subject, row.message, row.html_message) == (subject, body, "<p>{{ 7|add:1 }} {% bad %}</p>")


WORDS = """{% load i18n %}{% autoescape off %}{% get_current_language as language %}
{{ site_name }}: {{ what }} ({{ language }})

{{ what }}
{{ site_url }}
{% endautoescape %}"""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mail_is_in_its_readers_language_and_its_first_line_is_the_subject(settings, tmp_path, language):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "words.txt").write_text(WORDS)
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    settings.DEFAULT_FROM_EMAIL = "OMEP – Lettre <lettre@example.org>"
    mail.send("words", "anna@example.org", language, headers={"List-Id": "<letter.example.org>"}, what="l’été & <b>")
    row = Email.objects.get()
    assert (row.subject, row.message, row.html_message, row.to, row.from_email) == (
        f"OMEP: l’été & <b> ({language})",
        "l’été & <b>\nhttps://events.example.org\n",
        "",
        ["anna@example.org"],
        "OMEP – Lettre <lettre@example.org>",
    )
    assert row.headers == {
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
        "X-Mail-Kind": "words",
        "List-Id": "<letter.example.org>",
    }
    assert (row.status, row.scheduled_time) == (STATUS.queued, None)


def test_nothing_leaves_with_the_request_that_caused_it():
    send()
    assert django_mail.outbox == []


def test_a_mail_goes_with_the_transaction_of_its_cause():
    with transaction.atomic():
        send("kept@example.org")
    with transaction.atomic():
        send("undone@example.org")
        transaction.set_rollback(True)
    assert [row.to for row in Email.objects.all()] == [["kept@example.org"]]


# --- Delivery -------------------------------------------------------------------------------------------------------


def test_what_is_due_is_delivered_once():
    send("anna@example.org")
    send("boris@example.org")
    assert (mail.deliver_due(), mail.deliver_due()) == (2, 0)
    assert sorted(message.to for message in django_mail.outbox) == [["anna@example.org"], ["boris@example.org"]]
    assert set(Email.objects.values_list("status", flat=True)) == {STATUS.sent}


def test_what_was_written_first_goes_out_first():
    for number in range(5):
        send(f"reader-{number}@example.org")
    Email.objects.filter(to="reader-0@example.org").update(subject="changed")  # PostgreSQL puts it at its table's end
    mail.deliver_due()
    assert [message.to[0] for message in django_mail.outbox] == [f"reader-{number}@example.org" for number in range(5)]


def test_a_delivered_mail_is_what_was_queued():
    send()
    row = Email.objects.get()
    mail.deliver_due()
    [message] = django_mail.outbox
    headers = message.message()
    assert (message.subject, message.body) == (row.subject, row.message)
    assert (headers["Message-ID"], headers["Auto-Submitted"]) == (row.message_id, "auto-generated")
    assert row.message_id.endswith("@events.example.org>")


def test_no_queue_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert mail.deliver_due() == 0


def test_a_mail_for_later_waits_for_its_moment(clock):
    send()
    Email.objects.update(scheduled_time=clock.now() + timedelta(minutes=1))
    assert mail.deliver_due() == 0
    clock.forward(60)
    assert mail.deliver_due() == 1


def test_while_the_server_is_away_the_pauses_grow_for_two_days(server, clock):
    send()
    pauses = []
    while Email.objects.get().status != STATUS.failed:
        assert mail.deliver_due() == 1
        row = Email.objects.get()
        if row.status == STATUS.requeued:
            assert mail.deliver_due() == 0  # not before its time
            pauses.append((row.scheduled_time - clock.now()) / timedelta(minutes=1))
            clock.moment = row.scheduled_time
    assert pauses == [1, 2, 5, 10, 20, 40] + [60] * 47
    assert len(server.seen) == 54
    assert set(server.seen) == {Email.objects.get().message_id}
    assert 48 <= sum(pauses) / 60 <= 49
    assert set(Log.objects.values_list("exception_type", flat=True)) == {"ConnectionRefusedError"}


def test_nothing_is_lost_while_the_server_is_away_for_an_hour(server, clock):
    for number in range(25):  # more than one batch
        send(f"reader-{number}@example.org")
    for _ in range(60):
        mail.deliver_due()
        clock.forward(60)
    assert (set(Email.objects.values_list("status", flat=True)), django_mail.outbox) == ({STATUS.requeued}, [])
    server.up = True
    clock.forward(3600)
    while mail.deliver_due():
        pass
    assert sorted(message.to[0] for message in django_mail.outbox) == sorted(
        f"reader-{n}@example.org" for n in range(25)
    )
    assert set(Email.objects.values_list("status", flat=True)) == {STATUS.sent}


def test_a_server_that_is_away_is_asked_once_for_all_that_waits(server, clock):
    for number in range(3):
        send(f"reader-{number}@example.org")
    assert mail.deliver_due() == 1
    assert len(server.seen) == 1
    assert [row.status for row in Email.objects.order_by("pk")] == [STATUS.requeued, STATUS.queued, STATUS.queued]


def test_a_worker_that_is_killed_has_stored_what_went_out_before(settings):
    settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": f"{__name__}.Killed"}}
    for name in ("anna", "boris", "clara"):
        send(f"{name}@example.org")
    with pytest.raises(KeyboardInterrupt):
        mail.deliver_due()
    assert [row.status for row in Email.objects.order_by("pk")] == [STATUS.sent, STATUS.requeued, STATUS.queued]
    assert [message.to for message in django_mail.outbox] == [["anna@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_while_nothing_can_be_stored_nothing_is_sent():
    def no_room(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    send()
    for _round in range(3):
        with connection.execute_wrapper(no_room), pytest.raises(OperationalError):
            mail.deliver_due()
    assert django_mail.outbox == []
    assert mail.deliver_due() == 1
    assert len(django_mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_went_out_as_the_disk_became_full_goes_out_again_after_its_pause_and_not_each_second():
    def no_room(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and django_mail.outbox:
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    send()
    with connection.execute_wrapper(no_room), pytest.raises(OperationalError):
        mail.deliver_due()
    assert [mail.deliver_due() for _round in range(3)] == [0, 0, 0]
    assert len(django_mail.outbox) == 1
    assert Email.objects.get().status == STATUS.requeued


def test_a_mail_that_somebody_has_put_aside_meanwhile_is_not_sent(settings):
    send("anna@example.org")
    send("boris@example.org")
    settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": f"{__name__}.Erasing"}}
    assert mail.deliver_due() == 1
    assert [message.to for message in django_mail.outbox] == [["anna@example.org"]]


def test_a_mail_that_is_refused_costs_the_others_nothing(settings, monkeypatch):
    monkeypatch.setattr(Picky, "opened", [])
    settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": f"{__name__}.Picky"}}
    for name in ("nobody", "anna", "boris"):
        send(f"{name}@example.org")
    assert mail.deliver_due() == 3
    assert [message.to for message in django_mail.outbox] == [["anna@example.org"], ["boris@example.org"]]
    assert len(Picky.opened) == 2  # before the refused one, and after it
    assert [row.status for row in Email.objects.order_by("pk")] == [STATUS.requeued, STATUS.sent, STATUS.sent]
    assert incidents.noted() == []


@pytest.mark.parametrize(
    ("answer", "tries", "why"),
    [
        (b"5.1.1 <ana@example.org>: unknown", 4, "AddressRefused"),
        (b"5.1.2 no such domain", 4, "AddressRefused"),
        (b"5.2.1 closed", 4, "AddressRefused"),
        (b"5.1.8 bad sender", 54, "SMTPRecipientsRefused"),
        (b"5.7.1 relay access denied", 54, "SMTPRecipientsRefused"),
        (b"no", 54, "SMTPRecipientsRefused"),
        (b"4.1.2 not found just now", 54, "SMTPRecipientsRefused"),
    ],
)
def test_an_address_that_does_not_exist_is_given_up_within_minutes_and_what_may_be_about_us_is_not(
    settings, clock, monkeypatch, answer, tries, why
):
    def refuse(_self, _messages):
        raise SMTPRecipientsRefused({"ana@example.org": (550, answer)})

    monkeypatch.setattr(Picky, "send_messages", refuse)
    settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": f"{__name__}.Picky"}}
    send("ana@example.org")
    while Email.objects.get().status != STATUS.failed:
        assert mail.deliver_due() == 1
        clock.moment = Email.objects.get().scheduled_time or clock.moment
    assert Log.objects.count() == tries
    assert set(Log.objects.values_list("exception_type", flat=True)) == {why}
    assert incidents.noted() == []


def test_a_night_without_a_mail_server_is_one_incident(server, monkeypatch, clock):
    monkeypatch.setattr(mail, "time", clock)
    monkeypatch.setattr(incidents, "time", clock)
    evening = clock.moment
    send()
    for _minute in range(8 * 60):
        mail.deliver_due()
        incidents.store()
        clock.forward(60)
    last = Log.objects.latest("pk").date
    server.up = True
    clock.forward(3600)
    assert mail.deliver_due() == 1
    server.up = False
    clock.forward(3600)
    morning = clock.moment
    send()
    mail.deliver_due()
    incidents.store()
    assert list(Incident.objects.order_by("began").values_list("kind", "began", "ended")) == [
        (Kind.MAIL_AWAY, evening, last),
        (Kind.MAIL_AWAY, morning, morning),
    ]


def test_what_became_of_mails_is_counted_and_a_server_that_is_away_is_noted(server, clock):
    send()
    mail.deliver_due()
    assert incidents.noted() == [Kind.MAIL_AWAY]
    server.up = True
    clock.forward(60)
    mail.deliver_due()
    tallies.store()
    assert dict(Tally.objects.values_list("name", "value")) == {"mails|sent": 1, "mails|tried again": 1}


def test_a_mail_that_was_tried_before_keeps_its_message_id(server, clock):
    send()
    mail.deliver_due()
    server.up = True
    clock.forward(60)
    mail.deliver_due()
    assert [message.message()["Message-ID"] for message in django_mail.outbox] == [server.seen[0]]


def test_a_mail_that_waits_does_not_hold_up_a_new_one(server, clock):
    send("first@example.org")
    mail.deliver_due()
    server.up = True
    send("second@example.org")
    assert mail.deliver_due() == 1
    assert [message.to for message in django_mail.outbox] == [["second@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(settings):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one worker runs at a time (tests/site/test_worker.py)")
    settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": f"{__name__}.Slow"}}
    Slow.busy.clear()
    Slow.go_on.clear()
    send()
    tried = []

    def first_worker():
        tried.append(mail.deliver_due())
        connections.close_all()

    worker = threading.Thread(target=first_worker)
    worker.start()
    assert Slow.busy.wait(60)
    second = mail.deliver_due()
    Slow.go_on.set()
    worker.join()
    assert (tried, second, len(django_mail.outbox)) == ([1], 0, 1)
    send()
    assert mail.deliver_due() == 1  # the lock is free again


# --- Forgetting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "days", "kept"),
    [
        (STATUS.sent, 29, True),
        (STATUS.sent, 31, False),
        (STATUS.failed, 29, True),
        (STATUS.failed, 31, False),
        (STATUS.queued, 31, True),
        (STATUS.requeued, 31, True),
    ],
)
def test_a_mail_is_forgotten_a_month_after_it_was_sent_or_given_up(clock, status, days, kept):
    send()
    row = Email.objects.get()
    Log.objects.create(email=row, status=STATUS.failed, message="550 anna@example.org unknown")
    Email.objects.update(status=status, last_updated=clock.now() - timedelta(days=days))
    mail.forget_old_mail()
    assert (Email.objects.count(), Log.objects.count()) == ((1, 1) if kept else (0, 0))
