"""What the editors' forms of dates share: words that they take, hours that they refuse, and warnings that ask."""

import re
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.dates import clock_sentence
from omep_site.lib.folding import fold

FIRST_YEAR, LAST_YEAR = 1948, 2199  # the organisation was founded in 1948

QUESTIONS = ("accept_past", "accept_date", "accept_hidden", "accept_without")


NOON = "12:00"


class DayField(forms.DateField):
    """Takes « 9 décembre 2026 » and “1er mai 2026” too, in the language of the page."""

    def to_python(self, value):
        if isinstance(value, str):
            months = {fold(str(name)): number for number, name in MONTHS.items()}
            found = re.fullmatch(r"(\d{1,2})(?:er)?\s+(\w+)\s+(\d{4})", fold(value.strip()))
            if found and found[2] in months:
                value = f"{found[3]}-{months[found[2]]:02}-{int(found[1]):02}"
        return super().to_python(value)


class MomentField(forms.SplitDateTimeField):
    """A date and an hour in the zone that is active; an hour that a change of the clock makes doubtful is refused."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        day, time = self.fields
        self.fields = (DayField(required=day.required, localize=day.localize), time)
        for field in self.fields:
            field.error_messages["invalid"] = gettext_lazy(
                "This is not understood. Write the day as 09/12/2026 and the hour as 14:00."
            )
        # The admin's words beside the two boxes are no labels of theirs.
        for widget, part in zip(self.widget.widgets, (gettext_lazy("date"), gettext_lazy("hour")), strict=True):
            widget.attrs["aria-label"] = format_lazy("{} – {}", self.label or "", part)

    def compress(self, data_list):
        if len(data_list) == 2 and all(each not in self.empty_values for each in data_list):
            day, hour = data_list
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                words = {"first": FIRST_YEAR, "last": LAST_YEAR}
                raise ValidationError(_("The year is between %(first)d and %(last)d.") % words, code="year")
            if sentence := clock_sentence(datetime.combine(day, hour), timezone.get_current_timezone_name()):
                raise ValidationError(sentence, code="clock")
        return super().compress(data_list)


def ask(name: str, sentence: str, answer: str) -> ValidationError:
    """A warning: a sentence at the field, and a tick that lets the form pass."""
    box = '{} <label class="confirm"><input type="checkbox" name="{}" value="yes"> {}</label>'
    return ValidationError(format_html(box, sentence, name, answer), code="confirm")


class DatesMixin:
    """The checks of an event's dates, for a ModelForm of it. Its fields are cleaned in the event's own zone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("all_day"):
            # Whole days need no hour, and none that a change of the clock at midnight would make doubtful.
            self.data = self.data.copy()
            for field in ("starts_at_1", "ends_at_1"):
                self.data[field] = NOON

    def clean_dates(self, data):
        start, end = data.get("starts_at"), data.get("ends_at")
        if data.get("all_day") and start and end:  # whatever the hours that were typed
            start = data["starts_at"] = timezone.localtime(start).replace(hour=0, minute=0)
            end = data["ends_at"] = timezone.localtime(end).replace(hour=23, minute=59)
        if not start or not end:
            return
        if end < start:
            self.add_error("ends_at", _("The event ends before it starts."))
        elif self.instance._state.adding and end < timezone.now() and not self.agreed("accept_past"):
            self.add_error(
                "starts_at", ask("accept_past", _("This date is in the past."), _("Yes, it is a past event"))
            )

    @property
    def agreed_names(self) -> list[str]:
        """The questions that were answered with a tick: asked once, also where another field was at fault."""
        return [name for name in QUESTIONS if self.is_bound and self.agreed(name)]

    def agreed(self, name: str) -> bool:
        return bool(self.data.get(name))
