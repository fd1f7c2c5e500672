"""How long after an editor's click the old page is still answered somewhere: `python -m bench.fresh`.

Two processes, with readers at full load on the very page. Comments are approved one after the other in the admin, as an
editor does it; connections that are new each time ask for the page until then, and the last old answer counts.
"""

import re
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPConnection

from bench import site
from bench.load import CONNECTIONS
from bench.proxy import proxy
from bench.report import held
from bench.serving import free_port, manage, production

CLICKS = 9  # twice as many comments stand on one page
WATCHED = 2.5  # seconds after a click
MOST = 1.0

SIGN_IN = """
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from comments.models import Comment
from events.models import Event
client = Client()
client.force_login(User.objects.create_superuser("bench", "bench@example.org"))
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
event = Event.objects.get(slug_fr=%r)
for number in range(%d):
    comment = Comment.objects.create(
        event=event, name=f"Zoé fraîche {number}", email="zoe@example.org", body="Voilà.", language="fr", status="pending"
    )
    print(comment.pk)
"""


class Watch(threading.Thread):
    """Asks for the page over new connections, so that each process answers some, and notes when each asked and whether it
    then showed the words."""

    def __init__(self, port: int, words: str):
        super().__init__()
        self.port, self.words, self.until = port, words.encode(), float("inf")
        self.seen: list[tuple[float, bool]] = []

    def run(self) -> None:
        while time.monotonic() < self.until:
            asked = time.monotonic()
            connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request("GET", site.PAGE)
            self.seen.append((asked, self.words in connection.getresponse().read()))
            connection.close()
            time.sleep(0.005)


class Editor:
    def __init__(self, port: int, session: str):
        self.port, self.cookies = port, {"sessionid": session}

    def ask(self, path: str, data: dict | None = None) -> bytes:
        body = urllib.parse.urlencode(data, doseq=True).encode() if data else None
        ask = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body)
        ask.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        try:
            answer = urllib.request.build_opener(Stay).open(ask, timeout=30)
        except urllib.error.HTTPError as error:
            if error.code != 302:
                raise
            answer = error
        with answer:
            for header in answer.headers.get_all("Set-Cookie") or []:
                name, value = re.match(r"([^=]+)=([^;]*)", header).groups()
                self.cookies[name] = value
            return answer.read()

    def approve(self, pk: str) -> tuple[float, float]:
        """When the answer came, and how many seconds it took."""
        page = self.ask("/admin/comments/comment/").decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        data = {"csrfmiddlewaretoken": token, "action": "approve", "_selected_action": [pk], "index": "0"}
        began = time.monotonic()
        self.ask("/admin/comments/comment/", data)
        return time.monotonic(), time.monotonic() - began


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def late(port: int, editor: Editor, pk: str, number: int) -> tuple[float, float]:
    """Seconds after the editor's answer in which an old page was still given out, below 0 where there was none; and those
    that the editor waited for the answer."""
    watches = [Watch(port, f"Zoé fraîche {number}<") for _ in range(2)]
    for watch in watches:
        watch.start()
    try:
        done, waited = editor.approve(pk)
    finally:
        for watch in watches:
            watch.until = time.monotonic() + WATCHED
    for watch in watches:
        watch.join()
    asked = [at for watch in watches for at, is_new in watch.seen if not is_new]
    if not any(is_new for watch in watches for _at, is_new in watch.seen):
        raise SystemExit("the comment never appeared")
    return max(asked, default=done) - done, waited


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port, front = free_port(), free_port()
        env = production(folder, port) | {"WORKERS": "2", "TRUSTED_PROXIES": "1"}
        env["SITE_URL"] = f"http://127.0.0.1:{front}"
        site.prepare(env)
        script = SIGN_IN % (site.PAGE.split("/")[-2], 2 * CLICKS)
        session, *comments = manage(env, "shell", "-v0", "-c", script).split()
        with site.served(env, port), proxy(env, folder):
            editor = Editor(port, session)
            found = {}
            for name, where in (("the site itself", port), ("through nginx", front)):
                readers = subprocess.Popen(
                    ["wrk", "-t1", f"-c{CONNECTIONS}", "-d300s", f"http://127.0.0.1:{where}{site.PAGE}"],
                    stdout=subprocess.DEVNULL,
                )
                try:
                    batch = [comments.pop(0) for _ in range(CLICKS)]
                    offset = 0 if where == port else CLICKS
                    found[name] = [late(where, editor, pk, offset + number) for number, pk in enumerate(batch)]
                finally:
                    readers.terminate()
                    readers.wait()
    print(f"\nAfter an editor’s click, {CLICKS} times, two processes, {CONNECTIONS} connections asking for the page\n")
    print(f"{'seconds':44}{'median':>9}{'most':>9}")
    for name, both in found.items():
        for what, seconds in zip(("the last old page", "the editor’s answer"), zip(*both, strict=True), strict=True):
            print(f"{f'{name}, {what}':44}{statistics.median(seconds):>9.2f}{max(seconds):>9.2f}")
    print()
    most = max(seconds for seconds, _waited in found["the site itself"])
    held("fresh after approval, two processes, full load", f"≤ {MOST:.0f} s", f"{most:.2f} s", most <= MOST)


if __name__ == "__main__":
    main()
