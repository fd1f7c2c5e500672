from newsletter.models.bounces import Bounce
from newsletter.models.consents import CONSENT, LONGEST_PATH, Consent, ConsentText
from newsletter.models.counts import DailyCount
from newsletter.models.deliveries import Delivery, MailServer, SendRun
from newsletter.models.imports import ImportJob, ImportProblem
from newsletter.models.issues import REQUIRED_TO_SEND, TOO_LATE, Issue, IssueContent, IssueEvent
from newsletter.models.subscribers import (
    CONFIRM_WITHIN,
    MAIL_PAUSES,
    PREFERENCES_PURPOSE,
    PREFERENCES_WITHIN,
    Subscriber,
    tidy_address,
)
from newsletter.models.suppressions import Key, Suppression, digest_of
from newsletter.models.tags import Tag

__all__ = [
    "CONFIRM_WITHIN",
    "CONSENT",
    "LONGEST_PATH",
    "MAIL_PAUSES",
    "PREFERENCES_PURPOSE",
    "PREFERENCES_WITHIN",
    "REQUIRED_TO_SEND",
    "TOO_LATE",
    "Bounce",
    "Consent",
    "ConsentText",
    "DailyCount",
    "Delivery",
    "ImportJob",
    "ImportProblem",
    "Issue",
    "IssueContent",
    "IssueEvent",
    "Key",
    "MailServer",
    "SendRun",
    "Subscriber",
    "Suppression",
    "Tag",
    "digest_of",
    "tidy_address",
]
