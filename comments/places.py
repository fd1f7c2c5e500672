from comments.models import Comment
from events.reading import path_of


def place_of(comment: Comment, language: str) -> str:
    """The path under which a published comment is read. Pages and mails that lead to one ask here."""
    return f"{path_of(comment.event, language)}#{comment.anchor}"
