"""Nothing goes out again from a backup that was brought back, without a person's word."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.utils import timezone, translation
from post_office.models import STATUS, Email

from accounts.restored import end_sessions
from comments import restored as comments
from comments.digests import tell_due
from comments.models import Comment, Correspondent, Follow, ModeratorChoice
from newsletter import importing, restored
from newsletter.models import Delivery, ImportJob, SendRun
from newsletter.queueing import queue
from omep_site import gathering
from omep_site.queued_mail import HELD, QueuedMail, hold
from tests.accounts.factories import make_account, signed_in
from tests.comments.factories import make_comment
from tests.newsletter.factories import make_issue, make_readers, make_sending, stands
from tests.newsletter.smtp import real_server
from tests.pages import soup, words

TAKEN = datetime(2026, 11, 26, 2, 12, 5, tzinfo=UTC)
HOURS_AGO = timedelta(hours=3)

LETTER = """
from datetime import timedelta
from django.core.mail import send_mail
from django.utils import timezone
from newsletter.models import Issue, Subscriber
def letter(name):
    words = {f"{field}_{code}": f"{name} {code}" for field in ("subject", "body") for code in ("fr", "en")}
    return Issue.objects.create(**words)
"""
# A letter that goes out in a moment, one that is going out, and a mail that waits.
FURNISH = f"""{LETTER}
for language in ("fr", "en"):
    Subscriber.objects.create(email=f"{{language}}@example.org", language=language, status="confirmed")
