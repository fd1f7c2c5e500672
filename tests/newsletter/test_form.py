"""The form in the footer of every page."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.translation import override

from newsletter.forms import SubscribeForm
from newsletter.models import CONSENT
from tests.factories import make_event
from tests.newsletter.factories import form_path, make_subscriber, path_of, thanks_path

pytestmark = pytest.mark.django_db


def form_on(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    forms = BeautifulSoup(answer.content, "html.parser").select("form#newsletter-form")
    assert len(forms) == 1, path
    return forms[0]


def values(form):
    return {field["name"]: field.get("value", "") for field in form.select("[name]")}


@pytest.mark.parametrize(("language", "button"), [("fr", "S’abonner"), ("en", "Subscribe")])
def test_every_public_page_has_the_form_in_its_language(visitor, language, button):
    event = make_event()
    with override(language):
        event_path = f"/{language}/{'evenements' if language == 'fr' else 'events'}/{event.slug}/"
        consent = str(CONSENT)
    for path in (f"/{language}/", event_path, form_path(language), thanks_path(language)):
        form = form_on(visitor, path)
        assert (form["method"], form["action"]) == ("post", form_path(language))
        assert values(form) == {"email": "", "language": language, "page": path}
        assert [each.get_text() for each in form.select("button")] == [button]
        assert form.select_one(f"#{form.button['aria-describedby']}").get_text() == consent
        assert form.select_one("label[for=newsletter_email]")


def test_the_form_is_the_same_bytes_for_every_visitor():
    pages = [Client().get("/fr/"), Client(headers={"user-agent": "x"}).get("/fr/"), Client().get("/fr/")]
    assert len({page.content for page in pages}) == 1
    assert [dict(page.cookies) for page in pages] == [{}, {}, {}]


def test_the_form_asks_the_database_nothing(rf, django_assert_num_queries):
    from django.template import engines

    request = rf.get("/fr/")
    template = engines["django"].from_string("{% load newsletter_words %}{% newsletter_form %}")
    with django_assert_num_queries(0):
        template.render({}, request)


def test_a_page_behind_a_token_or_an_error_page_gives_no_path(visitor):
    assert values(form_on(visitor, "/en/newsletter/unsubscribe/aBcD3fG/", status=404))["page"] == ""
    from django.template import engines

    template = engines["django"].from_string("{% load newsletter_words %}{% newsletter_form %}")
    for context in ({"private": True, "request": visitor.get("/en/").wsgi_request}, {}):
        assert values(BeautifulSoup(template.render(context), "html.parser"))["page"] == ""


def test_the_pages_behind_a_link_have_no_form_but_their_own(visitor):
    subscriber = make_subscriber()
    for url in (subscriber.confirm_url, subscriber.unsubscribe_url):
        page = BeautifulSoup(visitor.get(path_of(url)).content, "html.parser")
        assert [(form["method"], len(form.select("button"))) for form in page.select("form")] == [("post", 1)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("fr", "fr"), ("en", "en"), ("de", "en"), ("FR", "en"), ("", "en"), ("f\x00r", "en"), (None, "en"),
    ],
)  # fmt: skip
def test_a_language_that_the_site_does_not_speak_is_replaced_by_the_page_s(given, kept):
    data = {"email": "a@example.org"} | ({} if given is None else {"language": given})
    with override("en"):
        form = SubscribeForm(data)
        assert (form.is_valid(), form.cleaned_data["language"], form["language"].value()) == (True, kept, kept)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/fr/evenements/fete-de-l-ete/", "/fr/evenements/fete-de-l-ete/"),
        ("/fr/évé/", "/fr/évé/"),
        ("/" + "a" * 499, "/" + "a" * 499),
        ("/" + "a" * 500, ""),
        ("https://example.org/", ""),
        ("javascript:alert(1)", ""),
        ("fr/", ""),
        ("/fr/\r\nBcc: x@example.org", ""),
        ("/fr/\x00", ""),
        ("/fr/\u202egro", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_page_that_is_no_path_of_the_site_is_left_out(given, kept):
    form = SubscribeForm({"email": "a@example.org"} | ({} if given is None else {"page": given}))
    assert (form.is_valid(), form.cleaned_data["page"], form["page"].value()) == (True, kept, kept)


@pytest.mark.parametrize(
    "address",
    ["élodie@example.org", "K\u212aelvin@example.org", "a@localhost", "a@[127.0.0.1]", f"a@{'é' * 60}.org",
     f"{'a' * 60}@{'İ.' * 94}org"],
)  # fmt: skip
def test_an_address_that_no_mail_server_takes_is_refused(address):
    with override("en"):
        assert SubscribeForm({"email": address}).errors == {
            "email": ["Write an e-mail address such as name@example.org."]
        }


@pytest.mark.parametrize("address", ["a@école.fr", "o'neill+lettre@sub.example.co.uk", f"{'a' * 242}@example.org"])
def test_an_unusual_address_is_taken(address):
    form = SubscribeForm({"email": address})
    assert (form.errors, form.cleaned_data["email"]) == ({}, address)
