"""Versions: what is kept, what differs between two of them, how it is told."""

import json
import time
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation
from reversion.models import Revision, Version

from events.models import Event, Partner
from omep_site.lib.history import as_it_was, entries, last_entry, marking, record, versions_of
from omep_site.lib.history.marking import compared, look_changes
from omep_site.lib.history.rich import readable
from omep_site.lib.history.snapshots import contents, differences
from omep_site.lib.history.telling import Teller, moment_in_words, sentence_of
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def told(event: Event) -> list[tuple]:
    """(label, language, kind, html) of what differs between the last two versions."""
    after, before = (each.snapshot for each in entries(versions_of(Event, event.pk)[:2], Event))
    teller = Teller(Event, [before, after])
    return [
        (each.label, each.language, each.kind, str(each.html))
        for each in teller.tell_all(differences(before, after), before, after)
    ]


@pytest.fixture(autouse=True)
def _in_english():
    with timezone.override("UTC"), translation.override("en"):
        yield


def test_a_version_holds_every_language_and_every_row():
    event = make_event(title_fr="Été", title_en="Summer")
    event.strategies.create(text_fr="Œuvrer", text_en="Act", position=1)
    record(event)

    snapshot = last_entry(Event, event.pk).snapshot
    assert (snapshot.row.values["title_fr"], snapshot.row.values["title_en"]) == ("Été", "Summer")
    assert "title" not in snapshot.row.values
    assert [row.values["text_fr"] for row in snapshot.rows["strategies"]] == ["Œuvrer"]
    kinds = ["documents", "eventpartner", "eventsubject", "objectives", "pictures", "speakers", "strategies"]
    assert sorted(snapshot.rows) == kinds


def test_saving_without_a_visible_change_makes_no_new_version():
    event = make_event()
    assert record(event) is True

    Event.objects.filter(pk=event.pk).update(made_from={}, updated_at=timezone.now())
    event.save()
    assert record(event) is False
    assert (versions_of(Event, event.pk).count(), Revision.objects.count()) == (1, 1)


def test_the_last_version_takes_over_what_does_not_show():
    event = make_event(title_fr="Été", title_en="Summer")
    claire = User.objects.create_user("claire")
    record(event, claire)
    Event.objects.filter(pk=event.pk).update(made_from={"title_en": ["then", "now"]})
    record(event)

    last = last_entry(Event, event.pk)
    assert last.snapshot.row.values["made_from"] == {"title_en": ["then", "now"]}
    assert last.user == claire


def test_what_was_written_before_versions_were_kept_is_kept_at_the_first_change():
    event = make_event(title_en="Summer")
    as_it_was(event)
    as_it_was(event)

    [entry] = entries(versions_of(Event, event.pk), Event)
    assert (entry.user, sentence_of(entry)) == (None, "As it was before.")
    assert abs((entry.at - event.updated_at).total_seconds()) < 1


def test_only_what_differs_is_told_word_by_word():
    event = make_event(title_fr="Un été à Dakar", title_en="Summer")
    record(event)
    event.title_fr, event.event_status = "Un hiver à Dakar", "cancelled"
    event.save()
    record(event)

    assert told(event) == [
        ("Title", "fr", "changed", "Un <del>été </del> <ins>hiver </ins>à Dakar"),
        ("Event status", "", "changed", "<del>takes place as announced</del> <ins>cancelled</ins>"),
    ]


def test_words_are_escaped():
    event = make_event(title_fr="Un")
    record(event)
    event.title_fr = "<script>alert(1)</script>"
    event.save()
    record(event)

    assert told(event)[0][3] == "<del>Un</del> <ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>"


def test_hours_are_told_in_the_zone_of_the_event():
    starts_at = datetime(2027, 12, 1, 0, 0, tzinfo=UTC)
    event = make_event(timezone="Asia/Tokyo", starts_at=starts_at)
    record(event)
    event.starts_at += timedelta(minutes=30)
    event.save()
    record(event)

    old, new = "Wednesday 1\xa0December\xa02027, 09:00", "Wednesday 1\xa0December\xa02027, 09:30"
    assert told(event) == [("Start", "", "changed", f"<del>{old}</del> <ins>{new}</ins>")]
    with translation.override("fr"):
        old, new = "mercredi 1er\xa0décembre\xa02027, 9\xa0h", "mercredi 1er\xa0décembre\xa02027, 9\xa0h\xa030"
        assert told(event) == [("Début", "", "changed", f"<del>{old}</del> <ins>{new}</ins>")]


