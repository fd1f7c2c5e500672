import hashlib
import time
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client
from post_office.models import Email

from comments import notifications
from comments.models import Comment
from omep_site.lib import public
from omep_site.lib.links import path_in
from omep_site.models import DailyKey
from tests.comments.factories import ANSWER, FORM, event_path, make_comment, send, write_path
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def form_of(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser").find("form", id="comment-form")


def typed(answer) -> dict:
    """What stands in the fields of the form on a page."""
    form = form_of(answer)
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return fields | {"body": form.find("textarea").get_text().removeprefix("\n").removeprefix("\r\n")}


def errors_in(answer) -> list[str]:
    return [" ".join(item.get_text().split()) for item in form_of(answer).select(".error-summary li")]


def test_a_comment_is_written_waits_is_approved_and_shown_on_both_pages(visitor, editor):
    event = make_event()
    pages = [event_path(event, "fr"), event_path(event, "en")]
    for page in pages:
        assert "crèches" not in visitor.get(page).content.decode()

    answer = send(visitor, event, "fr", website="https://www.exemple.org/école")
    assert answer.status_code == 303
    assert "no-store" in answer["Cache-Control"]
    comment = Comment.objects.get()
    assert (comment.event, comment.parent, comment.status, comment.language) == (event, None, "pending", "fr")
    assert (comment.name, comment.email) == ("Zoé Lefèvre", "zoe.lefevre@example.org")
    assert comment.website == "https://www.exemple.org/école"
    assert comment.body == "Merci d’avoir pensé aux crèches !\nÀ bientôt."

    mine = visitor.get(answer["Location"])
    assert mine.status_code == 200
    assert "crèches" in mine.content.decode()
    for page in pages:
        assert "crèches" not in Client().get(page).content.decode()

    done = editor.post("/admin/comments/comment/", {"action": "approve", "_selected_action": [comment.pk]}, follow=True)
    assert "The comment by <bdi>Zoé Lefèvre</bdi> is now approved." in done.content.decode()
    for page, lang in zip(pages, [None, "fr"], strict=True):
        article = BeautifulSoup(Client().get(page).content.decode(), "html.parser").find(id=f"comment-{comment.pk}")
        body = article.find(class_="comment-body")
        assert body.get("lang") == lang
        assert "Merci d’avoir pensé aux crèches !" in body.get_text()
        assert article.find("bdi").get_text() == "Zoé Lefèvre"
    assert not visitor.cookies


def test_the_address_and_its_hashes_are_in_nothing_that_a_visitor_receives(visitor):
    event = make_event()
    sent = send(visitor, event)
    comment = Comment.objects.get()
    answers = [sent, visitor.get(sent["Location"])]
    comment.approve()
    answers += [visitor.get(sent["Location"]), visitor.get(event_path(event)), visitor.get(event_path(event, "en"))]
    answers.append(send(visitor, event, email="autre@example.org", name=""))
    address = ANSWER["email"].encode()
    secrets = [address, address.partition(b"@")[0]]
    secrets += [hashlib.new(kind, address).hexdigest().encode() for kind in ("md5", "sha1", "sha256")]
    for answer in answers:
        everything = answer.content + str(answer.headers).encode()
        assert [secret for secret in secrets if secret in everything] == []


def test_the_two_addresses_of_the_form_are_words_of_their_languages(visitor):
    event = make_event()
    assert write_path(event, "fr") == f"/fr/evenements/{event.pk}/commentaire/"
    assert write_path(event, "en") == f"/en/events/{event.pk}/comment/"
    assert path_in("fr", "comments:waiting", token="x") == "/fr/commentaires/x/"
    assert path_in("en", "comments:waiting", token="x") == "/en/comments/x/"


def test_a_comment_written_on_the_english_page_is_english(visitor):
    event = make_event()
    answer = send(visitor, event, "en", body="Well done, Geneviève!")
    assert answer["Location"].startswith("/en/comments/")
    assert Comment.objects.get().language == "en"


def test_a_reply_is_written_to_a_visible_comment(visitor):
    parent = make_comment(status="approved")
    assert send(visitor, parent.event, parent=parent.pk).status_code == 303
    assert Comment.objects.get(status="pending").parent == parent


def test_reading_the_address_of_the_form_leads_to_the_event(visitor):
    event = make_event()
    for read in (visitor.get, visitor.head):
        answer = read(write_path(event, "en"))
        assert (answer.status_code, answer["Location"]) == (302, event_path(event, "en"))
    assert visitor.put(write_path(event)).status_code == 405


def test_events_that_are_not_public_take_no_comment(visitor):
    draft = make_event(status="draft", publish_at=None)
    for event_id in (draft.pk, draft.pk + 1, 10**30):
        path = path_in("fr", "comments:write", event_id=event_id)
        assert visitor.post(path, urlencode(ANSWER), content_type=FORM).status_code == 404
        assert visitor.get(path).status_code == 404
    assert Comment.objects.count() == 0


RTL = "\u202e"
BAD = [
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": "Zoé\r\nBcc: tous@example.org"}, "name"),
    ({"name": "Zoé\nLefèvre"}, "name"),
    ({"name": "Zoé\u2028Lefèvre"}, "name"),
    ({"name": "Zoé\x00"}, "name"),
    ({"name": f"Zoé{RTL}nimda"}, "name"),
    ({"name": "\u200b\u200b"}, "name"),
    ({"name": "\u3164"}, "name"),
    ({"name": "é" * 81}, "name"),
    ({"email": ""}, "email"),
    ({"email": "zoe"}, "email"),
    ({"email": "zoe@example"}, "email"),
    ({"email": "zoe@example.org\r\nBcc: tous@example.org"}, "email"),
    ({"email": "zoe@example.org\nX"}, "email"),
    ({"email": "zoe\x00@example.org"}, "email"),
    ({"email": "zoe@example.org,autre@example.org"}, "email"),
    ({"email": f"zoe{RTL}@example.org"}, "email"),
    ({"email": f"{'a' * 250}@example.org"}, "email"),
    ({"website": "javascript:alert(1)"}, "website"),
    ({"website": "java\tscript:alert(1)"}, "website"),
    ({"website": "ftp://example.org"}, "website"),
    ({"website": "data:text/html,<b>é</b>"}, "website"),
    ({"website": "http://localhost"}, "website"),
    ({"website": "http://127.0.0.1"}, "website"),
    ({"website": "http://[::1]/"}, "website"),
    ({"website": "http://[bad"}, "website"),
    ({"website": "http://10.0.0.1"}, "website"),
    ({"website": "http://169.254.169.254/latest"}, "website"),
    ({"website": "http://user:pw@example.org"}, "website"),
    ({"website": "https://example.org/\x00"}, "website"),
    ({"website": f"https://example.org/{RTL}"}, "website"),
    ({"website": f"https://example.org/{'x' * 200}"}, "website"),
    ({"body": ""}, "body"),
    ({"body": "\r\n \r\n"}, "body"),
    ({"body": "\u200b\u3164"}, "body"),
    ({"body": "Bonjour\x00"}, "body"),
    ({"body": f"Bonjour {RTL}tout le monde"}, "body"),
    ({"body": "Bonjour \x1b[31m"}, "body"),
    ({"body": "é" * 5001}, "body"),
    ({"parent": "9" * 40}, None),
    ({"parent": "abc"}, None),
    ({"parent": "-1"}, None),
    ({"parent": "\x00"}, None),
]


@pytest.mark.parametrize(("wrong", "field"), BAD)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_bad_input_is_answered_on_the_form_with_every_word_kept(visitor, language, wrong, field):
    event = make_event()
    answer = send(visitor, event, language, **wrong)
    assert answer.status_code == 422
    assert "no-store" in answer["Cache-Control"]
    assert Comment.objects.count() == 0
    (error,) = errors_in(answer)
    assert len(error) > 10
    kept = ANSWER | wrong | {"parent": ""}
    kept["body"] = kept["body"].strip() if not kept["body"].strip() else kept["body"]
    found = typed(answer)
    # The parser turns NUL into U+FFFD and drops line breaks of hidden kinds, as browsers do.
    for name in kept:
        if not set(str(kept[name])) & {"\x00", "\r", "\n", "\t", "\x1b"} and kept[name].strip():
            assert found[name] == kept[name]
    if field is None:
        assert form_of(answer).select("[aria-invalid]") == []
    else:
        (marked,) = form_of(answer).select("[aria-invalid=true]")
        assert marked["name"] == field
        assert form_of(answer).find(id=marked["aria-describedby"].split()[-1]).get_text().strip()


def test_a_parent_of_another_event_is_refused_and_the_words_are_kept(visitor):
    event, elsewhere = make_event(), make_comment(status="approved")
    answer = send(visitor, event, parent=elsewhere.pk)
    assert answer.status_code == 422
    assert typed(answer) == ANSWER | {"parent": ""}
    assert Comment.objects.exclude(pk=elsewhere.pk).count() == 0


@pytest.mark.parametrize("status", ["pending", "spam", "trash"])
def test_a_parent_that_is_not_visible_is_refused(visitor, status):
    hidden = make_comment(status=status)
    assert send(visitor, hidden.event, parent=hidden.pk).status_code == 422
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Nom\xa0: Indiquez votre nom."), ("en", "Name: Write your name.")],
)
def test_the_page_of_a_wrong_form_leads_to_the_wrong_field(visitor, language, sentence):
    answer = send(visitor, make_event(), language, name="")
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    summary = page.find(id="comment-errors")
    assert summary["role"] == "alert"
    (link,) = summary.select("a")
    assert " ".join(link.get_text().split(" ")) == sentence
    assert page.find(id=link["href"].removeprefix("#"))["name"] == "name"


