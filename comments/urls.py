from django.urls import path
from django.utils.translation import gettext_lazy as _

from comments import views

app_name = "comments"
urlpatterns = [
    path(_("events/<int:event_id>/comment/"), views.write, name="write"),
    path(_("comments/<str:token>/"), views.waiting, name="waiting"),
]
