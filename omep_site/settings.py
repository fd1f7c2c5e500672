"""Settings of the site. What differs between installations comes from the environment; .env.example lists it all."""

import hashlib
from base64 import b64encode
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.templatetags.static import static
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from omep_site import backing_services
from omep_site import environment as from_env

BASE_DIR = Path(__file__).resolve().parent.parent
# What this installation makes for itself (database, uploads, collected files, the demo's password); git ignores it.
VAR = BASE_DIR / "var"
from_env.read(BASE_DIR / ".env")

# --- From the environment -------------------------------------------------------------------------------------------

DEBUG = from_env.flag("DEBUG")
BIND = from_env.ip_address("BIND", "127.0.0.1")
PORT = from_env.number("PORT", 8000, 1, 65535)
WORKERS = from_env.number("WORKERS", 2, 1, 64)
TRUSTED_PROXIES = from_env.number("TRUSTED_PROXIES", 0, 0, 10)
SECRET_KEY = from_env.secret_key("SECRET_KEY", VAR / "secret_key")
SECRET_KEY_FALLBACKS = from_env.former_keys("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = from_env.hosts("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
SITE_URL = from_env.site_url("SITE_URL", f"http://127.0.0.1:{PORT}")
# For others to see, and not to be tried out by `make run`: then backups are expected (omep_site/gathering.py).
SERVED = bool(from_env.text("SITE_URL"))
DATABASES = {"default": backing_services.database("DATABASE_URL", f"sqlite:///{quote(str(VAR / 'db.sqlite3'))}")}
CACHES = {
    "default": backing_services.cache("CACHE_URL"),
    # Parts of pages by all that they show ({% cache %}): never out of date, so each process may keep its own.
    "template_fragments": backing_services.memory(0 if DEBUG else 100),
}
DEFAULT_FROM_EMAIL = from_env.sender("DEFAULT_FROM_EMAIL", "OMEP <lettre@localhost>")
BOUNCE_ADDRESS = from_env.address("BOUNCE_ADDRESS", parseaddr(DEFAULT_FROM_EMAIL)[1])
BOUNCE_MAILBOX = backing_services.mailbox("BOUNCE_MAILBOX")
DKIM_SELECTORS = from_env.selectors("DKIM_SELECTORS")
ANYMAIL = backing_services.providers("ANYMAIL_")
NEWSLETTER_CONNECTIONS = from_env.number("NEWSLETTER_CONNECTIONS", 2, 1, 20)
NEWSLETTER_PER_MINUTE = from_env.number("NEWSLETTER_PER_MINUTE", 0, 0, 1_000_000)
MODERATORS = from_env.addresses("MODERATORS")
AKISMET_KEY = from_env.key_of_a_service("AKISMET_KEY")
from_env.choice("LOG_FORMAT", ("json", "line"))  # read by omep_site/lib/logs.py, which the server reads before settings
METRICS_TOKEN = from_env.token("METRICS_TOKEN")
ERROR_MAIL = from_env.addresses("ERROR_MAIL")
SENTRY_DSN = backing_services.sentry("SENTRY_DSN")
SECURITY_CONTACT = from_env.contacts("SECURITY_CONTACT")
MEDIA_ROOT = from_env.text("MEDIA_ROOT", str(VAR / "media"))
BACKUPS = from_env.folder("BACKUPS", VAR / "backups", outside=MEDIA_ROOT)
_mail = backing_services.mail_server("EMAIL_URL")

# --- The site -------------------------------------------------------------------------------------------------------

# Names the function that says what the site is called; its words are the editors' (pages/site.py).
SITE_WORDS = "pages.site.words"

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, which it extends
    "omep_site.apps.HouseAdminConfig",  # Django’s admin, with our AdminSite
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "adminsortable2",
    "django_prose_editor",
    "post_office",
    "reversion",
    "omep_site",
    "accounts",
    "events",
    "comments",
    "newsletter",
    "pages",
]

