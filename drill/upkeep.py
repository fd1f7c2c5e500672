"""What an administrator does to the installed site in the course of years, and what happens to its machine meanwhile."""

import re
import time

from drill.debian import Installed
from drill.faults import Fault
from drill.servers import until
from drill.visitors import Visitors

UPKEEP: list[Fault] = []


def upkeep(done: str, **more):
    def note(function):
        UPKEEP.append(Fault(function.__name__, done, function, **more))
        return function

    return note


MIGRATION = """
from django.db import migrations
{more}

class Migration(migrations.Migration):
    dependencies = [("omep_site", "{after}")]
    operations = [{operation}]
"""
WAITS = """
import time
from pathlib import Path

def wait(*_args):
    if not Path("/srv/omep/var/go-on").exists():
        time.sleep(600)
"""


def prepare(house: Installed) -> None:
    """Where releases come from: a repository into which this drill may push."""
    house.machine.run(
        "git clone -q --bare /project /root/project.git\n"
        "git -C /srv/omep/source remote set-url origin /root/project.git\n"
        "branch=$(git -C /srv/omep/source rev-parse --abbrev-ref HEAD)\n"
        "git -C /root/project.git symbolic-ref HEAD refs/heads/$branch\n"
        "git clone -q /root/project.git /root/work\n"
        "git -C /root/work config user.name Drill\n"
        "git -C /root/work config user.email drill@example.org"
    )


def release(house: Installed, words: str, files: dict[str, str]) -> None:
    """A new one, with these files; on what was the newest before."""
    work = house.machine.folder / "root/work"
    for name, text in files.items():
        (work / name).write_text(text)
    house.machine.run(f"cd /root/work && git add -A && git commit -q -m '{words}' && git push -q")


def last_migration(house: Installed) -> str:
    return sorted((house.machine.folder / "root/work/omep_site/migrations").glob("0*.py"))[-1].stem


def migration(house: Installed, name: str, operation: str, more: str = "") -> dict[str, str]:
    after = last_migration(house)
    number = int(after[:4]) + 1
    text = MIGRATION.format(after=after, operation=operation, more=more)
    return {f"omep_site/migrations/{number:04}_{name}.py": text}


def running(house: Installed) -> str:
    return house.machine.run("basename $(readlink /srv/omep/current)").strip()


def has_table(house: Installed, name: str) -> bool:
    return (name,) in house.rows("SELECT name FROM sqlite_master")


@upkeep("The site is started anew three times (`omep restart`)")
def the_site_is_started_anew(house: Installed, visitors: Visitors) -> str:
    for _time in range(3):
        house.machine.run("omep restart")
    return ""


@upkeep("A new release that changes the database is taken (`omep upgrade`)")
def a_release_is_taken(house: Installed, visitors: Visitors) -> str:
    before = running(house)
    operation = 'migrations.RunSQL("CREATE TABLE drill (id integer)", "DROP TABLE drill")'
    release(house, "A table more", migration(house, "drill", operation))
    began = time.monotonic()
    house.machine.run("omep upgrade")
    took = time.monotonic() - began
    assert running(house) != before
    assert has_table(house, "drill")
    return f"it took {took:.0f} s"


@upkeep("The release is taken back, with what it did to the database (`omep rollback`)")
def a_release_is_taken_back(house: Installed, visitors: Visitors) -> str:
    before = running(house)
    began = time.monotonic()
    house.machine.run("omep rollback")
    took = time.monotonic() - began
    assert running(house) != before
    assert not has_table(house, "drill")
    return f"it took {took:.0f} s"


@upkeep("A release that does not start is to be taken")
def a_release_does_not_start(house: Installed, visitors: Visitors) -> str:
    before = running(house)
    work = house.machine.folder / "root/work"
    wsgi = (work / "omep_site/wsgi.py").read_text()
    release(house, "Broken", {"omep_site/wsgi.py": f"raise RuntimeError('broken')\n{wsgi}"})
    said = house.machine.run("omep upgrade", fails=True)
    assert "the site runs on as it was" in said
    assert running(house) == before
    release(house, "Mended", {"omep_site/wsgi.py": wsgi})
    return "it was not taken, and said so"


@upkeep("An upgrade is killed (`kill -9`) in the middle of a migration, and then given again")
def a_migration_is_interrupted(house: Installed, visitors: Visitors) -> str:
    before = running(house)
    operation = (
        'migrations.RunSQL("CREATE TABLE half (id integer)", "DROP TABLE half"), migrations.RunPython(wait, wait)'
    )
    release(house, "One that takes long", migration(house, "half", operation, more=WAITS))
    house.machine.run(
        "systemd-run -q --setenv PIP_CERT --unit upgrade omep upgrade || systemd-run -q --unit upgrade omep upgrade"
    )
    until(
        lambda: house.machine.tries("systemctl status upgrade | grep -q 'manage.py migrate -v1'") == 0, "the migration"
    )
    time.sleep(4)
    house.machine.run("systemctl kill -s KILL upgrade")
    assert running(house) == before
    assert not has_table(house, "half")
    house.machine.run("touch /srv/omep/var/go-on")
    house.machine.run("omep upgrade")
    assert running(house) != before
    assert has_table(house, "half")
    return "the release before ran on; given again, the upgrade went through"


@upkeep("The server and the worker are killed (`kill -9`); systemd starts them again", silence=True)
def systemd_starts_what_was_killed(house: Installed, visitors: Visitors) -> str:
    house.machine.run("systemctl kill -s KILL omep-web@a omep-web@b omep-worker || true")
    until(lambda: house.machine.tries("systemctl is-active omep-worker") == 0, "the worker")
    return ""


@upkeep("A backup is made, comments go on, and it is restored (`omep backup`, `omep restore`)")
def a_backup_is_restored(house: Installed, visitors: Visitors) -> str:
    count = "SELECT count(*) FROM comments_comment"
    house.machine.run("omep backup")
    before = house.rows(count)
    until(lambda: house.rows(count) > before, "a comment more")
    house.machine.run("omep restore $(ls -1t /srv/omep/var/backups/omep-*.tar.gz | head -1) --yes")
    return "what came after the backup stands in the database that was put aside"


@upkeep(
    "A release is taken whose migration cannot be undone, and left with the backup from before (`omep rollback FILE`)"
)
def a_release_is_left_with_a_backup(house: Installed, visitors: Visitors) -> str:
    before = running(house)
    operation = 'migrations.RunSQL("CREATE TABLE final (id integer)")'
    release(house, "One that cannot be undone", migration(house, "final", operation))
    house.machine.run("omep upgrade")
    newer = running(house)
    for command in (f"omep upgrade {before[-8:]}", "omep rollback"):
        said = house.machine.run(command, fails=True)
        assert running(house) == newer
    back = re.search(r"omep rollback \S+\.tar\.gz", said)[0]
    house.machine.run(back, fails=True)  # nobody answers its question
    assert running(house) == newer
    began = time.monotonic()
    house.machine.run(f"{back} --yes")
    took = time.monotonic() - began
    assert running(house) == before
    assert not has_table(house, "final")
    return f"it took {took:.0f} s; what came after the backup stands in the database that was put aside"


@upkeep("The machine is started again", silence=True)
def the_machine_is_started_again(house: Installed, visitors: Visitors) -> str:
    house.machine.stop()
    house.machine.start()
    return "everything came back by itself"
