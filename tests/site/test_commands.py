"""`run` and `serve`, as people start them."""

import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from django.core.management import call_command

from omep_site import server
from omep_site.management.commands import run
from tests.processes import PATIENCE, get

KEY = {"SECRET_KEY": "k" * 50}
HOSTS = {"ALLOWED_HOSTS": "127.0.0.1"}
SITE = {"SITE_URL": "http://127.0.0.1"}


def gone(pids) -> bool:
    """Whether all have ended, within a moment."""
    deadline = time.monotonic() + PATIENCE
    while left := [pid for pid in pids if os.path.exists(f"/proc/{pid}")]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return not left


# --- Refusing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        (HOSTS | SITE, "SECRET_KEY: it is not set; it is a random text of 50 characters that only this site knows."),
        (KEY | SITE, "ALLOWED_HOSTS: it is not set; it is the host names that visitors use, separated by commas."),
        (KEY | HOSTS, "SITE_URL: it is not set; it is the site's address, such as https://events.example.org."),
        (KEY | HOSTS | {"SITE_URL": " "}, "SITE_URL: it is not set; it is the site's address, such as {url}."),
        (
            KEY | HOSTS | SITE | {"DEBUG": "1"},
            "DEBUG: it is on, which would show the site's insides to visitors; leave it out.",
        ),
        (KEY | HOSTS | SITE | {"WORKERS": "0"}, "WORKERS: “0” is not a whole number from 1 to 64."),
    ],
)
def test_serve_refuses_what_is_not_set_in_one_sentence(project, env, sentence):
    assert project.run("serve", **env) == (1, "", sentence.format(url="https://events.example.org") + "\n")


def test_serve_refuses_a_database_without_all_migrations(project):
    assert project.run("migrate", "-v0", "omep_site", "zero") == (0, "", "")
    assert project.run("serve", **KEY, **HOSTS, **SITE) == (
        1,
        "",
        "Migrations are pending (9): run `make migrate` first.\n",
    )


def test_serve_refuses_a_database_that_does_not_answer(project):
    status, printed, complaint = project.run(
        "serve", **KEY, **HOSTS, **SITE, DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing"
    )
    assert (status, printed) == (1, "")
    assert complaint.startswith("The database does not answer: ")
    assert "Traceback" not in complaint


def test_serve_refuses_while_the_demo_editor_can_sign_in(project):
    editor = "from django.contrib.auth.models import User; User.objects.create_user('demo')"
    assert project.run("shell", "-v0", "-c", editor) == (0, "", "")
    sentence = "The demo editor's account “demo” is active: delete or deactivate it in the admin first.\n"
    assert project.run("serve", **KEY, **HOSTS, **SITE) == (1, "", sentence)


def test_a_bad_value_stops_every_command_in_one_sentence(project):
    assert project.run("check", PORT="abc") == (1, "", "PORT: “abc” is not a whole number from 1 to 65535.\n")


# --- Serving --------------------------------------------------------------------------------------------------------


def test_serve_answers_until_it_is_told_to_stop_and_leaves_no_process_behind(collected, port):
    env = KEY | HOSTS | {"SITE_URL": f"http://127.0.0.1:{port}", "PORT": str(port), "WORKERS": "2"}
    editor = "from django.contrib.auth.models import User; User.objects.create_user('demo', is_active=False)"
    assert collected.run("shell", "-v0", "-c", editor) == (0, "", "")  # who cannot sign in does no harm
    with collected.start("serve", **env) as process:
        process.wait_until(lambda: get(port, "/healthz")[0] == 200)
        assert get(port, "/healthz") == (200, b"ok\n")
        assert get(port, "/readyz") == (200, b"ready\n")
        assert get(port, "/en/")[0] == 200
        family = process.family()
        assert len(family) >= 3  # itself, and two processes that answer
        assert process.stop() in (0, -signal.SIGTERM)
    assert gone(family)
    assert "Traceback" not in process.output()


def test_run_shows_the_demo_sends_mail_and_changes_nothing_that_was_edited(collected, port):
    env = {"PORT": str(port)}
    with collected.start("run", **env) as process:
        process.wait_until(lambda: get(port, "/fr/")[0] == 200)
        assert "Lancement de la Stratégie" in get(port, "/fr/evenements/")[1].decode()
        assert f"  The site     http://127.0.0.1:{port}/\n" in process.output()
        # This database's, not the default one's, and not that of another test which runs at the same time.
        files = (collected.folder / "var").glob("demo-editor-*.txt")
        [password] = [word for file in files if (word := file.read_text().strip()) in process.output()]
        assert f"  Sign in as   demo  with the password  {password}   (" in process.output()
        mail = "from django.core.mail import send_mail; send_mail('Bonjour', 'Hello', None, ['anna@example.org'])"
        assert collected.run("shell", "-v0", "-c", mail, **env) == (0, "", "")
        process.wait_for("Subject: Bonjour\n")
        family = process.family()
        assert len(family) >= 3  # itself, the server and the worker
        [worker] = [each for each in family if Path(f"/proc/{each}/cmdline").read_bytes().endswith(b"\0worker\0")]
        os.kill(worker, signal.SIGKILL)
        process.wait_for("The worker ended (status -9).\n")
        assert collected.run("shell", "-v0", "-c", mail.replace("Bonjour", "Encore"), **env) == (0, "", "")
        process.wait_for("Subject: Encore\n")
        family = process.family()
        assert process.stop() == 0
    assert gone(family)
    assert "Traceback" not in process.output()

    edit = (
        "from events.models import Event; from django.contrib.auth.models import User; "
        "event = Event.objects.get(slug_en__startswith='launch'); event.title_fr = 'Un titre retouché'; event.save(); "
        f"print(User.objects.get().check_password('{password}'))"
    )
    assert collected.run("shell", "-v0", "-c", edit, **env) == (0, "True\n", "")
    with collected.start("run", **env) as process:
        process.wait_until(lambda: get(port, "/fr/")[0] == 200)
        page = get(port, "/fr/evenements/")[1].decode()
        assert ("Un titre retouché" in page, "Lancement de la Stratégie" in page) == (True, False)
        assert f"with the password  {password} " in process.output()
        assert process.stop() == 0


