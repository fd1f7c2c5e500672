"""The editors' form of an event: what it makes for them, and what it does not let pass."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events.addresses import free_address, is_taken
from events.choices import CITIES, LANGUAGE_NAMES, ZONES
from events.completeness import WORDS_NEEDED
from events.date_forms import DatesMixin, ask
from events.dates import contradicted_weekday
from events.models import Event, Subject
from events.reading import name_languages
from events.subjects import topics
from events.when import hour, one_date
from omep_site.lib.concurrent import OpenedMixin
from omep_site.lib.folding import fold
from omep_site.lib.links import languages
from omep_site.lib.translated_forms import StatesMixin, clean_words
from omep_site.lib.translating import missing_in


class EventForm(OpenedMixin, DatesMixin, StatesMixin, forms.ModelForm):
    words_needed = WORDS_NEEDED

    interpretation_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Interpretation"),
        choices=list(LANGUAGE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("The languages in which people can follow the event."),
    )
    cities = forms.MultipleChoiceField(
        label=gettext_lazy("Hours elsewhere"),
        choices=list(CITIES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("The page also says what time it is then in these cities."),
    )

    # Under another name than the model's: the admin takes no field of rows that have a model of their own.
    topics = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Subjects"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("What the event is about. Visitors find by it what else there is."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "topics" in self.fields:
            named = topics(Subject.objects.all(), get_language())
            self.fields["topics"].choices = [(each.subject.pk, each.name.text) for each in named]
            self.initial["topics"] = (
                list(self.instance.subjects.values_list("pk", flat=True)) if self.instance.pk else []
            )
        if "timezone" in self.fields:
            self.fields["timezone"].choices = sorted(ZONES.items(), key=lambda zone: fold(str(zone[1])))
        if "cities" in self.fields:
            self.fields["cities"].choices = sorted(CITIES.items(), key=lambda city: fold(str(city[1])))
        missing = [language for language in languages() if self.instance.missing_in(language)]
        if "publish_incomplete" in self.fields and self.instance.pk and missing:
            names = {"languages": name_languages(missing)}
            self.fields["publish_incomplete"].label = _("Publish without %(languages)s") % names

    def clean(self):
        data = super().clean()
        clean_words(data, Event, lines=("title", "summary"), rich=("body", "transcript"))
        for language in languages():
            self.make_slug(data, language)
        self.clean_dates(data)
        self.compare_weekdays(data)
        self.compare_with_the_announcement(data)
        self.close_registration_in_time(data)
        self.ask_before_hiding(data)
        self.decide_on_publishing(data)
        return data

    def make_slug(self, data, language):
        """An address from the title where the editor gave none; one that leads to another event is refused."""
        slug, title = in_language("slug", language), in_language("title", language)
        if slug in self.errors:
            return
        if data.get(slug):
            if is_taken(data[slug], self.instance):
                self.add_error(slug, _("Another event has this address."))
        elif data.get(title):
            data[slug] = free_address(data[title], language, self.instance)

    # Dates

    def compare_weekdays(self, data):
        """A title that says “Monday” and a date that is a Tuesday: one of them is wrong."""
        start, end = data.get("starts_at"), data.get("ends_at")
        if not start or not end or data.get("event_status") == Event.EventStatus.POSTPONED:
            return
        first, last = timezone.localtime(start).date(), timezone.localtime(max(start, end)).date()
        for language in languages():
            title = in_language("title", language)
            day = contradicted_weekday(data.get(title) or "", language, first, last)
            if day is not None:
                sentence = _("The title says {weekday}, but the event is on {date}. Correct one of them.")
                date = one_date(timezone.localtime(start))
                self.add_error(title, sentence.format(weekday=WEEKDAYS[day], date=date))

    def compare_with_the_announcement(self, data):
        """Whoever has read the old date of a public event is told that it moved."""
        moved = Event.EventStatus.MOVED
        status, start, old = data.get("event_status"), data.get("starts_at"), self.initial.get("starts_at")
        if status == Event.EventStatus.PLANNED:
            data["previous_starts_at"] = None
        if not start or not old or self.instance._state.adding:
            if status == moved and not data.get("previous_starts_at"):
                self.add_error("event_status", _("Say below for when it was first announced."))
            return
        if status == moved:
            if start != old and data.get("previous_starts_at") == self.initial.get("previous_starts_at"):
                data["previous_starts_at"] = old
            elif not data.get("previous_starts_at"):
                self.add_error("event_status", _("Give the new date as the start; the earlier one is then kept."))
        elif status == Event.EventStatus.PLANNED and self.instance.is_published():
            day = old.astimezone(ZoneInfo(self.instance.timezone))
            if timezone.localtime(start).date() != day.date() and not self.agreed("accept_date"):
                sentence = _("The event was announced for {date}. If it has moved, choose “moved to another date”.")
                question = ask(
                    "accept_date", sentence.format(date=one_date(day)), _("No, the date was a typing mistake")
                )
                self.add_error("event_status", question)

    def close_registration_in_time(self, data):
        closes, end = data.get("registration_closes_at"), data.get("ends_at")
        if closes and end and closes > end:
            self.add_error("registration_closes_at", _("Registration would close after the event has ended."))

    # Publishing

    def ask_before_hiding(self, data):
        """A page that people can read now does not vanish by a slip."""
        if self.instance._state.adding or not self.instance.is_published() or self.agreed("accept_hidden"):
            return
        until = data.get("publish_at")
        if data.get("status") == Event.Status.DRAFT:
            question = ask("accept_hidden", _("This page is public. It will be hidden from now on."), _("Yes, hide it"))
            self.add_error("status", question)
        elif until and until > timezone.now():
            moment = timezone.localtime(until)
            sentence = _("This page is public. It will be hidden until {day}, {hour}.")
            words = format_html(sentence, day=one_date(moment), hour=hour(moment))
            self.add_error("publish_at", ask("accept_hidden", words, _("Yes, hide it")))

    def decide_on_publishing(self, data):
        """Nothing goes out half translated unless the editor said so; a tick that is not needed is taken back."""
        missing = {language: [] for language in languages()}
        for language, fields in missing.items():
            for name in WORDS_NEEDED:
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
            sentence = _("No language is complete yet, so the event cannot be published.")
            self.add_error("status", format_html("{} {}", sentence, what_is_missing(incomplete)))
        elif incomplete and not data.get("publish_incomplete"):
            sentence = _("Complete the fields marked below, or tick this box to publish without %(languages)s.") % {
                "languages": name_languages(incomplete)
            }
            self.add_error("publish_incomplete", format_html("{} {}", sentence, what_is_missing(incomplete)))
        elif (news := self.newly_missing(incomplete)) and not self.agreed("accept_without"):
            sentence = _("So far nobody agreed to publish without %(languages)s.") % {"languages": name_languages(news)}
            self.add_error("publish_incomplete", ask("accept_without", sentence, _("Publish all the same")))
        else:
            return
        for language, fields in incomplete.items():
            for field in fields:
                self.add_error(in_language(field, language), _("Missing."))

    def newly_missing(self, incomplete) -> list[str]:
        """The languages for which a tick of earlier was not meant."""
        if self.instance._state.adding or not self.instance.publish_incomplete:
            return []
        agreed = [language for language in languages() if missing_in(self.instance, WORDS_NEEDED, language)]
        return [language for language in incomplete if language not in agreed]


def what_is_missing(incomplete: dict[str, list[str]]) -> str:
    """A line for each language, as HTML: “English: title, announcement”."""
    lines = []
    for language, fields in incomplete.items():
        names = ", ".join(str(Event._meta.get_field(field).verbose_name) for field in fields)
        # Translators: “English: title, announcement”; French puts a space before the colon.
        lines.append(
            (_("{language}: {fields}").format(language=str(LANGUAGE_NAMES[language]).capitalize(), fields=names),)
        )
    return format_html('<span class="missing-words">{}</span>', format_html_join(mark_safe("<br>"), "{}", lines))
