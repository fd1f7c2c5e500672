"""A Redis that is there and says nothing."""

import socket

import pytest
from redis import RedisError

from omep_site.lib.shared_cache import PATIENCE, RedisCache


def test_it_is_asked_once_and_not_for_long():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = RedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})

        with pytest.raises(RedisError):
            cache.get("link")
        silent.settimeout(PATIENCE)
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):  # nobody came a second time
            silent.accept()
