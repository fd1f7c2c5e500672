"""A letter as a mail programme that is a browser shows it: on a phone and wide, in light and dark."""

import pytest

from events.models import Event
from newsletter.composing import compose
from tests.browser.test_public_axe import AXE, FIND
from tests.factories import make_event
from tests.newsletter.factories import make_issue

pytestmark = pytest.mark.django_db(transaction=True)

BODY = (
    "<p>Bonjour <a href='https://example.org/'>ici</a> et " + "https://example.org/" + "long/" * 30 + "</p>"
    "<h2>Titre</h2><ul><li><p>un</p></li></ul><h3>Sous-titre</h3><ol><li><p>deux</p></li></ol>"
)
# The page around a letter, with its landmarks, is the mail programme's.
OF_PAGES = ("landmark-one-main", "region")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_letter_fits_a_phone_and_can_be_read_in_light_and_dark(new_context, site, language):
    launch, off = Event.objects.get(slug_fr__startswith="lancement"), make_event(event_status="cancelled")
    letter = compose(
        make_issue(launch, off, body_fr=BODY, subject_en="", body_en="", incomplete=True), language
    ).sample()
    page = new_context(reduced_motion="reduce").new_page()
    asked, found = [], {}
    page.on("request", lambda request: asked.append(request.url))
    for width in (320, 360, 800):
        page.set_viewport_size({"width": width, "height": 900})
        page.set_content(letter.html)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(AXE)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if faults := [each for each in page.evaluate(FIND) if not each.startswith(OF_PAGES)]:
                found[width, scheme] = faults
    assert page.locator("table.sheet").bounding_box()["width"] == 600
    assert page.locator(".preheader").count() == 0
    assert found == {}
    assert asked == []
