import pytest
from django.core import mail as outbox
from post_office.models import Email

from comments import mails
from omep_site.lib.links import path_in
from omep_site.lib.mail import deliver_due
from tests.comments.factories import make_comment, make_correspondent, make_follow
from tests.factories import make_event

pytestmark = pytest.mark.django_db

SITE = "https://events.example.org"


def the_follow(language: str, **fields):
    event = make_event(title_fr="L’école d’à côté", title_en="The school next door")
    comment = make_comment(event=event, status="approved", **fields)
    return make_follow(comment, make_correspondent(email=comment.email, language=language))


CONFIRM = {
    "fr": (
        "OMEP\xa0: pouvons-nous vous écrire au sujet de votre commentaire\u202f?",
        """\
Bonjour,

Quelqu’un, sans doute vous, a demandé sur notre site des e-mails au sujet d’un commentaire sur «\u202fL’école d’à \
côté\u202f». Si c’est bien ce que vous souhaitez, ouvrez cette page et appuyez sur le bouton «\u202fOui, \
écrivez-moi\u202f»\xa0:

{confirm}

Le lien est valable sept jours. Tant que vous n’aurez pas appuyé sur le bouton, nous ne vous enverrons aucune \
nouvelle.

Si ce n’était pas vous, vous n’avez rien à faire\xa0: aucune nouvelle ne viendra. Vous pouvez aussi refuser tout \
de suite tous les e-mails au sujet des commentaires, sur cette page\xa0:

{stop_all}

Bien à vous,
OMEP – Organisation mondiale pour l’éducation préscolaire
https://events.example.org
""",
    ),
    "en": (
        "OMEP: may we write to you about your comment?",
        """\
Hello,

Somebody, most likely you, asked on our website for e-mails about a comment on “The school next door”. If this is what \
you want, open this page and press the button “Yes, write to me”:

{confirm}

The link is good for seven days. Until you press the button, you receive no news of comments.

If it was not you, there is nothing to do: no news will come. You can also refuse all e-mails about comments right \
away, on this page:

{stop_all}

With kind regards,
OMEP – World Organisation for Early Childhood Education
https://events.example.org
""",
    ),
}
FOOT = {
    "fr": """\
Bien à vous,
OMEP – Organisation mondiale pour l’éducation préscolaire
https://events.example.org

{why}

Ne plus recevoir d’e-mails au sujet de ce commentaire\xa0:
{stop_one}

Ne plus recevoir aucun e-mail au sujet de commentaires\xa0:
{stop_all}
""",
    "en": """\
With kind regards,
OMEP – World Organisation for Early Childhood Education
https://events.example.org

{why}

No more e-mails about this comment of yours:
{stop_one}

No more e-mails about any comment:
{stop_all}
""",
}
PUBLISHED = {
    "fr": (
        "OMEP\xa0: votre commentaire est publié",
        """\
Bonjour,

Votre commentaire sur «\u202fL’école d’à côté\u202f» est publié. Lisez-le sur la page de l’événement\xa0:

{place}

""",
        "Vous recevez cet e-mail parce que vous avez souhaité savoir quand votre commentaire serait publié.",
    ),
    "en": (
        "OMEP: your comment is published",
        """\
Hello,

Your comment on “The school next door” is published. Read it on the event’s page:

{place}

""",
        "You receive this e-mail because you asked to be told when your comment is published.",
    ),
}
ANSWERED = {
    "fr": (
        "OMEP\xa0: une réponse à votre commentaire",
        """\
Bonjour,

Une nouvelle réponse a été publiée sous votre commentaire sur «\u202fL’école d’à côté\u202f». Lisez-la sur \
la page de l’événement\xa0:

{place}

André Émile écrit\xa0:

> Bien sûr !
>
> > Déjà cité, avec {{{{ accolades }}}} & <b>

""",
        "Vous recevez cet e-mail parce que vous avez souhaité savoir quand quelqu’un répond à votre commentaire.",
    ),
    "en": (
        "OMEP: an answer to your comment",
        """\
Hello,

There is a new answer under your comment on “The school next door”. Read it on the event’s page:

{place}

André Émile writes:

> Bien sûr !
>
> > Déjà cité, avec {{{{ accolades }}}} & <b>

""",
        "You receive this e-mail because you asked to be told when somebody answers your comment.",
    ),
}


