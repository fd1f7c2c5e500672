from newsletter.models.subscribers import (
    CONFIRM_WITHIN,
    CONSENT,
    LONGEST_PATH,
    MAIL_PAUSE,
    Consent,
    ConsentText,
    Subscriber,
    tidy_address,
)

__all__ = [
    "CONFIRM_WITHIN",
    "CONSENT",
    "LONGEST_PATH",
    "MAIL_PAUSE",
    "Consent",
    "ConsentText",
    "Subscriber",
    "tidy_address",
]
