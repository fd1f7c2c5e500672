"""Workers killed while they send, as real processes: nobody twice, nobody lost."""

import os
import shutil

import pytest
from django.db import connection

from bench.databases import beside
from bench.killing import CONNECTIONS, kill_workers
from bench.serving import free_port, production

pytestmark = pytest.mark.own_database

READERS, KILLS = 1500, 3


@pytest.fixture
def site(tmp_path, migrated):
    """The environment of a site with its tables, on the kind of database that the tests run on."""
    env = production(str(tmp_path), free_port())
    if connection.vendor == "sqlite":
        shutil.copy(migrated, tmp_path / "site.sqlite3")
        yield env
        return
    with beside(os.environ["DATABASE_URL"], migrated) as url:
        yield env | {"DATABASE_URL": url}


def test_after_three_kills_every_reader_has_the_letter_once_or_is_listed_as_uncertain(site):
    workers = 1 if connection.vendor == "sqlite" else 2
    found = kill_workers(site, READERS, KILLS, workers)
    assert (found.issue, found.killed, len(found.statuses)) == ("sent", KILLS, READERS)
    assert (found.twice, found.lost, found.others) == (0, 0, 0)
    assert found.uncertain <= KILLS * (1 if connection.vendor == "sqlite" else CONNECTIONS)
