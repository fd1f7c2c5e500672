from django.urls import path
from django.utils.translation import gettext_lazy as _

from newsletter import archive, own_pages, views

# A letter's link to unsubscribe works for ever: whoever changes one of these words, in any language, keeps the old one.
app_name = "newsletter"
urlpatterns = [
    path(_("newsletter/"), views.subscribe, name="subscribe"),
    path(_("newsletter/thanks/"), views.thanks, name="thanks"),
    path(_("newsletter/confirm/<str:token>/"), views.confirm, name="confirm"),
    path(_("newsletter/issues/"), archive.issues, name="issues"),
    path(_("newsletter/issues.atom"), archive.feed, name="feed"),
    path(_("newsletter/issues/<int:number>/"), archive.issue, name="issue"),
    # Before the readers' own, whose token they are: newsletter.letters.SAMPLE, in every language.
    path(_("newsletter/preferences/sample/"), archive.sample, name="sample_preferences"),
    path(_("newsletter/unsubscribe/sample/"), archive.sample, name="sample_unsubscribe"),
    path(_("newsletter/preferences/<str:token>/"), own_pages.preferences, name="preferences"),
    path(_("newsletter/preferences/<str:token>/address/"), own_pages.address, name="address"),
    path(_("newsletter/preferences/<str:token>/data/"), own_pages.data, name="data"),
    path(_("newsletter/preferences/<str:token>/data.json"), own_pages.data_file, name="data_file"),
    path(_("newsletter/address/<str:token>/"), own_pages.move, name="move"),
    path(_("newsletter/unsubscribe/<slug:token>/"), views.unsubscribe, name="unsubscribe"),
]
