"""Numbers of rows, as addresses and forms bring them."""

import re


def is_number(value: str | None) -> bool:
    """One that the database can be asked about: eighteen digits fit into its integers."""
    return bool(re.fullmatch("[0-9]{1,18}", value or ""))
