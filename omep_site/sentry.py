"""Faults to Sentry, or to what speaks like it (GlitchTip, Bugsink), where SENTRY_DSN says so. What is sent is built here
from nothing: where the fault came from, in which release, at which route, under which reference. Nothing of the request,
of variables or of whoever sent it."""

import logging

from django.conf import settings

from omep_site.lib import logs, work
from omep_site.lib.release import release

PATIENCE = 2  # seconds that a process which ends waits for what is still to be sent


def start() -> None:
    """Once in each process. Without SENTRY_DSN the library is not even read."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=release()[:12],
        environment="production" if settings.SERVED else "trial",
        server_name="",
        # All that goes wrong is logged; whatever else the library would listen to, it does not.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        before_send=only_ours,
        shutdown_timeout=PATIENCE,
    )


KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "logger")


def only_ours(event: dict, hint: dict) -> dict:
    """The event with what is ours to tell, and nothing else that the library had found."""
    told = {key: event[key] for key in KEPT if key in event}
    if at_work := work.current():
        told["transaction"] = at_work.name
        told["tags"] = {"reference": at_work.id, "method": at_work.method or "worker"}
    record, error = hint.get("log_record"), (hint.get("exc_info") or (None, None))[1]
    if record is not None:
        told["logentry"] = {"message": logs.Formatter().message(record)}
    if error is not None:
        values = event.get("exception", {}).get("values", [])
        # The library lists a chain of errors from the cause to the last, as logs.chain_of does.
        words = [logs.words_of(each) for each in logs.chain_of(error)]
        if len(words) != len(values):
            words = [""] * len(values)
        told["exception"] = {"values": [of_exception(*each) for each in zip(values, words, strict=True)]}
    return told


def of_exception(value: dict, words: str) -> dict:
    frames = value.get("stacktrace", {}).get("frames", [])
    kept = (
        "filename",
        "abs_path",
        "module",
        "function",
        "lineno",
        "pre_context",
        "context_line",
        "post_context",
        "in_app",
    )
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": words,
        "stacktrace": {"frames": [{key: frame[key] for key in kept if key in frame} for frame in frames]},
    }
