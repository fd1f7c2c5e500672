"""The editors' house: Django's admin with a first page of ours. What waits is said in waiting.py."""

from django.contrib.admin import AdminSite
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# What one does in each part. A part without a sentence shows its name alone.
SENTENCES = {
    "events.event": _("Announce an event in both languages, change it, publish it."),
    "events.partner": _("The organisations with which events are held: their names and websites."),
    "comments.comment": _("Read what visitors wrote under the events, and decide what is shown."),
    "newsletter.subscriber": _("See who receives the newsletter; unsubscribe those who ask for it."),
    "pages.sitetexts": _("The words at the head and foot of every page: name, contact, links."),
    "pages.page": _("The privacy notice, the legal notice and pages of your own."),
    "accounts.account": _("Give people an account, say what each may do, help with a lost password."),
    "omep_site.queuedmail": _("See which mail has gone out, which waits and which failed."),
}


class House(AdminSite):
    site_header = site_title = _("OMEP: the editors’ house")
    index_title = _("What would you like to do?")

    def index(self, request, extra_context=None):
        from omep_site import waiting  # this module is read before the models that it asks

        context = {"waiting": waiting.lines(request), "parts": self.parts(request)}
        return super().index(request, context | (extra_context or {}))

    def parts(self, request) -> list[dict]:
        """The apps that this account may enter, each model with its sentence."""
        parts = [
            {
                "name": app["name"],
                "models": [
                    model | {"sentence": SENTENCES.get(f"{app['app_label']}.{model['object_name'].lower()}", "")}
                    for model in app["models"]
                    if model["admin_url"]
                ],
            }
            for app in self.get_app_list(request)
        ]
        if request.user.has_perm("accounts.change_account"):
            roles = {
                "name": _("Roles"),
                "admin_url": reverse("admin_roles"),
                "sentence": _("See what each role may do and who has it; demand a second step of signing in."),
            }
            for app in parts:
                if any(model.get("object_name") == "Account" for model in app["models"]):
                    app["models"].append(roles)
        return [app for app in parts if app["models"]]
