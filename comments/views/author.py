"""What the author of a comment may do with it, on pages behind its own link.

One token opens them all, and this one comment alone. Forms that another site sends are refused; whoever could make
them would already know the token.
"""

from datetime import timedelta
from functools import wraps

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import editing, following
from comments.author_forms import EditForm, FollowForm
from comments.models import Comment, Policy
from comments.places import place_of
from comments.views.private import ask_and_act, private_page, unlisted
from events.reading import read
from omep_site.lib import links
from omep_site.lib.forms import comes_from_elsewhere, refuse, says_where_from
from omep_site.lib.network import client_network
from omep_site.lib.throttle import Limit, wait_for

WAITING = "comments.waiting"  # what the link to a waiting comment is signed for
WAITING_PAGE_LIVES = timedelta(days=30)

# Each change may write to the moderators, and each wish to an address: as many as comments from one network.
CHANGES = [Limit("comments.change.minute", 5, 60), Limit("comments.change.hour", 30, 3600)]
WISHES = [Limit("comments.follow.minute", 5, 60), Limit("comments.follow.hour", 30, 3600)]

# What the page says once after something was done; its address names which.
DONE = {
    "changed": gettext_lazy("Your changes have arrived. The comment is waiting as before."),
    "asked": gettext_lazy(
        "Noted. If the address that you gave is not confirmed yet, an e-mail is on its way to it, at most one a day. Open "
        "its link and press the button: until then we write nothing else."
    ),
    "nothing_asked": gettext_lazy("Noted. We will send no e-mail about this comment."),
}


def link_for_the_author(comment: Comment) -> str:
    """The path of the author's own page, in the active language."""
    return reverse("comments:waiting", kwargs={"token": links.sign(WAITING, comment.pk)})


def for_the_author(view):
    """Calls view(request, comment, token) for whoever holds the link to a comment. Nothing here can be guessed, found
    or kept; a comment that was erased is as if it had never been."""

    @wraps(view)
    def wrapped(request, token):
        try:
            pk = links.unsign(WAITING, token, WAITING_PAGE_LIVES)
        except links.LinkExpired:
            return private_page(request, "expired", "waiting", token, status=410)
        except links.LinkBroken as error:
            raise Http404 from error
        comment = get_object_or_404(Comment.objects.select_related("event"), pk=pk, erased_at=None)
        return unlisted(view(request, comment, token))

    return wrapped


@require_safe
@for_the_author
def waiting(request, comment, token):
    """One comment, and where it stands."""
    return own_page(request, comment, token, said=DONE.get(request.GET.get("done")))


@ask_and_act
@for_the_author
def edit(request, comment, token):
    if request.method != "POST":
        if not comment.may_be_edited():
            return back(token)
        return edit_page(request, comment, token, EditForm.of(comment))
    form = EditForm(request.POST)
    if comes_from_elsewhere(request):
        refuse(form, _("This came from another site. If you wrote it, send it once more from here."))
        return edit_page(request, comment, token, form, 403)
    if not comment.may_be_edited():
        return too_late(request, comment, token, form)
    if not form.is_valid():
        return edit_page(request, comment, token, form, 422)
    seconds = wait_for(CHANGES, client_network(request))
    if seconds:
        refuse(form, too_often(seconds))
        return retry_after(edit_page(request, comment, token, form, 429), seconds)
    revision = form.cleaned_data["revision"]
    if editing.edit(comment, form.words, revision, says_where_from=says_where_from(request)):
        return back(token, "changed")
    comment = get_object_or_404(Comment.objects.select_related("event"), pk=comment.pk, erased_at=None)
    if not comment.may_be_edited():
        return too_late(request, comment, token, form)
    if form.words == {name: getattr(comment, name) for name in form.words}:  # the button was pressed twice
        return back(token, "changed")
    form.show_revision(comment.revision)
    refuse(
        form,
        _(
            "Your comment was changed in another window meanwhile: below the form you see how it stands now. Send the "
            "form once more if it is to stand as in here."
        ),
    )
    return edit_page(request, comment, token, form, 409, stands=comment)