assert letter("Scheduled").schedule(timezone.now() + timedelta(seconds=1))
assert letter("Sending").send_now()
send_mail("Waiting", "Words", None, ["anna@example.org"])
"""
# What goes out last in a round of the worker is a letter, after those that were there before it.
NEW = f"""{LETTER}
send_mail("New", "Words", None, ["anna@example.org"])
assert letter("New").send_now()
"""
GO_ON = "from newsletter.models import Issue; print([each.go_on() for each in Issue.objects.filter(hold='restored')])"
TRY_AGAIN = (
    "from omep_site.queued_mail import QueuedMail; print([each.try_again() for each in QueuedMail.objects.held()])"
)


def subjects(keeper) -> list[str]:
    return sorted(each.message["Subject"] for each in keeper.taken)


@pytest.mark.own_database
def test_after_a_restore_the_worker_sends_what_is_new_and_the_rest_only_when_somebody_says_so(sites):
    site = sites.new("site")
    site.inside(FURNISH)
    archive = site.backup()
    assert site.restore(archive)[0] == 0
    with real_server() as (port, keeper), site.project.start("worker", EMAIL_URL=f"smtp://127.0.0.1:{port}") as worker:
        site.inside(NEW)
        worker.wait_until(lambda: len(keeper.taken) == 3)
        assert subjects(keeper) == ["New", "New en", "New fr"]
        assert site.query("SELECT hold FROM newsletter_issue WHERE status = 'paused'") == [("restored",)] * 2

        assert site.inside(GO_ON + "; " + TRY_AGAIN) == "[True, True]\n[True]\n"
        worker.wait_until(lambda: len(keeper.taken) == 8)
        assert worker.stop() == 0
    assert subjects(keeper)[3:] == ["Scheduled en", "Scheduled fr", "Sending en", "Sending fr", "Waiting"]


# --- Letters ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "after"),
    [
        ("draft", ("draft", "")),
        ("scheduled", ("paused", "restored")),
        ("sending", ("paused", "restored")),
        ("paused", ("paused", "restored")),
        ("sent", ("sent", "")),
        ("cancelled", ("cancelled", "")),
    ],
)
def test_a_letter_of_this_status_is_afterwards(status, after):
    issue = make_issue(status=status, send_at=timezone.now())
    restored.hold(TAKEN)
    issue.refresh_from_db()
    assert (issue.status, issue.hold) == after


@pytest.mark.django_db
def test_what_a_worker_had_in_its_hands_is_uncertain_and_nobody_is_at_work():
    make_readers(fr=3)
    issue = make_sending()
    queue(issue)
    first, second, _third = issue.deliveries.order_by("pk")
    run = SendRun.objects.create(worker="old")
    Delivery.objects.filter(pk=first.pk).update(status="sending", run=run, begun_at=timezone.now())
    Delivery.objects.filter(pk=second.pk).update(status="sending", run=run)
    with translation.override("en"):
        said = restored.hold(TAKEN)
    assert said == [
        "1 letter is paused, because it may have gone out since: see “Issues”.",
        "2 letters to one reader were on their way at that moment, and are uncertain: see “Deliveries”.",
    ]
    assert stands(issue) == {"pending": 1, "uncertain": 2}
    assert not SendRun.objects.exists()


WHOLE = {
    "en": (
        "paused This letter comes from a backup of Thursday 26 November 2026, 03:12 (Paris time). It was to go out on Friday 27 "
        "November 2026, 09:00 (Paris time), and may already have gone out: look for it in the mailbox of somebody who receives it. "
        "Send it now, change it again for another moment, or cancel it?",
        ["Send it now", "Change it again", "Cancel it …"],
    ),
    "fr": (
        "en pause Cette lettre vient d’une sauvegarde du jeudi 26 novembre 2026 à 3 h 12 (heure de Paris). Elle devait partir "
        "le vendredi 27 novembre 2026 à 9 h (heure de Paris) et est peut-être déjà partie : cherchez-la dans la boîte "
        "d’une personne qui la reçoit. L’envoyer maintenant, la modifier pour un autre moment, ou l’annuler ?",
        ["L’envoyer maintenant", "La modifier encore", "L’annuler…"],
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_letters_page_says_that_it_may_have_gone_out_and_what_to_press(language):
    issue = make_issue(status="scheduled", send_at=datetime(2026, 11, 27, 8, tzinfo=UTC))
    restored.hold(TAKEN)
    page = soup(signed_in(make_account("newsletter"), language).get(f"/admin/newsletter/issue/{issue.pk}/change/"))
    assert (words(page.select_one(".standing p")), [words(each) for each in page.select(".standing .button")]) == WHOLE[
        language
    ]


@pytest.mark.django_db
def test_one_that_some_had_got_says_so(editor):
    make_readers(fr=1)
    issue = make_sending()
    queue(issue)
    restored.hold(TAKEN)
    page = soup(editor.get(f"/admin/newsletter/issue/{issue.pk}/change/"))
    assert words(page.select_one(".standing p")) == (
        "paused This letter comes from a backup of Thursday 26 November 2026, 03:12 (Paris time), when it was going out. It may "
        "have gone out to everybody since: look for it in the mailbox of somebody who receives it. Go on with those who had not "
        "got it by then, or cancel it?"
    )
    assert [words(each) for each in page.select(".standing .button")] == ["Go on", "Cancel it …"]


@pytest.mark.django_db
def test_one_whose_words_are_not_right_any_more_does_not_go_on(editor):
    issue = make_issue(status="scheduled", send_at=timezone.now(), body_en="")
    restored.hold(TAKEN)
    editor.post(f"/admin/newsletter/issue/{issue.pk}/verb/go-on/")
    issue.refresh_from_db()
    assert issue.status == "paused"


@pytest.mark.django_db
def test_a_list_that_was_being_read_has_ended_and_says_why(editor):
    job = importing.begin(
        b"email\nanna@example.org\n", file_name="list.csv", consent_source="form", language="fr", is_trial=False
    )
    with translation.override("en"):
        assert restored.hold(TAKEN) == ["1 list was being read: bring it again."]
    assert (importing.work(), ImportJob.objects.get().status, ImportJob.objects.get().content) == (0, "failed", None)
    page = soup(editor.get(f"/admin/newsletter/importjob/{job.pk}/change/"))
    assert words(page.select_one(".errornote")) == (
        "The site was brought back from a backup while the list was read. What is stored of it stays; bring it again."
    )


# --- Other mail -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mails_that_waited_are_held_seen_and_sent_by_try_again(editor):
    for subject in ("Queued", "Requeued", "Sent"):
        send_mail(subject, "Words", None, ["anna@example.org"])
    Email.objects.filter(subject="Requeued").update(status=STATUS.requeued, scheduled_time=timezone.now())
    Email.objects.filter(subject="Sent").update(status=STATUS.sent)
    with translation.override("en"):
        said = hold(TAKEN)
    assert said == ["2 e-mails are held, because they may have gone out since: see “Outgoing e-mails”."]
    assert {each.subject: each.status for each in Email.objects.all()} == {
        "Queued": STATUS.failed,
        "Requeued": STATUS.failed,
        "Sent": STATUS.sent,
    }
    waiting = [words(each) for each in soup(editor.get("/admin/")).select(".house-waiting > ul > li > a")]
    assert "2 e-mails from a backup wait for your word" in waiting
    assert gathering.failed_mails() == 0
    listed = soup(editor.get("/admin/omep_site/queuedmail/?status__exact=held"))
    assert [words(row) for row in listed.select(".field-standing")] == [
        "held It comes from a backup, and may have gone out since. “Try again” sends it."
    ] * 2
    failed = soup(editor.get(f"/admin/omep_site/queuedmail/?status__exact={STATUS.failed}"))
    assert failed.select(".field-standing") == []

    chosen = [str(each.pk) for each in QueuedMail.objects.held()]
    editor.post("/admin/omep_site/queuedmail/", {"action": "try_again", "_selected_action": chosen})
    assert not QueuedMail.objects.held().exists()
    assert Email.objects.filter(status=STATUS.queued).count() == 2


@pytest.mark.django_db
def test_what_was_to_be_announced_is_written_once_and_held():
    comment = make_comment(status="approved", email="anna@example.org", published_at=timezone.now() - HOURS_AGO)
    anna = Correspondent.objects.create(email="anna@example.org", language="fr", status="confirmed")
    Follow.objects.create(correspondent=anna, comment=comment, publication=True)
    comments.hold(TAKEN)
    hold(TAKEN)
    assert Comment.objects.get(pk=comment.pk).announced_at is not None
    assert [(mail.to, mail.failure) for mail in QueuedMail.objects.held()] == [(["anna@example.org"], HELD)]


@pytest.mark.django_db
def test_digests_begin_anew():
    account = make_account("moderator")
    ModeratorChoice.choose(account, ModeratorChoice.When.HOURLY)
    make_comment(status="pending")
    Comment.objects.update(updated_at=timezone.now() - HOURS_AGO)
    comments.hold(TAKEN)
    assert (tell_due(), tell_due(timezone.now() + timedelta(hours=2))) == (0, 0)
    make_comment(status="pending")
    assert tell_due(timezone.now() + timedelta(hours=2)) == 1


@pytest.mark.django_db
def test_nobody_is_signed_in_any_more(editor):
    assert editor.get("/admin/").status_code == 200
    end_sessions(TAKEN)
    assert (Session.objects.count(), editor.get("/admin/").status_code) == (0, 302)
