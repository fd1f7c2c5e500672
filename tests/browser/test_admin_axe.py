"""Axe finds nothing serious on our pages of the admin, but for what Django's theme and its add-ons bring along."""

import re
from pathlib import Path

import axe_playwright_python
import dns.resolver
import pytest
from playwright.sync_api import expect

from events.models import Event, PreviewLink
from tests.browser.conftest import follow
from tests.browser.test_admin_policy import house, pages, sign_in  # noqa: F401 - a fixture
from tests.newsletter.test_domain_in_admin import FakeDns

pytestmark = pytest.mark.django_db(transaction=True)

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
FIND = """async () => {
    // A button that is fading into its colour has another one for a moment.
    await Promise.allSettled(document.getAnimations().map(each => each.finished));
    const found = await axe.run(document, {resultTypes: ["violations"]});
    return found.violations.filter(each => ["serious", "critical"].includes(each.impact)).flatMap(
        each => each.nodes.map(node => [each.id, node.target.join(" "), node.html.slice(0, 160)]));
}"""

# What is not ours: the rule, and what the element looks like. docs/architecture.md says so too.
BROUGHT = [
    ("label-title-only", 'id="searchbar"'),  # Django's search box, where a help text stands beside it
    ("link-in-text-block", '<a href="/admin/[a-z_/]*/[0-9]+/change/">'),  # the list of what a deletion takes along
]


# What the rich-text editor is to take the place of, and has not yet: its words are imported after the page has loaded.
PLAIN = ":not(.prose-editor) > textarea[data-django-prose-editor-configurable]:not([id*=__prefix__])"


def serious(page) -> list[str]:
    expect(page.locator(PLAIN)).to_have_count(0)
    page.evaluate(AXE)
    return [
        f"{rule}: {target}: {html}"
        for rule, target, html in page.evaluate(FIND)
        if not any(rule == known and re.search(look, html) for known, look in BROUGHT)
    ]


def test_axe_finds_nothing_serious_on_any_page_of_the_admin(new_context, site, house, settings, monkeypatch):  # noqa: F811
    settings.DEFAULT_FROM_EMAIL, settings.BOUNCE_ADDRESS = "OMEP <lettre@example.org>", "lettre@example.org"
    event = Event.objects.first()
    PreviewLink.objects.create(event=event)
    page = new_context(locale="fr").new_page()
    found = {}

    def look(path):
        page.goto(site + path)
        found[path] = serious(page)

    look("/admin/login/")
    look("/admin/password_reset/")
    sign_in(page, site, house)
    more = [f"/admin/events/event/{event.pk}/{name}/" for name in ("preview-links", "duplicate")]
    for path in [*pages(), *more]:
        look(path)
    # What DNS says of the domain, without any DNS.
    mend = {("example.org", "MX"): ["10 mx.example.org."], ("example.org", "TXT"): ['"v=spf1 ?all"']}
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: FakeDns(mend))
    page.goto(f"{site}/admin/newsletter/domain/")
    follow(page, ".mail-domain [type=submit]")
    assert page.locator(".finding").count() == 4
    found["domain"] = serious(page)
    # A form with faults in it.
    page.goto(f"{site}/admin/events/event/add/")
    follow(page, "input[name=_save]")
    found["faults"] = serious(page)
    assert {path: faults for path, faults in found.items() if faults} == {}
