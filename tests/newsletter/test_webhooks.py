"""What mail providers report: with their proof only, and only where the installation has set them up."""

import base64
import hashlib
import hmac
import json
import logging

import pytest
from django.db import OperationalError

from newsletter import points
from newsletter.models import Bounce, Subscriber, Suppression
from newsletter.webhooks import PROVIDERS
from tests.newsletter.factories import ADDRESS, make_subscriber
from tests.newsletter.returned import make_sent, message_id, return_address

pytestmark = pytest.mark.django_db

SECRET = "omep:un-secret-assez-long"
KEY = "key-0123456789"


def at(provider: str) -> str:
    return f"/anymail/{provider}/tracking/"


@pytest.fixture(autouse=True)
def _set_up(settings):
    settings.BOUNCE_ADDRESS = "retours@lettre.example.org"
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
        "MAILERSEND_SIGNING_SECRET": KEY,
        "MANDRILL_WEBHOOK_KEY": KEY,
    }


def post(client, provider, report, headers=None, **more):
    words = report if isinstance(report, str) else json.dumps(report)
    return client.post(at(provider), words, content_type="application/json", headers=headers, **more)


def password(secret=SECRET) -> dict:
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def postmark(client, secret=SECRET, **fields):
    report = {"RecordType": "Bounce", "Type": "HardBounce", "ID": 42, "Email": ADDRESS, "Details": ""}
    return post(client, "postmark", report | fields, headers=password(secret))


def mailgun(client, letter=None, key=KEY, event="failed", said="550 5.1.1 no such user", **fields):
    signature = hmac.new(key.encode(), b"1600000000token", hashlib.sha256).hexdigest()
    head = {"message-id": message_id(letter) if letter else "other@example.org", "to": ADDRESS}
    data = {
        "event": event,
        "severity": "permanent",
        "recipient": ADDRESS,
        "timestamp": 1600000000.0,
        "reason": "bounce",
    }
    data |= {"message": {"headers": head}, "delivery-status": {"message": said, "description": ""}}
    signed = {"timestamp": "1600000000", "token": "token", "signature": signature}
    return post(client, "mailgun", {"signature": signed, "event-data": data | fields})


def mailersend(client, letter, key=KEY):
    data = {
        "type": "activity.hard_bounced",
        "data": {
            "type": "hard_bounced",
            "id": "1",
            "created_at": "2026-11-26T10:00:00.000000Z",
            "email": {
                "message": {"id": "m", "headers": f"<{message_id(letter)}>"},
                "recipient": {"email": ADDRESS},
                "tags": None,
                "status": "hard_bounced",
            },
            "morph": {"object": "recipient_bounce", "reason": "Host or domain name not found"},
        },
    }
    words = json.dumps(data)
    signature = hmac.new(key.encode(), words.encode(), hashlib.sha256).hexdigest()
    return post(client, "mailersend", words, headers={"Signature": signature})


def bounces() -> list[tuple]:
    return list(Bounce.objects.order_by("pk").values_list("kind", "code", "delivery__status"))


# --- Proof ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", [*PROVIDERS, "amazon_ses", "postal", "base", "nowhere"])
def test_without_a_setting_there_is_no_such_address(client, settings, provider):
    settings.ANYMAIL = {}
    answers = [client.get(at(provider)), client.head(at(provider)), post(client, provider, {}, headers=password(""))]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("WEBHOOK_SECRET", {"brevo", "mailjet", "mailtrap", "postmark", "resend", "sendgrid", "sparkpost"}),
        ("MAILGUN_WEBHOOK_SIGNING_KEY", {"mailgun"}),
        ("MAILERSEND_SIGNING_SECRET", {"mailersend"}),
        ("MANDRILL_WEBHOOK_KEY", {"mandrill"}),
    ],
)
@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
def test_each_setting_opens_what_it_proves_and_nothing_answers_without_proof(client, settings, setting, expected):
    settings.ANYMAIL = {setting: SECRET}
    answers = {provider: post(client, provider, {}).status_code for provider in PROVIDERS}
    assert {provider for provider, status in answers.items() if status != 404} == expected
    assert {answers[provider] for provider in expected} == {400}


@pytest.mark.parametrize("secret", ["", "omep:faux", "autre:un-secret-assez-long", SECRET + "x"])
def test_a_report_with_a_wrong_password_counts_for_nobody(client, secret):
    make_subscriber(status="confirmed")
    assert postmark(client, secret=secret).status_code == 400
    assert bounces() == []


def test_a_report_with_its_password_counts(client):
    make_subscriber(status="confirmed")
    assert postmark(client).status_code == 200
    assert bounces() == [("hard", "", None)]


@pytest.mark.parametrize("report", [mailgun, mailersend])
def test_a_signed_report_counts_and_one_with_a_wrong_signature_does_not(client, report):
    letter = make_sent()
    assert report(client, letter, key="another key").status_code == 400
    assert bounces() == []
    assert report(client, letter).status_code == 200
    assert [kind for kind, _code, _status in bounces()] == ["hard"]


def test_a_provider_that_signs_is_not_asked_for_the_password_of_others(client):
    assert mailgun(client, make_sent()).status_code == 200


