from comments.models import Comment
from omep_site.lib.links import path_in


def place_of(comment: Comment, language: str) -> str:
    """The path under which a published comment is read, whichever page it is on. Pages and mails that lead to one ask here."""
    return path_in(language, "comments:permalink", number=comment.pk)
