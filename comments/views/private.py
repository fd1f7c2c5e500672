"""Pages behind a token: nobody keeps them, no search engine lists them."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from omep_site.lib import links

ask_and_act = require_http_methods(["GET", "HEAD", "POST"])


def private_page(request, template: str, address: str, token: str, status: int = 200, **context):
    """templates/comments/<template>.html, which in the other languages stands under the route `address`."""
    context |= {
        "token": token,
        "translations": links.in_every_language(f"comments:{address}", public=False, token=token),
        "private": True,  # no form of this page may note its address
    }
    return unlisted(render(request, f"comments/{template}.html", context, status=status))


def unlisted(response):
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
