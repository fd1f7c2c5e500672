"""Whatever Unicode is sent: never a fault; what is accepted comes back letter for letter, and nothing of it is markup."""

import email
import email.policy
import re
import xml.etree.ElementTree as ET
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.encoding import iri_to_uri
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from post_office.models import Email

from comments.models import Comment
from omep_site.lib.text import for_xml
from omep_site.models import Counter
from tests.comments.factories import ANSWER, FORM, event_path, write_path
from tests.factories import make_event

pytestmark = pytest.mark.django_db

ANY = settings(
    max_examples=30,  # about ten seconds for all of this file
    deadline=None,
    database=None,
    derandomize=True,  # the same words each time: a test that fails once in a month helps nobody
    phases=[Phase.explicit, Phase.generate],  # to find the shortest of many failures takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MARKS = st.sampled_from(["<", ">", "&", '"', "'", "</", "<!--", "]]>", "&amp;", "&#0;", "{{", "{%", "%s", "\\", "\x00"])
ODD = st.sampled_from(
    ["\r\n", "\u2028", "\u202e", "\u200b", "\ufeff", "\u0301", "👩🏽‍🏫", "\U0010ffff", "\ufffe", "\x85", "ﷺ"]
)
TEXTS = st.lists(MARKS | ODD | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=8).map("".join)
BYTES = st.binary(max_size=40)


@pytest.fixture
def event(settings):
    settings.MODERATORS = ["claire@example.org"]
    return make_event()


def post(event, **answers) -> tuple[int, str]:
    """What is sent may be text or bytes; bytes are how a surrogate half is sent, or what is no UTF-8 at all."""
    Counter.objects.all().delete()
    Comment.objects.all().delete()
    Email.objects.all().delete()
    body = "&".join(f"{name}={quote(value)}" for name, value in (ANSWER | answers).items())
    answer = Client().post(write_path(event, "en"), body, content_type=FORM)
    assert answer.status_code in (303, 422)
    assert Comment.objects.count() == (answer.status_code == 303)
    return answer.status_code, answer.get("Location", "") or answer.content.decode()


def as_browsers_read(text: str) -> str:
    """Line ends and what the parser makes of signs that no page can hold."""
    return re.sub(r"\r\n?", "\n", text)


@ANY
@given(name=TEXTS, mail=TEXTS, website=TEXTS, body=TEXTS, parent=TEXTS, subject=TEXTS, stamp=TEXTS)
@example(
    name="a" * 10**5, mail="@" * 10**4, website="http://[", body="\x00", parent="9" * 99, subject="\x00", stamp=":"
)
def test_no_text_in_any_field_is_a_fault(event, name, mail, website, body, parent, subject, stamp):
    post(event, name=name, email=mail, website=website, body=body, parent=parent, subject=subject, stamp=stamp)


@ANY
@given(name=BYTES, mail=BYTES, website=BYTES, body=BYTES)
@example(name=b"\xed\xa0\x80", mail=b"\xff@a.example", website=b"http://\xed\xa0\x80.example", body=b"\xed\xb0\x80\xff")
def test_no_bytes_in_any_field_are_a_fault(event, name, mail, website, body):
    post(event, name=name, email=mail, website=website, body=body)


@ANY
@given(website=TEXTS, host=st.text(st.characters(exclude_categories=["Cs"]), max_size=8), local=TEXTS)
def test_no_website_and_no_address_that_nearly_is_one_is_a_fault(event, website, host, local):
    status, _answer = post(event, website=f"https://{host}.example/{website}", email=f"{local}@{host}.example")
    if status == 303:
        Comment.objects.get().approve()
        html = Client().get(event_path(event, "en")).content.decode()
        link = BeautifulSoup(html, "html.parser").select_one("article.comment h3 a")
        assert link["href"] == Comment.objects.get().website
        assert iri_to_uri(link["href"]).startswith("https://")


@settings(ANY, max_examples=12)
@given(name=TEXTS.map(lambda text: f"Z{text}"), body=TEXTS.map(lambda text: f"é{text}"))
@example(name="Z<b>&amp;", body="é</textarea>&amp;&lt;<b>")
def test_what_is_accepted_comes_back_letter_for_letter_everywhere(event, editor, name, body):
    status, answer = post(event, name=name, body=body)
    if status == 422:
        form = BeautifulSoup(answer, "html.parser").find("form", id="comment-form")
        typed = form.find("textarea").get_text().removeprefix("\n")
        if "\x00" not in body:
            assert typed.rstrip() == as_browsers_read(body).rstrip()
        return
    comment = Comment.objects.get()
    name, body = name.strip(), as_browsers_read(body).strip()
    assert (comment.name, comment.body) == (name, body)
    waiting = Client().get(answer).content.decode()
    in_admin = editor.get(f"/admin/comments/comment/{comment.pk}/change/").content.decode()
    listed = editor.get("/admin/comments/comment/?status__exact=all").content.decode()
    (mail,) = Email.objects.all()
    message = email.message_from_bytes(mail.email_message().message().as_bytes(), policy=email.policy.default)
    comment.approve()
    page = Client().get(event_path(event, "en")).content.decode()
    feed = Client().get(f"{event_path(event, 'en')}comments.atom").content

    for html in (page, waiting):
        article = BeautifulSoup(html, "html.parser").find("article", class_="comment")
        place = article.find(class_="comment-body")
        assert {element.name for element in place.find_all(True)} <= {"p", "br", "a"}
        for line_end in place.find_all("br"):
            line_end.replace_with("\n")
        assert place.get_text().split() == body.split()
        assert article.find("bdi").get_text().split() == name.split()
    for html in (page, waiting, in_admin, listed):
        assert [piece for piece in re.findall(r"\S*<\S*", f"{name} {body}") if len(piece) > 3 and piece in html] == []
    for html in (in_admin, listed):
        assert name.split() in [bdi.get_text().split() for bdi in BeautifulSoup(html, "html.parser").select("bdi")]
    assert for_xml(name).split() == for_xml(name_in(feed)).split()
    assert message.get_content_type() == "text/plain"
    assert len(message["Subject"].splitlines()) == 1


def name_in(feed: bytes) -> str:
    atom = "{http://www.w3.org/2005/Atom}"
    return ET.fromstring(feed).find(f"{atom}entry/{atom}author/{atom}name").text or ""  # noqa: S314 - our own feed
