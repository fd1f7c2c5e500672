"""A letter as its readers get it."""

import re
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from newsletter.composing import compose
from newsletter.letters import PREFERENCES, SAMPLE, UNSUBSCRIBE
from newsletter.models import Issue
from tests.factories import make_event
from tests.newsletter.factories import make_issue
from tests.pages import words

pytestmark = pytest.mark.django_db
SITE = "https://events.example.org"
DECEMBER = datetime(2021, 12, 6, 12, 30, tzinfo=UTC)


def page(letter):
    return BeautifulSoup(letter.html, "html.parser")


def test_each_language_gets_its_own_words_and_links():
    issue = make_issue(make_event(title_fr="L’été", title_en="Summer", slug_fr="l-ete", slug_en="summer"))
    french, english = compose(issue, "fr"), compose(issue, "en")

    assert (french.language, french.words_in, french.subject) == ("fr", "fr", "La Lettre de décembre")
    assert (english.language, english.words_in, english.subject) == ("en", "en", "The December letter")
    assert page(french).html["lang"] == "fr"
    assert page(english).html["lang"] == "en"
    assert f"{SITE}/fr/evenements/l-ete/" in french.text
    assert f"{SITE}/en/events/summer/" in english.text
    links = [link["href"] for link in page(french).select("a")]
    assert f"{SITE}/fr/lettre/desabonnement/{UNSUBSCRIBE}/" in links
    assert f"{SITE}/fr/lettre/preferences/{PREFERENCES}/" in links
    assert f"{SITE}/fr/lettre/archives/{issue.pk}/" in links
    assert f"\n{SITE}/en/newsletter/unsubscribe/{UNSUBSCRIBE}/\n" in english.text
    assert f"\n{SITE}/en/newsletter/preferences/{PREFERENCES}/\n" in english.text


def test_the_whole_text_part_reads_well():
    event = make_event(
        title_fr="Congrès de Prague",
        slug_fr="prague",
        starts_at=datetime(2030, 3, 1, 8, 0, tzinfo=UTC),
        place_fr="Prague",
        attendance_mode="both",
        summary_fr="Trois jours ensemble.",
    )
    body = (
        '<p>Bonjour ! Lisez <a href="https://example.org/x">ceci</a>.</p><h2>À faire</h2><ul><li><p>jouer</p></li></ul>'
    )
    assert compose(make_issue(event, body_fr=body, in_archive=False), "fr").text.replace("\xa0", " ").replace(
        "\u202f", " "
    ) == (
        "OMEP – Organisation mondiale pour l’éducation préscolaire\n\n"
        "La Lettre de décembre\n\n"
        "Bonjour ! Lisez ceci (https://example.org/x).\n\n"
        "À faire\n=======\n\n"
        "- jouer\n\n"
        "----\n\n"
        "Congrès de Prague\n\n"
        "Quand : vendredi 1er mars 2030, de 9 h à 10 h, heure de Paris (UTC+1)\n"
        "Où : Prague · Sur place et en ligne\n\n"
        "Trois jours ensemble.\n\n"
        f"{SITE}/fr/evenements/prague/\n\n"
        "----\n\n"
        "Vous recevez cette lettre parce que vous avez accepté de recevoir la\nLettre.\n\n"
        "Pour vous désabonner :\n"
        f"{SITE}/fr/lettre/desabonnement/{UNSUBSCRIBE}/\n\n"
        "Votre langue, votre adresse, vos données :\n"
        f"{SITE}/fr/lettre/preferences/{PREFERENCES}/\n\n"
        "OMEP – L’Organisation mondiale pour l’éducation préscolaire, fondée à\n"
        "Prague en 1948, défend les droits des enfants de la naissance à huit\nans.\n\n"
        f"{SITE}/fr/\n"
    )


def test_readers_of_a_missing_language_get_the_other_one_and_are_told_so_in_theirs():
    letter = compose(make_issue(subject_en="", body_en="", incomplete=True), "en")
    told = "This letter is not written in your language yet. Here it is in French."
    assert (letter.language, letter.words_in, letter.subject) == ("en", "fr", "La Lettre de décembre")
    assert words(page(letter).select_one("p.told")) == told
    assert told in letter.text.replace("\n", " ")
    assert page(letter).html["lang"] == "en"
    assert page(letter).select_one("h1 span")["lang"] == "fr"
    assert "Chères lectrices" in page(letter).select_one("div[lang=fr]").get_text()
    assert "Unsubscribe" in words(page(letter))


def test_what_became_of_an_event_stands_in_its_card():
    moved = make_event(event_status="moved", previous_starts_at=DECEMBER, title_en="Congress")
    off = make_event(event_status="cancelled", title_en="Webinar")
    letter = compose(make_issue(moved, off), "en")
    cards = [words(card) for card in page(letter).select("table.card")]
    assert cards[0].startswith(
        "New date Congress This event has a new date. It was first announced for Monday 6 December 2021."
    )
    assert cards[1].startswith("Cancelled Webinar This event is cancelled.")
    assert "This event has a new date. It was first announced for Monday" in letter.text


def test_an_event_that_is_no_longer_public_has_no_card():
    assert not page(compose(make_issue(make_event(status="draft")), "fr")).select("table.card")


def test_nothing_is_loaded_from_anywhere_and_nothing_runs():
    html = compose(make_issue(make_event()), "fr").html
    shown = BeautifulSoup(html, "html.parser")
    assert not shown.select("img, script, link, iframe, object, form, [src], [background]")
    assert not re.search(r"url\(|@import|@font-face", html)


def test_styles_stand_on_the_elements_and_dark_mode_stays_in_the_head():
    shown = page(compose(make_issue(make_event()), "fr"))
    assert "font-size: 27px" in shown.h1["style"]
    assert "background: #0b5a63" in shown.select_one("a.button")["style"]
    assert "@media (prefers-color-scheme: dark)" in shown.style.string
    assert "max-width: 600px" in shown.select_one("table.sheet")["style"]


def test_every_table_is_there_for_its_looks_only():
    assert {table.get("role") for table in page(compose(make_issue(make_event()), "fr")).select("table")} == {
        "presentation"
    }


def test_a_subject_with_a_line_break_makes_no_second_header():
    issue = make_issue(subject_en="Hello\r\nBcc: x@example.org")
    assert compose(issue, "en").subject == "Hello  Bcc: x@example.org"


def test_markup_in_a_subject_is_shown_as_typed():
    letter = compose(make_issue(subject_en="<b>1 & 2</b> {{ site }}", body_en="<p>{% now %}</p>"), "en")
    assert letter.subject == "<b>1 & 2</b> {{ site }}"
    assert words(page(letter).h1) == "<b>1 & 2</b> {{ site }}"
    assert "{% now %}" in letter.text


def test_a_sample_has_no_mark_left():
    letter = compose(make_issue(), "fr").sample()
    assert UNSUBSCRIBE not in letter.html + letter.text
    assert PREFERENCES not in letter.html + letter.text
    assert f"{SITE}/fr/lettre/desabonnement/{SAMPLE}/" in letter.text


@pytest.mark.parametrize("count", [1, 5])
def test_composing_asks_as_often_for_many_events(django_assert_num_queries, count):
    issue = Issue.objects.get(pk=make_issue(*[make_event() for _ in range(count)]).pk)
    compose(issue, "fr")
    with django_assert_num_queries(1):  # the cards with their events
        compose(issue, "fr")
