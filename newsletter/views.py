"""The form, and the two pages behind the links of a mail. A link's GET asks and its POST acts (RFC 8058 for one)."""

import math

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import subscribing
from newsletter.forms import SubscribeForm
from newsletter.models import CONSENT, Subscriber
from omep_site.lib import links, throttle
from omep_site.lib.forms import comes_from_elsewhere, refuse
from omep_site.lib.network import client_network
from omep_site.lib.public import public_page

# From one network, a class or an office behind one address, five people may subscribe in a minute …
A_MINUTE = throttle.Limit("newsletter.subscribe.minute", 5, 60)
# … and thirty in an hour. Forms that are not valid do not count.
AN_HOUR = throttle.Limit("newsletter.subscribe.hour", 30, 3600)

ask_and_act = require_http_methods(["GET", "HEAD", "POST"])


@public_page()
@ask_and_act
def subscribe(request):
    if request.method != "POST":
        return subscribe_page(request)
    form = SubscribeForm(request.POST)
    if comes_from_elsewhere(request):
        refuse(form, _("This form came from another site. If you want to subscribe, press the button here."))
        return subscribe_page(request, form, 403)
    if not form.is_valid():
        return subscribe_page(request, form, 422)
    wait = throttle.wait_for([A_MINUTE, AN_HOUR], client_network(request))
    if wait:
        refuse(form, too_often(math.ceil(wait / 60)))
        response = subscribe_page(request, form, 429)
        response["Retry-After"] = wait
        return response
    subscribing.subscribe(**form.cleaned_data)
    return unstored(HttpResponseRedirect(reverse("newsletter:thanks"), status=303))


def subscribe_page(request, form=None, status=200):
    translations = links.in_every_language("newsletter:subscribe")
    context = {"newsletter_form": form, "translations": translations, "canonical": reverse("newsletter:subscribe")}
    response = render(request, "newsletter/subscribe.html", context, status=status)
    return unstored(response) if form else response


def too_often(minutes: int) -> str:
    return ngettext(
        "Several people have just subscribed from your network. Please try again in a minute.",
        "Several people have just subscribed from your network. Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


@public_page()
@require_safe
def thanks(request):
    context = {"translations": links.in_every_language("newsletter:thanks", public=False)}
    return render(request, "newsletter/thanks.html", context)


@ask_and_act
def confirm(request, token):
    """Looks at no Origin: who holds the token may act, from wherever their mail programme opens it."""
    translations = links.in_every_language("newsletter:confirm", public=False, token=token)
    try:
        subscriber = Subscriber.objects.by_confirm_token(token)
    except links.LinkExpired:
        return private_page(request, "link_over", translations, status=410, expired=True)
    except links.LinkBroken as error:
        raise Http404 from error
    if subscriber and request.method == "POST" and not subscriber.confirm(request.path.replace(token, "…")):
        subscriber = Subscriber.objects.by_confirm_token(token)  # as it is now: two clicks may have come at once
    if subscriber and subscriber.status == Subscriber.Status.CONFIRMED:
        unsubscribe_path = reverse("newsletter:unsubscribe", kwargs={"token": subscriber.unsubscribe_token})
        return private_page(request, "confirmed", translations, unsubscribe_path=unsubscribe_path)
    if subscriber and subscriber.status == Subscriber.Status.PENDING:
        return private_page(request, "confirm", translations, consent=CONSENT)
    return private_page(request, "link_over", translations, status=410)


@ask_and_act
def unsubscribe(request, token):
    """Works for ever, without signing in. Mail programmes post here themselves (RFC 8058, 3.2): no redirect."""
    subscriber = get_object_or_404(Subscriber, unsubscribe_token=token)
    if request.method == "POST":
        subscriber.unsubscribe()
    translations = links.in_every_language("newsletter:unsubscribe", public=False, token=token)
    if request.method != "POST" and subscriber.may_unsubscribe():
        return private_page(request, "unsubscribe", translations)
    return private_page(request, "unsubscribed", translations)


def private_page(request, name, translations, status=200, **context):
    """A page behind a token: nobody keeps it, no search engine lists it."""
    context |= {"translations": translations, "private": True}
    response = unstored(render(request, f"newsletter/{name}.html", context, status=status))
    response["X-Robots-Tag"] = "noindex"
    return response


def unstored(response):
    response["Cache-Control"] = "no-store"
    return response