def test_rows_are_told_as_added_removed_changed_and_moved():
    event = make_event()
    a, b, c = (
        event.strategies.create(text_fr=text, text_en=text.upper(), position=place)
        for place, text in enumerate("abc", start=1)
    )
    record(event)
    a.delete()
    b.position, b.text_en, c.position = 2, "BB", 1
    b.save()
    c.save()
    event.strategies.create(text_fr="d", position=3)
    record(event)

    assert told(event) == [
        ("Strategy 1", "", "moved", "“C”: from place 3 to place 1."),
        ("Strategy 2", "en", "changed", "<del>B</del> <ins>BB</ins>"),
        ("Strategy 3", "fr", "added", "<ins>d</ins>"),
        ("Strategy 1", "fr", "removed", "<del>a</del>"),
        ("Strategy 1", "en", "removed", "<del>A</del>"),
    ]


def test_partners_are_told_by_name_even_when_one_is_gone():
    unesco = Partner.objects.create(name="UNESCO")
    event = make_event()
    row = event.eventpartner_set.create(partner=unesco)
    record(event)
    row.delete()
    record(event)
    role = ("Partner 1, role", "", "removed", "<del>organises it too</del>")
    assert told(event) == [("Partner 1", "", "removed", "<del>UNESCO</del>"), role]

    unesco.delete()
    assert told(event) == [("Partner 1", "", "removed", "<del>no longer there</del>"), role]


def test_one_version_is_told_whole_and_without_marks():
    event = make_event(title_fr="Été", interpretation_languages=["fr", "en"])
    event.objectives.create(text_fr="Jouer")
    record(event)

    snapshot = last_entry(Event, event.pk).snapshot
    found = Teller(Event, [snapshot]).tell_all(contents(snapshot), snapshot, snapshot)
    lines = {(each.label, each.language): str(each.html) for each in found}
    assert lines["Title", "fr"] == "Été"
    assert lines["Interpretation", ""] == "French, English"
    assert lines["Objective 1", "fr"] == "Jouer"
    assert ("Objective 1", "en") not in lines


def test_the_list_names_what_changed_and_counts_the_rest():
    event = make_event()
    record(event)
    changes = {"title_fr": "a", "title_en": "a", "summary_fr": "a", "place_fr": "a", "credit_fr": "a"}
    Event.objects.filter(pk=event.pk).update(**changes, event_status="cancelled", credit_en="a", all_day=True)
    record(event)

    old, new = (each.snapshot for each in entries(versions_of(Event, event.pk).order_by("pk"), Event))
    teller = Teller(Event, [old, new])
    assert teller.in_brief(teller.tell_all(differences(old, new), old, new)) == [
        "Title: French",
        "Title: English",
        "Announcement: French",
        "Event status: cancelled",
        "Where: French",
        "Days only: yes",
        "and 2 more",
    ]


@pytest.mark.parametrize(
    "stored",
    ["no json", "[]", '[{"fields": {"starts_at": "yesterday"}}]', '[{"fields": 3}]', '[{"pk": 1}]', "[1, 2]"],
)
def test_a_version_that_cannot_be_read_says_so(stored):
    event = make_event()
    record(event)
    Version.objects.update(serialized_data=stored)

    assert last_entry(Event, event.pk).snapshot is None
    assert record(event) is True  # and the next one is kept


def test_a_field_that_is_gone_or_new_since_makes_no_difference():
    event = make_event()
    record(event)
    version = Version.objects.get()
    [data] = json.loads(version.serialized_data)
    del data["fields"]["attendance_mode"]
    data["fields"]["colour"] = "blue"
    Version.objects.update(serialized_data=json.dumps([data]))
    event.title_fr = "Autre"
    event.save()
    record(event)

    assert [label for label, *_rest in told(event)] == ["Title"]


