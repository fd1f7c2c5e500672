"""The editors' house: Django's admin with a first page of ours. What waits is said in waiting.py."""

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models.base import ModelBase
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from omep_site.lib.lists import ForgivingList

# What one does in each part, in the order of the page. A part without a sentence comes last, with its name alone.
SENTENCES = {
    "events.event": _("Announce an event in both languages, change it, publish it."),
    "events.partner": _("The organisations with which events are held: their names and websites."),
    "events.subject": _("What events are about: visitors find those that belong together."),
    "comments.comment": _("Read what visitors wrote under the events, and decide what is shown."),
    "comments.policy": _("Which comments wait, when they close, what counts as spam: for the site, and for one event."),
    "comments.move": _("The record: who approved, put aside or erased which comment, and when."),
    "newsletter.issue": _("Write a letter in both languages, look at it, send it, and see what became of it."),
    "newsletter.subscriber": _("See who receives the newsletter; unsubscribe those who ask for it."),
    "newsletter.tag": _("Groups of subscribers, for letters that go to some of them."),
    "newsletter.importjob": _("Bring a list of people who agreed to receive the newsletter elsewhere."),
    "newsletter.suppression": _("See to which addresses nothing is sent, and why; block one, or lift a block."),
    "newsletter.delivery": _("See to whom each letter went, and what became of it."),
    "newsletter.bounce": _("See which letters came back, and why."),
    "pages.sitetexts": _("The words at the head and foot of every page: name, contact, links."),
    "pages.page": _("The privacy notice, the legal notice, the accessibility page and pages of your own."),
    "accounts.account": _("Give people an account, say what each may do, help with a lost password."),
    "omep_site.queuedmail": _("See which e-mails have gone out, which wait and which failed."),
}
ROLES_PAGE = {
    "name": _("Roles"),
    "sentence": _("See what each role may do and who has it; demand two-step sign-in."),
}
PERSONAL_DATA_PAGE = {
    "name": _("Personal data"),
    "sentence": _("See, hand out or erase what the site stores about one person."),
}
DOMAIN_PAGE = {
    "name": _("Is our mail believed?"),
    "sentence": _("Look up what our domain says of its mail: SPF, DKIM, DMARC; and what to ask for."),
}
CONDITION_PAGE = {
    "name": _("How the site is"),
    "sentence": _("See whether all is well, what is wrong, and what happened while nobody looked."),
}
LIBRARIES = {"auth", "axes", "otp_static", "otp_totp", "post_office"}


def key_of(app: dict, model: dict) -> str:
    return f"{app['app_label']}.{model['object_name'].lower()}"


def place(key: str) -> int:
    """Where it stands among the sentences; at the end without one."""
    return [*SENTENCES, key].index(key)


class House(AdminSite):
    index_title = _("What would you like to do?")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Pages that libraries bring along stay out: ours take their place (accounts, mail) or nobody needs them."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        ours = [model for model in models if model._meta.app_label not in LIBRARIES]
        admin_class = admin_class or ModelAdmin
        kept = {"__module__": admin_class.__module__}
        super().register(ours, type(admin_class.__name__, (ForgivingList, admin_class), kept), **options)

    def each_context(self, request):
        """The house is named after the site, whose name is a text that editors may change."""
        name = gettext("{name}: the editors’ house").format(name=import_string(settings.SITE_WORDS)().name)
        return super().each_context(request) | {"site_header": name, "site_title": name}

    def password_change(self, request, extra_context=None):
        from accounts.views.passwords import Change  # this module is read before the models that it asks

        page = Change.as_view(
            success_url=reverse("admin:password_change_done"),
            extra_context=self.each_context(request) | (extra_context or {}),
        )
        return page(request)

    def i18n_javascript(self, request, extra_context=None):
        """The words of the rich-text editor too, which come from its own catalogue and from ours."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "django_prose_editor"])(request)

    def get_app_list(self, request, app_label=None):
        """Events first, what is seldom needed last: in the order of the sentences."""
        if app_label is None and hasattr(request, "house_apps"):
            return request.house_apps  # the header, the menu and the page ask for it, and it costs queries
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: place(key_of(app, model)))
        apps.sort(key=lambda app: min(place(key_of(app, model)) for model in app["models"]))
        if app_label is None:
            request.house_apps = apps
        return apps

    @property
    def login_form(self):
        from accounts.forms import SignInForm  # this module is read before the models that it asks

        return SignInForm

    def app_index(self, request, app_label, extra_context=None):
        """An app has no page of its own: its address, which old links may name, leads to its first list."""
        apps = self.get_app_list(request, app_label)
        lists = [model["admin_url"] for app in apps for model in app["models"] if model["admin_url"]]
        if not lists:
            raise Http404
        return HttpResponseRedirect(lists[0])

    def index(self, request, extra_context=None):
        from omep_site import waiting  # this module is read before the models that it asks

        context = {"waiting": waiting.lines(request), "parts": self.parts(request)}
        return super().index(request, context | (extra_context or {}))

    def parts(self, request) -> list[dict]:
        """What this account may enter, each with its sentence."""
        from newsletter.admin import domain  # this module is read before the models that it asks
        from omep_site import condition_admin, personal_data

        parts = []
        for app in self.get_app_list(request):
            for model in app["models"]:
                if model["admin_url"]:
                    key = key_of(app, model)
                    parts.append(model | {"sentence": SENTENCES.get(key, "")})
                    if key == "newsletter.subscriber" and domain.may_enter(request.user):
                        parts.append(DOMAIN_PAGE | {"admin_url": reverse("admin_domain")})
                    if key == "accounts.account":
                        parts.append(ROLES_PAGE | {"admin_url": reverse("admin_roles")})
        if personal_data.may_enter(request.user):
            parts.append(PERSONAL_DATA_PAGE | {"admin_url": reverse("admin_personal_data")})
        if condition_admin.may_enter(request.user):
            parts.append(CONDITION_PAGE | {"admin_url": reverse("admin_condition")})
        return parts
