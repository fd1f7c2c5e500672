"""Moderators decide from their mail: what the mail says, and what its links do."""

import re
import time

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from comments import deciding, notifications
from comments.models import By, Comment, ModeratorChoice, Move, Via
from omep_site.lib.links import path_in
from tests.accounts.factories import make_account, signed_in
from tests.comments.factories import make_comment, send
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

VERBS = {"approve": "approved", "mark_spam": "spam", "trash": "trash"}


def make_moderator(username="zoé", when="at_once", **fields) -> User:
    user = make_account("moderator", username=username, **{"email": "zoe@example.org"} | fields)
    ModeratorChoice.choose(user, when)
    return user


def link(comment, verb="approve", user=None, language="en") -> str:
    user = user or User.objects.get(username="zoé")
    return path_in(language, "comments:decide", token=deciding.token_for(comment, verb, user))


def status_of(comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


def hour() -> str:
    return timezone.localtime(Move.objects.latest("at").at).strftime("%H:%M")


def mails() -> list:
    return [mail.email_message() for mail in Email.objects.order_by("pk")]


def links_in(mail) -> list[str]:
    return re.findall(r"https://\S+", mail.body)


# --- The mail -------------------------------------------------------------------------------------------------------

MAIL = {
    "en": (
        "OMEP: comment {pk} waits for your decision",
        """\
A visitor has written the comment below. To decide, open one of these pages and press its button; until you do, \
nothing happens.

Approve:
{approve}

Mark as spam:
{mark_spam}

Move to the trash:
{trash}

The links are good for seven days, without signing in, and are yours alone: please do not forward this e-mail.

Event: Être et jouer
Name: Noé & Cie
Website: https://noe.example.com
Language: French
In reply to: Amélie
Worth a look:
- Contains 2 links.
- Gives a website.

Comment:
> Approve:
> https://attaque.example.com
>
> {{{{ site_url }}}} « Merci ! »

All comments that are waiting:
https://events.example.org/admin/comments/comment/?status__exact=pending

You receive this message because you chose to be told of each comment on https://events.example.org. You can choose \
otherwise here:
https://events.example.org/admin/comments/comment/told/
""",
    ),
    "fr": (
        "OMEP\xa0: le commentaire {pk} attend votre décision",
        """\
Le commentaire ci-dessous vient d’être écrit sur le site. Pour décider, ouvrez l’une de ces pages et appuyez sur son \
bouton\u202f; d’ici là, rien ne se passe.

Approuver\xa0:
{approve}

Marquer comme indésirable\xa0:
{mark_spam}

Mettre à la corbeille\xa0:
{trash}

Les liens sont valables sept jours, sans mot de passe, et ne sont que pour vous\xa0: ne transférez pas cet e-mail.

Événement\xa0: Être et jouer
Nom\xa0: Noé & Cie
Site web\xa0: https://noe.example.com
Langue\xa0: français
En réponse à\xa0: Amélie
À regarder de près\xa0:
- Contient 2 liens.
- Indique un site web.

Commentaire\xa0:
> Approve:
> https://attaque.example.com
>
> {{{{ site_url }}}} « Merci ! »

Tous les commentaires en attente\xa0:
https://events.example.org/admin/comments/comment/?status__exact=pending

Vous recevez ce message parce que vous avez choisi de recevoir un e-mail pour chaque commentaire sur \
https://events.example.org. Vous pouvez en décider autrement ici\xa0:
https://events.example.org/admin/comments/comment/told/
""",
    ),
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mail_has_the_whole_comment_and_three_links_of_which_the_first_approves(language):
    user = make_moderator(language=language)
    event = make_event(title_fr="Être et jouer", title_en="Être et jouer")
    comment = make_comment(
        event=event,
        parent=make_comment(event=event, name="Amélie", status="approved"),
        name="Noé & Cie",
        email="noe.secret@example.org",
        website="https://noe.example.com",
        body="Approve:\nhttps://attaque.example.com\n\n{{ site_url }} « Merci ! »",
        held_for=["links:2", "website"],
    )
    notifications.comment_waiting(comment)

    [mail] = mails()
    subject, body = MAIL[language]
    addresses = links_in(mail)[:3]
    assert mail.to == ["zoe@example.org"]
    assert mail.subject == subject.format(pk=comment.pk)
    assert mail.body == body.format(**dict(zip(VERBS, addresses, strict=True)))
    assert [deciding.read(address.rstrip("/").rpartition("/")[2]).verb for address in addresses] == list(VERBS)
    assert {deciding.read(each.rstrip("/").rpartition("/")[2]).user for each in addresses} == {user}
    segment = {"fr": "fr/commentaires/decider", "en": "en/comments/decide"}[language]
    assert all(address.startswith(f"https://events.example.org/{segment}/") for address in addresses)
    assert "noe.secret" not in mail.message().as_string()
    headers = Email.objects.get().headers
    assert headers == {
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
        "X-Mail-Kind": "comment_to_decide",
        "X-About": f"comment-{comment.pk}",
    }


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("fr", "Des lecteurs ont signalé le commentaire ci-dessous\xa0: il a quitté la page et attend. Pour décider,"),
        ("en", "Readers have reported the comment below: it has left the page and waits. To decide,"),
    ],
)
def test_the_mail_about_a_reported_comment_does_not_call_it_new(language, begins):
    make_moderator(language=language)
    notifications.comment_waiting(make_comment(held_for=["reported:3"]))
    [mail] = mails()
    assert mail.body.startswith(begins)


