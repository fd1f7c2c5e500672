"""One person, by address: told in full, and erased from every table (omep_site/privacy.py)."""

import json
import logging
from contextlib import nullcontext
from datetime import datetime
from io import StringIO

import pytest
import reversion
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import translation
from post_office.models import STATUS, Email, Log
from reversion.models import Version

from accounts.sessions import SessionStore
from comments.models import By, Comment, Correspondent, Follow, Move, Via
from newsletter.models import Consent, ConsentText, Subscriber
from omep_site import privacy
from omep_site.lib import mail
from omep_site.models import ContentVersion
from tests.accounts.factories import make_account
from tests.comments.factories import make_comment
from tests.factories import make_event
from tests.newsletter.factories import make_subscriber

pytestmark = pytest.mark.django_db

ADDRESS = "Zoé.Lefèvre@École-Été.example"
NAME = "Zoé Lefèvre-Øster"
WORDS = "Mes mots à moi"
SITE = "https://zoe.example"
SECRETS = [ADDRESS, ADDRESS.lower(), NAME, WORDS, SITE]
EMPTY = {"comments": 0, "empty_places": 0, "mails_about_comments": 0, "newsletter": 0, "mails": 0, "traces": 0}


def by_zoe(**fields) -> Comment:
    fields = {"email": ADDRESS, "name": NAME, "body": WORDS, "website": SITE} | fields
    return make_comment(**fields)


def write_mail(to, subject="Objet", body="Bonjour", state=STATUS.queued, **headers) -> Email:
    """Any address can stand in an old row: no form's rules are asked here."""
    row = Email(from_email="site@example.org", to=[to], subject=subject, message=body, headers=headers, status=state)
    Email.objects.bulk_create([row])
    return Email.objects.latest("pk")


def log(row, words, message="") -> LogEntry:
    return LogEntry.objects.create(
        user=make_account("moderator", username=f"modératrice {LogEntry.objects.count()}", email=""),
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=words,
        action_flag=CHANGE,
        change_message=message,
    )