def test_a_sentence_is_read_in_the_readers_language():
    event = make_event()
    moment = datetime(2026, 12, 1, 9, 0, tzinfo=UTC).isoformat()
    record(event, sentence="Brought back the version of {moment}.", moment=moment)

    entry = last_entry(Event, event.pk)
    assert sentence_of(entry) == "Brought back the version of 1\xa0December\xa02026, 09:00."
    with translation.override("fr"):
        assert sentence_of(entry) == "Version du 1er\xa0décembre\xa02026, 9\xa0h rétablie."


@pytest.mark.parametrize("words", ["Somebody’s own {words}", "{", "%(x)s"])
def test_a_sentence_that_is_no_message_is_shown_as_it_is(words):
    event = make_event()
    record(event, sentence=words)

    assert sentence_of(last_entry(Event, event.pk)) == words


@pytest.mark.parametrize(
    ("language", "today", "yesterday", "before"),
    [
        ("en", "today, 09:05", "yesterday, 09:05", "20\xa0November\xa02026, 09:05"),
        ("fr", "aujourd’hui, 9\xa0h\xa005", "hier, 9\xa0h\xa005", "20\xa0novembre\xa02026, 9\xa0h\xa005"),
    ],
)
def test_moments_are_said_as_people_say_them(language, today, yesterday, before):
    now = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    with translation.override(language):
        said = [moment_in_words(now.replace(day=day, hour=9, minute=5), now) for day in (22, 21, 20)]
    assert said == [today, yesterday, before]


def test_rich_text_is_read_as_words():
    html = "<h2>Venir</h2><p>À <strong>Dakar</strong>&nbsp;!<br>Oui.</p><ul><li><p>un</p></li><li><p>deux</p></li></ul>"
    assert readable(html) == "Venir\nÀ Dakar\xa0!\nOui.\n• un\n• deux"


def test_a_look_that_changed_is_mentioned_though_the_words_are_the_same():
    old, new = "<p>Venez à <em>Dakar</em></p>", "<p>Venez à <a href='https://example.org/'>Dakar</a></p>"
    assert look_changes(old, new) == (
        "New formatting: a link to https://example.org/.",
        "Formatting that is gone: italics.",
    )


def test_long_stretches_that_stayed_the_same_are_cut():
    same = " ".join(f"mot{number}" for number in range(100))
    html = compared(f"{same} vieux {same}", f"{same} neuf {same}")
    assert "<del>vieux </del> <ins>neuf </ins>" in html
    assert html.count("[…]") == 2
    assert len(html.split()) < 40


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n".join(f"• {number}" for number in range(3000)), "\n".join(f"• {number + 1}" for number in range(3000))),
        ("mot " * 3000, "mot " * 1500 + "autre " + "mot " * 1400 + "encore"),
        ("\n".join("a b" * 300 for _line in range(900)), "\n".join("b a" * 300 for _line in range(900))),
    ],
    ids=["lines", "words", "both"],
)
def test_however_long_two_texts_are_few_pieces_are_compared_with_each_other(monkeypatch, old, new):
    sizes = [0]

    class Counting(SequenceMatcher):
        def __init__(self, isjunk, a, b):
            sizes.append(max(len(a), len(b)))
            super().__init__(isjunk, a, b)

    monkeypatch.setattr(marking, "SequenceMatcher", Counting)
    html = compared(old, new)
    assert max(sizes) <= 600
    assert "<ins>" in html


def test_what_is_too_long_to_be_compared_is_shown_as_replaced_between_what_stayed():
    old = "\n".join(["Début", *(f"vieux{number}" for number in range(500)), "Fin"])
    new = "\n".join(["Début", *(f"neuf{number}" for number in range(500)), "Fin"])
    html = compared(old, new)
    assert html.startswith("Début\n<del>vieux0\n")
    assert html.endswith("neuf499\n</ins>Fin")
    assert (html.count("<del>"), html.count("<ins>")) == (1, 1)


def test_a_transcript_of_a_whole_day_is_compared_in_a_moment():
    old = "\n".join(f"Phrase numéro {number} de la journée, dite lentement." for number in range(5000))
    started = time.thread_time()  # of work: what else the machine does meanwhile does not count
    html = compared(old, old.replace("numéro 2500 de", "numéro 2500 de toute"))
    assert time.thread_time() - started < 2
    assert "<ins>toute </ins>" in html
