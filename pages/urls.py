"""The addresses of pages stand directly under the language. Last in the site's urls: every other address goes first."""

from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from pages import site, views


class PublicSlug(SlugConverter):
    """Matches the address of a public page and nothing else: any other word under a language stays no address at all,
    so that the site neither leads anybody to it nor asks the database about it."""

    def to_python(self, value):
        if value not in site.known().addresses:
            raise ValueError(value)
        return value


register_converter(PublicSlug, "public_slug")

app_name = "pages"
urlpatterns = [path("<public_slug:slug>/", views.page, name="page")]
