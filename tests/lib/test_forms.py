"""What the public forms share."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import translation

from omep_site.lib.forms import (
    AddressField,
    LineField,
    NameField,
    PublicURLField,
    comes_from_elsewhere,
    refuse,
    validate_prose,
)


def codes(field, value) -> list[str]:
    """The codes of what is wrong, in order; none where the value is good."""
    try:
        field.clean(value)
    except ValidationError as error:
        return [each.code for each in error.error_list]
    return []


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("Élise d’Été-Dupont", []),
        ("李", []),
        ("עִבְרִית", []),
        ("O'Brien 3rd", []),
        ("a\u200db", []),
        ("", ["required"]),
        ("   ", ["required"]),
        ("?!", ["invisible"]),
        ("🎉", ["invisible"]),
        ("\u200b\u2060", ["invisible"]),
        ("\u3164", ["invisible"]),
        ("a\nb", ["control"]),
        ("a\r\nBcc: b@example.org", ["control"]),
        ("a\u2028b", ["control"]),
        ("a\u202eb", ["bidi"]),
        ("a\u200fb", ["bidi"]),
        ("a\x00b", ["control", "null_characters_not_allowed"]),
    ],
)
def test_a_name_is_one_line_with_a_letter(value, wrong):
    assert sorted(codes(NameField(), value)) == sorted(wrong)


def test_a_line_may_be_without_a_letter():
    assert codes(LineField(), "?!") == []


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("Bonjour,\r\n\tà bientôt\u00a0!", []),
        ("!", []),
        ("\u200fשלום\u200f", []),
        (" \n ", ["invisible"]),
        ("\u200b", ["invisible"]),
        ("a\u202eb", ["control"]),
        ("a\u2066b", ["control"]),
        ("a\x00b", ["control"]),
        ("a\x1bb", ["control"]),
        ("a\ud800", ["control"]),
    ],
)
def test_prose_may_have_lines_and_marks_and_nothing_that_hides(value, wrong):
    field = forms.CharField(validators=[validate_prose], required=False, strip=False)
    assert [code for code in codes(field, value) if code != "null_characters_not_allowed"] == wrong


@pytest.mark.parametrize(
    "value",
    [
        "https://www.example.org",
        "http://example.org/a?b=c#d",
        "https://example.org:8443/",
        "https://xn--bcher-kva.example.org/",
        "https://bücher.de/",
        "https://local.example.org/",
    ],
)
def test_the_address_of_a_public_page_is_taken(value):
    assert codes(PublicURLField(), value) == []


@pytest.mark.parametrize(
    "host",
    [
        "93.184.215.14",
        "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "224.0.0.1",
        "0x7f.1",
        "127.1",
        "2130706433",
        "①②⑦.0.0.1",
        "foo.ｌｏｃａｌ",
        "printer.home.arpa",
        "example.onion",
    ],
)
def test_a_host_of_numbers_or_of_a_private_network_is_refused(host):
    assert codes(PublicURLField(), f"http://{host}/") != []


def test_an_address_without_a_scheme_becomes_https():
    assert PublicURLField().clean("www.example.org/a") == "https://www.example.org/a"


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,hello",
        "ftp://example.org/",
        "mailto:anna@example.org",
        "file:///etc/passwd",
        "//",
        "https://",
        "https://[",
        "https://a\u2100b.org/",
        "https://exa mple.org/",
        "https://example.org/\u202egpj.exe",
        "https://example.org/a\nb",
        "https://example.org/\x00",
        "https://anna:secret@example.org/",
        "https://anna@example.org/",
        "https://@example.org/",
        "https://example.org@evil.example/",
        "http://localhost/",
        "http://localhost:8000/",
        "http://localhost./",
        "http://intranet/",
        "http://router.local/",
        "http://db.internal/",
        "http://nas.lan/",
        "http://nas.LAN/",
        "http://127.0.0.1/",
        "http://10.1.2.3/",
        "http://192.168.1.1:8080/",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://100.64.0.1/",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://" + "a" * 3000 + ".example.org/",
    ],
)
def test_any_other_address_is_refused_and_never_an_error_of_ours(value):
    assert codes(PublicURLField(), value) != []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("https://anna:secret@example.org/", "credentials"),
        ("http://router.local/", "private"),
        ("http://127.0.0.1/", "private"),
        ("ftp://example.org/", "invalid"),
    ],
)
def test_a_refused_address_says_what_is_wrong(value, code):
    assert codes(PublicURLField(), value) == [code]


@pytest.mark.parametrize(
    "value",
    ["anna@example.org", "anna+omep@example.co.uk", "o'brien@example.org", "anna@bücher.de", "a" * 64 + "@example.org"],
)
def test_an_address_for_mail_is_taken(value):
    assert codes(AddressField(), value) == []


@pytest.mark.parametrize(
    "value",
    [
        "anna",
        "anna@",
        "@example.org",
        "anna@example",
        "anna@@example.org",
        "anna@exa mple.org",
        '"anna b"@example.org',
        '"a,b"@example.org',
        "a,b@example.org",
        "anna@example.org,boris@example.org",
        "Anna <anna@example.org>",
        "anna@example.org\nBcc: boris@example.org",
        "anna@example.org\x00",
        "anna\u202e@example.org",
        "anna@example.org\u200b",
        "ánna@example.org",
        "a" * 65 + "@" + "b" * 180 + ".example.org",
    ],
)
def test_what_is_no_address_for_mail_is_refused(value):
    assert codes(AddressField(), value) != []


def test_a_refused_form_says_why_and_keeps_what_was_typed():
    class Form(forms.Form):
        name = NameField()

    form = Form({"name": "Zoé"})
    refuse(form, "Not now.")
    assert (form.is_valid(), form.non_field_errors(), form["name"].value()) == (False, ["Not now."], "Zoé")


def test_errors_are_told_in_the_language_of_the_page():
    with translation.override("fr"):
        english = "Write a name with at least one letter."
        with pytest.raises(ValidationError) as error:
            NameField().clean("?")
        assert error.value.messages != [english]


@pytest.mark.parametrize(
    ("site", "origin", "elsewhere"),
    [
        (None, None, False),
        (None, "", False),
        (None, "http://testserver", False),
        (None, "https://events.example.org", False),
        (None, "https://evil.example", True),
        (None, "null", True),
        (None, "http://testserver:8080", True),
        (None, "https://events.example.org.evil.example", True),
        (None, "https://events.example.org@evil.example", True),
        (None, "https://testserver@evil.example", True),
        (None, "http://[", True),
        (None, "http://a\u2100b", True),
        (None, "garbage", True),
        ("same-origin", None, False),
        ("none", None, False),
        ("same-site", None, True),
        ("cross-site", None, True),
        ("same-origin", "http://testserver", False),
        ("same-origin", "https://events.example.org", False),
        ("same-origin", "https://evil.example", True),
        ("same-origin", "null", True),
        ("cross-site", "http://testserver", True),
        ("same-site", "https://events.example.org", True),
    ],
)
def test_a_request_that_says_that_another_site_sent_it(site, origin, elsewhere):
    given = {"sec-fetch-site": site, "origin": origin}
    request = RequestFactory().post("/", headers={name: value for name, value in given.items() if value is not None})
    assert comes_from_elsewhere(request) is elsewhere


def test_a_port_is_part_of_our_own_origin():
    headers = {"host": "testserver:8000"}
    own = RequestFactory().post("/", headers=headers | {"origin": "http://testserver:8000"})
    other = RequestFactory().post("/", headers=headers | {"origin": "http://testserver"})
    assert (comes_from_elsewhere(own), comes_from_elsewhere(other)) == (False, True)
