"""What the migration writes: today's words, the link, the two notices."""

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
migration = importlib.import_module("pages.migrations.0002_first_words")


def test_the_site_begins_with_the_words_that_it_had():
    assert SiteTexts.objects.values(*defaults.TEXTS).get() == defaults.TEXTS
    assert list(SocialLink.objects.values_list("label_fr", "label_en", "url")) == [
        ("L’OMEP sur Facebook", "OMEP on Facebook", "https://www.facebook.com/worldomep")
    ]


def test_the_privacy_notice_is_public_and_the_legal_notice_waits_for_its_facts():
    rows = Page.objects.values_list("kind", "status", "place", "slug_fr", "slug_en")
    assert sorted(rows) == [
        ("legal", "draft", "foot", "mentions-legales", "legal-notice"),
        ("privacy", "published", "foot", "confidentialite", "privacy"),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_only_the_legal_notice_has_gaps(language):
    gaps = {
        name: len(re.findall(r"\[[^\]]+\]", notice[f"body_{language}"]))
        for name, notice in (("privacy", notices.PRIVACY), ("legal", notices.LEGAL))
    }
    assert gaps == {"privacy": 0, "legal": 8}


@pytest.mark.parametrize("notice", [notices.PRIVACY, notices.LEGAL])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_notices_are_of_what_the_editor_can_write(notice, language):
    body = notice[f"body_{language}"]
    assert Page._meta.get_field("body").sanitize(body) == body


def test_the_privacy_notice_says_how_long_mail_is_really_kept():
    days = KEPT_FOR.days
    assert f"{days}&nbsp;jours" in notices.PRIVACY["body_fr"]
    assert f"{days}&nbsp;days" in notices.PRIVACY["body_en"]


def test_the_migration_overwrites_nothing():
    SiteTexts.objects.update(name_fr="À nous")
    SocialLink.objects.all().delete()
    Page.objects.filter(kind="privacy").update(title_fr="Vie privée", slug_fr="vie-privee")
    Page.objects.filter(kind="legal").delete()
    make_page(slug_fr="mentions-legales")
    before = list(Page.objects.order_by("pk").values())

    migration.write(apps, None)

    assert SiteTexts.objects.get().name_fr == "À nous"
    assert not SocialLink.objects.exists()
    assert list(Page.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("notice", [notices.PRIVACY, notices.LEGAL])
def test_the_notices_stand_at_addresses_that_nothing_else_has(notice):
    assert [is_part_of_the_site(notice[f"slug_{language}"]) for language in ("fr", "en")] == [False, False]
