"""Queries and rows whose SQL is made once."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from omep_site.lib.database import Prepared, Slot, insert, moment, slot
from omep_site.models import Counter

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


def test_a_prepared_query_is_made_once_and_asked_with_other_values_each_time():
    made = []

    def later():
        made.append(connection.vendor)
        rows = Counter.objects.filter(key=Slot("key"), expires_at__gt=slot("since"))
        return rows.values("count", "expires_at")

    Counter.add_to_each({"é": NOON, "b": NOON})
    Counter.add("b", NOON)
    query = Prepared(later)
    before = moment(NOON.replace(hour=11))
    assert query.rows(key="é", since=before) == [{"count": 1, "expires_at": NOON}]
    assert query.rows(key="b", since=before) == [{"count": 2, "expires_at": NOON}]
    assert query.rows(key="b", since=moment(NOON)) == []
    assert query.rows(key="' OR 1=1 --", since=before) == []
    assert made == [connection.vendor]


def test_counts_of_several_keys_are_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Counter.add_to_each({"a": NOON, "b": NOON}) == {"a": 1, "b": 1}
    with django_assert_num_queries(0):
        assert Counter.add_to_each({}) == {}
    assert Counter.add_to_each({"b": NOON, "c": NOON}) == {"b": 2, "c": 1}


def test_a_row_that_is_inserted_is_as_one_that_is_saved():
    from tests.comments.factories import make_comment

    saved = make_comment()
    row = type(saved)(**{field.attname: getattr(saved, field.attname) for field in saved._meta.concrete_fields[1:]})
    insert(row)
    assert row.pk > saved.pk
    assert not row._state.adding
    stored = type(saved).objects.values().get(pk=row.pk)
    assert stored == type(saved).objects.values().get(pk=saved.pk) | {"id": row.pk, "updated_at": row.updated_at}


def test_a_row_that_cannot_be_inserted_takes_its_transaction_back():
    from comments.models import Move

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Move(comment_number=None, old="", new="", via="policy"))
    assert Move.objects.count() == 0
