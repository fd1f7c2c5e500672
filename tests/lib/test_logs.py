"""What is logged: one line for each thing, and nothing personal in any."""

import json
import logging
import smtplib
import sys

import pytest
from django.db import IntegrityError

from omep_site.lib import logs, work

ADDRESS = "zoe.confidentiel@example.org"


@pytest.mark.parametrize(
    ("said", "scrubbed"),
    [
        ("a plain sentence, at 12:34:56", "a plain sentence, at 12:34:56"),
        (f"no mail to <{ADDRESS}>: refused", "no mail to <*@*>: refused"),
        (f"['{ADDRESS}', 'ÿ@bücher.de', 'root@localhost']", "['*@*', '*@*', '*@*']"),
        ("from 192.0.2.17, 2001:db8::17 and ::ffff:192.0.2.17.", "from *, * and *."),
        ("listening at 127.0.0.1:8000 and [::1]", "listening at 127.0.0.1:8000 and [::1]"),
        ("Django 5.2.19 of 2026-11-26T03:12:05+00:00", "Django 5.2.19 of 2026-11-26T03:12:05+00:00"),
        ("Not Found: /fr/lettre/desabonnement/s3cret/", "Not Found: /fr/*"),
        ("https://events.example.org/en/comments/s3cret/edit/?x=1", "https://events.example.org/en/*"),
        ("/admin/password_reset/MTI/s3cret/", "/admin/*"),
        ("/static/x.css?who=zoe and more", "/static/x.css?* and more"),
        ("postgres://anna:s3cret@db.example.org/omep", "postgres://*@db.example.org/omep"),
        ("postgres://anna:s3cr@t@db.example.org/omep", "postgres://*@db.example.org/omep"),
        ("postgres://anna:@s3cret@@db.example.org:5432/omep", "postgres://*@db.example.org:5432/omep"),
        ("postgres://anna:s3/cr@et@db.example.org/omep, then", "postgres://* then"),
        ("postgres://anna:s3/cret@db.example.org/omep", "postgres://*"),
        ("postgres://anna:s3?c@et#1@db.example.org", "postgres://*"),
        ("smtps://zoe%40example.org:s3cret@mail.example.org:465", "smtps://*@mail.example.org:465"),
        (
            "redis://h,redis://u:s3cret@h,redis://h:6379/0,redis://u:s3@cret@h/0",
            "redis://h,redis://*@h,redis://h:6379/0,redis://*@h/0",
        ),
        ("redis://:s3cret@[2001:db8::17]:6379/0", "redis://*@[*]:6379/0"),
        (f"https://events.example.org:8000/x/{ADDRESS}", "https://events.example.org:8000/x/*@*"),
        (f"http://[::1]:8000/x/{ADDRESS}", "http://[::1]:8000/x/*@*"),
        ("mailto:zoe%40example.org?subject=x", "mailto:*@*?*"),
        ("email=zoe%40example.org&name=Anna", "email=*@*&name=Anna"),
        ("a/zoe%2540example.org", "a/*@*"),
        ("100%40 of it", "*@* of it"),
        ("zoe@example.org?q=Anna", "*@*?*"),
        ('"zoe lefevre"@example.org: no such user', "*@*: no such user"),
        ("192.0.2.17:80, 192.0.2.17: refused, ip:192.0.2.17", "*:80, *: refused, ip:*"),
        ("http://192.0.2.17:8000/x", "http://*:8000/x"),
        ("[2001:db8::17]:80 and [2001:db8::17]", "[*]:80 and [*]"),
        ("2001:db8::17: refused, 2001:db8:1:2:3:4:5:17: refused", "*: refused, *: refused"),
        ("::ffff:192.0.2.17: refused", "*: refused"),
        ("127.0.0.1:8000: refused, 0.0.0.0:80", "127.0.0.1:8000: refused, 0.0.0.0:80"),
        (
            'duplicate key value violates unique constraint "x"\nDETAIL:  Key (lower(email))=(zoe@x) already exists.',
            'duplicate key value violates unique constraint "x"',
        ),
        ("Key (email)=(Zoé) is not present", "Key (email)=(*) is not present"),
        ("Key (lower(email))=(Zoé (Paris)) is", "Key (lower(email))=(*) is"),
        ("new row\nFailing row contains (1, Zoé, null).", "new row"),
        ("two\r\nlines\x1b[2Kand \u2028more", "two lines [2Kand  more"),
    ],
)
def test_what_is_personal_is_scrubbed_and_the_rest_is_left(said, scrubbed):
    assert logs.scrub(said) == scrubbed


@pytest.mark.parametrize(
    "odd",
    [
        "a" * 200_000,
        "@" * 200_000,
        "1.2.3." * 50_000,
        "::" * 50_000,
        "(" * 100_000,
        "/fr" * 60_000,
        "://a:" * 50_000,
        '"' * 200_000,
        "%40" * 60_000,
        "%25" * 60_000,
        "a@://" * 50_000,
    ],
)
def test_scrubbing_takes_no_longer_for_nasty_words(odd):
    logs.scrub(odd)  # a pattern that went back and forth would take minutes


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


