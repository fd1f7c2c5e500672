from django.urls import path
from django.utils.translation import gettext_lazy as _

from comments.views import author, deciding, reading, writing

app_name = "comments"
urlpatterns = [
    path(_("events/<int:event_id>/comment/"), writing.write, name="write"),
    path(_("events/<slug:slug>/comments.atom"), reading.event_feed, name="event_feed"),
    path(_("comments.atom"), reading.feed, name="feed"),
<<<<<<< HEAD
    path(_("comments/decide/<str:token>/"), deciding.decide, name="decide"),
=======
    path(_("comments/stamp/"), writing.stamp, name="stamp"),
>>>>>>> intake
    path(_("comments/<str:token>/"), author.waiting, name="waiting"),
]
