"""How whoever is signed in wants to be told of waiting comments."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.models import ModeratorChoice

LIST = "admin:comments_comment_changelist"


class ChoiceForm(forms.Form):
    when = forms.ChoiceField(
        label=gettext_lazy("Tell me of waiting comments by e-mail"),
        choices=ModeratorChoice.When,
        widget=forms.RadioSelect,
    )


def choice_view(model_admin, request):
    """A small page; the foot of the list sends the same form here."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    form = ChoiceForm(
        request.POST if request.method == "POST" else None, initial={"when": ModeratorChoice.of(request.user)}
    )
    if form.is_valid():
        ModeratorChoice.choose(request.user, form.cleaned_data["when"])
        model_admin.message_user(request, said(request.user, form.cleaned_data["when"]), messages.SUCCESS)
        return HttpResponseRedirect(reverse(LIST))
    title = _("Being told of waiting comments")
    context = model_admin.admin_site.each_context(request) | {
        "title": title,
        "opts": model_admin.opts,
        "media": model_admin.media,
        "form": form,
        "has_address": bool(request.user.email),
        "who_is_told": who_is_told(),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/comments/comment/choice.html", context, status=status)


def said(user, when: str) -> str:
    if when == ModeratorChoice.When.NEVER:
        return _("You will get no e-mail about waiting comments.")
    if not user.email:
        return _("This is noted. Your account has no e-mail address yet: an administrator can add it.")
    return {
        ModeratorChoice.When.AT_ONCE: _("You will get an e-mail about each waiting comment, with links to decide."),
        ModeratorChoice.When.HOURLY: _("You will get an e-mail once an hour, if anything new waits."),
        ModeratorChoice.When.DAILY: _("You will get an e-mail once a day, if anything new waits."),
    }[when]


def who_is_told() -> str:
    """How many addresses learn of a waiting comment whatever anybody chose; never which ones."""
    count = len(settings.MODERATORS)
    if not count:
        return _("Nobody is told by e-mail that a comment waits: the setting MODERATORS is empty.")
    return ngettext(
        "An e-mail about each waiting comment goes to the %(count)d address in the setting MODERATORS.",
        "An e-mail about each waiting comment goes to the %(count)d addresses in the setting MODERATORS.",
        count,
    ) % {"count": count}
