"""What the list of comments can be narrowed to. The addresses are those of Django's own filters where it has them."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Count
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_translation_fields

from comments.models import Comment, Report
from events.models import Event
from events.reading import phrase
from omep_site.lib.numbers import is_number

ALL = "all"
MOST_COUNTED = 1000  # comments in a tab that is not open: counting a hundred thousand takes longer than the page


def titled_events():
    """Events with nothing but their titles: an event's page is long, and a list of comments shows none of it."""
    return Event.objects.only(*get_translation_fields("title"))


def event_title(event):
    """The title for a reader of the active language, with the language that it is in."""
    return phrase(event, "title", get_language())


class StatusFilter(SimpleListFilter):
    """The tabs of the list.

    Opened without a word, the list shows what waits, if anything does: it is what nearly everybody comes for. A search
    looks everywhere, since who searches mostly wants something that was decided about long ago.
    """

    title = _("status")
    parameter_name = "status__exact"
    shown = ALL

    def lookups(self, request, model_admin):
        return [*Comment.Status.choices, (ALL, pgettext_lazy("comments", "all"))]

    def queryset(self, request, queryset):
        self.shown = self.value() or self.otherwise(request, queryset)
        return queryset if self.shown == ALL else queryset.filter(status=self.shown)

    def otherwise(self, request, queryset) -> str:
        if request.method == "POST":
            # “Select all 240” means all that the page showed. A POST that comes from no page of ours names its rows.
            return request.POST.get("shown") or ALL
        waits = not request.GET.get("q") and queryset.filter(status=Comment.Status.PENDING).exists()
        return Comment.Status.PENDING.value if waits else ALL


class EventFilter(SimpleListFilter):
    """The events that have comments, newest first."""

    title = _("event")
    parameter_name = "event__id__exact"

    def lookups(self, request, model_admin):
        return [(str(event.pk), event_title(event).text or str(event)) for event in self.commented_events()]

    def commented_events(self):
        return titled_events().filter(pk__in=Comment.objects.values("event"))

    def queryset(self, request, queryset):
        return queryset.filter(event=self.value()) if is_number(self.value()) else queryset


class ReasonsFilter(SimpleListFilter):
    title = _("worth a look")
    parameter_name = "reasons"

    def lookups(self, request, model_admin):
        return [
            ("some", _("something was noticed")),
            ("none", _("nothing was noticed")),
            ("reported", _("readers reported it")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "some":
                return queryset.exclude(held_for=[])
            case "none":
                return queryset.filter(held_for=[])
            case "reported":
                return queryset.filter(pk__in=Report.objects.open().values("comment"))
        return queryset


class SameAddressFilter(SimpleListFilter):
    """All comments by the author of one. It is named by that comment, so that no address stands in a page's address."""

    title = _("author")
    parameter_name = "same_author_as"

    def lookups(self, request, model_admin):
        given = self.used_parameters.get(self.parameter_name)
        self.one = Comment.objects.filter(pk=given).first() if is_number(given) else None
        return [(given, self.one.name)] if self.one else []

    def queryset(self, request, queryset):
        return queryset.from_address(self.one.email) if self.one else queryset


def counts_of_tabs(comments, shown: str, in_shown: int, *, is_search: bool) -> dict[str, str]:
    """How many comments stand in each tab; “1000+” where counting them all would take long.

    `in_shown` is how many there are in the one that is open. A search reads every comment anyway, so it counts them all.
    """
    if is_search:
        counts = dict(comments.order_by().values_list("status").annotate(Count("pk")))
    else:
        states = [each for each in Comment.Status.values if each != shown]
        counts = {each: comments.filter(status=each).order_by()[: MOST_COUNTED + 1].count() for each in states}
        if shown != ALL:
            counts[shown] = in_shown
    exact = {each: counts.get(each, 0) for each in Comment.Status.values}
    is_more = {each for each, count in exact.items() if count > MOST_COUNTED and not is_search and each != shown}
    told = {each: f"{MOST_COUNTED}+" if each in is_more else str(count) for each, count in exact.items()}
    everything = in_shown if shown == ALL else sum(exact.values())
    told[ALL] = f"{everything // MOST_COUNTED * MOST_COUNTED}+" if is_more and shown != ALL else str(everything)
    return told