def everywhere() -> dict[str, list[str]]:
    """What is stored, table by table, as text: every row of every model."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            found[model._meta.label] = [repr(row) for row in model._base_manager.order_by("pk").values_list()]
    found["sessions in clear"] = [repr(SessionStore().decode(row.session_data)) for row in Session.objects.all()]
    return found


def leaks(secrets=SECRETS) -> list[tuple[str, str]]:
    return [
        (label, each) for label, rows in everywhere().items() for each in secrets if any(each in row for row in rows)
    ]


def a_life_on_the_site() -> Comment:
    """Everything that one person can leave behind; returns the comment that somebody answered."""
    event = make_event(title_fr="La fête", body_fr="<p>Sans adresse.</p>")
    answered = by_zoe(event=event, status="approved")
    make_comment(event=event, parent=answered, status="approved", name="Anna", email="anna@example.org", body="Oui")
    by_zoe(event=event, status="spam")
    own = by_zoe(event=event, status="approved")
    by_zoe(event=event, parent=own, email=ADDRESS.upper(), status="pending")
    answered.reports.create(reason="spam", who="x")
    correspondent = Correspondent.objects.create(email=ADDRESS, language="fr", status="confirmed")
    Follow.objects.create(correspondent=correspondent, comment=answered, replies=True)
    subscriber = make_subscriber(email=ADDRESS, status="confirmed")
    Consent.record(subscriber, "requested", "/fr/")
    for state in (STATUS.queued, STATUS.requeued, STATUS.sent, STATUS.failed):
        row = write_mail(ADDRESS, state=state)
        Log.objects.create(email=row, status=STATUS.failed, exception_type="X", message=f"550 <{ADDRESS}> unknown")
    write_mail(f"{NAME} <{ADDRESS}>")
    write_mail("modo@example.org", body=f"{NAME} écrit : {WORDS}", **{"X-About": f"comment-{answered.pk}"})
    write_mail("modo@example.org", body=f"2 commentaires : {NAME}", **{"X-About": f"comment-999 comment-{answered.pk}"})
    write_mail("modo@example.org", body=mail.as_template(f"{{x}} {ADDRESS} a écrit : {WORDS}"))
    log(answered, f"{NAME} – {event}", f"{NAME} approuvé")
    log(subscriber, ADDRESS)
    log(event, "La fête", f"Contact : {ADDRESS}.")
    with reversion.create_revision():
        reversion.set_comment(f"avec {ADDRESS}")
        event.body_fr = f"<p>Écrivez à {ADDRESS}.</p>"
        event.save()
    event.body_fr = "<p>Sans adresse.</p>"
    event.save()
    session = SessionStore()
    session["comments.decisions"] = {
        "x": {"verb": "trash", "rows": [], "back": f"/admin/comments/comment/?q={ADDRESS}"}
    }
    session["_messages"] = json.dumps([["__json_message", 0, 25, f"Le commentaire de <bdi>{NAME}</bdi> est approuvé."]])
    session["kept"] = "à garder"
    session.save()
    return answered


def test_erasing_leaves_neither_address_nor_name_nor_words_in_any_table():
    a_life_on_the_site()
    assert {label for label, _secret in leaks()} == {
        "admin.LogEntry",
        "comments.Comment",
        "comments.Correspondent",
        "newsletter.Subscriber",
        "post_office.Email",
        "post_office.Log",
        "reversion.Revision",
        "reversion.Version",
        "sessions in clear",
    }
    summary = privacy.erase(ADDRESS)
    assert leaks() == []
    assert summary.counts == {
        "mails": 8,
        "traces": 6,
        "comments": 4,
        "empty_places": 1,
        "mails_about_comments": 1,
        "newsletter": 1,
    }
    assert (summary.accounts, summary.mentions, summary.left) == (0, [], [])


def test_what_others_wrote_did_and_chose_stays():
    answered = a_life_on_the_site()
    others = make_comment(event=answered.event, name="Zoé Lefèvre", email="zoe.lefevre@example.org", status="approved")
    anna = make_subscriber(email="anna@example.org")
    for_anna = write_mail("anna@example.org", body="Bonjour Anna")
    privacy.erase(ADDRESS)
    assert list(Comment.objects.order_by("pk").values_list("name", "email", "status")) == [
        ("", "", "trash"),
        ("Anna", "anna@example.org", "approved"),
        ("Zoé Lefèvre", "zoe.lefevre@example.org", "approved"),
    ]
    assert Comment.objects.threaded().first() == answered  # an empty place above the answer
    assert others in Comment.objects.visible()
    assert list(Subscriber.objects.all()) == [anna]
    assert list(Email.objects.all()) == [for_anna]
    assert ConsentText.objects.count() == 1
    assert LogEntry.objects.count() == 3
    assert Version.objects.count() > 0
    assert SessionStore(Session.objects.get().pk)["kept"] == "à garder"


def test_each_erased_comment_is_in_the_record_of_moves_by_whom_and_without_a_word_of_it():
    editor = make_account("administrator", username="claire")
    comment = by_zoe(status="approved")
    privacy.erase(ADDRESS, By.account(editor))
    moves = list(Move.objects.values("comment_number", "old", "new", "via", "actor", "reasons"))
    assert moves == [
        {
            "comment_number": comment.pk,
            "old": "approved",
            "new": "erased",
            "via": Via.ADMIN,
            "actor": "claire",
            "reasons": [],
        }
    ]


def test_visitors_see_it_at_once():
    by_zoe(status="approved")
    version = ContentVersion.current()
    privacy.erase(ADDRESS)
    assert ContentVersion.current() > version


def test_erasing_twice_is_fine_and_nothing_found_is_said():
    a_life_on_the_site()
    privacy.erase(ADDRESS)
    with translation.override("en"):
        again = privacy.erase(ADDRESS)
        assert (again.counts, again.sentences) == (EMPTY, ["Nothing was stored about this address."])
    # What stays is that an old list must not bring them back: a hash, which the address alone finds.
    assert {
        subject: [row["reason"] for row in rows] for subject, rows in privacy.rows(privacy.export(ADDRESS)).items()
    } == {"blocked_address": ["erased"]}


def test_a_fault_in_the_middle_erases_nothing(monkeypatch):
    a_life_on_the_site()
    before = everywhere()

    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("newsletter.privacy.erase", fail)
    with pytest.raises(ZeroDivisionError):
        privacy.erase(ADDRESS)
    assert everywhere() == before


@pytest.mark.parametrize(
    ("stored", "asked", "found"),
    [
        ("zoe@example.org", "ZOE@Example.ORG", True),
        ("Zoe@EXAMPLE.org", "  zoe@example.org ", True),
        ("zoe@école.example", "zoe@xn--cole-9oa.example", True),
        ("zoe@xn--cole-9oa.example", "zoe@École.example", True),
        ("o'zoe+shop{x}%_@example.org", "O'ZOE+shop{x}%_@example.org", True),
        ("o'zoe@example.org", "zoe@example.org", False),
        ("zoe+shop@example.org", "zoe@example.org", False),
        ("azoe@example.org", "zoe@example.org", False),
        ("zoe@example.org.uk", "zoe@example.org", False),
        ("zoe@example.org", "z_e@example.org", False),
        ("zoe@example.org", "%@example.org", False),
        ("zoe@example.org", "@", False),
    ],
)
def test_an_address_is_found_in_every_spelling_and_no_other_is(stored, asked, found):
    make_comment(email=stored)
    make_subscriber(email=stored)
    write_mail(stored)
    write_mail("anna@example.org", body=mail.as_template(f"De {stored}."))
    subjects = {"comments", "newsletter", "mails"} if found else set()
    assert set(privacy.rows(privacy.export(asked))) == subjects
    counts = privacy.erase(asked).counts
    assert (counts["comments"], counts["newsletter"], counts["mails"]) == ((1, 1, 2) if found else (0, 0, 0))


def test_an_account_is_told_and_left():
    make_account("editor", username="zoé", email="ZOE@example.org", first_name="Zoé")
    make_account("editor", username="zoe@example.org", email="")
    with translation.override("en"):
        summary = privacy.erase("zoe@example.org")
        assert (summary.counts, summary.left) == (
            EMPTY,
            ["2 accounts use this address. They were left: close or delete them under “Accounts”."],
        )
        accounts = privacy.export("zoe@example.org")["accounts"]
    assert [(each["user_name"], each["email_address"], each["roles"]) for each in accounts] == [
        ("zoe@example.org", "", ["Editor"]),
        ("zoé", "ZOE@example.org", ["Editor"]),
    ]


def test_words_of_others_that_name_the_address_are_left_and_named():
    event = make_event(title_fr="La fête", body_fr="<p>Inscription : zoe@example.org</p>")
    comment = make_comment(email="anna@example.org", body="Écris à ZOE@example.org !")
    make_comment(email="anna@example.org", body="Écris à zoe@example.org.uk !")
    with translation.override("fr"), reversion.create_revision():
        event.save()
    version = Version.objects.get_for_object(event).get()
    with translation.override("en"):
        summary = privacy.erase("zoe@example.org")
        assert summary.counts == EMPTY  # the page's history too: it is what the organisation publishes
        assert summary.mentions == [comment, event]
    version.refresh_from_db()
    assert "zoe@example.org" in version.serialized_data
    assert len(summary.left) == 2


def test_everything_is_told_with_dates_and_plain_names_and_no_key_of_a_link():
    answered = a_life_on_the_site()
    subscriber, correspondent = Subscriber.objects.get(), Correspondent.objects.get()
    follow = Follow.objects.get()
    with translation.override("en"):
        found = json.loads(json.dumps(privacy.export(ADDRESS)))
    text = json.dumps(found)
    for key in (subscriber.unsubscribe_token, correspondent.stop_token, follow.stop_token):
        assert key not in text
    assert {key: len(each) for key, each in found.items() if isinstance(each, list)} == {
        "comments": 4,
        "mails_about_comments": 1,
        "followed_comments": 1,
        "newsletter": 1,
        "blocked_address": 0,
        "accounts": 0,
        "mails": 5,
    }
    first = found["comments"][0]
    assert (first["number"], first["name"], first["email_address"], first["website"], first["text"]) == (
        answered.pk,
        NAME,
        ADDRESS,
        SITE,
        WORDS,
    )
    assert (first["status"], first["readers_reports"], first["in_reply_to"]) == ("approved", ["spam"], None)
    assert datetime.fromisoformat(first["received"]) == answered.created_at
    consent = found["newsletter"][0]["consents"][0]
    assert (consent["what"], consent["page"], consent["language"]) == ("requested", "/fr/", "fr")
    assert consent["wording"] == ConsentText.objects.get().text
    assert found["followed_comments"][0]["when_answered"] is True
    assert [(each["subject"], each["state"]) for each in found["mails"]] == [
        ("Objet", state) for state in ("queued", "requeued", "sent", "failed", "queued")
    ]


def test_every_field_about_a_person_is_told():
    """A new field of these models has to be told, or to be named here."""
    left_out = {
        Comment: {"path", "thread", "shown_below", "words_digest", "network", "erased_at", "event", "parent"},
        Correspondent: {"id", "stop_token"},
        Follow: {"id", "stop_token", "correspondent"},
        Subscriber: {"id", "unsubscribe_token", "confirmation_mails"},
        Consent: {"id", "subscriber"},
    }
    a_life_on_the_site()
    found = privacy.export(ADDRESS)
    told = {
        Comment: found["comments"][0].keys() - {"event", "event_page", "in_reply_to", "decisions", "readers_reports"},
        Correspondent: found["mails_about_comments"][0].keys(),
        Follow: found["followed_comments"][0].keys(),
        Subscriber: found["newsletter"][0].keys() - {"consents", "groups", "letters", "returned"},
        Consent: found["newsletter"][0]["consents"][0].keys() - {"language"},
    }
    for model, names in left_out.items():
        fields = {field.name for field in model._meta.concrete_fields}
        assert (model, len(fields - names)) == (model, len(told[model]))


# --- Commands -------------------------------------------------------------------------------------------------------


def run(*words, typed=None, monkeypatch=None) -> str:
    if monkeypatch:

        def answer(_question):
            if typed is None:
                raise EOFError
            return typed

        monkeypatch.setattr("builtins.input", answer)
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_command_prints_what_is_stored_as_json():
    by_zoe()
    found = json.loads(run("export_personal_data", ADDRESS.upper()))
    assert found["address"] == ADDRESS.upper()
    assert [each["text"] for each in found["comments"]] == [WORDS]


def test_a_command_erases_and_says_how_much(monkeypatch):
    by_zoe()
    with translation.override("en"):
        assert run("erase_personal_data", ADDRESS, "--noinput") == "1 comment erased.\n"
        assert run("erase_personal_data", ADDRESS, "--noinput") == "Nothing was stored about this address.\n"


@pytest.mark.parametrize(
    ("typed", "erased"), [("yes", True), ("« oui »", True), ("", False), ("y", False), (None, False)]
)
def test_the_command_asks_first_and_erases_nothing_where_nobody_answers(monkeypatch, typed, erased):
    by_zoe()
    with translation.override("fr"), nullcontext() if erased else pytest.raises(SystemExit, match="1"):
        run("erase_personal_data", ADDRESS, typed=typed, monkeypatch=monkeypatch)
    assert Comment.objects.exists() is not erased


@pytest.mark.parametrize("odd", ["", "zoe", "zoe@exa\nmple.org", "zoe@exa\udcffmple.org"])
@pytest.mark.parametrize("command", ["export_personal_data", "erase_personal_data"])
def test_what_is_no_address_is_refused(command, odd):
    with pytest.raises(CommandError):
        run(command, odd)


class Typed(StringIO):
    """Standard input: lines of a person, or of a file."""

    def __init__(self, words: str, is_terminal: bool):
        super().__init__(words)
        self.isatty = lambda: is_terminal


@pytest.mark.parametrize(("language", "asks"), [("fr", "Adresse e-mail\xa0: "), ("en", "E-mail address: ")])
@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_address_is_asked_for_or_read_where_none_is_given(monkeypatch, capsys, language, asks, is_terminal):
    by_zoe()
    with translation.override(language):
        for command in ("export_personal_data", "erase_personal_data"):
            monkeypatch.setattr("sys.stdin", Typed(f" {ADDRESS.upper()} \r\noui\n", is_terminal))
            run(command, *(["--noinput"] if command == "erase_personal_data" else []))
            assert capsys.readouterr() == ("", asks if is_terminal else "")
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("answer", ["oui", "non", ""])
def test_the_question_is_answered_on_the_line_after_the_address(monkeypatch, answer):
    by_zoe()
    monkeypatch.setattr("sys.stdin", Typed(f"{ADDRESS}\n{answer}", is_terminal=False))
    with translation.override("fr"), nullcontext() if answer == "oui" else pytest.raises(SystemExit, match="1"):
        run("erase_personal_data")
    assert Comment.objects.exists() is (answer != "oui")


@pytest.mark.parametrize("odd", ["", "\n", "zoe\n", "zoe@exa\x00mple.org\n"])
@pytest.mark.parametrize("command", ["export_personal_data", "erase_personal_data"])
def test_what_is_read_and_no_address_is_refused(monkeypatch, command, odd):
    by_zoe()
    monkeypatch.setattr("sys.stdin", Typed(odd and odd + ADDRESS, is_terminal=False))
    with translation.override("en"), pytest.raises(CommandError, match=r"^This is not an e-mail address\.$"):
        run(command)
    assert Comment.objects.count() == 1


def test_nothing_of_it_is_in_the_logs(caplog):
    a_life_on_the_site()
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    privacy.export(ADDRESS)
    privacy.erase(ADDRESS)
    assert not [record for record in caplog.records if any(each in record.getMessage() for each in SECRETS)]
