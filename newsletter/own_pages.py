"""What a reader does with their subscription, on pages behind a link of their own, which each letter has.

The link is signed with its moment and good for 90 days; an old one has a fresh one sent, to the reader's address only.
Forms that another site sends are refused, but for the buttons that a mail's own link shows.
"""

import math
from functools import wraps

from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from newsletter import moving, privacy
from newsletter.forms import MoveForm, ReadInForm
from newsletter.models import CONSENT, Delivery, Subscriber, Suppression
from newsletter.views import ask_and_act, private_page, unstored
from omep_site.lib import links
from omep_site.lib.forms import comes_from_elsewhere, refuse
from omep_site.lib.network import client_network
from omep_site.lib.throttle import Limit, wait_for

# From one network: as many changes as forms to subscribe.
CHANGES = [Limit("newsletter.change.minute", 5, 60), Limit("newsletter.change.hour", 30, 3600)]

# What a page says once after something was done; its address names which.
DONE = {
    "language": gettext_lazy("Saved. Your letters will come in this language."),
    "asked": gettext_lazy(
        "An e-mail is on its way to the new address. Open the link in it and press the button: until then, your letters "
        "go to the address that you have now."
    ),
}


def for_the_reader(view):
    """Calls view(request, subscriber, token) for whoever holds a link that is good."""

    @wraps(view)
    def wrapped(request, token):
        try:
            subscriber = Subscriber.objects.by_preferences_token(token)
        except links.LinkExpired:
            return link_over(request, token)
        except links.LinkBroken as error:
            raise Http404 from error
        return view(request, subscriber, token) if subscriber else gone(request, token)

    return wrapped


def link_over(request, token):
    """The answer to its button is the same whatever is known, and however often it is pressed."""
    sent = request.method == "POST"
    if sent:
        moving.send_fresh_link(token)
    translations = links.in_every_language("newsletter:preferences", public=False, token=token)
    path = reverse("newsletter:preferences", kwargs={"token": token})
    return private_page(request, "preferences_over", translations, status=200 if sent else 410, sent=sent, path=path)


def gone(request, token):
    translations = links.in_every_language("newsletter:preferences", public=False, token=token)
    return private_page(request, "preferences_gone", translations, status=410)


def page(request, name: str, subscriber: Subscriber, token: str, status=200, **context):
    translations = links.in_every_language(f"newsletter:{name}", public=False, token=token)
    context |= {"subscriber": subscriber, "token": token, "said": DONE.get(request.GET.get("done"))}
    return private_page(request, name, translations, status, **context)


def stopped(request, form) -> tuple[int, int]:
    """(the status to answer with, the seconds to wait) of a form that is not to be acted on, which says why; 0 of one
    that is."""
    if comes_from_elsewhere(request):
        refuse(form, _("This form came from another site. If this is what you want, press the button here."))
        return 403, 0
    if not form.is_valid():
        return 422, 0
    wait = wait_for(CHANGES, client_network(request))
    if wait:
        refuse(form, too_often(wait))
    return (429 if wait else 0), wait


def too_often(wait: int) -> str:
    minutes = math.ceil(wait / 60)
    if minutes > 90:
        return _("This has been asked for several times today. Please try again tomorrow.")
    return ngettext(
        "Several changes came from your network just now. Please try again in a minute.",
        "Several changes came from your network just now. Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def with_pause(response, wait: int):
    if wait:
        response["Retry-After"] = wait
    return response


def done(name: str, token: str, what: str):
    path = reverse(f"newsletter:{name}", kwargs={"token": token})
    return unstored(HttpResponseRedirect(f"{path}?done={what}", status=303))


@ask_and_act
@for_the_reader
def preferences(request, subscriber, token):
    reads = subscriber.may_unsubscribe()
    if request.method != "POST" or not reads:
        form = ReadInForm(initial={"language": subscriber.language}) if reads else None
        return page(request, "preferences", subscriber, token, form=form)
    form = ReadInForm(request.POST)
    status, wait = stopped(request, form)
    if status:
        return with_pause(page(request, "preferences", subscriber, token, status, form=form), wait)
    language = form.cleaned_data["language"]
    subscriber.read_in(language)
    path = links.path_in(language, "newsletter:preferences", token=token)
    return unstored(HttpResponseRedirect(f"{path}?done=language", status=303))


@ask_and_act
@for_the_reader
def address(request, subscriber, token):
    if subscriber.status != Subscriber.Status.CONFIRMED:
        return unstored(HttpResponseRedirect(reverse("newsletter:preferences", kwargs={"token": token}), status=303))
    if request.method != "POST":
        return page(request, "address", subscriber, token, form=MoveForm(subscriber=subscriber))
    form = MoveForm(request.POST, subscriber=subscriber)
    status, wait = stopped(request, form)
    if not status:
        wait = moving.ask_to_move(subscriber, form.cleaned_data["email"])
        if not wait:
            return done("address", token, "asked")
        status = 429
        refuse(form, too_often(wait))
    return with_pause(page(request, "address", subscriber, token, status, form=form), wait)


@ask_and_act
def move(request, token):
    """The link in the mail to a new address: whoever holds it may act, from wherever their mail programme opens it."""
    translations = links.in_every_language("newsletter:move", public=False, token=token)
    try:
        asked = moving.Move.read(token)
    except links.LinkExpired:
        return private_page(request, "move_over", translations, status=410, expired=True)
    except links.LinkBroken as error:
        raise Http404 from error
    if asked.is_open():
        if request.method != "POST":
            return private_page(request, "move", translations, new=asked.new, consent=CONSENT)
        if not asked.make(request.path.replace(token, "…")):
            asked = moving.Move.read(token)  # as it is now: two clicks may have come at once
            if not asked.is_done():
                return private_page(request, "move_over", translations, status=410, taken=True)
    if asked.is_done():
        path = reverse("newsletter:preferences", kwargs={"token": asked.subscriber.preferences_token})
        return private_page(request, "moved", translations, new=asked.new, preferences_path=path)
    return private_page(request, "move_over", translations, status=410)


@require_safe
@for_the_reader
def data(request, subscriber, token):
    """What the newsletter keeps, to be read; the rest of the site is asked by a person (omep_site/privacy.py)."""
    return page(
        request,
        "data",
        subscriber,
        token,
        consents=subscriber.consents.select_related("text"),
        letters=subscriber.deliveries.filter(status=Delivery.Status.SENT).count(),
        groups=[tag.name for tag in subscriber.tags.all()],
        blocked=Suppression.objects.of(subscriber.email).first(),
    )


@require_safe
@for_the_reader
def data_file(request, subscriber, token):
    response = JsonResponse(privacy.export(subscriber.email), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="newsletter-data.json"'
    response["X-Robots-Tag"] = "noindex"
    return unstored(response)
