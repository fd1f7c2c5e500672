"""Versions in words: labels, values and differences, in the reader's language."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from omep_site.lib.dates import dated, hour
from omep_site.lib.history.keeping import Entry, kept_of
from omep_site.lib.history.marking import compared, look_changes, replaced
from omep_site.lib.history.rich import readable
from omep_site.lib.history.snapshots import (
    ADDED,
    CHANGED,
    MOVED,
    REMOVED,
    STANDS,
    Difference,
    Row,
    Snapshot,
    shown_fields,
)
from omep_site.lib.rich_text import RichTextField

MOST_NAMED = 6  # changes that the list names


def language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def field_name(field: models.Field) -> str:
    """“title”, whatever its language."""
    return str((field.translated_field if isinstance(field, TranslationField) else field).verbose_name)


def language_of(field: models.Field | None) -> str:
    return field.language if isinstance(field, TranslationField) else ""


def field_label(field: models.Field) -> str:
    """“title: English”."""
    language = language_of(field)
    return in_that_language(field_name(field), language) if language else field_name(field)


def in_that_language(what: str, language: str) -> str:
    # Translators: what was changed and in which language: “Title: English”, “Strategy 2: French”.
    return _("{what}: {language}").format(what=what, language=language_name(language))


def moment_in_words(moment: datetime, now: datetime | None = None) -> str:
    """“today, 18:46”, “yesterday, 9:00”, “22 November 2026, 18:46”: in the zone that is active."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    if local.date() == today:
        return _("today, {hour}").format(hour=hour(local))
    if local.date() == today - timedelta(days=1):
        return _("yesterday, {hour}").format(hour=hour(local))
    return date_and_hour(local)


def date_and_hour(local: datetime) -> str:
    """“22 November 2026, 18:46”, « 1er décembre 2026, 9 h »."""
    return f"{_day(local)}, {hour(local)}"


def _day(day: date) -> str:
    # A language may raise the er of « 1er » with a tag, which has no place in a sentence.
    return strip_tags(dated(day, get_format("DATE_FORMAT")))


def sentence_of(entry: Entry) -> str:
    """What was done: “Saved.”, “Brought back the version of 21 November 2026, 9:00.”"""
    note = dict(entry.note)
    sentence = str(note.pop("sentence", ""))
    with suppress(KeyError, TypeError, ValueError):
        note["moment"] = date_and_hour(timezone.localtime(datetime.fromisoformat(note["moment"])))
    try:
        return gettext(sentence).format(**note) if sentence else ""
    except (IndexError, KeyError, ValueError):  # somebody's own words, with braces
        return sentence


