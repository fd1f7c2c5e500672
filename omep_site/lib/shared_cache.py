"""The cache that machines share (CACHE_URL). It is an aid to memory: whoever asks it goes on where it does not answer."""

import hmac
import pickle

from django.core.cache.backends import redis
from django.utils.crypto import salted_hmac
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.5  # seconds; a server that says nothing must not hold a page


class Forged(RedisError):
    """What the server holds was not put there by this site."""


class Signed:
    """What is remembered, with a proof that this site wrote it. Django's own way, pickle alone, would run whatever somebody
    has put into the Redis server, which for many is a service that others look after; and a page of theirs would be shown."""

    LENGTH = 32  # bytes of the proof

    def dumps(self, value) -> bytes:
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return self._proof(data) + data

    def loads(self, stored: bytes):
        proof, data = stored[: self.LENGTH], stored[self.LENGTH :]
        if not hmac.compare_digest(proof, self._proof(data)):
            raise Forged
        return pickle.loads(data)  # noqa: S301 - ours, as was just proved

    def _proof(self, data: bytes) -> bytes:
        return salted_hmac("omep_site.shared_cache", data, algorithm="sha256").digest()


class RedisCache(redis.RedisCache):
    """Django's, asked once and for a short while. Raises redis.RedisError where the server is away or says nothing."""

    def __init__(self, server, params):
        limits = {
            "serializer": Signed,
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, params | {"OPTIONS": limits | params.get("OPTIONS", {})})
