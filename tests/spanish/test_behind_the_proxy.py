"""nginx knows the languages of the site from its settings."""

import re

from omep_site import proxy, proxy_pages


def test_the_pages_of_a_third_language_are_kept_and_its_readers_are_told_when_the_site_is_away(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    proxy_pages.write()
    assert re.fullmatch(proxy.addresses()["pages"], "/es/evenements/una-jornada/")
    folder = proxy_pages.folder()
    assert '<a href="/es/">' in (folder / "not-stored.es.html").read_text()
    assert re.findall('<a href="(/../)">', (folder / "away.all.html").read_text()) == ["/fr/", "/en/", "/es/"]


def test_its_addresses_choose_its_words(settings):
    text = proxy.configuration(
        apps=[], balancers=[], static=None, tls=False, listen=[], plain_listen=[], certificate="", key="", cache="",
        logs="", brotli=False,
    )  # fmt: skip
    assert re.findall(r'"~\^/(\w\w)\(\?:\[/\?\]\|\$\)" (\w\w);', text) == [(each, each) for each in ("fr", "en", "es")]
    assert text.count("<div lang=es>") == len(proxy_pages.bare())
