import hashlib
from functools import cache

import django
from django.conf import settings

PARTS = ("accounts", "comments", "events", "locale", "newsletter", "omep_site", "pages", "static", "templates")
KINDS = {".py", ".html", ".txt", ".js", ".css", ".svg", ".mo", ".json"}


@cache
def release() -> str:
    """A digest of all that pages are made from beside the database: our files, Django's version, the site's address.
    Machines with another release do not answer with its pages."""
    found = hashlib.blake2b(f"{django.__version__}|{settings.SITE_URL}".encode(), digest_size=16)
    for part in PARTS:
        for file in sorted((settings.BASE_DIR / part).rglob("*")):
            if file.suffix in KINDS:
                found.update(f"{file.relative_to(settings.BASE_DIR)}\0".encode())
                found.update(file.read_bytes())
    return found.hexdigest()
