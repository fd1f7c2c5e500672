from django.urls import path
from django.utils.translation import gettext_lazy as _

from events import views

app_name = "events"
urlpatterns = [
    path("", views.home, name="home"),
    path(_("events/"), views.event_list, name="list"),
    path(_("events/<slug:slug>/"), views.event_detail, name="detail"),
    path(_("preview/<str:token>/"), views.preview, name="preview"),
]
