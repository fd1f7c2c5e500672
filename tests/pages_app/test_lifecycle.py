"""The verbs of a page, and what is public."""

import pytest
from django.db import IntegrityError, transaction

from omep_site.lib.translating import State, states
from omep_site.models import ContentVersion
from pages.models import Page, SiteTexts
from tests.pages_app.factories import FRENCH_ONLY, make_page

pytestmark = pytest.mark.django_db

DRAFT, PUBLISHED = Page.Status.DRAFT, Page.Status.PUBLISHED


@pytest.mark.parametrize(
    ("status", "verb", "moved", "after"),
    [
        (DRAFT, "publish", True, PUBLISHED),
        (PUBLISHED, "publish", False, PUBLISHED),
        (PUBLISHED, "withdraw", True, DRAFT),
        (DRAFT, "withdraw", False, DRAFT),
    ],
)
def test_each_verb_moves_from_one_state_and_tells_whether_it_did(status, verb, moved, after):
    page = make_page(status=status)
    version = ContentVersion.current()
    assert getattr(page, verb)() is moved
    assert (page.status, Page.objects.get(pk=page.pk).status) == (after, after)
    assert ContentVersion.current() - version == int(moved)


def test_a_page_that_is_complete_in_no_language_is_not_published():
    page = make_page(status=DRAFT, body_fr="", title_en="")
    assert (page.publish(), Page.objects.get(pk=page.pk).status) == (False, DRAFT)


def test_public_is_what_is_published_and_complete_in_one_language():
    Page.objects.all().delete()
    both, french = make_page(), make_page(**FRENCH_ONLY)
    draft, empty = make_page(status=DRAFT), make_page(body_fr="", slug_en=None)
    assert list(Page.objects.published().order_by("pk")) == [both, french]
    assert list(Page.objects.published().complete_in("en")) == [both]
    assert [each.is_published() for each in (both, french, draft, empty)] == [True, True, False, False]


@pytest.mark.parametrize(("kind", "possible"), [("privacy", False), ("legal", False), ("free", True)])
def test_there_is_one_notice_of_each_kind(kind, possible):
    try:
        with transaction.atomic():
            make_page(kind=kind)
    except IntegrityError:
        assert not possible
    else:
        assert possible


def test_there_is_one_row_of_site_texts_however_it_is_saved():
    SiteTexts(name_fr="Été", name_en="Summer").save()
    assert list(SiteTexts.objects.values_list("pk", "name_fr", "name_en")) == [(1, "Été", "Summer")]


def test_a_translation_is_to_be_checked_once_its_source_has_changed():
    page = Page.objects.get(kind="privacy")
    noted = page.made_from
    page.save()
    assert page.made_from == noted  # the migration noted it as saving does
    page.body_fr += "<p>De plus.</p>"
    page.save()
    found = {language: states(page, language, "fr") for language in ("fr", "en")}
    assert found == {
        "fr": {"title": State.FILLED, "body": State.FILLED},
        "en": {"title": State.FILLED, "body": State.OUT_OF_DATE},
    }
