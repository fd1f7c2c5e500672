"""The first page of the admin says what waits, to those whom it concerns."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from comments.models import Comment
from events.models import Event
from omep_site import gathering
from omep_site.condition import Facts
from omep_site.lib import public
from pages.models import Page
from tests.accounts.factories import make_account, signed_in
from tests.comments.factories import make_comment
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

NOTHING = {
    "en": "Nothing waits. Everything is done: enjoy your day.",
    "fr": "Rien n’attend. Tout est fait : bonne journée !",
}


@pytest.fixture(autouse=True)
def site_is_well(monkeypatch):
    """But for what a test says."""
    facts = Facts(now=timezone.now(), worker_at=timezone.now())
    monkeypatch.setattr(gathering, "facts", lambda: facts)
    return facts


@pytest.fixture(autouse=True)
def notices():
    """Both are public where a test does not say otherwise: then they do not wait."""
    made = []
    for kind in (Page.Kind.LEGAL, Page.Kind.PRIVACY):
        words = {
            f"{name}_{code}": f"{kind.value}-{code}" for name in ("title", "slug", "body") for code in ("fr", "en")
        }
        made.append(Page.objects.update_or_create(kind=kind, defaults=words | {"status": "published"})[0])
    return made


def said(user, language="en") -> list[str]:
    page = soup(signed_in(user, language).get("/admin/"))
    return [words(each) for each in page.select(".house-waiting > ul > li > a, .house-waiting > p")]


def event(**fields):
    states = fields.pop("language_states", {"fr": "filled", "en": "filled"})
    made = make_event(**fields)
    Event.objects.filter(pk=made.pk).update(language_states=states)
    return made


@pytest.mark.parametrize("language", ["en", "fr"])
def test_where_nothing_waits_a_friendly_sentence_says_so(language):
    event()
    make_comment(event=event(), status="approved")

    assert said(make_account("administrator"), language) == [NOTHING[language]]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "2 comments wait for your decision",
                "1 published comment was reported by readers",
                "1 coming event has texts to check in French: its original has changed",
                "2 coming events lack something in English",
                "1 event is a draft",
                "1 event goes out later",
            ],
        ),
        (
            "fr",
            [
                "2 commentaires attendent votre décision",
                "Des lecteurs ont signalé 1 commentaire publié",
                "1 événement à venir a des textes à revoir en français : l’original a changé",
                "2 événements à venir ne sont pas complets en anglais",
                "1 événement est en brouillon",
                "1 événement paraîtra plus tard",
            ],
        ),
    ],
)
def test_each_kind_of_work_is_a_line_with_its_count(language, sentences):
    past = timezone.now() - timedelta(days=30)
    event(starts_at=past, language_states={"fr": "filled", "en": "missing"})  # over: nobody need translate it
    event(status="draft", language_states={"fr": "filled", "en": "missing"})
    event(language_states={"fr": "out_of_date", "en": "missing"})
    event(publish_at=timezone.now() + timedelta(days=1))
    commented = event()
    for status in ("pending", "pending", "approved", "spam", "trash"):
        make_comment(event=commented, status=status).reports.create(who="x", reason="spam")
    make_comment(event=commented, status="approved").reports.create(who="x", reason="spam", weighed_at=past)

    assert said(make_account("administrator"), language) == sentences


@pytest.mark.parametrize(
    ("roles", "sentences"),
    [
        (["editor"], ["1 event is a draft"]),
        (["moderator"], ["1 comment waits for your decision"]),
        (["newsletter"], [NOTHING["en"]]),
        (["editor", "moderator"], ["1 comment waits for your decision", "1 event is a draft"]),
    ],
)
def test_each_role_reads_of_its_own_work(roles, sentences):
    draft = event(status="draft")
    make_comment(event=draft)

    assert said(make_account(*roles)) == sentences


def test_each_line_leads_to_the_list_of_exactly_these():
    for number in range(2):
        event(status="draft", title_en=f"Draft {number}")
    event(language_states={"fr": "filled", "en": "missing"})
    event(language_states={"fr": "out_of_date", "en": "filled"})
    event(publish_at=timezone.now() + timedelta(days=1))
    commented = event()
    for status in ("pending", "pending", "pending", "approved"):
        make_comment(event=commented, status=status)
    make_comment(event=commented, status="approved").reports.create(who="x", reason="spam")
    client = signed_in(make_account("editor", "moderator"))

    for link in soup(client.get("/admin/")).select(".house-waiting > ul > li > a"):
        rows = soup(client.get(link["href"])).select("#result_list tbody tr")
        assert (link["href"], len(rows)) == (link["href"], int(re.search("[0-9]+", words(link))[0]))


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("en", "A lantern: Monday 6 December 2027, 09:30 (Dakar time)"),
        ("fr", "Une lanterne : lundi 6 décembre 2027, 9 h 30 (heure de Dakar)"),
    ],
)
def test_what_goes_out_later_says_when_in_the_events_own_hours(language, detail):
    moment = datetime(2027, 12, 6, 9, 30, tzinfo=ZoneInfo("Africa/Dakar"))
    event(title_fr="Une lanterne", title_en="A lantern", timezone="Africa/Dakar", publish_at=moment)

    page = soup(signed_in(make_account("editor"), language).get("/admin/"))
    assert [words(each) for each in page.select(".house-waiting li li")] == [detail]


def test_what_goes_out_is_named_up_to_three():
    for number in range(5):
        event(publish_at=timezone.now() + timedelta(days=5 - number), title_en=f"Number {number}")

    page = soup(signed_in(make_account("editor")).get("/admin/"))
    assert [words(each).split(":")[0] for each in page.select(".house-waiting li li")] == [
        "Number 4",
        "Number 3",
        "Number 2",
    ]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["The legal notice is not public yet", "The privacy notice is not public yet"]),
        (
            "fr",
            [
                "Les mentions légales ne sont pas encore publiées",
                "La politique de confidentialité n’est pas encore publiée",
            ],
        ),
    ],
)
def test_notices_wait_until_they_are_public(notices, language, sentences):
    legal, privacy = notices
    legal.withdraw()
    privacy.delete()
    alma = make_account("administrator")

    assert said(alma, language) == sentences
    page = soup(signed_in(alma).get("/admin/"))
    assert [link["href"] for link in page.select(".house-waiting li > a")] == [
        "/admin/pages/page/?kind__exact=legal",
        "/admin/pages/page/?kind__exact=privacy",
    ]
    assert said(make_account("editor", username="éva")) == [NOTHING["en"]]


def make_mail(status, age=timedelta(0), failure=""):
    mail = Email.objects.create(from_email="a@example.org", to="b@example.org", status=status)
    Email.objects.filter(pk=mail.pk).update(created=timezone.now() - age)
    if failure:
        Log.objects.create(email=mail, status=STATUS.failed, exception_type=failure, message="550")


def test_a_mail_to_an_address_that_is_none_does_not_wait_for_anybody():
    for status in (STATUS.failed, STATUS.requeued):
        for failure in ("AddressRefused", "SMTPRecipientsRefused"):
            make_mail(status, timedelta(hours=1), failure)
    make_mail(STATUS.failed, timedelta(hours=1), "SMTPDataError")
    assert said(make_account("administrator")) == ["1 e-mail could not be delivered"]


def test_mail_that_failed_or_does_not_leave_is_said_first():
    hour = timedelta(hours=1)
    for status, age in (
        (STATUS.failed, hour),
        (STATUS.failed, hour),
        (STATUS.queued, hour),
        (STATUS.requeued, hour),
        (STATUS.queued, timedelta(minutes=9)),  # the worker's next round
        (STATUS.sent, hour),
    ):
        make_mail(status, age)
    event(status="draft")

    assert said(make_account("administrator")) == [
        "2 e-mails could not be delivered",
        "2 e-mails are still waiting to go out",
        "1 event is a draft",
    ]
    assert said(make_account("editor", username="éva")) == ["1 event is a draft"]


@pytest.mark.parametrize("count", [1, 12])
def test_the_first_page_asks_the_database_as_often_for_one_as_for_twelve(count, django_assert_num_queries):
    client = signed_in(make_account("administrator"))
    for number in range(count):
        commented = event(status="draft", language_states={"fr": "filled", "en": "missing"})
        make_comment(event=commented, status=Comment.Status.PENDING)
        event(publish_at=timezone.now() + timedelta(days=1, minutes=number))
        make_mail(STATUS.failed)

    public.forget_version()
    with django_assert_num_queries(QUERIES):
        assert client.get("/admin/").status_code == 200


# Version, session, account, permissions twice, site texts (is there one?), own recent actions; mail; letters; comments;
# reports; translations; drafts; what goes out, counted and named; notices.
QUERIES = 16


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "2 things are wrong with the site: read what they mean"),
        ("fr", "2 choses ne vont pas sur le site : lisez ce que cela signifie"),
    ],
)
def test_what_is_wrong_with_the_site_itself_is_said_first_and_to_administrators_alone(site_is_well, language, sentence):
    site_is_well.worker_at, site_is_well.cache_answers = None, False
    assert said(make_account("administrator"), language) == [sentence]
    assert said(make_account("editor", username="anna"), language) == [NOTHING[language]]
