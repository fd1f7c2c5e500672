"""What an editor does with events in the admin, through its forms."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from events.models import Event, Partner
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

ADD = "/admin/events/event/add/"
EMPTY_ROWS = {
    f"{prefix}-{name}": value
    for prefix in ("eventpartner_set", "speakers", "strategies", "objectives", "pictures", "documents")
    for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
}
COMPLETE = EMPTY_ROWS | {
    "title_fr": "Été de l’œuvre enfantine",
    "title_en": "A summer for children’s work",
    "summary_fr": "Une annonce.",
    "summary_en": "An announcement.",
    "body_fr": "<p>Venez à <strong>Dakar</strong></p>",
    "body_en": "<p>Come</p>",
    "starts_at_0": "06/12/2027",
    "starts_at_1": "13:30",
    "ends_at_0": "06/12/2027",
    "ends_at_1": "14:30",
    "timezone": "Africa/Dakar",
    "source_language": "fr",
    "event_status": "planned",
    "attendance_mode": "online",
    "status": "published",
}
START = datetime(2027, 12, 6, 13, 30, tzinfo=UTC)
ENGLISH = {"title_en": "", "summary_en": "", "body_en": ""}


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("rédactrice"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return client


def errors(response) -> list[str]:
    return [words(each) for each in soup(response).select("ul.errorlist")]


def test_an_event_is_announced_in_both_languages_with_its_rows(editor, client):
    unesco = Partner.objects.create(name="UNESCO")
    response = editor.post(
        ADD,
        COMPLETE
        | {
            "eventpartner_set-TOTAL_FORMS": 1,
            "eventpartner_set-0-partner": unesco.pk,
            "eventpartner_set-0-role": "organiser",
            "strategies-TOTAL_FORMS": 2,
            "strategies-0-text_fr": "deuxième",
            "strategies-0-text_en": "second",
            "strategies-0-position": 2,
            "strategies-1-text_fr": "première",
            "strategies-1-text_en": "first",
            "strategies-1-position": 1,
        },
    )

    assert (response.status_code, errors(response) if response.status_code == 200 else []) == (302, [])
    event = Event.objects.get()
    assert (event.slug_fr, event.slug_en) == ("ete-de-l-oeuvre-enfantine", "a-summer-for-children-s-work")
    assert event.starts_at == datetime(2027, 12, 6, 13, 30, tzinfo=UTC)  # Dakar is on UTC
    assert [each.text_en for each in event.strategies.all()] == ["first", "second"]
    assert [each.name for each in event.partners.all()] == ["UNESCO"]
    page = soup(client.get("/fr/evenements/ete-de-l-oeuvre-enfantine/"))
    assert words(page.h1) == "Été de l’œuvre enfantine"


@pytest.mark.parametrize(
    ("zone", "utc"),
    [("Europe/Paris", "12:30"), ("America/Argentina/Buenos_Aires", "16:30"), ("Pacific/Auckland", "00:30")],
)
def test_hours_are_entered_and_shown_again_in_the_events_own_zone(editor, zone, utc):
    editor.post(ADD, COMPLETE | {"timezone": zone})

    event = Event.objects.get()
    assert event.starts_at.astimezone(UTC).strftime("%H:%M") == utc
    page = soup(editor.get(f"/admin/events/event/{event.pk}/change/"))
    assert page.select_one("#id_starts_at_1")["value"] == "13:30"
    assert page.select_one("#id_starts_at_0")["value"] == "06/12/2027"


def test_publishing_with_a_language_missing_is_refused_and_says_what_is_missing(editor):
    response = editor.post(ADD, COMPLETE | ENGLISH)

    assert Event.objects.count() == 0
    assert errors(response) == [
        "Il manque ce texte.",
        "Il manque ce texte.",
        "Il manque ce texte.",
        "Complétez les champs signalés, ou cochez cette case pour publier sans ces langues : anglais. "
        "Anglais : titre, annonce, invitation",
    ]


def test_a_tick_publishes_without_english(editor):
    assert editor.post(ADD, COMPLETE | ENGLISH | {"publish_incomplete": "on"}).status_code == 302

    event = Event.objects.get()
    assert (event.is_published(), event.complete_languages(), event.slug_en) == (True, ["fr"], None)


def test_no_tick_publishes_an_event_without_any_complete_language(editor):
    response = editor.post(ADD, COMPLETE | ENGLISH | {"body_fr": "", "publish_incomplete": "on"})

    assert Event.objects.count() == 0
    assert (
        "Aucune langue n’est encore complète : l’événement ne peut pas être publié. "
        "Français : invitation Anglais : titre, annonce, invitation" in errors(response)
    )


def test_a_draft_may_be_as_incomplete_as_it_likes(editor):
    response = editor.post(
        ADD, COMPLETE | ENGLISH | {"status": "draft", "title_fr": "", "body_fr": "", "summary_fr": ""}
    )

    assert response.status_code == 302
    assert Event.objects.get().status == "draft"


def test_the_tick_is_taken_back_once_every_language_is_there(editor):
    event = make_event(publish_incomplete=True, starts_at=START)
    data = COMPLETE | {"publish_incomplete": "on", "slug_fr": event.slug_fr, "slug_en": event.slug_en}

    assert editor.post(f"/admin/events/event/{event.pk}/change/", data).status_code == 302
    event.refresh_from_db()
    assert event.publish_incomplete is False


def test_the_tick_names_the_language_that_would_be_left_out(editor):
    event = make_event(body_en="", status="draft")

    page = soup(editor.get(f"/admin/events/event/{event.pk}/change/"))
    assert words(page.select_one("label[for=id_publish_incomplete]")) == "Publier sans anglais"


def test_a_moment_to_come_keeps_the_page_hidden_until_then(editor, client):
    editor.post(ADD, COMPLETE | {"publish_at_0": "01/12/2027", "publish_at_1": "09:00"})

    event = Event.objects.get()
    assert event.publish_at == datetime(2027, 12, 1, 9, 0, tzinfo=UTC)
    assert client.get(f"/fr/evenements/{event.slug_fr}/").status_code == 404
    assert "paraîtra le mercredi 1 er décembre 2027 à 10 h" in words(soup(editor.get("/admin/events/event/")))


def test_two_events_of_one_title_get_two_addresses(editor):
    for _turn in range(3):
        assert editor.post(ADD, COMPLETE).status_code == 302

    assert sorted(Event.objects.values_list("slug_fr", flat=True)) == [
        "ete-de-l-oeuvre-enfantine",
        "ete-de-l-oeuvre-enfantine-2",
        "ete-de-l-oeuvre-enfantine-3",
    ]


def test_an_address_that_is_taken_is_refused_at_its_field(editor):
    make_event(slug_fr="pris")
    response = editor.post(ADD, COMPLETE | {"slug_fr": "pris"})

    assert response.status_code == 200
    assert Event.objects.count() == 1
    assert errors(response) != []


def test_an_end_before_the_start_is_said_at_the_field(editor):
    response = editor.post(ADD, COMPLETE | {"ends_at_1": "13:29"})

    assert errors(response) == ["L’événement se termine avant d’avoir commencé."]


def test_a_row_without_words_is_refused(editor):
    rows = {
        "strategies-TOTAL_FORMS": 1,
        "strategies-0-text_fr": "",
        "strategies-0-text_en": "",
        "strategies-0-position": 4,
    }
    response = editor.post(ADD, COMPLETE | rows)

    assert Event.objects.count() == 0
    assert errors(response) == ["Écrivez le texte dans une langue au moins, ou supprimez cette ligne."]


def test_a_registration_link_is_a_web_address(editor):
    response = editor.post(ADD, COMPLETE | {"registration_url": "javascript:alert(1)"})

    assert (response.status_code, Event.objects.count(), len(errors(response))) == (200, 0, 1)


def test_a_change_shows_on_the_public_page_at_once(editor, client):
    event = make_event(starts_at=START)
    path = f"/fr/evenements/{event.slug_fr}/"
    client.get(path)
    data = COMPLETE | {"title_fr": "Reporté à février", "slug_fr": event.slug_fr, "slug_en": event.slug_en}

    editor.post(f"/admin/events/event/{event.pk}/change/", data)
    assert words(soup(client.get(path)).h1) == "Reporté à février"


def test_the_lists_actions_publish_and_withdraw(editor):
    draft, half, public = make_event(status="draft"), make_event(status="draft", body_en=""), make_event()
    chosen = {"_selected_action": [draft.pk, half.pk, public.pk], "index": 0}

    response = editor.post("/admin/events/event/", chosen | {"action": "publish"}, follow=True)
    assert [words(each) for each in soup(response).select(".messagelist li")] == [
        "1 événement est maintenant : publié.",
        "2 événements n’ont pas changé : ils étaient déjà dans cet état, ou une de leurs langues n’est pas complète.",
        f"« {half.title_fr} » n’a pas été publié. Anglais : invitation",
    ]
    editor.post("/admin/events/event/", chosen | {"action": "withdraw"})
    assert set(Event.objects.values_list("status", flat=True)) == {"draft"}


@pytest.mark.parametrize(
    ("language", "title", "add"), [("fr", "Événements", "Ajouter : événement"), ("en", "Events", "Add event")]
)
def test_the_admin_speaks_the_editors_language(editor, language, title, add):
    page = soup(editor.get("/admin/events/event/", HTTP_ACCEPT_LANGUAGE=language))

    assert words(page.select_one("#content h1")) == title
    assert words(page.select_one(".object-tools .addlink")) == add


def test_a_wrong_zone_in_a_forged_post_is_an_error_and_no_crash(editor):
    response = editor.post(ADD, COMPLETE | {"timezone": "Mars/Olympus"})

    assert (response.status_code, Event.objects.count()) == (200, 0)


def test_the_editors_script_runs_by_its_nonce_alone(editor):
    response = editor.get(ADD)
    policy = response["Content-Security-Policy"]
    nonces = {script.get("nonce") for script in soup(response).select("script") if not script.get("src")} - {None}

    assert len(nonces) == 1
    assert f"script-src 'self' {settings.STAMP_SCRIPT} 'nonce-{nonces.pop()}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("body", ["<p> </p>", "<p>&nbsp;</p>", "<p><br></p>", "<p>\u200b</p>"])
def test_an_invitation_that_shows_nothing_counts_as_missing(editor, body):
    response = editor.post(ADD, COMPLETE | {"body_en": body})

    assert (response.status_code, Event.objects.count()) == (200, 0)
    assert errors(response)[0] == "Il manque ce texte."


def test_whole_days_last_until_their_last_minute(editor):
    editor.post(
        ADD, COMPLETE | {"all_day": "on", "starts_at_1": "00:00", "ends_at_0": "08/12/2027", "ends_at_1": "00:00"}
    )

    event = Event.objects.get()
    assert event.starts_at == datetime(2027, 12, 6, 0, 0, tzinfo=UTC)
    assert event.ends_at == datetime(2027, 12, 8, 23, 59, tzinfo=UTC)


def test_no_event_takes_the_address_that_another_one_has_in_another_language(editor):
    make_event(slug_fr="webinaire")
    response = editor.post(ADD, COMPLETE | {"slug_en": "webinaire"})
    assert errors(response) == ["Un autre événement a déjà cette adresse."]

    editor.post(ADD, COMPLETE | {"title_en": "Webinaire"})
    assert Event.objects.get(title_en="Webinaire").slug_en == "webinaire-2"


@pytest.mark.parametrize("number", ["²", "9" * 5000, "x"])
def test_an_event_that_cannot_exist_is_no_crash(editor, number):
    assert editor.get(f"/admin/events/event/{number}/change/").status_code == 302


@pytest.mark.parametrize("typed", ["6 décembre 2027", "6 DECEMBRE 2027", "06/12/27"])
def test_a_day_may_be_typed_in_words(editor, typed):
    editor.post(ADD, COMPLETE | {"starts_at_0": typed})
    assert Event.objects.get().starts_at == START


@pytest.mark.parametrize("typed", ["13:30", "13h30", "13 h 30"])
def test_an_hour_may_be_typed_as_french_people_write_it(editor, typed):
    editor.post(ADD, COMPLETE | {"starts_at_1": typed})
    assert Event.objects.get().starts_at == START


@pytest.mark.parametrize(
    ("date", "hour"),
    [("06/12/2027", "1:30 pm"), ("2027-12-06", "13.30"), ("06/12/2027", "1:30PM"), ("6 December 2027", "13:30")],
)
def test_in_english_too_the_day_comes_before_the_month(editor, date, hour):
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    editor.post(ADD, COMPLETE | {"starts_at_0": date, "starts_at_1": hour})
    assert Event.objects.get().starts_at == START


def test_a_past_date_is_a_warning_that_saves_after_one_tick(editor):
    past = {"starts_at_0": "06/12/2021", "ends_at_0": "06/12/2021"}
    assert errors(editor.post(ADD, COMPLETE | past)) == ["Cette date est passée. Oui, c’est un événement passé"]

    assert editor.post(ADD, COMPLETE | past | {"accept_past": "yes"}).status_code == 302
    assert Event.objects.get().has_ended()


def test_an_event_that_has_passed_is_corrected_without_a_question(editor):
    event = make_event(starts_at=datetime(2021, 12, 6, 13, 30, tzinfo=UTC))
    past = {"starts_at_0": "06/12/2021", "ends_at_0": "06/12/2021", "slug_fr": event.slug_fr, "slug_en": event.slug_en}
    assert editor.post(f"/admin/events/event/{event.pk}/change/", COMPLETE | past).status_code == 302


def test_a_weekday_in_a_title_that_contradicts_the_date_is_refused_at_the_title(editor):
    response = editor.post(ADD, COMPLETE | {"title_fr": "Mardi des œuvres", "title_en": "A Monday for works"})

    assert errors(response) == [
        "Le titre dit « mardi », mais l’événement a lieu le lundi 6 décembre 2027. Corrigez l’un ou l’autre."
    ]
    assert soup(response).select_one(".field-title_fr ul.errorlist") is not None


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("28/03/2027", "02:30", "L’heure choisie, 2 h 30, n’existe pas le dimanche 28 mars 2027"),
        ("31/10/2027", "02:30", "L’heure choisie, 2 h 30, arrive deux fois le dimanche 31 octobre 2027"),
    ],
)
def test_an_hour_that_a_change_of_the_clock_makes_doubtful_is_refused(editor, day, hour, sentence):
    response = editor.post(ADD, COMPLETE | {"timezone": "Europe/Paris", "starts_at_0": day, "starts_at_1": hour})

    assert Event.objects.count() == 0
    assert [each.partition(" :")[0] for each in errors(response)] == [sentence]


@pytest.mark.parametrize("year", ["0001", "1947", "2200", "9999"])
def test_a_year_far_away_is_a_slip_of_the_finger(editor, year):
    response = editor.post(ADD, COMPLETE | {"starts_at_0": f"31/12/{year}"})
    assert errors(response) == ["L’année est comprise entre 1948 et 2199."]


def test_a_public_event_whose_day_changes_asks_whether_it_moved(editor):
    event = make_event(starts_at=START)
    data = COMPLETE | {
        "slug_fr": event.slug_fr,
        "slug_en": event.slug_en,
        "starts_at_0": "07/12/2027",
        "ends_at_0": "07/12/2027",
    }
    change = f"/admin/events/event/{event.pk}/change/"

    assert errors(editor.post(change, data)) == [
        "L’événement était annoncé pour le lundi 6 décembre 2027. S’il a changé de date, choisissez « déplacé à une "
        "autre date ». Non, c’était une faute de frappe"
    ]
    assert editor.post(change, data | {"event_status": "moved"}).status_code == 302
    event.refresh_from_db()
    assert (event.previous_starts_at, event.event_status) == (START, "moved")
    page = soup(editor.get(f"/fr/evenements/{event.slug_fr}/"))
    assert words(page.select_one(".became")) == (
        "Cet événement a une nouvelle date. Il était d’abord annoncé pour le lundi 6 décembre 2027."
    )


def test_a_typing_mistake_in_a_date_is_corrected_with_a_tick_and_leaves_no_trace(editor):
    event = make_event(starts_at=START)
    data = COMPLETE | {
        "slug_fr": event.slug_fr,
        "slug_en": event.slug_en,
        "starts_at_0": "07/12/2027",
        "ends_at_0": "07/12/2027",
    }
    assert editor.post(f"/admin/events/event/{event.pk}/change/", data | {"accept_date": "yes"}).status_code == 302
    event.refresh_from_db()
    assert (event.previous_starts_at, event.event_status) == (None, "planned")


def test_moved_without_another_date_is_refused(editor):
    event = make_event(starts_at=START)
    data = COMPLETE | {"slug_fr": event.slug_fr, "slug_en": event.slug_en, "event_status": "moved"}
    assert errors(editor.post(f"/admin/events/event/{event.pk}/change/", data)) == [
        "Saisissez la nouvelle date comme début : l’ancienne sera gardée."
    ]


def test_registration_does_not_close_after_the_event(editor):
    data = COMPLETE | {"registration_closes_at_0": "07/12/2027", "registration_closes_at_1": "09:00"}
    assert errors(editor.post(ADD, data)) == ["Les inscriptions seraient closes après la fin de l’événement."]


def test_whole_days_need_no_hours(editor):
    data = COMPLETE | {"all_day": "on", "starts_at_1": "", "ends_at_1": ""}
    assert editor.post(ADD, data).status_code == 302
    event = Event.objects.get()
    assert [each.strftime("%H:%M") for each in (event.starts_at, event.ends_at)] == ["00:00", "23:59"]


READ_BACK = "/admin/events/event/read-back/"
TYPED = {"starts_at_0": "06/12/2027", "starts_at_1": "21:30", "ends_at_0": "06/12/2027", "ends_at_1": "22:30"}


def test_the_form_reads_a_date_back_while_it_is_typed(editor):
    response = editor.get(READ_BACK, TYPED | {"timezone": "Europe/Paris"})
    assert words(soup(response)) == (
        "lundi 6 décembre 2027, de 21 h 30 à 22 h 30 , heure de Paris (UTC+1) 20 h 30, temps universel "
        "17 h 30, heure de Buenos Aires 20 h 30, heure de Dakar 7 h 30 le mardi 7 décembre 2027, heure de Sydney"
    )


@pytest.mark.parametrize("wrong", [{"ends_at_1": ""}, {"starts_at_0": ""}, {"timezone": "Europe/Atlantis"}])
def test_what_is_still_being_typed_has_no_fault_yet(editor, wrong):
    response = editor.get(READ_BACK, TYPED | {"timezone": "Europe/Paris"} | wrong)
    assert words(soup(response)) == (
        "Dès que le début et la fin sont saisis, la date s’écrit ici en toutes lettres, en temps universel et à l’heure "
        "d’autres villes."
    )


NOT_UNDERSTOOD = "Ceci n’est pas compris. Écrivez le jour comme 09/12/2026 et l’heure comme 14:00."


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"starts_at_0": "99/99/9999"}, NOT_UNDERSTOOD),
        ({"starts_at_0": "<script>"}, NOT_UNDERSTOOD),
        ({"ends_at_0": "01/01/2020"}, "L’événement se termine avant d’avoir commencé."),
        ({"starts_at_0": "31/12/9999"}, "L’année est comprise entre 1948 et 2199."),
        ({"starts_at_0": "01/01/0001"}, "L’année est comprise entre 1948 et 2199."),
    ],
)
def test_what_is_wrong_with_a_date_is_said_while_it_is_typed(editor, wrong, sentence):
    response = editor.get(READ_BACK, TYPED | {"timezone": "Europe/Paris"} | wrong)
    assert (response.status_code, words(soup(response))) == (200, sentence)


def test_an_hour_that_does_not_exist_is_said_while_it_is_typed(editor):
    response = editor.get(
        READ_BACK, TYPED | {"timezone": "Europe/Paris", "starts_at_0": "28/03/2027", "starts_at_1": "02:15"}
    )
    assert words(soup(response)).startswith("L’heure choisie, 2 h 15, n’existe pas le dimanche 28 mars 2027 :")


HIDE = "Cette page est publique. Elle sera cachée"


@pytest.mark.parametrize(
    ("change", "question"),
    [
        ({"status": "draft"}, f"{HIDE} dès maintenant. Oui, la cacher"),
        (
            {"publish_at_0": "01/12/2027", "publish_at_1": "09:00"},
            f"{HIDE} jusqu’au mercredi 1 er décembre 2027 à 9 h. Oui, la cacher",
        ),
    ],
)
def test_a_public_page_does_not_vanish_by_a_slip(editor, client, change, question):
    event = make_event(starts_at=START)
    data = COMPLETE | {"slug_fr": event.slug_fr, "slug_en": event.slug_en} | change
    path = f"/admin/events/event/{event.pk}/change/"

    assert errors(editor.post(path, data)) == [question]
    assert editor.post(path, data | {"accept_hidden": "yes"}).status_code == 302
    assert client.get(f"/fr/evenements/{event.slug_fr}/").status_code == 404


def test_a_question_that_was_answered_is_not_asked_again(editor):
    past = {
        "starts_at_0": "06/12/2021",
        "ends_at_0": "06/12/2021",
        "accept_past": "yes",
        "registration_url": "nulle part",
    }
    page = soup(editor.post(ADD, COMPLETE | past))
    assert page.select_one("input[type=hidden][name=accept_past]")["value"] == "yes"


def test_saving_a_draft_says_that_nobody_sees_it_and_what_is_missing(editor):
    response = editor.post(ADD, COMPLETE | ENGLISH | {"status": "draft"}, follow=True)
    assert [words(each) for each in soup(response).select(".messagelist li")] == [
        "C’est un brouillon : le public ne le voit pas.",
        "Il manque encore : Anglais : titre, annonce, invitation",
        "« Été de l’œuvre enfantine » est enregistré.",
    ]


def test_a_refused_form_offers_no_page_that_is_not_there(editor):
    event = make_event(status="draft", body_en="")
    data = COMPLETE | {"slug_fr": event.slug_fr, "slug_en": event.slug_en, "body_en": ""}
    page = soup(editor.post(f"/admin/events/event/{event.pk}/change/", data))
    assert page.select(".viewsitelink") == []


def test_an_event_under_which_people_wrote_says_who_may_delete_it(client, db):
    from accounts.roles import EDITOR, write_roles
    from tests.accounts.factories import make_account
    from tests.comments.factories import make_comment

    write_roles()
    event = make_event()
    make_comment(event=event)
    client.force_login(make_account(EDITOR.key))
    page = soup(client.get(f"/admin/events/event/{event.pk}/delete/", headers={"accept-language": "fr"}))
    assert "seule l’administration peut le supprimer" in words(page.select_one("#content"))
    assert page.select("#content input[type=submit]") == []


@pytest.mark.parametrize("day", ["28/04/2090", "26/10/2090"])  # clocks change at midnight there
def test_whole_days_do_not_stumble_over_a_change_of_the_clock(editor, day):
    days = {"all_day": "on", "timezone": "Africa/Cairo", "starts_at_0": day, "ends_at_0": day}
    assert errors(editor.post(ADD, COMPLETE | days, follow=True)) == []
    assert words(soup(editor.get(f"/fr/evenements/{Event.objects.get().slug_fr}/")).select_one("time")).endswith("2090")
    assert f"{int(day[:2])} " in words(
        soup(editor.get(f"/fr/evenements/{Event.objects.get().slug_fr}/")).select_one("time")
    )


def test_the_lists_action_keeps_a_planned_moment(editor):
    later = timezone.now() + timedelta(days=5)
    event = make_event(status="draft", publish_at=later)
    editor.post("/admin/events/event/", {"action": "publish", "_selected_action": [event.pk], "index": 0})
    event.refresh_from_db()
    assert (event.status, event.publish_at) == ("published", later)


def test_a_tick_for_english_is_none_for_french(editor):
    event = make_event(starts_at=START, body_en="", publish_incomplete=True)
    data = COMPLETE | {"slug_fr": event.slug_fr, "slug_en": event.slug_en, "publish_incomplete": "on", "body_fr": ""}
    path = f"/admin/events/event/{event.pk}/change/"

    assert "Personne n’a encore accepté de publier sans français. Publier quand même" in errors(editor.post(path, data))
    assert editor.post(path, data | {"accept_without": "yes"}).status_code == 302


def test_a_title_that_shows_nothing_is_not_written(editor):
    response = editor.post(ADD, COMPLETE | {"title_en": "\u200b", "summary_en": " \u2060 "})
    assert errors(response)[:2] == ["Il manque ce texte.", "Il manque ce texte."]
