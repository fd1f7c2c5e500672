import hashlib
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.roles import ROLES, write_roles
from omep_site import server

DEMO_EDITOR = "demo"


class Command(BaseCommand):
    help = "Everything for a first look: database, demo content, a demo editor, the server and the worker."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        call_command("load_demo", verbosity=0)
        if not settings.DEBUG:
            server.collect_static()
        make_demo_editor()
        self.say()
        sys.exit(serve())

    def say(self):
        where = f"http://127.0.0.1:{settings.PORT}"
        lines = [f"  The site     {where}/", f"  Its admin    {where}/admin/"]
        password = password_file().read_text().strip() if password_file().exists() else ""
        editor = get_user_model().objects.filter(username=DEMO_EDITOR).first()
        if editor and editor.check_password(password):
            kept = f"(kept in var/{password_file().name})"
            lines.append(f"  Sign in as   {DEMO_EDITOR}  with the password  {password}   {kept}")
        elif editor:
            lines.append(f"  Sign in as   {DEMO_EDITOR}  with the password that you gave it")
        self.stdout.write("\n".join(["", *lines, "", "  Stop with Ctrl+C.", ""]))
        self.stdout.flush()


def password_file() -> Path:
    """Where the demo editor's password is kept: a file for each database that `make run` was tried on."""
    database = settings.DATABASES["default"]
    if database["NAME"] == str(settings.VAR / "db.sqlite3"):
        return settings.VAR / "demo-editor.txt"
    which = "|".join(str(database.get(part, "")) for part in ("ENGINE", "HOST", "PORT", "NAME"))
    return settings.VAR / f"demo-editor-{hashlib.sha256(which.encode()).hexdigest()[:8]}.txt"


def make_demo_editor() -> None:
    """An editor with all four roles, who sees everything, made once; `make serve` refuses to start with it."""
    users = get_user_model().objects
    if users.filter(username=DEMO_EDITOR).exists():
        return
    password = secrets.token_urlsafe(9)
    editor = users.create_user(DEMO_EDITOR, password=password, is_staff=True)
    write_roles()
    editor.groups.set(Group.objects.filter(name__in=[role.key for role in ROLES]))
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with open(os.open(password_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{password}\n")


def serve() -> int:
    """Runs the server and the worker until the server ends or somebody stops this command; returns an exit status.

    A worker that ends by itself is started again: what it has to do stands in the database.
    """
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    web = [*manage, "runserver", f"127.0.0.1:{settings.PORT}"] if settings.DEBUG else server.command(workers=1)
    children: dict[str, subprocess.Popen] = {}
    stopped = False

    def start(name, command):
        children[name] = subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603

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
            child.wait()
