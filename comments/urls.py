from django.urls import path
from django.utils.translation import gettext_lazy as _

from comments.views import addresses, author, deciding, reading, replying, reporting, writing

# Links in mails that stop them work for ever: whoever changes one of these words, in any language, keeps the old one.
app_name = "comments"
urlpatterns = [
    path(_("events/<int:event_id>/comment/"), writing.write, name="write"),
    path(_("events/<slug:slug>/comments.atom"), reading.event_feed, name="event_feed"),
    path(_("comments.atom"), reading.feed, name="feed"),
    path(_("comments/<int:number>/"), reading.permalink, name="permalink"),
    path(_("comments/<int:number>/reply/"), replying.reply, name="reply"),
    path(_("comments/<int:number>/report/"), reporting.report, name="report"),
    path(_("comments/<int:number>/reported/"), reporting.reported, name="reported"),
    path(_("comments/stamp/"), writing.stamp, name="stamp"),
    path(_("comments/decide/<str:token>/"), deciding.decide, name="decide"),
    path(_("comments/address/<str:token>/"), addresses.confirm_address, name="confirm_address"),
    path(_("comments/stop/<slug:token>/"), addresses.stop_all, name="stop_all"),
    path(_("comments/unfollow/<slug:token>/"), addresses.stop_one, name="stop_one"),
    path(_("comments/<str:token>/"), author.waiting, name="waiting"),
    path(_("comments/<str:token>/edit/"), author.edit, name="edit"),
    path(_("comments/<str:token>/withdraw/"), author.withdraw, name="withdraw"),
    path(_("comments/<str:token>/send-again/"), author.send_again, name="send_again"),
    path(_("comments/<str:token>/follow/"), author.follow, name="follow"),
]
