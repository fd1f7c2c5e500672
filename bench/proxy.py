"""The real nginx, with the configuration that `manage.py nginx` prints, in a folder and on a port of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bench.serving import ROOT

# Debian keeps it where only root looks for programmes.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MODULES = Path("/etc/nginx/modules-enabled")

# What Debian's own nginx.conf says, as far as a site may meet it, with the two lines that docs/deploy.md asks for.
MAIN = """{user}worker_processes {workers};
pcre_jit on;
pid "{folder}/nginx.pid";
error_log "{folder}/error.log";
daemon off;
{modules}events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    gzip on;
    access_log off;
    {temporary}
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    include "{folder}/site.conf";
    {more}
}}
"""


def configured(env: dict[str, str], folder: str | Path, *options: str, root: Path = ROOT, proxies: int = 1) -> str:
    """What `manage.py nginx` prints for the site of this environment, with its cache and its log in `folder`."""
    command = [sys.executable, "manage.py", "nginx", "--cache", f"{folder}/cache", "--logs", str(folder), *options]
    env = os.environ | env | {"TRUSTED_PROXIES": str(proxies)}
    return subprocess.run(command, cwd=root, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextlib.contextmanager
def proxy(
    env: dict[str, str],
    folder: str | Path,
    *options: str,
    root: Path = ROOT,
    workers: int = 2,
    more: str = "",
    proxies: int = 1,
) -> Iterator[str]:
    """nginx in front of the site of this environment, on the port of its SITE_URL; gives that address. The site itself
    runs, or not, on its PORT, with `proxies` as TRUSTED_PROXIES. `options` are those of the command; `more` stands beside
    the site's configuration, inside http. The folder is kept: another nginx in it finds the same pages."""
    port = urlsplit(env["SITE_URL"]).port
    text = configured(env, folder, "--listen", f"127.0.0.1:{port}", *options, root=root, proxies=proxies)
    with running(text, Path(folder), port, workers, more):
        yield env["SITE_URL"]


@contextlib.contextmanager
def running(configuration: str, folder: Path, port: int, workers: int, more: str):
    """nginx with this file among its sites, until the end of the block; nothing of it is left running."""
    (folder / "site.conf").write_text(configuration)
    temporary = "\n    ".join(
        f'{name}_temp_path "{folder}/{name}";' for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    modules = "".join(f"include {each};\n" for each in sorted(MODULES.glob("*brotli-static.conf")))
    user = "user root;\n" if os.geteuid() == 0 else ""  # or it could not read a folder of ours
    main = MAIN.format(folder=folder, temporary=temporary, modules=modules, user=user, workers=workers, more=more)
    (folder / "nginx.conf").write_text(main)
    with (folder / "output.txt").open("w") as output:
        command = [NGINX, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        wait_for(port, process, folder)
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, process, folder: Path) -> None:
    """Until it takes connections: whatever it would answer, the site behind it may not run."""
    until = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        if process.poll() is not None or time.monotonic() > until:
            said = [(folder / name).read_text() for name in ("output.txt", "error.log") if (folder / name).exists()]
            raise RuntimeError(f"nginx did not start: {' '.join(said)}")
        time.sleep(0.02)