@pytest.mark.parametrize("body", [b"", b"%", b"name=%ff%fe&body=%00", b"\xff\xfe=\x00", b"{}", b"name"])
@pytest.mark.parametrize(
    "content_type", [FORM, "text/plain", "application/json", "multipart/form-data; boundary=x", ""]
)
def test_a_body_that_is_no_form_of_ours_is_answered(visitor, body, content_type):
    answer = visitor.post(write_path(make_event()), body, content_type=content_type)
    assert answer.status_code in (400, 422)
    assert Comment.objects.count() == 0


def test_a_body_of_three_megabytes_is_refused(visitor):
    assert send(visitor, make_event(), body="a" * 3 * 2**20).status_code == 413
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "heading"), [("fr", "Cette demande n’a pas pu être lue"), ("en", "This request could not be read")]
)
def test_a_large_file_beside_good_answers_is_refused_in_the_pages_language(visitor, language, heading):
    file = SimpleUploadedFile("crèche.jpg", b"x" * 3 * 2**20)
    answer = visitor.post(write_path(make_event(), language), ANSWER | {"photo": file})

    assert (answer.status_code, Comment.objects.count()) == (413, 0)
    assert BeautifulSoup(answer.content, "html.parser").h1.get_text() == heading


def test_a_form_that_does_not_say_its_length_is_asked_for_it(visitor):
    answer = visitor.post(write_path(make_event()), ANSWER, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")

    assert (answer.status_code, Comment.objects.count()) == (411, 0)


def test_five_thousand_and_one_fields_are_refused(visitor):
    fields = urlencode([("name", "Zoé")] * 5001)
    assert visitor.post(write_path(make_event()), fields, content_type=FORM).status_code == 400
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://attack.example"},
        {"origin": "null"},
        {"origin": "http://[bad"},
        {"origin": "http://testserver.attack.example"},
    ],
)
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "fr",
            "Cet envoi vient d’un autre site. Si c’est vous qui l’avez écrit, envoyez-le de nouveau depuis cette page.",
        ),
        ("en", "This came from another site. If you wrote it, send it once more from here."),
    ],
)
def test_a_form_on_another_site_is_refused_with_the_words_kept(visitor, headers, language, sentence):
    answer = send(visitor, make_event(), language, headers)
    assert answer.status_code == 403
    assert errors_in(answer) == [sentence]
    assert typed(answer) == ANSWER
    assert "no-store" in answer["Cache-Control"]
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "https://events.example.org"},
    ],
)
def test_a_form_of_this_site_is_accepted_with_and_without_the_headers_of_browsers(visitor, headers):
    assert send(visitor, make_event(), headers=headers).status_code == 303


