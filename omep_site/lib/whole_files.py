"""Small files that are read while they are written anew: the whole former one, or the whole new one. And what a disk says
that is full."""

import errno
import os
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full(error: BaseException) -> bool:
    return getattr(error, "errno", None) in FULL


def write_whole(path: Path, text: str) -> None:
    """In one step, and only where it says something else. Raises OSError, and leaves nothing beside it then."""
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        made.write_bytes(content)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
