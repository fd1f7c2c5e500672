from django import template
from django.utils.translation import get_language

from newsletter.forms import SubscribeForm
from newsletter.models import CONSENT

register = template.Library()


@register.inclusion_tag("newsletter/_form.html", takes_context=True)
def newsletter_form(context) -> dict:
    """The form to subscribe: an empty one, or the one that was sent, where the context has a `newsletter_form`."""
    form = context.get("newsletter_form") or SubscribeForm(initial={"language": get_language(), "page": page(context)})
    return {"form": form, "consent": CONSENT}


def page(context) -> str:
    """The page's path, to be kept with a consent; "" where it may hold a token, so that no token is ever kept."""
    if context.get("private") or context.get("is_error") or "request" not in context:
        return ""
    return context["request"].path
