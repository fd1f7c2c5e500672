"""What rich text may be stored: an allow-list, in two levels of headings, and nothing that shows nothing."""

import pytest

from omep_site.lib.rich_text import RichTextField
from tests.factories import make_event


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("<h1>Été</h1>", "<h2>Été</h2>"),
        ('<H1 class="western">Été</H1>', "<h2>Été</h2>"),
        ("<h2>Été</h2><h3>Juin</h3>", "<h2>Été</h2><h3>Juin</h3>"),
        ("<h4>a</h4><h5>b</h5><h6>c</h6>", "<h3>a</h3><h3>b</h3><h3>c</h3>"),
        ("<p>&lt;h1&gt; est une balise, h1 un mot</p>", "<p>&lt;h1&gt; est une balise, h1 un mot</p>"),
        ("<hr><p>ligne</p>", "<p>ligne</p>"),
        ("<h1 onclick=x><script>alert(1)</script>Été</h1>", "<h2>Été</h2>"),
        ('<p style="color:red" class="MsoNormal">Œuvre</p>', "<p>Œuvre</p>"),
        ('<a href="javascript:alert(1)">clic</a>', "<a>clic</a>"),
        ("<h1>&nbsp;</h1>", ""),
    ],
)
def test_what_is_stored(given, stored):
    assert RichTextField().sanitize(given) == stored


@pytest.mark.django_db
def test_headings_that_a_command_stores_are_turned_too():
    event = make_event(body_fr="<h1>Été</h1><p>à Dakar</p>")
    event.refresh_from_db()
    assert event.body_fr == "<h2>Été</h2><p>à Dakar</p>"
