"""The forms of an event's ordered rows; a pasted list becomes as many rows as it has lines."""

import re
from itertools import zip_longest

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.links import languages
from omep_site.lib.translated_forms import CellBoundField, StatesMixin

# What a list begins its lines with: bullets, dashes, “1.”, “2)”, “a)”, “(iv)”.
BULLET = re.compile(r"^\s*(?:[-–—−•‣◦▪■●○*·➢✓]|\(?\d{1,2}[.)°]|\(?(?:[a-z]|[ivx]{1,4})\))\s+", re.IGNORECASE)

MOST_ROWS = 60  # of one pasted list: who pastes more has pasted something else


def lines_of(text: str) -> list[str]:
    """The lines of a pasted list, without bullets and numbers; a single line stays as it was typed."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return [BULLET.sub("", line) for line in lines] if len(lines) > 1 else lines


class OfAnEvent(StatesMixin):
    """For the form of a row, which is translated from the language that its event was written in."""

    @property
    def source(self) -> str:
        return self.instance.event.source_language


class RowForm(OfAnEvent, forms.ModelForm):
    """One strategy or objective: at least one language of it is written.

    `further` holds the rows that come after this one when a list was pasted into it, as fields of the model.
    """

    bound_field_class = CellBoundField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.further: list[dict[str, str]] = []
        self.columns = [in_language("text", language) for language in languages()]
        for column in self.columns:
            field = self.fields[column]
            # The limit is a line's, not a pasted list's.
            field.validators = [each for each in field.validators if not isinstance(each, MaxLengthValidator)]
            field.widget.attrs.pop("maxlength", None)
            field.widget.attrs["aria-label"] = field.label  # the heading of its column is no label

    def clean(self):
        data = super().clean()
        texts = [lines_of(data.get(column)) for column in self.columns]
        if not any(texts) and not data.get("DELETE"):
            raise ValidationError(_("Write the text in one language at least, or delete this row."))
        rows = [dict(zip(self.columns, row, strict=True)) for row in zip_longest(*texts, fillvalue="")]
        longest = self._meta.model._meta.get_field("text").max_length
        for row in rows:
            for column, text in row.items():
                if len(text) > longest:
                    sentence = _("“%(start)s…” is too long: %(length)d characters, at most %(longest)d.")
                    words = {"start": text[:30], "length": len(text), "longest": longest}
                    self.add_error(column, sentence % words)
        if len(rows) > MOST_ROWS:
            raise ValidationError(
                _("This list has %(count)d lines; at most %(most)d are taken at once.")
                % {"count": len(rows), "most": MOST_ROWS}
            )
        if rows:
            data |= rows[0]
            self.further = rows[1:]
        return data


def insert_after(row, further: list[dict[str, str]]) -> None:
    """Makes the rows of a pasted list, in their place."""
    model = type(row)
    rows = list(model.objects.filter(event=row.event).order_by("position", "pk"))
    place = rows.index(row) + 1
    rows[place:place] = [model(event=row.event, **words) for words in further]
    for position, each in enumerate(rows, start=1):
        if each.pk is None or each.position != position:
            each.position = position
            each.save()