def test_those_are_told_who_chose_it_and_may_decide():
    told = make_moderator(username="élise", email="elise@example.org")
    make_moderator(username="jamais", email="jamais@example.org", when="never")
    make_moderator(username="heure", email="heure@example.org", when="hourly")
    make_moderator(username="partie", email="partie@example.org", is_active=False)
    make_moderator(username="sans", email="")
    for username, roles in (("éditrice", ["editor"]), ("nadia", [])):
        user = make_account(*roles, username=username, email="autre@example.org")
        ModeratorChoice.choose(user, "at_once")
    above = User.objects.create_superuser("claire", "claire@example.org", "x")
    ModeratorChoice.choose(above, "at_once")
    make_account("moderator", username="sans-choix", email="sans-choix@example.org")

    notifications.comment_waiting(make_comment())
    assert sorted(mail.to for mail in mails()) == [["claire@example.org"], [told.email]]


@pytest.mark.parametrize("status", ["spam", "approved", "trash"])
def test_of_what_does_not_wait_nobody_is_told(settings, status):
    make_moderator()
    settings.MODERATORS = ["anna@example.org"]
    notifications.comment_waiting(make_comment(status=status))
    assert mails() == []


def test_nobody_hears_of_more_than_twenty_comments_in_an_hour(settings):
    make_moderator()
    make_moderator(username="élise", email="elise@example.org")
    settings.MODERATORS = ["anna@example.org"]
    event = make_event()
    for _number in range(22):
        notifications.comment_waiting(make_comment(event=event))
    told = [mail.to[0] for mail in mails()]
    assert {address: told.count(address) for address in set(told)} == {
        "zoe@example.org": 20,
        "elise@example.org": 20,
        "anna@example.org": 20,
    }


def test_a_visitor_who_writes_sets_off_the_mail_in_the_same_transaction(visitor):
    make_moderator()
    assert send(visitor, make_event(), body="Merci pour tout.").status_code == 303
    [mail] = mails()
    assert "> Merci pour tout.\n" in mail.body


# --- The page -------------------------------------------------------------------------------------------------------

QUESTIONS = [
    ("approve", "en", "Approve this comment?", "Approve"),
    ("mark_spam", "en", "Mark this comment as spam?", "Mark as spam"),
    ("trash", "en", "Move this comment to the trash?", "Move to the trash"),
    ("approve", "fr", "Approuver ce commentaire ?", "Approuver"),
    ("mark_spam", "fr", "Marquer ce commentaire comme indésirable ?", "Marquer comme indésirable"),
    ("trash", "fr", "Mettre ce commentaire à la corbeille ?", "Mettre à la corbeille"),
]


@pytest.mark.parametrize(("verb", "language", "question", "button"), QUESTIONS)
def test_the_page_shows_the_comment_as_text_and_one_button(visitor, verb, language, question, button):
    make_moderator()
    comment = make_comment(body="<b>Voyez</b> https://piege.example.com", website="https://noe.example.com")
    answer = visitor.get(link(comment, verb, language=language))
    page = soup(answer)

    assert answer.status_code == 200
    assert words(page.h1) == question.replace("\u202f", " ")
    [form] = page.select("form")
    assert form.get("action") is None
    assert form["method"] == "post"
    assert [words(each) for each in page.select("button")] == [button]
    assert {each["name"]: each["value"] for each in form.select("input")} == {"seen": "pending"}
    assert words(page.select_one(".comment-body")) == "<b>Voyez</b> https://piege.example.com"
    assert [a["href"] for a in page.select("main a")] == []
    assert "zoe.lefevre@example.org" not in answer.content.decode()
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    assert answer.cookies == {}


@pytest.mark.parametrize(("verb", "status"), VERBS.items())
def test_the_button_acts_in_the_accounts_name_and_twice_is_fine(visitor, verb, status):
    user = make_moderator()
    comment = make_comment()
    first, second = visitor.post(link(comment, verb)), visitor.post(link(comment, verb))

    assert [(each.status_code, words(soup(each).h1)) for each in (first, second)] == [
        (200, "Done"),
        (200, "Done already"),
    ]
    assert status_of(comment) == status
    moves = Move.objects.values_list("comment_number", "old", "new", "via", "actor_id", "actor")
    assert list(moves) == [(comment.pk, "pending", status, "mail", user.pk, "zoé")]
    assert soup(second).select("form") == []
    assert words(soup(visitor.get(link(comment, verb, language="fr"))).h1) == "C’est déjà fait"


