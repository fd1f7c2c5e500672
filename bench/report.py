"""What a benchmark is held to, as one line that people and `python -m bench` read alike."""

MARK = "held to: "


def held(what: str, asked: str, found: str, ok: bool) -> None:
    print(f"{MARK}{what} | {asked} | {found} | {'yes' if ok else 'NO'}", flush=True)


def read(line: str) -> list[str] | None:
    """What, asked, found, and yes or NO; None for any other line."""
    return line.removeprefix(MARK).strip().split(" | ") if line.startswith(MARK) else None
