"""How quick the site is. Each part runs by itself, `python -m bench.pages`, and with all others, `make bench`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omep_site.settings")
