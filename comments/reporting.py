"""What readers' reports do: enough of them let a published comment wait for an editor again. They can do no more, so a
crowd that reports from many networks costs an editor a look, and nobody their words."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Q

from comments import notifications
from comments.models import By, Comment, Policy, Report, Via
from omep_site.lib.throttle import trace_of


def report(comment: Comment, reason: str, network: str) -> bool:
    """Notes one reader's report, where the comment is still published; whether the comment now waits because of it.

    A second report from the same network on the same day changes nothing.
    """
    with transaction.atomic():
        # Under a lock, so that of two reports that come at once one sees the other.
        comment = (
            Comment.objects.select_for_update(of=["self"])
            .select_related("event")
            .visible()
            .filter(pk=comment.pk)
            .first()
        )
        if comment is None:
            return False
        who = trace_of(network, f"comments.report.{comment.pk}")
        _report, is_new = comment.reports.get_or_create(who=who, defaults={"reason": reason})
        count = comment.reports.open().count()
        enough = Policy.objects.in_force(comment.event).reports_to_hold
        if not is_new or not enough or count < enough:
            return False
        code = f"reported:{count}"
        if not comment.restore(By(Via.REPORTS), reasons=[code], seen=comment.seen):
            return False
        others = [each for each in comment.held_for if not each.startswith("reported:")]
        comment.held_for = [code, *others]
        comment.save(update_fields=["held_for"])
        notifications.comment_waiting(comment)
    return True


@dataclass
class Told:
    """What readers reported of one comment: (reason in words, how often), the most frequent first; and whether nobody has
    decided since."""

    reasons: list[tuple[str, int]] = field(default_factory=list)
    is_open: bool = False


def told(comments) -> dict[int, Told]:
    """For each comment that readers reported. One query."""
    found = {}
    rows = Report.objects.filter(comment__in=[comment.pk for comment in comments]).order_by()
    labels = dict(Report.Reason.choices)
    opened = Count("pk", filter=Q(weighed_at=None))
    counted = rows.values("comment", "reason").annotate(count=Count("pk"), opened=opened)
    for row in sorted(counted, key=lambda row: -row["count"]):
        each = found.setdefault(row["comment"], Told())
        each.reasons.append((labels.get(row["reason"], row["reason"]), row["count"]))
        each.is_open |= bool(row["opened"])
    return found
