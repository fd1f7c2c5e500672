"""Refusals while letters go out: is it the reader whom nobody knows, or is it us whom the mail server does not want?

A code says so at best (RFC 3463). Where it does not, the next readers do: a refusal of one among many was about that
reader; ten in a row are about us. Until then no reader is charged with it.
"""

import re

from newsletter import diagnoses, points
from newsletter.models import Bounce, Delivery

MOST = 10  # in a row
ABOUT_THE_READER = re.compile(r"5\.[12]\.\d+")


class Refusals:
    def __init__(self):
        self.in_a_row = 0
        self.unsure = []  # those of them that may be about the reader: delivery, kind, code

    @property
    def too_many(self) -> bool:
        return self.in_a_row >= MOST

    def of_the_letter(self) -> None:
        self.in_a_row += 1

    def of_the_reader(self, number: int, said: str) -> None:
        """The mail server said no to the address of this delivery."""
        kind, code = diagnoses.reason(points.code_in(said), said)
        if kind == Bounce.Kind.HARD and ABOUT_THE_READER.fullmatch(code):
            note(number, kind, code)
        else:
            self.in_a_row += 1
            self.unsure.append((number, kind, code))

    def over(self) -> None:
        """Another letter was taken, or nobody is left: those were about their readers."""
        for each in self.unsure:
            note(*each)
        self.forget()

    def forget(self) -> None:
        """They were about us."""
        self.in_a_row, self.unsure = 0, []


def note(number: int, kind: str, code: str) -> None:
    delivery = Delivery.objects.select_related("subscriber").get(pk=number)
    if delivery.subscriber:
        points.record(delivery.subscriber, kind, code, f"smtp-{number}-{delivery.attempts}", delivery)
