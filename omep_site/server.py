"""How the site is served: one command line for `make run` and `make serve`."""

import fcntl
import hashlib
import logging
import shutil
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.core.management import call_command

from omep_site import proxy_pages
from omep_site.lib.whole_files import is_full, write_whole

logger = logging.getLogger(__name__)

THREADS = 16  # requests that one process answers at once; a few slow senders must not hold them all

STOPS_WITHIN = 5  # seconds

NO_ROOM = "The disk is full: there is no room for the static files in {folder}. Make room, and start again."

STAMP = ".collected"  # in STATIC_ROOT: of which files it was collected, and what it then held


def command(workers: int, port: int | None = None, application: str = "omep_site.wsgi:application") -> list[str]:
    """The command that serves on this machine; `make bench` serves its bare application with the same one."""
    options = {
        "--interface": "wsgi",
        "--host": settings.BIND,
        "--port": port or settings.PORT,
        "--workers": workers,
        "--blocking-threads": THREADS,
        "--log-level": "error",  # its warnings are about how many threads there are, at each start
        "--log-config": settings.BASE_DIR / "omep_site" / "server_log.json",  # as the site's own lines
        # A worker that is told to stop finishes its requests, and now and then never ends: it is then ended.
        "--workers-kill-timeout": STOPS_WITHIN,
    }
    words = [str(word) for pair in options.items() for word in pair]
    return [sys.executable, "-m", "granian", *words, "--no-ws", "--respawn-failed-workers", application]


def collect_static() -> None:
    """Hashes and compresses the static files into STATIC_ROOT, unless that was done for these very files, and writes
    beside them what the proxy says by itself. Of several that start at once, one does it. Nothing new is nothing written,
    and a disk that is full keeps no site from starting whose files stand there already.

    Those of the release before stay: pages of it are still being read, and a server that has not ended yet hands them out.
    """
    named = [(name, Path(storage.path(name))) for finder in get_finders() for name, storage in finder.list([])]
    found = sorted(path for _name, path in named)
    state = "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in found)
    digest = hashlib.sha256(state.encode()).hexdigest()
    root = Path(settings.STATIC_ROOT)
    with alone(root):
        stamp = root / STAMP
        before = stamp.read_text().splitlines() if stamp.exists() else []
        if before[:1] != [digest]:
            try:
                names = collect_into(root, keep=before[1:])
                write_whole(stamp, "\n".join([digest, *names]))
            except OSError as error:
                if not is_full(error):
                    raise
                if not all((root / name).exists() for name, _path in named):
                    sys.exit(NO_ROOM.format(folder=root))
                logger.warning("the disk is full: the static files that are there are handed out")
        proxy_pages.write()


@contextmanager
def alone(root: Path):
    """Where a full disk takes no new file for the lock, nobody is waited for: there is room for nothing else either."""
    with ExitStack() as stack:
        try:
            root.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context(root.with_name(f".{root.name}.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            if not is_full(error):
                raise
        yield


def collect_into(root: Path, keep: list[str]) -> list[str]:
    """Puts each file into its place whole, the list of them last, and takes away what is neither theirs nor to be kept;
    returns their names."""
    fresh = root.with_name(f".{root.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        collect = CollectStatic()
        collect.storage = storages.create_storage(settings.STORAGES["staticfiles"] | {"OPTIONS": {"location": fresh}})
        call_command(collect, verbosity=0, interactive=False)
        names = [str(path.relative_to(fresh)) for path in fresh.rglob("*") if path.is_file()]
        for name in sorted(names, key=lambda name: name == getattr(staticfiles_storage, "manifest_name", "")):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).replace(root / name)
    finally:  # a full disk would otherwise be left a little fuller
        shutil.rmtree(fresh, ignore_errors=True)
    kept = {root / name for name in (*names, *keep, STAMP)}
    for path in root.rglob("*"):
        if path.is_file() and path not in kept and proxy_pages.folder() not in path.parents:
            path.unlink()
    if hasattr(staticfiles_storage, "load_manifest"):
        staticfiles_storage.hashed_files, staticfiles_storage.manifest_hash = staticfiles_storage.load_manifest()
    return names
