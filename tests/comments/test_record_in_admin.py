"""The record of decisions, who comes second, and erasing, in the admin."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from comments.models import By, Comment, Move, Via
from tests.accounts.factories import make_account, signed_in
from tests.comments.factories import make_comment
from tests.comments.test_moderate_in_admin import LIST, change_page, messages_in
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

MOVES = "/admin/comments/move/"
MARC = By(Via.ADMIN, 7, "marc")
THEN = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)


@pytest.fixture
def moderator():
    return signed_in(make_account("moderator"))


def record(comment, *moves: tuple) -> None:
    for old, new, by, reasons in moves:
        Move.record(comment, old, new, by, reasons, THEN)


EVERY_WAY = [
    ("pending", "spam", By(Via.POLICY), ["links:9"]),
    ("spam", "pending", MARC, []),
    ("pending", "approved", By(Via.MAIL, 8, "élise"), []),
    ("approved", "pending", By(Via.REPORTS), []),
    ("pending", "trash", By(Via.AUTHOR), []),
    ("trash", "pending", By(Via.AUTHOR), []),
    ("pending", "trash", MARC, []),
    ("trash", "erased", By(Via.RETENTION), []),
]
TOLD = {
    "en": [
        "It was marked as spam by the rules (2 March 2026, 13:05). Contains 9 links.",
        "marc let it wait again (2 March 2026, 13:05).",
        "élise approved it (2 March 2026, 13:05).",
        "It was made to wait because readers reported it (2 March 2026, 13:05).",
        "Its author took it back (2 March 2026, 13:05).",
        "Its author sent it again (2 March 2026, 13:05).",
        "marc moved it to the trash (2 March 2026, 13:05).",
        "It was erased because its time was over (2 March 2026, 13:05).",
    ],
    "fr": [
        "Il a été marqué comme indésirable par les règles (2 mars 2026, 13 h 05). Contient 9 liens.",
        "marc l’a remis en attente (2 mars 2026, 13 h 05).",
        "élise l’a approuvé (2 mars 2026, 13 h 05).",
        "Il a été mis en attente parce que des lecteurs l’ont signalé (2 mars 2026, 13 h 05).",
        "Son auteur l’a repris (2 mars 2026, 13 h 05).",
        "Son auteur l’a renvoyé (2 mars 2026, 13 h 05).",
        "marc l’a mis à la corbeille (2 mars 2026, 13 h 05).",
        "Il a été effacé parce que son délai était écoulé (2 mars 2026, 13 h 05).",
    ],
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_of_a_comment_tells_who_decided_what_how_when_and_why(language):
    comment = make_comment()
    record(comment, *EVERY_WAY)
    page = soup(signed_in(make_account("moderator"), language).get(change_page(comment)))
    assert [words(each) for each in page.select(".decisions li")] == TOLD[language]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_of_decisions_shows_them_all_newest_first(language):
    comment = make_comment()
    record(comment, *EVERY_WAY)
    page = soup(signed_in(make_account("moderator"), language).get(MOVES))
    found = [[words(cell) for cell in row.select("td, th")] for row in page.select("#result_list tbody tr")]
    told = [[sentence.partition("). ")[0].rstrip(").") + ").", str(comment.pk), "–"] for sentence in TOLD[language]]
    told[0][2] = {"en": "Contains 9 links.", "fr": "Contient 9 liens."}[language]
    assert found == told[::-1]
    assert [a["href"] for a in page.select("#result_list a")] == [change_page(comment)] * len(EVERY_WAY)


def test_decisions_are_found_by_comment_account_and_way(moderator):
    first, second = make_comment(), make_comment()
    record(first, ("pending", "approved", MARC, []))
    record(second, ("pending", "spam", By(Via.MAIL, 8, "élise"), []))

    def found(**asked):
        return [words(a) for a in soup(moderator.get(MOVES, asked)).select("#result_list a")]

    one, two = str(first.pk), str(second.pk)
    assert found(q=one) == [one]
    assert found(q="élise") == [two]
    assert found(via__exact="admin") == [one]
    assert (found(q="nobody"), found(q="9" * 30)) == ([], [])


def test_nobody_adds_changes_or_deletes_a_decision(editor):
    comment = make_comment()
    record(comment, ("pending", "approved", MARC, []))
    before = list(Move.objects.values())
    page = f"{MOVES}{Move.objects.get().pk}"
    posts = [
        (f"{MOVES}add/", {"actor": "x"}),
        (f"{page}/change/", {"actor": "x"}),
        (f"{page}/delete/", {"post": "yes"}),
    ]
    assert [editor.post(path, data).status_code for path, data in posts] == [403] * 3
    editor.post(MOVES, {"action": "delete_selected", "_selected_action": [Move.objects.get().pk], "post": "yes"})
    assert list(Move.objects.values()) == before
    shown = soup(editor.get(f"{page}/change/"))
    assert shown.select("#content-main input:not([type=hidden]), #content-main select, .deletelink") == []


def test_the_address_of_djangos_history_leads_to_the_decisions(moderator):
    comment = make_comment()
    answer = moderator.get(f"{LIST}{comment.pk}/history/")
    assert (answer.status_code, answer["Location"]) == (302, f"{change_page(comment)}#decisions")


# --- Who comes second -----------------------------------------------------------------------------------------------

SECOND = [
    ("_approve", "en", "The comment by Émile <b> stays as it is. marc marked it as spam (today, {hour})."),
    (
        "_approve",
        "fr",
        "Le commentaire signé Émile <b> reste tel quel. marc l’a marqué comme indésirable (aujourd’hui, {hour}).",
    ),
]


def now_in(language: str) -> str:
    local = timezone.localtime(Move.objects.latest("pk").at)
    minutes = "" if not local.minute else f" {local:%M}"
    return f"{local:%H:%M}" if language == "en" else f"{local.hour} h{minutes}"


@pytest.mark.parametrize(("verb", "language", "sentence"), SECOND)
def test_from_the_page_who_comes_second_is_told_and_stays_there(verb, language, sentence):
    client = signed_in(make_account("moderator"), language)
    comment = make_comment(name="Émile <b>")
    [seen] = soup(client.get(change_page(comment))).select(f"#comment_form input[name=seen-{comment.pk}]")
    Comment.objects.get().mark_spam(MARC)
    data = {verb: comment.pk, seen["name"]: seen["value"]}
    answer = client.post(change_page(comment), data, follow=True)
    assert answer.redirect_chain == [(change_page(comment), 302)]
    assert messages_in(answer) == [sentence.format(hour=now_in(language))]
    assert Comment.objects.get().status == "spam"

    [seen] = soup(answer).select(f"#comment_form input[name=seen-{comment.pk}]")
    client.post(change_page(comment), {verb: comment.pk, seen["name"]: seen["value"]})
    assert Comment.objects.get().status == "approved"


def test_from_the_list_each_comment_that_somebody_decided_about_stays_and_the_others_move(moderator):
    event = make_event()
    comments = [make_comment(event=event, name=name) for name in ("Zoé", "Émile", "Noé")]
    page = soup(moderator.get(LIST))
    seen = {each["name"]: each["value"] for each in page.select("input[name^=seen-]")}
    assert seen == {f"seen-{comment.pk}": "pending.1" for comment in comments}
    comments[0].trash(MARC)
    comments[1].approve(MARC)
    data = {"action": "approve", "_selected_action": [comment.pk for comment in comments], "index": "0"}
    answer = moderator.post(LIST, data | seen, follow=True)
    hour = now_in("en")
    assert sorted(messages_in(answer)) == sorted(
        [
            "The comment by Noé is now approved. Undo",
            f"The comment by Zoé stays as it is. marc moved it to the trash (today, {hour}).",
            f"The comment by Émile stays as it is. marc approved it (today, {hour}).",
        ]
    )
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["trash", "approved", "approved"]


def test_of_many_that_stay_their_number_is_said(moderator):
    event = make_event()
    comments = [make_comment(event=event) for _number in range(6)]
    seen = {f"seen-{comment.pk}": "pending.1" for comment in comments}
    for comment in comments:
        comment.trash(MARC)
    data = {"action": "approve", "_selected_action": [comment.pk for comment in comments], "index": "0"}
    assert messages_in(moderator.post(LIST, data | seen, follow=True)) == [
        "6 comments stay as they are: somebody decided about them meanwhile, or their authors changed them."
    ]


def test_words_that_their_author_changed_meanwhile_are_not_approved_unread(moderator):
    comment = make_comment(name="Zoé")
    Comment.objects.update(revision=2)
    answer = moderator.post(
        change_page(comment), {"_approve": comment.pk, f"seen-{comment.pk}": "pending.1"}, follow=True
    )
    assert messages_in(answer) == [
        "The comment by Zoé stays as it is. Its author has changed it since you opened the page: read it again."
    ]
    assert Comment.objects.get().status == "pending"


@pytest.mark.parametrize("junk", ["", "pending", "pending.", "pending.é", f"pending.{'9' * 30}", "x.y.z"])
def test_junk_for_what_was_seen_counts_as_nothing_seen(moderator, junk):
    comment = make_comment()
    moderator.post(LIST, {"_approve": comment.pk, f"seen-{comment.pk}": junk})
    assert Comment.objects.get().status == "approved"


def test_undo_puts_back_what_nobody_has_touched_and_stands_in_the_record(moderator):
    comment = make_comment()
    answer = moderator.post(change_page(comment), {"_trash": comment.pk}, follow=True)
    decision = soup(answer).select_one("form.undo button")["value"]
    moderator.post(f"{LIST}undo/", {"decision": decision})
    moves = Move.objects.of(comment).values_list("old", "new", "actor")
    assert list(moves) == [("pending", "trash", "zoé"), ("trash", "pending", "zoé")]


# --- Taken back, and erased -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "taken_back", "erased", "name"),
    [("en", "taken back by its author", "erased", "Comment"), ("fr", "repris par son auteur", "effacé", "Commentaire")],
)
def test_what_was_taken_back_or_erased_is_shown_as_such_and_without_buttons(language, taken_back, erased, name):
    client = signed_in(make_account("moderator"), language)
    event = make_event()
    back = make_comment(event=event, name="Inès")
    back.withdraw()
    empty = make_comment(event=event, name="Ugo", status="approved")
    make_comment(event=event, parent=empty, name="Léa", status="approved")
    empty.erase(MARC)

    page = soup(client.get(f"{LIST}?status__exact=trash"))
    found = [[words(row.select_one(".who a")), words(row.select_one(".state"))] for row in page.select("tbody tr")]
    assert found == [[f"{name} {empty.pk}", erased], ["Inès", taken_back]]
    assert page.select("button.move") == []
    for comment in (back, empty):
        page = soup(client.get(change_page(comment)))
        assert page.select("button.move") == []
        assert len(page.select("a.delete")) == (comment == back)


def test_pressing_a_button_for_what_was_taken_back_says_so(moderator):
    comment = make_comment(name="Inès")
    comment.withdraw()
    answer = moderator.post(LIST, {"_approve": comment.pk}, follow=True)
    assert messages_in(answer) == [
        f"The comment by Inès stays as it is. Its author took it back (today, {now_in('en')})."
    ]


def test_deleting_erases_leaves_a_place_for_answers_and_says_who_did_it(moderator):
    event = make_event()
    above = make_comment(event=event, name="Ugo", body="Secret", status="approved")
    make_comment(event=event, parent=above, name="Léa", status="approved")
    alone = make_comment(event=event, name="Noé", body="Secret aussi")
    for comment in (above, alone):
        page = moderator.get(f"{LIST}{comment.pk}/delete/")
        assert words(soup(page).select_one("#content p")) == (
            "The words, the name and the addresses are erased for good. This alone cannot be undone."
        )
        assert moderator.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Comment.objects.order_by("pk").values_list("name", "body", "email")) == [
        ("", "", ""),
        ("Léa", "Merci d’avoir pensé aux crèches.", "zoe.lefevre@example.org"),
    ]
    erased = Move.objects.filter(new="erased").order_by("pk").values_list("comment_number", "via", "actor")
    assert list(erased) == [(above.pk, "admin", "zoé"), (alone.pk, "admin", "zoé")]
    logged = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    for word in ("Ugo", "Noé", "Secret", "@"):
        assert word not in logged


def test_deleting_many_erases_each(moderator):
    event = make_event()
    comments = [make_comment(event=event) for _number in range(3)]
    data = {"action": "delete_selected", "_selected_action": [each.pk for each in comments], "post": "yes"}
    moderator.post(LIST, data)
    assert Comment.objects.count() == 0
    assert Move.objects.filter(new="erased", actor="zoé").count() == 3
    assert "@" not in " ".join(LogEntry.objects.values_list("object_repr", flat=True))


def test_counts_of_many_are_said_as_more_than_a_thousand_where_their_tab_is_not_open(moderator, monkeypatch):
    monkeypatch.setattr("comments.admin.filters.MOST_COUNTED", 2)
    event = make_event()
    for status in ["pending"] * 3 + ["approved"] * 3 + ["spam"]:
        make_comment(event=event, status=status)

    def tabs(query=""):
        return [words(each) for each in soup(moderator.get(f"{LIST}{query}")).select("nav.tabs .count")]

    assert tabs() == ["3", "2+", "1", "0", "6+"]
    assert tabs("?status__exact=approved") == ["2+", "3", "1", "0", "6+"]
    assert tabs("?status__exact=all") == ["2+", "2+", "1", "0", "7"]
    assert tabs("?q=crèches") == ["3", "3", "1", "0", "7"]