def headers_of(follow, kind, about) -> dict:
    return {
        "Auto-Submitted": "auto-generated",
        "Content-Language": follow.correspondent.language,
        "X-Mail-Kind": kind,
        "X-About": f"comment-{about.pk}",
        "List-Unsubscribe": f"<{follow.correspondent.stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def check(follow, kind, about, subject, body, why=""):
    queued = Email.objects.get()
    message = queued.email_message()
    place = SITE + path_in(follow.correspondent.language, "comments:permalink", number=about.pk)
    links = {"stop_one": follow.stop_url, "stop_all": follow.correspondent.stop_url, "why": why}
    body = body.format(confirm=follow.correspondent.confirm_url, place=place, **links)
    assert (message.subject, message.body, queued.to) == (subject, body, [follow.correspondent.email])
    assert queued.headers == headers_of(follow, kind, about)
    first_link = next(line for line in message.body.splitlines() if line.startswith("http"))
    assert first_link == (follow.correspondent.confirm_url if kind == "comment_confirm_address" else place)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mail_that_asks_for_a_yes_word_for_word(monkeypatch, language):
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1_800_000_000)
    follow = the_follow(language)
    mails.confirm_address(follow)
    check(follow, "comment_confirm_address", follow.comment, *CONFIRM[language])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mail_of_a_publication_word_for_word(language):
    follow = the_follow(language)
    mails.published(follow)
    subject, body, why = PUBLISHED[language]
    check(follow, "comment_published", follow.comment, subject, body + FOOT[language], why)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mail_of_an_answer_word_for_word(language):
    follow = the_follow(language)
    answer = make_comment(
        event=follow.comment.event,
        parent=follow.comment,
        status="approved",
        name="André\nÉmile",  # no form takes it; an old import might
        body="Bien sûr !\n\n> Déjà cité, avec {{ accolades }} & <b>\n",
        email="andre@example.org",
        website="https://andre.example.org",
    )
    mails.answered(follow, answer)
    subject, body, why = ANSWERED[language]
    check(follow, "comment_answered", answer, subject, body + FOOT[language], why)
    words = Email.objects.get().email_message().message().as_string()
    assert "andre@example.org" not in words
    assert "andre.example.org" not in words


def test_of_an_event_that_is_not_public_not_even_the_title_is_told():
    event = make_event(title_fr="Journée secrète", status="draft")
    mails.confirm_address(make_follow(make_comment(event=event)))
    message = Email.objects.get().email_message()
    assert "secrète" not in message.body + message.subject
    assert "des e-mails au sujet d’un commentaire. Si c’est bien ce que vous souhaitez" in message.body


def test_what_is_longer_than_a_thousand_characters_is_cut_at_a_word_and_says_so():
    follow = the_follow("fr")
    answer = make_comment(event=follow.comment.event, body="Voilà " * 200, email="andre@example.org")
    mails.answered(follow, answer)
    body = Email.objects.get().email_message().body
    [line] = [line for line in body.splitlines() if line.startswith(">")]
    assert line == "> " + "Voilà " * 166 + "…"
    assert "La réponse est plus longue\xa0: vous pouvez la lire en entier sur la page." in body


QUOTED = [
    ("à", "> à", True),
    ("é" * 1000, "> " + "é" * 1000, True),
    ("é" * 1001, "> " + "é" * 1000 + " …", False),
    ("é " + "à" * 1000, "> é " + "à" * 998 + " …", False),
    ("un\n\n\ndeux\n", "> un\n>\n>\n> deux", True),
    ("https://example.org\rBcc: x\u2028deux\x0btrois\x85quatre", "> https://example.org\n> Bcc: x\n> deux\n> trois\n> quatre", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "quotation", "is_whole"), QUOTED)
def test_every_line_of_an_answer_is_marked_as_quoted(text, quotation, is_whole):
    assert mails.quoted(text) == (quotation, is_whole)


def test_the_worker_sends_them_as_they_were_written():
    follow = the_follow("fr")
    mails.answered(follow, make_comment(event=follow.comment.event, name="{% now %}", body="{{ secret }} “à”"))
    assert deliver_due() == 1
    [sent] = outbox.outbox
    assert "{% now %} écrit\xa0:\n\n> {{ secret }} “à”" in sent.body
    assert sent.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
