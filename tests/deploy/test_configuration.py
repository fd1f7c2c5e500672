"""What `manage.py nginx` prints, for which site."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from omep_site import proxy, proxy_pages, server
from omep_site.middleware import Readable

NOBODY = "127.0.0.1:1 down"


@pytest.fixture(autouse=True)
def _behind_one_proxy(settings):
    settings.TRUSTED_PROXIES = 1
    settings.PORT = 8123


def printed(*options) -> str:
    out = StringIO()
    call_command("nginx", *options, stdout=out)
    return out.getvalue()


def lines(text: str, name: str) -> list[str]:
    """What stands behind every directive of this name, in its order."""
    return re.findall(rf"^\s*{name}\s+(.*);$", text, re.MULTILINE)


def test_a_site_with_https_needs_no_option_with_the_paths_of_debian_and_certbot():
    text = printed()
    assert set(lines(text, "listen")) == {"80", "[::]:80", "443 ssl http2", "[::]:443 ssl http2"}
    assert lines(text, "server_name") == ['""', "events.example.org", "events.example.org"]
    assert lines(text, "ssl_certificate") == ['"/etc/letsencrypt/live/events.example.org/fullchain.pem"']
    assert lines(text, "ssl_certificate_key") == ['"/etc/letsencrypt/live/events.example.org/privkey.pem"']
    assert set(lines(text, "ssl_protocols")) == {"TLSv1.2 TLSv1.3"}
    assert lines(text, "server") == ["127.0.0.1:8123"] * 2 + [NOBODY]
    assert lines(text, "return") == [
        "400 $omep_bare_page",
        "444",
        "301 https://events.example.org$request_uri",
        "597",
        "503 $omep_bare_page",
    ]
    assert lines(text, "proxy_set_header Host") == ["events.example.org"]
    assert lines(text, "access_log")[-1].startswith('"/var/log/nginx/events.example.org.log"')
    assert set(re.findall(r"(?:&\w+;|{{|{%)", text)) == set()


def test_a_site_without_https_listens_plainly(settings):
    settings.SITE_URL = "http://127.0.0.1:8080"
    text = printed("--listen", "127.0.0.1:8080")
    assert set(lines(text, "listen")) == {"127.0.0.1:8080"}
    assert ("ssl" in text, lines(text, "server_name")) == (False, ['""', "127.0.0.1"])
    assert lines(text, "proxy_set_header Host") == ["127.0.0.1:8080"]


def test_other_names_of_the_site_lead_to_the_one_of_its_address(settings):
    settings.ALLOWED_HOSTS = [
        "events.example.org",
        "www.events.example.org",
        "127.0.0.1",
        "[::1]",
        "localhost",
        ".x.org",
    ]
    text = printed()
    assert lines(text, "server_name") == [
        '""',
        "events.example.org www.events.example.org",
        "www.events.example.org",
        "events.example.org",
    ]


def test_several_machines_share_the_work_and_one_that_fails_is_left_out_for_a_while():
    text = printed("--app", "10.0.0.1:8000", "--app", "10.0.0.2:8000")
    assert lines(text, "server") == [f"10.0.0.{n}:8000 max_fails=2 fail_timeout=5s" for n in (1, 2)] * 2 + [NOBODY]


def test_files_stand_where_the_options_say():
    text = printed("--certificate", "/c.pem", "--key", "/k.pem", "--cache", "/cache folder", "--logs", "/logs")
    assert (lines(text, "ssl_certificate"), lines(text, "ssl_certificate_key")) == (['"/c.pem"'], ['"/k.pem"'])
    assert lines(text, "proxy_cache_path")[0].startswith('"/cache folder" ')
    assert lines(text, "access_log")[-1].startswith('"/logs/events.example.org.log"')


def test_static_files_and_pages_are_elsewhere_for_nginx_where_the_option_says_so(settings):
    assert lines(printed(), "alias") == [f'"{settings.STATIC_ROOT}/$omep_file"', f'"{settings.STATIC_ROOT}/proxy/"']
    text = printed("--static", "/srv/omep-static")
    assert lines(text, "alias") == ['"/srv/omep-static/$omep_file"', '"/srv/omep-static/proxy/"']


@pytest.mark.parametrize("command", ["nginx", "caddy"])
@pytest.mark.parametrize(
    ("count", "given", "sentence"),
    [
        (0, [], "behind this {} it must be 1, and 2 with a balancer in front of it, or visitors are not told apart;"),
        (1, ["10.0.0.5"], "TRUSTED_PROXIES: a balancer and this {} are 2; set it in .env."),
        (
            2,
            [],
            "it says that something stands in front of this {}: give its address, as --balancer 10.0.0.5, or anybody",
        ),
        (
            2,
            ["10.0.0.5; return 200"],
            "--balancer: “10.0.0.5; return 200” is neither an address nor a network, such as",
        ),
        (2, ["10.0.0.5", "::/0"], "--balancer: “::/0” is everybody, and anybody could pretend to be somebody else."),
    ],
)
def test_proxies_that_are_not_those_of_the_settings_are_refused_in_a_sentence(
    settings, command, count, given, sentence
):
    settings.TRUSTED_PROXIES = count
    sentence = sentence.format({"nginx": "nginx", "caddy": "Caddy"}[command])
    with pytest.raises(SystemExit, match=re.escape(sentence)):
        call_command(command, *[word for each in given for word in ("--balancer", each)], stdout=StringIO())


def test_a_site_with_a_port_of_its_own_listens_there_and_other_ways_lead_to_it(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = (
        "https://events.example.org:8443",
        ["events.example.org", "x.example.org"],
    )
    text = printed()
    assert set(lines(text, "listen")) == {"80", "[::]:80", "8443 ssl http2", "[::]:8443 ssl http2"}
    assert lines(text, "server_name") == [
        '""',
        "events.example.org x.example.org",
        "x.example.org",
        "events.example.org",
    ]
    leads = "301 https://events.example.org:8443$request_uri"
    assert set(lines(text, "return")) == {"400 $omep_bare_page", "444", leads, "597", "503 $omep_bare_page"}
    assert lines(text, "proxy_set_header Host") == ["events.example.org:8443"]
    assert lines(text, "ssl_certificate")[0] == '"/etc/letsencrypt/live/events.example.org/fullchain.pem"'
    settings.SITE_URL = "http://events.example.org:8080"
    assert set(lines(printed(), "listen")) == {"8080", "[::]:8080"}


def test_a_port_that_the_site_has_behind_nginx_is_refused_in_a_sentence(settings):
    settings.SITE_URL = "http://events.example.org:8123"
    with pytest.raises(
        SystemExit, match=r"^SITE_URL: behind nginx the site itself listens on port 8123; choose another PORT\.$"
    ):
        printed()


def test_behind_a_balancer_it_speaks_plain_http_and_with_a_certificate_https(settings):
    settings.TRUSTED_PROXIES, settings.SITE_URL = 2, "https://events.example.org:8443"
    text = printed("--balancer", "10.0.0.5", "--balancer", "2001:db8::/64")
    assert (set(lines(text, "listen")), lines(text, "ssl_certificate")) == ({"80", "[::]:80"}, [])
    assert lines(text, "set_real_ip_from") == ["10.0.0.5", "2001:db8::/64"]
    assert lines(text, "proxy_set_header X-Forwarded-For") == ['"$remote_addr, $realip_remote_addr"']
    assert lines(text, "proxy_set_header X-Forwarded-Proto") == ["https"]
    text = printed("--balancer", "10.0.0.5", "--certificate", "/c.pem", "--key", "/k.pem")
    assert set(lines(text, "listen")) == {"80", "[::]:80", "443 ssl http2", "[::]:443 ssl http2"}


def test_limits_are_those_of_the_site(settings):
    assert lines(printed(), "client_max_body_size") == [
        str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        str(Readable.MOST_OF_EDITORS),
    ]


def test_every_parameter_that_a_public_page_knows_and_whose_values_have_an_end_makes_a_page_of_its_own():
    assert [names for names, _paths in proxy.addresses()["listed"]] == ["comments", "page", "year|subject|page"]


def test_public_pages_are_known_in_every_language_and_nothing_private_is_among_them():
    found = re.compile(proxy.addresses()["pages"])
    assert all(
        found.fullmatch(path) for path in ("/fr/", "/en/", "/fr/evenements/x/", "/en/events/x.ics", "/sitemap.xml")
    )
    assert not any(
        found.fullmatch(path)
        for path in (
            "/",
            "/admin/",
            "/fr/commentaires/t/",
            "/en/comments/t/",
            "/en/preview/t/",
            "/fr/lettre/confirmer/t/",
        )
    )


# --- What the proxy says by itself ----------------------------------------------------------------------------------


def test_its_pages_are_written_in_each_language_and_in_all_together(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    proxy_pages.write()
    names = {f"{name}.{which}.html" for name in proxy_pages.words() for which in ("fr", "en", "all")}
    assert {path.name for path in proxy_pages.folder().iterdir()} == names
    for path in proxy_pages.folder().iterdir():
        text = path.read_text()
        languages = {"fr": ["fr"], "en": ["en"], "all": ["fr", "en"]}[path.name.split(".")[1]]
        titles = [proxy_pages.in_language(code)[path.name.split(".")[0]]["title"] for code in languages]
        assert f"<title>{' – '.join(titles)}</title>" in text
        assert f'<html lang="{languages[0]}">' in text
        assert [f'href="/{code}/"' in text for code in ("fr", "en")] == [code in languages for code in ("fr", "en")]
        assert ("<script" in text, "style=" in text) == (False, False)


def test_every_page_that_the_configuration_names_is_written():
    text = printed()
    named = set(re.findall(r"/\.proxy/([a-z-]+)\.", text))
    named |= set(
        re.findall(r"^\s+\S+ (away|uncertain|not-stored|files-too-large|too-large|fault);$", text, re.MULTILINE)
    )
    assert named == set(proxy_pages.words())


def test_what_is_said_without_a_file_is_no_word_of_the_proxys_configuration_and_short_enough_for_nginx():
    for page in proxy_pages.bare().values():
        assert (set('\\"${}\n') & set(page), len(page.encode()) < 2000) == (set(), True)


def test_they_are_written_anew_whenever_static_files_are_collected(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = []
    monkeypatch.setattr(server, "collect_into", lambda _root, keep: [])
    server.collect_static()
    page = proxy_pages.folder() / "away.en.html"
    page.write_text("of an earlier release")
    server.collect_static()
    assert "We will be back in a moment" in page.read_text()
