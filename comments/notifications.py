"""The mails about comments, one function each. Call them in the transaction of their cause."""

from django.conf import settings
from django.urls import reverse

from comments.models import Comment
from omep_site.lib.links import absolute
from omep_site.lib.mail import send


def comment_waiting(comment: Comment | None = None) -> None:
    """Tells each moderator that a comment waits.

    Nothing of the visitor's is in it, so that nobody can make the site mail words of theirs to anyone.
    """
    waiting = absolute(f"{reverse('admin:comments_comment_changelist')}?status__exact={Comment.Status.PENDING}")
    for moderator in settings.MODERATORS:
        send("comment_waiting", moderator, settings.LANGUAGE_CODE, waiting=waiting)