class OfPostgres(Exception):
    sqlstate = "23505"

    class diag:
        constraint_name = "newsletter_one_subscriber_per_address"


def caused(error, cause):
    error.__cause__ = cause
    return raised(error)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError(ADDRESS), ["ValueError"]),
        (KeyError(ADDRESS), ["KeyError"]),
        (
            AttributeError("'NoneType' object has no attribute 'email'"),
            ["AttributeError: 'NoneType' object has no attribute 'email'"],
        ),
        (ZeroDivisionError("division by zero"), ["ZeroDivisionError: division by zero"]),
        (FileNotFoundError(2, "x", f"/{ADDRESS}"), ["FileNotFoundError: No such file or directory"]),
        (smtplib.SMTPDataError(554, ADDRESS.encode()), ["smtplib.SMTPDataError: 554"]),
        (
            caused(IntegrityError(ADDRESS), OfPostgres(ADDRESS)),
            [
                "tests.lib.test_logs.OfPostgres: 23505 newsletter_one_subscriber_per_address",
                "django.db.utils.IntegrityError",
            ],
        ),
    ],
)
def test_of_an_error_it_is_told_where_it_came_from_and_not_what_it_says(error, told):
    trace = logs.trace_of(raised(error))
    assert [part.split("\n")[-1] for part in trace.split("\n\nThen:\n\n")] == told
    assert ADDRESS not in trace
    assert 'test_logs.py", line' in trace


def record(message, *args, **extra):
    made = logging.LogRecord("events", logging.ERROR, __file__, 1, message, args, extra.pop("exc_info", None))
    made.__dict__ |= extra
    return made


def test_a_line_for_machines_is_one_object_with_the_id_of_the_request():
    with work.at("0123456789abcdef", "events:home"):
        line = logs.Json().format(
            record("to %s", ADDRESS, fields={"status": 500}, exc_info=(None, raised(ValueError(ADDRESS)), None))
        )
    told = json.loads(line)
    assert (line.count("\n"), ADDRESS in line) == (0, False)
    assert told.pop("time").endswith("+00:00")
    assert told.pop("trace").endswith("\nValueError")
    assert told == {"level": "ERROR", "logger": "events", "message": "to *@*", "id": "0123456789abcdef", "status": 500}


def test_a_line_for_people_says_the_same():
    with work.at("0123456789abcdef"):
        line = logs.Line().format(record("to %s", ADDRESS))
    assert line[len("2026-11-26 03:12:05") :] == " ERROR events [01234567]: to *@*"


def test_the_path_of_a_request_of_which_django_speaks_is_left_out(rf):
    made = record("%s: %s", "Internal Server Error", "/any/s3cret/", request=rf.get("/any/s3cret/"))
    assert json.loads(logs.Json().format(made))["message"] == "Internal Server Error: *"


@pytest.mark.parametrize("formatter", [logs.Json(), logs.Line()])
def test_words_that_do_not_fit_their_values_show_none_of_them(formatter):
    assert ADDRESS not in formatter.format(record("%d of %s", ADDRESS))


@pytest.mark.parametrize(
    ("chosen", "is_terminal", "format"),
    [
        ("", True, "line"),
        ("", False, "json"),
        ("json", True, "json"),
        ("line", False, "line"),
        (" json ", True, "json"),
    ],
)
def test_who_looks_on_in_a_terminal_sees_lines_and_programmes_get_json(monkeypatch, chosen, is_terminal, format):
    monkeypatch.setenv("LOG_FORMAT", chosen)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    assert type(logs.formatter()) is logs.FORMATS[format]


@pytest.mark.parametrize(
    ("name", "level", "status", "is_kept"),
    [
        ("django.request", logging.WARNING, 404, False),
        ("django.request", logging.ERROR, 500, True),
        ("django.request", logging.ERROR, 503, False),
        ("events", logging.INFO, None, True),
    ],
)
def test_of_answers_that_are_no_fault_django_says_nothing(name, level, status, is_kept):
    made = logging.LogRecord(name, level, __file__, 1, "Not Found: /fr/x/", (), None)
    made.status_code = status
    assert logs.NotTwice().filter(made) is is_kept


def test_what_nobody_has_caught_is_logged_without_its_words(monkeypatch, caplog):
    monkeypatch.setattr(sys, "excepthook", None)
    monkeypatch.setattr(logs.threading, "excepthook", None)
    logs.take_over()
    error = raised(ValueError(ADDRESS))
    sys.excepthook(ValueError, error, error.__traceback__)
    [made] = caplog.records
    assert ADDRESS not in logs.Json().format(made)
    assert "ValueError" in logs.Json().format(made)
