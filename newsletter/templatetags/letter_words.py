from django import template

from newsletter import plain

register = template.Library()


@register.filter
def as_plain_text(html: str) -> str:
    return plain.as_text(str(html))
