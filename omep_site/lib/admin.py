"""What our admin pages share: languages side by side, and an editor of rich text that the security policy lets run."""

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.admin import SimpleListFilter
from django.db import models
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from js_asset import Media
from modeltranslation.utils import get_translation_fields

# The one style sheet that the rich-text editor writes into its page, by its content's hash.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

HTTPS = {models.URLField: {"assume_scheme": "https"}}  # formfield_overrides: of an address that is typed without it


def side_by_side(*fields: str) -> list[tuple[str, ...]]:
    """Rows of a fieldset that hold one field in every language of the site; give the fieldset the class `languages`."""
    return [tuple(get_translation_fields(field)) for field in fields]


class LanguageFilter(SimpleListFilter):
    """Narrows a list by the `language` of its rows, named as the site names it."""

    title = _("language")
    parameter_name = "language__exact"

    def lookups(self, request, model_admin):
        return settings.LANGUAGES

    def queryset(self, request, queryset):
        return queryset.filter(language=self.value()) if self.value() else queryset


class RichTextAdmin:
    """For a ModelAdmin whose form has rich text. Stands before ModelAdmin among the bases."""

    @method_decorator(csp_update({"style-src": [EDITOR_STYLE]}))
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        response = super().changeform_view(request, object_id, form_url, extra_context)
        # Here and not later: the nonce is sent only if the page was rendered with it.
        return response.render() if hasattr(response, "render") and not response.is_rendered else response

    def render_change_form(self, request, context, *args, **kwargs):
        # The editor's import map is an inline script: the security policy lets it run by its nonce alone.
        context["media"] = Media.from_media(context["media"]).with_nonce(str(request.csp_nonce))
        return super().render_change_form(request, context, *args, **kwargs)
