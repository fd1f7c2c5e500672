"""A Redis that is there and says nothing, or what this site never told it."""

import pickle
import socket

import pytest
from redis import RedisError

from omep_site.lib.shared_cache import PATIENCE, Forged, RedisCache, Signed


def test_it_is_asked_once_and_not_for_long():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = RedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})

        with pytest.raises(RedisError):
            cache.get("link")
        silent.settimeout(PATIENCE)
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):  # nobody came a second time
            silent.accept()


class Bomb:
    def __reduce__(self):
        return pytest.fail, ("it was run",)


@pytest.mark.parametrize("value", [1, "alive", b"bytes", {"a": [1, 2]}, None])
def test_what_this_site_remembered_comes_back(value):
    assert Signed().loads(Signed().dumps(value)) == value


def test_what_somebody_else_put_there_is_neither_run_nor_shown(settings):
    ours = Signed().dumps("a page")
    settings.SECRET_KEY = "x" * 50
    of_another_key = Signed().dumps("a page")
    settings.SECRET_KEY = "y" * 50

    for stored in (pickle.dumps(Bomb()), bytes(32) + pickle.dumps(Bomb()), ours[:-1] + b"x", b"", b"1", of_another_key):
        with pytest.raises(Forged):
            Signed().loads(stored)