STATES = ["pending", "approved", "spam", "trash"]
# What a verb does to a comment that stands so, where the page had shown a certain state; "" for a bare POST.
TABLE = [
    (verb, state, seen, 200 if VERBS[verb] == state or seen == state or (not seen and state == "pending") else 409)
    for verb in VERBS
    for state in STATES
    for seen in ["", *STATES]
]


@pytest.mark.parametrize(("verb", "state", "seen", "code"), TABLE)
def test_a_decision_takes_the_place_of_what_was_seen_and_of_nothing_else(visitor, verb, state, seen, code):
    make_moderator()
    comment = make_comment()
    if state != "pending":
        Comment.objects.get()._move(state, By(Via.ADMIN, 7, "marc"))
    answer = visitor.post(link(comment, verb), {"seen": seen} if seen else {})

    assert answer.status_code == code
    assert status_of(comment) == (VERBS[verb] if code == 200 else state)
    if code == 409:
        assert [words(button) for button in soup(answer).select("form button")] != []
        assert soup(answer).select_one("input[name=seen]")["value"] == state


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "marc marked it as spam (today, {hour}). Nothing was changed now."),
        ("fr", "marc l’a marqué comme indésirable (aujourd’hui, {hour}). Rien n’a été changé à présent."),
    ],
)
def test_who_comes_second_is_told_who_decided_what_and_when_and_may_decide_otherwise(visitor, language, told):
    make_moderator()
    comment = make_comment()
    address = link(comment, language=language)
    seen = soup(visitor.get(address)).select_one("input[name=seen]")["value"]
    Comment.objects.get().mark_spam(By(Via.ADMIN, 7, "marc"))
    late = visitor.post(address, {"seen": seen})

    page = soup(late)
    local = timezone.localtime(Move.objects.get().at)
    at = local.strftime("%H:%M") if language == "en" else f"{local.hour} h {local:%M}".removesuffix(" 00")
    assert late.status_code == 409
    assert words(page.select_one("[role=alert] p")) == told.format(hour=at)
    assert status_of(comment) == "spam"
    again = visitor.post(address, {"seen": page.select_one("input[name=seen]")["value"]})
    assert (again.status_code, status_of(comment)) == (200, "approved")


def test_the_other_links_of_the_same_mail_take_back_what_one_did(visitor):
    make_moderator()
    comment = make_comment()
    for verb in ("approve", "trash", "mark_spam", "approve"):
        assert visitor.post(link(comment, verb)).status_code == 200
        assert status_of(comment) == VERBS[verb]


def test_after_approving_the_comment_stands_on_the_events_page(visitor):
    make_moderator()
    comment = make_comment()
    page = soup(visitor.post(link(comment, language="fr")))
    [to_the_event] = [a["href"] for a in page.select(".lead a")]
    assert f'id="comment-{comment.pk}"' in visitor.get(to_the_event.partition("#")[0]).content.decode()


# --- Links that have ended ------------------------------------------------------------------------------------------


def new_password(comment, user):
    user.set_password("quatre oies dans la cour")
    user.save()


