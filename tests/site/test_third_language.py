"""A third language is a setting: tests/spanish run the site with Spanish, in a process of their own."""

import os
import subprocess
import sys

from django.conf import settings

PATIENCE = 120  # seconds; it takes a few


def test_nothing_is_wired_for_two_languages():
    # What this process of pytest was told, such as which of several it is, is not for the other one.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "--ds=tests.settings_es", "--nomigrations"]
    done = subprocess.run(
        [*command, "--create-db", "tests/spanish"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
