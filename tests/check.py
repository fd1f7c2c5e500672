"""`make check`: everything that must be clean before a change lands. Prints what is not, and ends with 1.

Needs GNU gettext for the messages (apt install gettext); nothing else of the project does.
"""

import gettext
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.vulnerabilities import audit  # noqa: E402 - the folder of this file is not the project's

BIN = Path(sys.executable).parent
PRODUCTION = {
    "SECRET_KEY": "only-for-the-deployment-check-" + "0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "events.example.org",
    "SITE_URL": "https://events.example.org",
}
faults: list[str] = []


def run(title: str, *command, env: dict | None = None) -> None:
    done = subprocess.run(
        [str(word) for word in command], cwd=ROOT, env=os.environ | (env or {}), capture_output=True, text=True
    )
    report(title, (done.stdout + done.stderr).strip() if done.returncode else "")


def report(title: str, fault: str) -> None:
    print(f"{'ok   ' if not fault else 'FAULT'} {title}", flush=True)
    if fault:
        print("      " + fault.replace("\n", "\n      "))
        faults.append(title)


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, capture_output=True, text=True
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def check_messages() -> None:
    """Every message is in each catalogue, translated and not fuzzy, and what is compiled is what is written."""
    if not shutil.which("xgettext"):
        report("messages", "GNU gettext is missing: install it (apt install gettext) to check the translations.")
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "site"
        for name in tracked("*.py", "*.html", "*.txt", "*.js", "locale"):
            if not name.startswith("tests/"):
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, copy / name)
        for domain in ("django", "djangojs"):
            check_domain(domain, copy)


def check_domain(domain: str, copy: Path) -> None:
    made = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--all", "--keep-pot", "--no-location", "--domain", domain],
        cwd=copy, capture_output=True, text=True,
    )  # fmt: skip
    template = copy / f"locale/{domain}.pot"
    report(f"messages: extraction ({domain})", "" if template.exists() else made.stdout + made.stderr)
    for folder in sorted((ROOT / "locale").glob("*/LC_MESSAGES")):
        catalogue = folder / f"{domain}.po"
        title = f"messages: {folder.parent.name}, {domain}"
        run(f"{title} is complete (msgcmp)", "msgcmp", catalogue, template)
        compiled = copy / "checked.mo"
        compiled.unlink(missing_ok=True)
        run(f"{title} is well formed (msgfmt)", "msgfmt", "--check", "-o", compiled, catalogue)
        same = compiled.exists() and contents(compiled) == contents(catalogue.with_suffix(".mo"))
        report(f"{title} is compiled", "" if same else "run `make messages` and commit the .mo file")


def contents(path: Path) -> dict:
    with open(path, "rb") as file:
        messages = dict(gettext.GNUTranslations(file)._catalog)
    messages.pop("", None)  # the header has dates
    return messages


def check_locks() -> None:
    """The locks hold every dependency that pyproject.toml names, with hashes, and no address or path."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-dev.txt": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
    }
    for name, dependencies in wanted.items():
        text = (ROOT / name).read_text()
        locked = {found[1].lower(): found[2] for found in re.finditer(r"^([\w.-]+)==([^\s;]+)", text, re.M)}
        wrong = [f"{each} is not locked" for each in dependencies if not satisfied(Requirement(each), locked)]
        wrong += [
            f"an address or a path: {line}"
            for line in text.splitlines()
            if re.search(r"://|--(extra-)?index|(^|\s)/", line)
        ]
        wrong += ["a package without a hash"] if re.search(r"^[\w.-]+==[^\\]*$", text, re.M) else []
        report(f"lock: {name}", "; ".join([*wrong, "run `make lock`"]) if wrong else "")
    packages = json.loads((ROOT / "audit/package-lock.json").read_text())["packages"]
    loose = [name for name, each in packages.items() if name and ("resolved" in each or "integrity" not in each)]
    report("lock: audit/package-lock.json", f"with an address or without a hash: {', '.join(loose)}" if loose else "")


def check_vulnerabilities() -> None:
    """No release that is locked has a known hole; where nobody could be asked, that is said and no fault."""
    found = audit(ROOT / "requirements.txt")
    report("known holes in what is locked (pip-audit)", found.failure)
    if found.unknown:
        print(f"      not audited: {found.unknown}")


def satisfied(wanted: Requirement, locked: dict) -> bool:
    return wanted.specifier.contains(locked.get(wanted.name.lower(), "0"), prereleases=True)


def main() -> int:
    templates = tracked("templates/*.html")
    run("Ruff: rules", BIN / "ruff", "check", "--quiet", ".")
    run("Ruff: format", BIN / "ruff", "format", "--quiet", "--check", ".")
    run("deploy/omep (shellcheck)", BIN / "shellcheck", "--exclude", "SC1111", "deploy/omep")  # “ ” are meant
    run("templates: Django style (djade)", BIN / "djade", "--check", "--target-version", "5.2", *templates)
    run("templates: HTML (djlint)", BIN / "djlint", "--lint", "--quiet", *templates)
    run("import contracts", BIN / "lint-imports")
    run("migrations are complete", sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")
    check_messages()
    check_locks()
    check_vulnerabilities()
    deploy = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    run("Django's deployment check", sys.executable, *deploy, env=PRODUCTION)
    print(f"\n{len(faults)} of these need a hand." if faults else "\nAll clean.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
