import pytest

from comments.models import Policy


@pytest.fixture
def rules(db):
    """`rules(hold="noticed", event=event)` writes them, for the site where no event is given."""

    def write(event=None, **said):
        return Policy.objects.update_or_create(event=event, defaults=said)[0]

    return write