MIDDLEWARE = [
    "omep_site.lib.public.PublicPages",  # first: a page that it holds costs nothing else
    "omep_site.middleware.Protection",
    "omep_site.lib.requests.Route",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "omep_site.lib.frames.Policy",  # the security policy
    "omep_site.middleware.AdminSession",
    "omep_site.middleware.Language",
    "omep_site.middleware.Common",
    "omep_site.middleware.Readable",
    "omep_site.middleware.AdminCsrf",
    "omep_site.middleware.AdminAuthentication",
    "omep_site.middleware.AdminOtp",
    "omep_site.middleware.AdminLanguage",
    "omep_site.middleware.AdminMessages",
    "omep_site.middleware.AdminKnownBrowser",
    "omep_site.middleware.AdminSecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "omep_site.middleware.AdminAxes",
    "omep_site.away.Away",  # last, so that it hears first of a view’s fault
]

ROOT_URLCONF = "omep_site.urls"
WSGI_APPLICATION = "omep_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "omep_site.lib.context.site",
            ],
        },
    },
]
FORM_RENDERER = "omep_site.lib.forms.Renderer"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# --- Languages and time ---------------------------------------------------------------------------------------------

# A third language is a line here, a migration (makemigrations) and a catalogue (make messages).
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["omep_site.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = LANGUAGE_CODE
# “Title – English”, in the reader's language.
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = lambda words, code: f"{words} – {dict(LANGUAGES).get(code, code)}"  # noqa: E731
# Fallback is for reading; what is complete is asked of each language's own column (events.models).
MODELTRANSLATION_FALLBACK_LANGUAGES = tuple(code for code, _name in LANGUAGES)

USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- Static files and uploads ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
# Each says of an uploaded file whether a row uses it; what none uses is not handed out (omep_site/lib/media.py).
MEDIA_IN_USE = [
    "events.pictures.in_use",
    "events.documents.in_use",
    "events.logos.in_use",
    "pages.logo.in_use",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no page of another site is to read them
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "woff2", "png", "jpg", "jpeg", "webp", "gz", "br", "zip")

# --- Mail -----------------------------------------------------------------------------------------------------------

# Mail is a row, written with its cause; the worker delivers it (omep_site/lib/mail.py).
EMAIL_BACKEND = "omep_site.lib.mail.QueueBackend"
EMAIL_TIMEOUT = 20  # seconds
POST_OFFICE = {
    "BACKENDS": {"default": _mail.pop("DELIVERY")},
    "BATCH_SIZE": 20,  # then the worker looks after its other jobs
    # The first that was written goes out first; one that was tried already makes room for the others.
    "SENDING_ORDER": ["-priority", "last_updated", "pk"],
    "LOG_LEVEL": 1,  # failures only: a log of what was sent would be one more place for addresses
    "MESSAGE_ID_ENABLED": True,  # a mail that is tried again keeps its Message-ID
    "MESSAGE_ID_FQDN": urlsplit(SITE_URL).hostname,
    "MAX_RETRIES": 53,  # 48 hours of them
    "RETRY_INTERVAL": timedelta(minutes=1),  # the first pause; omep_site.lib.mail lets the pauses grow
}
globals().update(_mail)

# --- Accounts -------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.AccountBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.WordsOfTheSite"},
]
PASSWORD_RESET_TIMEOUT = 12 * 3600  # seconds that the link in a mail is good for, once

# Sessions, and their cookies, exist under /admin/ only (omep_site/middleware.py).
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # seconds after the last use
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"

# After so many wrong passwords for an account, a network is locked out until this time is over (accounts/lockout.py).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_HANDLER = "accounts.lockout.CountingHandler"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "omep_site.lib.network.client_network"  # never an address
# Nothing is written down, neither in tables nor in logs: no address, no browser's name, no user's.
AXES_VERBOSE = AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True

# The second factor (accounts/second_factor.py) has limits of its own, which end, instead of ever growing pauses.
OTP_TOTP_ISSUER = urlsplit(SITE_URL).hostname
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0

