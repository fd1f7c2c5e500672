"""nginx as it is deployed, where it is installed, in front of a copy of the project."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.proxy import NGINX, proxy
from bench.serving import free_port, production
from tests.deploy.upstream import Received, Upstream, ask


@pytest.fixture(scope="session")
def needs_nginx():
    if NGINX is None:
        pytest.skip("nginx is not installed (apt install nginx)")
    if sys.platform != "linux":
        pytest.skip("elsewhere than on Linux, this machine has one address of its own and not many")


@dataclass
class Proxied:
    """nginx, and what stands behind it."""

    port: int
    folder: Path
    upstream: Upstream
    networks: int = 0  # the port on which it says which network it takes the address in X-Real-IP for

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Received:
        return ask(self.port, path, method, body, **headers)

    def post(self, path: str, body: bytes = b"body=Bonjour", **headers: str) -> Received:
        return ask(self.port, path, "POST", body, content_type="application/x-www-form-urlencoded", **headers)


@pytest.fixture(scope="module")
def _proxied(needs_nginx, collected_copy, tmp_path_factory):
    folder, port, behind, networks = tmp_path_factory.mktemp("proxy"), free_port(), free_port(), free_port()
    env = production(str(folder), behind) | {"SITE_URL": f"http://127.0.0.1:{port}"}
    more = f"server {{ listen 127.0.0.1:{networks}; set_real_ip_from 127.0.0.1; return 200 $omep_network; }}"
    upstream = Upstream(behind)
    try:
        # One process of nginx, so that questions can be counted: of two, either gives a page out a moment before it stands on
        # the shelf, and in that moment the other may ask for it again.
        with proxy(env, folder, root=collected_copy, workers=1, more=more):
            yield Proxied(port, folder, upstream, networks)
    finally:
        upstream.down()


@pytest.fixture
def proxied(_proxied):
    """nginx in front of a scripted site, which has said nothing yet."""
    _proxied.upstream.says.clear()
    _proxied.upstream.asked.clear()
    return _proxied
