from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import signing

from comments.models import Comment, Policy
from omep_site.lib import public
from omep_site.lib.links import path_in, sign
from omep_site.models import ContentVersion
from tests.comments.factories import make_comment, own_path, press, send
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def page_of(comment, language="fr") -> str:
    return path_in(language, "comments:waiting", token=sign("comments.waiting", comment.pk))


def lead(answer) -> str:
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    return page.select_one("main .lead").get_text().strip()


WAITS = {
    "fr": "Merci\u202f! Votre commentaire nous est parvenu\u202f; il attend d’être lu par notre équipe.",
    "en": "Thank you. Your comment has arrived and is waiting for an editor to read it.",
}
STANDS = [
    ("pending", "fr", WAITS["fr"]),
    ("pending", "en", WAITS["en"]),
    ("spam", "fr", WAITS["fr"]),
    ("spam", "en", WAITS["en"]),
    ("approved", "fr", "Votre commentaire est publié. Le lire sur la page de l’événement"),
    ("approved", "en", "Your comment is published. Read it on the event’s page"),
    ("trash", "fr", "Notre équipe a lu votre commentaire et ne l’a pas publié."),
    ("trash", "en", "The editors have read your comment and did not publish it."),
]


@pytest.mark.parametrize(("status", "language", "sentence"), STANDS)
def test_the_page_says_where_the_comment_stands_and_shows_it(client, status, language, sentence):
    comment = make_comment(status=status, body="Bravo, Geneviève !", language="fr")
    other = make_comment(event=comment.event, name="Émile", body="autre chose")
    answer = client.get(page_of(comment, language))
    assert answer.status_code == 200
    assert lead(answer) == sentence
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    (body,) = page.select(".comment-body")
    assert body.get_text().strip() == "Bravo, Geneviève !"
    assert body.get("lang") == (None if language == "fr" else "fr")
    assert other.name not in page.get_text()
    assert other.body not in page.get_text()
    assert comment.email not in answer.content.decode()


def test_spam_looks_as_a_comment_that_waits(client):
    comment = make_comment()
    path = page_of(comment)
    before = client.get(path).content
    comment.mark_spam()
    assert client.get(path).content == before


def test_an_approved_comment_is_linked_at_its_place(client):
    comment = make_comment(status="approved")
    link = f'href="/en/comments/{comment.pk}/"'
    assert link in client.get(page_of(comment, "en")).content.decode()


def test_an_event_that_was_withdrawn_is_not_named(client):
    comment = make_comment(status="approved", event=make_event(title_fr="Journée secrète", status="draft"))
    answer = client.get(page_of(comment))
    assert lead(answer) == "Votre commentaire est publié."
    assert "Journée secrète" not in answer.content.decode()


def test_the_page_is_kept_by_no_cache_and_no_search_engine(client):
    answer = client.get(page_of(make_comment()))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"
    assert not answer.cookies
    assert "hreflang" not in answer.content.decode()


def test_the_language_switch_stays_with_the_comment(client):
    comment = make_comment()
    html = client.get(page_of(comment, "fr")).content.decode()
    (english,) = [link["href"] for link in BeautifulSoup(html, "html.parser").select(".languages a")]
    assert lead(client.get(english)) == WAITS["en"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client, method, django_assert_num_queries):
    comment = make_comment()
    before, version = list(Comment.objects.values()), ContentVersion.current()
    path = page_of(comment)
    for _ in range(3):
        assert getattr(client, method)(path).status_code == 200
    assert list(Comment.objects.values()) == before
    assert ContentVersion.current() == version
    public.forget_version()
    with django_assert_num_queries(3):  # the version, the comment with its event, the rules
        getattr(client, method)(path)
    assert client.post(path).status_code == 405


