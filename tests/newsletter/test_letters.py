"""A letter as bytes: right for every mail programme, and filled in for each reader."""

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.letters import DATE, MESSAGE_ID, PREFERENCES, TO, UNSUBSCRIBE, Encoded, Frame, Letter, quoted_printable

FRAME = Frame(
    sender="OMEP – La Lettre <lettre@example.org>",
    list_id="La Lettre de l’été <lettre.example.org>",
    feedback_id="7:fr:letter:lettre",
    unsubscribe_url=f"https://events.example.org/fr/lettre/desinscription/{UNSUBSCRIBE}/",
)
TOKENS = {UNSUBSCRIBE: "t" * 43, PREFERENCES: "Mg:1abc:" + "s" * 43}
VALUES = {
    **TOKENS,
    TO: "zoe@example.org",
    MESSAGE_ID: "letter.7.abc@events.example.org",
    DATE: "Thu, 26 Nov 2026 12:00:00 GMT",
}


def sent(html="<p>Été</p>", text="Été", subject="L’été « à venir » ✿", frame=FRAME):
    """The data as the server gets it, and the message that it reads: dots halved again."""
    filled = Encoded(Letter("fr", "fr", subject, html, text), frame).fill(
        {mark.encode(): value.encode() for mark, value in VALUES.items()}
    )
    undone = b"\r\n".join(line.removeprefix(b".") if line.startswith(b".") else line for line in filled.split(b"\r\n"))
    return filled, message_from_bytes(undone, policy=policy.default)


def test_the_head_says_who_to_whom_and_how_to_leave():
    _data, message = sent()
    assert dict(message.items()) == {
        "From": "OMEP – La Lettre <lettre@example.org>",
        "To": "zoe@example.org",
        "Subject": "L’été « à venir » ✿",
        "Date": "Thu, 26 Nov 2026 12:00:00 +0000",
        "Message-ID": "<letter.7.abc@events.example.org>",
        "List-Id": "La Lettre de l’été <lettre.example.org>",
        "Feedback-ID": "7:fr:letter:lettre",
        "Content-Language": "fr",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "List-Unsubscribe": f"<https://events.example.org/fr/lettre/desinscription/{'t' * 43}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }


def test_the_plain_text_comes_first_and_the_html_last():
    _data, message = sent("<p>En beau</p>", "En clair")
    assert message.get_content_type() == "multipart/alternative"
    parts = [(part.get_content_type(), part.get_content().strip()) for part in message.iter_parts()]
    assert parts == [("text/plain", "En clair"), ("text/html", "<p>En beau</p>")]


def test_each_reader_has_links_of_their_own_in_both_parts():
    words = f"Se désinscrire : https://a.example/{UNSUBSCRIBE}/ – vos choix : https://a.example/{PREFERENCES}/ !"
    _data, message = sent(words, words)
    expected = words.replace(UNSUBSCRIBE, TOKENS[UNSUBSCRIBE]).replace(PREFERENCES, TOKENS[PREFERENCES])
    assert [part.get_content().strip() for part in message.iter_parts()] == [expected, expected]


PIECES = st.lists(
    st.sampled_from([UNSUBSCRIBE, PREFERENCES, "\n", ".", "..", "=", " ", "é", "✿", "x" * 80]) | st.text()
)


@given(PIECES, st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_whatever_the_words_every_line_is_short_and_the_same_words_arrive(pieces, subject):
    words = "".join(pieces)
    lines = "\n".join(words.splitlines())
    data, message = sent(words, words, subject=subject)
    assert max(len(line) for line in data.split(b"\r\n")) <= 130  # a link alone, in the head
    assert not set(b"\r\n") & set(data.replace(b"\r\n", b""))
    assert b"\r\n.\r\n" not in data
    for token, value in TOKENS.items():
        lines = lines.replace(token, value)
    for part in message.iter_parts():
        raw = part.get_payload(decode=True).decode().replace("\r\n", "\n")
        assert raw.rstrip("\n") == lines.rstrip("\n")
    assert "".join(str(message["Subject"]).split()) == "".join(subject.split())


@pytest.mark.parametrize("length", range(70, 80))
def test_a_mark_after_a_full_line_breaks_no_rule(length):
    encoded = quoted_printable("x" * length + UNSUBSCRIBE + "y" * length)
    assert max(len(line) for line in encoded.split(b"\r\n")) <= 76
