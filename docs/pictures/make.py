"""Makes the README's pictures: `.venv/bin/python docs/pictures/make.py` while `make run` runs. Needs Debian's Chromium."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE = f"http://127.0.0.1:{os.environ.get('PORT', 8000)}"
PAGES = {
    "event-fr": "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/",
    "event-en": "/en/events/launch-global-partnership-strategy-early-childhood/",
}

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
    )
    for name, path in PAGES.items():
        page = browser.new_page(viewport={"width": 800, "height": 1000}, color_scheme="light")
        page.goto(SITE + path)
        page.screenshot(path=Path(__file__).with_name(f"{name}.png"))
    browser.close()
