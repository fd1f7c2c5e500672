"""Who changed what when, and how it comes back: through the admin's pages."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from reversion.models import Version

from comments.models import Comment
from events.models import Event, Partner
from omep_site.lib.history import as_it_was, last_entry, record, versions_of
from omep_site.models import ContentVersion
from tests.admin_forms import form_data
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def versions(event) -> list[int]:
    """Oldest first."""
    return list(versions_of(Event, event.pk).order_by("pk").values_list("pk", flat=True))


def history(event) -> str:
    return f"/admin/events/event/{event.pk}/history/"


def bring_back(client, event, version, language="en"):
    """The messages of the page that follows."""
    response = client.post(f"{history(event)}{version}/", follow=True, headers={"accept-language": language})
    assert response.status_code == 200
    return [words(each) for each in soup(response).select(".messagelist li")]


@pytest.fixture
def viewer(db):
    user = User.objects.create_user("victor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_event"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


# Keeping


def test_a_save_in_the_form_keeps_the_state_before_and_after_it(editor):
    event = make_event(title_fr="Hier", status="draft")
    change = f"/admin/events/event/{event.pk}/change/"
    data = form_data(editor.get(change)) | {"title_fr": "Aujourd’hui"}

    assert editor.post(change, data).status_code == 302
    assert last_entry(Event, event.pk).user.username == "claire"
    assert len(versions(event)) == 2
    lines = [words(each) for each in soup(editor.get(history(event))).select(".versions .told")]
    assert [line.split(" ", 2)[2] for line in lines] == [
        "claire Saved. This is what stands there now. Title: French",
        "As it was before.",
    ]


def test_a_save_that_changes_nothing_makes_no_version(editor):
    event = make_event(status="draft")
    change = f"/admin/events/event/{event.pk}/change/"
    for _turn in range(3):
        assert editor.post(change, form_data(editor.get(change))).status_code == 302

    assert len(versions(event)) == 1


def test_the_lists_actions_are_kept_with_what_stood_there_before(editor):
    event = make_event(status="draft")
    editor.post("/admin/events/event/", {"_selected_action": [event.pk], "index": 0, "action": "publish"})

    assert len(versions(event)) == 2
    assert "Status: published" in words(soup(editor.get(history(event))).select(".versions > li")[0])


def test_a_new_event_begins_its_history(editor):
    data = form_data(editor.get("/admin/events/event/add/"))
    moments = {"starts_at_0": "06/12/2027", "starts_at_1": "13:30", "ends_at_0": "06/12/2027", "ends_at_1": "14:30"}
    assert editor.post("/admin/events/event/add/", data | moments | {"title_fr": "Été"}).status_code == 302

    event = Event.objects.get()
    line = words(soup(editor.get(history(event))).select_one(".versions .told"))
    assert line.endswith("claire Added. This is what stands there now.")


def test_a_partner_has_a_history_of_its_own(editor):
    partner = Partner.objects.create(name="OMEP")
    change = f"/admin/events/partner/{partner.pk}/change/"
    editor.post(change, form_data(editor.get(change)) | {"name": "OMEP monde"})

    found = versions_of(Partner, partner.pk)
    assert found.count() == 2
    response = editor.post(f"/admin/events/partner/{partner.pk}/history/{found.last().pk}/")
    assert response.status_code == 302
    partner.refresh_from_db()
    assert partner.name == "OMEP"


# Bringing back


def test_yesterdays_words_dates_and_rows_come_back_in_all_languages(editor):
    event = make_event(title_fr="Été", title_en="Summer", place_en="Dakar")
    first, second = (event.strategies.create(text_fr=t, text_en=t.upper(), position=n) for n, t in enumerate("ab"))
    partner = event.eventpartner_set.create(partner=Partner.objects.create(name="UNESCO"))
    record(event)
    then = versions(event)[0]
    starts_at = event.starts_at

    event.title_fr, event.title_en, event.place_en = "Hiver", "Winter", ""
    event.starts_at = event.ends_at
    event.save()
    first.delete()
    second.position, second.text_en = 9, "changed"
    second.save()
    partner.delete()
    event.objectives.create(text_fr="plus tard")
    event.strategies.create(text_fr="c", position=0)

    [message] = bring_back(editor, event, then)
    assert message.endswith("is back. What stood there until now is in the history too.")
    event.refresh_from_db()
    assert (event.title_fr, event.title_en, event.place_en) == ("Été", "Summer", "Dakar")
    assert abs(event.starts_at - starts_at) < timedelta(milliseconds=1)
    assert [(each.text_fr, each.text_en) for each in event.strategies.all()] == [("a", "A"), ("b", "B")]
    assert event.strategies.last().pk == second.pk
    assert list(event.objectives.all()) == []
    assert [each.name for each in event.partners.all()] == ["UNESCO"]
    # What stood there until then was in no version yet: it is one now, and the one before the last.
    assert len(versions(event)) == 3
    assert "Brought back the version of" in words(soup(editor.get(history(event))).select(".versions > li")[0])


def test_bringing_back_what_was_brought_back(editor):
    event = make_event(title_fr="un")
    record(event)
    event.title_fr = "deux"
    event.save()
    record(event)
    old, new = versions(event)

    bring_back(editor, event, old)
    bring_back(editor, event, new)
    event.refresh_from_db()
    assert event.title_fr == "deux"
    assert len(versions(event)) == 4


def test_bringing_back_is_said_in_the_editors_language(editor):
    event = make_event(title_fr="un")
    record(event)
    event.title_fr = "deux"
    event.save()

    [message] = bring_back(editor, event, versions(event)[0], "fr")
    assert message.endswith("est rétablie. Celle qu’elle remplace reste dans l’historique.")


def test_bringing_back_touches_neither_publishing_nor_comments(editor):
    event = make_event(status="draft", publish_at=None, title_fr="Avant")
    record(event)
    then = versions(event)[0]
    publish_at = timezone.now() + timedelta(days=3)
    event.publish(publish_at)
    event.title_fr = "Après"
    event.save()
    comment = Comment.objects.create(event=event, name="Zoé", email="z@example.org", body="Bravo", status="approved")
    before = ContentVersion.current()

    bring_back(editor, event, then)
    event.refresh_from_db()
    assert (event.title_fr, event.status, event.publish_at) == ("Avant", "published", publish_at)
    assert list(event.comments.all()) == [comment]
    assert ContentVersion.current() > before


def test_what_stands_in_each_language_is_counted_anew(editor):
    event = make_event(status="draft")
    record(event)
    then = versions(event)[0]
    event.title_en = ""
    event.save()
    Event.objects.filter(pk=event.pk).update(language_states={"fr": "filled", "en": "missing"})

    bring_back(editor, event, then)
    event.refresh_from_db()
    assert event.language_states == {"fr": "filled", "en": "filled"}


def test_a_translation_that_was_to_be_checked_then_is_so_again(editor):
    event = make_event(title_fr="un", title_en="one", status="draft")
    event.title_fr = "deux"
    event.save()
    record(event)
    then = versions(event)[0]
    event.title_en = "two"
    event.save()
    record(event)

    bring_back(editor, event, then)
    event.refresh_from_db()
    assert event.language_states == {"fr": "filled", "en": "out_of_date"}


@pytest.mark.parametrize(
    ("case", "fields", "refused"),
    [
        ("published in both languages", {}, True),
        ("published, and one language may be missing", {"publish_incomplete": True}, False),
        ("a draft", {"status": "draft"}, False),
    ],
)
def test_old_words_do_not_take_a_public_page_away(editor, case, fields, refused):
    event = make_event(title_en="", **fields)
    record(event)
    then = versions(event)[0]
    event.title_en = "Summer"
    event.save()
    messages = bring_back(editor, event, then)

    event.refresh_from_db()
    assert event.title_en == ("Summer" if refused else "")
    if refused:
        assert messages == [
            "This version is not complete in English, and the event is published. Take the event back to draft first, "
            "then bring this version back."
        ]


def test_an_address_that_another_event_has_meanwhile_stays_as_it_is(editor):
    event = make_event(slug_fr="ete", slug_en="summer")
    record(event)
    event.slug_fr, event.slug_en = "hiver", "winter"
    event.save()
    make_event(slug_en="ete")  # in another language: that counts too

    messages = bring_back(editor, event, versions(event)[0])
    event.refresh_from_db()
    assert (event.slug_fr, event.slug_en) == ("hiver", "summer")
    assert messages[1:] == ["“ete” is taken by now: “address: French” stays as it is."]


def test_a_partner_and_a_file_that_are_gone_are_left_out_and_named(editor, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    event = make_event()
    unesco, omep = Partner.objects.create(name="UNESCO"), Partner.objects.create(name="OMEP")
    event.eventpartner_set.create(partner=unesco, position=1)
    event.eventpartner_set.create(partner=omep, position=2)
    kept, lost = (
        default_storage.save(f"documents/{name}.pdf", ContentFile(b"%PDF")) for name in ("programme", "actes")
    )
    event.documents.create(title_fr="Programme", file_fr=kept)
    event.documents.create(title_fr="Actes", file_fr=lost, url_fr="https://example.org/")
    record(event)
    event.eventpartner_set.filter(partner=unesco).delete()
    unesco.delete()
    default_storage.delete(lost)

    messages = bring_back(editor, event, versions(event)[0])
    assert [each.name for each in event.partners.all()] == ["OMEP"]
    assert [(each.title_fr, each.file_fr.name) for each in event.documents.all()] == [
        ("Programme", kept),
        ("Actes", ""),
    ]
    assert messages[1:] == [
        "Partner: no longer there, and left out.",
        "The file “actes.pdf” is no longer there, and was left out.",
    ]


def test_two_rows_that_exchanged_their_partners_come_back(editor):
    event = make_event()
    a, b = Partner.objects.create(name="A"), Partner.objects.create(name="B")
    first, second = event.eventpartner_set.create(partner=a), event.eventpartner_set.create(partner=b)
    record(event)
    first.delete()
    second.partner = a
    second.save()
    event.eventpartner_set.create(partner=b)

    bring_back(editor, event, versions(event)[0])
    assert [(each.pk, each.partner) for each in event.eventpartner_set.order_by("pk")] == [
        (second.pk - 1, a),
        (second.pk, b),
    ]


def test_nothing_is_brought_back_by_looking_or_without_permission(editor, viewer):
    event = make_event(title_fr="un")
    record(event)
    event.title_fr = "deux"
    event.save()
    page = f"{history(event)}{versions(event)[0]}/"

    assert editor.get(page).status_code == 200
    assert viewer.get(page).status_code == 200
    assert "Bring this version back" not in words(soup(viewer.get(page)))
    assert viewer.post(page).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="claire"))
    assert strict.post(page).status_code == 403
    assert Client().get(page).status_code == 302
    event.refresh_from_db()
    assert event.title_fr == "deux"


def test_a_version_of_another_event_is_not_found(editor):
    event, other = make_event(), make_event()
    record(event)

    assert editor.get(f"{history(other)}{versions(event)[0]}/").status_code == 404
    assert editor.post(f"{history(other)}{versions(event)[0]}/").status_code == 404


def test_a_version_that_cannot_be_read_is_listed_and_not_brought_back(editor):
    event = make_event(title_fr="un")
    record(event)
    Version.objects.update(serialized_data="?")
    event.title_fr = "deux"
    event.save()
    record(event)
    old, new = versions(event)

    for page in ("", f"{old}/", f"compare/?old={old}&new={new}"):
        assert "This version cannot be read any more." in words(soup(editor.get(history(event) + page)))
    assert bring_back(editor, event, old) == ["This version cannot be read any more."]
    event.refresh_from_db()
    assert event.title_fr == "deux"


# Looking


def test_the_pages_compare_mark_languages_and_leave_bookkeeping_out(editor):
    event = make_event(title_fr="Un été", title_en="A summer")
    record(event)
    event.title_fr = "Un hiver"
    event.save()
    record(event)
    old, new = versions(event)

    for query in (f"old={old}&new={new}", f"old={new}&new={old}"):  # whichever was chosen first
        page = soup(editor.get(f"{history(event)}compare/?{query}"))
        [change] = page.select(".changes > div")
        assert words(change.dt) == "Title French"
        assert (change.dd["lang"], str(change.dd.select_one("del")), words(change.ins)) == (
            "fr",
            "<del>été</del>",
            "hiver",
        )


@pytest.mark.parametrize("query", ["", "old=1", "old=x&new=²", "old=1&new=1", f"old={'9' * 30}&new=1", "old=1&new=999"])
def test_a_comparison_that_makes_no_sense_leads_back_with_a_sentence(editor, query):
    event = make_event()
    record(event)

    response = editor.get(f"{history(event)}compare/?{query}", follow=True)
    assert response.redirect_chain == [(history(event), 302)]
    assert "Choose two different versions to compare." in words(soup(response))


def test_the_last_two_versions_are_chosen_at_first(editor):
    event = make_event()
    for number in range(3):
        event.title_fr = f"Titre {number}"
        event.save()
        record(event)

    page = soup(editor.get(history(event)))
    chosen = {each["name"]: int(each["value"]) for each in page.select("input[type=radio][checked]")}
    assert chosen == {"old": versions(event)[1], "new": versions(event)[2]}


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_asks_the_database_as_often_for_three_versions_as_for_thirty(editor, django_assert_num_queries, count):
    event = make_event()
    event.eventpartner_set.create(partner=Partner.objects.create(name="UNESCO"))
    user = User.objects.get(username="claire")
    for number in range(count):
        event.title_fr = f"Titre {number}"
        event.save()
        event.strategies.create(text_fr=f"Stratégie {number}")
        record(event, user)
    editor.get(history(event))

    with django_assert_num_queries(8):
        page = editor.get(history(event))
    assert len(soup(page).select(".versions > li")) == count
    old, new = versions(event)[0], versions(event)[-1]
    with django_assert_num_queries(7):
        editor.get(f"{history(event)}compare/?old={old}&new={new}")


def test_more_than_thirty_versions_go_on_a_second_page(editor):
    event = make_event()
    for number in range(32):
        event.title_fr = f"Titre {number}"
        event.save()
        record(event)

    first, second = (soup(editor.get(f"{history(event)}?p={page}")) for page in (1, 2))
    assert len(first.select(".versions > li")) == 30
    assert "Title: French" in words(first.select(".versions > li")[-1])
    assert len(second.select(".versions > li")) == 2
    assert "This is what stands there now." not in words(second)


@pytest.mark.parametrize("number", ["²", "9" * 30, "x"])
def test_the_history_of_an_event_that_cannot_exist_is_no_crash(editor, number):
    for page in ("", "compare/", "1/"):
        assert editor.get(f"/admin/events/event/{number}/history/{page}").status_code == 302


# What was deleted


def test_a_deleted_event_comes_back_as_a_draft_with_its_rows(editor):
    event = make_event(title_en="Summer", slug_fr="ete")
    event.strategies.create(text_fr="Jouer", text_en="Play")
    Comment.objects.create(event=event, name="Zoé", email="z@example.org", body="Bravo", status="approved")
    pk = event.pk
    editor.post(f"/admin/events/event/{pk}/delete/", {"post": "yes"})
    assert Event.objects.count() == 0
    make_event(slug_en="ete")

    page = soup(editor.get("/admin/events/event/deleted/"))
    [line] = page.select(".versions > li")
    assert words(line.a) == "Summer"
    assert "claire" in words(line)
    assert "Its comments and preview links are gone" in words(page)
    target = line.a["href"]
    assert "Its comments and preview links are gone" in words(soup(editor.get(target)))
    response = editor.post(target, follow=True)
    assert response.redirect_chain == [(f"/admin/events/event/{pk}/change/", 302)]
    back = Event.objects.get(pk=pk)
    assert (back.title_en, back.status, back.publish_at, back.slug_fr) == ("Summer", "draft", None, None)
    assert [each.text_en for each in back.strategies.all()] == ["Play"]
    assert list(back.comments.all()) == []
    assert "Brought back after it was deleted." in words(soup(editor.get(history(back))))
    assert editor.post(target).status_code == 302  # a second click
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "“Summer” has been brought back already."),
        ("fr", "« Été » est déjà de retour."),
    ],
)
def test_a_second_click_leads_to_what_is_back_already_with_a_sentence(editor, language, sentence):
    event = make_event(title_en="Summer", title_fr="Été")
    editor.post(f"/admin/events/event/{event.pk}/delete/", {"post": "yes"})
    target = f"/admin/events/event/deleted/{versions(event)[-1]}/"
    editor.post(target)
    editor.get("/admin/")  # has read the first click's messages

    response = editor.post(target, follow=True, headers={"accept-language": language})
    assert response.redirect_chain == [(f"/admin/events/event/{event.pk}/change/", 302)]
    assert [words(each) for each in soup(response).select(".messagelist li")] == [sentence]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_was_deleted_is_listed_by_its_title_in_whichever_language(editor, language):
    event = make_event(title_en="", title_fr="Fête d’été")
    editor.post(f"/admin/events/event/{event.pk}/delete/", {"post": "yes"})
    page = soup(editor.get("/admin/events/event/deleted/", headers={"accept-language": language}))
    assert [words(each) for each in page.select(".versions h2")] == ["Fête d’été"]


def test_events_deleted_by_the_lists_action_come_back_too(editor):
    events = [make_event() for _number in range(2)]
    chosen = {"_selected_action": [each.pk for each in events], "index": 0, "action": "delete_selected", "post": "yes"}
    editor.post("/admin/events/event/", chosen)

    assert Event.objects.count() == 0
    assert len(soup(editor.get("/admin/events/event/deleted/")).select(".versions > li")) == 2


def test_the_list_of_events_leads_to_the_deleted_ones(editor):
    page = soup(editor.get("/admin/events/event/", headers={"accept-language": "fr"}))
    assert words(page.select_one('a[href="/admin/events/event/deleted/"]')) == "Événements supprimés"


def test_who_may_only_look_brings_no_deleted_event_back(viewer):
    event = make_event()
    as_it_was(event)
    version = versions(event)[0]
    event.delete()

    target = f"/admin/events/event/deleted/{version}/"
    assert viewer.get(target).status_code == 200
    assert viewer.post(target).status_code == 403
    assert Event.objects.count() == 0
