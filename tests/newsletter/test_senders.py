"""Several connections to the mail server at once."""

import pytest
from django.db import connection

from newsletter.senders import Senders
from tests.newsletter.factories import make_readers, make_sending, stands

is_postgres = connection.vendor == "postgresql"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_there_are_as_many_as_the_setting_says_and_one_on_sqlite(settings, count):
    settings.NEWSLETTER_CONNECTIONS = count
    assert len(Senders().all) == (count if is_postgres else 1)


@pytest.mark.django_db
def test_a_few_letters_take_one_connection(mail_server):
    make_readers(fr=3)
    issue, senders = make_sending(), Senders()
    assert (senders.work(), senders.pool) == (3, None)
    senders.close()
    assert stands(issue) == {"sent": 3}


@pytest.mark.django_db(transaction=True)
def test_many_letters_go_over_several_and_each_once(mail_server):
    make_readers(fr=250)
    issue, senders = make_sending(), Senders()
    assert senders.work() <= 250  # the readers are written down, and the first are sent
    while senders.work():
        pass
    senders.close()
    readers = [each.readers[0] for each in mail_server.taken]
    assert (len(readers), len(set(readers)), stands(issue)) == (250, 250, {"sent": 250})
