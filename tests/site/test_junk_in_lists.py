"""Junk in the address of a list, or among its ticks, is forgiven: no list of the admin fails over it."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from events.models import Event
from omep_site.lib.lists import ForgivingList
from tests.comments.factories import make_comment
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

EVENTS = "/admin/events/event/"
LONG = "9" * 30
TICKS = ["abc", "", "\0", "-1", "1.5", "١" * 30, LONG, "9" * 19, "9" * 5000]


def address_of(model, page="changelist") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def moments_of(model) -> list[str]:
    """The columns that a list may be asked for by year."""
    return [field.name for field in model._meta.fields if field.get_internal_type() == "DateTimeField"]


@pytest.mark.parametrize("year", [LONG, "99999999999999", "abc", "0", "-1", ""])
def test_a_year_that_is_none_leads_to_the_whole_list(editor, year):
    asked = 0
    for model in admin.site._registry:
        if model._meta.label == "pages.SiteTexts":
            continue  # its only row has no list
        for moment in moments_of(model):
            path = address_of(model)
            response = editor.get(path, {f"{moment}__year": year}, follow=True)
            assert (response.status_code, response.redirect_chain) == (200, [(f"{path}?e=1", 302)])
            asked += 1
    assert asked > 10


@pytest.mark.parametrize("tick", TICKS)
def test_a_tick_that_is_no_number_is_none(editor, tick):
    event = make_event()
    data = {"action": "delete_selected", "post": "yes", "_selected_action": tick, "index": "0"}

    response = editor.post(EVENTS, data, follow=True)
    assert (response.status_code, Event.objects.get()) == (200, event)
    [said] = soup(response).select(".messagelist li")
    assert words(said) == ("Items must be selected in order to perform actions on them. No items have been changed.")


@pytest.mark.parametrize("tick", TICKS)
def test_no_action_of_any_list_fails_over_its_ticks(editor, rf, tick):
    make_comment(event=make_event())
    request = rf.get("/")
    request.user = User.objects.get()
    tried = 0
    for model, model_admin in admin.site._registry.items():
        for action in model_admin.get_actions(request):
            response = editor.post(address_of(model), {"action": action, "_selected_action": ["1", tick]})
            assert response.status_code in (200, 302), (model, action)
            tried += 1
    assert tried > 5


def test_good_ticks_among_junk_are_done(editor):
    event, other = make_event(), make_event()
    data = {"action": "delete_selected", "post": "yes", "_selected_action": [str(event.pk), LONG, "abc"]}

    editor.post(EVENTS, data)
    assert list(Event.objects.all()) == [other]


def test_a_fault_of_ours_in_a_list_is_not_hidden(editor, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ValueError("a fault of ours")

    monkeypatch.setattr("events.admin.event.EventAdmin.get_queryset", broken)
    with pytest.raises(ValueError, match="a fault of ours"):
        editor.get(EVENTS)


def test_every_list_of_the_house_is_a_forgiving_one():
    assert {isinstance(each, ForgivingList) for each in admin.site._registry.values()} == {True}
