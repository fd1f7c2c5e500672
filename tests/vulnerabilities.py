"""Whether anybody knows of a hole in what is locked: pip-audit asks, where the network lets it, and never for long."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

LONGEST = 15  # seconds for all of it: a check that waits for the network is one that people leave out
PATIENCE = 5  # seconds for each answer
# What pip-audit says of a service that is away or answers nonsense; whatever else makes it stop is ours to put right.
AWAY = ("requests.exceptions.", "pip_audit._service.", "your network may be blocking")


@dataclass
class Audit:
    holes: list[str] = field(default_factory=list)  # one line each
    unknown: str = ""  # why nobody could tell of some or all
    fault: str = ""  # the audit itself could not be made

    @property
    def failure(self) -> str:
        return "\n".join([*self.holes, *([self.fault] if self.fault else [])])


def audit(requirements: Path, *options: str, longest: float = LONGEST) -> Audit:
    """Of a lock with hashes, without installing any of it; `options` are pip-audit's."""
    command = [Path(sys.executable).with_name("pip-audit"), "--requirement", requirements, "--require-hashes"]
    command += ["--disable-pip", "--progress-spinner", "off", "--format", "json", "--desc", "off"]
    command += ["--timeout", PATIENCE, *options]
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=longest)
    except subprocess.TimeoutExpired:
        return Audit(unknown=f"no answer within {longest:g} seconds")
    return understand(done.stdout, done.stderr)


def understand(printed: str, complaint: str) -> Audit:
    if printed.strip():
        return of_packages(json.loads(printed)["dependencies"])
    lines = complaint.strip().splitlines() or ["it said nothing"]
    if any(sign in complaint for sign in AWAY):
        last = next((line for line in reversed(lines) if "Tip:" not in line), lines[-1])
        # An exception by its name alone: what follows is where it asked, at length.
        return Audit(unknown=re.sub(r"^(?:\w+\.)+(\w+)(?::.*)?$", r"\1", last)[:200])
    return Audit(fault=lines[-1][:500])


def of_packages(packages: list[dict]) -> Audit:
    """pip-audit ends well where a service knows a package not at all: nobody has looked at it, then."""
    holes = []
    for package in packages:
        for hole in package.get("vulns", []):
            names = ", ".join([hole["id"], *hole.get("aliases", [])])
            fixed = " or ".join(hole["fix_versions"]) or "no release yet"
            holes.append(f"{package['name']} {package['version']}: {names}; fixed in {fixed}")
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    unknown = ""
    if skipped:
        which = "none" if len(skipped) == len(packages) else f"all but {len(skipped)} ({', '.join(skipped)})"
        unknown = f"the service knows {which} of the {len(packages)} packages"
    return Audit(holes, unknown)
