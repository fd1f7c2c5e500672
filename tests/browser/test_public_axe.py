"""Axe finds nothing at all on the pages of visitors, in light and in dark, with fresh forms and with faults in them.

`make audit` looks at every page and state; these few stand for them wherever the tests run.
"""

import pytest

from comments.models import Comment
from events.models import Event
from omep_site.lib.links import path_in
from tests.browser.conftest import PHONE
from tests.browser.test_admin_axe import AXE
from tests.browser.test_visit import EXAMPLE, LAUNCH
from tests.newsletter.factories import make_sent_issue
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db(transaction=True)

# All rules but those of level AAA and those that axe has given up.
FIND = """async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await axe.run(document, {runOnly, resultTypes: ["violations"]});
    return found.violations.flatMap(each => each.nodes.map(node =>
        `${each.id}: ${node.target.join(" ")}: ${node.html.slice(0, 160)}`));
}"""
PAGES = {
    "fr": [
        "/fr/",
        "/fr/evenements/",
        LAUNCH["fr"],
        EXAMPLE["fr"],
        "/fr/qui/",
        "/fr/lettre/",
        "/fr/lettre/archives/",
        "/fr/x/",
    ],
    "en": [
        "/en/",
        "/en/events/",
        LAUNCH["en"],
        EXAMPLE["en"],
        "/en/who/",
        "/en/newsletter/",
        "/en/newsletter/issues/",
        "/en/x/",
    ],
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_on_pages_and_forms_in_light_and_dark(new_context, site, language):
    make_page(slug_fr="qui", slug_en="who")
    launch = Event.objects.get(slug_fr__startswith="lancement")
    answer(launch)
    letter = make_sent_issue(launch)
    page = new_context(viewport=PHONE, reduced_motion="reduce").new_page()
    found = {}

    def look(name):
        page.evaluate(AXE)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if faults := page.evaluate(FIND):
                found[name, scheme] = faults

    for path in [*PAGES[language], path_in(language, "newsletter:issue", number=letter.pk)]:
        assert page.goto(site + path).status == (404 if path.endswith("/x/") else 200)
        look(path)
    for form in ("#comment-form", "#newsletter-form"):
        page.goto(site + LAUNCH[language])
        with page.expect_navigation():
            page.locator(form).evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
        assert page.locator(".error-summary").count() == 1
        look(form)
    assert found == {}


def answer(event):
    """A comment and an answer to it, in two languages, by people whose names run in two directions."""
    fields = {"event": event, "email": "a@example.org", "status": Comment.Status.APPROVED}
    first = Comment.objects.create(name="ليلى حداد", body="Merci !", language="fr", **fields)
    Comment.objects.create(name="Noa Lévi", body="Thank you.", language="en", parent=first, **fields)
