from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from omep_site.lib import former_addresses
from omep_site.lib.public import public_page
from pages.reading import find


@public_page()
@require_safe
def page(request, slug):
    reading = find(slug, get_language())
    if reading.path != request.path:
        return former_addresses.lead_on(reading.page, slug, reading.path)
    context = {"reading": reading, "translations": reading.translations, "canonical": reading.canonical}
    return render(request, "pages/page.html", context)
