"""The settings of the tests with a third language, Spanish, for which the project has neither columns nor a catalogue.

For tests/spanish alone, which run without migrations (tests/site/test_third_language.py).
"""

from django.utils.translation import pgettext_lazy

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, LANGUAGES

LANGUAGES = [*LANGUAGES, ("es", pgettext_lazy("language name", "Spanish"))]
# What the site's settings make of their list, made of this one.
MODELTRANSLATION_FALLBACK_LANGUAGES = tuple(code for code, _name in LANGUAGES)
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = lambda words, code: f"{words} – {dict(LANGUAGES).get(code, code)}"  # noqa: E731

if DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":  # SQLite's is in memory, one for each process
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_es"}
