"""Before Django sees a request: kept pages are answered, and the others go on a few at a time.

To make a request of Django’s, send its signals and make a response of it takes four times as long as all that is left to
do for a page that is kept. What cannot be answered from memory alone goes on to Django, and there to `PublicPages`, whose
answer is the same: a page that has ended, a version that must be asked for, any method but GET.
"""

import threading

from django.core.handlers.wsgi import WSGIRequest

from omep_site.lib import public, tallies

kept = tallies.Quick("kept")

# Requests that Django works on at once in one process. Threads that want to calculate at the same time, where only one
# can, take twice as long together as one after the other (docs/benchmarks.md).
AT_ONCE = 2
# Seconds that a request waits for those before it. Who is slow because it waits itself, for another site or for somebody
# who sends a form byte by byte, holds nobody up for longer.
PATIENCE = 0.5


class Asked(WSGIRequest):
    """As much of a request as a shelf looks at."""

    def __init__(self, environ: dict):  # no more than this: that is the point of it
        self.environ = self.META = environ
        self.path = environ["PATH_INFO"]
        self.method = "GET"


class KeptPages:
    """A WSGI application (PEP 3333) around another."""

    def __init__(self, application):
        self.application = application
        self.turns = threading.Semaphore(AT_ONCE)

    def __call__(self, environ: dict, start_response):
        if environ["REQUEST_METHOD"] == "GET" and not environ.get("SCRIPT_NAME") and environ["PATH_INFO"].isascii():
            number = public.version_in_memory()
            page = number is not None and public.shelf.find(Asked(environ), number)
            if page:
                kept.one_more()
                form, is_known = page.asked(environ)
                if is_known:
                    start_response("304 Not Modified", form.lines_of_304.copy())
                    return []
                start_response("200 OK", form.lines.copy())
                return [form.body]
        has_turn = self.turns.acquire(timeout=PATIENCE)
        try:
            return self.application(environ, start_response)
        finally:
            if has_turn:
                self.turns.release()
