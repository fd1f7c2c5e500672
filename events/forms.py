"""The editors' form of an event: what it makes for them, and what it does not let pass."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.utils import build_localized_fieldname as in_language

from events.choices import LANGUAGE_NAMES
from events.models import REQUIRED_TO_READ, Event
from events.reading import name_languages
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
            names = {"languages": name_languages(missing)}
            self.fields["publish_incomplete"].label = _("Publish without %(languages)s") % names

    def clean(self):
        data = super().clean()
        for language in languages():
            body = in_language("body", language)
            data[body] = Event._meta.get_field("body").sanitize(data.get(body) or "")
            self.make_slug(data, language)
        start, end = data.get("starts_at"), data.get("ends_at")
        if data.get("all_day") and start and end:  # whole days, whatever the hours that the form asked for
            start = data["starts_at"] = timezone.localtime(start).replace(hour=0, minute=0)
            end = data["ends_at"] = timezone.localtime(end).replace(hour=23, minute=59)
        if start and end and end < start:
            self.add_error("ends_at", _("The event ends before it starts."))
        self.decide_on_publishing(data)
        return data

    def make_slug(self, data, language):
        """An address from the title where the editor gave none; one that leads to another event is refused.

        It is compared in every language: a page that is not translated stands under another language's address.
        """
        slug, title = in_language("slug", language), in_language("title", language)
        if slug in self.errors:
            return
        if data.get(slug):
            if self.taken(data[slug], exactly=True):
                self.add_error(slug, _("Another event has this address."))
        elif data.get(title):
            wanted = ascii_slug(data[title]) or f"event-{language}"
            taken = self.taken(wanted)
            names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2))]
            data[slug] = next(name for name in names if name not in taken)

    def taken(self, slug: str, exactly: bool = False) -> set[str]:
        """The addresses of other events, in any language, that are `slug` or begin with it."""
        columns = [in_language("slug", language) for language in languages()]
        lookup = "" if exactly else "__startswith"
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}{lookup}": slug})
        rows = Event.objects.exclude(pk=self.instance.pk).filter(found).values_list(*columns)
        return {each for row in rows for each in row if each}

    def decide_on_publishing(self, data):
        """Nothing goes out half translated unless the editor said so; a tick that is not needed is taken back."""
        missing = {language: [] for language in languages()}
        for language, fields in missing.items():
            for name in REQUIRED_TO_READ:
                field = in_language(name, language)
                if not data.get(field) and field not in self.errors:  # what is wrong is not missing
                    fields.append(name)
        incomplete = {language: fields for language, fields in missing.items() if fields}
        if not incomplete:
            data["publish_incomplete"] = False
        if data.get("status") != Event.Status.PUBLISHED:
            return
        data["publish_at"] = data.get("publish_at") or timezone.now()
        if len(incomplete) == len(languages()):
            self.add_error("status", _("No language is complete yet, so the event cannot be published."))
        elif incomplete and not data.get("publish_incomplete"):
            self.add_error(
                "publish_incomplete",
                _("Complete the fields marked below, or tick this box to publish without %(languages)s.")
                % {"languages": name_languages(incomplete)},
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