def test_run_ends_with_its_server_and_takes_the_worker_along(collected, port):
    with collected.start("run", PORT=str(port)) as process:
        process.wait_until(lambda: get(port, "/healthz")[0] == 200)
        family = process.family()
        server_pid = next(pid for pid in family if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(server_pid, signal.SIGTERM)
        process.popen.wait(PATIENCE)
    assert gone(family)


# --- Their parts ----------------------------------------------------------------------------------------------------


def test_the_server_listens_on_this_machine_only(settings):
    settings.PORT = 8123
    words = server.command(workers=3)
    options = dict(pairwise(words))
    assert (words[1:3], words[-1]) == (["-m", "granian"], "omep_site.wsgi:application")
    assert [options[name] for name in ("--host", "--port", "--workers")] == ["127.0.0.1", "8123", "3"]


@pytest.fixture
def source(settings, tmp_path):
    """The only folder of static files there is, empty."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (tmp_path / "source").mkdir()
    return tmp_path / "source"


def styles(settings) -> list[str]:
    """What the collected style sheets say, by their hashed names."""
    return sorted(path.read_text() for path in settings.STATIC_ROOT.glob("site.*.css"))


def test_static_files_are_collected_again_only_when_one_has_changed(settings, source, monkeypatch):
    calls = []
    monkeypatch.setattr(server, "collect_into", lambda root, keep: calls.append(keep) or ["site.css"])
    counts = []
    for change in (None, None, "a", None, "bb", None):
        if change:
            (source / "site.css").write_text(change)
        server.collect_static()
        counts.append(len(calls))
    assert (counts, calls) == ([1, 1, 2, 2, 3, 3], [[], ["site.css"], ["site.css"]])


def test_static_files_of_the_release_before_stay_and_older_ones_go(settings, source):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    (settings.STATIC_ROOT / "old").mkdir(parents=True)
    (settings.STATIC_ROOT / "old" / "of-years-ago.css").write_text("x")
    found = []
    for release in ("a {}", "b {}", "c {}"):
        (source / "site.css").write_text(release)
        server.collect_static()
        found.append(styles(settings))
    assert found == [["a {}"], ["a {}", "b {}"], ["b {}", "c {}"]]
    assert list((settings.STATIC_ROOT / "old").iterdir()) == []
    named = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]["site.css"]
    assert (settings.STATIC_ROOT / named).read_text() == "c {}"


def test_of_several_that_start_at_once_one_collects_and_the_others_wait(settings, source, monkeypatch):
    collected = settings.STATIC_ROOT / "site.css"

    def collect(_root, keep):
        collected.touch(exist_ok=False)
        time.sleep(0.2)
        collected.write_text("x")
        return ["site.css"]

    def start(_number) -> str:
        server.collect_static()
        return collected.read_text()

    monkeypatch.setattr(server, "collect_into", collect)
    with ThreadPool(3) as pool:
        assert pool.map(start, range(3), chunksize=1) == ["x"] * 3


def test_the_demo_editor_is_made_once_and_has_all_four_roles(db, tmp_path, monkeypatch, django_user_model):
    file = tmp_path / "var" / "demo-editor.txt"
    file.parent.mkdir()
    monkeypatch.setattr(run, "password_file", lambda: file)
    run.make_demo_editor()
    name, password = "demo", file.read_text().strip()
    editor = django_user_model.objects.get()
    assert (editor.username, editor.check_password(password), editor.is_staff, editor.is_superuser) == (
        name,
        True,
        True,
        False,
    )
    assert sorted(editor.groups.values_list("name", flat=True)) == [
        "administrator",
        "editor",
        "moderator",
        "newsletter",
    ]
    assert file.stat().st_mode & 0o777 == 0o600
    editor.set_password("the editor's own choice")
    editor.save()
    run.make_demo_editor()
    assert file.read_text() == f"{password}\n"
    assert django_user_model.objects.get().check_password("the editor's own choice")


def test_no_migration_is_missing(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_who_does_not_hear_that_it_is_to_end_is_told_again_and_then_ended(monkeypatch):
    monkeypatch.setattr(server, "STOPS_WITHIN", 0.1)
    ignores = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    for code, expected in ((ignores, -signal.SIGKILL), (ignores.replace("signal.SIG_IGN", "lambda *_: exit(3)"), 3)):
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        child.stdout.readline()
        run.end(child)
        child.stdout.close()
        assert child.returncode == expected
