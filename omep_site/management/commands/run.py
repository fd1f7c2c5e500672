import hashlib
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.roles import ROLES, write_roles
from omep_site import running, server

DEMO_EDITOR = "demo"


class Command(BaseCommand):
    help = "Everything for a first look: database, demo content, a demo editor, the server and the worker."

    def handle(self, *args, **options):
        running.share()
        call_command("migrate", verbosity=0)
        call_command("load_demo", verbosity=0)
        if not settings.DEBUG:
            server.collect_static()
        self.say(roles_given=make_demo_editor())
        sys.exit(serve())

    def say(self, roles_given: bool):
        where = f"http://127.0.0.1:{settings.PORT}"
        lines = [f"  The site     {where}/", f"  Its admin    {where}/admin/"]
        password = password_file().read_text().strip() if password_file().exists() else ""
        editor = get_user_model().objects.filter(username=DEMO_EDITOR).first()
        if editor and editor.check_password(password):
            kept = f"(kept in var/{password_file().name})"
            lines.append(f"  Sign in as   {DEMO_EDITOR}  with the password  {password}   {kept}")
        elif editor:
            lines.append(f"  Sign in as   {DEMO_EDITOR}  with the password that you gave it")
        if roles_given:
            lines.append("               It was made before there were roles, and now has all of them.")
        self.stdout.write("\n".join(["", *lines, "", "  Stop with Ctrl+C.", ""]))
        self.stdout.flush()


def password_file() -> Path:
    """Where the demo editor's password is kept: a file for each database that `make run` was tried on."""
    database = settings.DATABASES["default"]
    if database["NAME"] == str(settings.VAR / "db.sqlite3"):
        return settings.VAR / "demo-editor.txt"
    which = "|".join(str(database.get(part, "")) for part in ("ENGINE", "HOST", "PORT", "NAME"))
    return settings.VAR / f"demo-editor-{hashlib.sha256(which.encode()).hexdigest()[:8]}.txt"


def make_demo_editor() -> bool:
    """An editor with all four roles, who sees everything, made once; `make serve` refuses to start with it.

    One that was made before there were roles is given them: True says so.
    """
    users = get_user_model().objects
    if editor := users.filter(username=DEMO_EDITOR).first():
        return is_untouched(editor) and give_roles(editor)
    password = secrets.token_urlsafe(9)
    give_roles(users.create_user(DEMO_EDITOR, password=password, is_staff=True))
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with open(os.open(password_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{password}\n")
    return False


def is_untouched(editor) -> bool:
    """Whether it still has the password of `make run`, and nobody changed its account in the admin."""
    file = password_file()
    if not (editor.is_active and editor.is_staff and file.exists() and editor.check_password(file.read_text().strip())):
        return False
    about_accounts = LogEntry.objects.filter(content_type__model__in=["user", "account"])
    return not about_accounts.filter(object_id=str(editor.pk)).exists()


def give_roles(editor) -> bool:
    """True where it lacked one."""
    write_roles()
    missing = Group.objects.filter(name__in=[role.key for role in ROLES]).exclude(user=editor)
    lacked = missing.exists()
    editor.groups.add(*missing)
    return lacked


def serve() -> int:
    """Runs the server and the worker until the server ends or somebody stops this command; returns an exit status.

    A worker that ends by itself is started again: what it has to do stands in the database.
    """
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    web = [*manage, "runserver", f"127.0.0.1:{settings.PORT}"] if settings.DEBUG else server.command(workers=1)
    environment = os.environ | {"LOG_FORMAT": os.environ.get("LOG_FORMAT") or "line"}  # a person looks on
    children: dict[str, subprocess.Popen] = {}
    stopped = False

    def start(name, command):
        children[name] = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)  # noqa: S603

    def stop(*_signal):
        nonlocal stopped
        stopped = True
        for child in children.values():
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        start("server", web)
        start("worker", [*manage, "worker"])
        while True:
            pid, status = os.wait()
            name = next(name for name, child in children.items() if child.pid == pid)
            code = children[name].returncode = os.waitstatus_to_exitcode(status)
            if stopped:
                return 0
            print(f"The {name} ended (status {code}).", file=sys.stderr, flush=True)
            if name == "server":
                return code if code > 0 else 1
            time.sleep(1)
            start("worker", [*manage, "worker"])
    finally:
        stop()
        for child in children.values():
            end(child)


def end(child: subprocess.Popen) -> None:
    """Tells it once more where it did not hear: the server may miss that it is told while its own processes end, as they do
    with Ctrl+C, which all of them get at once."""
    for _time in range(2):
        try:
            child.wait(2 * server.STOPS_WITHIN)
            return
        except subprocess.TimeoutExpired:
            child.terminate()
    child.kill()
    child.wait()