def test_walking_along_the_tokens_leads_to_one_and_the_same_nothing(client):
    comment = make_comment()
    token = sign("comments.waiting", comment.pk)
    broken = [
        str(comment.pk),
        token[:-1],
        token + "x",
        "x" + token,
        token.swapcase(),
        "::",
        "é",
        "%00",
        signing.dumps(comment.pk),
        sign("comments.approve", comment.pk),
        sign("comments.waiting", comment.pk + 1),
        sign("newsletter.confirm", comment.pk),
    ]
    answers = [client.get(path_in("fr", "comments:waiting", token=each)) for each in broken]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_after_thirty_days_the_page_says_that_it_has_expired(client, monkeypatch):
    comment = make_comment()
    path = page_of(comment, "en")
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + timedelta(days=30).total_seconds() - 5)
    assert client.get(path).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + timedelta(days=30).total_seconds() + 5)
    answer = client.get(path)
    assert answer.status_code == 410
    assert lead(answer) == (
        "It showed your comment for 30 days. If the editors approved it, you find it on the page of its event."
    )
    assert comment.body not in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def test_each_sender_is_led_to_the_comment_just_sent(visitor):
    event = make_event()
    first = send(visitor, event, body="Première remarque")["Location"]
    second = send(visitor, event, body="Seconde remarque")["Location"]
    for path, own, other in [(first, "Première", "Seconde"), (second, "Seconde", "Première")]:
        html = visitor.get(path).content.decode()
        assert own in html
        assert other not in html


@pytest.mark.parametrize(
    ("status", "forms", "links"),
    [
        ("pending", ["follow"], ["edit", "withdraw"]),
        ("spam", ["follow"], ["edit", "withdraw"]),
        ("approved", ["follow"], []),
        ("trash", [], []),
        ("withdrawn", ["send_again"], []),
    ],
)
def test_the_page_offers_what_can_still_be_done_and_no_form_of_the_sites_foot(visitor, status, forms, links):
    comment = make_comment(status="pending" if status == "withdrawn" else status)
    if status == "withdrawn":
        comment.withdraw()
    page = BeautifulSoup(visitor.get(own_path(comment)).content, "html.parser")
    names = {
        path_of_page: name
        for name in ("edit", "withdraw", "send_again", "follow")
        for path_of_page in [own_path(comment, name)]
    }
    assert [names[form["action"]] for form in page.select("form")] == forms
    assert [names[link["href"]] for link in page.select("main a") if link["href"] in names] == links


TICKS = {
    "pending": ["Me prévenir quand mon commentaire est publié", "Me prévenir quand quelqu’un répond"],
    "approved": ["Me prévenir quand quelqu’un répond"],
}


@pytest.mark.parametrize("status", ["pending", "approved"])
def test_the_page_offers_news_of_what_can_still_happen(visitor, status):
    comment = make_comment(status=status)

    def boxes():
        page = BeautifulSoup(visitor.get(own_path(comment)).content, "html.parser")
        assert page.select("input[checked]") == []
        return [page.find("label", attrs={"for": box["id"]}).get_text() for box in page.select("input[type=checkbox]")]

    assert boxes() == TICKS[status]
    Policy.objects.create(levels=1)
    assert boxes() == TICKS[status][:-1]
    Policy.objects.update(levels=3, opening="closed")
    assert boxes() == TICKS[status][:-1]


def test_a_comment_that_was_taken_back_says_until_when_it_is_there(visitor):
    comment = make_comment()
    comment.withdraw()
    Policy.objects.create(trash_days=7)
    words = BeautifulSoup(visitor.get(own_path(comment)).content, "html.parser").main.get_text(" ")
    assert "Vous avez retiré ce commentaire. Il ne sera pas publié." in words
    assert "Il sera supprimé définitivement après 7 jours." in words


def test_an_erased_comment_has_no_page(visitor):
    comment = make_comment(status="approved")
    make_comment(event=comment.event, parent=comment, status="approved")
    comment.erase()
    pages = ("waiting", "edit", "withdraw", "send_again", "follow")
    assert {visitor.get(own_path(comment, page)).status_code for page in pages} == {404}
    assert {press(visitor, own_path(comment, page)).status_code for page in pages[1:]} == {404}
