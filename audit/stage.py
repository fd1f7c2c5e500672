"""What is to be seen in an audit: an event of each kind, a lively thread, and the way to every page, in each language.

Runs inside the site's own commands: `manage.py shell -c "from audit.stage import furnish; furnish()"` writes it all and
prints the visits as JSON. `tests/browser/test_weight.py` asks for the comments alone.
"""

import json
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import RequestFactory
from django.utils import timezone, translation
from PIL import Image

from comments import deciding
from comments.models import Comment, Correspondent, Follow, Opening, Policy, Rules
from comments.views.author import WAITING
from comments.views.writing import limits
from events import documents, pictures
from events.completeness import keep_overview
from events.demo import example
from events.management.commands.load_demo import PUBLIC
from events.models import Document, Event, Picture, PreviewLink, Subject
from events.month import Month, month_of
from events.reading import path_of
from events.subjects import Topic
from newsletter.demo import WORDS as WORDS_OF_A_LETTER
from newsletter.models import Issue, IssueEvent, Subscriber, digest_of
from newsletter.moving import MOVE_PURPOSE
from newsletter.views import AN_HOUR
from omep_site import server, views
from omep_site.lib import links, public
from omep_site.lib.text import ascii_slug
from pages.models import Page
from pages.reading import path_of as path_of_page

COMMENTS = Path(__file__).with_name("comments.txt")  # language|name|at least 300 characters
LONG = 300  # characters of each comment, as the site is held to
LAUNCH = "lancement-strategie-partenariat-mondial-petite-enfance"
EXAMPLE = "exemple-webinaire-jeu-plein-air"
HERE = "127.0.0.0/24"  # the network of the browser that makes the visits
OLD = timedelta(days=91)  # no link to a reader's own page is good for so long
TOO_LARGE = 3 * 2**20  # bytes


def write_comments() -> Event:
    """Twenty approved comments of 300 characters on the demo's launch event, which is returned."""
    event = Event.objects.get(slug_fr=LAUNCH)
    for line in COMMENTS.read_text().splitlines():
        language, name, words = line.split("|")
        body = words[: LONG - 1] + "…"
        Comment.objects.create(event=event, language=language, name=name, email="a@example.org", body=body).approve()
    return event


def furnish() -> None:
    server.collect_static()  # the pages for errors that are drawn here name hashed files
    events = {
        "event, 20 comments": write_comments(),
        "event, coming": Event.objects.get(slug_fr=EXAMPLE),
        "event, live": write_event("en cours", "live", starts=-1, place_fr="Dakar, Sénégal", place_en="Dakar, Senegal"),
        "event, ended, with recording": write_ended_event(),
        "event, postponed": write_event("reporté", "postponed", event_status="postponed"),
        "event, moved": write_event("déplacé", "moved", event_status="moved", previous_starts_at=timezone.now()),
        "event, cancelled": write_event("annulé", "cancelled", event_status="cancelled"),
    }
    write_conversation(events["event, coming"])
    Policy.objects.create(event=events["event, cancelled"], opening=Opening.CLOSED)
    draft = write_event("brouillon", "draft", status="draft", body_en="")
    # No hour can be told in a zone that does not exist: whoever opens this preview meets a fault of ours.
    broken = write_event("cassé", "broken", status="draft")
    Event.objects.filter(pk=broken.pk).update(timezone="Europe/Nowhere")  # no form and no save() would take it
    free = write_page()
    for limit in (*limits(Rules()), AN_HOUR):
        use_up(limit)
    public.bump()
    visits = []
    for language in links.languages():
        with translation.override(language):
            empty = {f"{field}_{language}": "" for field in ("title", "summary", "body")} | {f"slug_{language}": None}
            events["event, not translated"] = write_event(f"sans {language}", f"without {language}", **empty)
            pages = {name: path_of(event, language) for name, event in events.items()}
            visits += [{"language": language} | each for each in tour(language, pages, free, draft, broken)]
    print(json.dumps(visits))


