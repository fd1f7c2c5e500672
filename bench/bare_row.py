"""A Django project of nothing: no middleware, one view, which inserts one row and commits it. What a comment's POST is
held to. On the database of BARE_DATABASE, with the site's own settings of it."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpResponse
from django.urls import re_path

from omep_site.backing_services import database

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": database("BARE_DATABASE", "")},
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench" * 10,
)
django.setup()


class Row(models.Model):
    words = models.TextField()

    class Meta:
        app_label = "bench"


def view(request):
    """Of a form all that was sent, as it was sent; of any other request nothing."""
    if request.method != "POST":
        return HttpResponse()
    row = Row.objects.create(words=request.body.decode())
    return HttpResponse(status=303, headers={"Location": f"/{row.pk}/"})


urlpatterns = [re_path("", view)]
application = get_wsgi_application()

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Row)
