import pytest

from comments.models import Policy
from tests.comments import factories


@pytest.fixture(autouse=True)
def _links_of_this_test():
    """Comments of other tests had the same numbers, at other times."""
    factories._token.cache_clear()


@pytest.fixture
def rules(db):
    """`rules(hold="noticed", event=event)` writes them, for the site where no event is given."""

    def write(event=None, **said):
        return Policy.objects.update_or_create(event=event, defaults=said)[0]

    return write
