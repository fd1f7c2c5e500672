"""What networks and messengers show when somebody shares a page (Open Graph, and X's “cards”)."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from omep_site.lib.links import locale_of

register = template.Library()

TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
DESCRIPTION = re.compile(r'<meta name="description" content="(.*?)">', re.DOTALL)
NOT_TO_BE_FOUND = re.compile(r'<meta name="robots" content="noindex')


@register.tag
def shared(parser, token):
    """Stands around what a page's head says of it, and adds the same for networks: a title and a description that are
    written in one place cannot differ. A page without a canonical address, or that is not to be found, has none."""
    nodelist = parser.parse(["endshared"])
    parser.delete_first_token()
    return Shared(nodelist)


class Shared(template.Node):
    child_nodelists = ("nodelist",)  # blocks within it are found by templates that extend this one

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        head = self.nodelist.render(context)
        if not context.get("canonical") or NOT_TO_BE_FOUND.search(head):
            return head
        title, description = TITLE.search(head), DESCRIPTION.search(head)
        name = conditional_escape(str(context["site_name"]))
        words = {
            # Both were escaped where they were written.
            "shared_title": mark_safe(title[1].strip().removesuffix(f" – {name}")) if title else name,
            "shared_description": mark_safe(description[1].strip()) if description else "",
            # A page that is not translated is told of as what it is a copy of.
            "shared_locale": locale_of(getattr(context.get("reading"), "shown", get_language())),
        }
        with context.push(**words):
            return head + context.template.engine.get_template("_shared.html").render(context)
