"""The editors' form of a subject."""

from django import forms
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events.addresses import free_address, is_taken
from events.models import Subject
from omep_site.lib.folding import fold
from omep_site.lib.forms import keep_on_one_line
from omep_site.lib.links import languages
from omep_site.lib.text import has_letter
from omep_site.lib.translated_forms import say_languages


class SubjectForm(forms.ModelForm):
    """A name in one language at least, which no other subject has; addresses come from the names."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_languages(self)
        keep_on_one_line(self.fields.values())

    def clean(self):
        data = super().clean()
        names = {language: in_language("name", language) for language in languages()}
        if not any(data.get(name) for name in names.values()) and not any(
            self.has_error(each) for each in names.values()
        ):
            self.add_error(next(iter(names.values())), _("Write the name in one language at least."))
        for language, column in names.items():
            self.check_name(data, column)
            self.make_slug(data, language)
        return data

    def check_name(self, data, column):
        name = data.get(column)
        if name and not has_letter(name):
            self.add_error(column, _("Write a name with at least one letter."))
        elif name:
            others = Subject.objects.exclude(pk=self.instance.pk).values_list(column, flat=True)
            if fold(name) in {fold(each) for each in others if each}:
                self.add_error(column, _("Another subject has this name."))

    def make_slug(self, data, language):
        slug, name = in_language("slug", language), in_language("name", language)
        if slug in self.errors or name in self.errors:
            return
        if data.get(slug):
            if is_taken(data[slug], self.instance):
                self.add_error(slug, _("Another subject has this address."))
        elif data.get(name):
            data[slug] = free_address(data[name], language, self.instance)
