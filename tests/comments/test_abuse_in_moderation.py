"""The rows of the abuse table that are about moderating: the input, and the exact answer."""

import threading

import pytest
from django.test import Client

from comments import deciding
from comments.models import Comment, ModeratorChoice, Move
from omep_site.lib import links
from omep_site.lib.links import path_in
from tests.accounts.factories import make_account, signed_in
from tests.comments.factories import make_comment
from tests.comments.test_decide_by_mail import link, make_moderator
from tests.pages import soup, words

LIST = "/admin/comments/comment/"


def everything() -> tuple:
    return list(Comment.objects.order_by("pk").values()), list(Move.objects.values()), ModeratorChoice.objects.count()


# --- CSRF on moderation: cross-site POST → 403 ----------------------------------------------------------------------


@pytest.mark.django_db
def test_another_site_cannot_make_a_moderators_browser_decide():
    comment = make_comment(status="approved")
    client = Client(
        enforce_csrf_checks=True, headers={"sec-fetch-site": "cross-site", "origin": "https://attaque.example"}
    )
    client.force_login(make_account("moderator", "administrator"))
    before = everything()
    page = f"{LIST}{comment.pk}"
    forged = [
        (LIST, {"action": "trash", "_selected_action": [comment.pk], "index": "0"}),
        (LIST, {"_trash": comment.pk, f"seen-{comment.pk}": "approved.1"}),
        (f"{page}/change/", {"_trash": comment.pk}),
        (f"{page}/delete/", {"post": "yes"}),
        (f"{LIST}undo/", {"decision": "x"}),
        (f"{LIST}told/", {"when": "at_once"}),
        ("/admin/comments/policy/add/", {"event": "Événement"}),
    ]
    assert [client.post(path, data).status_code for path, data in forged] == [403] * 7
    assert everything() == before


# --- Scanner clicks: GET/HEAD ×3 → nothing changed ------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("verb", deciding.VERBS)
def test_a_scanner_that_opens_each_link_three_times_changes_nothing(visitor, verb):
    make_moderator()
    comment = make_comment()
    before = everything()
    codes = [ask(link(comment, verb)).status_code for ask in (visitor.get, visitor.head) for _time in range(3)]
    assert codes == [200] * 6
    assert everything() == before


@pytest.mark.django_db
def test_other_methods_than_the_three_are_not_there(visitor):
    make_moderator()
    address = link(make_comment())
    assert [ask(address).status_code for ask in (visitor.put, visitor.delete, visitor.patch)] == [405] * 3


# --- Key reuse: altered action, id, age → 403 -----------------------------------------------------------------------


def altered(token: str, comment, user) -> dict[str, str]:
    value, moment, signature = token.split(":")
    said = links.unsign(deciding.PURPOSE, token, deciding.GOOD_FOR)
    of_another = deciding.token_for(comment, "trash", user).split(":")
    return {
        "the verb of another link": ":".join([of_another[0], moment, signature]),
        "a younger age": ":".join([value, of_another[1][:-1] + ("y" if moment.endswith("z") else "z"), signature]),
        "no signature": ":".join([value, moment, ""]),
        "cut": token[:-3],
        "signed for the author's page": links.sign("comments.waiting", said),
        "signed for an address to confirm": links.sign("comments.confirm_address", said),
        "nothing of ours": "bonjour",
        "accents": "é:é:é",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("en", "This link is not whole"), ("fr", "Ce lien n’est pas entier")])
def test_what_was_altered_or_signed_for_something_else_is_refused_and_changes_nothing(visitor, language, title):
    user = make_moderator()
    comment = make_comment()
    before = everything()
    for token in altered(deciding.token_for(comment, "approve", user), comment, user).values():
        address = path_in(language, "comments:decide", token=token)
        for answer in (visitor.get(address), visitor.post(address, {"seen": "pending"})):
            assert (answer.status_code, words(soup(answer).h1)) == (403, title)
            assert answer["Cache-Control"] == "no-store"
    assert everything() == before


@pytest.mark.django_db
def test_a_link_to_decide_opens_nothing_else(visitor):
    user = make_moderator()
    token = deciding.token_for(make_comment(), "approve", user)
    assert visitor.get(path_in("en", "comments:waiting", token=token)).status_code == 404


@pytest.mark.django_db
def test_each_link_decides_about_its_own_comment_alone(visitor):
    make_moderator()
    first, second = make_comment(), make_comment()
    visitor.post(link(first), {"seen": "pending", "comment": second.pk, "verb": "trash"})
    assert [Comment.objects.get(pk=each.pk).status for each in (first, second)] == ["approved", "pending"]


# --- Two moderators: approve ∥ spam → one wins, other told who and when ---------------------------------------------


def test_of_two_moderators_at_once_one_wins_and_the_other_is_told_who_and_when(at_once):
    comment = make_comment()
    addresses = {}
    for verb, username in (("approve", "zoé"), ("mark_spam", "marc")):
        user = make_moderator(username=username, email=f"{username}@example.org".replace("é", "e"))
        addresses[username] = link(comment, verb, user)
    turns, together = iter(addresses.items()), threading.Barrier(2)

    def decide():
        username, address = next(turns)
        together.wait(30)
        answer = Client().post(address, {"seen": "pending"})
        together.wait(30)
        return (
            username,
            answer.status_code,
            answer,
            Comment.objects.get().status,
            list(Move.objects.values_list("actor")),
        )

    won, lost = sorted(at_once(decide, 2), key=lambda answer: answer[1])
    assert (won[1], lost[1]) == (200, 409)
    status, did = {"zoé": ("approved", "approved it"), "marc": ("spam", "marked it as spam")}[won[0]]
    assert [won[3:], lost[3:]] == [(status, [(won[0],)])] * 2
    [told] = soup(lost[2]).select("[role=alert] p:first-child")
    assert words(told).startswith(f"{won[0]} {did} (today, ")


def test_of_two_moderators_at_once_in_the_admin_one_wins_and_the_other_is_told_who_and_when(at_once):
    comment = make_comment(name="Émile")
    clients = {
        username: signed_in(make_account("moderator", username=username, language="en")) for username in ("zoé", "marc")
    }
    verbs = {"zoé": "_approve", "marc": "_mark_spam"}
    turns, together = iter(clients.items()), threading.Barrier(2)

    def decide():
        username, client = next(turns)
        together.wait(30)
        data = {verbs[username]: comment.pk, f"seen-{comment.pk}": "pending.1"}
        client.post(LIST, data)
        together.wait(30)
        said = [words(each) for each in soup(client.get(LIST)).select(".messagelist li")]
        return username, said, Comment.objects.get().status

    answers = {username: (said, status) for username, said, status in at_once(decide, 2)}
    status = answers["zoé"][1]
    won, lost = ("zoé", "marc") if status == "approved" else ("marc", "zoé")
    done = {
        "zoé": "The comment by Émile is now approved. Undo",
        "marc": "The comment by Émile is now marked as spam. Undo",
    }
    did = {"zoé": "zoé approved it", "marc": "marc marked it as spam"}
    assert answers[won] == ([done[won]], status)
    [told] = answers[lost][0]
    assert told.startswith(f"The comment by Émile stays as it is. {did[won]} (today, ")
