"""Several editors press their buttons in the same moment: each gets a page, and nobody an error."""

import json
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.test import Client

from events.models import Event
from omep_site.lib.history import as_it_was, versions_of
from tests.admin_forms import form_data
from tests.factories import make_event

CHANGELIST = "/admin/events/event/"


@pytest.fixture
def in_one_moment(at_once):
    """`in_one_moment((path, data), …)` posts all of them at once, each by an editor of its own, and returns pairs: the
    status, and where the answer leads."""

    def run(*posts):
        editors = []
        for number in range(len(posts)):
            editors.append(Client(headers={"accept-language": "en"}, raise_request_exception=False))
            editors[-1].force_login(User.objects.create_superuser(f"editor{number}"))
        numbers = count()

        def post():
            number = next(numbers)
            path, data = posts[number]
            response = editors[number].post(path, data)
            return response.status_code, response.get("Location", ""), list(Event.objects.values_list("pk", "slug_fr"))

        return at_once(post, len(posts))

    return run


@pytest.fixture
def opened(transactional_db):
    """What stands in a form of the events' admin."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("claire"))
    return lambda path: form_data(client.get(path))


def test_new_events_of_one_title_get_addresses_of_their_own(in_one_moment, opened):
    add = f"{CHANGELIST}add/"
    hours = {"starts_at_0": "06/12/2027", "starts_at_1": "13:30", "ends_at_0": "06/12/2027", "ends_at_1": "14:30"}
    data = opened(add) | hours | {"title_fr": "Même été"}
    answers = in_one_moment(*[(add, data)] * 4)
    assert [(status, path) for status, path, _events in answers] == [(302, CHANGELIST)] * 4
    last = max((events for *_answer, events in answers), key=len)
    assert sorted(slug for _pk, slug in last) == ["meme-ete", "meme-ete-2", "meme-ete-3", "meme-ete-4"]


def test_a_deleted_event_comes_back_once_and_the_others_are_led_to_it(in_one_moment, transactional_db):
    event = make_event()
    as_it_was(event)
    pk, version = event.pk, versions_of(Event, event.pk).get().pk
    event.delete()

    answers = in_one_moment(*[(f"{CHANGELIST}deleted/{version}/", {})] * 4)
    assert [(status, path) for status, path, _events in answers] == [(302, f"{CHANGELIST}{pk}/change/")] * 4
    assert {len(events) for *_answer, events in answers} == {1}


def test_saving_deleting_and_bringing_back_in_one_moment_wait_for_each_other(in_one_moment, opened):
    event = make_event()
    event.strategies.create(text_fr="Jouer")
    as_it_was(event)
    path, version = f"{CHANGELIST}{event.pk}/", versions_of(Event, event.pk).get().pk
    typed = opened(f"{path}change/") | {"title_fr": "Été", "save_over": "on"}
    answers = in_one_moment(
        (f"{path}delete/", {"post": "yes"}),
        (f"{path}change/", typed),
        (f"{path}history/{version}/", {}),
        (f"{path}history/{version}/", {}),
        (CHANGELIST, {"action": "withdraw", "_selected_action": [event.pk], "index": 0}),
    )
    assert [status for status, *_rest in answers] == [302] * 5, json.dumps(answers)
