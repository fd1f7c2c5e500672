"""The site's settings for tests: mail is kept in memory, passwords are quick, a page with a cookie is an error."""

from omep_site.settings import *  # noqa: F403
from omep_site.settings import BASE_DIR, DATABASES, POST_OFFICE, STORAGES

SITE_URL = "https://events.example.org"
SERVED = False
SECURE_SSL_REDIRECT = False
ALLOWED_HOSTS = ["testserver"]
MODERATORS = []
AKISMET_KEY = METRICS_TOKEN = SENTRY_DSN = ""
ERROR_MAIL = SECURITY_CONTACT = []
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
POST_OFFICE = POST_OFFICE | {
    "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
    "MESSAGE_ID_FQDN": "events.example.org",
}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = False
PUBLIC_PAGE_STRICT = True
STATIC_ROOT = BASE_DIR / "static"  # a folder that exists in a fresh clone, where nothing was collected
if DATABASES["default"]["ENGINE"] == "omep_site.lib.sqlite":
    # In memory nobody stands in line, and pytest-django knows SQLite by this name. Where a test is about several at once,
    # its database is a file, and the engine the site's (conftest: at_once).
    DATABASES["default"]["ENGINE"] = "django.db.backends.sqlite3"
