"""Where robots may go, and the icon for those that read no HTML."""

import pytest

pytestmark = pytest.mark.django_db


def test_robots_may_read_all_but_the_editors_house_and_find_the_sitemap(client):
    response = client.get("/robots.txt")
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\n\nSitemap: https://events.example.org/sitemap.xml\n"
    )
    assert (response["Content-Type"], response.get("Vary")) == ("text/plain; charset=utf-8", "Accept-Encoding")
    assert not response.cookies
    assert client.get("/robots.txt", headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.post("/robots.txt").status_code == 405


def test_it_costs_no_query_but_the_version_and_the_clock(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/robots.txt")


def test_the_icon_is_that_of_the_pages(client, django_assert_num_queries):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/icon.svg")
    assert (response["Cache-Control"], response.content) == ("public, max-age=86400", b"")
    assert not response.cookies
