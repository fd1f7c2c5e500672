"""A letter as a test, to whoever writes it."""

from django.core.mail import EmailMultiAlternatives

from newsletter.composing import compose
from newsletter.models import Issue


def test_letters(issue: Issue, address: str) -> int:
    """The letter as it would go out, to whoever writes it: a mail in each language that is written. Returns how many.

    Its readers' own links lead to a page that says so (newsletter.letters.SAMPLE).
    """
    written = issue.complete_languages()
    for language in written:
        letter = compose(issue, language).sample()
        headers = {
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.words_in,
            "X-Mail-Kind": "letter_test",
        }
        mail = EmailMultiAlternatives(f"[Test] {letter.subject}", letter.text, to=[address], headers=headers)
        mail.attach_alternative(letter.html, "text/html")
        mail.send()
    return len(written)
