from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from comments.admin.comment import OPENING, in_two
from comments.models import Comment
from omep_site.lib import public
from tests.comments.factories import make_comment
from tests.comments.test_moderate_in_admin import LIST, change_page, messages_in
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def names(answer) -> list[str]:
    return [words(link) for link in soup(answer).select("#result_list .who a")]


def tabs(answer) -> list[str]:
    return [words(link) for link in soup(answer).select("nav.tabs a")]


def one_in_each_state(**fields) -> None:
    event = fields.pop("event", None) or make_event()
    for status in Comment.Status:
        make_comment(event=event, status=status, name=f"Émile {status}", **fields)


# --- What is shown --------------------------------------------------------------------------------------------------


def test_without_a_word_the_list_shows_what_waits_newest_first(editor):
    one_in_each_state()
    event = make_event()
    now = timezone.now()
    make_comment(event=event, name="Ancienne", created_at=now - timedelta(days=2))
    make_comment(event=event, name="Récente", created_at=now + timedelta(days=1))
    answer = editor.get(LIST)
    assert names(answer) == ["Récente", "Émile pending", "Ancienne"]
    [current] = soup(answer).select("nav.tabs [aria-current=page]")
    assert words(current) == "Waiting 3"


def test_where_nothing_waits_the_list_shows_everything(editor):
    make_comment(name="Zoé", status="approved")
    make_comment(name="Noé", status="spam")
    answer = editor.get(LIST)
    assert names(answer) == ["Noé", "Zoé"]
    assert [words(state) for state in soup(answer).select(".state")] == ["spam", "approved"]


TABS = {
    "en": ["Waiting 1", "Approved 1", "Spam 1", "In the trash 1", "All 4"],
    "fr": ["En attente 1", "Approuvé 1", "Indésirable 1", "À la corbeille 1", "Tous 4"],
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_tab_for_each_state_says_how_many_there_are(editor, language):
    one_in_each_state()
    page = editor.get(LIST, headers={"accept-language": language})
    assert tabs(page) == TABS[language]
    shown = [names(editor.get(LIST + link["href"])) for link in soup(page).select("nav.tabs a")]
    order = [f"Émile {status}" for status in ("trash", "spam", "approved", "pending")]
    assert shown == [[order[3]], [order[2]], [order[1]], [order[0]], order]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Nothing waits: every comment has been decided about."),
        ("fr", "Rien n’attend : chaque commentaire a reçu sa décision."),
    ],
)
def test_the_link_of_the_mail_leads_to_what_waits_even_where_nothing_does(editor, language, sentence):
    make_comment(status="approved")
    answer = editor.get(f"{LIST}?status__exact=pending", headers={"accept-language": language})
    assert [words(line) for line in soup(answer).select(".nothing")] == [sentence]


def test_a_row_has_the_whole_comment_and_its_reasons(editor):
    event = make_event(title_en="Être and playing")
    make_comment(event=event, name="Amélie", status="approved")
    comment = make_comment(
        event=event,
        name="<i>Zoé</i>",
        body="<b>Première</b> ligne\n\nDeuxième & dernière",
        parent=Comment.objects.get(),
        held_for=["links:3", "website"],
    )
    [row] = soup(editor.get(LIST)).select("#result_list tbody tr")
    assert words(row.select_one(".words")) == "<b>Première</b> ligne Deuxième & dernière"
    assert [words(reason) for reason in row.select(".reasons li")] == ["Contains 3 links.", "Gives a website."]
    [first, second] = [words(line) for line in row.select(".about")]
    assert first.endswith("· Être and playing · French")
    assert second == "In reply to Amélie"
    assert row.select("details, .words b, .who i") == []
    assert row.select_one(".who a")["href"] == change_page(comment)
    assert "zoe.lefevre@example.org" not in row.get_text()


def test_a_long_comment_unfolds_and_no_word_of_it_is_lost(editor):
    body = "\n\n".join(["Nous accueillons soixante-dix enfants dans notre école, hiver comme été."] * 20)
    make_comment(body=body)
    [row] = soup(editor.get(LIST)).select("#result_list tbody tr")
    parts = [words(part) for part in row.select(".words")]
    assert " ".join(parts) == " ".join(body.split())
    assert len(parts[0]) <= OPENING
    assert words(row.select_one("details summary")) == "Read the rest"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("court", ("court", "")),
        ("é" * 15, ("é" * 15, "")),  # hardly longer
        ("aa bbb cccc dddd eeee", ("aa bbb", "cccc dddd eeee")),
        ("é" * 25, ("é" * 10, "é" * 15)),  # one endless word
        ("aaaaaaa\nbbbbbbbbbbbbbbbb", ("aaaaaaa", "bbbbbbbbbbbbbbbb")),
    ],
)
def test_a_long_text_is_cut_between_words(text, parts):
    assert in_two(text, 10) == parts


