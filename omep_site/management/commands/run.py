import os
import secrets
import signal
import subprocess
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import BaseCommand

from omep_site import server

DEMO_EDITOR = "demo"
PASSWORD_FILE = settings.VAR / "demo-editor.txt"
EDITED_APPS = ["events", "comments", "newsletter"]


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
        if PASSWORD_FILE.exists():
            name, password = PASSWORD_FILE.read_text().split()
            lines.append(
                f"  Sign in as   {name}  with the password  {password}   (kept in {PASSWORD_FILE.name}, in var/)"
            )
        self.stdout.write("\n".join(["", *lines, "", "  Stop with Ctrl+C.", ""]))
        self.stdout.flush()


def make_demo_editor() -> None:
    """An editor of events, comments and subscribers, made once; `make serve` refuses to start with it."""
    users = get_user_model().objects
    if users.filter(username=DEMO_EDITOR).exists():
        return
    password = secrets.token_urlsafe(9)
    editor = users.create_user(DEMO_EDITOR, password=password, is_staff=True)
    editor.user_permissions.set(Permission.objects.filter(content_type__app_label__in=EDITED_APPS))
    PASSWORD_FILE.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(PASSWORD_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{DEMO_EDITOR} {password}\n")


def serve() -> int:
    """Runs the server and the worker until one of them ends or somebody stops this command; returns an exit status."""
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    web = [*manage, "runserver", f"127.0.0.1:{settings.PORT}"] if settings.DEBUG else server.command(workers=1)
    children = []

    def stop(*_signal):
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        for each in (web, [*manage, "worker"]):
            children.append(subprocess.Popen(each, cwd=settings.BASE_DIR))  # noqa: S603, PERF401 - stop() sees each at once
        pid, status = os.wait()
        ended = next(child for child in children if child.pid == pid)
        ended.returncode = os.waitstatus_to_exitcode(status)
        return max(0, ended.returncode)
    finally:
        stop()
        for child in children:
            child.wait()
