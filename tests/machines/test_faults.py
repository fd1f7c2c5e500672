"""What all machines share was away for a moment."""

import pytest

from tests.machines.browser import filled
from tests.machines.conftest import soon

pytestmark = pytest.mark.own_database
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_after_postgresql_was_started_again_no_visitor_sees_a_fault_and_mail_goes_on(machines, post):
    """Every connection that the machines and the workers had is cut, as a restart does."""
    machines.everywhere("/fr/", "/en/", "/fr/evenements/")
    assert machines.rows(CUT)

    asked = machines.everywhere("/fr/evenements/?q=ailleurs", "/en/events/?q=elsewhere", "/readyz")
    assert {answer.status for answer in asked} == {200}
    for port in machines.ports:
        visitor = machines.visitor()
        form = visitor.get(port, "/en/").form("#newsletter-form")
        assert visitor.post(port, form["action"], filled(form, email=f"after{port}@example.org")).status == 303
    soon(lambda: post.readers() == sorted(f"after{port}@example.org" for port in machines.ports))
    assert [worker.popen.poll() for worker in machines.workers] == [None, None]