@ask_and_act
@for_the_author
def withdraw(request, comment, token):
    """GET asks, POST acts. Twice is fine."""
    if request.method != "POST":
        return page(request, "withdraw", "withdraw", comment, token) if comment.may_be_edited() else back(token)
    if comes_from_elsewhere(request):
        return page(request, "withdraw", "withdraw", comment, token, status=403, refused=True)
    if comment.withdraw():
        return back(token)
    comment = get_object_or_404(Comment.objects.select_related("event"), pk=comment.pk, erased_at=None)
    if comment.withdrawn_at:
        return back(token)
    return own_page(request, comment, token, 409, said=_("It can no longer be taken back here: an editor was quicker."))


@ask_and_act
@for_the_author
def send_again(request, comment, token):
    """The button stands on the comment's own page; reading this address leads there. Twice is fine."""
    if request.method != "POST":
        return back(token)
    if comes_from_elsewhere(request):
        return own_page(request, comment, token, 403, said=_("This came from another site. Press the button here."))
    seconds = wait_for(CHANGES, client_network(request)) if comment.withdrawn_at else 0
    if seconds:
        return retry_after(own_page(request, comment, token, 429, said=too_often(seconds)), seconds)
    editing.send_again(comment)
    return back(token)


@ask_and_act
@for_the_author
def follow(request, comment, token):
    """Takes what the author wishes to be told; the form stands on the comment's own page.

    The answer is the same whatever is known of the address (comments.following).
    """
    if request.method != "POST":
        return back(token)
    form = FollowForm(request.POST, offered=following.offered(comment, Policy.objects.in_force(comment.event)))
    if comes_from_elsewhere(request):
        refuse(form, _("This came from another site. Press the button here."))
        return own_page(request, comment, token, 403, form=form)
    if not form.fields:  # it was decided, or taken back, after this page was shown
        return back(token)
    seconds = wait_for(WISHES, client_network(request))
    if seconds:
        refuse(form, too_often(seconds))
        return retry_after(own_page(request, comment, token, 429, form=form), seconds)
    form.full_clean()
    following.follow(comment, form.cleaned_data, get_language())
    return back(token, "asked" if any(form.cleaned_data.values()) else "nothing_asked")


# Answers


def back(token: str, done: str = "") -> HttpResponseRedirect:
    """To the comment's own page, which says where it stands (RFC 9110, 15.4.4)."""
    path = reverse("comments:waiting", kwargs={"token": token})
    return HttpResponseRedirect(f"{path}?done={done}" if done else path, status=303)


def own_page(request, comment, token, status=200, form=None, **context):
    rules = Policy.objects.in_force(comment.event)
    context["follow_form"] = form or FollowForm(offered=following.offered(comment, rules))
    return page(request, "waiting", "waiting", comment, token, status=status, days=rules.trash_days, **context)


def edit_page(request, comment, token, form, status=200, **context):
    return page(request, "edit", "edit", comment, token, status=status, form=form, **context)


def too_late(request, comment, token, form):
    """Somebody decided, or its author took it back, while the words were written: they are shown, to be copied."""
    return page(request, "too_late", "waiting", comment, token, status=409, form=form)


def page(request, template, address, comment, token, **context):
    # Events can be withdrawn; their titles are then the editors' alone.
    if comment.event.is_published():
        context |= {"reading": read(comment.event, get_language()), "place": place_of(comment, get_language())}
    return private_page(request, template, address, token, comment=comment, **context)


def retry_after(response, seconds: int):
    response["Retry-After"] = str(seconds)
    return response


def too_often(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "This was sent many times from your network. Please try again in %(minutes)d minute.",
        "This was sent many times from your network. Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
