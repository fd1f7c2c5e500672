import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omep_site.settings")

django = get_wsgi_application()

from omep_site.lib.quick import KeptPages  # noqa: E402 - needs Django’s settings

application = KeptPages(django)

# Seconds after which a thread that makes a page lets those with a kept one go first; Python’s own 0.005 is longer than a
# hundred of them take, and one reader in a hundred waited for several in a row (docs/benchmarks.md).
sys.setswitchinterval(0.0001)
