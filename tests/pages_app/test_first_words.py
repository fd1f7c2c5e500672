"""What the migrations write: today's words, the link, the three notices."""

import importlib
import re

import pytest
from django.apps import apps

from omep_site.lib.mail import KEPT_FOR
from pages import defaults, notices
from pages.addresses import is_part_of_the_site
from pages.models import Page, SiteTexts, SocialLink
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db
first_words = importlib.import_module("pages.migrations.0002_first_words")
accessibility = importlib.import_module("pages.migrations.0004_accessibility")
NOTICES = {"privacy": notices.PRIVACY, "legal": notices.LEGAL, "accessibility": notices.ACCESSIBILITY}


def test_the_site_begins_with_the_words_that_it_had():
    assert SiteTexts.objects.values(*defaults.TEXTS).get() == defaults.TEXTS
    assert list(SocialLink.objects.values_list("label_fr", "label_en", "url")) == [
        ("L’OMEP sur Facebook", "OMEP on Facebook", "https://www.facebook.com/worldomep")
    ]


def test_two_notices_are_public_and_the_legal_notice_waits_for_its_facts():
    rows = Page.objects.values_list("kind", "status", "place", "slug_fr", "slug_en")
    assert sorted(rows) == [
        ("access", "published", "foot", "accessibilite", "accessibility"),
        ("legal", "draft", "foot", "mentions-legales", "legal-notice"),
        ("privacy", "published", "foot", "confidentialite", "privacy"),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_only_the_legal_notice_has_gaps(language):
    gaps = {name: len(re.findall(r"\[[^\]]+\]", notice[f"body_{language}"])) for name, notice in NOTICES.items()}
    assert gaps == {"privacy": 0, "legal": 8, "accessibility": 0}


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_notices_are_of_what_the_editor_can_write(notice, language):
    body = notice[f"body_{language}"]
    assert Page._meta.get_field("body").sanitize(body) == body


def test_the_privacy_notice_says_how_long_mail_is_really_kept():
    days = KEPT_FOR.days
    assert f"{days}&nbsp;jours" in notices.PRIVACY["body_fr"]
    assert f"{days}&nbsp;days" in notices.PRIVACY["body_en"]


def test_the_migrations_overwrite_nothing():
    SiteTexts.objects.update(name_fr="À nous")
    SocialLink.objects.all().delete()
    Page.objects.filter(kind="privacy").update(title_fr="Vie privée", slug_fr="vie-privee")
    Page.objects.filter(kind="legal").delete()
    make_page(slug_fr="mentions-legales")
    before = list(Page.objects.order_by("pk").values())

    first_words.write(apps, None)
    accessibility.write(apps, None)

    assert SiteTexts.objects.get().name_fr == "À nous"
    assert not SocialLink.objects.exists()
    assert list(Page.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("taken", [{"slug_fr": "accessibilite"}, {"slug_en": "accessibility"}, {"kind": "access"}])
def test_an_editors_own_page_on_accessibility_stays_the_only_one(taken):
    Page.objects.filter(kind="access").delete()
    page = make_page(title_fr="La nôtre", **taken)
    accessibility.write(apps, None)
    assert list(Page.objects.exclude(kind__in=["privacy", "legal"])) == [page]


def test_an_older_site_gets_its_accessibility_page():
    Page.objects.filter(kind="access").delete()
    accessibility.write(apps, None)
    page = Page.objects.get(kind="access")
    assert (page.title_fr, page.title_en, page.position, page.gaps()) == ("Accessibilité", "Accessibility", 3, [])
    noted = page.made_from
    page.save()
    assert page.made_from == noted  # as saving notes it


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_the_notices_stand_at_addresses_that_nothing_else_has(notice):
    assert [is_part_of_the_site(notice[f"slug_{language}"]) for language in ("fr", "en")] == [False, False]
