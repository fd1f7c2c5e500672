"""The rules of commenting in the admin: the site's row, and those of events."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.utils.translation import override

from comments.models import Policy, Rules
from events.models import Event
from omep_site.lib import public
from omep_site.models import ContentVersion
from tests.accounts.factories import make_account, signed_in
from tests.admin_forms import form_data
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/policy/"
ADD = f"{LIST}add/"


@pytest.fixture
def moderator():
    return signed_in(make_account("moderator"))


def rows(answer) -> list[list[str]]:
    return [[words(cell) for cell in row.select("th, td")] for row in soup(answer).select("#result_list tbody tr")]


def page_of(policy) -> str:
    return f"{LIST}{policy.pk}/change/"


def faults(answer) -> list[str]:
    return [words(each) for each in soup(answer).select("#content ul.errorlist li")]


@pytest.mark.parametrize(
    ("language", "first", "nothing"),
    [
        ("en", "Rules of the whole site", "nothing of their own: the rules that the site came with hold"),
        ("fr", "Règles de tout le site", "rien de particulier : les règles d’origine du site s’appliquent"),
    ],
)
def test_the_list_begins_with_the_rules_of_the_site_which_are_always_there(language, first, nothing):
    client = signed_in(make_account("moderator"), language)
    assert rows(client.get(LIST)) == [[first, nothing]]
    client.get(LIST)
    assert Policy.objects.count() == 1
    assert Policy.objects.in_force() == Rules()


def test_the_list_says_in_words_what_each_row_says(moderator):
    older, newer = make_event(title_en="Spring"), make_event(title_en="Summer")
    Policy.objects.create(event=newer, opening="days", closes_after=30)
    Policy.objects.create(event=older, newest_first=True, spam_words="casino\n\n montres ")
    Policy.objects.create(levels=2)
    assert rows(moderator.get(LIST)) == [
        ["Rules of the whole site", "Levels of a conversation: 2"],
        [
            "Summer",
            "Comments can be written: until so many days after the event’s end Days after the event’s end: 30",
        ],
        ["Spring", "Order: newest conversation first Words of spam: casino, montres"],
    ]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_the_same_queries_for_1_and_for_20_events(moderator, django_assert_num_queries, count):
    Policy.objects.create()
    for _number in range(count):
        Policy.objects.create(event=make_event(), levels=2)
    public.forget_version()
    with django_assert_num_queries(RULES_LIST):
        assert len(rows(moderator.get(LIST))) == count + 1


# version, session, account with its language, its own permissions and its roles'; the row of the site, how much, the
# rows, their titles; after a change: the site's words (4) and their former addresses
RULES_LIST = 13


@pytest.mark.parametrize(
    ("language", "otherwise"),
    [
        (
            "en",
            ["by default: every comment", "If empty: 3.", "With 0, links alone never are. If empty: 8."],
        ),
        (
            "fr",
            ["par défaut : tous", "Laissé vide : 3.", "Avec 0, les liens seuls ne suffisent jamais. Laissé vide : 8."],
        ),
    ],
)
def test_in_the_sites_row_an_empty_field_says_the_default(language, otherwise):
    client = signed_in(make_account("moderator"), language)
    client.get(LIST)
    page = soup(client.get(page_of(Policy.objects.get())))
    assert page.select_one("#id_levels")["placeholder"] == "3"
    found = [
        words(page.select_one("#id_hold option")),
        words(page.select_one("#id_levels_helptext")).rpartition(". ")[2],
        words(page.select_one("#id_links_to_spam_helptext")),
    ]
    assert found == otherwise
    assert page.select("#id_event, .deletelink") == []


@pytest.mark.parametrize(
    ("language", "otherwise"),
    [
        ("en", ["as on the whole site: not any more", "If empty, as on the whole site: 50."]),
        ("fr", ["comme sur tout le site : non, ils sont fermés", "Laissé vide, comme sur tout le site : 50."]),
    ],
)
def test_in_an_events_row_an_empty_field_says_what_holds_on_the_site(language, otherwise):
    client = signed_in(make_account("moderator"), language)
    Policy.objects.create(opening="closed", page_size=50)
    row = Policy.objects.create(event=make_event(title_fr="Été", title_en="Summer"), page_size=10)
    page = soup(client.get(page_of(row)))
    found = [words(page.select_one("#id_opening option")), words(page.select_one("#id_page_size_helptext"))]
    assert found == otherwise
    assert page.select_one("#id_page_size")["value"] == "10"
    assert words(page.h1) == {"en": "Summer", "fr": "Été"}[language]
    assert page.select("#id_event") == []


def test_saving_the_form_as_it_is_says_nothing_new(moderator):
    moderator.get(LIST)
    row = Policy.objects.get()
    answer = moderator.post(page_of(row), form_data(moderator.get(page_of(row))))
    assert answer.status_code == 302
    assert Policy.objects.get().said() == {}


def test_rules_that_are_saved_hold_at_once_on_public_pages(moderator):
    moderator.get(LIST)
    row = Policy.objects.get()
    version = ContentVersion.current()
    data = form_data(moderator.get(page_of(row))) | {"levels": "2", "newest_first": "True", "hold": "first"}
    assert moderator.post(page_of(row), data).status_code == 302
    assert Policy.objects.get().said() == {"levels": 2, "newest_first": True, "hold": "first"}
    assert ContentVersion.current() > version


@pytest.mark.parametrize("typed", ["Été à Bologne", "ete a bologne", "Summer in", "bologna", "  BOLOGNE "])
def test_an_event_is_found_by_words_of_its_title_in_either_language(moderator, typed):
    event = make_event(title_fr="Été à Bologne", title_en="Summer in Bologna")
    make_event(title_fr="Hiver", title_en="Winter")
    data = form_data(moderator.get(ADD)) | {"event": typed, "levels": "1"}
    assert moderator.post(ADD, data).status_code == 302
    assert Policy.objects.in_force(event).levels == 1


def test_a_title_that_is_written_whole_is_that_event_although_others_hold_it(moderator):
    event = make_event(title_fr="Été", title_en="Summer")
    make_event(title_fr="Été à Bologne", title_en="Summer in Bologna")
    moderator.post(ADD, form_data(moderator.get(ADD)) | {"event": "été", "levels": "1"})
    assert Policy.objects.get(event=event).levels == 1


def test_the_field_offers_the_titles_of_events_without_rules(moderator):
    Policy.objects.create(event=make_event(title_fr="Hiver", title_en="Winter"))
    make_event(title_fr="Été", title_en="Summer")
    page = soup(moderator.get(ADD))
    field = page.select_one("#id_event")
    assert sorted(each["value"] for each in page.find(id=field["list"]).select("option")) == ["Summer", "Été"]


WRONG = [
    ({"event": "Automne"}, "en", "No event has a title with these words."),
    ({"event": "Automne"}, "fr", "Aucun événement n’a de titre avec ces mots."),
    ({"event": "rome"}, "en", "Several events fit. Write more of the title: Summer in Rome / Winter in Rome."),
    (
        {"event": "rome"},
        "fr",
        "Plusieurs événements correspondent. Écrivez davantage du titre : Été à Rome / Hiver à Rome.",
    ),
    ({"event": "Spring"}, "en", "This event has rules of its own already: change those."),
    ({"event": "Spring"}, "fr", "Cet événement a déjà ses propres règles : modifiez-les."),
    (
        {"links_to_hold": "5", "links_to_spam": "3"},
        "en",
        "Fewer links than are worth a look: write 5 or more, or 0 for never.",
    ),
    (
        {"links_to_hold": "5", "links_to_spam": "3"},
        "fr",
        "C’est moins de liens qu’il n’en faut pour y regarder de plus près : écrivez 5 ou plus, ou 0 pour jamais.",
    ),
    ({"links_to_spam": "1"}, "en", "Fewer links than are worth a look: write 2 or more, or 0 for never."),
    ({"links_to_hold": "9"}, "en", "More than links that are spam, which is 8."),
    ({"per_minute": "10", "per_hour": "9"}, "en", "Fewer than in a minute: write 10 or more."),
    ({"per_minute": "31"}, "fr", "C’est plus que « commentaires d’un même réseau par heure », qui est à 30."),
]


@pytest.mark.parametrize(("typed", "language", "sentence"), WRONG)
def test_what_cannot_hold_is_said_and_nothing_is_saved(typed, language, sentence):
    client = signed_in(make_account("moderator"), language)
    Policy.objects.create(event=make_event(title_fr="Printemps", title_en="Spring"))
    make_event(title_fr="Hiver à Rome", title_en="Winter in Rome", starts_at=datetime(2030, 1, 5, tzinfo=UTC))
    make_event(title_fr="Été à Rome", title_en="Summer in Rome", starts_at=datetime(2030, 7, 5, tzinfo=UTC))
    answer = client.post(ADD, form_data(client.get(ADD)) | {"event": "summer"} | typed)
    assert (answer.status_code, faults(answer)) == (200, [sentence.replace("\u202f", " ")])
    assert Policy.objects.count() == 1


@pytest.mark.parametrize("links", ["0", "2", "8"])
def test_links_may_be_spam_from_the_number_that_is_worth_a_look_or_never(moderator, links):
    make_event(title_en="Summer")
    data = form_data(moderator.get(ADD)) | {"event": "summer", "links_to_spam": links}
    assert moderator.post(ADD, data).status_code == 302


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "By these rules, the comments of this event closed on 11 March 2024, 12:00."),
        ("fr", "Selon ces règles, les commentaires de cet événement sont fermés depuis le 11 mars 2024, 12 h."),
    ],
)
def test_rules_that_close_an_event_in_the_past_say_since_when(language, sentence):
    client = signed_in(make_account("moderator"), language)
    make_event(
        title_en="Winter",
        title_fr="Hiver",
        starts_at=datetime(2024, 3, 1, 10, tzinfo=UTC),
        ends_at=datetime(2024, 3, 1, 11, tzinfo=UTC),
    )
    data = form_data(client.get(ADD)) | {"event": "Winter", "opening": "days", "closes_after": "10"}
    said = [words(each) for each in soup(client.post(ADD, data, follow=True)).select(".messagelist li")]
    assert sentence in said


def test_the_rules_of_the_site_cannot_be_deleted_and_those_of_an_event_can(moderator):
    moderator.get(LIST)
    site = Policy.objects.get()
    row = Policy.objects.create(event=make_event(), levels=1)
    assert moderator.post(f"{LIST}{site.pk}/delete/", {"post": "yes"}).status_code == 403
    assert moderator.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Policy.objects.all()) == [site]


def test_the_event_of_a_row_cannot_be_changed(moderator):
    event, other = make_event(), make_event(title_en="Other")
    row = Policy.objects.create(event=event, levels=1)
    data = form_data(moderator.get(page_of(row))) | {"event": "Other"}
    moderator.post(page_of(row), data)
    assert Policy.objects.get().event == event
    assert other.pk != event.pk


def test_who_has_another_role_reads_and_changes_no_rules():
    row = Policy.objects.create()
    client = signed_in(make_account("editor"))
    assert [client.get(path).status_code for path in (LIST, ADD, page_of(row))] == [403] * 3
    assert client.post(page_of(row), {"levels": "1"}).status_code == 403
    assert LogEntry.objects.count() == 0


def test_the_rules_of_an_event_go_with_it_and_its_editor_needs_no_right_to_them():
    editor = make_account("editor", username="anna")
    client = signed_in(editor)
    event = make_event(title_fr="La fête")
    rules = Policy.objects.create(event=event, levels=1)
    assert client.post(f"/admin/comments/policy/{rules.pk}/delete/", {"post": "yes"}).status_code == 403
    page = f"/admin/events/event/{event.pk}/delete/"
    with override("fr"):
        assert str(rules) == "Règles pour «\u202fLa fête\u202f»"
    assert "Rules for “" in client.get(page).content.decode()
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert (Event.objects.exists(), Policy.objects.exists()) == (False, False)