# Our part of the rich-text editor: it allows no element, so that nothing is added to what may be stored.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [lazy(static, str)("rich-text.js")], "extensions": {"House": lambda config, allowed: None}}
]

# --- Security -------------------------------------------------------------------------------------------------------

HTTPS = urlsplit(SITE_URL).scheme == "https"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = from_env.flag("HSTS_SUBDOMAINS")
# Who looks after a process asks these, over plain http and by whatever address it has for it (omep_site.middleware.Common).
HEALTH = ["/healthz", "/readyz"]
SECURE_REDIRECT_EXEMPT = [f"^{path[1:]}$" for path in HEALTH]
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would turn a form's Origin into null
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # Browsers take cookies of these names from nobody who speaks plain http, nor from a page that asks for less. __Host-
    # would ask for more, and for the path “/” with it: every public page would be sent the session.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Secure-sessionid", "__Secure-csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "omep_site.views.unconfirmed"
# The default storage puts messages into a cookie on "/".
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"

SILENCED_SYSTEM_CHECKS = [
    "axes.W002",  # looks for axes' middleware by name; ours is a subclass of it, at work under /admin/
    "security.W003",  # looks for Django's CSRF middleware by name; ours is a subclass of it, at work under /admin/
    "security.W005",  # whether this site speaks for what stands under its name too is said by HSTS_SUBDOMAINS
    "security.W021",  # a preload list binds the whole domain for years: its owner's to choose
]

# The one script that stands inside a page, by its content: when somebody begins to write a comment.
_STAMP = hashlib.sha256((BASE_DIR / "templates" / "stamp.js").read_bytes()).digest()
STAMP_SCRIPT = f"'sha256-{b64encode(_STAMP).decode()}'"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, STAMP_SCRIPT, NONCE],  # the nonce is sent only where a page uses it: in the admin's editor
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# What a visitor may send: a comment is a few kilobytes; an editor's form has many rows.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
# What one form of an event may hold, files and all: four pictures of 15 MB, or three documents.
EDITORS_MOST = 64 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Public pages (omep_site/lib/public.py) -------------------------------------------------------------------------

# Each says when the clock next changes what visitors see, so that no cached page outlives it.
PUBLIC_PAGE_CLOCKS = ["events.models.next_change", "comments.models.next_closing"]
PUBLIC_PAGE_STRICT = DEBUG

# --- What follows in one app from what happens in another, which does not know it --------------------------------------

# Called in the transaction of a save that moves, postpones or cancels a public event (events/changes.py).
EVENT_CHANGES = ["newsletter.announcing.note_change"]
# What `load_demo` writes beside events, after them.
DEMO_PARTS = ["newsletter.demo.load"]

# --- After a restore (omep_site/restore.py) ---------------------------------------------------------------------------

# Each is called once on a database that was brought back, with the moment of the backup, before anything else works on it,
# and sees to it that nothing of its own goes out again by itself. It returns sentences for whoever brought it back. In this
# order: whoever has gone since is not written to by what follows, and what that writes is held by the last.
AFTER_RESTORE = [
    "omep_site.gone_again.see_off",
    "accounts.restored.end_sessions",
    "newsletter.restored.hold",
    "comments.restored.hold",
    "omep_site.queued_mail.hold",
    "omep_site.morning.begin_anew",
]
# The digest under which somebody who has gone is noted beside the backups (omep_site/lib/gone.py).
GONE_DIGEST = "newsletter.models.digest_of"

# --- Logs -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": "omep_site.lib.logs.formatter"}},
    "filters": {"not_twice": {"()": "omep_site.lib.logs.NotTwice"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "chosen", "filters": ["not_twice"]},
        "faults": {"class": "omep_site.fault_mails.Keeper", "level": "ERROR"},
    },
    "root": {"handlers": ["console", "faults"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console", "faults"], "level": "INFO", "propagate": False},
        "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "axes": {"level": "CRITICAL", "propagate": False},
        "post_office": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
        "flufl.bounce": {"level": "CRITICAL", "propagate": False},  # says what it tries, and on what it stumbles
    },
}
