"""The last decisions of the person who is signed in, so that each can be undone. They stand in the session."""

import secrets

from comments.models import Comment

KEY = "comments.decisions"
KEPT = 10  # decisions; each page that shows an “Undo” may be one of several windows


def remember(session, verb: str, moved: list[Comment], back: str) -> str:
    """Keeps one decision, with the address of the page on which it was made. Returns its name for `recall`."""
    name = secrets.token_urlsafe(8)
    rows = [[comment.pk, comment.moved_from, comment.updated_at.isoformat()] for comment in moved]
    latest = [*session.get(KEY, {}).items(), (name, {"verb": verb, "rows": rows, "back": back})][-KEPT:]
    session[KEY] = dict(latest)
    return name


def recall(session, name: str) -> dict | None:
    """The decision, which is then forgotten; None for one that was undone or is too old."""
    decisions = session.get(KEY, {})
    decision = decisions.pop(name, None)
    session[KEY] = decisions
    return decision
