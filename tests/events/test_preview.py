"""An event before it is public: for editors, and for people who were sent a link."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from comments.models import Comment
from events.models import Event, PreviewLink
from omep_site.lib import public
from tests.admin_forms import form_data
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

ENGLISH = {"title_en": "", "summary_en": "", "body_en": "", "slug_en": None, "place_en": ""}
FRENCH = {"title_fr": "", "summary_fr": "", "body_fr": "", "slug_fr": None, "place_fr": ""}


def make_link(event=None, **fields) -> PreviewLink:
    return PreviewLink.objects.create(event=event or make_event(status="draft"), **fields)


def path(link, language="fr") -> str:
    return link.url_in(language).removeprefix("https://events.example.org")


def is_unlisted(response) -> bool:
    """The admin adds what it says of all its pages."""
    directives = response["Cache-Control"].split(", ")
    return {"private", "no-store"} <= {*directives} and response["X-Robots-Tag"] == "noindex, nofollow"


def banner(page) -> list[str]:
    return [words(each) for each in page.select(".preview h2, .preview p, .preview li")]


# For editors


def test_save_and_preview_saves_and_shows_the_page_of_the_draft(editor):
    event = make_event(status="draft")
    change = f"/admin/events/event/{event.pk}/change/"
    data = form_data(editor.get(change)) | {"title_fr": "Été", "title_en": "Summer", "_preview": "1"}

    response = editor.post(change, data | {"_preview": "1"}, follow=True)
    assert response.redirect_chain == [(f"/admin/events/event/{event.pk}/preview/en/", 302)]
    page = soup(response)
    assert words(page.h1) == "Summer"
    assert page.title.get_text().strip().startswith("Preview: Summer – ")
    assert Event.objects.get().title_fr == "Été"


def test_a_new_event_is_saved_and_previewed_too(editor):
    data = form_data(editor.get("/admin/events/event/add/"))
    moments = {"starts_at_0": "06/12/2027", "starts_at_1": "13:30", "ends_at_0": "06/12/2027", "ends_at_1": "14:30"}
    data |= moments | {"title_fr": "Été", "_preview": "1"}
    response = editor.post("/admin/events/event/add/", data, headers={"accept-language": "fr"})

    assert response["Location"] == f"/admin/events/event/{Event.objects.get().pk}/preview/fr/"


def test_the_form_leads_to_the_preview_in_each_language(editor):
    event = make_event(status="draft")
    page = soup(editor.get(f"/admin/events/event/{event.pk}/change/"))

    tools = {each["href"]: words(each) for each in page.select(".object-tools a")}
    assert tools[f"/admin/events/event/{event.pk}/preview/fr/"] == "Preview: Français"
    assert tools[f"/admin/events/event/{event.pk}/preview/en/"] == "Preview: English"
    assert tools[f"/admin/events/event/{event.pk}/preview-links/"] == "Preview links"
    assert len(page.select("input[name=_preview]")) == 2


@pytest.mark.parametrize(
    ("language", "title", "heading", "complete"),
    [
        ("fr", "Été", "Aperçu : cette page n’est pas publique", "Français – complet"),
        ("en", "Summer", "Preview: this page is not public", "French – complete"),
    ],
)
def test_the_preview_is_the_real_page_with_a_banner_and_nothing_to_send(editor, language, title, heading, complete):
    event = make_event(status="draft", title_fr="Été", title_en="Summer")
    event.strategies.create(text_fr="Jouer", text_en="Play")
    Comment.objects.create(event=event, name="Zoé", email="z@example.org", body="Bravo", status="approved")

    response = editor.get(f"/admin/events/event/{event.pk}/preview/{language}/")
    page = soup(response)
    assert (page.html["lang"], response["Content-Language"]) == (language, language)
    assert (words(page.h1), words(page.select_one("#strategies + ol"))) == (
        title,
        {"fr": "Jouer", "en": "Play"}[language],
    )
    assert banner(page)[:2] == [heading, complete]
    assert page.select("form") == []
    assert page.select("link[rel=canonical], link[hreflang]") == []
    assert page.select_one("meta[name=robots]")["content"] == "noindex, nofollow"
    assert is_unlisted(response)
    assert page.select_one(".languages a")["href"].startswith(f"/admin/events/event/{event.pk}/preview/")


def test_a_missing_language_shows_what_the_public_would_see(editor):
    event = make_event(status="draft", title_fr="Été", **ENGLISH)
    page = soup(editor.get(f"/admin/events/event/{event.pk}/preview/en/"))

    assert words(page.h1) == "Été"
    assert words(page.select_one(".notice")) == "This event is not available in English yet. Here it is in French."
    assert banner(page)[2].startswith("English – missing: title, announcement")


def test_where_no_language_is_complete_whatever_words_there_are_are_shown(editor):
    event = make_event(status="draft", **ENGLISH | FRENCH | {"summary_fr": "Une annonce.", "title_en": "Summer"})
    response = editor.get(f"/admin/events/event/{event.pk}/preview/fr/")
    page = soup(response)

    assert response.status_code == 200
    assert (words(page.h1), words(page.select_one(".lead"))) == ("Summer", "Une annonce.")
    assert banner(page)[1].startswith("Aucune langue n’est encore complète")


def test_the_preview_of_a_public_event_says_that_it_is_public(editor):
    event = make_event()
    page = soup(editor.get(f"/admin/events/event/{event.pk}/preview/en/"))

    assert banner(page)[0] == "Preview: this is what visitors see now"
    assert page.select_one(".preview a")["href"] == f"/en/events/{event.slug_en}/"


def test_only_who_may_see_events_sees_their_preview():
    event = make_event(status="draft")
    page = f"/admin/events/event/{event.pk}/preview/fr/"
    assert Client().get(page).status_code == 302
    user = User.objects.create_user("victor", is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get(page).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename="view_event"))
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"), [("1/preview/xx/", 404), ("999/preview/fr/", 302), ("²/preview/fr/", 302)]
)
def test_a_preview_that_cannot_exist_is_no_crash(editor, address, status):
    event = make_event()
    assert editor.get(f"/admin/events/event/{address.replace('1', str(event.pk), 1)}").status_code == status


# Links


@pytest.mark.parametrize("days", [1, 14, 60])
def test_a_link_is_made_copied_and_withdrawn(editor, visitor, days):
    event = make_event(status="draft", title_fr="Été")
    page = f"/admin/events/event/{event.pk}/preview-links/"
    assert soup(editor.get(page)).select_one("input[name=days][checked]")["value"] == "14"

    assert editor.post(page, {"days": days}).status_code == 302
    link = PreviewLink.objects.get()
    left = link.expires_at - timezone.now()
    assert (link.made_by.username, timedelta(days=days) - left < timedelta(minutes=1)) == ("claire", True)
    found = soup(editor.get(page))
    assert [each["value"] for each in found.select(".address input[readonly]")] == [
        link.url_in("fr"),
        link.url_in("en"),
    ]
    assert words(soup(visitor.get(path(link))).h1) == "Été"

    assert editor.post(page, {"revoke": link.pk}).status_code == 302
    assert visitor.get(path(link)).status_code == 404
    found = soup(editor.get(page))
    assert (found.select(".address input"), "Withdrawn: today" in words(found)) == ([], True)


@pytest.mark.parametrize(
    "sent", [{}, {"days": "365"}, {"days": "x"}, {"revoke": "x"}, {"revoke": "9" * 30}, {"revoke": "9" * 5000}]
)
def test_a_forged_post_makes_and_withdraws_nothing(editor, sent):
    link = make_link()
    assert editor.post(f"/admin/events/event/{link.event.pk}/preview-links/", sent).status_code == 302

    assert [each.is_good() for each in PreviewLink.objects.all()] == [True]


def test_no_link_is_withdrawn_from_another_events_page(editor):
    link, other = make_link(), make_event()
    editor.post(f"/admin/events/event/{other.pk}/preview-links/", {"revoke": link.pk})

    link.refresh_from_db()
    assert link.is_good()


def test_who_may_only_look_makes_no_link():
    event = make_event(status="draft")
    user = User.objects.create_user("victor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_event"))
    client = Client()
    client.force_login(user)
    page = f"/admin/events/event/{event.pk}/preview-links/"

    assert (client.get(page).status_code, client.post(page, {"days": "1"}).status_code) == (200, 403)
    assert soup(client.get(page)).select("#content form") == []
    assert PreviewLink.objects.count() == 0


# For people without an account


def test_the_addresses_are_in_both_languages():
    link = make_link(token="abc")

    assert (link.url_in("fr"), link.url_in("en")) == (
        "https://events.example.org/fr/apercu/abc/",
        "https://events.example.org/en/preview/abc/",
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_link_shows_the_page_to_anybody_and_nothing_keeps_it(visitor, language):
    link = make_link(make_event(status="draft", title_fr="Été", title_en="Summer"))
    public.forget()

    for _turn in range(2):
        response = visitor.get(path(link, language))
    page = soup(response)
    assert words(page.h1) == {"fr": "Été", "en": "Summer"}[language]
    assert is_unlisted(response)
    assert "ETag" not in response
    assert (response.cookies, visitor.cookies, public.shelf.now.pages) == ({}, {}, {})
    assert response["Referrer-Policy"] == "same-origin"  # no other site is told the token
    assert (page.select("form"), page.select("link[rel=canonical], link[hreflang]")) == ([], [])
    assert page.select("[href*='/admin/']") == []
    other = {"fr": "en", "en": "fr"}[language]
    assert page.select_one(".languages a")["href"] == path(link, other)


def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(visitor):
    expired = make_link(expires_at=timezone.now() - timedelta(seconds=1))
    revoked, good = make_link(), make_link()
    revoked.revoke()
    tokens = [
        expired.token,
        revoked.token,
        good.token[:-1],
        good.token + "x",
        "unknown",
        "é",
        "a%00b",
        "%F0%9F%98%80",
        "x" * 500,
    ]

    pages = set()
    for token in tokens:
        response = visitor.get(f"/en/preview/{token}/")
        assert (response.status_code, is_unlisted(response)) == (404, True), token
        pages.add(words(soup(response).main))
    assert pages == {
        "This preview cannot be seen any more Its link was good for a limited time, or was withdrawn, or lost a letter on "
        "its way. Ask the person who sent it to you for a new one. See all events"
    }
    assert words(soup(visitor.get(path(revoked))).h1) == "Cet aperçu n’est plus accessible"


def test_a_link_to_an_event_that_is_public_by_now_leads_to_its_page(visitor):
    link = make_link(make_event(slug_fr="ete", slug_en="summer"))

    for language, target in (("fr", "/fr/evenements/ete/"), ("en", "/en/events/summer/")):
        response = visitor.get(path(link, language))
        assert (response.status_code, response["Location"], is_unlisted(response)) == (302, target, True)


def test_an_event_that_waits_for_its_moment_is_not_public_yet(visitor):
    link = make_link(make_event(publish_at=timezone.now() + timedelta(days=1)))

    assert visitor.get(path(link)).status_code == 200


def test_nothing_can_be_posted_to_a_preview(visitor):
    assert visitor.post(path(make_link())).status_code == 405


def test_a_deleted_event_takes_its_links_along(visitor):
    link = make_link()
    address = path(link)
    link.event.delete()

    assert visitor.get(address).status_code == 404
