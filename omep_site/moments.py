"""When something was, in words: in the site's own zone and the active language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import get_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from omep_site.lib.dates import dated, hour, house_format


def here(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE))


def day(at: datetime) -> str:
    """“Thursday 26 November”, « mardi 1er décembre » (a raised er has no place in a mail)."""
    return strip_tags(dated(at, house_format("WEEKDAY_FORMAT") + get_format("MONTH_DAY_FORMAT")))


def moment(at: datetime) -> str:
    """“Thursday 26 November, 03:12”, in the site's own zone."""
    return _("{day}, {hour}").format(day=day(here(at)), hour=hour(here(at)))


def span(began: datetime, ended: datetime) -> str:
    start, end = here(began), here(ended)
    if start.replace(second=0, microsecond=0) == end.replace(second=0, microsecond=0):
        return moment(began)
    until = hour(end) if start.date() == end.date() else moment(ended)
    return f"{moment(began)}\xa0– {until}"
