"""The site's name, contact and links on every page and in every mail."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.utils import translation
from post_office.models import Email

from newsletter import mails
from omep_site.lib import mail, public
from omep_site.views import not_found
from pages import site
from pages.models import Page, SiteTexts, SocialLink
from tests.factories import make_event
from tests.newsletter.factories import make_subscriber
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

OURS = {
    "name_fr": "Été & Cie",
    "name_en": "Summer & Co",
    "tagline_fr": "Les œuvres de l’été",
    "tagline_en": "The works of <summer>",
    "home_title_fr": "Bienvenue à l’été",
    "home_title_en": "Welcome to “summer”",
    "home_introduction_fr": "Une introduction.",
    "home_introduction_en": "An introduction.",
    "about_fr": "Qui nous sommes.",
    "about_en": "Who we are.",
    "contact_fr": "12, rue <de> l’Été\nete@example.org",
    "contact_en": "12 Summer Street\nsummer@example.org",
}


@pytest.fixture
def ours():
    row = SiteTexts.objects.get()
    for field, text in OURS.items():
        setattr(row, field, text)
    row.save()
    public.bump()
    return row


@pytest.mark.parametrize(
    ("language", "name", "tagline", "title"),
    [
        ("fr", "Été & Cie", "Les œuvres de l’été", "Bienvenue à l’été"),
        ("en", "Summer & Co", "The works of <summer>", "Welcome to “summer”"),
    ],
)
def test_the_home_page_says_what_the_editors_wrote(client, ours, language, name, tagline, title):
    page = soup(client.get(f"/{language}/"))

    assert page.title.get_text() == f"{name} – {tagline}"
    assert (words(page.select_one(".brand-name")), words(page.select_one(".brand-words"))) == (name, tagline)
    assert (words(page.h1), words(page.select_one(".lead"))) == (title, OURS[f"home_introduction_{language}"])
    assert page.select_one("meta[name=description]")["content"] == OURS[f"home_introduction_{language}"]
    assert words(page.select_one(".about p")) == f"{name} – {OURS[f'about_{language}']}"
    assert "OMEP" not in words(page.header)


def test_the_contact_is_written_as_typed_with_its_address_as_a_link(client, ours):
    contact = soup(client.get("/fr/")).select_one("address")
    assert words(contact) == "12, rue <de> l’Été ete@example.org"
    assert [(link["href"], words(link)) for link in contact.select("a")] == [
        ("mailto:ete@example.org", "ete@example.org")
    ]
    assert len(contact.select("br")) == 1


@pytest.mark.parametrize("path", ["/fr/evenements/", "/fr/lettre/", "/fr/lettre/merci/", "/fr/nulle-part/"])
def test_every_page_is_named_after_the_site(client, ours, path):
    page = soup(client.get(path))
    assert page.title.get_text().endswith(" – Été & Cie")
    assert words(page.select_one(".brand-name")) == "Été & Cie"


def test_without_a_contact_or_links_their_places_are_not_there(client, ours):
    SiteTexts.objects.update(contact_fr="", about_fr="", tagline_fr="", about_en="", tagline_en="", contact_en="")
    SocialLink.objects.all().delete()
    Page.objects.all().delete()
    public.bump()
    page = soup(client.get("/fr/"))
    assert page.select(".contact, .foot-links, .brand-words") == []
    assert page.title.get_text() == "Été & Cie"


def test_a_text_that_is_not_translated_is_marked_with_its_language(client, ours):
    SiteTexts.objects.update(tagline_en="", contact_en="", name_en="")
    public.bump()
    page = soup(client.get("/en/"))
    assert page.select_one(".brand-words span")["lang"] == page.select_one("address span")["lang"] == "fr"
    assert words(page.select_one(".brand-name")) == "Été & Cie"


def test_links_are_plain_links_in_their_order(client):
    row = SiteTexts.objects.get()
    SocialLink.objects.create(site=row, label_fr="Notre chaîne", label_en="", url="https://example.org/é", position=0)
    public.bump()
    links = soup(client.get("/en/")).select(".foot-links a")[:2]
    assert [(words(link), link["href"]) for link in links] == [
        ("Notre chaîne", "https://example.org/é"),
        ("OMEP on Facebook", "https://www.facebook.com/worldomep"),
    ]
    assert links[0].span["lang"] == "fr"


def test_a_logo_stands_in_the_place_of_the_name_with_its_size(client, ours):
    SiteTexts.objects.update(logo="site/logo-0123456789ab.webp", logo_width=480, logo_height=160)
    public.bump()
    page = soup(client.get("/en/"))
    assert page.select(".brand-name") == []
    assert page.select_one(".brand img").attrs == {
        "class": ["brand-logo"],
        "src": "/media/site/logo-0123456789ab.webp",
        "width": "480",
        "height": "160",
        "alt": "Summer & Co",
    }


@pytest.mark.parametrize(
    ("language", "subject", "end"),
    [
        ("fr", "Été & Cie\xa0: confirmez votre abonnement à la Lettre", "Été & Cie – Les œuvres de l’été"),
        ("en", "Summer & Co: confirm your subscription to the newsletter", "Summer & Co – The works of <summer>"),
    ],
)
def test_mails_name_the_site_as_its_pages_do(ours, language, subject, end):
    mails.confirmation(make_subscriber(language=language))
    message = Email.objects.get().email_message()
    assert (message.subject, message.body.splitlines()[-2]) == (subject, end)
    assert "OMEP" not in message.subject + message.body


def test_the_words_cost_no_query_while_nothing_changes(client, django_assert_num_queries):
    make_event()
    public.forget_version()
    with django_assert_num_queries(6):  # the version, what comes, what was, their comments, subjects, the clock
        client.get("/fr/")


def test_after_a_change_the_words_and_rules_cost_five_queries_once(client, django_assert_num_queries):
    public.bump()
    with django_assert_num_queries(5 + 5):  # texts, links, pages and their former addresses; the rules of commenting
        client.get("/fr/")
    with django_assert_num_queries(3):
        client.get("/en/")


def test_a_database_without_the_row_has_the_words_that_the_site_began_with(client):
    SiteTexts.objects.all().delete()
    Page.objects.all().delete()
    public.bump()
    page = soup(client.get("/en/"))
    assert page.title.get_text() == "OMEP – World Organisation for Early Childhood Education"
    assert words(page.h1) == "Meeting for early childhood"
    assert [words(link) for link in page.select(".foot-links a")] == ["OMEP on Facebook"]


def test_without_a_database_a_page_for_an_error_still_has_its_head_and_foot(monkeypatch):
    def away():
        raise OperationalError("the database is away")

    site.forget()
    monkeypatch.setattr(public, "version", away)
    with translation.override("en"):
        response = not_found(RequestFactory().get("/en/nowhere/"))
    assert words(soup(response).select_one(".brand")) == "OMEP World Organisation for Early Childhood Education"


def test_a_mail_in_one_language_reads_that_language_whatever_the_page_s(ours):
    with translation.override("fr"):
        mail.send("comment_waiting", "anna@example.org", "en", waiting="https://events.example.org/admin/")
    assert Email.objects.get().email_message().subject == "Summer & Co: a comment is waiting"
