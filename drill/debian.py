"""A fresh Debian, brought up by docs/deploy.md alone, and what its administrator does to it in the following years.

The machine is made by debootstrap and started by systemd-nspawn (Debian's packages debootstrap and systemd-container; only
root may). It shares the network of this machine, so ports 80, 443 and 8000 have to be free. Beside it, inside, runs a
certificate authority that speaks ACME (RFC 8555; serles-acme, in place of Let's Encrypt) and nothing else that the page does
not ask for. DRILL_DEBIAN names a folder in which the bare system is kept for the next time.
"""

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from pathlib import Path

from bench.serving import ROOT
from drill import servers
from drill.house import House
from drill.servers import until

GUIDE = ROOT / "docs" / "deploy.md"
HOST = "events.example.org"
MIRROR = "http://deb.debian.org/debian"
ACCOUNT = {
    "DJANGO_SUPERUSER_USERNAME": "anna",
    "DJANGO_SUPERUSER_EMAIL": "anna@example.org",
    "DJANGO_SUPERUSER_PASSWORD": "trois oies dans la cour",
}
AUTHORITY = "http://127.0.0.1:8555/directory"

# What the certificate authority signs with: serles' own does not copy the names into the certificate.
SIGNS = """
import subprocess
from serles.backends import openssl


class Backend(openssl.Backend):
    def sign(self, csr, *_about):
        words = "openssl x509 -req -days 90 -copy_extensions copyall -CAcreateserial".split()
        words += ["-CA", self.cacert, "-CAkey", self.cakey]
        made = subprocess.run(words, input=csr, stdout=subprocess.PIPE, check=True).stdout.decode()
        return made + open(self.cacert).read(), None
"""
SETTINGS = """
[serles]
database = sqlite:////root/authority/db.sqlite
backend = signs:Backend
subjectNameTemplate = CN={SAN[0]}
[openssl]
cacert = /root/authority/ca.pem
cakey = /root/authority/ca.key
"""


def why_not() -> str:
    """Why it cannot be done here; "" where it can."""
    if os.geteuid() != 0:
        return "only root starts a machine"
    for programme in ("debootstrap", "systemd-nspawn"):
        if not shutil.which(programme):
            return f"{programme} is not installed (apt install debootstrap systemd-container)"
    for port in (80, 443, 8000, 8555):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                return f"port {port} is in use"
    return ""


