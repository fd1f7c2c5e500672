"""The list of events as an editor thinks of it: what is public, when it is, and what stands in each language."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.models import Event, Subject
from events.subjects import topics
from omep_site.lib.links import languages
from omep_site.lib.translated_forms import state_line
from omep_site.lib.translating import State

SOON = timedelta(days=7)


class Choice(admin.SimpleListFilter):
    """A filter whose choices are each a name, a label and a condition on the events."""

    def options(self) -> list[tuple]:
        raise NotImplementedError

    def lookups(self, request, model_admin):
        return [(name, label) for name, label, _condition in self.options()]

    def queryset(self, request, queryset):
        found = [condition for name, _label, condition in self.options() if name == self.value()]
        return queryset.filter(*found)


class PublicFilter(Choice):
    title = _("on the site")
    parameter_name = "public"

    def options(self):
        now = timezone.now()
        out = Q(status=Event.Status.PUBLISHED)
        return [
            ("draft", _("drafts"), Q(status=Event.Status.DRAFT)),
            ("soon", _("published within a week"), out & Q(publish_at__gt=now, publish_at__lte=now + SOON)),
            ("later", _("published later"), out & Q(publish_at__gt=now)),
            ("now", _("public"), out & Q(publish_at__lte=now)),
        ]


class DateFilter(Choice):
    title = _("date")
    parameter_name = "when"

    def options(self):
        now = timezone.now()
        postponed = Q(event_status=Event.EventStatus.POSTPONED)
        return [
            ("coming", _("coming"), Q(ends_at__gt=now) | postponed),
            ("week", _("within a week"), Q(ends_at__gt=now, starts_at__lte=now + SOON) & ~postponed),
            ("past", _("past"), Q(ends_at__lte=now) & ~postponed),
            ("changed", _("postponed, moved or cancelled"), ~Q(event_status=Event.EventStatus.PLANNED)),
        ]


class LanguageFilter(Choice):
    title = _("languages")
    parameter_name = "language"

    def options(self):
        unfinished = Q()
        for code in languages():
            unfinished |= ~Q(**{f"language_states__{code}": State.FILLED.value})
        options = [("unfinished", _("something missing or to be checked"), unfinished)]
        for code, name in settings.LANGUAGES:
            kept = f"language_states__{code}"
            readable = Q(pk__in=Event.objects.complete_in(code).values("pk"))
            # Translators: {language} is “English”.
            options += [
                (f"not-{code}", gettext("not in {language} yet").format(language=gettext(name)), ~readable),
                (
                    f"gaps-{code}",
                    gettext("{language}: something missing").format(language=gettext(name)),
                    Q(**{kept: State.MISSING.value}) | Q(**{f"{kept}__isnull": True}),
                ),
                (
                    f"check-{code}",
                    gettext("{language}: to be checked").format(language=gettext(name)),
                    Q(**{kept: State.OUT_OF_DATE.value}),
                ),
            ]
        return options


class SubjectFilter(admin.SimpleListFilter):
    title = _("subject")
    parameter_name = "subject"

    def lookups(self, request, model_admin):
        return [(str(each.subject.pk), each.name.text) for each in topics(Subject.objects.all(), get_language())]

    def queryset(self, request, queryset):
        known = [key for key, _name in self.lookup_choices]
        return queryset.filter(subjects=self.value()) if self.value() in known else queryset


def state_of(event, code: str) -> tuple[State, str]:
    """The state of one language, and its word; it reads the event's own row only."""
    try:
        found = State(event.language_states.get(code, State.MISSING.value))
    except ValueError:
        found = State.MISSING
    return found, "" if code in event.complete_languages() else gettext("incomplete")


def states_in_short(event) -> str:
    lines = ((code, state_line(*state_of(event, code))) for code in languages())
    return format_html_join("", "<span>{} {}</span>", lines)


def language_column(code: str, name):
    """A column of the matrix of events and languages."""

    @admin.display(description=name)
    def column(event):
        return state_line(*state_of(event, code))

    column.__name__ = f"in_{code}"
    return column


LANGUAGE_COLUMNS = [language_column(code, name) for code, name in settings.LANGUAGES]
