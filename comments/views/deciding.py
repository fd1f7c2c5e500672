"""The pages behind the links with which moderators decide from their mail. GET asks, POST acts."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comments import deciding
from comments.deciding import End, Ended, Order
from comments.decisions import standing
from comments.models import Comment
from events.reading import path_of, phrase
from omep_site.lib import links

ASKED = {  # question, and button
    "approve": (_("Approve this comment?"), _("Approve")),
    "mark_spam": (_("Mark this comment as spam?"), _("Mark as spam")),
    "trash": (_("Move this comment to the trash?"), _("Move to the trash")),
}
DONE = {
    "approve": _("The comment is approved: everybody can read it."),
    "mark_spam": _("The comment is marked as spam: visitors do not see it."),
    "trash": _("The comment is in the trash: visitors do not see it."),
}
ENDS = {  # title, and why
    End.EXPIRED: (_("This link is over"), _("It was good for seven days.")),
    End.NOT_ALLOWED: (_("This link is over"), _("The account that it was made for may not decide about comments now.")),
    End.PASSWORD: (_("This link is over"), _("The password of your account has been changed since.")),
    End.GONE: (_("This comment is gone"), _("Its words have been erased: there is nothing left to decide.")),
    End.TAKEN_BACK: (_("This comment was taken back"), _("Its author has taken it back: there is nothing to decide.")),
    End.NEWER: (
        _("There is a newer version"),
        _("The author has changed this comment since the e-mail was written. Read the new version before you decide."),
    ),
}
BROKEN = (
    _("This link is not whole"),
    _("Something in its address is missing or was changed. Open it from the e-mail, or copy it in one piece."),
)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, token):
    """Looks at no session and no Origin: who holds the link may act, from wherever their mail programme opens it."""
    try:
        order = deciding.read(token)
        if request.method != "POST":
            return done(request, token, order) if order.is_done else ask(request, token, order)
        if order.act(request.POST.get("seen", "")):
            return done(request, token, order, now=True)
        order = deciding.read(token)  # as it is now: somebody else may have been quicker
        return done(request, token, order) if order.is_done else ask(request, token, order, status=409)
    except Ended as ended:
        return over(request, token, 410, *ENDS[ended.end], comment=ended.comment)
    except links.LinkBroken:
        return over(request, token, 403, *BROKEN)


def ask(request, token, order: Order, status=200):
    """The comment, and one button. What the person sees of its status goes along, so that nobody decides over
    somebody else's decision without knowing it."""
    question, button = ASKED[order.verb]
    context = about(order) | {"page_title": question, "button": button, "is_late": status == 409}
    return page(request, token, "ask", status, **context)


def done(request, token, order: Order, now=False):
    comment = order.comment
    is_shown = comment.is_visible() and comment.event.is_published()
    event_path = f"{path_of(comment.event, get_language())}#{comment.anchor}" if is_shown else ""
    title = _("Done") if now else _("Done already")
    context = about(order) | {"page_title": title, "sentence": DONE[order.verb], "event_path": event_path}
    return page(request, token, "done", **context)


def over(request, token, status: int, title, sentence, comment: Comment | None = None):
    admin = reverse("admin:comments_comment_changelist")
    if comment:
        admin = reverse("admin:comments_comment_change", args=[comment.pk])
    return page(request, token, "over", status, page_title=title, sentence=sentence, admin_path=admin)


def about(order: Order) -> dict:
    return {
        "comment": order.comment,
        "event": phrase(order.comment.event, "title", get_language()),
        "decision": standing(order.comment),
    }


def page(request, token, name: str, status=200, **context):
    """For whoever holds the link alone: nobody keeps it, no search engine lists it."""
    context["translations"] = links.in_every_language("comments:decide", public=False, token=token)
    context["private"] = True
    response = render(request, f"comments/decide/{name}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