@pytest.fixture
def clock(monkeypatch):
    """Stops the time that limits count with, at the beginning of an hour."""
    stopped = [3600.0 * (time.time() // 3600)]
    monkeypatch.setattr("omep_site.lib.throttle.time.time", lambda: stopped[0])
    return stopped


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "fr",
            "De nombreux commentaires sont arrivés de votre réseau en peu de temps. "
            "Merci d’envoyer de nouveau le vôtre dans 1 minute.",
        ),
        (
            "en",
            "Many comments came from your network in a short time. Please send yours again in 1 minute.",
        ),
    ],
)
def test_the_sixth_comment_in_a_minute_is_told_when_to_come_again(visitor, clock, language, sentence):
    event = make_event()
    clock[0] += 15
    assert [send(visitor, event, language, body=f"Merci {n} fois").status_code for n in range(5)] == [303] * 5
    answer = send(visitor, event, language)
    assert (answer.status_code, answer["Retry-After"]) == (429, "45")
    assert errors_in(answer) == [sentence]
    assert typed(answer) == ANSWER
    assert "no-store" in answer["Cache-Control"]
    assert Comment.objects.count() == 5
    clock[0] += 45
    assert send(visitor, event, language).status_code == 303


def test_the_thirty_first_comment_in_an_hour_waits_for_the_next(visitor, clock):
    event = make_event()
    for _ in range(30):
        assert send(visitor, event).status_code == 303
        clock[0] += 60
    answer = send(visitor, event, "en")
    assert (answer.status_code, answer["Retry-After"]) == (429, "1800")
    assert errors_in(answer) == [
        "Many comments came from your network in a short time. Please send yours again in 30 minutes."
    ]