@pytest.mark.parametrize(
    ("language", "moment"), [("en", "1 December 2021, 13:30"), ("fr", "1er décembre 2021, 13 h 30")]
)
def test_a_comments_hour_is_the_sites_in_the_list_and_on_its_page(editor, language, moment):
    received = datetime(2021, 12, 1, 12, 30, tzinfo=UTC)
    comment = make_comment(event=make_event(timezone="Asia/Tokyo"), created_at=received)
    times = []
    for path in (LIST, change_page(comment)):
        page = soup(editor.get(path, headers={"accept-language": language}))
        times.append(words(page.select_one("#content time")))
    assert times == [moment, moment]


TOLD = [
    (0, "en", "Nobody is told by e-mail that a comment waits: the setting MODERATORS is empty."),
    (0, "fr", "Personne n’est prévenu par e-mail qu’un commentaire attend : le réglage MODERATORS est vide."),
    (1, "en", "An e-mail about each waiting comment goes to the 1 address in the setting MODERATORS."),
    (1, "fr", "Chaque commentaire en attente est signalé par e-mail à 1 adresse, celle du réglage MODERATORS."),
    (2, "en", "An e-mail about each waiting comment goes to the 2 addresses in the setting MODERATORS."),
    (2, "fr", "Chaque commentaire en attente est signalé par e-mail à 2 adresses, celles du réglage MODERATORS."),
]


@pytest.mark.parametrize(("count", "language", "sentence"), TOLD)
def test_the_list_says_how_many_are_told_of_a_waiting_comment_and_never_who(
    editor, settings, count, language, sentence
):
    settings.MODERATORS = [f"élise{number}@example.org" for number in range(count)]
    page = soup(editor.get(LIST, headers={"accept-language": language}))
    assert words(page.select("form.told .help")[-1]) == sentence
    assert "@example.org" not in words(page)


# --- Searching and narrowing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sought", ["Lefèvre", "zoe.lefevre@", "crèches", "Lancement à Bologne", "Launch in Bologna", "crèches Launch"]
)
def test_comments_are_found_by_name_address_words_and_the_events_title_in_both_languages(editor, sought):
    event = make_event(title_fr="Lancement à Bologne", title_en="Launch in Bologna")
    make_comment(event=event, body="Merci pour les crèches", status="approved")
    make_comment(name="Émile", email="emile@example.org", body="Bonjour")
    assert names(editor.get(LIST, {"q": sought})) == ["Zoé Lefèvre"]


def test_a_search_looks_everywhere_and_in_a_tab_only_there(editor):
    one_in_each_state(body="Merci aux crèches")
    make_comment(name="Noé", body="Bonjour")
    everywhere = editor.get(LIST, {"q": "crèches"})
    assert names(everywhere) == [f"Émile {status}" for status in ("trash", "spam", "approved", "pending")]
    assert tabs(everywhere) == TABS["en"]
    assert names(editor.get(LIST, {"q": "crèches", "status__exact": "spam"})) == ["Émile spam"]


def test_the_list_is_narrowed_by_event_language_and_reasons(editor):
    event = make_event(title_fr="Été", title_en="Summer")
    make_event(title_en="Without a comment")
    make_comment(event=event, name="Zoé", language="fr", held_for=["website"])
    make_comment(event=event, name="Émile", language="en")
    reported = make_comment(name="Noé", language="en", held_for=["new_address", "links:2"])
    reported.reports.create(reason="spam", who="x")
    chosen = {
        "": ["Noé", "Émile", "Zoé"],
        f"event__id__exact={event.pk}": ["Émile", "Zoé"],
        "language__exact=en": ["Noé", "Émile"],
        "reasons=some": ["Noé", "Zoé"],
        "reasons=none": ["Émile"],
        "reasons=reported": ["Noé"],
        f"event__id__exact={event.pk}&language__exact=en": ["Émile"],
        "event__id__exact=é": ["Noé", "Émile", "Zoé"],
    }
    assert {query: names(editor.get(f"{LIST}?{query}")) for query in chosen} == chosen
    page = soup(editor.get(LIST))
    assert [words(option) for option in page.select("#by-event__id__exact option")] == [
        "any",
        Comment.objects.get(name="Noé").event.title_en,
        "Summer",
    ]


def test_narrowing_the_list_keeps_to_what_waits(editor):
    event = make_event()
    one_in_each_state(event=event)
    answer = editor.get(f"{LIST}?event__id__exact={event.pk}")
    assert (names(answer), tabs(answer)) == (["Émile pending"], TABS["en"])


