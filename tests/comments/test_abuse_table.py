"""The table of abuse: one test for each way to misuse the comments, with what is sent and the exact answer."""

import logging
import re
import time
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client
from post_office.models import Email

from comments.checks import CHECKS, Facts, Submission
from comments.models import Comment, Correspondent, Move, Rules
from comments.stamps import Stamp
from omep_site.models import Counter
from tests.comments.factories import ANSWER, BROWSER, FORM, event_path, make_comment, send, write_path
from tests.comments.test_write_a_comment import errors_in, typed
from tests.factories import make_event

pytestmark = pytest.mark.django_db


# --- Who sends, and how often ----------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """Stops the time that limits count with, at the beginning of an hour."""
    stopped = [3600.0 * (time.time() // 3600)]
    monkeypatch.setattr("omep_site.lib.throttle.time.time", lambda: stopped[0])
    return stopped


def test_bot_flood_the_sixth_post_in_a_minute_is_told_to_wait_and_keeps_its_text(visitor, clock):
    event = make_event()
    answers = [send(visitor, event, body=f"Merci {number} fois") for number in range(6)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 303, 303, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert typed(answers[-1]) == ANSWER | {"body": "Merci 5 fois"}
    assert Comment.objects.count() == 5


def test_bot_flood_sending_the_same_again_counts_too(visitor, clock):
    event = make_event()
    assert [send(visitor, event).status_code for _ in range(6)] == [303, 303, 303, 303, 303, 429]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("network", "other"),
    [("198.51.100.{}", "198.51.101.7"), ("2001:db8:1:{}::7", "2001:db8:2::7")],
)
def test_bot_flood_a_network_counts_as_one_and_its_neighbour_does_not(clock, network, other):
    event = make_event()
    for number in range(5):
        client = Client(REMOTE_ADDR=network.format(number))
        assert send(client, event, body=f"Merci {number} fois").status_code == 303
    assert send(Client(REMOTE_ADDR=network.format(250)), event).status_code == 429
    assert send(Client(REMOTE_ADDR=other), event).status_code == 303


def test_forwarded_addresses_from_somebody_untrusted_change_nothing(clock):
    event = make_event()
    for number in range(6):
        headers = {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.{number}.1"}
        client = Client(REMOTE_ADDR="192.0.2.7", headers=headers)
        answer = send(client, event, body=f"Merci {number} fois")
    assert answer.status_code == 429
    assert set(Counter.objects.values_list("count", flat=True)) == {6}


def test_no_address_of_a_sender_is_kept_in_any_table():
    send(Client(REMOTE_ADDR="198.51.100.77", headers={"user-agent": "Browser/7"}), make_event())
    kept = str([*Comment.objects.values(), *Move.objects.values(), *Counter.objects.values()])
    assert [trace for trace in ("198.51", "Browser/7") if trace in kept] == []


# --- What is sent ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["name", "email"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_header_injection_is_refused_in_what_may_stand_in_a_header(visitor, settings, field, ending):
    settings.MODERATORS = ["claire@example.org"]
    answer = send(visitor, make_event(), **{field: f"{ANSWER[field]}{ending}Bcc: tous@example.org"})
    assert (answer.status_code, Comment.objects.count(), Email.objects.count()) == (422, 0, 0)


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "'><a href=\"javascript:alert(1)\">x</a>",
    "</textarea><script>alert(1)</script>",
    "</article></section></main><iframe src=https://attack.example></iframe>",
    "<a href='https://attack.example' onclick='x()'>é</a>",
    "https://attack.example/\"onmouseover=\"alert(1)",
    "https://attack.example/'onmouseover='alert(1)",
    "[x](javascript:alert(1))",
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "<!--", "]]>", "<style>*{display:none}</style>", "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]  # fmt: skip
HARMLESS = {"p", "br", "a", "bdi", "time", "header", "h2", "h3", "span"}


def words_of(place) -> str:
    return " ".join(place.get_text().split())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_xss_what_is_sent_is_shown_letter_for_letter_in_harmless_elements(visitor, payload):
    event = make_event()
    name = f"Zoé {payload}"[:80]
    answer = send(visitor, event, name=name, body=payload)
    assert answer.status_code == 303
    Comment.objects.get().approve()
    for path in (answer["Location"], event_path(event)):
        article = BeautifulSoup(visitor.get(path).content.decode(), "html.parser").find("article", class_="comment")
        assert {element.name for element in article.find_all(True)} <= HARMLESS | {"div"}
        assert [a["href"] for a in article.find_all("a") if not a["href"].startswith(("#", "/", "https://"))] == []
        assert {key for element in article.find_all(True) for key in element.attrs if key.startswith("on")} == set()
        assert words_of(article.find(class_="comment-body")) == " ".join(payload.split())
        assert words_of(article.find("bdi")) == " ".join(name.split())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_xss_a_form_that_comes_back_has_what_was_typed_and_nothing_beside(visitor, payload):
    answer = send(visitor, make_event(), name=payload[:80], body=payload, website=f"x {payload}", subject=payload)
    assert answer.status_code == 422
    expected = {"name": payload[:80], "body": payload, "website": f"x {payload}", "subject": payload}
    assert typed(answer) == ANSWER | expected


@pytest.mark.parametrize(
    "website",
    [
        *("javascript:alert(1)", "java\tscript:alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "data:text/html,x"),
        *("ftp://example.org", "file:///etc/passwd", "//example.org\\@attack.example", "mailto:a@example.org"),
        *("http://user:pw@example.org", "http://example.org@attack.example", "http://localhost", "http://127.0.0.1"),
        *("http://2130706433", "http://[::1]/", "http://0x7f.1", "http://10.0.0.1:8000", "http://example.org:0"),
        *("https://example.org/\u202efdp", "https://example.org/\x00", "http://intranet", "http://x.local"),
    ],
)
def test_odd_addresses_of_websites_are_refused(visitor, website):
    answer = send(visitor, make_event(), website=website)
    assert (answer.status_code, Comment.objects.count()) == (422, 0)


def test_entities_are_shown_as_they_were_typed_and_once(visitor):
    event = make_event()
    answer = send(visitor, event, body="&lt;b&gt; &amp;amp; &#233; é")
    html = visitor.get(answer["Location"]).content.decode()
    assert "&amp;lt;b&amp;gt; &amp;amp;amp; &amp;#233; é" in html
    assert Comment.objects.get().body == "&lt;b&gt; &amp;amp; &#233; é"


@pytest.mark.parametrize(
    "name", ["Zoé \u202enimda", "\u2066Zoé", "Zoé\u200f", "\u200b", "\u3164", "\u2800", "\u00ad\u200d"]
)
def test_names_that_turn_the_line_or_show_nothing_are_refused(visitor, name):
    answer = send(visitor, make_event(), name=name)
    assert (answer.status_code, Comment.objects.count()) == (422, 0)


@pytest.mark.parametrize("name", ["Аdmin", "Αdmin", "Modérateur", "ОМЕР"])
def test_a_name_that_imitates_staff_waits_with_its_reason(visitor, rules, name):
    rules(hold="noticed")
    assert send(visitor, make_event(), headers=BROWSER, name=name).status_code == 303
    comment = Comment.objects.get()
    assert (comment.status, comment.held_for) == ("pending", ["confusable", "no_stamp", "new_address"])


def test_the_name_of_somebody_of_the_team_waits_too(visitor, rules, editor, django_user_model):
    rules(hold="noticed")
    django_user_model.objects.filter(username="claire").update(first_name="Claire", last_name="Lefèvre-Martin")
    send(visitor, make_event(), headers=BROWSER, name="Claire LEFEVRE MARTIN")
    send(visitor, make_event(), headers=BROWSER, name="Claire Lefèvre", body="À bientôt.")
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["pending", "approved"]


@pytest.mark.parametrize("field", ["name", "email", "website", "body", "parent"])
def test_nul_is_refused_in_every_field(visitor, field):
    answer = send(visitor, make_event(), **{field: f"{ANSWER[field]}\x00"})
    assert (answer.status_code, Comment.objects.count()) == (422, 0)


@pytest.mark.parametrize("raw", [b"%ED%A0%80", b"%ff%fe", b"%C3"])
def test_what_is_no_text_arrives_as_signs_that_say_so(visitor, raw):
    body = urlencode(ANSWER | {"body": "@"}).encode().replace(b"body=%40", b"body=e" + raw)
    answer = visitor.post(write_path(make_event()), body, content_type=FORM, headers=BROWSER)
    assert answer.status_code == 303
    assert re.fullmatch("e\ufffd+", Comment.objects.get().body)


def test_ten_megabytes_are_refused(visitor):
    assert send(visitor, make_event(), body="a" * 10 * 2**20).status_code == 413
    assert Comment.objects.count() == 0


def test_fields_beyond_number_are_refused_and_a_thousand_and_one_are_not_looked_at(visitor):
    path = write_path(make_event())
    many = urlencode([*ANSWER.items(), *((f"k{number}", "é") for number in range(1001))])
    assert visitor.post(path, many, content_type=FORM).status_code == 303
    too_many = urlencode([("name", "Zoé")] * 5001)
    assert visitor.post(path, too_many, content_type=FORM).status_code == 400
    assert Comment.objects.count() == 1


SLOW = 5000  # characters of each text
PATTERNS = [
    "a@" * (SLOW // 2),
    "[url" * (SLOW // 4),
    "<a " * (SLOW // 3),
    "www." * (SLOW // 4),
    "0 " * (SLOW // 2),
    "+" + "1" * SLOW,
    "." * SLOW,
    "аa" * (SLOW // 2),
    "http://" * (SLOW // 7),
    "(0" * (SLOW // 2),
    "a.-+" * (SLOW // 4) + "@",
    "\u0301" * SLOW,
]


@pytest.mark.parametrize("text", PATTERNS)
def test_no_text_makes_the_checks_slow(text):
    """Twice the text may cost twice the time and something; a pattern that runs back costs four times or more."""
    rules = Rules(spam_words="casino\nété", hold_words="x")

    def cost(body):
        sent = Submission("Zoé", body, stamp=Stamp(seconds=60.0))
        return min(_processor_time(sent, rules) for _round in range(3))

    assert cost(text) < 0.25  # seconds of this process's own time; measured: 0.01
    assert cost(text * 2) < 3 * cost(text) + 0.02


def _processor_time(sent, rules) -> float:
    began = time.process_time()
    for check in CHECKS:
        check(sent, Facts(), rules)
    return time.process_time() - began


# --- The same again, and to the wrong place --------------------------------------------------------------------------


def test_a_replayed_form_is_one_row_and_leads_to_the_same_comment(visitor):
    event = make_event()
    answers = [send(visitor, event, headers=BROWSER) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert Comment.objects.count() == 1
    assert {b"cr\xc3\xa8ches" in visitor.get(answer["Location"]).content for answer in answers} == {True}


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_the_same_moment_is_one_row(at_once, settings):
    settings.MODERATORS = ["claire@example.org"]
    event = make_event()
    Counter.objects.all().delete()

    def press():
        answer = send(Client(), event, headers=BROWSER)
        return answer.status_code, Comment.objects.count(), Move.objects.count(), Email.objects.count()

    assert at_once(press, 5) == [(303, 1, 1, 1)] * 5


def test_the_answer_is_the_same_whoever_the_address_belongs_to(visitor, monkeypatch):
    make_comment(email="connue@example.org", status="approved")
    Correspondent.objects.create(email="suit@example.org", language="fr", status="confirmed")
    Correspondent.objects.create(email="arretee@example.org", language="fr", status="stopped")
    event, pages = make_event(), set()
    for address in ("connue", "suit", "arretee", "inconnue"):
        answer = send(visitor, event, email=f"{address}@example.org")
        html = visitor.get(answer["Location"]).content.decode()
        html = re.sub(r"/[\w:-]{40,}/|comment-\d+|datetime=\"[^\"]+\"", "…", html)
        pages.add((answer.status_code, answer.content, tuple(sorted(answer.headers)), html))
    assert len(pages) == 1


@pytest.mark.parametrize("status", ["pending", "spam", "trash"])
def test_a_reply_to_what_is_not_public_is_refused_with_the_text_kept(visitor, status):
    hidden = make_comment(status=status)
    answer = send(visitor, hidden.event, "en", parent=hidden.pk)
    assert answer.status_code == 422
    assert errors_in(answer) == [
        "The comment that you reply to is not on this page. Send yours again: it will stand on its own."
    ]
    assert typed(answer) == ANSWER
    assert Comment.objects.count() == 1


def test_a_reply_across_events_is_refused(visitor):
    elsewhere = make_comment(status="approved")
    answer = send(visitor, make_event(), parent=elsewhere.pk)
    assert (answer.status_code, typed(answer), Comment.objects.count()) == (422, ANSWER, 1)


@pytest.mark.django_db(transaction=True)
def test_a_reply_across_events_is_refused_by_the_database_too():
    elsewhere, event = make_comment(status="approved"), make_event()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_comment(event=event, parent=elsewhere)
    reply = make_comment(event=elsewhere.event, parent=elsewhere)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=reply.pk).update(event=event)
    assert list(Comment.objects.values_list("event", flat=True)) == [elsewhere.event_id] * 2


# --- Where it leads, and what is written down ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["next", "redirect_to", "url", "return", "comment_post_redirect"])
def test_nothing_in_a_form_says_where_its_answer_leads(visitor, name):
    event = make_event()
    for target in ("https://attack.example", "//attack.example", "/ok\r\nX: y"):
        body = urlencode(ANSWER | {name: target, "email": f"{len(target)}@example.org"})
        path = f"{write_path(event)}?{urlencode({name: target})}"
        answer = visitor.post(path, body, content_type=FORM)
        assert (answer.status_code, bool(re.fullmatch(r"/fr/commentaires/[\w:-]+/", answer["Location"]))) == (303, True)


def test_a_host_that_is_not_ours_is_refused(visitor):
    assert send(visitor, make_event(), headers={"host": "attack.example"}).status_code == 400
    assert Comment.objects.count() == 0


def test_a_forwarded_host_changes_neither_mail_nor_page(visitor, settings):
    settings.MODERATORS = ["claire@example.org"]
    headers = {"x-forwarded-host": "attack.example", "x-forwarded-server": "attack.example", **BROWSER}
    answer = send(visitor, make_event(), headers=headers)
    assert answer["Location"].startswith("/fr/commentaires/")
    (mail,) = Email.objects.all()
    assert "attack.example" not in str([answer.headers, mail.subject, mail.message, mail.html_message, mail.headers])
    assert "https://events.example.org/" in mail.message


def test_nothing_that_a_visitor_typed_stands_in_a_log(visitor, caplog):
    caplog.set_level(logging.DEBUG)
    event = make_event()
    fake = "Zoé\n2026-01-01 ERROR root: forged"
    send(visitor, event, name=fake, email="secret@example.org")
    send(visitor, event, name="Zoé forged", body=f"forged\n{fake}", email="secret@example.org")
    send(visitor, event, headers={"sec-fetch-site": "cross-site"}, name=fake, email="secret@example.org")
    send(visitor, event, subject=fake, stamp=fake, parent=fake, email="secret@example.org")
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert len(lines) >= 3  # the refusals
    assert [line for line in lines if "\n" in line or "forged" in line or "secret" in line] == []
