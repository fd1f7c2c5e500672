from django import template

from omep_site.lib import faults as lib
from omep_site.lib.history import telling

register = template.Library()


@register.simple_tag
def faults(adminform, inline_admin_formsets) -> list[lib.Fault]:
    """Has to stand above the fields: files that are to be chosen again are said there too."""
    return lib.faults(adminform.form, inline_admin_formsets or [])


@register.filter(expects_localtime=True)
def date_and_hour(moment) -> str:
    """“6 December 2021, 13:30”, « 1er décembre 2021, 9 h »; Django's formats have neither « 1er » nor « 9 h »."""
    return telling.date_and_hour(moment)
