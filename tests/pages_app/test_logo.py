"""The logo of the site."""

import pytest

from pages.logo import in_use
from pages.models import SiteTexts


@pytest.mark.django_db
def test_only_the_logo_of_today_is_handed_out():
    SiteTexts.objects.update(logo="site/logo-1.webp")
    assert [in_use(name) for name in ("site/logo-1.webp", "site/logo-2.webp", "")] == [True, False, False]