def test_an_authors_other_comments_are_one_click_away_and_no_address_is_in_the_link(editor):
    one = make_comment(name="Zoé", status="approved")
    make_comment(name="Zoé bis", email="ZOE.LEFEVRE@example.org", status="spam")
    make_comment(name="Zoé ter", status="spam")
    make_comment(name="Noé", email="noe@example.org", status="spam")
    page = soup(editor.get(change_page(one)))
    [link] = page.select("section.author a")
    assert words(link) == "Spam (2)"
    assert "@" not in link["href"]
    assert names(editor.get(link["href"])) == ["Zoé ter", "Zoé bis"]
    assert names(editor.get(f"{LIST}?same_author_as=é&status__exact=spam")) == ["Noé", "Zoé ter", "Zoé bis"]


# --- Deciding in the list -------------------------------------------------------------------------------------------


def test_a_button_in_a_row_moves_that_row_and_the_keyboard_goes_on_at_the_next(editor):
    event = make_event()
    comments = [make_comment(event=event, name=name) for name in ("Zoé", "Émile", "Noé")]
    page = soup(editor.get(LIST))
    buttons = [(b["name"], b["value"], b["formaction"]) for b in page.select("button.move.approve")]
    zoe, emile, noe = [str(comment.pk) for comment in comments]
    assert buttons == [
        ("_approve", noe, f"#row-{emile}"),
        ("_approve", emile, f"#row-{zoe}"),
        ("_approve", zoe, f"#row-{emile}"),
    ]
    assert len(page.select("form form, button:not([value]) .move")) == 0
    answer = editor.post(f"{LIST}?language__exact=fr", {"_mark_spam": emile, "shown": "pending"}, follow=True)
    assert answer.redirect_chain == [(f"{LIST}?language__exact=fr", 302)]
    assert messages_in(answer) == ["The comment by Émile is now marked as spam. Undo"]
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["pending", "spam", "pending"]


def test_each_button_in_a_row_is_described_by_the_authors_name(editor):
    make_comment(name="Zoé")
    page = soup(editor.get(LIST))
    assert [words(page.find(id=button["aria-describedby"])) for button in page.select("button.move")] == ["Zoé"] * 3
    assert [words(button) for button in page.select("button.move")] == ["Approve", "Mark as spam", "Move to the trash"]


def test_all_of_what_the_list_shows_by_itself_is_what_waits_and_nothing_else(editor):
    one_in_each_state()
    page = soup(editor.get(LIST))
    [shown] = page.select("#changelist-form input[name=shown]")
    box = page.select_one(".action-select")["value"]
    data = {"action": "approve", "index": "0", "_selected_action": [box], "select_across": "1", "shown": shown["value"]}
    editor.post(LIST, data)
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == [
        "approved",
        "approved",
        "spam",
        "trash",
    ]


# --- What it costs --------------------------------------------------------------------------------------------------


def make_many(count: int, event) -> None:
    Comment.objects.bulk_create(
        Comment(
            event=event, name=f"Zoé {n}", email=f"z{n % 2}@example.org", body="Été " * 50, language="fr", parent=None
        )
        for n in range(count)
    )


@pytest.mark.parametrize("count", [10, 500])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_asks_the_same_queries_with_10_and_with_500_comments(
    editor, django_assert_num_queries, language, count
):
    for number in range(5):
        make_many(count // 5, make_event(title_en="" if number % 2 else "Summer"))
    public.forget_version()
    with django_assert_num_queries(ADMIN_LIST):
        answer = editor.get(LIST, headers={"accept-language": language})
    assert len(names(answer)) == min(count, 25)


# version, session, account with its language; the events to choose from, whether anything waits, how much, site's
# words, the comments with those that they answer; how many in each of the three other tabs, how one wants to be told,
# the events of the rows, readers' reports
ADMIN_LIST = 14


@pytest.mark.parametrize("count", [10, 500])
def test_the_page_of_a_comment_asks_the_same_queries_with_10_and_with_500_comments(
    editor, django_assert_num_queries, count
):
    make_many(count, make_event())
    comment = Comment.objects.order_by("created_at", "pk")[count // 2]
    public.forget_version()
    with django_assert_num_queries(ADMIN_PAGE):
        answer = editor.get(change_page(comment))
    assert words(soup(answer).select_one("section.author a")) == f"Waiting ({count // 2 - 1})"


# version, session, account with its language, site's words; comment with the one that it answers, the author's others,
# event, what was decided, readers' reports, the next that waits; the type of the row, which Django's form asks for
ADMIN_PAGE = 11
