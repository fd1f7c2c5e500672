"""The site in three languages. Other settings need another process: tests/site/test_third_language.py starts it, with

python -m pytest -p no:xdist --ds=tests.settings_es --nomigrations tests/spanish

Its tables are made from the models, so nothing that a migration writes is there: no words of the site, no notices, no
roles. Ours has no Spanish catalogue; Django has one. What neither has is said in French, the default language.
"""

import pytest
from django.test import Client

from omep_site.lib.links import languages

collect_ignore_glob = [] if "es" in languages() else ["test_*.py"]


@pytest.fixture
def editor(editor) -> Client:
    """The editor reads French: the admin's own sentences can then be asked for word by word."""
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return editor
