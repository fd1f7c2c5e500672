"""The entrance: one address, and the visitor's language."""

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("accepted", "location"),
    [
        (None, "/fr/"),
        ("", "/fr/"),
        ("fr", "/fr/"),
        ("en", "/en/"),
        ("EN", "/en/"),
        ("fr-CA", "/fr/"),
        ("en-GB,en;q=0.9", "/en/"),
        ("en-GB", "/en/"),
        ("fr;q=0.5, en;q=0.8", "/en/"),
        ("en;q=0.5, fr;q=0.8", "/fr/"),
        ("es, pt;q=0.9, en;q=0.1", "/en/"),
        ("es, de", "/fr/"),
        ("*", "/fr/"),
        ("es, *;q=0.5", "/fr/"),
        ("es, *;q=0.5, en;q=0.1", "/en/"),
        ("en;q=0", "/fr/"),
        ("fr;q=0, en;q=0.1", "/en/"),
        ("en;q=2", "/fr/"),
        ("<script>", "/fr/"),
        ("é\x00", "/fr/"),
        ("en," * 5000, "/en/"),
        ("e" * 5000, "/fr/"),
    ],
)
def test_the_entrance_leads_to_the_first_language_that_is_asked_for_and_to_french_without_one(db, accepted, location):
    headers = {} if accepted is None else {"accept-language": accepted}
    response = Client(headers=headers).get("/")
    assert (response.status_code, response["Location"]) == (302, location)


def test_the_entrance_sets_no_cookie_and_varies_on_the_language_alone(db, client):
    response = client.get("/", headers={"cookie": "sessionid=old; csrftoken=old; django_language=en"})
    assert (response["Location"], response["Vary"], response["Cache-Control"]) == (
        "/fr/",
        "Accept-Language",
        "public, max-age=0, s-maxage=1, stale-if-error=3600",
    )
    assert (response["Content-Language"], len(response.cookies)) == ("fr", 0)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_address_without_its_language_leads_to_the_one_with_it(db, client, language):
    path, other = {"fr": ("evenements", "en"), "en": ("events", "fr")}[language]
    response = client.get(f"/{path}/", headers={"accept-language": language, "cookie": f"django_language={other}"})
    assert (response.status_code, response["Location"], response["Vary"]) == (
        302,
        f"/{language}/{path}/",
        "Accept-Language",
    )