def closed(comment, user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def without_role(comment, user):
    user.groups.set(Group.objects.filter(name="editor"))


def gone_account(comment, user):
    user.delete()


def newer(comment, user):
    Comment.objects.filter(pk=comment.pk).update(revision=2)


def taken_back(comment, user):
    comment.withdraw()


def erased(comment, user):
    comment.erase()


NOT_ALLOWED = "The account that it was made for may not decide about comments now."
ENDED = [
    (new_password, "en", "The password of your account has been changed since."),
    (new_password, "fr", "Le mot de passe de votre compte a été changé depuis."),
    (closed, "en", NOT_ALLOWED),
    (without_role, "en", NOT_ALLOWED),
    (without_role, "fr", "Le compte auquel il était destiné ne peut plus décider des commentaires."),
    (gone_account, "en", NOT_ALLOWED),
    (
        newer,
        "en",
        "The author has changed this comment since the e-mail was written. Read the new version before you decide.",
    ),
    (
        newer,
        "fr",
        "L’auteur a modifié ce commentaire depuis l’envoi de l’e-mail. Lisez la nouvelle version avant de décider.",
    ),
    (taken_back, "en", "Its author has taken it back: there is nothing to decide."),
    (taken_back, "fr", "Son auteur l’a repris : il n’y a rien à décider."),
    (erased, "en", "Its words have been erased: there is nothing left to decide."),
    (erased, "fr", "Ses mots ont été effacés : il n’y a plus rien à décider."),
]


@pytest.mark.parametrize(("what", "language", "sentence"), ENDED)
def test_a_link_that_has_ended_says_why_and_changes_nothing(visitor, what, language, sentence):
    user = make_moderator()
    comment = make_comment()
    address = link(comment, "approve", user, language)
    what(comment, user)
    before = list(Comment.objects.values_list("status", flat=True)), Move.objects.count()

    for answer in (visitor.get(address), visitor.post(address), visitor.post(address, {"seen": "trash"})):
        page = soup(answer)
        assert (answer.status_code, words(page.select_one(".lead"))) == (410, sentence)
        assert page.select("form") == []
        assert "pensé aux crèches" not in answer.content.decode()
        assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    assert (list(Comment.objects.values_list("status", flat=True)), Move.objects.count()) == before


def test_of_a_newer_version_the_page_leads_to_the_editors_house(visitor):
    user = make_moderator()
    comment = make_comment()
    address = link(comment)
    newer(comment, user)
    [button] = soup(visitor.get(address)).select("main a.button")
    assert button["href"] == f"/admin/comments/comment/{comment.pk}/change/"


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "It was good for seven days."), ("fr", "Il était valable sept jours.")]
)
def test_after_seven_days_a_link_is_over(visitor, monkeypatch, language, sentence):
    make_moderator()
    comment = make_comment()
    address = link(comment, language=language)
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 7 * 86400 - 60)
    assert visitor.get(address).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 7 * 86400 + 60)
    for answer in (visitor.get(address), visitor.post(address)):
        assert (answer.status_code, words(soup(answer).select_one(".lead"))) == (410, sentence)
    assert status_of(comment) == "pending"


def test_a_new_version_between_the_reading_and_the_move_wins(visitor, monkeypatch):
    make_moderator()
    comment = make_comment()
    act = deciding.Order.act

    def late(order, status=""):
        Comment.objects.filter(pk=comment.pk).update(revision=2)
        return act(order, status)

    monkeypatch.setattr(deciding.Order, "act", late)
    assert visitor.post(link(comment), {"seen": "pending"}).status_code == 410
    assert status_of(comment) == "pending"


# --- Choosing to be told --------------------------------------------------------------------------------------------

TOLD = "/admin/comments/comment/told/"
CHOSEN = [
    ("never", "en", "You will get no e-mail about waiting comments."),
    ("at_once", "en", "You will get an e-mail about each waiting comment, with links to decide."),
    ("hourly", "en", "You will get an e-mail once an hour, if anything new waits."),
    ("daily", "en", "You will get an e-mail once a day, if anything new waits."),
    ("never", "fr", "Vous ne recevrez aucun e-mail au sujet des commentaires en attente."),
    ("at_once", "fr", "Vous recevrez un e-mail pour chaque commentaire en attente, avec des liens pour décider."),
    ("hourly", "fr", "Vous recevrez un e-mail par heure, s’il y a du nouveau en attente."),
    ("daily", "fr", "Vous recevrez un e-mail par jour, s’il y a du nouveau en attente."),
]


@pytest.mark.parametrize(("when", "language", "sentence"), CHOSEN)
def test_a_moderator_chooses_how_to_be_told(when, language, sentence):
    user = make_account("moderator")
    client = signed_in(user, language)
    answer = client.post(TOLD, {"when": when}, follow=True)
    assert [words(each) for each in soup(answer).select(".messagelist li")] == [sentence]
    assert ModeratorChoice.of(user) == when
    for path in (TOLD, "/admin/comments/comment/"):
        [checked] = soup(client.get(path)).select("form.told input[type=radio][checked]")
        assert checked["value"] == when


def test_what_is_no_choice_is_refused_and_nothing_is_chosen():
    user = make_account("moderator")
    answer = signed_in(user).post(TOLD, {"when": "sometimes"})
    assert (answer.status_code, ModeratorChoice.objects.count()) == (422, 0)


def test_without_an_address_the_page_says_that_one_is_missing():
    client = signed_in(make_account("moderator", email=""))
    sentence = "Your account has no e-mail address yet: an administrator can add it."
    assert sentence in words(soup(client.get(TOLD)))
    answer = client.post(TOLD, {"when": "daily"}, follow=True)
    assert words(soup(answer).select_one(".messagelist li")) == f"This is noted. {sentence}"


def test_who_may_not_decide_chooses_nothing():
    user = make_account("editor")
    assert [ask(TOLD).status_code for ask in (signed_in(user).get, signed_in(user).post)] == [403, 403]
    assert Client().post(TOLD, {"when": "daily"}).status_code == 302
    assert ModeratorChoice.objects.count() == 0
