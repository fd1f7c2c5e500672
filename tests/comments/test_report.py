"""A reader reports a published comment; enough of them let it wait for an editor again."""

from hashlib import sha256
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation
from post_office.models import Email

from comments import reporting
from comments.models import By, Comment, Move, Policy, Report, Via
from omep_site.lib import public
from omep_site.lib.links import path_in
from omep_site.models import DailyKey
from tests.comments.factories import FORM, event_path, make_comment
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_proxy_in_front(settings):
    settings.TRUSTED_PROXIES = 1  # so that a test may come from several networks


def report_path(comment, language="fr") -> str:
    return path_in(language, "comments:report", number=comment.pk)


def send(client, comment, reason="spam", network=1, language="fr", **headers):
    headers = {"x-forwarded-for": f"203.0.{network}.7"} | headers
    body = urlencode({"reason": reason} if reason else {})
    return client.post(report_path(comment, language), body, content_type=FORM, headers=headers)


def rows() -> list:
    return list(Report.objects.order_by("pk").values_list("comment", "reason", "weighed_at"))


@pytest.mark.parametrize(
    ("language", "path", "title", "question", "choices", "button"),
    [
        (
            "en",
            "/en/comments/{}/report/",
            "Report a comment",
            "Reason for the report *",
            ["Advertising or fraud", "Hurtful or hateful", "Private details of somebody", "Something else"],
            "Report the comment",
        ),
        (
            "fr",
            "/fr/commentaires/{}/signaler/",
            "Signaler un commentaire",
            "Motif du signalement *",
            ["Publicité ou fraude", "Blessant ou haineux", "Détails privés sur quelqu’un", "Autre chose"],
            "Signaler le commentaire",
        ),
    ],
)
def test_the_page_quotes_the_comment_and_asks_what_is_wrong(client, language, path, title, question, choices, button):
    comment = make_comment(status="approved", name="Zoé <b>", body="Voilà <i>\nfin", language="fr")
    assert report_path(comment, language) == path.format(comment.pk)
    answer = client.get(report_path(comment, language))
    page = soup(answer)
    assert words(page.h1) == title
    assert words(page.select_one(".comment bdi")) == "Zoé <b>"
    assert words(page.select_one(".comment-body")) == "Voilà <i> fin"
    assert page.select_one(".comment-body").get("lang") == (None if language == "fr" else "fr")
    form = page.select_one("#report-form")
    assert words(form.legend) == question
    assert [words(each) for each in form.select("label")] == choices
    assert [each["value"] for each in form.select("input[type=radio]")] == ["spam", "hurtful", "private", "other"]
    assert words(form.button) == button
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert page.select_one(".up a")["href"] == event_path(comment.event, language) + f"#comment-{comment.pk}"


def test_the_page_is_the_same_for_everybody_and_holds_no_address(client):
    comment = make_comment(status="approved", email="secret@example.org")
    answer = client.get(report_path(comment))
    assert "secret" not in answer.content.decode()
    assert (answer["Cache-Control"], "Set-Cookie" in answer) == (public.CACHE_CONTROL, False)


def test_looking_reports_nothing(client):
    comment = make_comment(status="approved")
    for method in ("get", "head", "get"):
        assert getattr(client, method)(report_path(comment)).status_code == 200
    assert rows() == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_report_is_noted_and_thanked_for(visitor, language):
    comment = make_comment(status="approved")
    answer = send(visitor, comment, "hurtful", language=language)
    assert (answer.status_code, answer["Location"]) == (303, path_in(language, "comments:reported", number=comment.pk))
    assert rows() == [(comment.pk, "hurtful", None)]
    thanks = visitor.get(answer["Location"])
    assert (thanks.status_code, "Set-Cookie" in thanks) == (200, False)
    assert words(soup(thanks).h1) == {"fr": "Merci de nous l’avoir signalé", "en": "Thank you for telling us"}[language]
    back = soup(thanks).select_one("main a.button")
    assert back["href"] == event_path(comment.event, language) + f"#comment-{comment.pk}"


def test_a_second_report_from_the_same_network_on_the_same_day_is_thanked_for_and_changes_nothing(visitor):
    comment = make_comment(status="approved")
    first, second = send(visitor, comment, "spam"), send(visitor, comment, "hurtful")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert rows() == [(comment.pk, "spam", None)]
    other = make_comment(status="approved")
    send(visitor, other)
    DailyKey.objects.all().delete()  # tomorrow
    send(visitor, comment, "other")
    assert rows() == [(comment.pk, "spam", None), (other.pk, "spam", None), (comment.pk, "other", None)]


def test_of_the_reporter_nothing_is_kept_but_a_hash_of_the_day(visitor):
    comment, other = make_comment(status="approved"), make_comment(status="approved")
    send(visitor, comment)
    send(visitor, other)
    kept = Report.objects.values("who", "comment", "reason", "weighed_at", "at", "id")
    first, second = [row["who"] for row in kept]
    assert (len(first), set(first) <= set("0123456789abcdef")) == (64, True)
    without_a_key = {sha256(each.encode()).hexdigest() for each in ("203.0.1.7", "203.0.1.0", "203.0.1.0/24")}
    assert {first, second} & without_a_key == set()  # which would be found again by trying all networks
    assert first != second  # nor can two reports be tied to one reader


