"""Every page of the admin passes the site's security policy: no browser has to refuse anything, or to complain."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from post_office.models import STATUS, Email

from accounts.models import Account
from events.models import Event
from newsletter import points
from newsletter.models import Bounce, Issue, Subscriber
from tests.accounts.factories import PASSWORD, make_account
from tests.browser.conftest import PHONE, follow
from tests.comments.factories import make_comment
from tests.newsletter.factories import make_sent_issue

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = """
    window.refused = [];
    document.addEventListener("securitypolicyviolation", event =>
        window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
# What Chromium says of forms, and not of the policy: that a form of Django's has two fields that want the focus, or
# that a form to change one's password lacks the name.
HARMLESS = ("Autofocus processing was blocked", "[DOM]")


@pytest.fixture
def house(site):
    """The demo with something in every list, and an account that may see all of it."""
    boss = make_account("administrator", username="patronne", is_superuser=True, is_staff=True)
    make_comment(event=Event.objects.first())
    reader = Subscriber.objects.create(email="lectrice@example.org", language="fr")
    for number, kind in enumerate(Bounce.Kind):
        points.record(reader, kind, "5.1.1", f"report {number}")
    Email.objects.create(from_email="a@example.org", to="b@example.org", status=STATUS.failed)
    Event.objects.update(status=Event.Status.PUBLISHED, publish_at=timezone.now() + timedelta(days=1))
    return boss


def sign_in(page, site, user):
    page.goto(f"{site}/admin/login/")
    page.fill("#id_username", user.get_username())
    page.fill("#id_password", PASSWORD)
    follow(page, "#login-form [type=submit]")


def pages() -> list[str]:
    """The first page, those of one's own account, and of each model the list, the form to add and that of one row."""
    names = [
        "admin:index",
        "admin:password_change",
        "admin_second_factor",
        "admin_roles",
        "admin_domain",
        "admin_condition",
        "admin_confirm",
    ]
    found = [reverse(name) for name in names]
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        row = model_admin.model._default_manager.order_by("-pk").first()
        if row:
            found += [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
        if row and model is Issue:
            found += [reverse(f"{name}_{page}", args=[row.pk]) for page in ("preview", "go_out")]
            found.append(reverse(f"{name}_change", args=[make_sent_issue().pk]))
        if row and model is Account:
            found.append(reverse("admin:auth_user_password_change", args=[row.pk]))
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_of_the_admin_is_refused_anything(new_context, site, house, language):
    page = new_context(locale=language).new_page()
    page.add_init_script(LISTEN)
    said, faults = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request", lambda request: said.extend([request.url] if not request.url.startswith((site, "data:")) else [])
    )

    def visit(path):
        said.clear()
        answer = page.goto(site + path, wait_until="load")
        complaints = [words for words in said if not words.startswith(HARMLESS) and "status of 403" not in words]
        complaints += page.evaluate("window.refused")
        if answer.status not in (200, 403) or complaints:
            faults.append((path, answer.status, complaints))
        return answer.status

    for path in (
        "login/",
        "password_reset/",
        "password_reset/done/",
        "password_reset/a/b/",
        "password_reset/complete/",
    ):
        assert visit(f"/admin/{path}") == 200
    sign_in(page, site, house)
    opened = [path for path in pages() if visit(path) == 200]

    assert faults == []
    assert page.locator("html").get_attribute("lang") == language
    assert len(opened) >= 20


@pytest.mark.parametrize("language", ["fr", "en"])
def test_signing_in_in_two_steps_passes_the_policy_and_fits_a_telephone(new_context, site, language):
    user = make_account("editor", username="éva", language=language)
    page = new_context(viewport=PHONE).new_page()
    page.add_init_script(LISTEN)
    seen = []

    def look():
        width = page.evaluate("document.documentElement.scrollWidth")
        seen.append((page.evaluate("window.refused"), width <= PHONE["width"]))

    sign_in(page, site, user)
    page.goto(f"{site}/admin/second_factor/")
    look()
    follow(page, "[name=begin]")
    look()
    picture = page.locator("img.house-qr").evaluate("image => image.naturalWidth")
    assert picture > 100  # the policy let it load
    page.fill("#id_code", "000000")
    follow(page, "[name=confirm]")
    look()
    page.fill("#id_code", telephone(user))
    follow(page, "[name=confirm]")
    look()
    codes = page.locator(".house-codes code").all_inner_texts()
    assert len(codes) == 10
    follow(page, "#logout-form button")
    sign_in(page, site, user)
    look()
    page.fill("#id_code", codes[0])
    follow(page, ".house-form [type=submit]")
    look()

    assert page.url == f"{site}/admin/"
    assert seen == [([], True)] * 6


def telephone(user) -> str:
    return f"{totp(User.objects.get(pk=user.pk).totpdevice_set.get().bin_key):06d}"
