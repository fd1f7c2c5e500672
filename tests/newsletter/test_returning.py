"""Mail that came back: whose letter it was, and what is counted."""

import logging

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from newsletter import returning
from newsletter.diagnoses import Kind
from newsletter.models import Bounce, Delivery, Subscriber, Suppression
from tests.newsletter.factories import ADDRESS, make_subscriber
from tests.newsletter.returned import (
    as_mail,
    away,
    complaint,
    dsn,
    exim_in_words,
    head_of,
    letter_of_a_person,
    make_sent,
    message_id,
    qmail,
    return_address,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings):
    settings.BOUNCE_ADDRESS = "retours@lettre.example.org"


@pytest.fixture
def letter(db):
    return make_sent()


def bounces() -> list[tuple]:
    return list(Bounce.objects.order_by("pk").values_list("kind", "code", "delivery__status"))


# --- Whose it was ---------------------------------------------------------------------------------------------------


def test_a_report_is_of_the_letter_whose_return_address_its_envelope_had(letter):
    taken = returning.take(dsn(), return_address(letter))
    assert (taken.kind, taken.code, taken.delivery, taken.counted) == (Kind.HARD, "5.1.1", letter.pk, True)
    assert bounces() == [("hard", "5.1.1", "bounced")]


@pytest.mark.parametrize("place", ["to", "returned"])
def test_without_an_envelope_it_is_known_by_the_head_or_by_what_came_back(letter, place):
    report = dsn(to=return_address(letter)) if place == "to" else dsn(letter, to="retours@lettre.example.org")
    assert returning.take(report).counted
    assert bounces() == [("hard", "5.1.1", "bounced")]


@pytest.mark.parametrize("name", ["X-Original-To", "Envelope-To", "X-Envelope-To"])
def test_the_heads_that_servers_note_the_envelope_in_are_looked_at(letter, name):
    assert returning.take(f"{name}: {return_address(letter)}\r\n".encode() + dsn()).counted


def test_capitals_that_a_server_changed_make_no_difference(letter):
    assert returning.take(dsn(to=return_address(letter).upper())).counted


@pytest.mark.parametrize(
    ("forge", "why_not"),
    [
        (lambda letter: return_address(letter).replace("-", "-0", 1)[:-1], "nothing to count"),
        (lambda letter: f"retours+b{letter.pk}-000000000000@lettre.example.org", "forged"),
        (lambda letter: return_address(letter).replace(f"b{letter.pk}-", f"b{letter.pk + 1}-"), "forged"),
        (lambda letter: f"letter.{letter.pk}.000000000000@events.example.org", "forged"),
        (lambda letter: ADDRESS, "nothing to count"),
    ],
)
def test_a_report_without_proof_counts_for_nobody_and_that_is_said(letter, forge, why_not):
    taken = returning.take(dsn(to=forge(letter)))
    assert (taken.delivery, taken.counted, why_not in taken.why_not) == (None, False, True)
    assert bounces() == []


def test_a_reader_who_was_erased_is_not_brought_back(letter):
    report = dsn(letter)
    Subscriber.objects.all().delete()
    assert returning.take(report).why_not == "its reader was erased"
    Delivery.objects.all().delete()
    assert returning.take(report).why_not == "its reader was erased"


def test_a_letter_to_a_former_address_says_nothing_of_the_new_one(letter):
    report = dsn(to=return_address(letter), returned=head_of(letter, to="avant@example.org"))
    assert returning.take(report).why_not == "its reader has another address now"
    assert bounces() == []


def test_an_address_with_accents_came_back_as_the_wire_writes_it():
    letter = make_sent(email="zoe@école.example.org")
    assert returning.take(dsn(returned=head_of(letter, to="<zoe@xn--cole-9oa.example.org>"))).counted