# --- Whose letter it was --------------------------------------------------------------------------------------------


def test_a_report_that_repeats_our_message_id_is_of_that_letter(client):
    mailgun(client, make_sent())
    assert bounces() == [("hard", "5.1.1", "bounced")]


def test_a_report_that_repeats_our_return_address_is_of_that_letter(client):
    letter = make_sent()
    mailgun(client, envelope={"sender": return_address(letter)})
    assert bounces() == [("hard", "5.1.1", "bounced")]


def test_without_either_it_is_the_readers(client):
    make_sent()
    mailgun(client)
    assert bounces() == [("hard", "5.1.1", None)]


def test_of_a_letter_to_a_former_address_nothing_is_counted(client):
    letter = make_sent(email="apres@example.org")
    mailgun(client, letter)
    assert bounces() == []


def test_a_report_about_a_stranger_is_taken_and_changes_nothing(client):
    assert postmark(client, Email="inconnu@example.org").status_code == 200
    assert postmark(client, Email=None).status_code == 200
    assert (bounces(), Subscriber.objects.count()) == ([], 0)


# --- What it was ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Type": "HardBounce", "Details": "smtp;550 5.1.1 unknown"}, [("hard", "5.1.1", None)]),
        ({"Type": "HardBounce", "Details": "smtp;550 5.7.1 taken for spam"}, [("soft", "5.7.1", None)]),
        ({"Type": "SoftBounce"}, [("soft", "", None)]),
        ({"Type": "BadEmailAddress"}, [("hard", "", None)]),
        ({"Type": "Blocked"}, [("soft", "", None)]),
        ({"Type": "Transient"}, []),
        ({"Type": "AutoResponder"}, []),
        ({"Type": "TemplateRenderingFailed"}, []),
        ({"RecordType": "Delivery"}, []),
        ({"RecordType": "Open"}, []),
    ],
)
def test_hard_and_soft_are_told_apart(client, fields, expected):
    make_subscriber(status="confirmed")
    assert postmark(client, **fields).status_code == 200
    assert bounces() == expected


@pytest.mark.parametrize(
    "fields", [{"Type": "SpamComplaint"}, {"RecordType": "SpamComplaint", "Type": "SpamComplaint"}]
)
def test_a_complaint_ends_the_sending(client, fields):
    make_subscriber(status="confirmed")
    postmark(client, **fields)
    assert (Subscriber.objects.get().status, Suppression.objects.get().reason) == ("suppressed", "complaint")


def test_who_unsubscribes_at_the_provider_is_unsubscribed_here(client):
    make_subscriber(status="confirmed")
    fields = {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "ManualSuppression"}
    answers = [postmark(client, Recipient=ADDRESS, **fields) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (Subscriber.objects.get().status, bounces()) == ("unsubscribed", [])


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
def test_several_events_come_in_one_report(client):
    letters = [make_sent(email=f"{name}@example.org") for name in ("a", "b")]
    events = [
        {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 unknown", "sg_event_id": each.pk}
        | {"email": each.subscriber.email, "smtp-id": f"<{message_id(each)}>", "timestamp": 1600000000}
        for each in letters
    ]
    assert post(client, "sendgrid", events, headers=password()).status_code == 200
    assert bounces() == [("hard", "5.1.1", "bounced")] * 2


def test_the_same_report_counts_once(client):
    make_subscriber(status="confirmed")
    assert [postmark(client).status_code for _twice in range(2)] == [200, 200]
    assert len(bounces()) == 1


# --- What is odd ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "{", "[]", "null", '{"RecordType": "Inbound"}', '{"RecordType": []}', "\0"])
def test_what_cannot_be_read_is_refused_and_its_words_reach_no_log(client, caplog, words):
    answer = post(client, "postmark", words + f'"{ADDRESS}"', headers=password())
    assert answer.status_code == 400
    assert "a report of postmark could not be read: " in caplog.text
    assert "@" not in caplog.text


def test_a_database_that_is_away_makes_the_provider_come_again(client, monkeypatch):
    make_subscriber(status="confirmed")

    def broken(*_args):
        raise OperationalError("gone")

    monkeypatch.setattr(points, "record", broken)
    client.raise_request_exception = False
    assert postmark(client).status_code == 503


def test_what_is_too_large_is_refused(client):
    assert post(client, "postmark", "x" * (2 * 2**20 + 1), headers=password()).status_code == 413


def test_it_is_an_address_for_machines_without_cookie_language_or_redirect(client):
    make_subscriber(status="confirmed")
    answer = postmark(client)
    assert (answer.status_code, answer.cookies, answer.content) == (200, {}, b"")
    assert client.get(at("postmark")).status_code == 405
    assert client.head(at("postmark")).status_code == 200


def test_logs_name_nobody(client, caplog):
    letter = make_sent()
    with caplog.at_level(logging.DEBUG):
        mailgun(client, letter)
        postmark(client)
        postmark(client, secret="omep:faux")
        postmark(client, RecordType="SubscriptionChange", SuppressionReason="ManualSuppression")
    assert f"Mailgun reports: letter {letter.pk}: the address does not exist, or takes nothing (5.1.1): counted" in (
        caplog.text
    )
    assert "@" not in caplog.text
