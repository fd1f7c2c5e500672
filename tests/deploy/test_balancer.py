"""nginx with a balancer in front of it, which speaks https with visitors: whose word is taken for who asks, and how."""

import time

import pytest
from django.test import RequestFactory

from bench.proxy import proxy
from bench.serving import free_port, production
from omep_site.lib import headers
from omep_site.lib.network import client_network
from tests.deploy.conftest import Proxied
from tests.deploy.upstream import Upstream, ask

BALANCER, SECOND, ELSEWHERE = "127.0.9.1", "127.0.8.1", "127.0.7.1"
VISITOR, FORGED = "198.51.100.77", "192.0.2.1"


@pytest.fixture(scope="module", params=[2, 3])
def balanced(request, needs_nginx, collected_copy, tmp_path_factory):
    """Behind one balancer; behind two in a row."""
    folder, port, behind = tmp_path_factory.mktemp("balanced"), free_port(), free_port()
    env = production(str(folder), behind) | {"SITE_URL": f"https://127.0.0.1:{port}"}
    known = [BALANCER, f"{SECOND}/24"][: request.param - 1]
    options = [word for each in known for word in ("--balancer", each)]
    upstream = Upstream(behind)
    try:
        with proxy(env, folder, *options, root=collected_copy, proxies=request.param):
            yield Proxied(port, folder, upstream), request.param
    finally:
        upstream.down()


def way(*before: str, proxies: int) -> str:
    """X-Forwarded-For as it comes from the balancer: each proxy adds whom it was asked by."""
    return ", ".join([*before, *[SECOND] * (proxies - 2)])


def counted(site: Proxied, settings, proxies: int) -> str:
    """The network that the site itself counts, for the last request that came to it."""
    settings.TRUSTED_PROXIES = proxies
    told = site.upstream.asked[-1].headers["x-forwarded-for"]
    return client_network(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": told}))


@pytest.mark.parametrize("before", [[VISITOR], [FORGED, VISITOR], [BALANCER, VISITOR], [f"{FORGED}, x", VISITOR]])
def test_the_balancers_last_word_is_who_asks(balanced, settings, before):
    site, proxies = balanced
    site.get("/en/preview/x/", source=BALANCER, x_forwarded_for=way(*before, proxies=proxies))
    assert counted(site, settings, proxies) == "198.51.100.0/24"


@pytest.mark.parametrize("forged", [FORGED, f"{FORGED}, {FORGED}, {FORGED}", f"{FORGED}, {BALANCER}"])
def test_who_comes_past_the_balancer_is_not_believed(balanced, settings, forged):
    site, proxies = balanced
    site.get("/en/preview/x/", source=ELSEWHERE, x_forwarded_for=forged)
    assert counted(site, settings, proxies) == "127.0.7.0/24"


def test_a_visitor_of_the_balancers_own_network_cannot_pretend_either(balanced, settings):
    site, proxies = balanced
    if proxies > 2:
        pytest.skip("of several proxies in a row, each that is known is passed over")
    site.get("/en/preview/x/", source=BALANCER, x_forwarded_for=f"{FORGED}, {BALANCER}")
    assert counted(site, settings, proxies) == "127.0.9.0/24"


def test_limits_count_visitors_and_not_the_balancer(balanced):
    site, proxies = balanced

    def send(visitor: str) -> int:
        return site.post("/en/x/", source=BALANCER, x_forwarded_for=way(visitor, proxies=proxies)).status

    assert 429 in [send("203.0.113.9") for _time in range(80)]
    assert send("198.51.100.9") == 200


def test_the_log_has_the_visitors_network(balanced):
    site, proxies = balanced
    path = f"/en/preview-{proxies}/"
    site.get(path, source=BALANCER, x_forwarded_for=way(VISITOR, proxies=proxies))
    log, until = site.folder / "127.0.0.1.log", time.monotonic() + 30
    while path not in log.read_text() and time.monotonic() < until:
        time.sleep(0.2)
    [line] = [line for line in log.read_text().splitlines() if path in line]
    assert line.startswith("198.51.100.0/24 [")


def test_the_site_learns_that_it_was_https_and_plain_http_is_led_there(balanced):
    site, _proxies = balanced
    assert site.get("/en/preview/x/", source=BALANCER, x_forwarded_proto="https").status == 200
    told = site.upstream.asked[-1].headers
    assert (told["x-forwarded-proto"], told["host"]) == ("https", f"127.0.0.1:{site.port}")
    site.upstream.asked.clear()
    answer = site.get("/fr/?q=x", source=BALANCER, x_forwarded_proto="http")
    assert (answer.status, answer["Location"]) == (301, f"https://127.0.0.1:{site.port}/fr/?q=x")
    assert {name: answer[name] for name in headers.of_pages()} == headers.of_pages()
    assert site.post("/en/x/", source=BALANCER, x_forwarded_proto="http").status == 301
    assert site.upstream.asked == []


def test_the_balancer_may_ask_how_the_site_is(balanced):
    site, _proxies = balanced
    assert ask(site.port, "/readyz", source=BALANCER).status == 200
