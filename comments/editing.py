"""What happens when an author sends new words for a comment that waits."""

from django.db import transaction

from comments import notifications
from comments.checks import Submission, judge
from comments.facts import facts_about
from comments.models import Comment, Policy
from comments.stamps import Stamp


def edit(comment: Comment, words: dict[str, str], revision: int, *, says_where_from: bool) -> bool:
    """Puts `words` (name, website, body) in the place of those of `revision`; False where that is too late.

    The words are judged as when a comment comes in. What was noticed before stays noticed: a program that filled in
    the form has not become a person because it sent other words.
    """
    status, codes = judged(comment, words, says_where_from)
    with transaction.atomic():
        edited = comment.edit(**words, revision=revision, held_for=codes, spam=status == Comment.Status.SPAM)
        if edited and comment.status == Comment.Status.PENDING:
            notifications.comment_waiting(comment)
    return edited


def send_again(comment: Comment) -> bool:
    """Lets a comment wait again that its author had taken back."""
    with transaction.atomic():
        sent = comment.send_again()
        if sent and comment.status == Comment.Status.PENDING:
            notifications.comment_waiting(comment)
    return sent


def judged(comment: Comment, words: dict[str, str], says_where_from: bool) -> tuple[str, list[str]]:
    """The status that the new words would have if they came in now, and all that is worth a look."""
    rules = Policy.objects.in_force(comment.event)
    facts = facts_about(comment, words["body"], rules)
    # A form of the private page has no stamp, which says nothing.
    status, codes = judge(Submission(**words, stamp=Stamp(), says_where_from=says_where_from), facts, rules)
    return status, kept([*codes, "edited"], comment.held_for)


def kept(now: list[str], before: list[str]) -> list[str]:
    """Today's codes first, then those of before that today's say nothing about (“links:3” speaks about “links:9”)."""
    said = {code.partition(":")[0] for code in now}
    return now + [code for code in before if code.partition(":")[0] not in said]
