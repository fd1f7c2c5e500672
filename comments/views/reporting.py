"""A reader reports a published comment. Anonymous like all our forms; nothing about the reader is ever shown."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comments import reporting
from comments.models import Comment, Report
from comments.views.replying import readable
from events.reading import read
from omep_site.lib import links
from omep_site.lib.forms import comes_from_elsewhere, refuse
from omep_site.lib.network import client_network
from omep_site.lib.public import passing, public_page
from omep_site.lib.throttle import Limit, wait_for

# Who reads a long conversation may report several comments; a class behind one network as well …
A_MINUTE = Limit("comments.report.minute", 5, 60)
# … but nobody reads so much in a day.
A_DAY = Limit("comments.report.day", 50, 24 * 3600)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason for the report"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a reason."),
            "invalid_choice": gettext_lazy("Choose a reason."),
        },
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="report_%s")


@public_page()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, number):
    comment = readable(number)
    if request.method != "POST":
        return report_page(request, comment, ReportForm())
    form = ReportForm(request.POST)
    if comes_from_elsewhere(request):
        refuse(form, _("This came from another site. If you want to report the comment, press the button here."))
        return report_page(request, comment, form, 403)
    if not form.is_valid():
        return report_page(request, comment, form, 422)
    network = client_network(request)
    seconds = wait_for([A_MINUTE, A_DAY], network)
    if seconds:
        refuse(form, too_often(seconds))
        response = report_page(request, comment, form, 429)
        response["Retry-After"] = str(seconds)
        return response
    reporting.report(comment, form.cleaned_data["reason"], network)
    where = reverse("comments:reported", kwargs={"number": number})
    return HttpResponse(status=303, headers={"Location": where, "Cache-Control": "no-store"})


def report_page(request, comment, form, status=200):
    context = {
        "translations": links.in_every_language("comments:report", public=False, number=comment.pk),
        "comment": comment,
        "reading": read(comment.event, get_language()),
        "form": form,
    }
    response = render(request, "comments/report.html", context, status=status)
    if request.method == "POST":
        response["Cache-Control"] = "no-store"
    return response


def too_often(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "Many reports came from your network. Please send yours again in %(minutes)d minute.",
        "Many reports came from your network. Please send yours again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


@public_page()
@require_safe
def reported(request, number):
    """The same for every number, with a way back while there is one. Not kept: there are more numbers than comments."""
    comment = Comment.objects.public().filter(pk=number).first()
    context = {
        "translations": links.in_every_language("comments:reported", public=False, number=number),
        "comment": comment,
        "reading": read(comment.event, get_language()) if comment else None,
    }
    return passing(render(request, "comments/reported.html", context))