def test_what_visitors_cannot_read_cannot_be_reported_and_the_answer_tells_nothing(client):
    event, draft = make_event(), make_event(status="draft")
    hidden = [make_comment(event=event, status=status) for status in ("pending", "spam", "trash")]
    hidden.append(make_comment(event=draft, status="approved"))
    numbers = [comment.pk for comment in hidden] + [10**6, 10**30]
    for method in ("get", "post"):
        answers = [getattr(client, method)(path_in("fr", "comments:report", number=number)) for number in numbers]
        assert {answer.status_code for answer in answers} == {404}
        pages = {
            answer.content.decode().replace(f"/{number}/", "/N/")
            for answer, number in zip(answers, numbers, strict=True)
        }
        assert len(pages) == 1
    thanks = [client.get(path_in("fr", "comments:reported", number=number)) for number in numbers]
    pages = {
        answer.content.decode().replace(f"/{number}/", "/N/") for answer, number in zip(thanks, numbers, strict=True)
    }
    assert ({answer.status_code for answer in thanks}, len(pages)) == ({200}, 1)
    assert rows() == []


@pytest.mark.parametrize("reason", ["", "nonsense", "spam\0"])
def test_a_form_without_a_reason_is_shown_again_with_the_fault_tied_to_the_field(visitor, reason):
    comment = make_comment(status="approved")
    answer = send(visitor, comment, reason, language="en")
    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one("fieldset")["aria-describedby"] == page.select_one("fieldset .error")["id"]
    assert words(page.select_one("fieldset .error")) == "Error: Choose a reason."
    assert page.select_one(".error-summary a")["href"] == f"#{page.select_one('fieldset')['id']}"
    assert (rows(), answer["Cache-Control"]) == ([], "no-store")


def test_a_report_from_another_site_is_refused_and_the_choice_kept(visitor):
    comment = make_comment(status="approved")
    answer = send(visitor, comment, "private", **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert [each["value"] for each in soup(answer).select("input[checked]")] == ["private"]
    assert rows() == []


def test_too_many_from_one_network_are_told_when_to_come_back_and_the_choice_is_kept(visitor):
    comments = [make_comment(status="approved") for _ in range(6)]
    answers = [send(visitor, comment, "other") for comment in comments]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert [each["value"] for each in soup(answers[-1]).select("input[checked]")] == ["other"]
    assert len(rows()) == 5
    assert send(visitor, comments[-1], network=2).status_code == 303


# --- Enough of them -------------------------------------------------------------------------------------------------


def test_the_third_report_lets_the_comment_wait_and_tells_the_moderators(visitor, client, settings):
    settings.MODERATORS = ["modo@example.org"]
    comment = make_comment(status="approved", held_for=["website"])
    assert "Merci d’avoir" in client.get(event_path(comment.event)).content.decode()
    states = []
    for network in (1, 2, 3, 4):
        send(visitor, comment, network=network)
        states.append(Comment.objects.get().status)
    assert states == ["approved", "approved", "pending", "pending"]
    comment.refresh_from_db()
    assert comment.held_for == ["reported:3", "website"]
    move = Move.objects.of(comment).last()
    assert (move.old, move.new, move.via, move.actor, move.reasons) == (
        "approved",
        "pending",
        "reports",
        "",
        ["reported:3"],
    )
    assert [mail.to for mail in Email.objects.all()] == [["modo@example.org"]]
    assert "Merci d’avoir" not in client.get(event_path(comment.event)).content.decode()
    assert len(rows()) == 3  # the fourth found nothing to report any more


@pytest.mark.parametrize(
    ("language", "code", "sentence"),
    [
        ("fr", "reported:1", "Signalé une fois par un lecteur ou une lectrice."),
        ("fr", "reported:3", "Signalé 3 fois par des lecteurs."),
        ("en", "reported:1", "Reported once by a reader."),
        ("en", "reported:3", "Reported 3 times by readers."),
    ],
)
def test_whoever_decides_reads_how_often_it_was_reported(language, code, sentence):
    with translation.override(language):
        assert Comment(held_for=[code]).reasons == [sentence]


def test_after_an_editor_approved_it_again_it_takes_as_many_new_reports(visitor):
    comment = make_comment(status="approved")
    for network in (1, 2, 3):
        send(visitor, comment, network=network)
    Comment.objects.get().approve(By(Via.ADMIN, 1, "claire"))
    assert None not in Report.objects.values_list("weighed_at", flat=True)
    states = []
    for network in (4, 5, 6):
        send(visitor, comment, network=network)
        states.append(Comment.objects.get().status)
    assert states == ["approved", "approved", "pending"]
    assert Comment.objects.get().held_for == ["reported:3"]


@pytest.mark.parametrize(("site", "of_event", "held_after"), [(2, None, 2), (2, 1, 1), (1, 0, None), (0, None, None)])
def test_the_rules_say_how_many_are_enough(visitor, site, of_event, held_after):
    event = make_event()
    Policy.objects.create(reports_to_hold=site)
    Policy.objects.create(event=event, reports_to_hold=of_event)
    comment = make_comment(event=event, status="approved")
    states = []
    for network in range(1, 5):
        send(visitor, comment, network=network)
        states.append(Comment.objects.get().status)
    assert (states.index("pending") + 1 if "pending" in states else None) == held_after


def test_a_report_that_comes_too_late_moves_nothing():
    comment = make_comment(status="approved")
    stale = Comment.objects.get()
    comment.trash()
    assert [reporting.report(stale, "spam", f"n{number}") for number in range(4)] == [False] * 4
    assert (Comment.objects.get().status, rows()) == ("trash", [])


def test_no_path_forgets_to_weigh_the_reports(visitor):
    comment = make_comment(status="approved")
    send(visitor, comment)
    moved_at = timezone.now()
    comment.mark_spam()
    assert Report.objects.get().weighed_at is None
    comment.take_back("approved", comment.updated_at)
    assert Report.objects.get().weighed_at >= moved_at


def test_the_database_holds_one_report_of_a_reader_and_comment():
    comment = make_comment()
    Report.objects.create(comment=comment, reason="spam", who="x")
    with pytest.raises(IntegrityError):
        Report.objects.create(comment=comment, reason="other", who="x")


# --- In the admin ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Readers’ reports: hurtful or hateful (2), advertising or fraud (1)"),
        ("fr", "Signalements : blessant ou haineux (2), publicité ou fraude (1)"),
    ],
)
def test_moderators_see_number_and_reasons_in_list_and_page(editor, language, sentence):
    comment = make_comment(status="approved")
    for who, reason in (("a", "hurtful"), ("b", "spam"), ("c", "hurtful")):
        comment.reports.create(reason=reason, who=who)
    make_comment(status="approved")
    pages = ["/admin/comments/comment/", f"/admin/comments/comment/{comment.pk}/change/"]
    for path in pages:
        found = soup(editor.get(path, headers={"accept-language": language})).select(".readers-reports")
        assert [words(each) for each in found] == [sentence]


