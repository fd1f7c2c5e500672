"""`omep` with a machine of straw around it: what stands for systemd, nginx and the site notes what it was told. The drill
(`python -m drill`) has a real one."""

import fcntl
import re
import shutil
import subprocess
from pathlib import Path

import pytest

OMEP = Path(__file__).parents[2] / "deploy" / "omep"

# Notes that it was called; fails where a file says so.
STRAW = """#!/bin/bash
words="${0##*/} $*"
echo "$words" >>@/told
while read -r line; do [[ "$words" != $line ]] || exit 1; done <@/fails
"""
SYSTEMCTL = """
case "$*" in
  is-active*) test -e "@/active-${@: -1}" ;;
  start*) for unit in "${@:2}"; do touch "@/active-$unit"; done ;;
  stop*) for unit in "${@:2}"; do rm -f "@/active-$unit"; done ;;
esac
"""
RUNUSER = """
shift 3 && exec "$@"
"""
INSTALL = """
kept=()
while (($#)); do case $1 in -o | -g) shift 2 ;; *) kept+=("$1") && shift ;; esac; done
exec /usr/bin/install "${kept[@]}"
"""
NGINX = 'test -s "$(readlink -e @/etc/nginx/sites-enabled/omep)"\n'
# The release's Python: what the site's commands do that `omep` looks at.
SITE = """#!/bin/bash
shift
words="$*"
env >@/environment
echo "site $(basename "$PWD" | sed 's/.*-//') $words" >>@/told
while read -r line; do [[ "$words" != $line ]] || exit 1; done <@/fails
case $words in
  "schema --note "*) echo "omep_site 0001" >"${words##* }" ;;
  "schema --back-to "*) test ! -e @/cannot-be-undone || exit 3 ;;
  "shell "*) here=$(basename "$PWD" | sed 's/.*-//') && { test ! -e "@/unfit-$here" || cat "@/unfit-$here"; } ;;
  backup) echo "@/srv/omep/var/backups/omep-2026.tar.gz  3 KB" && touch @/srv/omep/var/backups/omep-2026.tar.gz ;;
  "restore "*) test ! -e @/on-restore || . @/on-restore ;;
  nginx*) echo "server for $(cat .env | grep ^SITE_URL)" ;;
esac
"""
MAKEFILE = """.venv/runs:
\t@! test -e @/no-network
\t@mkdir -p .venv/bin && cp @/site .venv/bin/python && touch $@
"""


