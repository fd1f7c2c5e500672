from django import template

from newsletter import standing

register = template.Library()


@register.simple_tag
def returned_letters(formset) -> standing.Returned:
    """What a subscriber's page says of letters that came back: the points, and each letter."""
    return standing.of(formset.instance, list(formset.get_queryset()))
