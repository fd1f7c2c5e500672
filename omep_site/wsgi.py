import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omep_site.settings")

django = get_wsgi_application()

from omep_site import notify, running, watching  # noqa: E402 - these need Django’s settings
from omep_site.lib.quick import KeptPages  # noqa: E402
from omep_site.lib.requests import Requests  # noqa: E402

application = KeptPages(Requests(django))
running.share()
running.end_with_parent()
watching.start("web")
notify.tell_when_listening()

# Seconds after which a thread that makes a page lets those with a kept one go first; Python’s own 0.005 is longer than a
# hundred of them take, and one reader in a hundred waited for several in a row (docs/benchmarks.md).
sys.setswitchinterval(0.0001)
