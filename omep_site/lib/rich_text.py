"""Rich text: what its editor offers, and what may be stored."""

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
}


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
        self.sanitize = lambda html: empty_if_invisible(clean(html))

    def pre_save(self, instance: models.Model, add: bool):
        # The instance keeps what it was given: on the base field, setting it would write one language into another.
        value = super().pre_save(instance, add)
        return self.sanitize(value) if value else value
