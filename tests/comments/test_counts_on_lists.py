"""How many comments an event has, where events are listed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Subject
from tests.comments.factories import event_path, make_comment
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def counts(client, path) -> dict[str, list[str]]:
    """What each card says below its summary, by its title."""
    cards = soup(client.get(path)).select(".card")
    return {words(card.h3): [words(line) for line in card.select(".card-where")] for card in cards}


@pytest.mark.parametrize(
    ("language", "one", "three"), [("fr", "1 commentaire", "3 commentaires"), ("en", "1 comment", "3 comments")]
)
def test_home_and_list_say_how_many_comments_can_be_read(client, language, one, three):
    place = {"fr": "En ligne", "en": "Online"}[language]
    soon = make_event(title_fr="À venir", title_en="À venir")
    past = make_event(title_fr="Passé", title_en="Passé", starts_at=timezone.now() - timedelta(days=9))
    make_event(title_fr="Calme", title_en="Calme")
    for status in ("approved", "pending", "spam", "trash"):
        make_comment(event=soon, status=status)
    for _ in range(3):
        make_comment(event=past, status="approved")
    said = {"À venir": [place, one], "Calme": [place], "Passé": [place, three]}
    events = {"fr": "/fr/evenements/", "en": "/en/events/"}[language]
    for path in (f"/{language}/", events, f"{events}?q=online", f"{events}?year={soon.starts_at.year}"):
        found = counts(client, path)
        assert found == {title: said[title] for title in found}
    assert set(counts(client, events)) == set(said)


def test_a_comment_that_comes_or_goes_is_counted_at_once(client):
    comment = make_comment(event=make_event(title_fr="Jeu"))
    assert counts(client, "/fr/") == {"Jeu": ["En ligne"]}
    comment.approve()
    assert counts(client, "/fr/") == {"Jeu": ["En ligne", "1 commentaire"]}
    comment.trash()
    assert counts(client, "/fr/") == {"Jeu": ["En ligne"]}


def test_events_on_the_same_subject_say_it_too(client):
    subject = Subject.objects.create(name_fr="Jeu", name_en="Play", slug_fr="jeu", slug_en="play")
    event, other = make_event(), make_event(title_fr="Autre")
    for each in (event, other):
        each.subjects.add(subject)
    make_comment(event=other, status="approved")
    assert counts(client, event_path(event)) == {"Autre": ["En ligne", "1 commentaire"]}
