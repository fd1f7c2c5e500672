"""What is looked at before a letter goes out. Each check is a function that gives its findings; an error must be put
right, a warning is for the editor to weigh. `check` calls them all.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events.models import Event
from events.reading import name_languages, phrase
from newsletter import audience
from newsletter.composing import compose, shown
from newsletter.dead_links import Verdict, ask_all, ask_ourselves, is_ours
from newsletter.letters import UNSUBSCRIBE, Letter
from newsletter.models import Issue
from omep_site.lib.links import languages
from omep_site.lib.text import BIDI_CONTROLS, has_control

ERROR, WARNING = "error", "warning"
LONG_SUBJECT = 60  # characters; phones show about forty
LONG_MAIL = 100 * 1024  # bytes of HTML; Gmail cuts what is longer than 102 KB, with the link to unsubscribe
SCHEMES = ("http", "https", "mailto")


@dataclass(frozen=True)
class Finding:
    level: str
    sentence: str
    language: str = ""  # of the words that it is about; "" for the letter as a whole

    @property
    def is_error(self) -> bool:
        return self.level == ERROR

    @property
    def language_name(self) -> str:
        return name_languages([self.language]) if self.language else ""


def check(issue: Issue, at=None, ask: Callable[[list[str]], dict[str, Verdict]] = ask_all) -> list[Finding]:
    """All findings, errors first, for a letter that goes out at `at` (now). `ask` is how other sites are asked."""
    letters = [compose(issue, language) for language in issue.complete_languages()]
    events = [card.event for card in issue.cards.select_related("event")]
    found = [*translations(issue), *readers(issue), *notice(issue), *presented(events, at or timezone.now())]
    for language in languages():
        found += subject(language, getattr(issue, in_language("subject", language)) or "")
        found += body_links(language, getattr(issue, in_language("body", language)) or "", ask)
    for letter in letters:
        found += [*pictures(letter), *size(letter), *way_out(letter)]
    return sorted(dict.fromkeys(found), key=lambda each: not each.is_error)


# --- The letter as a whole --------------------------------------------------------------------------------------------


def translations(issue: Issue) -> Iterator[Finding]:
    complete = issue.complete_languages()
    for language in languages():
        missing = issue.missing_in(language)
        if not missing:
            continue
        names = ", ".join(str(Issue._meta.get_field(field).verbose_name) for field in missing)
        level = WARNING if issue.incomplete and complete else ERROR
        if level == WARNING:
            sentence = _("Missing: {fields}. Readers of this language get the letter in another one, and are told so.")
        else:
            sentence = _("Missing: {fields}.")
        yield Finding(level, sentence.format(fields=names), language)


def readers(issue: Issue) -> Iterator[Finding]:
    if not audience.readers_of(issue).exists():
        yield Finding(ERROR, _("Nobody would get this letter: no subscriber is of this language and these groups."))


def notice(issue: Issue) -> Iterator[Finding]:
    """A notice of a change that is not true any more, because the event has changed once more."""
    event = issue.about
    if issue.kind != Issue.Kind.CHANGE or event is None:
        return
    moved = issue.change == Event.EventStatus.MOVED
    true = event.event_status in ((Event.EventStatus.PLANNED, issue.change) if moved else (issue.change,))
    if not true:
        sentence = _("This notice says that the event is {then}, but now it is: {now}.")
        then = str(Event.EventStatus(issue.change).label)
        yield Finding(ERROR, sentence.format(then=then, now=event.get_event_status_display()))


def presented(events: Iterable[Event], at) -> Iterator[Finding]:
    events = list(events)
    public = shown(events)
    for event in events:
        title = phrase(event, "title", get_language()).text or str(event)
        if event not in public:
            yield Finding(ERROR, _("The event “{event}” is a draft: it has no page to lead to.").format(event=title))
        elif not event.is_published(at):
            sentence = _("The event “{event}” is not public yet when this letter goes out.")
            yield Finding(ERROR, sentence.format(event=title))
        elif event.is_cancelled:
            yield Finding(WARNING, _("The event “{event}” is cancelled; its card says so.").format(event=title))
        elif event.has_ended(at):
            yield Finding(WARNING, _("The event “{event}” is over; its card says so.").format(event=title))


# --- The words of one language ------------------------------------------------------------------------------------------


def subject(language: str, text: str) -> Iterator[Finding]:
    if has_control(text) or BIDI_CONTROLS & set(text):
        sentence = _("The subject holds a line break or another invisible character. Please type it again.")
        yield Finding(ERROR, sentence, language)
    if len(text) > LONG_SUBJECT:
        sentence = ngettext(
            "The subject is %(count)d character long; mail programmes cut what is longer than about 60.",
            "The subject is %(count)d characters long; mail programmes cut what is longer than about 60.",
            len(text),
        )
        yield Finding(WARNING, sentence % {"count": len(text)}, language)


def body_links(language: str, html: str, ask: Callable[[list[str]], dict[str, Verdict]]) -> list[Finding]:
    found, elsewhere = [], []
    for address, words in dict.fromkeys(links_in(html)):
        if not words:
            found.append(Finding(WARNING, _("A link has no words: {address}").format(address=address), language))
        fault = fault_of(address)
        if fault:
            found.append(Finding(ERROR, fault.format(address=address), language))
        elif is_ours(address):
            found += answered(
                language, address, ask_ourselves(address), _("This page of the site does not exist: {address}")
            )
        elif not address.startswith("mailto:"):
            elsewhere.append(address)
    for address, verdict in (ask(elsewhere) if elsewhere else {}).items():
        found += answered(language, address, verdict, _("There is nothing at this address any more: {address}"))
    return found


def answered(language: str, address: str, verdict: Verdict, if_dead: str) -> Iterator[Finding]:
    if verdict is Verdict.DEAD:
        yield Finding(ERROR, if_dead.format(address=address), language)
    elif verdict is Verdict.SILENT:
        sentence = _("This address could not be reached. Open it yourself to be sure: {address}")
        yield Finding(WARNING, sentence.format(address=address), language)


def fault_of(address: str) -> str:
    """A sentence about an address that leads nowhere from a mailbox; "" for one that may."""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return _("This is no address: {address}")
    if parts.scheme in SCHEMES and (parts.hostname or (parts.scheme == "mailto" and parts.path)):
        return ""
    if not parts.scheme:
        return _("This link leads nowhere from a mailbox. Write the whole address, with https://: {address}")
    return _("This is no address: {address}")


class _Seen(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self.pictures: list[str | None] = []
        self.open: list[list[str]] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "a":
            self.open.append([attributes.get("href") or "", ""])
        elif tag == "img":
            self.pictures.append(attributes.get("alt"))
            if self.open:
                self.open[-1][1] += attributes.get("alt") or ""

    def handle_endtag(self, tag):
        if tag == "a" and self.open:
            address, words = self.open.pop()
            self.links.append((address, words.strip()))

    def handle_data(self, data):
        if self.open:
            self.open[-1][1] += data


def links_in(html: str) -> list[tuple[str, str]]:
    """Where each link leads, and its words."""
    seen = _Seen()
    seen.feed(html)
    seen.close()
    return seen.links


def pictures_in(html: str) -> list[str | None]:
    """The alternative text of each picture; None where it has none at all."""
    seen = _Seen()
    seen.feed(html)
    seen.close()
    return seen.pictures


# --- The mail that is made of them --------------------------------------------------------------------------------------


def pictures(letter: Letter) -> Iterator[Finding]:
    if any(not (alt or "").strip() for alt in pictures_in(letter.html)):
        sentence = _("A picture has no alternative text: whoever does not see it learns nothing of it.")
        yield Finding(ERROR, sentence, letter.words_in)


def size(letter: Letter) -> Iterator[Finding]:
    length = len(letter.html.encode())
    if length > LONG_MAIL:
        sentence = _(
            "The letter is {size} KB long. Gmail cuts letters at about 100 KB, and the link to unsubscribe with them: "
            "shorten it, or present fewer events."
        )
        yield Finding(WARNING, sentence.format(size=round(length / 1024)), letter.language)


def way_out(letter: Letter) -> Iterator[Finding]:
    if UNSUBSCRIBE not in letter.html or UNSUBSCRIBE not in letter.text:
        yield Finding(ERROR, _("The link to unsubscribe is missing from the letter."), letter.language)
