"""The editors' form of an event: what it makes for them, and what it does not let pass."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.utils import build_localized_fieldname as in_language

from events.choices import LANGUAGE_NAMES
from events.models import REQUIRED_TO_READ, Event
from events.reading import enumerate_words
from omep_site.lib.links import languages
from omep_site.lib.text import ascii_slug


class EventForm(forms.ModelForm):
    interpretation_languages = forms.MultipleChoiceField(
        label=gettext_lazy("interpretation"),
        choices=list(LANGUAGE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("The languages in which people can follow the event."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        missing = [language for language in languages() if self.instance.missing_in(language)]
        if "publish_incomplete" in self.fields and self.instance.pk and missing:
            names = enumerate_words([str(LANGUAGE_NAMES[language]) for language in missing])
            self.fields["publish_incomplete"].label = _("Publish without %(languages)s") % {"languages": names}

    def clean(self):
        data = super().clean()
        for language in languages():
            self.make_slug(data, language)
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end < start:
            self.add_error("ends_at", _("The event ends before it starts."))
        self.decide_on_publishing(data)
        return data

    def make_slug(self, data, language):
        slug, title = in_language("slug", language), in_language("title", language)
        if data.get(slug) or not data.get(title) or slug in self.errors:
            return
        wanted = ascii_slug(data[title]) or f"event-{language}"
        taken = set(
            Event.objects.exclude(pk=self.instance.pk)
            .filter(**{f"{slug}__startswith": wanted})
            .values_list(slug, flat=True)
        )
        names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2))]
        data[slug] = next(name for name in names if name not in taken)

    def decide_on_publishing(self, data):
        """Nothing goes out half translated unless the editor said so; a tick that is not needed is taken back."""
        missing = {
            language: [field for field in REQUIRED_TO_READ if not data.get(in_language(field, language))]
            for language in languages()
        }
        incomplete = {language: fields for language, fields in missing.items() if fields}
        if not incomplete:
            data["publish_incomplete"] = False
        if data.get("status") != Event.Status.PUBLISHED:
            return
        data["publish_at"] = data.get("publish_at") or timezone.now()
        if len(incomplete) == len(languages()):
            self.add_error("status", _("No language is complete yet, so the event cannot be published."))
        elif incomplete and not data.get("publish_incomplete"):
            names = enumerate_words([str(LANGUAGE_NAMES[language]) for language in incomplete])
            self.add_error(
                "publish_incomplete",
                _("Complete the fields marked below, or tick this box to publish without %(languages)s.")
                % {"languages": names},
            )
        else:
            return
        for language, fields in incomplete.items():
            for field in fields:
                self.add_error(in_language(field, language), _("Missing."))


class RowForm(forms.ModelForm):
    """One strategy or objective: at least one language of it is written."""

    def clean(self):
        data = super().clean()
        texts = [data.get(in_language("text", language)) for language in languages()]
        if not any(texts) and not data.get("DELETE"):
            raise forms.ValidationError(_("Write the text in one language at least, or delete this row."))
        return data
