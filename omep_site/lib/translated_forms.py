"""Forms of translated rows: under each field stands whether it is filled, missing or to be checked."""

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from modeltranslation.translator import translator
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.forms import keep_on_one_line
from omep_site.lib.links import languages
from omep_site.lib.text import has_visible
from omep_site.lib.translating import State, note, state, words_of

SIGNS = {State.FILLED: "✓", State.MISSING: "○", State.OUT_OF_DATE: "↻"}


def state_line(found: State, label: str = "") -> str:
    """“✓ filled”, as HTML."""
    return format_html('<span class="word-state {}">{} {}</span>', found.value, SIGNS[found], label or found.label)


class WordsBoundField(forms.BoundField):
    """A field with a line under it that says its state; one that is to be checked has a tick to say that it was."""

    def as_widget(self, *args, **kwargs):
        widget = super().as_widget(*args, **kwargs)
        found = self.form.states.get(self.name)
        if found is None:
            return widget
        if found is not State.OUT_OF_DATE:
            line = state_line(found)
        else:
            line = format_html(
                '<span class="word-state {}">{} {} <label><input type="checkbox" name="{}" value="{}"> {}</label></span>',
                found.value,
                SIGNS[found],
                # Translators: under a translation; {language} is the name of the language that was translated.
                _("The {language} text has changed since.").format(language=dict(settings.LANGUAGES)[self.form.source]),
                self.form.add_prefix("still_right"),
                self.name,
                _("This translation still stands"),
            )
        return format_html("{}{}", widget, line)


class CellBoundField(WordsBoundField):
    """The same in a table, for the form of a row: on a phone, where the columns have no heading, it says its language."""

    def as_widget(self, *args, **kwargs):
        widget = super().as_widget(*args, **kwargs)
        language = self.field.widget.attrs.get("lang")
        if not language:
            return widget
        name = dict(settings.LANGUAGES).get(language, language)
        return format_html('<span class="cell-language" aria-hidden="true">{}</span>{}', name, widget)


def say_languages(form: forms.ModelForm) -> None:
    """Each box says its language, so that a screen reader pronounces it and the browser checks its spelling."""
    model = type(form.instance)
    words = words_of(model)
    for field in translator.get_options_for_model(model).fields:
        for language in languages():
            column = in_language(field, language)
            if column in form.fields:
                attrs = form.fields[column].widget.attrs
                attrs |= {"lang": language, "dir": "rtl" if get_language_info(language)["bidi"] else "ltr"}
                if field in words:
                    attrs["spellcheck"] = "true"


def clean_words(data: dict, model, lines: tuple[str, ...] = (), rich: tuple[str, ...] = ()) -> None:
    """What was typed into the fields of `model`, in every language: a line that shows nothing is not written, and rich text
    is left with what it may hold."""
    for language in languages():
        for column in (in_language(field, language) for field in lines):
            if data.get(column) and not has_visible(data[column]):
                data[column] = ""
        for field in rich:
            column = in_language(field, language)
            if column in data:
                data[column] = model._meta.get_field(field).sanitize(data[column] or "")


class StatesMixin:
    """For a ModelForm of a row with `made_from`. Stands before ModelForm among the bases.

    `words_needed` are fields that a language cannot do without.
    """

    bound_field_class = WordsBoundField
    words_needed: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_languages(self)
        keep_on_one_line(self.fields.values())
        # As they stand in the database: what is being typed has no state yet.
        self.states = {} if self.instance._state.adding else self.find_states()

    @property
    def source(self) -> str:
        """The language that the row is translated from."""
        return self.instance.source_language

    @property
    def still_right(self) -> list[str]:
        """The translations that the editor ticked as still right, as columns such as "title_en"."""
        ticked = self.data.getlist(self.add_prefix("still_right")) if hasattr(self.data, "getlist") else []
        return [name for name in ticked if name in self.fields]

    def find_states(self) -> dict[str, State]:
        found = {}
        for field in words_of(type(self.instance)):
            for language in languages():
                column = in_language(field, language)
                found[column] = state(self.instance, field, language, self.source, field in self.words_needed)
        return {column: each for column, each in found.items() if each}

    def has_changed(self):
        return super().has_changed() or bool(self.still_right)

    def save(self, commit=True):
        note(self.instance, self.source, self.still_right)
        return super().save(commit)
