from django.urls import path
from django.utils.translation import gettext_lazy as _

from comments.views import author, reading, replying, writing

app_name = "comments"
urlpatterns = [
    path(_("events/<int:event_id>/comment/"), writing.write, name="write"),
    path(_("events/<slug:slug>/comments.atom"), reading.event_feed, name="event_feed"),
    path(_("comments.atom"), reading.feed, name="feed"),
    path(_("comments/<int:number>/"), reading.permalink, name="permalink"),
    path(_("comments/<int:number>/reply/"), replying.reply, name="reply"),
    path(_("comments/<str:token>/"), author.waiting, name="waiting"),
]
