"""The editors' forms of an issue: its words and readers, its cards, its moment."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.utils import build_localized_fieldname as in_language

from events.date_forms import MomentField
from events.reading import name_languages
from newsletter.models import REQUIRED_TO_SEND, Issue
from omep_site.lib.concurrent import OpenedMixin
from omep_site.lib.links import languages
from omep_site.lib.rows import SortableRows
from omep_site.lib.text import BIDI_CONTROLS, BIDI_MARKS
from omep_site.lib.translated_forms import StatesMixin, clean_words

MOST_EVENTS = 40  # in one letter: more would be cut by mail programmes, with the link to unsubscribe
SOONEST = timedelta(minutes=1)  # what is to go out sooner goes out now


class IssueForm(OpenedMixin, StatesMixin, forms.ModelForm):
    words_needed = REQUIRED_TO_SEND

    only_language = forms.ChoiceField(
        label=gettext_lazy("Readers"),
        required=False,
        widget=forms.RadioSelect,
        help_text=Issue._meta.get_field("only_language").help_text,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "only_language" in self.fields:
            named = [
                (code, _("only those who read in {language}").format(language=name_languages([code])))
                for code in languages()
            ]
            self.fields["only_language"].choices = [("", _("everybody")), *named]

    def clean(self):
        data = super().clean()
        clean_words(data, Issue, lines=("subject", "summary"), rich=("body",))
        for language in languages():
            column = in_language("body", language)
            if (BIDI_CONTROLS - BIDI_MARKS) & set(data.get(column, "")):
                sentence = _(
                    "This contains invisible characters that change the direction of the text. Please type it again."
                )
                self.add_error(column, sentence)
        if not self.instance._state.adding and not self.is_still_a_draft():
            self.add_error(
                None, _("This letter is no longer a draft, so nothing was saved. Your words still stand below.")
            )
        return data

    def is_still_a_draft(self) -> bool:
        """Until this transaction ends: a letter that goes out is the one that was checked."""
        return Issue.objects.select_for_update().filter(pk=self.instance.pk, status=Issue.Status.DRAFT).exists()


class CardRows(SortableRows):
    def clean(self):
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("event")]
        if len(kept) > MOST_EVENTS:
            sentence = _("A letter presents at most {most} events, and this one has {count}. Take some out.")
            raise ValidationError(sentence.format(most=MOST_EVENTS, count=len(kept)))

    def get_unique_error_message(self, unique_check):
        return _("An event stands here twice.")


class MomentForm(forms.Form):
    """When it goes out, in the hours of the site's zone."""

    at = MomentField(
        label=gettext_lazy("Day and hour"),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"}, time_attrs={"type": "time"}, date_format="%Y-%m-%d", time_format="%H:%M"
        ),
    )

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at < timezone.now() + SOONEST:
            raise ValidationError(_("This moment is over. Choose a later one, or send it now."))
        return at
