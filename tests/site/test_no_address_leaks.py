"""No address that somebody gave in confidence, and no name of an editor, is on anything that visitors may read."""

import logging
from smtplib import SMTPRecipientsRefused

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import models
from post_office.models import Email, Log

from comments.models import Comment
from newsletter.models import Subscriber
from omep_site.lib import mail
from omep_site.lib.links import in_every_language, path_in
from omep_site.queued_mail import QueuedMail
from omep_site.worker import Worker
from pages import site
from tests.comments.factories import make_comment
from tests.comments.factories import send as send_comment
from tests.factories import make_event
from tests.newsletter.factories import make_subscriber
from tests.newsletter.factories import send as subscribe
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db

SECRET = "confidentiel"  # in every address and account that a test makes
LANGUAGES = ("fr", "en")


@pytest.fixture(autouse=True)
def _fresh(settings):
    site.forget()
    settings.MODERATORS = [f"moderation@{SECRET}.example"]


def tell_everything():
    """All that has an address: comments in each state, subscribers, editors; and an event that editors have worked on."""
    event = make_event()
    User.objects.create_superuser(f"claire-{SECRET}", f"claire@{SECRET}.example", "x", first_name=SECRET)
    parent = make_comment(event=event, status="approved", email=f"zoe@{SECRET}.example")
    for status in Comment.Status.values:
        make_comment(event=event, parent=parent, status=status, email=f"{status}@{SECRET}.example")
    for status in ("pending", "confirmed", "unsubscribed", "suppressed"):
        make_subscriber(email=f"{status}@{SECRET}.example", status=status)
    return event, make_page()


def public_paths(event, page) -> list[str]:
    month = f"{event.starts_at:%Y-%m}"
    found = ["/sitemap.xml", "/robots.txt"]
    for language in LANGUAGES:
        slug = getattr(event, f"slug_{language}")
        found += [
            f"/{language}/",
            path_in(language, "events:list"),
            path_in(language, "events:list") + f"?q={SECRET[:4]}",
            path_in(language, "events:feed"),
            path_in(language, "events:calendar"),
            path_in(language, "events:month", month=month),
            path_in(language, "events:detail", slug=slug),
            path_in(language, "events:event_calendar", slug=slug),
            path_in(language, "events:picture", slug=slug),
            path_in(language, "comments:feed"),
            path_in(language, "comments:event_feed", slug=slug),
            path_in(language, "pages:page", slug=getattr(page, f"slug_{language}")),
            path_in(language, "newsletter:subscribe"),
        ]
    return found


def test_no_page_feed_or_calendar_holds_one(client):
    event, page = tell_everything()
    for path in public_paths(event, page):
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        assert (path, SECRET in response.content.decode(errors="replace")) == (path, False)
        assert (path, SECRET in str(response.headers)) == (path, False)


def test_pages_for_errors_and_for_what_was_sent_hold_none_of_anybody_else(client):
    event, _page = tell_everything()
    answers = [client.get(f"/{language}/nowhere/") for language in LANGUAGES]
    answers += [send_comment(client, event, body=""), client.get(path_in("fr", "newsletter:thanks"))]
    answers += [client.get(each.path) for each in in_every_language("comments:waiting", token="x")]
    assert [answer.status_code for answer in answers] == [404, 404, 422, 200, 404, 404]
    assert not any(SECRET in answer.content.decode() for answer in answers)


def test_the_pages_would_show_it_if_it_were_in_what_they_show(client):
    """So that the test above cannot pass by asking the wrong pages."""
    event, page = tell_everything()
    make_comment(event=event, status="approved", name=SECRET)
    shown = [path for path in public_paths(event, page) if SECRET in client.get(path).content.decode(errors="replace")]
    assert shown == [
        path_in(language, name, **args)
        for language in LANGUAGES
        for name, args in (
            ("events:detail", {"slug": getattr(event, f"slug_{language}")}),
            ("comments:feed", {}),
            ("comments:event_feed", {"slug": getattr(event, f"slug_{language}")}),
        )
    ]


# --- Words for rows: they end in logs, in the admin's log for ever, and in error reports ----------------------------

ADDRESS = f"zoe@{SECRET}.example"
# Whose words for a row show a text of the row, and why none of these texts is a visitor's.
SHOWN = {
    "accounts.Account": "the user name, which its holder knows to be one",
    "auth.User": "the same",
    "auth.Group": "the key of a role",
    "contenttypes.ContentType": "names of tables",
    "sessions.Session": "the key of a session",
    "axes.AccessFailureLog": "stays empty (accounts.lockout)",
    "axes.AccessLog": "stays empty",
    "reversion.Version": "words for another row, of a model that is in this list or passes the test",
    "otp_totp.TOTPDevice": "the name of a device",
    "otp_static.StaticDevice": "the same",
    "post_office.Email": "its addresses! It reaches no log: test_a_mail_that_fails_leaves_no_address_in_any_log",
    "post_office.Attachment": "the name of a file; no mail has one",
    "post_office.EmailTemplate": "the name of a template; there are none",
    "events.Event": "the title",
    "events.OldAddress": "a slug",
    "events.Partner": "the name of an organisation",
    "events.Speaker": "the name of somebody whom the page presents",
    "events.Strategy": "words of the page",
    "events.Objective": "words of the page",
    "events.Picture": "words of the page",
    "events.Document": "words of the page",
    "events.Subject": "the name of a subject",
    "newsletter.Issue": "the subject of a letter, which the editors wrote",
    "newsletter.Tag": "the name of a group, which the editors gave",
    "newsletter.ConsentText": "the wording, the same for everybody",
    "pages.SocialLink": "words of the site",
    "pages.Page": "the title",
    "pages.OldAddress": "a slug",
    "omep_site.Counter": "a keyed hash",
    "omep_site.DemoRecord": "the key of a text of the demo",
    "omep_site.Tally": "the name of what is counted, of the site's own",
    "omep_site.Finding": "the name of what was found, of the site's own",
}


