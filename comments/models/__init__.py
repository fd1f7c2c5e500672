from comments.models.comment import BY_AUTHOR, BY_COMMAND, SEGMENT, Comment, Seen
from comments.models.following import CONFIRM_WITHIN, Correspondent, Follow
from comments.models.moderators import MAY_DECIDE, ModeratorChoice
from comments.models.moves import ERASED, By, Move, Via
from comments.models.policy import MOST_LEVELS, Hold, Opening, Policy, Rules, next_closing, rules_of, rules_of_page
from comments.models.reports import Report

__all__ = [
    "BY_AUTHOR",
    "BY_COMMAND",
    "CONFIRM_WITHIN",
    "ERASED",
    "MAY_DECIDE",
    "MOST_LEVELS",
    "SEGMENT",
    "By",
    "Comment",
    "Correspondent",
    "Follow",
    "Hold",
    "ModeratorChoice",
    "Move",
    "Opening",
    "Policy",
    "Report",
    "Rules",
    "Seen",
    "Via",
    "next_closing",
    "rules_of",
    "rules_of_page",
]
