"""The form of the rules: what a field left empty means stands beside it."""

from dataclasses import fields

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from modeltranslation.utils import get_translation_fields

from comments.admin.filters import event_title, titled_events
from comments.models import Policy, Rules
from events.models import Event
from omep_site.lib.folding import fold

OFFERED = 300  # the newest events, whose titles the field offers; any other is found by its words
MOST_NAMED = 8  # events that fit what was typed


def in_words(name: str, value) -> str:
    """A rule's value as a person reads it."""
    field = Policy._meta.get_field(name)
    if isinstance(field, TextField):
        lines = value.split("\n")
        return ", ".join(line.strip() for line in lines if line.strip()) or pgettext("rules", "none")
    return str(dict(field.flatchoices).get(value, value))


class Titles(forms.TextInput):
    """One line in which the browser offers titles, by any words of them."""

    template_name = "widgets/titles.html"

    def get_context(self, name, value, attrs):
        if isinstance(value, Event):
            value = event_title(value).text
        context = super().get_context(name, value, attrs)
        titles = Event.objects.filter(comment_policy=None).order_by("-starts_at", "-pk")
        rows = titles.values_list(*get_translation_fields("title"))[:OFFERED]
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_titles"
        context["widget"]["titles"] = list(dict.fromkeys(title for row in rows for title in row if title))
        return context


class EventByTitle(forms.CharField):
    """An event, found by its title in any language of the site, or by words that only one title has."""

    widget = Titles(attrs={"size": 60, "class": "vTextField"})

    def clean(self, value):
        typed = super().clean(value)
        wanted = fold(typed)
        found = list(titled_events().order_by("-starts_at", "-pk"))
        by_title = [
            (event, [fold(getattr(event, each) or "") for each in get_translation_fields("title")]) for event in found
        ]
        fits = [event for event, titles in by_title if wanted in titles]
        fits = fits or [event for event, titles in by_title if any(wanted in title for title in titles)]
        if not fits:
            raise ValidationError(_("No event has a title with these words."), code="unknown")
        if len(fits) > 1:
            raise ValidationError(
                _("Several events fit. Write more of the title: %(titles)s."),
                code="several",
                params={"titles": " / ".join(event_title(event).text for event in fits[:MOST_NAMED])},
            )
        return fits[0]


class PolicyForm(forms.ModelForm):
    event = EventByTitle(
        label=gettext_lazy("Event"),
        help_text=gettext_lazy(
            "A few words of its title, in French or English. These rules hold for this event alone."
        ),
    )

    class Meta:
        model = Policy
        fields = ["event", *(field.name for field in fields(Rules))]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("hold_words", "spam_words")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["event"]  # the row's name, which stays
        self.is_of_the_site = bool(self.instance.pk) and self.instance.event_id is None
        # What holds where a field stays empty.
        self.otherwise = Rules() if self.is_of_the_site else Policy.objects.in_force()
        for name in set(self.fields) - {"event"}:
            self._say_what_holds_otherwise(name, self.fields[name])

    def _say_what_holds_otherwise(self, name: str, field: forms.Field) -> None:
        value = in_words(name, getattr(self.otherwise, name))
        if isinstance(field, forms.ChoiceField):
            words = _("by default: {value}") if self.is_of_the_site else _("as on the whole site: {value}")
            field.choices = [("", words.format(value=value)), *(each for each in field.choices if each[0] != "")]
            return
        field.widget.attrs["placeholder"] = value
        words = _("If empty: {value}.") if self.is_of_the_site else _("If empty, as on the whole site: {value}.")
        field.help_text = f"{field.help_text} {words.format(value=value)}".strip()

    def clean_event(self):
        event = self.cleaned_data["event"]
        if Policy.objects.filter(event=event).exists():
            raise ValidationError(_("This event has rules of its own already: change those."), code="unique")
        return event

    def clean(self):
        data = super().clean()
        self._at_least(
            "links_to_spam",
            "links_to_hold",
            _("Fewer links than are worth a look: write {least} or more, or 0 for never."),
        )
        self._at_least("per_hour", "per_minute", _("Fewer than in a minute: write {least} or more."))
        return data

    def _at_least(self, name: str, other: str, sentence: str) -> None:
        """Compares what will hold; the fault stands beside the field that was filled in."""
        if {name, other} & set(self.errors):
            return
        values = {each: self.cleaned_data.get(each) for each in (name, other)}
        value, least = (
            getattr(self.otherwise, each) if values[each] is None else values[each] for each in (name, other)
        )
        if value < least and (name != "links_to_spam" or value):
            if values[name] is not None:
                self.add_error(name, sentence.format(least=least))
            else:
                self.add_error(
                    other,
                    _("More than {name}, which is {value}.").format(
                        name=Policy._meta.get_field(name).verbose_name, value=value
                    ),
                )
