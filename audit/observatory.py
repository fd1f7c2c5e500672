"""MDN's HTTP Observatory on the site by https, behind the real nginx, as it is deployed."""

import json
import subprocess
import sys
from pathlib import Path

from bench.proxy import proxy
from bench.serving import free_port, manage, production, serving

HOST = "localhost"
# What people see, what editors sign in at, and what somebody meets who is lost.
PAGES = {
    "event, fr": "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/",
    "event, en": "/en/events/launch-global-partnership-strategy-early-childhood/",
    "admin, to sign in": "/admin/login/",
    "not found": "/en/nowhere/",
}


def look(folder: Path, node, log) -> tuple[str, list[dict]]:
    """The version, and for each page its name, status, grade, score and the outcome of each test."""
    secure, plain, behind = free_port(), free_port(), free_port()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    make = (
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    )
    names = ("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}")
    subprocess.run([*make, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    env = production(str(folder), behind)
    env |= {"SITE_URL": f"https://{HOST}:{secure}", "ALLOWED_HOSTS": f"{HOST},127.0.0.1", "TRUSTED_PROXIES": "1"}
    options = ("--listen-plain", f"127.0.0.1:{plain}", "--certificate", str(certificate), "--key", str(key))
    for step in ("migrate", "load_demo"):
        manage(env, step, "-v0")
    manage(env, "shell", "-v0", "-c", "from omep_site.server import collect_static; collect_static()")
    with (
        proxy(env, folder, *options),
        serving(behind, "/healthz", sys.executable, "manage.py", "serve", output=log, **env),
    ):
        said = json.loads(
            node("observatory.mjs", HOST, secure, plain, *PAGES.values(), NODE_EXTRA_CA_CERTS=str(certificate))
        )
    return said["version"], [{"page": name} | each for name, each in zip(PAGES, said["found"], strict=True)]
