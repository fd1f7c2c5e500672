from django.urls import path
from django.utils.translation import gettext_lazy as _

from comments import views

app_name = "comments"
urlpatterns = [
    path(_("events/<int:event_id>/comment/"), views.write, name="write"),
    path(_("events/<slug:slug>/comments.atom"), views.event_feed, name="event_feed"),
    path(_("comments.atom"), views.feed, name="feed"),
    path(_("comments/<str:token>/"), views.waiting, name="waiting"),
]
