"""What systemd is told of a process (sd_notify(3)). Where nobody asks, nothing is said."""

import os
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

LISTENS = "0A"  # as /proc/self/net/tcp has it (proc_pid_net(5))


def tell(state: str) -> None:
    """`state`, such as READY=1, to whoever started this process and asked for it; who cannot be told is let be."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.sendall(state.encode())


def tell_when_listening() -> None:
    """READY=1 as soon as this process takes connections, which begins after the application was loaded: not before that may
    the server of the release before be stopped."""
    if os.environ.get("NOTIFY_SOCKET"):
        threading.Thread(target=_tell_when_listening, daemon=True).start()


def _tell_when_listening() -> None:
    while not listens():
        time.sleep(0.02)
    tell("READY=1")


def listens() -> bool:
    """Whether a socket of this process's own takes connections."""
    rows = [line.split() for name in ("tcp", "tcp6") for line in _lines(Path(f"/proc/self/net/{name}"))]
    taking = {f"socket:[{row[9]}]" for row in rows if row[3] == LISTENS}
    return bool(taking & set(_open_files()))


def _lines(table: Path) -> list[str]:
    return table.read_text().splitlines()[1:] if table.exists() else []


def _open_files():
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            yield os.readlink(each)
