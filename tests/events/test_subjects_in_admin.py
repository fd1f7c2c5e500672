"""Subjects, as editors keep them and give them to events."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from events.models import Event, Subject
from omep_site.lib.history import versions_of
from tests.accounts.factories import make_account, signed_in
from tests.admin_forms import form_data
from tests.events.test_lists import make_subject
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/events/subject/"
ADD = f"{LIST}add/"


def errors(response) -> dict[str, str]:
    rows = soup(response).select("#content-main form .errorlist")
    return {each["id"].removeprefix("id_").removesuffix("_error"): words(each) for each in rows if each.get("id")}


def posted(client, fields, path=ADD, language="en"):
    data = {"name_fr": "", "name_en": "", "slug_fr": "", "slug_en": ""} | fields
    return client.post(path, data, headers={"accept-language": language})


# --- The form of a subject --------------------------------------------------------------------------------------------


def test_an_address_is_made_from_each_name(editor):
    assert posted(editor, {"name_fr": "Droits de l’enfant", "name_en": "Rights of the child"}).status_code == 302
    subject = Subject.objects.get()
    assert (subject.slug_fr, subject.slug_en) == ("droits-de-l-enfant", "rights-of-the-child")

    assert posted(editor, {"name_fr": "Éveil"}).status_code == 302
    assert Subject.objects.filter(name_fr="Éveil").values_list("slug_fr", "slug_en").get() == ("eveil", None)


def test_one_address_leads_to_one_subject_in_every_language(editor):
    make_subject(name_fr="Inclusion", name_en="Inclusion", slug_fr="inclusion", slug_en="inclusion")
    assert posted(editor, {"name_fr": "L’inclusion", "slug_en": "inclusion", "name_en": "All"}).status_code == 200
    response = posted(editor, {"name_fr": "L’inclusion", "slug_en": "inclusion"}, language="fr")
    assert errors(response) == {"slug_en": "Un autre thème a déjà cette adresse."}

    other = make_subject(name_fr="École !", name_en="", slug_fr="ecole", slug_en=None)
    posted(editor, {"name_fr": "Écoles", "name_en": "Ecole"})
    assert Subject.objects.get(name_fr="Écoles").slug_en == "ecole-2"
    assert other.slug_fr == "ecole"


def test_the_same_name_in_both_languages_is_no_conflict(editor):
    assert posted(editor, {"name_fr": "Inclusion", "name_en": "Inclusion"}).status_code == 302
    assert Subject.objects.values_list("slug_fr", "slug_en").get() == ("inclusion", "inclusion")


@pytest.mark.parametrize(
    ("fields", "language", "expected"),
    [
        ({}, "en", {"name_fr": "Write the name in one language at least."}),
        ({}, "fr", {"name_fr": "Écrivez le nom dans une langue au moins."}),
        ({"name_fr": "JEU !"}, "fr", {"name_fr": "Un autre thème porte déjà ce nom."}),
        ({"name_en": "play"}, "en", {"name_en": "Another subject has this name."}),
        ({"name_en": "…"}, "en", {"name_en": "Write a name with at least one letter."}),
        ({"name_fr": "x" * 61}, "en", {"name_fr": "Ensure this value has at most 60 characters (it has 61)."}),
        (
            {"name_fr": "a\u202eb"},
            "en",
            {
                "name_fr": "This contains invisible characters that change the direction of the text. Please type it again."
            },
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field(editor, fields, language, expected):
    make_subject()
    response = posted(editor, fields, language=language)
    assert (response.status_code, Subject.objects.count()) == (200, 1)
    assert errors(response) == expected


@pytest.mark.parametrize("name", ["œ" * 60, "é" * 60, "Ж" * 60, "日本語"])
def test_a_long_or_foreign_name_has_an_address_that_fits(editor, name):
    assert posted(editor, {"name_fr": name}).status_code == 302
    assert 0 < len(Subject.objects.get().slug_fr) <= 60


def test_each_box_says_its_language(editor):
    page = soup(editor.get(ADD))
    assert {field["id"]: field["lang"] for field in page.select("input[lang]")} == {
        "id_name_fr": "fr",
        "id_name_en": "en",
        "id_slug_fr": "fr",
        "id_slug_en": "en",
    }


def test_the_list_says_what_each_language_lacks_and_how_many_events_there_are(editor):
    subject = make_subject()
    for _number in range(2):
        make_event().subjects.add(subject)
    make_subject(name_fr="Éveil", name_en="", slug_fr="eveil", slug_en=None)
    rows = [[words(each) for each in row.select("th, td")[1:]] for row in soup(editor.get(LIST)).select("tbody tr")]
    assert sorted(rows) == [
        ["Play", "2", "✓ filled", "✓ filled"],
        ["Éveil", "0", "✓ filled", "○ missing"],
    ]
    found = soup(editor.get(LIST, {"q": "éveil"})).select("tbody tr")
    assert [words(each.select_one("th")) for each in found] == ["Éveil"]


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_costs_as_many_queries_however_long_it_is(editor, django_assert_num_queries, count):
    for number in range(count):
        make_event().subjects.add(
            make_subject(name_fr=f"é {number}", name_en=f"e {number}", slug_fr=f"f{number}", slug_en=f"e{number}")
        )
    with django_assert_num_queries(7):
        editor.get(LIST)


def test_the_form_leads_to_the_list_that_visitors_see(editor):
    subject = make_subject()
    assert soup(editor.get(f"{LIST}{subject.pk}/change/")).select("a.viewsitelink") == []
    make_event().subjects.add(subject)
    link = soup(editor.get(f"{LIST}{subject.pk}/change/")).select_one("a.viewsitelink")
    assert link["href"] == "/en/events/?subject=play"


@pytest.mark.parametrize("how", ["page", "action"])
def test_deleting_takes_it_off_its_events_and_it_can_be_brought_back(editor, how):
    subject, event = make_subject(), make_event(title_en="Summer")
    event.subjects.add(subject)
    subject.save()
    assert " jeu " in Event.objects.get().search_words_fr
    if how == "page":
        page = soup(editor.get(f"{LIST}{subject.pk}/delete/", headers={"accept-language": "fr"}))
        assert "Le thème est retiré des événements qui en parlent. Les événements restent." in words(page)
        editor.post(f"{LIST}{subject.pk}/delete/", {"post": "yes"})
    else:
        data = {"action": "delete_selected", "post": "yes", "_selected_action": [subject.pk], "index": "0"}
        editor.post(LIST, data)
    assert (Subject.objects.count(), Event.objects.count()) == (0, 1)
    assert " jeu " not in Event.objects.get().search_words_fr

    version = versions_of(Subject, subject.pk).first().pk
    response = editor.post(f"{LIST}deleted/{version}/", follow=True)
    assert response.status_code == 200
    assert Subject.objects.values_list("name_fr", "slug_en").get() == ("Jeu", "play")


# --- In the form of an event ------------------------------------------------------------------------------------------


@pytest.fixture
def subjects():
    return [
        make_subject(),
        make_subject(name_fr="Éveil", name_en="", slug_fr="eveil", slug_en=None),
        make_subject(name_fr="Droits", name_en="Rights", slug_fr="droits", slug_en="rights"),
    ]


def change_of(event) -> str:
    return f"/admin/events/event/{event.pk}/change/"


@pytest.mark.parametrize(
    ("language", "names"), [("fr", ["Droits", "Éveil", "Jeu"]), ("en", ["Éveil", "Play", "Rights"])]
)
def test_subjects_are_ticks_in_the_order_of_their_names(editor, subjects, language, names):
    page = soup(editor.get("/admin/events/event/add/", headers={"accept-language": language}))
    assert [words(each) for each in page.select("#id_topics label")] == names
    assert page.select("#id_topics [checked]") == []


def test_ticks_are_saved_kept_compared_and_brought_back(editor, subjects):
    play, awakening, rights = subjects
    event = make_event(status="draft")
    for subject in (play, rights):  # one after the other: together they would get their rows in any order
        event.subjects.add(subject)
    page = editor.get(change_of(event))
    assert sorted(form_data(page)["topics"]) == sorted([str(play.pk), str(rights.pk)])

    data = form_data(page) | {"topics": [str(awakening.pk), str(rights.pk)]}
    assert editor.post(change_of(event), data).status_code == 302
    assert set(event.subjects.all()) == {awakening, rights}
    assert " eveil " in Event.objects.get().search_words_fr

    history = soup(editor.get(f"/admin/events/event/{event.pk}/history/"))
    told = words(history.select_one(".versions .told"))
    assert ("Subject 1: removed" in told, "Subject 2: added" in told) == (True, True)
    new, old = versions_of(Event, event.pk)
    compare = soup(editor.get(f"/admin/events/event/{event.pk}/history/compare/", {"old": old.pk, "new": new.pk}))
    assert [words(compare.select(each)[-1]) for each in ("del", "ins")] == ["Play", "Éveil"]
    editor.post(f"/admin/events/event/{event.pk}/history/{old.pk}/")
    assert set(event.subjects.all()) == {play, rights}
    assert " jeu " in Event.objects.get().search_words_fr


def test_a_save_without_a_change_of_subjects_makes_no_version(editor, subjects):
    event = make_event(status="draft")
    event.subjects.add(*subjects)
    for _turn in range(2):
        editor.post(change_of(event), form_data(editor.get(change_of(event))))
    assert (len(versions_of(Event, event.pk)), event.subjects.count()) == (1, 3)


def test_a_version_whose_subject_is_gone_comes_back_without_it(editor, subjects):
    event = make_event(status="draft")
    event.subjects.add(subjects[0], subjects[2])
    editor.post(change_of(event), form_data(editor.get(change_of(event))) | {"title_en": "Summer"})
    subjects[0].delete()
    old = versions_of(Event, event.pk).last()
    response = editor.post(f"/admin/events/event/{event.pk}/history/{old.pk}/", follow=True)
    assert [words(each) for each in soup(response).select(".messagelist li")][-1] == (
        "Subject: no longer there, and left out."
    )
    assert list(event.subjects.all()) == [subjects[2]]


def test_a_copy_has_the_subjects_of_its_event(editor, subjects):
    event = make_event()
    event.subjects.add(subjects[1], subjects[2])
    dates = {"starts_at_0": "06/12/2027", "starts_at_1": "13:30", "ends_at_0": "06/12/2027", "ends_at_1": "14:30"}
    editor.post(f"/admin/events/event/{event.pk}/duplicate/", dates | {"timezone": "Africa/Dakar"})
    copy = Event.objects.order_by("pk").last()
    assert set(copy.subjects.all()) == {subjects[1], subjects[2]}
    assert " eveil " in copy.search_words_fr


@pytest.mark.parametrize("junk", ["abc", "999999", "9" * 30, "-1"])
def test_a_subject_that_is_gone_is_said_at_the_ticks(editor, subjects, junk):
    event = make_event(status="draft")
    data = form_data(editor.get(change_of(event))) | {"topics": [junk, str(subjects[0].pk)]}
    response = editor.post(change_of(event), data)
    assert (response.status_code, event.subjects.count()) == (200, 0)
    assert list(errors(response)) == ["topics"]


def test_the_list_of_events_is_filtered_by_subject(editor, subjects):
    event = make_event(title_en="Summer")
    event.subjects.add(subjects[0])
    make_event(title_en="Winter")

    def shown(value):
        page = soup(editor.get("/admin/events/event/", {"subject": value}))
        return sorted(words(each.select_one(".field-name")).split()[0] for each in page.select("#result_list tbody tr"))

    assert shown(subjects[0].pk) == ["Summer"]
    assert shown(subjects[1].pk) == []
    for junk in ("abc", "9" * 30, "-1", "é"):
        assert shown(junk) == ["Summer", "Winter"]


def test_only_editors_and_administrators_keep_subjects(subjects):
    pages = [LIST, ADD, f"{LIST}{subjects[0].pk}/change/"]
    for role, status in (("editor", 200), ("administrator", 200), ("moderator", 403), ("newsletter", 403)):
        client = signed_in(make_account(role, username=role))
        assert [client.get(each).status_code for each in pages] == [status] * 3

    user = User.objects.create_user("victor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_subject"))
    client = Client()
    client.force_login(user)
    assert [client.get(each).status_code for each in pages] == [200, 403, 200]
    assert client.post(pages[2], {"name_fr": "Autre"}).status_code == 403
