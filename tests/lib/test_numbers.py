"""Numbers of rows, as addresses and forms bring them."""

import pytest

from omep_site.lib.numbers import is_number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", True),
        ("0", True),
        ("007", True),
        ("9" * 18, True),
        ("9" * 19, False),
        ("9" * 5000, False),
        ("", False),
        (None, False),
        (" 1", False),
        ("1\n", False),
        ("-1", False),
        ("1.0", False),
        ("1_0", False),
        ("²", False),
        ("٣", False),
    ],
)
def test_a_number_of_a_row_has_one_to_eighteen_digits_and_nothing_else(value, expected):
    assert is_number(value) is expected
