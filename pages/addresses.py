"""The addresses of pages: free ones, made from titles.

An address is compared in every language: a page that is not translated stands under another language's address.
"""

from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.links import languages
from omep_site.lib.text import ascii_slug
from pages.models import Page


def is_taken(slug: str, page: Page) -> bool:
    """Whether another page or another part of the site has this address, in any language."""
    return is_another_page(slug, page) or is_part_of_the_site(slug)


def is_another_page(slug: str, page: Page) -> bool:
    found = Q()
    for language in languages():
        found |= Q(**{in_language("slug", language): slug})
    return Page.objects.exclude(pk=page.pk).filter(found).exists()


def is_part_of_the_site(slug: str) -> bool:
    for language in languages():
        with translation.override(language):
            try:
                match = resolve(f"/{language}/{slug}/")
            except Resolver404:
                continue
        if match.view_name != "pages:page":
            return True
    return False


def free_address(title: str, language: str, page: Page) -> str:
    """An address for `page` that nothing else has: from its title, with a number where that one is taken."""
    wanted = ascii_slug(title) or f"page-{language}"
    slug, number = wanted, 1
    while is_taken(slug, page):
        number += 1
        slug = f"{wanted}-{number}"
    return slug