def test_mistakes_and_refusals_cost_nobody_a_try(visitor, clock):
    event = make_event()
    for _ in range(6):
        assert send(visitor, event, name="").status_code == 422
        assert send(visitor, event, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert send(visitor, event).status_code == 303


def test_another_network_writes_meanwhile(clock):
    event = make_event()
    for number in range(6):
        somebody = Client(REMOTE_ADDR="192.0.2.7", headers={"x-forwarded-for": f"198.51.100.{number}"})
        send(somebody, event, body=f"Merci {number} fois")
    assert Comment.objects.count() == 5
    assert send(Client(REMOTE_ADDR="198.51.100.7"), event).status_code == 303


def test_a_mail_that_cannot_be_stored_takes_the_comment_back(visitor, settings, monkeypatch):
    settings.MODERATORS = ["claire@example.org", "elodie@example.org"]
    send_one, sent = notifications.send, []

    def fail_at_the_second(*args, **context):
        sent.append(args)
        if len(sent) == 2:
            raise DatabaseError
        send_one(*args, **context)

    monkeypatch.setattr(notifications, "send", fail_at_the_second)
    with pytest.raises(DatabaseError):
        send(visitor, make_event())
    assert (Comment.objects.count(), Email.objects.count()) == (0, 0)


def test_writing_costs_the_same_few_queries_with_1_and_with_50_comments(visitor, django_assert_num_queries):
    event = make_event()
    send(visitor, event)  # makes the day's key …
    DailyKey.forget()
    send(visitor, event)  # … which is remembered where it is found
    with django_assert_num_queries(ACCEPTED):
        assert send(visitor, event, body="Une fois").status_code == 303
    public.forget_version()
    with django_assert_num_queries(REFUSED):
        assert send(visitor, event, name="").status_code == 422
    for _ in range(50):
        make_comment(event=event, status="approved")
    visitor.get(event_path(event))  # after a change: the site’s words and rules are read once
    with django_assert_num_queries(ACCEPTED):
        assert send(visitor, event, body="Deux fois").status_code == 303
    public.forget_version()
    with django_assert_num_queries(REFUSED):
        assert send(visitor, event, name="").status_code == 422


# The rules; savepoint; the counts of both limits; all that is known about it; the comment; the record; release. On
# PostgreSQL also the lock that makes it one.
ACCEPTED = 7 + (connection.vendor == "postgresql")
REFUSED = 11