def tour(language: str, events: dict, free: Page, draft: Event, broken: Event) -> list[dict]:
    """Every page and state in the order of the summary: where it is, how a browser comes to it, how it answers."""

    def at(name: str, **kwargs) -> str:
        return links.path_in(language, name, **kwargs)

    def preview(event: Event) -> str:
        return at("events:preview", token=PreviewLink.objects.create(event=event).token)

    def subscriber(verb: str = "") -> Subscriber:
        made = Subscriber.objects.create(
            email=f"{language}-{Subscriber.objects.count()}@example.org", language=language
        )
        if verb:
            getattr(made, verb)(*(["/"] if verb == "confirm" else []))
        return made

    launch = Event.objects.get(slug_fr=LAUNCH)
    email = f"auteur-{language}@example.org"
    comment = Comment.objects.create(event=launch, name="Zoé Lefèvre", email=email, body="Merci !", language=language)
    follower = Correspondent.objects.create(email=email, language=language)
    follow = Follow.objects.create(correspondent=follower, comment=comment, replies=True)

    def waiting(age=timedelta(), page="waiting") -> str:
        with patch("time.time", return_value=time.time() - age.total_seconds()):
            return at(f"comments:{page}", token=links.sign(WAITING, comment.pk))

    def unsubscribe(made: Subscriber) -> str:
        return at("newsletter:unsubscribe", token=made.unsubscribe_token)

    def confirm(made: Subscriber) -> str:
        return made.confirm_url.removeprefix(links.absolute(""))

    moderator, _is_new = get_user_model().objects.get_or_create(username="zoé", is_staff=True, is_superuser=True)
    published = Comment.objects.public().filter(event=launch).first()

    def about(page: str) -> str:
        return at(f"comments:{page}", number=published.pk)

    def own(made: Subscriber, page="preferences", age=timedelta()) -> str:
        with patch("time.time", return_value=time.time() - age.total_seconds()):
            return at(f"newsletter:{page}", token=made.preferences_token)

    def move(made: Subscriber) -> str:
        return at(
            "newsletter:move", token=links.sign(MOVE_PURPOSE, [made.pk, digest_of(made.email), "autre@example.org"])
        )

    event, subscribe = events["event, 20 comments"], at("newsletter:subscribe")
    letters = write_letters(language, launch)
    home, x = at("events:home"), at("events:home") + "x/"
    write = at("comments:write", event_id=launch.pk)
    words = {"name": "Zoé Lefèvre", "email": "zoe@example.org", "body": "Merci !"}
    letter = {"email": "zoe@example.org"}
    page = {"path": event, "via": "submit", "form": "#comment-form"}
    report = {"path": about("report"), "via": "submit", "form": "#report-form"}
    footer = {"path": subscribe, "via": "submit", "form": "#newsletter-form"}
    plain = {
        "home": home,
        "list": at("events:list"),
        "list, a subject": Topic(Subject.objects.get(slug_fr="jeu"), language).path,
        "list, words found": f"{at('events:list')}?q=omep",
        "list, nothing found": f"{at('events:list')}?q=zzz&year=2021",
        "a month": at("events:month", month=month_of(timezone.localdate())),
        "a month with events": at("events:month", month=Month(2025, 7)),
        **events,
        "free page": path_of_page(free, language),
        "privacy notice": path_of_page(Page.objects.get(kind=Page.Kind.PRIVACY), language),
        "accessibility": path_of_page(Page.objects.get(kind=Page.Kind.ACCESSIBILITY), language),
        "newsletter": subscribe,
        "newsletter, thanks": at("newsletter:thanks"),
        "newsletter, past letters": at("newsletter:issues"),
        "newsletter, a past letter": at("newsletter:issue", number=letters[0].pk),
        "newsletter, a past letter, not translated": at("newsletter:issue", number=letters[1].pk),
        "newsletter, a link of a test": at("newsletter:sample_unsubscribe"),
        "newsletter, confirm": confirm(subscriber()),
        "newsletter, confirmed": confirm(subscriber("confirm")),
        "newsletter, own page": own(subscriber("confirm")),
        "newsletter, another address": own(subscriber("confirm"), "address"),
        "newsletter, what is stored": own(subscriber("confirm"), "data"),
        "newsletter, move": move(subscriber("confirm")),
        "newsletter, unsubscribe": unsubscribe(subscriber("confirm")),
        "newsletter, unsubscribed": unsubscribe(subscriber("unsubscribe")),
        "comment, reply": about("reply"),
        "comment, report": about("report"),
        "comment, reported": about("reported"),
        "comment, waiting": waiting(),
        "comment, edit": waiting(page="edit"),
        "comment, withdraw": waiting(page="withdraw"),
        "comments, confirm": follower.confirm_url.removeprefix(links.absolute("")),
        "comments, stop": at("comments:stop_all", token=follower.stop_token),
        "comments, unfollow": at("comments:stop_one", token=follow.stop_token),
        "comment, decide": at("comments:decide", token=deciding.token_for(comment, "approve", moderator)),
        "preview": preview(draft),
    }
    return [
        *({"page": name, "path": path, "status": 200, "via": "link"} for name, path in plain.items()),
        {"page": "comment form, faults", "status": 422, **page, "fields": {"website": "x", "email": "x"}},
        {"page": "comment form, too often", "status": 429, **page, "fields": words},
        {"page": "comment form, from elsewhere", "status": 403, "path": write, "via": "elsewhere", "fields": words},
        {"page": "comment, report, faults", "status": 422, **report, "fields": {}},
        {"page": "newsletter form, faults", "status": 422, **footer, "fields": {"email": "x"}},
        {"page": "newsletter form, too often", "status": 429, **footer, "fields": letter},
        {"page": "newsletter form, elsewhere", "status": 403, "path": subscribe, "via": "elsewhere", "fields": letter},
        {"page": "newsletter, link used", "status": 410, "via": "link", "path": confirm(subscriber("unsubscribe"))},
        {
            "page": "newsletter, own page, old",
            "status": 410,
            "via": "link",
            "path": own(subscriber("confirm"), age=OLD),
        },
        {"page": "comment, expired", "status": 410, "via": "link", "path": waiting(age=timedelta(days=31))},
        {"page": "preview, over", "status": 404, "via": "link", "path": at("events:preview", token="x")},
        {"page": "bad request", "status": 400, "via": "link", "path": f"{x}?q=%00"},
        {"page": "not open to you", "status": 403, "via": "given", "path": home, "html": refusal(language)},
        {"page": "not found", "status": 404, "via": "link", "path": x},
        {"page": "too large", "status": 413, "path": write, "via": "elsewhere", "fields": {"body": "x" * TOO_LARGE}},
        {"page": "a fault of ours", "status": 500, "via": "link", "path": preview(broken)},
    ]


