"""What keeps a form of the admin from being saved, as a list that leads to each place."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

SAID_ELSEWHERE = {"save_over"}  # the notice about two people at once stands beside the list (history/_opened.html)


class Fault(NamedTuple):
    anchor: str  # the id of what it is about; "" where nothing can be shown
    label: str  # “Strategy 2, text”; "" for a form as a whole
    sentence: str  # as plain text


def faults(form: BaseForm, inlines) -> list[Fault]:
    """Every field of a form that came back, and of its rows (Django's inline_admin_formsets), in the page's order.

    Browsers give no file a second time: one that was chosen is asked for again, here and at its field.
    """
    if not form.is_bound:
        return []
    found = list(_of_form(form))
    for inline in inlines:
        formset = inline.formset
        if not formset.is_bound:
            continue
        group = f"{formset.prefix}-group", capfirst(inline.opts.verbose_name_plural)
        found += [Fault(*group, first(sentence)) for sentence in formset.non_form_errors()]
        for index, row in enumerate(formset.forms):
            if formset.can_delete and formset._should_delete_form(row):
                continue  # it goes, whatever stands in it
            name = _("{row} {number}").format(row=capfirst(inline.opts.verbose_name), number=index + 1)
            found += _of_form(row, name, row.prefix)
    return found


def ask_for_file(field: BoundField) -> str:
    """A sentence where the browser has sent the field's file and forgotten it; the field's help begins with it, too."""
    if not field.form.files.get(field.html_name) or field.errors:
        return ""
    sentence = _("Choose your files again: browsers do not keep them when a form comes back.")
    field.help_text = format_html('<strong class="again">{}</strong> {}', sentence, field.help_text)
    return sentence


def _of_form(form: BaseForm, row: str = "", row_anchor: str = "") -> Iterator[Fault]:
    if NON_FIELD_ERRORS in form.errors:
        for sentence in form.non_field_errors():
            yield Fault(row_anchor, row, first(sentence))
    for field in form:
        if field.name in SAID_ELSEWHERE:
            continue
        sentence = first(field.errors[0]) if field.errors else ask_for_file(field)
        if sentence:
            label = capfirst(field.label)
            if row:
                label = _("{row}, {field}").format(row=row, field=field.label[:1].lower() + field.label[1:])
            yield Fault(anchor(field) or row_anchor, label, sentence)


def anchor(field: BoundField) -> str:
    """The id of the first box of a field."""
    if field.is_hidden:
        return ""
    return f"{field.auto_id}_0" if hasattr(field.field.widget, "widgets") else field.auto_id


def first(message: str) -> str:
    """The first sentence of a message, without the ticks that some carry along."""
    if isinstance(message, SafeString):
        message = unescape(strip_tags(re.sub(r"<label.*?</label>", "", str(message), flags=re.DOTALL)))
    return re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý“«])", str(message).strip())[0]
