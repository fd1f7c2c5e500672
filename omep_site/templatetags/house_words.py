from django import template

from omep_site.lib import faults as lib

register = template.Library()


@register.simple_tag
def faults(adminform, inline_admin_formsets) -> list[lib.Fault]:
    """Has to stand above the fields: files that are to be chosen again are said there too."""
    return lib.faults(adminform.form, inline_admin_formsets or [])
