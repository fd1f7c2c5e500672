"""A letter made of an issue, for the readers of one language: HTML that mail programmes show, and a text that reads well.

What is in it comes from the issue, its events and the site's own words; every address begins with SITE_URL. Nothing is
loaded from anywhere: no picture, no style sheet, nothing that would tell us who reads.
"""

from collections.abc import Iterable

from css_inline import CSSInliner
from django.template.loader import render_to_string
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname as in_language

from events.models import Event
from events.reading import Phrase, Reading, name_languages, read_all
from newsletter import plain
from newsletter.letters import PREFERENCES, UNSUBSCRIBE, Letter
from newsletter.models import Issue
from omep_site.lib.context import site
from omep_site.lib.links import absolute, path_in
from omep_site.lib.text import has_control
from omep_site.lib.typography import typeset, typeset_html

# Styles on the elements, for what knows no other; @media stays where it is. Nothing is fetched.
INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def compose(issue: Issue, language: str) -> Letter:
    """As every reader of `language` gets it. Where the issue may go out without that language, in the words of another;
    where it may not, in whatever words there are so far: whoever sends has asked before (`Issue.may_go_out`)."""
    words_in = words_for(issue, language)
    with translation.override(language):
        subject = one_line(typeset(getattr(issue, in_language("subject", words_in)) or "", words_in))
        body = Phrase(getattr(issue, in_language("body", words_in)) or "", words_in)
        context = site() | {
            "subject": Phrase(subject, words_in),
            "summary": Phrase(getattr(issue, in_language("summary", words_in)) or "", words_in),
            "body": body,
            "body_as_text": plain.as_text(typeset_html(body.text, words_in)),
            "words_name": name_languages([words_in]) if words_in != language else "",
            "cards": cards_of(issue, language),
            "home_url": absolute(path_in(language, "events:home")),
            "unsubscribe_url": absolute(path_in(language, "newsletter:unsubscribe", token=UNSUBSCRIBE)),
            "preferences_url": absolute(path_in(language, "newsletter:preferences", token=PREFERENCES)),
            "browser_url": absolute(path_in(language, "newsletter:issue", number=issue.pk)) if issue.in_archive else "",
        }
        html = render_to_string("newsletter/letter.html", context)
        text = render_to_string("newsletter/letter.txt", context)
    return Letter(language, words_in, subject, INLINER.inline(html), plain.tidy(text))


def words_for(issue: Issue, language: str) -> str:
    """The language of the words that readers of `language` get."""
    complete = issue.complete_languages()
    return complete[0] if issue.incomplete and complete and language not in complete else language


def cards_of(issue: Issue, language: str) -> list[Reading]:
    """Its events in their order; those that were taken back to draft have no page to lead to, and are left out."""
    events = [card.event for card in issue.cards.select_related("event")]
    return read_all(shown(events), language)


def shown(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.status == Event.Status.PUBLISHED and event.complete_languages()]


def one_line(text: str) -> str:
    """A header holds no line break and no other control character, whatever a shell stored."""
    return "".join(" " if has_control(char) else char for char in text).strip()