def full_of(model, address: str):
    """A row, not stored, with the address in everything that can hold it."""
    row = model()
    for field in model._meta.concrete_fields:
        if field.choices:
            continue
        if isinstance(field, (models.CharField, models.TextField)):
            setattr(row, field.attname, [address] if field.name in ("to", "cc", "bcc") else address)
        elif isinstance(field, models.JSONField):
            setattr(row, field.attname, {address: [address]})
    return row


def shows(model) -> bool:
    row = full_of(model, ADDRESS)
    for say in (str, repr):
        try:
            if ADDRESS in say(row):
                return True
        except Exception as error:  # words that need a related row
            if ADDRESS in str(error):
                return True
    return False


def test_words_for_a_row_hold_no_address():
    found = {model._meta.label for model in apps.get_models(include_auto_created=True) if shows(model)}
    assert found == SHOWN.keys()


# --- Logs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def logged():
    """Every line that any logger would write, with what it says of an exception, as the settings let them through."""
    lines = []

    class Keeper(logging.Handler):
        def emit(self, record):
            lines.append(logging.Formatter("{name} {message}", style="{").format(record) + repr(record.args))

    keeper = Keeper()
    loggers = [logging.root, *(each for each in logging.root.manager.loggerDict.values() if hasattr(each, "handlers"))]
    for logger in loggers:
        logger.addHandler(keeper)
    yield lines
    for logger in loggers:
        logger.removeHandler(keeper)


def test_a_comment_and_a_subscription_leave_no_address_in_any_log(client, logged):
    event = make_event()
    for headers in ({}, {"sec-fetch-site": "cross-site"}):
        send_comment(client, event, email=ADDRESS, headers=headers)
        send_comment(client, event, email=ADDRESS, body="", headers=headers)
        send_comment(client, event, email=f"{ADDRESS}\r\nBcc: x@{SECRET}.example", headers=headers)
        subscribe(client, email=ADDRESS, headers=headers)
        subscribe(client, email=f"{SECRET}@", headers=headers)
    for _ in range(8):
        send_comment(client, event, email=ADDRESS)
        subscribe(client, email=ADDRESS)
    assert (Comment.objects.count() > 0, Subscriber.objects.count()) == (True, 1)
    assert [line for line in logged if SECRET in line] == []
    assert any(line.startswith("django.request") for line in logged)  # the keeper does hear


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_fails_leaves_no_address_in_any_log(monkeypatch, logged):
    """django-post-office's word for a mail is its addresses, and a server's refusal names them too."""
    send_mail("Objet", "Bonjour", None, [ADDRESS])

    def refuse(self, mails):
        raise SMTPRecipientsRefused({ADDRESS: (550, f"<{ADDRESS}>: no such user".encode())})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert Worker().round() is True
    assert Email.objects.get().number_of_retries == 1
    assert SECRET in Log.objects.get().message  # it did fail, and the row's own record says why
    assert [line for line in logged if SECRET in line] == []


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_the_queue_itself_leaves_no_address_in_any_log(monkeypatch, logged):
    send_mail("Objet", "Bonjour", None, [ADDRESS])

    def break_down(self):
        raise RuntimeError("broken")

    monkeypatch.setattr(Email, "prepare_email_message", break_down)
    Worker().round()
    assert [line for line in logged if SECRET in line] == []


def test_a_database_that_finds_an_address_twice_says_so_to_nobody(logged):
    """PostgreSQL's message names the value: whoever looks for a row first and is overtaken must not let it through."""
    make_subscriber(email=ADDRESS)
    monkey = Subscriber.objects.at(ADDRESS)
    assert Subscriber.objects.find_or_begin(ADDRESS.upper(), "fr") == monkey.get()
    assert [line for line in logged if SECRET in line] == []


def test_the_words_of_a_mail_are_its_number():
    send_mail("Objet", "Bonjour", None, [ADDRESS])
    row = QueuedMail.objects.get()
    assert (str(row), repr(row)) == (f"E-mail n°\xa0{row.pk}", f"<QueuedMail: {row.pk}>")
    assert mail.as_written(mail.as_template("{{ a }} {% b %}")) == "{{ a }} {% b %}"
