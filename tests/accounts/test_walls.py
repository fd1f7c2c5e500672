"""What stops people in the admin says why, and where to go from there."""

import pytest
from django.test import Client

from tests.accounts.factories import make_account, sign_in, signed_in
from tests.comments.factories import make_comment
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def crumbs(answer) -> str:
    return words(soup(answer).select_one(".breadcrumbs"))


# --- Signing in and out ---------------------------------------------------------------------------------------------

NO_ROLE = {
    "en": "Your account has no role yet. Ask an administrator for one.",
    "fr": "Votre compte n’a pas encore de rôle. Demandez-en un à l’administration du site.",
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_has_no_role_yet_learns_so_after_the_right_password_and_never_after_a_wrong_one(language):
    make_account(username="nadège")
    client = Client(headers={"accept-language": language})

    right = soup(sign_in(client, "nadège"))
    assert words(right.select_one(".errornote")) == NO_ROLE[language]
    wrong = soup(sign_in(client, "nadège", "faux"))
    assert NO_ROLE[language] not in words(wrong)
    assert len(wrong.select(".errornote")) == 1


@pytest.mark.parametrize(
    ("language", "sentence", "link"),
    [
        ("en", "You are signed out.", "Sign in again"),
        ("fr", "Vous êtes déconnecté·e. À bientôt !", "Se reconnecter"),
    ],
)
def test_who_signs_out_is_told_so_and_finds_the_way_back(language, sentence, link):
    page = soup(signed_in(make_account("editor"), language).post("/admin/logout/"))

    assert words(page.h1) == sentence
    assert [(words(each), each["href"]) for each in page.select("#content a")] == [(link, "/admin/login/")]


# --- Walls ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence", "link"),
    [
        (
            "en",
            "Your role does not include this page. An administrator can change that.",
            "Back to the editors’ house",
        ),
        (
            "fr",
            "Votre rôle n’ouvre pas cette page. L’administration du site peut y remédier.",
            "Retour à la maison des rédactrices et rédacteurs",
        ),
    ],
)
def test_a_page_of_another_role_says_who_can_open_it_and_leads_back_into_the_house(language, sentence, link):
    answer = signed_in(make_account("editor"), language).get("/admin/accounts/account/")
    page = soup(answer)

    assert answer.status_code == 403
    assert words(page.select_one("#content-main p")) == sentence
    assert [(words(each), each["href"]) for each in page.select("#content-main a")] == [(link, "/admin/")]
    assert page.select("form[action*=newsletter]") == []


@pytest.mark.parametrize(
    ("language", "title", "first"),
    [
        ("en", "Nothing was saved", "Go back with your browser’s back button."),
        ("fr", "Rien n’a été enregistré", "Revenez en arrière avec le bouton « Retour » de votre navigateur."),
    ],
)
def test_a_form_from_before_signing_in_again_says_how_to_keep_ones_words(language, title, first):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": language})
    client.force_login(make_account("editor"))
    answer = client.post("/admin/events/event/add/", {"title_fr": "Être et jouer"})
    page = soup(answer)

    assert (answer.status_code, words(page.h1)) == (403, title)
    steps = [words(step) for step in page.select("#content-main ol li")]
    assert (steps[0], len(steps)) == (first, 3)
    assert [each["href"] for each in page.select("#content-main a")] == ["/admin/"]


def test_a_stale_page_to_sign_in_leads_to_a_fresh_one():
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    page = soup(sign_in(client))

    assert [(words(each), each["href"]) for each in page.select("#content-main a")] == [("Sign in", "/admin/login/")]
    assert page.select("#content-main ol") == []


# --- Where one is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "app", "leads_to"),
    [
        ("editor", "events", "/admin/events/event/"),
        ("moderator", "comments", "/admin/comments/comment/"),
        ("administrator", "pages", "/admin/pages/sitetexts/"),
    ],
)
def test_the_address_of_a_part_leads_to_its_first_list(role, app, leads_to):
    answer = signed_in(make_account(role)).get(f"/admin/{app}/")

    assert (answer.status_code, answer["Location"]) == (302, leads_to)


@pytest.mark.parametrize("app", ["events", "accounts", "nothing"])
def test_the_address_of_a_part_that_is_closed_is_not_there(app):
    assert signed_in(make_account("moderator")).get(f"/admin/{app}/").status_code == 404


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "Home › Events",
                "Home › Events › A lantern",
                "Home › Events › Add event",
                "Home › Events › A lantern › Delete",
                "Home › Comments",
                "Home › Comments › Comment {}",
                "Home › Comments › Comment {} › Delete",
            ],
        ),
        (
            "fr",
            [
                "Accueil › Événements",
                "Accueil › Événements › Une lanterne",
                "Accueil › Événements › Ajouter : événement",
                "Accueil › Événements › Une lanterne › Supprimer",
                "Accueil › Commentaires",
                "Accueil › Commentaires › Commentaire {}",
                "Accueil › Commentaires › Commentaire {} › Supprimer",
            ],
        ),
    ],
)
def test_the_crumbs_lead_from_the_house_to_the_list_and_name_nothing_twice(language, expected):
    event = make_event(title_fr="Une lanterne", title_en="A lantern")
    comment = make_comment(event=event, name="Zoé")
    client = signed_in(make_account("editor", "moderator"), language)
    events, comments = "/admin/events/event/", "/admin/comments/comment/"

    paths = [events, f"{events}{event.pk}/change/", f"{events}add/", f"{events}{event.pk}/delete/"]
    paths += [comments, *(f"{comments}{comment.pk}/{page}/" for page in ("change", "delete"))]
    assert [crumbs(client.get(path)) for path in paths] == [words.format(comment.pk) for words in expected]


def test_deleting_many_has_crumbs_too():
    comment = make_comment()
    data = {"action": "delete_selected", "_selected_action": [comment.pk], "index": "0"}
    answer = signed_in(make_account("moderator")).post("/admin/comments/comment/", data)

    assert crumbs(answer) == "Home › Comments › Delete multiple objects"
