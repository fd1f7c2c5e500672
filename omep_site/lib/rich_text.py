"""Rich text: what its editor offers, and what may be stored."""

import re
from html import unescape

from django.db import models
from django.utils.html import strip_tags
from django_prose_editor.fields import ProseEditorField

from omep_site.lib.text import has_visible

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Heading": {"levels": [2, 3]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "HardBreak": True,
    "NoSpellCheck": False,  # on by itself otherwise: the browser's spell checker would stay away
    "House": True,  # static/rich-text.js, named in settings
}
# A page has its own h1, and its texts two levels of headings: what comes with others keeps being a heading.
HEADING = re.compile(r"(</?)h([1456])\b", re.IGNORECASE)


def in_two_levels(html: str) -> str:
    """h1 → h2, h4 to h6 → h3."""
    return HEADING.sub(lambda found: found[1] + ("h2" if found[2] == "1" else "h3"), html)


def empty_if_invisible(html: str) -> str:
    """ "" for what shows nothing, such as <p> </p> and <p>&nbsp;</p>: it must not count as written."""
    return html if has_visible(unescape(strip_tags(html))) else ""


class RichTextField(ProseEditorField):
    """HTML of the elements above and no other.

    The library cleans what comes through a form; this field also cleans what a command or a shell stores.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("extensions", dict(EXTENSIONS))
        kwargs.setdefault("sanitize", True)
        super().__init__(*args, **kwargs)
        clean = self.sanitize
        self.sanitize = lambda html: empty_if_invisible(clean(in_two_levels(html)))

    def pre_save(self, instance: models.Model, add: bool):
        # The instance keeps what it was given: on the base field, setting it would write one language into another.
        value = super().pre_save(instance, add)
        return self.sanitize(value) if value else value
