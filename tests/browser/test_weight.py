"""What a first visit to an event's page costs: on the real server, with compressed files, added up by the browser."""

import time

import pytest

from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.test_visit import LAUNCH
from tests.processes import get
from tests.site.conftest import collected, port, project  # noqa: F401 - fixtures

MOST_BYTES = 16 * 1024  # on the wire, headers included, without photographs: the launch has none
MOST_REQUESTS = 4  # the icon counts

# The element of the largest paint, once the browser has told of one; after a reader's first move it tells of none.
PAINT = """most => new Promise(done => {
    new PerformanceObserver(list => done(list.getEntries().at(-1).element?.tagName ?? null))
        .observe({type: "largest-contentful-paint", buffered: true});
    setTimeout(() => done(null), most);
})"""
# Sums up what moved, once the browser has told of it.
SHIFT = """() => new Promise(done => {
    let shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { shift += entry.value; }))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(shift), 300);
})"""


class Wire:
    """What the browser says of its requests: which it made, and how many bytes it received for each address."""

    def __init__(self, page):
        self.asked, self.bytes, self.addresses = [], {}, {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self.note)
        session.on("Network.loadingFinished", lambda said: self.count(said["requestId"], said["encodedDataLength"]))
        session.send("Network.enable")

    def note(self, said):
        request, address = said["requestId"], said["request"]["url"]
        if "redirectResponse" in said:
            self.count(request, said["redirectResponse"]["encodedDataLength"])
        self.addresses[request] = address
        if not address.startswith("data:"):
            self.asked.append(address)

    def count(self, request, size):
        address = self.addresses[request]
        if not address.startswith("data:"):
            self.bytes[address] = self.bytes.get(address, 0) + size


@pytest.fixture
def busy_site(collected, port):  # noqa: F811
    """The address of the site in production: the demo, with twenty comments of 300 characters on the launch."""
    address = f"http://127.0.0.1:{port}"
    env = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "127.0.0.1", "SITE_URL": address, "PORT": str(port), "WORKERS": "1"}
    write = "from audit.stage import write_comments; write_comments()"
    for command in (["load_demo", "-v0"], ["shell", "-v0", "-c", write]):
        assert collected.run(*command) == (0, "", "")
    with collected.start("serve", **env) as process:
        process.wait_until(lambda: get(port, "/healthz")[0] == 200)
        yield address


def test_a_first_visit_to_an_event_with_twenty_comments_costs_no_more_than_it_may(new_context, busy_site):
    visits = {language: first_visit(new_context, busy_site + path) for language, path in LAUNCH.items()}

    for language, (wire, comments, shift, paint, cookies) in visits.items():
        print(language, sum(wire.bytes.values()), "bytes:", wire.bytes)  # shown where something fails
        assert comments == [300] * 20
        assert (shift, cookies, paint is not None) == (0, [], True)
        assert [address for address in wire.asked if not address.startswith(f"{busy_site}/")] == []
        assert len(wire.asked) <= MOST_REQUESTS
        assert sum(wire.bytes.values()) <= MOST_BYTES


def first_visit(new_context, address):
    """The requests, the length of each comment, how much moved, what was painted last, and the cookies."""
    context = new_context(viewport=PHONE)
    page = context.new_page()
    wire = Wire(page)
    page.goto(address, wait_until="networkidle")
    paint = page.evaluate(PAINT, PATIENCE)
    page.mouse.wheel(0, 20_000)  # what waits for a reader to come near is loaded too
    page.wait_for_timeout(200)
    page.wait_for_load_state("networkidle")
    shift = page.evaluate(SHIFT)
    comments = [len(words) for words in page.locator(".comment-body").all_inner_texts()]
    # A browser without a window may leave out the icon that its tab would show, or say nothing of it.
    icon = page.locator("link[rel~=icon]").evaluate("link => link.href")
    if icon not in wire.bytes and not icon.startswith("data:"):
        assert page.evaluate("async url => (await fetch(url, {cache: 'reload'})).ok", icon)
        until = time.monotonic() + PATIENCE / 1000
        while icon not in wire.bytes and time.monotonic() < until:
            page.wait_for_timeout(20)
        assert wire.bytes[icon] > 0
    return wire, comments, shift, paint, context.cookies()
