"""Which delivery a return address and a Message-ID are of."""

import pytest

from newsletter import verp
from newsletter.models import Key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings):
    settings.BOUNCE_ADDRESS = "retours@lettre.example.org"


def test_a_delivery_has_one_return_address_and_one_message_id_for_ever():
    key = Key.bytes()
    address, message_id = verp.return_address(12, key), verp.message_id(12, key)
    proof = address.removeprefix("retours+b12-").removesuffix("@lettre.example.org")
    assert (len(proof), address) == (12, f"retours+b12-{proof}@lettre.example.org")
    assert message_id == f"letter.12.{proof}@events.example.org"
    assert (verp.return_address(12, Key.bytes()), verp.return_address(13, key)[:12]) == (address, "retours+b13-")


@pytest.mark.parametrize("name", ["return_address", "message_id"])
@pytest.mark.parametrize("around", ["{}", "<{}>", "To: Someone <{}>\nX: y", "rfc822;{}"])
def test_they_name_their_delivery_wherever_they_stand(name, around):
    written = getattr(verp, name)(12, Key.bytes())
    assert verp.delivery_named_in(around.format(written)) == 12
    assert verp.delivery_named_in(around.format(written.upper())) == 12


@pytest.mark.parametrize(
    "text",
    ["", "retours@lettre.example.org", "retours+b12-000000000000@x.org", "retours+b-1@x.org", "b" * 10_000],
)
def test_what_this_site_did_not_make_names_nothing(text):
    assert verp.delivery_named_in(text) is None


def test_a_proof_of_another_delivery_proves_nothing():
    stolen = verp.return_address(12, Key.bytes()).replace("b12", "b13")
    assert verp.delivery_named_in(stolen) is None
