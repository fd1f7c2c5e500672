import re
from html import unescape

import pytest
from django.http import QueryDict
from django.utils.translation import override

from comments.forms import CommentForm
from comments.models import Rules
from comments.taking import take
from tests.comments.factories import ANSWER, make_comment
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def make_form(event=None, **answers) -> CommentForm:
    data = QueryDict(mutable=True)
    data.update(ANSWER | answers)
    return CommentForm(data, event_id=(event or make_event()).pk)


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_endings_of_every_kind_become_one(ending):
    form = make_form(body=f"Première ligne.{ending}{ending}Deuxième.")
    assert form.is_valid()
    assert form.cleaned_data["body"] == "Première ligne.\n\nDeuxième."


def test_a_line_that_ends_counts_as_one_character():
    assert make_form(body="é" * 4_998 + "\r\né").is_valid()
    with override("en"):
        errors = make_form(body="é" * 4_999 + "\r\né").errors
        assert errors == {"body": ["Shorten your comment to 5000 characters; it has 5001."]}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "{{ settings.SECRET_KEY }} {% debug %}",
        "👩🏽‍🏫",
        "مرحبا بكم",
        "\u200fشكرا\u200e merci",
        "1 < 2 & 3 > 2",
    ],
)
def test_whatever_people_write_is_kept_letter_for_letter(text):
    form = make_form(body=text)
    assert form.is_valid(), form.errors
    assert take(form, Rules(), "fr", "203.0.113.0/24", says_where_from=True).body == text


@pytest.mark.parametrize("name", ["Zoé", "O’Neill-Durand, père", "李", "محمد", "Ñandú 2"])
def test_names_of_every_script_are_names(name):
    assert make_form(name=name).is_valid()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("https://www.example.org/école?a=1&b=2", "https://www.example.org/école?a=1&b=2"),
        ("www.example.org", "https://www.example.org"),
        ("http://éveil.example/", "http://éveil.example/"),
    ],
)
def test_public_websites_are_accepted(given, kept):
    form = make_form(website=given)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["website"] == kept


def test_what_is_missing_is_said_for_each_field_in_a_sentence():
    with override("en"):
        form = CommentForm({}, event_id=make_event().pk)
        assert form.errors == {
            "name": ["Write your name."],
            "email": ["Write your e-mail address. It will not be published."],
            "body": ["Write your comment."],
        }
    with override("fr"):
        form = CommentForm({}, event_id=make_event().pk)
        assert form.errors == {
            "name": ["Indiquez votre nom."],
            "email": ["Indiquez votre adresse e-mail. Elle ne sera pas publiée."],
            "body": ["Écrivez votre commentaire."],
        }


def test_what_is_too_long_is_said_and_no_browser_cuts_it_in_silence():
    with override("en"):
        form = make_form(
            name="é" * 81,
            email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 80}.org",
            website=f"https://a.org/{'x' * 200}",
        )
        assert form.errors["name"] == ["Shorten your name to 80 characters."]
        assert form.errors["email"][-1] == "An e-mail address has at most 254 characters."
        assert form.errors["website"] == ["Shorten the web address to 200 characters."]
    assert "maxlength" not in str(form)


def test_errors_and_fields_are_tied_together_for_assistive_technology():
    with override("en"):
        html = unescape(make_form(name="").fields and str(make_form(name="")["name"].as_field_group()))
    widget = re.search(r"<input[^>]*>", html)[0]
    assert 'id="comment_name"' in widget
    assert 'aria-invalid="true"' in widget
    assert 'aria-describedby="comment_name_error"' in widget
    assert "required" in widget
    assert 'id="comment_name_error"' in html
    assert "Write your name." in html


def test_browsers_may_fill_in_name_address_and_website():
    form = CommentForm(event_id=make_event().pk)
    fields = {name: form.fields[name].widget.attrs.get("autocomplete") for name in form.fields}
    assert fields == {
        "name": "name",
        "email": "email",
        "website": "url",
        "body": None,
        "parent": None,
        "subject": "off",
        "stamp": None,
    }


def test_a_reply_answers_a_visible_comment_of_the_same_event():
    parent = make_comment(status="approved")
    form = make_form(parent.event, parent=str(parent.pk))
    assert form.is_valid()
    assert take(form, Rules(), "en", "203.0.113.0/24", says_where_from=True).parent == parent


@pytest.mark.parametrize(
    "given", ["0", "-1", "9" * 18, "9" * 400, "²", "١", "abc", "1.5", "1 OR 1=1", "\x00", "1\x00", " ", "None", "0x1"]
)
def test_a_parent_that_is_no_comment_here_is_said_above_the_form_which_can_then_be_sent(given):
    event = make_event()
    with override("en"):
        form = make_form(event, parent=given)
        assert form.errors == {
            "__all__": [
                "The comment that you reply to is not on this page. Send yours again: it will stand on its own."
            ]
        }
    assert form["parent"].value() == ""
    assert form["body"].value() == ANSWER["body"]
    assert CommentForm(form.data, event_id=event.pk).is_valid()


@pytest.mark.parametrize("status", ["pending", "spam", "trash"])
def test_nobody_replies_to_what_visitors_cannot_see(status):
    parent = make_comment(status=status)
    assert list(make_form(parent.event, parent=str(parent.pk)).errors) == ["__all__"]


def test_nobody_replies_across_events():
    elsewhere = make_comment(status="approved")
    assert list(make_form(parent=str(elsewhere.pk)).errors) == ["__all__"]
