from django.urls import path, register_converter
from django.utils.translation import gettext_lazy as _

from events import calendar_views, views
from events.month import Month


class MonthConverter:
    """“2026-12”, of years that a calendar can be made for."""

    regex = "[1-9][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        year, month = value.split("-")
        return Month(int(year), int(month))

    def to_url(self, value: Month) -> str:
        return str(value)


register_converter(MonthConverter, "month")

app_name = "events"
urlpatterns = [
    path("", views.home, name="home"),
    path(_("events/"), views.event_list, name="list"),
    path(_("events.atom"), views.event_feed, name="feed"),
    path(_("events.ics"), calendar_views.feed, name="calendar"),
    path(_("events/<slug:slug>.ics"), calendar_views.one_event, name="event_calendar"),
    path(_("events/<slug:slug>.png"), views.event_picture, name="picture"),
    path(_("events/month/"), views.this_month, name="this_month"),
    path(_("events/month/<month:month>/"), views.month, name="month"),
    path(_("events/<slug:slug>/"), views.event_detail, name="detail"),
    path(_("preview/<str:token>/"), views.preview, name="preview"),
]
