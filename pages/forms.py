"""The editors' forms of the site's texts, its links and its pages."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.concurrent import OpenedMixin
from omep_site.lib.links import languages
from omep_site.lib.logos import LogoInput
from omep_site.lib.translated_forms import CellBoundField, StatesMixin, clean_words
from pages.addresses import free_address, is_another_page, is_part_of_the_site
from pages.models import Page


class LogoWidget(LogoInput):
    without = gettext_lazy("Show the name again instead of the logo")


class SiteTextsForm(OpenedMixin, StatesMixin, forms.ModelForm):
    words_needed = ("name", "contact")

    def clean(self):
        data = super().clean()
        columns = [in_language("name", language) for language in languages()]
        if not any(data.get(column) for column in columns) and not self.has_error(columns[0]):
            self.add_error(columns[0], _("Write the name in one language at least."))
        return data


class LinkForm(StatesMixin, forms.ModelForm):
    bound_field_class = CellBoundField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # in a table, a field’s name stands at the top only
            field.widget.attrs["aria-label"] = field.label

    @property
    def source(self) -> str:
        return self.instance.site.source_language

    def clean(self):
        data = super().clean()
        if not any(data.get(in_language("label", language)) for language in languages()) and not data.get("DELETE"):
            raise ValidationError(_("Write the words of the link in one language at least, or delete this row."))
        return data


class PageForm(OpenedMixin, StatesMixin, forms.ModelForm):
    words_needed = ("title", "body")

    def clean(self):
        data = super().clean()
        clean_words(data, Page, rich=("body",))
        for language in languages():
            self.make_slug(data, language)
        if data.get("status") == Page.Status.PUBLISHED:
            self.check_publishing(data)
        return data

    def make_slug(self, data, language):
        """An address from the title where the editor gave none; one that leads elsewhere is refused."""
        slug, title = in_language("slug", language), in_language("title", language)
        if slug in self.errors:
            return
        if data.get(slug):
            if is_part_of_the_site(data[slug]):
                self.add_error(slug, _("Another part of the site has this address."))
            elif is_another_page(data[slug], self.instance):
                self.add_error(slug, _("Another page has this address."))
        elif data.get(title):
            data[slug] = free_address(data[title], language, self.instance)

    def check_publishing(self, data):
        complete = False
        for language in languages():
            title, body = in_language("title", language), in_language("body", language)
            complete = complete or bool(data.get(title) and data.get(body))
            written = Page(kind=data.get("kind", ""), **{body: data.get(body) or ""})
            for gap in written.gaps():
                sentence = _("“%(gap)s” is still to be filled in. Keep the page a draft until you know it.")
                self.add_error(body, sentence % {"gap": gap})
        if not complete and not self.errors:
            self.add_error("status", _("No language is complete yet: a page needs its title and its text."))
