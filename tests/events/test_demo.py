"""The demo: there on any day, idempotent, and never stronger than an editor."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from events import demo
from events.models import Event, Objective, Strategy, Subject
from omep_site.models import ContentVersion, DemoRecord

LAUNCH_TITLE = "Lancement de la Stratégie de partenariat mondial pour la petite enfance (GPS)"

pytestmark = pytest.mark.django_db


def load(capsys) -> str:
    call_command("load_demo")
    return capsys.readouterr().out


def test_the_demo_is_five_public_events_of_which_one_is_to_come(capsys):
    assert load(capsys) == "demo content: 5 events written\n"
    assert Event.objects.published().count() == 5
    assert list(Event.objects.coming().values_list("slug_fr", flat=True)) == ["exemple-webinaire-jeu-plein-air"]
    assert all(event.complete_languages() == ["fr", "en"] for event in Event.objects.all())


def test_loading_again_writes_nothing_and_keeps_every_row(capsys):
    load(capsys)
    rows = list(Strategy.objects.values_list("pk", "text_fr")), list(Objective.objects.values_list("pk", "text_en"))
    version = ContentVersion.current()

    assert load(capsys) == "demo content: 0 events written\n"
    assert rows == (
        list(Strategy.objects.values_list("pk", "text_fr")),
        list(Objective.objects.values_list("pk", "text_en")),
    )
    assert ContentVersion.current() == version


def test_a_week_later_the_example_moves_on(capsys, monkeypatch):
    load(capsys)
    first = Event.objects.get(slug_en="example-webinar-outdoor-play").starts_at
    later = timezone.localdate() + timedelta(weeks=1)
    monkeypatch.setattr(timezone, "localdate", lambda: later)

    assert load(capsys) == "demo content: 1 events written\n"
    assert Event.objects.get(slug_en="example-webinar-outdoor-play").starts_at.date() == first.date() + timedelta(
        weeks=1
    )


@pytest.mark.parametrize("change", ["title", "row", "order", "partner", "role", "speaker", "subject", "status"])
def test_an_event_that_an_editor_changed_is_left_alone(capsys, monkeypatch, change):
    load(capsys)
    launch = Event.objects.get(slug_fr=demo.LAUNCH.fields["slug_fr"])
    if change == "title":
        Event.objects.filter(pk=launch.pk).update(title_fr="Un lancement à Zürich")
    elif change == "row":
        launch.strategies.first().delete()
    elif change == "order":
        Strategy.objects.filter(pk=launch.strategies.first().pk).update(position=9)
    elif change == "partner":
        launch.eventpartner_set.first().delete()
    elif change == "subject":
        launch.subjects.add(Subject.objects.get(slug_en="play"))
    elif change == "role":
        launch.eventpartner_set.filter(partner__name="ECDAN").update(role="partner")
    elif change == "speaker":
        launch.speakers.create(name="Zoé Çağlar")
    else:
        launch.withdraw()
    new = demo.DemoEvent(**{**vars(demo.LAUNCH), "fields": demo.LAUNCH.fields | {"title_fr": "Une autre version"}})
    monkeypatch.setattr(demo, "LAUNCH", new)

    assert load(capsys) == "demo content: 0 events written\n"
    launch.refresh_from_db()
    assert launch.title_fr == ("Un lancement à Zürich" if change == "title" else LAUNCH_TITLE)


def test_an_event_that_nobody_changed_takes_the_demos_new_words(capsys, monkeypatch):
    load(capsys)
    new = demo.DemoEvent(**{**vars(demo.LAUNCH), "fields": demo.LAUNCH.fields | {"title_fr": "Une autre version"}})
    monkeypatch.setattr(demo, "LAUNCH", new)

    assert load(capsys) == "demo content: 1 events written\n"
    assert Event.objects.get(slug_fr=new.fields["slug_fr"]).title_fr == "Une autre version"


def test_an_event_that_an_editor_deleted_stays_away(capsys):
    load(capsys)
    Event.objects.get(slug_en="77th-world-assembly-bologna").delete()

    assert load(capsys) == "demo content: 0 events written\n"
    assert Event.objects.count() == 4


@pytest.mark.parametrize("day", [date(2026, 11, 22) + timedelta(days=n) for n in range(8)] + [date(2028, 2, 29)])
def test_the_example_is_on_a_wednesday_four_to_five_weeks_ahead(day):
    start = demo.example(day).fields["starts_at"]

    assert start.weekday() == 2
    assert 28 <= (start.date() - day).days <= 34


def test_a_column_that_a_later_version_adds_is_nobodys_change(capsys, monkeypatch):
    load(capsys)
    record = DemoRecord.objects.get(key="example")
    del record.content["fields"]["attendance_mode"]  # as if the demo had been loaded before events had modes
    record.save()
    later = timezone.localdate() + timedelta(weeks=1)
    monkeypatch.setattr(timezone, "localdate", lambda: later)

    assert load(capsys) == "demo content: 1 events written\n"


def test_the_demos_events_have_subjects_in_both_languages(capsys):
    load(capsys)
    found = {each.slug_fr: sorted(each.event_set.values_list("slug_en", flat=True)) for each in Subject.objects.all()}
    assert found == {
        "politiques-publiques": ["launch-global-partnership-strategy-early-childhood"],
        "rencontres-de-l-omep": [
            "73rd-world-assembly",
            "77th-world-assembly-bologna",
            "asia-pacific-conference-sydney",
        ],
        "jeu": ["example-webinar-outdoor-play"],
    }
    assert all(each.name_fr and each.name_en for each in Subject.objects.all())


def as_before_subjects():
    """As an older version of the demo left it."""
    Subject.objects.all().delete()
    for record in DemoRecord.objects.exclude(key="letter"):
        del record.content["subjects"]
        record.save()


def test_a_demo_from_before_there_were_subjects_gets_them_once(capsys):
    load(capsys)
    as_before_subjects()

    assert load(capsys) == "demo content: 5 events written\n"
    assert Subject.objects.count() == 3
    assert load(capsys) == "demo content: 0 events written\n"


def test_an_event_from_before_that_an_editor_gave_a_subject_is_left_alone(capsys):
    load(capsys)
    as_before_subjects()
    Event.objects.get(slug_en="73rd-world-assembly").subjects.create(name_fr="Éveil", slug_fr="eveil")

    assert load(capsys) == "demo content: 4 events written\n"
    assert [each.slug_fr for each in Event.objects.get(slug_en="73rd-world-assembly").subjects.all()] == ["eveil"]


def test_a_subject_that_an_editor_renamed_or_deleted_stays_so(capsys):
    load(capsys)
    Subject.objects.get(slug_fr="jeu").delete()
    Subject.objects.filter(slug_fr="politiques-publiques").update(name_fr="Plaidoyer")

    assert load(capsys) == "demo content: 0 events written\n"
    assert sorted(Subject.objects.values_list("name_fr", flat=True)) == ["Plaidoyer", "Rencontres de l’OMEP"]


def written_by_an_earlier_version(key) -> None:
    """As if the demo had been loaded before events had speakers, and partners roles."""
    record = DemoRecord.objects.get(key=key)
    del record.content["speakers"]
    record.content["partners"] = [name for name, _role in record.content["partners"]]
    record.save()
    Event.objects.get(pk=record.object_id).speakers.all().delete()


def test_an_event_that_an_earlier_version_wrote_takes_its_speakers_once(capsys):
    load(capsys)
    written_by_an_earlier_version("example")
    written_by_an_earlier_version("launch")

    assert load(capsys) == "demo content: 2 events written\n"
    example = Event.objects.get(slug_en="example-webinar-outdoor-play")
    assert [(each.name, each.role_en) for each in example.speakers.all()] == [
        ("Aïcha Exemple", "would speak on free play (an invented person)"),
        ("Samuel Exemple", "would moderate (an invented person)"),
    ]
    assert load(capsys) == "demo content: 0 events written\n"


def test_an_event_of_an_earlier_version_to_which_an_editor_added_a_speaker_is_left_alone(capsys):
    load(capsys)
    written_by_an_earlier_version("example")
    Event.objects.get(slug_en="example-webinar-outdoor-play").speakers.create(name="Zoé Çağlar")

    assert load(capsys) == "demo content: 0 events written\n"
    assert [each.name for each in Event.objects.get(slug_en="example-webinar-outdoor-play").speakers.all()] == [
        "Zoé Çağlar"
    ]
