"""docs/privacy.md names every field that can hold something about a person."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from comments.models import Rules
from pages import notices

PAGE = (Path(settings.BASE_DIR) / "docs" / "privacy.md").read_text()
# Of these all fields are named, whatever their kind: dates and numbers too say something about a person.
WHOLE = {"accounts", "comments", "newsletter", "omep_site", "sessions", "axes", "otp_totp", "otp_static"}
WHOLE_MODELS = {
    "auth.User",
    "admin.LogEntry",
    "reversion.Revision",
    "reversion.Version",
    "post_office.Email",
    "post_office.Log",
}
# Of these, those in which editors could write about somebody.
WORDS = {"events", "pages"}
TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)
TRANSLATED = tuple(f"_{code}" for code, _name in settings.LANGUAGES)


def sections() -> dict[str, str]:
    parts = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
    return {part.split("\n", 1)[0]: part.split("\n## ")[0] for part in parts}


def needed() -> dict[str, set[str]]:
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label, app = model._meta.label, model._meta.app_label
        if model._meta.proxy or not (app in WHOLE | WORDS or label in WHOLE_MODELS):
            continue
        fields = [field for field in model._meta.concrete_fields if not field.name.endswith(TRANSLATED)]
        if app in WORDS:
            fields = [field for field in fields if isinstance(field, TEXTS) or field.related_model is User]
        names = {field.name for field in fields} - {"id"}
        if names:
            found[label] = names
    return found


def test_every_model_and_every_field_is_named():
    said = {label: set(re.findall(r"`(\w+)`", text)) for label, text in sections().items()}
    missing = {label: sorted(names - said.get(label, set())) for label, names in needed().items()}
    assert {label: names for label, names in missing.items() if names} == {}


def test_nothing_is_named_that_does_not_exist():
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert set(sections()) - labels == set()
    for label, text in sections().items():
        fields = {field.name for field in apps.get_model(label)._meta.concrete_fields}
        listed = re.findall(r"`(\w+)`", "\n".join(re.findall(r"^(?:- |  )(.*)$", text, flags=re.MULTILINE)))
        assert (label, set(listed) - fields) == (label, set())


def test_no_field_of_ours_holds_an_ip_address_or_a_browsers_name():
    ours = WHOLE - {"axes"} | WORDS
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ours
        for field in model._meta.concrete_fields
        if isinstance(field, models.GenericIPAddressField) or re.search(r"agent|\bip\b|ip_|_ip", field.name)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("language", "headings", "days"),
    [
        ("fr", ["Quand vous suivez une conversation", "Quand vous signalez un commentaire"], "{}&nbsp;jours après la"),
        ("en", ["When you follow a conversation", "When you report a comment"], "{}&nbsp;days after the last decision"),
    ],
)
def test_the_notice_for_visitors_speaks_of_following_and_reports_and_its_time_limit_is_that_of_the_rules(
    language, headings, days
):
    body = notices.PRIVACY[f"body_{language}"]
    assert [heading for heading in headings if f"<h2>{heading}</h2>" not in body] == []
    rules = Rules()
    assert rules.spam_days == rules.trash_days
    assert days.format(rules.spam_days) in body