# --- Left published -------------------------------------------------------------------------------------------------


def buttons(client, path) -> list[str]:
    return [each["name"] for each in soup(client.get(path)).select(".moves button")]


@pytest.mark.parametrize(
    ("language", "button", "said", "record"),
    [
        (
            "en",
            "Leave it published",
            "The comment by Zoé Lefèvre stays published.",
            "claire left it published in spite of readers’ reports (",
        ),
        (
            "fr",
            "Laisser publié",
            "Le commentaire signé Zoé Lefèvre reste publié.",
            "claire l’a laissé publié malgré les signalements (",
        ),
    ],
)
def test_a_moderator_leaves_a_reported_comment_published(editor, language, button, said, record):
    comment = make_comment(status="approved")
    comment.reports.create(reason="spam", who="a")
    page = f"/admin/comments/comment/{comment.pk}/change/"
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    first = soup(editor.get("/admin/comments/comment/?status__exact=approved")).select_one(".moves button")
    assert (words(first), buttons(editor, page)[0]) == (button, "_keep")
    answer = editor.post(page, {"_keep": comment.pk, f"seen-{comment.pk}": "approved.1"}, follow=True)
    assert words(soup(answer).select_one(".messagelist li")) == said
    assert Comment.objects.get().status == "approved"
    assert Report.objects.get().weighed_at is not None
    assert Move.objects.values_list("old", "new", "via", "actor").get() == ("approved", "approved", "admin", "claire")
    again = soup(editor.get(page))
    assert words(again.select_one(".decisions li")).startswith(record)
    assert "_keep" not in buttons(editor, page)


def test_left_published_it_takes_as_many_new_reports(visitor):
    comment = make_comment(status="approved")
    for network in (1, 2):
        send(visitor, comment, network=network)
    assert (comment.keep(), comment.keep()) == (True, False)
    for network in (3, 4):
        send(visitor, comment, network=network)
    assert Comment.objects.get().status == "approved"
    send(visitor, comment, network=5)
    assert Comment.objects.get().status == "pending"


def test_whoever_was_slower_than_the_readers_or_a_colleague_is_told(editor):
    comment = make_comment(status="approved")
    comment.reports.create(reason="spam", who="a")
    seen = {"_keep": comment.pk, f"seen-{comment.pk}": "approved.1"}
    comment.restore(By(Via.REPORTS))
    page = f"/admin/comments/comment/{comment.pk}/change/"
    answer = editor.post(page, seen, follow=True)
    said = words(soup(answer).select_one(".messagelist li"))
    assert said.startswith("The comment by Zoé Lefèvre stays as it is. It was made to wait because readers reported it")
    assert (Comment.objects.get().status, Report.objects.get().weighed_at) == ("pending", None)


def test_of_reports_that_come_at_once_none_is_lost(at_once):
    comment = make_comment(status="approved")
    numbers = iter(range(8))
    held = at_once(lambda: reporting.report(comment, "spam", f"n{next(numbers)}"), 8)
    assert sorted(held) == [False] * 7 + [True]