# --- What it was ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda letter: dsn(letter, status="4.2.2"), ("soft", "4.2.2", "bounced")),
        (qmail, ("hard", "5.1.1", "bounced")),
        (lambda letter: qmail(letter, "552 5.2.2 over quota"), ("soft", "5.2.2", "bounced")),
        (exim_in_words, ("soft", "5.7.1", "bounced")),
        (complaint, ("complaint", "", "sent")),
        (lambda letter: complaint(letter, kind=" Fraud "), ("complaint", "", "sent")),
        (lambda letter: complaint(letter, mail_from=return_address(letter)), ("complaint", "", "sent")),
    ],
)
def test_what_came_back_is_noted_with_its_code(letter, make, expected):
    assert returning.take(make(letter)).counted
    assert bounces() == [expected]


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda letter: dsn(letter, action="delayed", status="4.4.1"), "delayed"),
        (lambda letter: dsn(letter, action="delivered", status="2.0.0"), "harmless"),
        (lambda letter: complaint(letter, kind="not-spam"), "harmless"),
        (lambda letter: complaint(letter, kind="virus"), "harmless"),
        (lambda letter: away(letter, Auto_Submitted="auto-replied (holiday)"), "automatic"),
        (lambda letter: away(letter, X_Autoreply="yes"), "automatic"),
        (lambda letter: away(letter, Precedence="auto_reply"), "automatic"),
        (away, "absent"),
        (lambda letter: away(letter, Auto_Submitted="no"), "absent"),
        (lambda letter: away(letter, subject="Bonjour", Auto_Submitted="auto-replied"), "automatic"),
        (lambda letter: letter_of_a_person(return_address(letter)), "other"),
    ],
)
def test_what_says_nothing_of_the_address_is_not_counted(letter, make, kind):
    taken = returning.take(make(letter))
    is_settled = kind not in ("other", "absent")  # a person may have written those
    assert (taken.kind, taken.delivery, taken.counted, taken.is_settled) == (kind, letter.pk, False, is_settled)
    assert bounces() == []


def test_a_complaint_ends_the_sending_at_once(letter):
    returning.take(complaint(letter))
    assert (Subscriber.objects.get().status, Suppression.objects.get().reason) == ("suppressed", "complaint")


@pytest.mark.parametrize("second_way", [b"", b"Received: by a second way\r\n"])
def test_the_same_report_counts_once_by_whatever_way_it_comes(letter, second_way):
    report = dsn(letter)
    taken = [returning.take(mail) for mail in (report, second_way + report)]
    assert [each.counted for each in taken] == [True, False]
    assert taken[1].why_not == "counted before"
    assert len(bounces()) == 1


def test_logs_say_what_was_taken_and_name_nobody(letter, caplog):
    with caplog.at_level(logging.DEBUG):
        for mail in (dsn(letter), qmail(letter), complaint(letter), away(letter), letter_of_a_person(ADDRESS)):
            returning.take(mail, return_address(letter))
    said = [record.getMessage() for record in caplog.records if record.name == "newsletter.returning"]
    assert said[0] == (
        f"a mail came back: letter {letter.pk}: the address does not exist, or takes nothing (5.1.1): counted"
    )
    assert len(said) == 5
    assert "@" not in caplog.text


@with_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.text(max_size=60))
def test_any_bytes_for_anybody_are_taken(settings, mail, reader):
    settings.BOUNCE_ADDRESS = "retours@lettre.example.org"
    assert returning.take(mail, reader).counted is False


def test_two_reports_of_two_letters_are_two(letter):
    other = make_sent(email="autre@example.org")
    for number, each in enumerate((letter, other)):
        returning.take(dsn(returned=f"Message-ID: <{message_id(each)}>", number=number))
    assert [row.subscriber for row in Bounce.objects.order_by("pk")] == [letter.subscriber, other.subscriber]


def test_a_mail_with_thousands_of_false_claims_costs_little(letter, django_assert_max_num_queries):
    claims = as_mail("Subject: x\n\n" + "retours+b1-000000000000@x.org\n" * 30_000)
    with django_assert_max_num_queries(8):
        assert returning.take(claims).delivery is None


def test_nobody_else_is_touched(letter):
    make_subscriber(email="autre@example.org", status="confirmed")
    returning.take(complaint(letter))
    assert Subscriber.objects.get(email="autre@example.org").status == "confirmed"
