"""How many subscribers there were, day by day. Counted, and nobody in it: an erased reader stays in the counts of then."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language_info, gettext

from newsletter.models import DailyCount, Subscriber
from omep_site.lib.links import languages


def count_today() -> None:
    """Today's counts as they are now, for each language of the site; the last of a day (UTC) stays."""
    confirmed = Subscriber.objects.filter(status=Subscriber.Status.CONFIRMED).order_by()
    found = dict(confirmed.values_list("language").annotate(Count("pk")))
    today = timezone.now().date()
    # In one order everywhere: two workers that count at once would else each wait for a row that the other holds.
    codes = sorted({*languages(), *found})
    rows = [DailyCount(day=today, language=code, confirmed=found.get(code, 0)) for code in codes]
    DailyCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day", "language"], update_fields=["confirmed"]
    )


# --- As a picture: sizes in its own units, 600 wide; how it looks is the style sheet's ----------------------------------

WIDTH, HEIGHT, MARGIN = 600, 200, 10
MOST_POINTS = 150


@dataclass(frozen=True)
class Line:
    name: str
    last: int
    points: str  # "x,y x,y …", as SVG's polyline takes them
    x: float  # where it ends
    y: float


@dataclass(frozen=True)
class Picture:
    lines: list[Line]  # of each language, then of all together where there are several
    ticks: list[tuple[float, int]]  # (y, subscribers)
    first: date
    last: date
    months: list[tuple[date, list[int]]]  # the last day counted of each month, newest first, with its counts


def drawn() -> Picture | None:
    """None where nothing was counted yet."""
    days: dict[date, dict[str, int]] = {}
    for day, code, confirmed in DailyCount.objects.order_by("day").values_list("day", "language", "confirmed"):
        days.setdefault(day, {})[code] = confirmed
    if not days:
        return None
    names = {code: str(get_language_info(code)["name_translated"]) for code in languages()}
    kept = list(days.items())
    kept = kept[: -1 : -(-len(kept) // MOST_POINTS)] + kept[-1:]
    series = {name: [counts.get(code, 0) for _day, counts in kept] for code, name in names.items()}
    series[gettext("All together")] = [sum(counts.values()) for _day, counts in kept]
    top = round_up(max(max(each) for each in series.values()))
    first, last = kept[0][0], kept[-1][0]
    whole = max((last - first).days, 1)
    places = [MARGIN + (WIDTH - 2 * MARGIN) * (day - first).days / whole for day, _counts in kept]
    lines = [line(name, counts, places, top) for name, counts in series.items()]
    months = {(day.year, day.month): (day, counts) for day, counts in days.items()}
    table = [
        (day, [*(counts.get(code, 0) for code in names), sum(counts.values())])
        for day, counts in reversed(months.values())
    ]
    return Picture(lines, [(height(value, top), value) for value in (0, top // 2, top)], first, last, table)


def line(name: str, counts: list[int], places: list[float], top: int) -> Line:
    points = [(round(x, 1), height(count, top)) for x, count in zip(places, counts, strict=True)]
    return Line(name, counts[-1], " ".join(f"{x},{y}" for x, y in points), *points[-1])


def height(count: int, top: int) -> float:
    return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * count / top, 1)


def round_up(count: int) -> int:
    """To an even number that is easy to read: 137 → 200, 4 → 4, 0 → 2."""
    step = 10 ** max(len(str(count)) - 1, 0)
    return max(2, -(-count // step) * step + (-(-count // step) * step) % 2)
