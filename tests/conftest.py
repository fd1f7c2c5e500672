import pytest

from omep_site.lib import public


@pytest.fixture(autouse=True)
def _fresh_pages():
    """Each test begins with no kept page and no remembered version, as a new process does."""
    public.shelf.clear(None)
    public.forget_version()
