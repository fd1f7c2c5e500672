"""What editors do with lists in the admin: bring one, see how far it is, take one home, put readers into groups."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from newsletter import importing
from newsletter.blocking import block
from newsletter.models import ImportJob, Subscriber, Suppression, Tag
from newsletter.privacy import erase
from tests.accounts.factories import make_account
from tests.newsletter.factories import ADDRESS, a_list, bring, make_subscriber
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

IMPORTS, LIST, BLOCKS = (
    "/admin/newsletter/importjob/",
    "/admin/newsletter/subscriber/",
    "/admin/newsletter/suppression/",
)


@pytest.fixture(autouse=True)
def _as_a_new_worker(monkeypatch):
    monkeypatch.setattr(importing, "_at_hand", None)


@pytest.fixture
def french(editor):
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return editor


def upload(client, content, name="liste d’été.csv", **fields):
    file = SimpleUploadedFile(name, content)
    data = {"consent_source": "congrès", "language": "fr", "is_trial": "on"} | fields
    return client.post(IMPORTS + "add/", {"file": file} | {key: value for key, value in data.items() if value})


def test_a_list_is_tried_shown_and_imported_with_two_clicks(editor):
    answer = upload(editor, a_list("email;langue", "zoe@example.org;en", "x;", "zoe@example.org;"))
    job = ImportJob.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{IMPORTS}{job.pk}/change/")
    assert (job.is_trial, job.file_name, job.rows, job.by.username) == (True, "liste d’été.csv", 3, "claire")
    waiting = soup(editor.get(answer["Location"]))
    assert (waiting.progress["value"], waiting.progress["max"]) == ("0", "3")
    assert waiting.select_one("noscript meta")["http-equiv"] == "refresh"
    importing.work()
    page = soup(editor.get(answer["Location"]))
    assert [words(item) for item in page.select(".import-counts li")] == [
        "1 would be added",
        "0 are there already, and stay as they are",
        "2 left out: which lines, and why (CSV)",
    ]
    assert (page.progress, page.select("noscript meta"), Subscriber.objects.count()) == (None, [], 0)
    assert words(page.select_one("form.import-ways button")) == "Import 1 subscriber"
    editor.post(f"{IMPORTS}{job.pk}/import/")
    editor.post(f"{IMPORTS}{job.pk}/import/")
    importing.work()
    assert list(Subscriber.objects.values_list("email", "language")) == [("zoe@example.org", "en")]
    page = soup(editor.get(answer["Location"]))
    assert page.select("form.import-ways") == []
    assert words(page.select_one("[role=status]")) == "The list is read in."


def test_the_report_is_a_file_in_the_editor_s_language_and_holds_no_address(french):
    job = bring(a_list("email", "zoe@example.org", "zoe@example.org", "=SUM(A1)@x"))
    answer = french.get(f"{IMPORTS}{job.pk}/report.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer).decode("utf-8-sig").splitlines() == [
        "ligne;raison",
        "3;L’adresse figure déjà plus haut dans le fichier.",
        "4;Ce n’est pas une adresse à laquelle on peut écrire.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"email\n", "Il n’y a aucune ligne sous les noms des colonnes."),
        (b"PK\x03\x04", "Ce n’est pas une liste au format CSV. Dans votre tableur, choisissez « Enregistrer sous… » et le format"
         " « CSV UTF-8 », puis apportez ce fichier-là."),
        (a_list("nom", "Zoé"), "Aucune colonne ne s’appelle « email », « e-mail », « adresse » ou « courriel ». La première ligne du"
         " fichier doit nommer ses colonnes."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_comes_back_with_a_sentence_and_begins_nothing(french, content, sentence):
    page = soup(upload(french, content))
    assert words(page.select_one(".field-file .errorlist")) == sentence
    assert ImportJob.objects.count() == 0


def test_an_import_says_where_people_agreed_or_does_not_begin(editor):
    page = soup(upload(editor, a_list("email", "zoe@example.org"), consent_source=""))
    assert (len(page.select(".field-consent_source .errorlist")), ImportJob.objects.count()) == (1, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_an_import_costs_the_same_queries(editor, django_assert_num_queries, count):
    job = bring(a_list("email", *(f"x{number}" for number in range(count))), by=None)
    editor.get(f"{IMPORTS}{job.pk}/change/")
    with django_assert_num_queries(6):  # session, account with its language, import, its file, its groups, site's words
        editor.get(f"{IMPORTS}{job.pk}/change/")


def export(client, query="") -> list[str]:
    answer = client.post(LIST + "export/" + query)
    assert answer["Content-Disposition"].startswith('attachment; filename="subscribers-')
    return b"".join(answer).decode("utf-8-sig").splitlines()


def test_what_the_list_is_narrowed_to_leaves_as_a_file_whose_formulas_are_defused(french):
    tag = Tag.objects.create(name="=1+1")
    zoe = make_subscriber(email="+zoe@example.org", status="confirmed")
    zoe.tags.add(tag)
    make_subscriber(email="noe@example.org", status="unsubscribed")
    day = f"{zoe.created_at:%Y-%m-%d}"
    assert export(french, "?status__exact=confirmed") == [
        "e-mail;langue;groupes;état;création;confirmé",
        f"'+zoe@example.org;fr;'=1+1;abonné;{day};{day}",
    ]
    assert len(export(french)) == 3
    assert LogEntry.objects.filter(object_repr="Liste des abonnés").count() == 2
    assert french.get(LIST + "export/").status_code == 302


def test_an_export_can_be_brought_back(editor):
    make_subscriber(email="+zoe@example.org", status="confirmed", language="en").tags.add(
        Tag.objects.create(name="Presse")
    )
    content = "\r\n".join(export(editor)).encode()
    Subscriber.objects.all().delete()
    assert bring(content).added == 1
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.language, subscriber.tags.get().name) == ("+zoe@example.org", "en", "Presse")


@pytest.mark.parametrize("count", [10, 200])
def test_an_export_costs_the_same_queries_however_long_it_is(editor, django_assert_num_queries, count):
    Subscriber.objects.bulk_create(Subscriber(email=f"l{n}@example.org", language="fr") for n in range(count))
    with django_assert_num_queries(14):
        assert len(export(editor)) == count + 1


def test_subscribers_are_put_into_a_group_found_by_it_and_taken_out(editor):
    tag = Tag.objects.create(name="Comité")
    rows = [make_subscriber(email=f"{name}@example.org") for name in ("zoe", "noe", "lea")]

    def act(action, group, *chosen):
        data = {"action": action, "group": group, "_selected_action": [row.pk for row in chosen]}
        return words(soup(editor.post(LIST, data, follow=True)).select_one(".messagelist"))

    assert act("add_to_group", tag.pk, *rows[:2]) == "2 subscribers added to “Comité”."
    assert act("add_to_group", tag.pk, *rows) == "1 subscriber added to “Comité”."
    assert act("add_to_group", "", *rows) == "Choose a group beside the action."
    assert act("remove_from_group", tag.pk, rows[0]) == "1 subscriber taken out of “Comité”."
    found = soup(editor.get(f"{LIST}?tags__id__exact={tag.pk}"))
    assert [words(cell) for cell in found.select("th.field-email")] == ["lea@example.org", "noe@example.org"]
    assert words(soup(editor.get("/admin/newsletter/tag/")).select_one(".field-members")) == "2"


def test_an_editor_blocks_an_address_sees_why_and_lifts_it(editor):
    subscriber = make_subscriber(status="confirmed")
    path = f"{LIST}{subscriber.pk}/"
    assert (editor.get(path + "block/").status_code, Suppression.objects.count()) == (200, 0)
    assert editor.post(path + "block/", {"detail": f"écrit par {ADDRESS}"}).status_code == 200
    assert Suppression.objects.count() == 0
    editor.post(path + "block/", {"detail": "lettre du 3 mars"})
    assert Subscriber.objects.get().status == "suppressed"
    text = words(soup(editor.get(path + "change/")).select_one(".readers-blocked"))
    assert text.startswith(
        "Nothing is sent to this address: somebody asked us by letter or telephone ( lettre du 3 mars )"
    )
    row = Suppression.objects.get()
    assert (editor.get(f"{BLOCKS}{row.pk}/lift/").status_code, Suppression.objects.count()) == (200, 1)
    editor.post(f"{BLOCKS}{row.pk}/lift/")
    assert (Suppression.objects.count(), Subscriber.objects.get().status) == (0, "unsubscribed")
    assert not LogEntry.objects.filter(object_repr__contains="@").exists()


def test_an_address_that_nobody_has_is_blocked_once_and_found_by_typing_it(editor):
    for turn in range(2):
        page = editor.post(BLOCKS + "add/", {"address": "inconnue@example.org", "detail": "appel"})
        assert page.status_code == (302 if turn == 0 else 200)
    block("autre@example.org")
    assert Suppression.objects.filter(detail="appel", reason="editor").count() == 1
    assert len(soup(editor.get(BLOCKS)).select("#result_list tbody tr")) == 2
    assert len(soup(editor.get(BLOCKS + "?q=INCONNUE@example.org")).select("#result_list tbody tr")) == 1
    assert "inconnue@" not in repr(list(LogEntry.objects.values()))


def test_who_was_erased_is_told_apart_from_who_is_blocked(editor):
    make_subscriber(status="confirmed")
    erase(ADDRESS)
    again = make_subscriber(status="pending")
    text = words(soup(editor.get(f"{LIST}{again.pk}/change/")).select_one(".readers-blocked"))
    assert text.startswith("Lists do not bring this address back:")


PAGES = [IMPORTS, IMPORTS + "add/", IMPORTS + "{job}/change/", IMPORTS + "{job}/piece/", IMPORTS + "{job}/report.csv",
         LIST, LIST + "growth/", LIST + "{subscriber}/block/", BLOCKS, BLOCKS + "add/", BLOCKS + "{block}/lift/",
         "/admin/newsletter/tag/"]  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [("newsletter", 200), ("moderator", 403), ("editor", 403)])
def test_these_pages_are_the_newsletter_manager_s(role, status):
    client = Client()
    client.force_login(make_account(role))
    job = bring(a_list("email", "zoe@example.org"))
    block("x@example.org")
    numbers = {"job": job.pk, "subscriber": Subscriber.objects.get().pk, "block": Suppression.objects.get().pk}
    assert [(page, client.get(page.format(**numbers)).status_code) for page in PAGES] == [
        (page, status) for page in PAGES
    ]
    assert client.post(LIST + "export/").status_code == status
    assert client.post(f"{IMPORTS}{job.pk}/import/").status_code == (302 if status == 200 else 403)


def test_junk_in_the_address_of_an_import_is_no_page(editor):
    for odd in ("999", "x", "9" * 30):
        assert editor.get(f"{IMPORTS}{odd}/change/").status_code == 404
