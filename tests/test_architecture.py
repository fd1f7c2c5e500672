"""The arrows of docs/architecture.md."""

import subprocess
import sys
from pathlib import Path


def test_no_import_goes_against_the_arrows():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=Path(__file__).parent.parent, capture_output=True, text=True)

    assert (done.returncode, done.stdout if done.returncode else "") == (0, "")