def who(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


# --- Differences in words --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A difference as a page shows it: old words in <del>, new ones in <ins>."""

    kind: str
    row_label: str  # “Strategy 2”; "" for what belongs to no row
    label: str  # “Strategy 2, caption”
    language: str  # the code; "" where the words are in the reader's own
    language_name: str
    html: SafeString
    notes: tuple[str, ...] = ()  # what changed in the look of a rich text
    brief: str = ""  # for the list, where a word says more than “changed”

    @property
    def whole_label(self) -> str:
        return in_that_language(self.label, self.language) if self.language else self.label


class Teller:
    """Tells the differences of versions of one model. What they point to is looked up once, for all of them."""

    def __init__(self, model: type[models.Model], snapshots: Iterable[Snapshot | None]):
        self.kept = kept_of(model)
        self.names = self._names([each for each in snapshots if each])

    def _names(self, snapshots: list[Snapshot]) -> dict:
        wanted = defaultdict(set)
        for row in [
            row for each in snapshots for row in (each.row, *(row for rows in each.rows.values() for row in rows))
        ]:
            for field in self._fields(row):
                if field.is_relation and row.values.get(field.name) is not None:
                    wanted[field.related_model].add(row.values[field.name])
        found = {model: model._base_manager.in_bulk(keys) for model, keys in wanted.items()}
        return {(model, key): str(obj) for model, objects in found.items() for key, obj in objects.items()}

    def _fields(self, row: Row) -> list[models.Field]:
        return shown_fields(row.model, None if row.model is self.kept.model else self.kept.model)

    def value(self, field: models.Field, value, root: Row) -> str:
        """A value in words; "" for none."""
        if value is None or value == "" or value == []:
            return ""
        if field.name in self.kept.words and field.model is self.kept.model:
            return self.kept.words[field.name](value)
        if field.is_relation:
            return self.names.get((field.related_model, value), _("no longer there"))
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, models.BooleanField):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            local = timezone.localtime(value, self._zone(root))
            return f"{date_format(local, 'l')} {date_and_hour(local)}"
        if isinstance(value, date):
            return _day(value)
        if isinstance(field, models.FileField):
            return str(value).rpartition("/")[2]
        if isinstance(field, RichTextField):
            return readable(value)
        return str(value)

    def _zone(self, root: Row):
        name = root.values.get(self.kept.zone)
        return ZoneInfo(name) if name in available_timezones() else timezone.get_current_timezone()

    def row_label(self, each: Difference) -> str:
        if not each.relation:
            return ""
        name = capfirst(str(each.row.model._meta.verbose_name))
        return _("{row} {number}").format(row=name, number=each.place)

    def row_words(self, row: Row, root: Row) -> str:
        """What the row says first: its title in the reader's language, or else in another one."""
        names = {each: getattr(each, "translated_field", each).name for each in self._fields(row)}
        order = list(dict.fromkeys(names.values()))
        fields = sorted(names, key=lambda each: (order.index(names[each]), language_of(each) != get_language()))
        texts = (self.value(field, row.values.get(field.name), root) for field in fields if not field.choices)
        return Truncator(next((text for text in texts if text), "")).chars(60)

    def tell(self, each: Difference, old: Row, new: Row) -> Told:
        """`old` and `new` are the rows that the two versions are of: hours are told in their zones."""
        row_label = self.row_label(each)
        if each.kind == MOVED:
            sentence = _("“{words}”: from place {old} to place {new}.")
            words = {"words": self.row_words(each.row, new), "old": each.was, "new": each.place}
            return Told(MOVED, row_label, row_label, "", "", format_html(sentence, **words))
        field = each.field
        name = field_name(field)
        alone = name == str(each.row.model._meta.verbose_name)
        label = capfirst(name) if not row_label else row_label if alone else f"{row_label}, {name}"
        before, after = self.value(field, each.old, old), self.value(field, each.new, new)
        if each.kind == STANDS:
            html = format_html("{}", after)
        elif not isinstance(field, models.TextField | models.CharField) or field.choices:
            html = replaced(before, after)
        else:
            html = compared(before, after)
        language = language_of(field)
        short = field.choices or isinstance(field, models.DateField | models.BooleanField)
        brief = after if short and each.kind == CHANGED else ""
        notes = look_changes(each.old, each.new) if isinstance(field, RichTextField) and each.kind == CHANGED else ()
        return Told(each.kind, row_label, label, language, language and language_name(language), html, notes, brief)

    def tell_all(self, found: list[Difference], old: Snapshot, new: Snapshot) -> list[Told]:
        return [self.tell(each, old.row, new.row) for each in found]

    def in_brief(self, told: list[Told]) -> list[str]:
        """What the list says: “Title: French”, “Strategy 2: English”, “Partner 1 added”, and how many more."""
        names = []
        for each in told:
            if each.kind in (ADDED, REMOVED, MOVED):
                sentence = {
                    ADDED: pgettext("a row", "{row}: added"),
                    REMOVED: pgettext("a row", "{row}: removed"),
                    MOVED: pgettext("a row", "{row}: moved"),
                }
                name = sentence[each.kind].format(row=each.row_label)
            elif each.brief:
                name = _("{what}: {value}").format(what=each.whole_label, value=each.brief)
            else:
                name = each.whole_label
            if name not in names:
                names.append(name)
        more = len(names) - MOST_NAMED
        return names if more <= 1 else [*names[:MOST_NAMED], _("and {count} more").format(count=more)]
