"""The texts of the site and its pages have a history, as events do."""

import pytest

from omep_site.lib.history import versions_of
from pages.models import Page, SiteTexts
from tests.admin_forms import form_data
from tests.pages import soup, words
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db

TAKEN = "There is a page of this kind already. Change that one, or choose “free page”."


def save(editor, path, **changes):
    response = editor.post(path, form_data(editor.get(path)) | changes)
    assert response.status_code == 302
    return response


def bring_back_the_oldest(editor, path):
    page = soup(editor.get(f"{path}history/"))
    forms = [form for form in page.select(".versions form") if form.get("method") == "post"]
    assert forms, words(page)
    return editor.post(forms[-1]["action"], follow=True)


def test_yesterdays_words_of_the_site_come_back_with_their_links(editor, client):
    row = SiteTexts.objects.get()
    path = f"/admin/pages/sitetexts/{row.pk}/change/"
    save(editor, path, home_title_fr="Un autre été", **{"links-0-DELETE": "on"})
    assert "Un autre été" in words(soup(client.get("/fr/")).h1)

    response = bring_back_the_oldest(editor, f"/admin/pages/sitetexts/{row.pk}/")
    assert response.status_code == 200
    page = soup(client.get("/fr/"))
    assert words(page.h1) == "Se rencontrer pour la petite enfance"
    assert [link["href"] for link in page.select("footer a") if "facebook" in link["href"]] != []


def test_a_version_of_a_page_comes_back_and_publishes_nothing(editor):
    page = make_page(title_fr="Premier été", status="draft")
    path = f"/admin/pages/page/{page.pk}/change/"
    save(editor, path, title_fr="Deuxième été", status="published")

    bring_back_the_oldest(editor, f"/admin/pages/page/{page.pk}/")
    page = Page.objects.get(pk=page.pk)
    assert (page.title_fr, page.status) == ("Premier été", "published")


@pytest.mark.parametrize(
    ("then", "language", "sentence"),
    [
        (
            {"title_en": "", "body_en": "", "slug_en": None},
            "en",
            "This version is not complete in English, and the page is published. Take the page back to draft first, "
            "then bring this version back.",
        ),
        (
            {"title_en": "", "body_en": "", "slug_en": None},
            "fr",
            "Cette version est incomplète (langue : anglais), et la page est publiée. Repassez-la d’abord en "
            "brouillon, puis rétablissez cette version.",
        ),
        (
            {"body_fr": "<p>Appelez [téléphone].</p>"},
            "en",
            "In this version, “[téléphone]” is still to be filled in, and the page is published. Take the page back "
            "to draft first, then bring this version back.",
        ),
    ],
)
def test_old_words_take_no_public_language_away_and_publish_no_gap(editor, then, language, sentence):
    Page.objects.filter(kind="legal").delete()
    page = make_page(kind="legal", status="draft", **then)
    path = f"/admin/pages/page/{page.pk}/"
    now = {"title_en": "Été", "body_en": "<p>Été</p>", "slug_en": "ete", "body_fr": "<p>Tout est dit.</p>"}
    save(editor, f"{path}change/", status="published", **now)

    oldest = versions_of(Page, page.pk).last()
    response = editor.post(f"{path}history/{oldest.pk}/", follow=True, headers={"accept-language": language})
    assert [words(each) for each in soup(response).select(".messagelist li")][-1:] == [sentence]
    assert Page.objects.get(pk=page.pk).complete_languages() == ["fr", "en"]
    assert Page.objects.get(pk=page.pk).gaps() == []


def test_a_notice_does_not_come_back_beside_a_newer_one_of_its_kind(editor):
    page = Page.objects.get(kind="privacy")
    editor.post(f"/admin/pages/page/{page.pk}/delete/", {"post": "yes"})
    make_page(kind="privacy", title_fr="La nôtre")
    deleted = versions_of(Page, page.pk).first()

    response = editor.post(f"/admin/pages/page/deleted/{deleted.pk}/", follow=True)
    assert response.redirect_chain == [("/admin/pages/page/deleted/", 302)]
    assert words(soup(response).select(".messagelist li")[-1]) == TAKEN
    assert [each.title_fr for each in Page.objects.filter(kind="privacy")] == ["La nôtre"]


def test_an_old_version_does_not_come_back_when_another_page_has_its_kind(editor):
    page = Page.objects.get(kind="privacy")
    path = f"/admin/pages/page/{page.pk}/"
    save(editor, f"{path}change/", kind="free")
    make_page(kind="privacy")

    response = bring_back_the_oldest(editor, path)
    assert response.redirect_chain == [(f"{path}history/", 302)]
    assert words(soup(response).select(".messagelist li")[-1]) == TAKEN
    assert Page.objects.get(pk=page.pk).kind == "free"


def test_a_deleted_page_comes_back_from_the_list_of_deleted_ones(editor):
    page = make_page(title_en="A page of old")
    editor.post(f"/admin/pages/page/{page.pk}/delete/", {"post": "yes"})
    assert not Page.objects.filter(pk=page.pk).exists()

    assert "A page of old" in words(soup(editor.get("/admin/pages/page/deleted/")))