class Machine:
    def __init__(self, folder: Path):
        self.folder = folder
        self.site = folder / "srv/omep"
        self.environment = {"PATH": f"{folder}/bin:/usr/bin:/bin", "HOME": str(folder)}
        for name in ("bin", "run/lock", "etc/systemd/system", "etc/nginx/sites-available", "etc/nginx/sites-enabled"):
            (folder / name).mkdir(parents=True)
        (folder / "etc/sysctl.d").mkdir()
        (folder / "etc/nginx/nginx.conf").write_text("events {}\n")
        (folder / "told").touch()
        (folder / "fails").touch()
        known = "apt-get getent chown sysctl certbot journalctl adduser"
        for name in [*known.split(), "systemctl", "runuser", "install", "nginx"]:
            more = {"systemctl": SYSTEMCTL, "runuser": RUNUSER, "install": INSTALL, "nginx": NGINX}.get(name, "")
            self.programme(f"bin/{name}", STRAW + more)
        self.programme("bin/id", "#!/bin/sh\necho 0\n")
        self.programme("site", SITE)
        self.source = self.site / "source"
        (self.source / "deploy").mkdir(parents=True)
        shutil.copytree(OMEP.parent / "systemd", self.source / "deploy/systemd")
        shutil.copy(OMEP.parent / "unfit.py", self.source / "deploy")
        shutil.copy(OMEP.parents[1] / ".env.example", self.source)
        text = OMEP.read_text().replace("/usr/local/bin", "/bin")
        for where in (
            "/srv/omep",
            "/etc/systemd",
            "/etc/nginx",
            "/etc/sysctl.d",
            "/run/lock",
            "/etc/letsencrypt",
            "/bin/omep",
        ):
            text = re.sub(rf"(?<![\w}}/]){where}", f"{folder}{where}", text)
        self.programme("srv/omep/source/deploy/omep", text)
        (self.source / "Makefile").write_text(MAKEFILE.replace("@/", f"{folder}/"))
        (self.source / "manage.py").touch()
        self.git("init", "-q", "-b", "main")
        self.release("First")
        self.git("init", "-q", "--bare", str(folder / "origin"))
        self.git("remote", "add", "origin", str(folder / "origin"))
        self.git("push", "-q", "-u", "origin", "main")

    def programme(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text.replace("@/", f"{self.folder}/"))
        (self.folder / name).chmod(0o755)

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        done = subprocess.run(["git", "-C", str(self.source), *who, *words], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def release(self, words: str) -> str:
        """A commit; its eight signs, as the release's folder has them."""
        (self.source / "words").write_text(words)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", words)
        return self.git("rev-parse", "HEAD")[:8]

    def publish(self, words: str) -> str:
        """A release that is only there for who fetches it."""
        made = self.release(words)
        self.git("push", "-q", "origin", "main")
        return made

    def omep(self, *words: str, fails: tuple[str, ...] = (), cwd: Path | None = None, **environment: str):
        """(status, all that was printed); meanwhile what `fails` names fails."""
        (self.folder / "fails").write_text("".join(f"{each}\n" for each in fails))
        (self.folder / "told").write_text("")
        command = [str(self.source / "deploy/omep")]
        if (self.site / "current").exists():
            command = [str(self.site / "current/deploy/omep")]
        done = subprocess.run(
            [*command, *words], env=self.environment | environment, cwd=cwd or self.folder, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def install(self, *words: str, **more):
        return self.omep("install", "http://events.example.org", *words, **more)

    @property
    def told(self) -> list[str]:
        return (self.folder / "told").read_text().splitlines()

    def has_told(self, *words: str) -> list[str]:
        """What the site and systemd were told that begins with one of these, in its order."""
        lines = [re.sub("^site [0-9a-f]{8} ", "", line) for line in self.told]
        return [line for line in lines if line.startswith(words)]

    def database_is_of(self, *releases: str) -> None:
        """These know it, and no other that there is."""
        for folder in self.folder.glob("unfit-*"):
            folder.unlink()
        for folder in (self.site / "releases").iterdir():
            if folder.name[-8:] not in releases:
                (self.folder / f"unfit-{folder.name[-8:]}").write_text("newer newsletter.0009\nnewer pages.0004\n")

    def on_restore(self, script: str) -> None:
        """What else happens while the site restores."""
        self.programme("on-restore", script)

    def runs(self) -> list[str]:
        """The services of the site that are active."""
        return sorted(path.name.removeprefix("active-") for path in self.folder.glob("active-omep-[w]*"))

    def settings(self) -> dict[str, str]:
        lines = (self.site / ".env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    def current(self) -> str:
        return (self.site / "current").resolve().name[-8:] if (self.site / "current").exists() else ""


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_a_password_of_the_mail_server_comes_as_it_is_into_settings_that_others_cannot_read(machine):
    password = """a b 'it"s $HOME `x` a|b&c\\d #1 %40 \\1"""
    status, _said = machine.install("--mail", f"smtp://user:{password}@mail.example.org:25", "--from", "OMEP <a@b.org>")
    assert (status, machine.settings()["EMAIL_URL"]) == (0, f"smtp://user:{password}@mail.example.org:25")
    assert machine.settings()["DEFAULT_FROM_EMAIL"] == "OMEP <a@b.org>"
    assert (machine.site / ".env").stat().st_mode & 0o777 == 0o640
    assert len(machine.settings()["SECRET_KEY"]) > 50


def test_where_mail_goes_is_taken_from_the_environment_and_told_to_no_other_programme(machine):
    (machine.folder / "bin/apt-get").write_text(f"#!/bin/sh\nenv >>{machine.folder}/heard\n")
    status, said = machine.install(EMAIL_URL="smtp://user:secret@mail.example.org:587?tls=1")
    assert (status, machine.settings()["EMAIL_URL"]) == (0, "smtp://user:secret@mail.example.org:587?tls=1")
    heard = (machine.folder / "heard").read_text() + (machine.folder / "environment").read_text()
    assert ("PATH=" in heard, "secret" in heard, "secret" in said) == (True, False, False)
    assert machine.install("--mail", "smtp://other.example.org:25", EMAIL_URL="smtp://x:secret@y")[0] == 0
    assert machine.settings()["EMAIL_URL"] == "smtp://other.example.org:25"


def test_what_was_wrong_in_the_first_try_is_put_right_by_the_second_and_the_rest_stays(machine):
    assert machine.install("--mail", "nonsense", fails=("check --deploy",))[0] == 1
    key = machine.settings()["SECRET_KEY"]
    with (machine.site / ".env").open("a") as file:
        file.write("# ours\nMODERATORS=anna@example.org\n")
    assert machine.install("--mail", "smtp://mail.example.org:25", "--also", "a.example.org, b.example.org")[0] == 0
    assert {name: machine.settings()[name] for name in ("EMAIL_URL", "SECRET_KEY", "ALLOWED_HOSTS", "MODERATORS")} == {
        "EMAIL_URL": "smtp://mail.example.org:25",
        "SECRET_KEY": key,
        "ALLOWED_HOSTS": "events.example.org,a.example.org,b.example.org",
        "MODERATORS": "anna@example.org",
    }
    assert machine.install()[0] == 0
    assert machine.settings()["ALLOWED_HOSTS"] == "events.example.org,a.example.org,b.example.org"


def test_a_release_whose_libraries_did_not_come_is_made_anew_by_the_next_try(machine):
    (machine.folder / "no-network").touch()
    status, _said = machine.install()
    assert (status, machine.current(), machine.has_told("check")) == (2, "", [])
    (machine.folder / "no-network").unlink()
    assert machine.install()[0] == 0
    assert machine.current() == machine.git("rev-parse", "HEAD")[:8]


def test_install_given_again_leaves_the_release_that_runs(machine):
    machine.install()
    newest = machine.publish("Second")
    assert machine.omep("upgrade")[0] == 0
    machine.git("reset", "-q", "--hard", "HEAD~1")
    assert machine.install()[0] == 0
    assert machine.current() == newest


def test_a_site_that_does_not_start_anew_keeps_its_database(machine):
    machine.install()
    status, said = machine.install(fails=("systemctl start omep-web@b",))
    assert (status, machine.has_told("schema --back-to", "systemctl stop omep-web@a")) == (1, [])
    assert said.endswith("omep: the site could not be started anew; what ran before runs on\n")


def test_a_first_release_that_does_not_start_does_not_stand_in_the_way_of_the_next(machine):
    assert machine.install(fails=("systemctl start omep-web@a",))[0] == 1
    mended = machine.release("Mended")
    assert machine.install()[0] == 0
    assert machine.current() == mended


def test_a_note_of_the_database_that_was_cut_off_is_none(machine):
    machine.install()
    machine.publish("Second")
    assert machine.omep("upgrade", fails=("schema --note *",))[0] == 1
    assert machine.omep("upgrade")[0] == 0
    assert (machine.site / "current/.before").read_text() == "omep_site 0001\n"


def test_a_release_that_does_not_start_is_not_taken_and_its_database_is_taken_back(machine):
    machine.install()
    first = machine.current()
    machine.publish("Second")
    status, said = machine.omep("upgrade", fails=("systemctl start omep-web@b", "migrate --check"))
    assert (status, machine.current()) == (1, first)
    assert machine.has_told("backup", "migrate -v1", "schema --back-to", "systemctl start omep-worker") == [
        "backup",
        "migrate -v1 --noinput",
        "schema --back-to .before",
        "systemctl start omep-worker",
    ]
    assert said.endswith("omep: the new release was not taken; the site runs on as it was\n")


def test_an_upgrade_that_was_interrupted_goes_on_when_it_is_given_again(machine):
    machine.install()
    first = machine.current()
    second = machine.publish("Second")
    assert machine.omep("upgrade", fails=("systemctl daemon-reload",))[0] == 1
    assert machine.omep("upgrade")[0] == 0
    assert machine.has_told("systemctl start omep-web", "schema") == ["systemctl start omep-web@b"]
    assert machine.current() == second
    assert machine.omep("upgrade") == (0, "This release runs already.\n")
    assert machine.omep("rollback")[0] == 0
    assert machine.current() == first


def test_a_rollback_makes_a_backup_before_it_undoes_anything_and_goes_back_once(machine):
    machine.install()
    first = machine.current()
    machine.publish("Second")
    machine.omep("upgrade")
    status, said = machine.omep("rollback", fails=("schema --back-to .before --check", "backup"))
    assert (status, machine.has_told("schema --back-to .before")[1:]) == (1, [])
    assert machine.has_told("systemctl start") == ["systemctl start omep-worker"]
    assert said.endswith("omep: without a backup nothing is changed\n")
    assert machine.omep("rollback", fails=("schema --back-to .before --check",))[0] == 0
    assert machine.has_told("backup", "schema") == [
        "schema --back-to .before --check",
        "backup",
        "schema --back-to .before",
    ]
    assert machine.current() == first
    assert machine.omep("rollback") == (1, "omep: there is no release before this one\n")


BACKUP = "srv/omep/var/backups/omep-2026.tar.gz"


@pytest.fixture
def upgraded(machine):
    """The second release runs, with a database that the first one does not know and migrations that cannot be undone; the
    backup from before is there."""
    machine.install()
    machine.first = machine.current()
    machine.second = machine.publish("Second")
    assert machine.omep("upgrade", fails=("migrate --check",))[0] == 0
    machine.database_is_of(machine.second)
    (machine.folder / "cannot-be-undone").touch()
    return machine


@pytest.mark.parametrize("steps", [1, 2])
def test_an_upgrade_to_an_older_release_than_the_database_is_refused_before_anything_is_changed(upgraded, steps):
    if steps == 2:
        upgraded.publish("Third")
        upgraded.omep("upgrade")
        upgraded.database_is_of(upgraded.current())
    runs, before = upgraded.current(), (upgraded.site / "previous").resolve().name
    status, said = upgraded.omep("upgrade", upgraded.first)
    older = next((upgraded.site / "releases").glob(f"*-{upgraded.first}")).name
    assert (status, said.splitlines()[-1]) == (
        1,
        f"omep: {older} does not know what a newer release did to the database (newsletter.0009, pages.0004); "
        f"nothing was changed: “omep rollback” goes back to {before}, with its database",
    )
    assert (upgraded.current(), upgraded.has_told("systemctl", "check", "backup", "migrate", "schema")) == (runs, [])


def test_an_older_release_that_knows_the_database_may_be_upgraded_to(upgraded):
    upgraded.database_is_of(upgraded.first, upgraded.second)
    assert upgraded.omep("upgrade", upgraded.first)[0] == 0
    assert upgraded.current() == upgraded.first


def test_a_newer_release_may_have_forgotten_the_migrations_of_a_library_that_it_does_without(upgraded):
    third = upgraded.publish("Third")
    (upgraded.folder / f"unfit-{third}").write_text("newer library.0001\n")
    assert upgraded.omep("upgrade")[0] == 0
    assert upgraded.current() == third


def test_after_an_upgrade_that_was_interrupted_no_release_is_taken_that_does_not_know_what_it_did(machine):
    machine.install()
    first, second = machine.current(), machine.publish("Second")
    third = machine.publish("Third")
    assert machine.omep("upgrade", fails=("migrate --check", "install -m 644 *"))[0] == 1
    (machine.site / "current").unlink()  # as if it had been killed a moment before
    (machine.site / "current").symlink_to(next((machine.site / "releases").glob(f"*-{first}")))
    (next((machine.site / "releases").glob(f"*-{third}")) / ".from").unlink()
    (machine.folder / f"unfit-{second}").write_text("newer newsletter.0009\nolder pages.0003\n")
    status, said = machine.omep("upgrade", second)
    assert (status, machine.current()) == (1, first)
    assert said.endswith(
        f"does not know what a newer release did to the database (newsletter.0009); nothing was changed: “omep upgrade {third}” "
        "ends the upgrade that was interrupted, and “omep rollback” takes it back\n"
    )
    (machine.folder / f"unfit-{second}").unlink()
    fourth = machine.publish("Fourth")
    assert machine.omep("upgrade")[0] == 0
    assert (machine.current(), machine.has_told("schema --note")) == (fourth, [])  # noted by the first of them
    assert (machine.site / "current/.before").read_text() == "omep_site 0001\n"


def test_what_an_interrupted_upgrade_did_is_taken_back_and_the_release_that_runs_stays(machine):
    machine.install()
    first, second = machine.current(), machine.publish("Second")
    assert (
        machine.omep("upgrade", fails=("migrate --check", "systemctl start omep-web@b", "schema --back-to *"))[0] == 1
    )
    assert machine.current() == first
    status, said = machine.omep("rollback", fails=("schema --back-to .before --check",))
    assert (status, machine.current()) == (0, first)
    assert re.findall(f"site ({first}|{second}) (schema .*|backup)", "\n".join(machine.told)) == [
        (second, "schema --back-to .before --check"),
        (second, "schema --back-to .before --check"),
        (second, "backup"),
        (second, "schema --back-to .before"),
    ]
    assert re.search(r"^The upgrade to \S+ was interrupted: what it did is taken back\.$", said, re.MULTILINE)
    assert machine.omep("rollback") == (1, "omep: there is no release before this one\n")


def test_an_upgrade_that_ended_before_it_did_anything_is_not_what_a_rollback_takes_back(machine):
    machine.install()
    first, second = machine.current(), machine.publish("Second")
    machine.omep("upgrade")
    third = machine.publish("Third")
    said = machine.omep("upgrade", fails=("migrate --check", "backup"))[1]
    assert said.endswith("omep: without a backup nothing is changed\n")
    assert machine.omep("rollback")[0] == 0
    assert (machine.current(), re.findall(f"site ({second}|{third}) schema", "\n".join(machine.told))) == (
        first,
        [third, second],
    )
    assert machine.omep("upgrade")[0] == 0
    assert (machine.current(), machine.has_told("schema")) == (third, ["schema --note .before.new"])


def test_where_nothing_can_be_undone_a_rollback_changes_nothing_and_names_the_backup_to_go_back_with(upgraded):
    status, said = upgraded.omep("rollback")
    assert (status, upgraded.current(), upgraded.has_told("backup", "schema")) == (
        1,
        upgraded.second,
        ["schema --back-to .before --check"],
    )
    assert said == (
        "omep: so the site stays as it is. To go back together with the backup from before the upgrade, which loses what came "
        f"since: omep rollback {upgraded.folder}/{BACKUP}\n"
    )
    (upgraded.folder / BACKUP).unlink()
    assert upgraded.omep("rollback")[1].endswith(f"omep rollback FILE (they are in {upgraded.site}/var/backups)\n")


def test_the_backup_before_a_migration_is_made_by_the_release_that_may_have_to_read_it(machine):
    machine.install()
    first, second = machine.current(), machine.publish("Second")
    machine.omep("upgrade", fails=("migrate --check",))
    told = [line for line in machine.told if re.match(r"site \S+ (backup|migrate -v1)", line)]
    assert told == [f"site {first} backup", f"site {second} migrate -v1 --noinput"]


def test_a_rollback_with_a_backup_lets_the_older_release_bring_it_back_while_nothing_runs(upgraded):
    upgraded.on_restore("ls @ | grep ^active-omep-w >@/meanwhile || true")
    status, said = upgraded.omep("rollback", BACKUP, "--yes")
    assert (status, upgraded.current(), (upgraded.folder / "meanwhile").read_text()) == (0, upgraded.first, "")
    assert f"site {upgraded.first} restore {upgraded.folder}/{BACKUP} --yes" in upgraded.told
    assert upgraded.has_told("schema", "migrate", "backup", "systemctl st")[:3] == [
        "systemctl stop omep-worker omep-web@a omep-web@b",
        "systemctl start omep-web@a",
        "systemctl stop omep-web@b",
    ]
    assert upgraded.runs() == ["omep-web@a", "omep-worker"]
    assert said.endswith(f"The site runs on {(upgraded.site / 'current').resolve().name}.\n")
    assert upgraded.omep("rollback", BACKUP) == (1, "omep: there is no release before this one\n")


@pytest.mark.parametrize("words", [("none.tar.gz",), ("--yes",)])
def test_a_rollback_with_a_file_that_is_none_stops_nothing(upgraded, words):
    said = f"omep: give the file of a backup; they are in {upgraded.site}/var/backups\n"
    assert upgraded.omep("rollback", *words) == (1, said)
    assert upgraded.has_told("systemctl stop") == []


def test_where_the_backup_is_not_brought_back_the_newer_release_runs_on(upgraded):
    status, said = upgraded.omep("rollback", BACKUP, fails=("restore *",))
    assert (status, upgraded.current(), upgraded.runs()) == (1, upgraded.second, ["omep-web@b", "omep-worker"])
    assert said.endswith("omep: so the backup was not brought back; this command may be given again\n")
    assert upgraded.omep("rollback", BACKUP)[0] == 0
    assert upgraded.current() == upgraded.first


@pytest.mark.parametrize("how", ["exit 1", "kill -INT $$", "kill -TERM $PPID; sleep 0.2; exit 0"])
def test_where_it_ends_badly_at_its_very_end_the_older_release_runs(upgraded, how):
    """Its output was cut off, for instance, when the database stood in its place already; or only `omep` was told to end."""
    upgraded.on_restore(f"rm @/unfit-{upgraded.first}; echo newer >@/unfit-{upgraded.second}; {how}")
    assert upgraded.omep("rollback", BACKUP)[0] == 0
    assert (upgraded.current(), upgraded.runs()) == (upgraded.first, ["omep-web@a", "omep-worker"])


@pytest.mark.parametrize(
    "step", ["install -m 644 *", "systemctl daemon-reload", "systemctl start omep-web@a", "nginx -t -q"]
)
def test_a_rollback_that_fails_after_the_backup_is_there_goes_on_without_bringing_it_back_again(upgraded, step):
    upgraded.on_restore(f"rm @/unfit-{upgraded.first}; echo newer >@/unfit-{upgraded.second}")
    assert upgraded.omep("rollback", BACKUP, fails=(step,))[0] == 1
    assert (upgraded.current(), len(upgraded.runs())) == (upgraded.first, 2)
    status, _said = upgraded.omep("rollback", BACKUP)
    assert upgraded.has_told("restore") == []
    if step != "nginx -t -q":  # the last of all: the site has gone back, and `omep restart` writes it
        assert (status, len(upgraded.runs())) == (0, 2)
    assert upgraded.omep("rollback", BACKUP) == (1, "omep: there is no release before this one\n")


def test_a_rollback_that_was_killed_between_its_steps_goes_on(upgraded):
    upgraded.on_restore(f"rm @/unfit-{upgraded.first}; echo older >@/unfit-{upgraded.second}; kill -9 $PPID")
    assert upgraded.omep("rollback", BACKUP)[0] == -9
    assert (upgraded.current(), upgraded.runs()) == (upgraded.second, [])
    (upgraded.folder / "on-restore").unlink()
    assert upgraded.omep("rollback", BACKUP)[0] == 0
    assert (upgraded.current(), upgraded.runs()) == (upgraded.first, ["omep-web@a", "omep-worker"])


def test_a_release_whose_database_cannot_be_taken_back_is_left_by_the_backup(machine):
    machine.install()
    first = machine.current()
    second = machine.publish("Second")
    (machine.folder / "cannot-be-undone").touch()
    status, said = machine.omep("upgrade", fails=("systemctl start omep-web@b", "migrate --check"))
    assert (status, machine.current()) == (1, first)
    assert f"which loses what came since: omep rollback {machine.folder}/{BACKUP}\n" in said
    machine.database_is_of(second)
    machine.on_restore(f"rm @/unfit-{first}")
    assert machine.omep("rollback", BACKUP, "--yes")[0] == 0
    assert [line for line in machine.told if re.match(r"site \S+ restore ", line)] == [
        f"site {first} restore {machine.folder}/{BACKUP} --yes"
    ]
    assert (machine.current(), machine.runs()) == (first, ["omep-web@a", "omep-worker"])
    machine.database_is_of(first)
    assert machine.omep("upgrade")[0] == 0
    assert machine.has_told("schema --note") == ["schema --note .before.new"]


def test_a_release_that_is_changed_to_again_notes_the_database_again(machine):
    machine.install()
    second = machine.publish("Second")
    machine.omep("upgrade")
    machine.publish("Third")
    machine.omep("upgrade")
    assert machine.omep("upgrade", second)[0] == 0
    assert machine.has_told("schema") == ["schema --note .before.new"]
    assert machine.current() == second


def test_a_backup_is_named_from_where_one_stands(machine):
    machine.install()
    (machine.folder / "here").mkdir()
    (machine.folder / "here/a backup.tar.gz").touch()
    assert machine.omep("restore", "a backup.tar.gz", "--yes", cwd=machine.folder / "here")[0] == 0
    assert machine.has_told("restore") == [f"restore {machine.folder}/here/a backup.tar.gz --yes"]
    status, said = machine.omep("restore", "another.tar.gz", cwd=machine.folder / "here")
    assert (status, said) == (1, f"omep: give the file of a backup; they are in {machine.site}/var/backups\n")


def test_a_restore_that_ends_early_starts_the_site_again(machine):
    machine.install()
    (machine.folder / "backup").touch()
    assert machine.omep("restore", "backup", fails=("restore *",))[0] == 1
    assert machine.has_told("systemctl st")[-1] == "systemctl start omep-web@a omep-worker"


def test_a_backup_that_the_site_may_not_read_is_said_before_anything_stops(machine):
    machine.install()
    (machine.folder / "backup").touch()
    status, said = machine.omep("restore", "backup", fails=("runuser * test -r *",))
    assert (status, machine.has_told("systemctl stop")) == (1, [])
    assert said.startswith("omep: the site's account may not read that file; give it a copy: install -o omep")


def test_the_site_is_given_the_password_of_an_account_where_nobody_reads_it_and_nothing_else_of_the_shell(machine):
    machine.install()
    machine.omep("manage", "createsuperuser", DJANGO_SUPERUSER_PASSWORD="trois oies", SECRET_KEY="of the shell")
    assert not [line for line in machine.told if "oies" in line]
    lines = (machine.folder / "environment").read_text().splitlines()
    names = {line.split("=")[0] for line in lines} - {"PWD", "SHLVL", "_", "OLDPWD"}
    assert names == {"DJANGO_SUPERUSER_PASSWORD", "HOME", "LANG", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def test_folders_that_are_set_may_be_written_to_by_the_services(machine):
    machine.install()
    conf = machine.folder / "etc/systemd/system/omep-.service.d/folders.conf"
    assert conf.read_text() == "[Service]\n"
    with (machine.site / ".env").open("a") as file:
        file.write("BACKUPS='/mnt/my disk/100%'\n")
    assert machine.omep("restart")[0] == 0
    assert conf.read_text() == '[Service]\nReadWritePaths="-/mnt/my disk/100%%"\n'


def test_a_configuration_that_nginx_does_not_take_is_tried_again_and_never_stays(machine):
    assert machine.install(fails=("nginx -t -q",))[0] == 1
    assert not (machine.folder / "etc/nginx/sites-enabled/omep").is_symlink()
    assert machine.install()[0] == 0
    enabled = machine.folder / "etc/nginx/sites-enabled/omep"
    assert enabled.read_text() == "server for SITE_URL=http://events.example.org\n"
    status, _said = machine.omep("install", "http://other.example.org", fails=("nginx -t -q",))
    assert (status, enabled.read_text()) == (1, "server for SITE_URL=http://events.example.org\n")


def test_a_site_may_have_a_port_of_its_own_and_its_certificate_is_asked_for_under_its_name_alone(machine):
    assert machine.omep("install", "https://events.example.org:8443/")[0] == 0
    assert [machine.settings()[name] for name in ("SITE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES")] == [
        "https://events.example.org:8443",
        "events.example.org",
        "1",
    ]
    [asked] = [line for line in machine.told if line.startswith("certbot")]
    assert " -d events.example.org --cert-name events.example.org " in asked


def test_where_no_certificate_is_given_out_it_is_said_at_which_port_the_authority_asks(machine):
    status, said = machine.omep("install", "https://events.example.org:8443", fails=("certbot *",))
    assert (status, said.splitlines()[-2:]) == (
        1,
        [
            "omep: there is no certificate: whichever port the site has, the authority asks for events.example.org at port 80 of "
            "this machine;",
            "where it cannot, give --certificate FILE --key FILE",
        ],
    )
    assert machine.omep("install", "https://events.example.org:80") == (
        1,
        "omep: port 80 leads to https, and cannot be the port of the site itself\n",
    )


def test_behind_a_balancer_no_certificate_is_asked_for_and_nginx_is_told_whom_to_believe(machine):
    words = ("https://events.example.org", "--balancer", "10.0.0.5, 10.0.0.6")
    assert machine.omep("install", *words)[0] == 0
    assert machine.settings()["TRUSTED_PROXIES"] == "2"
    assert [line for line in machine.told if line.startswith("certbot")] == []
    assert machine.has_told("nginx --") == ["nginx --balancer 10.0.0.5 --balancer 10.0.0.6"]
    (machine.folder / "c.pem").touch()
    assert machine.omep("install", words[0], "--certificate", "c.pem", "--key", "c.pem")[0] == 0  # it stays behind it
    assert machine.settings()["TRUSTED_PROXIES"] == "2"
    file = machine.folder / "c.pem"
    assert machine.has_told("nginx --") == [
        f"nginx --certificate {file} --key {file} --balancer 10.0.0.5 --balancer 10.0.0.6"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--mail",), "“--mail” wants a word after it"),
        (("--certificate", "told"), "a certificate has a key: give --certificate and --key"),
        (("--key", "none"), "there is no file none"),
        (("--colour", "blue"), "“--colour” is no option of omep install"),
    ],
)
def test_words_that_cannot_be_meant_are_said_and_nothing_is_done(machine, words, said):
    assert machine.install(*words) == (1, f"omep: {said}\n")
    assert machine.told == []


def test_how_the_site_is_is_told_while_another_command_is_at_work(machine):
    machine.install()
    with (machine.folder / "run/lock/omep").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, said = machine.omep("status")
        assert (status, machine.omep("upgrade")) == (0, (1, "omep: another omep is at work\n"))
    assert said.startswith("Release    ")