def refusal(language: str) -> str:
    """The page of a bare 403, which no public address of today answers with: drawn here, shown by the browser."""
    request = RequestFactory().get(f"/{language}/", SERVER_NAME="127.0.0.1")
    return views.forbidden(request).content.decode()


def use_up(limit) -> None:
    """Of this hour and the next one, so that the clock does not matter. Forms with faults count for nothing."""
    now = time.time()
    for moment in (now, now + limit.seconds):
        with patch("time.time", return_value=moment):
            for _each in range(limit.times):
                limit.hit(HERE)


# --- What the site is furnished with --------------------------------------------------------------------------------


def write_event(french: str, english: str, starts: float = 24 * 30, **fields) -> Event:
    """The demo's example once more, of three hours, which starts in so many hours; the two words say what it shows."""
    starts_at = (timezone.now() + timedelta(hours=starts)).replace(minute=0, second=0, microsecond=0)
    usual = example(timezone.localdate()).fields | PUBLIC
    words = {
        "title_fr": f"{usual['title_fr']} ({french})",
        "title_en": f"{usual['title_en']} ({english})",
        "slug_fr": ascii_slug(f"exemple {french}"),
        "slug_en": ascii_slug(f"example {english}"),
    }
    hours = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}
    event = Event.objects.create(**usual | words | hours | fields)
    keep_overview(event)
    return event


def write_conversation(event: Event) -> None:
    """Three levels, a reply below the last one, and the empty place of what was removed."""
    answered = None
    for name in ("Zoé Lefèvre", "Amadou Diallo", "Margaret O’Brien", "Jean Petit"):
        given = {"name": name, "email": "a@example.org", "body": "Merci !", "language": "fr"}
        answered = Comment.objects.create(event=event, parent=answered, **given)
        answered.approve()
    Comment.objects.get(event=event, name="Amadou Diallo").trash()


def write_letters(language: str, event: Event) -> list[Issue]:
    """Two that have gone out: one that presents an event, and one that is not written in `language`."""
    now = timezone.now()
    gone = {"status": Issue.Status.SENT, "send_at": now, "queued_at": now, "finished_at": now}
    whole = Issue.objects.create(**WORDS_OF_A_LETTER | gone)
    IssueEvent.objects.create(issue=whole, event=event, position=1)
    missing = {f"{field}_{language}": "" for field in ("subject", "summary", "body")}
    return [whole, Issue.objects.create(**WORDS_OF_A_LETTER | missing | gone, incomplete=True)]


def write_ended_event() -> Event:
    """With a recording, its transcript, two documents and a picture."""
    recording = {"recording_url_fr": "https://example.org/fr", "recording_url_en": "https://example.org/en"}
    transcript = {"transcript_fr": "<p>Bonjour à toutes.</p>", "transcript_en": "<p>Good morning.</p>"}
    event = write_event("terminé", "ended", starts=-24 * 30, **recording, **transcript)
    photograph = BytesIO()
    Image.linear_gradient("L").resize((1600, 1000)).convert("RGB").save(photograph, "JPEG")
    made = pictures.make(ContentFile(photograph.getvalue()))
    pictures.store(made)
    words = {
        "alt_fr": "La cour",
        "alt_en": "The yard",
        "caption_fr": "Photo : C. Martin",
        "caption_en": "Photo: C. Martin",
    }
    Picture.objects.create(event=event, file=made.name, width=made.width, height=made.height, **words)
    slides = documents.named(ContentFile(b"%PDF-1.7\n", name="diapositives.pdf"))
    Document.objects.create(event=event, title_fr="Diapositives", title_en="Slides", file_fr=slides, position=1)
    report = {"url_fr": "https://example.org/rapport", "url_en": "https://example.org/report"}
    Document.objects.create(event=event, title_fr="Rapport", title_en="Report", position=2, **report)
    return event


def write_page() -> Page:
    french = {"title_fr": "Qui sommes-nous ?", "slug_fr": "qui-sommes-nous", "body_fr": "<p>Une association.</p>"}
    english = {"title_en": "Who we are", "slug_en": "who-we-are", "body_en": "<p>An association.</p><h2>Where</h2>"}
    return Page.objects.create(**french, **english, place=Page.Place.MENU, status=Page.Status.PUBLISHED)
