"""A Django project of nothing: no middleware, one view, which answers the bytes of a file. What the site is held to."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import re_path

BODY = Path(os.environ["BARE_BODY"]).read_bytes()

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, MIDDLEWARE=[], SECRET_KEY="bench" * 10)


def view(request):
    return HttpResponse(BODY, headers={"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "br"})


urlpatterns = [re_path("", view)]
application = get_wsgi_application()
