"""`make audit`: every public page, in both languages, before the Nu HTML checker, axe and Lighthouse; and the site by https,
behind nginx, before MDN's HTTP Observatory.

Names of pages as arguments (`.venv/bin/python -m audit home "event, 20 comments"`) look at those alone, and write no
summary. Ends with 1 where something fails, and says what.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from audit import observatory
from audit.report import RUNS, Found, lines_of, write
from bench.proxy import NGINX
from bench.serving import ROOT, free_port, manage, production, serving

HERE = Path(__file__).resolve().parent
NU = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"
SUMMARY = ROOT / "docs/audit.md"
LOG = ROOT / "var/audit.log"
SCORED = ("home", "list", "event, 20 comments")
# The package that brings each.
NEEDED = {"node": "nodejs", "java": "default-jre-headless", "chromium": "chromium", "openssl": "openssl"}


def main(only: list[str]) -> int:
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if missing := missing + ([] if NGINX else ["nginx"]):
        sys.exit(f"The audit needs what is not here: apt install {' '.join(missing)}")
    port = free_port()
    LOG.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, LOG.open("w") as log:
        env = production(folder, port)
        for step in ("migrate", "load_demo"):
            manage(env, step, "-v0")
        tour = json.loads(manage(env, "shell", "-v0", "-c", "from audit.stage import furnish; furnish()"))
        visits = [visit for visit in tour if not only or visit["page"] in only]
        if not visits:
            sys.exit(f"No page is called so. These are: {'; '.join(dict.fromkeys(visit['page'] for visit in tour))}")
        with serving(port, "/healthz", sys.executable, "manage.py", "serve", output=log, **env):
            found = examine(visits, Path(folder), env["SITE_URL"])
        if not only:
            print("MDN’s HTTP Observatory …", flush=True)
            (Path(folder) / "by-https").mkdir()
            found.versions["observatory"], found.grades = observatory.look(Path(folder) / "by-https", node, log)
    faults = lines_of(found.faults())
    print(
        "", *faults, f"{len(found.pages)} answers, {len(faults)} different faults. The server's log is {LOG}.", sep="\n"
    )
    if not only:
        SUMMARY.write_text(write(found))
    return bool(faults)


def examine(visits: list[dict], folder: Path, address: str) -> Found:
    plan = folder / "visits.json"
    plan.write_text(json.dumps(visits))
    print(f"{len(visits)} answers: axe …", flush=True)
    seen = json.loads(node("pages.mjs", address, plan, folder))
    pages, files = seen["found"], {}
    for page in pages:
        page["nu"] = files[page["file"]] = []  # filled below
    print("the Nu HTML checker …", flush=True)
    for message in check_html(files):
        files[re.sub("^file:/*", "/", message["url"])].append(words_of(message))
    versions = {"nu": java("--version").split()[0], "axe": seen["axe"]}
    versions["chromium"] = re.sub(".*/", "Chromium ", seen["chromium"])
    found = Found(versions, pages)
    scored = {
        (visit["page"], visit["language"]): address + visit["path"] for visit in visits if visit["page"] in SCORED
    }
    print(f"Lighthouse, {RUNS} runs each …", flush=True)
    runs = json.loads(node("lighthouse.mjs", RUNS, *scored.values()))
    found.scores = dict(zip(scored, runs, strict=True))
    found.versions["lighthouse"] = runs[0][0]["version"] if runs else ""
    return found


def check_html(files) -> list[dict]:
    """The errors and warnings that the checker has, each with the `url` of its file."""
    messages = json.loads(java("--stdout", "--exit-zero-always", "--format", "json", *files))["messages"]
    return [message for message in messages if message["type"] != "info" or message.get("subType") == "warning"]


def words_of(message: dict) -> str:
    kind = message.get("subType", message["type"])
    return f"{kind}: {message['message']} ({' '.join(message.get('extract', '').split())[:120]})"


def java(*words) -> str:
    return run("java", "-jar", NU, *words)


def node(*words, **env) -> str:
    return run("node", *words, **env)


def run(*words, **env) -> str:
    command = [str(word) for word in words]
    env = os.environ | {"CHROMIUM": shutil.which("chromium")} | env
    return subprocess.run(command, cwd=HERE, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
