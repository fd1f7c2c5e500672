"""The site as the guide's pictures show it: its demo content and a few people's work, always on the same Monday.

A fresh SQLite database and a server on a free port of 127.0.0.1, both gone when the program ends. The clock stands:
whoever makes the pictures again next year gets the same ones.
"""

import os
import sys
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from django.utils import timezone

ROOT = Path(__file__).resolve().parents[2]
PARIS = ZoneInfo("Europe/Paris")
TODAY = datetime(2026, 10, 5, 9, 12, tzinfo=PARIS)
PASSWORD = "trois oies dans la cour"  # noqa: S105 - of accounts that live for a minute

_ticks = count()
# Each look at the clock is a moment later than the one before, so that what was saved first is older.
timezone.now = lambda: TODAY.astimezone(ZoneInfo("UTC")) + timedelta(milliseconds=next(_ticks))


@contextmanager
def site():
    """Serves the furnished site; gives its address."""
    with TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "omep_site.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # playwright runs an event loop in this thread
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
            "CACHE_URL": "",
            "DEBUG": "1",  # static files as they lie there
            "SECRET_KEY": "only-for-pictures-" + 50 * "-",
            "SITE_URL": "",
            "MODERATORS": "",
            "TRUSTED_PROXIES": "0",
        }
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application

        class Quiet(WSGIRequestHandler):
            def log_message(self, *_words):
                """Nobody reads along."""

        settings.SITE_URL = "https://events.example.org"  # as links show it
        call_command("migrate", verbosity=0)
        call_command("load_demo", verbosity=0)
        furnish()
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        server.set_app(get_internal_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def furnish() -> None:
    """People, events at every stage, their history, and comments that wait."""
    from django.contrib.auth.models import Group, User

    from accounts.roles import write_roles

    write_roles()
    people = {}
    for name, first, last, roles in (
        ("claire", "Claire", "Martin", ["editor"]),
        ("jonas", "Jonas", "Berg", ["moderator"]),
        ("amina", "Amina", "Diallo", ["administrator"]),
    ):
        person = User.objects.create_user(
            name, f"{name}@example.org", PASSWORD, first_name=first, last_name=last, is_staff=True
        )
        person.groups.set(Group.objects.filter(name__in=roles))
        people[name] = person
    write_study_day(people)
    write_others(people)
    write_comments()
    all_is_well()


def all_is_well(**but) -> None:
    """As at every hour of that Monday: what this machine's own disks and clocks are does not matter."""
    from omep_site import gathering
    from omep_site.condition import Facts

    gathering.facts = lambda: Facts(**{"now": timezone.now(), "worker_at": timezone.now()} | but)


def write_study_day(people) -> None:
    """The guide's own event. Its French announcement changed last Friday; the English one has not followed yet."""
    from events.completeness import keep_overview
    from events.models import Event, Objective, Strategy
    from omep_site.lib.history import record
    from omep_site.lib.history.keeping import ADDED, SAVED

    event = Event.objects.create(
        title_fr="Jouer dehors toute l’année",
        title_en="Outdoor play all year round",
        slug_fr="jouer-dehors",
        slug_en="outdoor-play",
        summary_fr="Une matinée d’échanges entre crèches et écoles maternelles, à Dakar et en ligne.",
        summary_en="A morning of exchange between nurseries and preschools, in Dakar and online.",
        body_fr="<p>Il pleut, il fait chaud, la cour est petite : et pourtant ils jouent. Venez voir comment.</p>",
        body_en="<p>It rains, it is hot, the yard is small: and yet they play. Come and see how.</p>",
        attendance_mode="both",
        place_fr="Dakar, Sénégal",
        place_en="Dakar, Senegal",
        starts_at=datetime(2026, 11, 19, 9, 30, tzinfo=ZoneInfo("Africa/Dakar")),
        ends_at=datetime(2026, 11, 19, 12, 0, tzinfo=ZoneInfo("Africa/Dakar")),
        timezone="Africa/Dakar",
        registration_url="https://example.org/jouer-dehors",
        registration_label_fr="S’inscrire",
        registration_label_en="Register",
        status=Event.Status.PUBLISHED,
        publish_at=datetime(2026, 9, 21, 9, 0, tzinfo=PARIS),
    )
    words = [
        ("ouvrir la cour chaque jour", "open the yard every day"),
        ("laisser du temps", "give them time"),
        ("travailler avec les familles", "work with families"),
    ]
    for position, (french, english) in enumerate(words[:2], start=1):
        Strategy.objects.create(event=event, text_fr=french, text_en=english, position=position)
    Objective.objects.create(event=event, text_fr="échanger des idées", text_en="exchange ideas", position=1)
    record(event, people["claire"], ADDED, at=datetime(2026, 9, 21, 9, 4, tzinfo=PARIS))
    french, english = words[2]
    Strategy.objects.create(event=event, text_fr=french, text_en=english, position=3)
    event.title_fr, event.title_en = "Jouer dehors, toute l’année", "Outdoor play, all year round"
    event.save()
    record(event, people["amina"], SAVED, at=datetime(2026, 9, 28, 14, 30, tzinfo=PARIS))
    event.summary_fr = "Une matinée d’échanges et de visites entre crèches et écoles maternelles, à Dakar et en ligne."
    event.save()
    record(event, people["claire"], SAVED, at=datetime(2026, 10, 2, 16, 45, tzinfo=PARIS))
    keep_overview(event)


def write_others(people) -> None:
    """A draft without English, one that goes out later, one that was deleted."""
    from events.completeness import keep_overview
    from events.models import Event
    from omep_site.lib.history import record
    from omep_site.lib.history.keeping import ADDED

    evening = {"timezone": "Europe/Paris", "attendance_mode": "online"}
    draft = Event.objects.create(
        title_fr="Chanter avec les tout-petits",
        slug_fr="chanter",
        summary_fr="Une soirée en ligne avec trois berceuses, et celles que vous connaissez.",
        body_fr="<p>Apportez une berceuse de chez vous.</p>",
        starts_at=datetime(2026, 12, 3, 18, 0, tzinfo=PARIS),
        ends_at=datetime(2026, 12, 3, 19, 30, tzinfo=PARIS),
        **evening,
    )
    later = Event.objects.create(
        title_fr="Lire à voix haute",
        title_en="Reading aloud",
        slug_fr="lire",
        slug_en="reading",
        summary_fr="Des albums pour les moins de trois ans.",
        summary_en="Picture books for children under three.",
        body_fr="<p>Chacun apporte un album.</p>",
        body_en="<p>Bring a picture book.</p>",
        starts_at=datetime(2026, 12, 10, 18, 0, tzinfo=PARIS),
        ends_at=datetime(2026, 12, 10, 19, 0, tzinfo=PARIS),
        status=Event.Status.PUBLISHED,
        publish_at=datetime(2026, 10, 12, 8, 0, tzinfo=PARIS),
        **evening,
    )
    for event in (draft, later):
        keep_overview(event)
        record(event, people["claire"], ADDED, at=datetime(2026, 9, 30, 11, 0, tzinfo=PARIS))


def write_comments() -> None:
    from comments.models import Comment
    from events.models import Event

    event = Event.objects.get(slug_fr="jouer-dehors")
    written = [
        (
            ("Zoé Lefèvre", "zoe@example.org", "fr", ["new_address"]),
            "Dans notre crèche, les bottes restent dehors toute l’année : les enfants n’attendent plus que nous. "
            "Parlerez-vous aussi des tout-petits qui ne marchent pas encore ?",
            datetime(2026, 10, 5, 7, 40, tzinfo=PARIS),
        ),
        (
            ("Peter Lund", "peter@example.org", "en", []),
            "Thank you for the visits! Will there be a recording for those of us who teach that morning?",
            datetime(2026, 10, 4, 19, 5, tzinfo=PARIS),
        ),
        (
            ("Best Toys", "toys@example.org", "en", ["links:3", "website", "new_address"]),
            "GREAT PAGE, see https://toys.example.com and https://toys.example.com/sale and www.toys.example.com",
            datetime(2026, 10, 4, 3, 17, tzinfo=PARIS),
        ),
    ]
    for (name, email, language, held_for), body, at in written:
        comment = Comment.objects.create(
            event=event,
            name=name,
            email=email,
            language=language,
            body=body,
            held_for=held_for,
            website="https://toys.example.com" if len(held_for) > 1 else "",
        )
        Comment.objects.filter(pk=comment.pk).update(created_at=at)


def photograph() -> bytes:
    """A drawn garden, for the form that asks what a picture shows."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (1200, 800), "#bfe3ea")
    draw = ImageDraw.Draw(image)
    draw.ellipse((930, 70, 1080, 220), fill="#f4c95d")
    draw.ellipse((-300, 470, 900, 1300), fill="#7fae6b")
    draw.ellipse((400, 520, 1600, 1300), fill="#5f9457")
    for left in range(180, 1100, 190):
        draw.line((left, 700, left, 480), fill="#2f6b3a", width=14)
        draw.ellipse((left - 70, 520, left, 580), fill="#3f8a4b")
        draw.ellipse((left, 460, left + 70, 520), fill="#3f8a4b")
    file = BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()
