"""What this thread is at: a request or a round of the worker, with an id by which its lines in the log are found."""

import re
import uuid
from contextlib import contextmanager
from contextvars import ContextVar

# As nginx makes them ($request_id) or as a UUID is written. Anything else would let a visitor write into the log.
ID = re.compile(r"[0-9a-f-]{16,36}")


class Work:
    def __init__(self, id: str, name: str, method: str):
        self.id = id
        self.name = name  # of the route or the job: known in the middle of it
        self.method = method  # of the request; "" for the worker's


_current: ContextVar[Work | None] = ContextVar("work", default=None)


def new_id() -> str:
    return uuid.uuid4().hex


def is_id(text: str) -> bool:
    return bool(ID.fullmatch(text))


def current() -> Work | None:
    return _current.get()


def current_id() -> str:
    """ "" outside of all work."""
    work = _current.get()
    return work.id if work else ""


@contextmanager
def at(id: str, name: str = "", method: str = ""):
    """All that is logged within belongs to this work."""
    work = Work(id, name, method)
    token = _current.set(work)
    try:
        yield work
    finally:
        _current.reset(token)
