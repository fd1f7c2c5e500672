"""The cache that machines share (CACHE_URL). It is an aid to memory: whoever asks it goes on where it does not answer."""

from django.core.cache.backends import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.5  # seconds; a server that says nothing must not hold a page


class RedisCache(redis.RedisCache):
    """Django's, asked once and for a short while. Raises redis.RedisError where the server is away or says nothing."""

    def __init__(self, server, params):
        limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": Retry(NoBackoff(), 0)}
        super().__init__(server, params | {"OPTIONS": limits | params.get("OPTIONS", {})})