@dataclass
class Machine:
    folder: Path
    process: subprocess.Popen = None
    said: list[str] = field(default_factory=list)

    def start(self) -> None:
        words = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--console=pipe"]
        words += ["--machine=omep-drill", "-D", str(self.folder), f"--bind-ro={ROOT}:/project"]
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
        until(lambda: self.tries("systemctl is-system-running --wait") == 0, "the machine starts")

    def init(self) -> str:
        """The pid of its init, seen from here."""
        return subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False
        ).stdout.split("\n")[0]

    def words(self, script: str, env: dict[str, str]) -> list[str]:
        passed = {name: value for name, value in os.environ.items() if name in ("PIP_CERT", "PIP_INDEX_URL")}
        always = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        env = always | {"LANG": "C.UTF-8", "TERM": "dumb", "DEBIAN_FRONTEND": "noninteractive"} | passed | env
        pairs = [f"{name}={value}" for name, value in env.items()]
        return [
            "nsenter",
            "-t",
            self.init(),
            "-m",
            "-u",
            "-i",
            "-p",
            "-C",
            "-r",
            "-w",
            "env",
            "-i",
            *pairs,
            "bash",
            "-c",
            script,
        ]

    def tries(self, script: str) -> int:
        if not self.init():
            return -1
        return subprocess.run(self.words(script, {}), capture_output=True, stdin=subprocess.DEVNULL).returncode

    def run(self, script: str, fails: bool = False, **env: str) -> str:
        """What it printed; raises RuntimeError where it did not end as expected."""
        done = subprocess.run(
            self.words(f"set -e\n{script}", env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        self.said.append(f"# {script}\n{done.stdout}")
        if bool(done.returncode) != fails:
            raise RuntimeError(f"{script}\n{done.stdout}")
        return done.stdout

    def stop(self) -> None:
        self.tries("systemctl poweroff")
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def fresh_debian(release: str = "bookworm") -> Iterator[Machine]:
    """A Debian on which nothing was installed."""
    folder = Path(tempfile.mkdtemp(prefix="drill-debian-", dir="/var/tmp"))
    kept = Path(os.environ.get("DRILL_DEBIAN") or folder / "kept")
    try:
        if not kept.exists():
            words = ["debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus,iproute2,ca-certificates"]
            subprocess.run([*words, release, str(kept), MIRROR], check=True, stdout=subprocess.DEVNULL)
        machine = Machine(folder / "machine")
        subprocess.run(["cp", "-a", "--reflink=auto", str(kept), str(machine.folder)], check=True)
        shutil.copy("/etc/resolv.conf", machine.folder / "etc/resolv.conf")
        # Where this machine trusts more than Debian does, a proxy on the way to the packages for instance.
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", machine.folder / "etc/ssl/certs/ca-certificates.crt")
        (machine.folder / "etc/hosts").write_text(f"127.0.0.1 localhost {HOST}\n{Path('/etc/hosts').read_text()}")
        machine.start()
        try:
            yield machine
        finally:
            machine.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_authority(machine: Machine) -> None:
    """Somebody who makes certificates, as Let's Encrypt does."""
    where = machine.folder / "root/authority"
    where.mkdir()
    (where / "signs.py").write_text(SIGNS)
    (where / "config.ini").write_text(SETTINGS)
    machine.run(
        "apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv openssl >/dev/null 2>&1\n"
        "python3 -m venv /root/authority/venv\n"
        "/root/authority/venv/bin/pip install -q --disable-pip-version-check serles-acme==1.3.0 setuptools\n"
        "systemd-run -q --unit authority --setenv PYTHONPATH=/root/authority --setenv CONFIG=/root/authority/config.ini "
        "/root/authority/venv/bin/gunicorn -b 127.0.0.1:8555 'serles:create_app()'"
    )
    until(lambda: machine.tries("echo > /dev/tcp/127.0.0.1/8555") == 0, "the certificate authority")


def steps(chapter: int) -> list[str]:
    """The commands that a chapter of the guide names, as they are written."""
    text = re.split(r"^## ", GUIDE.read_text(), flags=re.MULTILINE)[chapter]
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def as_here(step: str) -> str:
    """The guide's commands with what everybody replaces: where the project and the authority are."""
    step = step.replace("https://git.example.org/omep-events.git", "/project")
    return step.replace("--contact you@example.org", f"--contact you@example.org --acme {AUTHORITY}")


@dataclass
class Installed(House):
    """The site on that machine, as visitors and drill see it."""

    machine: Machine = None

    def connection(self, source: str, port: int | None) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self.machine.folder / "root/authority/ca.pem"))
        connection = HTTPSConnection(HOST, 443, timeout=90, context=context)
        # The name leads to this machine, for whoever asks inside; here it is said.
        connection._create_connection = lambda _address, timeout, _source: socket.create_connection(
            ("127.0.0.1", 443), timeout, (source, 0)
        )
        return connection


@contextlib.contextmanager
def installed() -> Iterator[tuple[Installed, float]]:
    """The site, as the guide's first chapter leaves it, and the seconds that its commands took."""
    with servers.mail() as mail, fresh_debian() as machine:
        start_authority(machine)
        machine.run("git config --global --add safe.directory '*' 2>/dev/null || true")
        began = time.monotonic()
        for step in steps(1):
            machine.run(as_here(step), EMAIL_URL=mail.url, **ACCOUNT)
        took = time.monotonic() - began
        database = f"sqlite:///{machine.folder}/srv/omep/var/db.sqlite3"
        house = Installed(ROOT, machine.folder, {"DATABASE_URL": database}, 443, 443, mail=mail, machine=machine)
        machine.run("omep manage load_demo -v0")
        until(house.is_well, "the site")
        yield house, took
