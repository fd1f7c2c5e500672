"""One nginx in front of several machines."""

import pytest

from bench.proxy import proxy
from bench.serving import free_port, production
from tests.deploy.upstream import Answer, Upstream, ask


@pytest.fixture(scope="module")
def machines(needs_nginx, collected_copy, tmp_path_factory):
    """The port of nginx, and two machines."""
    folder, port, behind = tmp_path_factory.mktemp("several"), free_port(), [free_port(), free_port()]
    env = production(str(folder), behind[0]) | {"SITE_URL": f"http://127.0.0.1:{port}"}
    both = [Upstream(each) for each in behind]
    options = [word for each in behind for word in ("--app", f"127.0.0.1:{each}")]
    try:
        with proxy(env, folder, *options, root=collected_copy):
            yield port, *both
    finally:
        for each in both:
            each.down()


def test_what_may_be_asked_twice_goes_to_the_other_machine_and_a_form_is_sent_once(machines):
    port, *both = machines
    for each in both:
        each.says["/en/newsletter/"] = each.says["/en/preview/x/"] = Answer(hangs_up=True)
    assert ask(port, "/en/newsletter/", "POST", b"email=x").status == 503
    assert sum(len(each.asked_for("/en/newsletter/")) for each in both) == 1
    assert ask(port, "/en/preview/x/").status == 503
    assert [len(each.asked_for("/en/preview/x/")) for each in both] == [1, 1]


def test_while_one_machine_is_down_the_other_does_all(machines):
    port, one, other = machines
    one.down()
    other.asked.clear()
    try:
        got = [ask(port, f"/en/preview/{number}/").status for number in range(6)]
        sent = [ask(port, f"/en/events/{number}/comment/", "POST", b"body=x").status for number in range(6)]
    finally:
        one.up()
    assert (got, sent, len(other.asked)) == ([200] * 6, [200] * 6, 12)
