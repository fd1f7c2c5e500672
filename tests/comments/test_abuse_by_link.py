"""The rows of the table of abuse that are about links, the pages behind them, and the mails that bring them."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from post_office.models import Email

from comments.models import Correspondent, Follow
from omep_site.lib.links import path_in, sign
from omep_site.models import ContentVersion
from tests.comments.factories import (
    everything,
    make_comment,
    make_correspondent,
    make_follow,
    own_path,
    path_of,
    press,
    queued,
    send,
)
from tests.factories import make_event

pytestmark = pytest.mark.django_db

OWN_PAGES = ("waiting", "edit", "withdraw", "send_again", "follow")
VICTIM = "victime@example.org"


def link_pages() -> dict[str, str]:
    """Each page behind a link, in the state in which it asks for something."""
    row = make_correspondent(status="pending", email="autre@example.org")
    follow = make_follow(make_comment(email=row.email), row)
    comment = make_comment()
    return {
        "waiting": own_path(comment),
        "edit": own_path(comment, "edit"),
        "withdraw": own_path(comment, "withdraw"),
        "confirm_address": path_of(row.confirm_url),
        "stop_all": path_of(row.stop_url),
        "stop_one": path_of(follow.stop_url),
    }


def test_reply_mail_bomb_fifty_opt_ins_for_a_victim_are_one_mail_a_day_with_no_text_of_a_visitor(client, monkeypatch):
    """The bomber has as many networks as needed, and stops nowhere."""
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    monkeypatch.setattr("comments.views.author.wait_for", lambda *args: 0)
    words = {"name": "Casino Pirate", "body": "Gagnez sur casino.example", "website": "https://casino.example"}
    for turn in range(50):
        comment = make_comment(email=VICTIM if turn % 2 else VICTIM.upper(), **words)
        for language in ("fr", "en"):
            answer = press(client, own_path(comment, "follow", language), publication="on", replies="on")
            assert answer.status_code == 303
    [mail] = Email.objects.all()
    assert (mail.to[0].lower(), mail.headers["X-Mail-Kind"]) == (VICTIM, "comment_confirm_address")
    text = mail.email_message().message().as_bytes().decode()
    for word in ("casino", "Casino", "Pirate", "Gagnez"):
        assert word not in text
    for hours, mails in [(23, 1), (24, 2), (25, 2), (47, 2), (48, 3)]:
        monkeypatch.setattr("django.utils.timezone.now", lambda hours=hours: noon + timedelta(hours=hours))
        monkeypatch.setattr("omep_site.lib.throttle.time.time", lambda hours=hours: noon.timestamp() + hours * 3600)
        for _turn in range(3):
            press(client, own_path(comment, "follow"), replies="on")
        assert (hours, Email.objects.count()) == (hours, mails)


def test_reply_mail_bomb_no_news_goes_to_an_address_that_did_not_say_yes_or_said_no(client):
    comment = make_comment(email=VICTIM, status="approved")
    for state in ("pending", "stopped"):
        Correspondent.objects.all().delete()
        make_follow(comment, make_correspondent(email=VICTIM, status=state))
        assert list(Follow.objects.heard()) == []


def test_the_public_form_writes_to_nobody_who_did_not_ask(client):
    answer = send(client, make_event(), email=VICTIM, publication="on", replies="on", follow="on")
    assert answer.status_code == 303
    assert (Correspondent.objects.count(), Email.objects.filter(to__contains="victime").count()) == (0, 0)


@pytest.mark.parametrize("status", ["pending", "spam", "approved"])
def test_email_enumeration_the_answers_are_the_same_bytes_whatever_is_known_of_the_address(client, status):
    """The comment is the same one, so that nothing but what is known of its address can differ."""
    comment = make_comment(email=VICTIM, status=status)
    seen = set()
    for state in ("unknown", "pending", "confirmed", "stopped"):
        Correspondent.objects.all().delete()
        if state != "unknown":
            make_follow(comment, make_correspondent(email=VICTIM, status=state))
        pages = [client.get(own_path(comment))]
        pages.append(press(client, own_path(comment, "follow"), replies="on"))
        pages.append(client.get(pages[-1]["Location"]))
        pages.append(client.get(own_path(comment)))
        seen.add(tuple((page.status_code, page.content, str(sorted(page.headers.items()))) for page in pages))
    assert len(seen) == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_scanner_clicks_three_times_change_nothing(client, method):
    pages = list(link_pages().values())
    withdrawn = make_comment()
    withdrawn.withdraw()
    pages += [own_path(withdrawn, page) for page in OWN_PAGES]
    before, version = everything(), ContentVersion.current()
    for _turn in range(3):
        assert {getattr(client, method)(page).status_code for page in pages} <= {200, 303}
    assert (everything(), ContentVersion.current()) == (before, version)
    assert Email.objects.count() == 0


PURPOSES = ("comments.approve", "comments.decide", "comments.confirm_address", "newsletter.confirm", "", "comments")


@pytest.mark.parametrize("page", OWN_PAGES)
def test_key_reuse_another_purpose_or_an_altered_link_opens_no_page_of_an_author(client, page):
    comment = make_comment()
    token = sign("comments.waiting", comment.pk)
    aged = token.split(":")
    aged[1] = signing.b62_encode(int(time.time()) + 86400)
    tokens = [
        *(sign(purpose, comment.pk) for purpose in PURPOSES),
        make_correspondent().stop_token,
        signing.dumps(comment.pk),
        signing.dumps(comment.pk + 1, key="x" * 50, salt="comments.waiting"),
        sign("comments.waiting", comment.pk + 1),
        ":".join(aged),
        token[:-1],
        token + "x",
        str(comment.pk),
    ]
    before = everything()
    answers = [client.get(path_in("fr", f"comments:{page}", token=each)) for each in tokens]
    if page != "waiting":
        answers += [press(client, path_in("fr", f"comments:{page}", token=each), name="é") for each in tokens]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert everything() == before


def test_key_reuse_no_other_link_confirms_an_address_or_ends_its_mail(client):
    row = make_correspondent(status="pending")
    follow = make_follow(make_comment(), row)
    confirm = row.confirm_url.split("/")[-2]
    wrong = {
        "confirm_address": [
            *(sign(purpose, row.pk) for purpose in ("comments.waiting", "newsletter.confirm", "comments.decide")),
            row.stop_token,
            follow.stop_token,
            confirm[:-1],
            sign("comments.confirm_address", row.pk + 1),
        ],
        "stop_all": [follow.stop_token, row.stop_token[:-1], "x"],
        "stop_one": [row.stop_token, follow.stop_token[:-1], "x"],
    }
    before = everything()
    for name, tokens in wrong.items():
        for token in tokens:
            path = path_in("fr", f"comments:{name}", token=token)
            assert (name, client.get(path).status_code, client.post(path).status_code) == (name, 404, 404)
    assert everything() == before


def test_a_link_opens_the_one_comment_that_it_is_for(client):
    mine, other = make_comment(), make_comment(name="Émile", body="autre chose")
    press(client, own_path(mine, "edit"), name="Zoé", body="à moi", website="", revision=1, pk=other.pk, token="x")
    press(client, own_path(mine, "withdraw"), pk=other.pk)
    other.refresh_from_db()
    assert (other.body, other.status) == ("autre chose", "pending")


def test_referer_leak_link_pages_name_their_address_to_nobody_and_ask_nothing_of_a_third_party(client):
    """“no-referrer” would turn the Origin of their forms into “null”: “same-origin” tells other sites as little."""
    for name, path in link_pages().items():
        answer = client.get(path)
        assert (name, answer.status_code, answer["Referrer-Policy"]) == (name, 200, "same-origin")
        page = BeautifulSoup(answer.content, "html.parser")
        loaded = [tag.get("src") or tag.get("href") for tag in page.select("script, img, iframe, link")]
        assert [each for each in loaded if each and not each.startswith("/")] == []
        assert (
            "default-src 'none'" in answer["Content-Security-Policy"] or "'self'" in answer["Content-Security-Policy"]
        )


def test_link_pages_are_kept_by_no_cache_and_no_search_engine_and_set_no_cookie(client):
    for name, path in link_pages().items():
        for answer in (client.get(path), client.head(path)):
            assert (name, answer["Cache-Control"], answer["X-Robots-Tag"]) == (name, "private, no-store", "noindex")
            assert (name, dict(answer.cookies)) == (name, {})
        page = BeautifulSoup(client.get(path).content, "html.parser")
        assert (name, page.select_one("meta[name=robots]")["content"]) == (name, "noindex")
        assert (name, page.select("link[rel=canonical], link[hreflang]"), page.select("#newsletter-form")) == (
            name,
            [],
            [],
        )
        if name not in ("waiting", "edit"):
            assert (name, len(page.select("form")), len(page.select("form button"))) == (name, 1, 1)


def test_host_poisoning_the_links_of_a_mail_are_on_the_site_s_own_address(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    press(client, own_path(make_comment(), "follow"), {"host": "pirate.example.com"}, replies="on")
    [mail] = queued("comment_confirm_address")
    assert "pirate" not in mail.email_message().message().as_bytes().decode()


def test_open_redirect_whatever_is_asked_for_the_answer_leads_to_the_comment_s_own_page(client):
    comment = make_comment()
    for page, fields in [("follow", {"replies": "on"}), ("withdraw", {}), ("send_again", {})]:
        answer = press(client, own_path(comment, page), next="https://attack.example", **fields)
        assert answer["Location"].split("?")[0] == own_path(comment)
