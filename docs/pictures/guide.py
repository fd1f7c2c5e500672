"""Makes the pictures of the editors' guide, in both languages: `.venv/bin/python docs/pictures/guide.py`.

Needs what the tests need, and Debian's Chromium. Each language meets a site of its own, fresh from stage.py; what
happens there happens as an editor does it, in a browser.
"""

import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import stage
from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).with_name("guide")
LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WIDTH = 1120  # pixels
MOST_BYTES = 1_500_000  # of all pictures: the repository keeps every one of them for ever

PASTE = """(field, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


# On the page, and not in the window: what has the focus may scroll into sight late.
BOX = """element => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + scrollX, y: y + scrollY, width, height };
}"""


class House:
    """The site, a browser, and the language of both."""

    def __init__(self, browser, address: str, language: str):
        self.browser, self.address, self.language = browser, address, language

    def visitor(self):
        context = self.browser.new_context(
            locale=LANGUAGES[self.language], viewport={"width": WIDTH, "height": 900}, color_scheme="light"
        )
        context.add_init_script("localStorage.setItem('django.admin.navSidebarIsOpen', 'false')")
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def person(self, name: str):
        page = self.visitor()
        self.go(page, "login/")
        page.fill("#id_username", name)
        page.fill("#id_password", stage.PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_selector("body.dashboard")
        return page

    def go(self, page, path: str) -> None:
        page.goto(f"{self.address}/admin/{path}")

    def shoot(self, page, name: str, *selectors: str, margin: int = 0) -> None:
        """The part of the page that holds the first of each of these."""
        page.evaluate("document.activeElement.blur(), scrollTo(0, 0), document.fonts.ready")
        boxes = [page.locator(each).first.evaluate(BOX) for each in selectors]
        left = max(min(box["x"] for box in boxes) - margin, 0)
        top = max(min(box["y"] for box in boxes) - margin, 0)
        right = min(max(box["x"] + box["width"] for box in boxes) + margin, WIDTH)
        bottom = max(box["y"] + box["height"] for box in boxes) + margin
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        picture = Image.open(BytesIO(page.screenshot(full_page=True, clip=clip, animations="disabled")))
        picture = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        picture.save(FOLDER / f"{name}-{self.language}.png", optimize=True)


def save(page, name: str = "_save") -> None:
    page.locator(f"input[name={name}]").first.click()
    page.wait_for_load_state()


# --- The scenes, in the order of the guide --------------------------------------------------------------------------


def arriving(house: House) -> None:
    page = house.visitor()
    house.go(page, "login/")
    house.shoot(page, "sign-in", "#container", margin=14)
    page = house.person("amina")
    house.shoot(page, "first-page", "#header", ".house-waiting", ".house-parts > li:nth-child(4)")
    house.go(page, "second_factor/")
    page.click("[name=begin]")
    page.wait_for_selector(".house-qr")
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.update(key="6f6d6570" * 5)  # the same secret in every picture
    page.reload()
    house.shoot(page, "second-step", ".house-text", margin=14)


def announcing(house: House) -> None:
    page = house.person("claire")
    house.go(page, "events/event/add/")
    words = {
        "title_fr": "Peindre avec la terre",
        "title_en": "Painting with earth",
        "summary_fr": "Un atelier pour fabriquer ses couleurs avec les enfants.",
        "summary_en": "A workshop on making your own colours with children.",
    }
    for field, text in words.items():
        page.fill(f"#id_{field}", text)
    for field, text in (
        ("body_fr", "Apportez un peu de terre de chez vous : chacune a sa couleur."),
        ("body_en", "Bring a little earth from home: each has a colour of its own."),
    ):
        page.locator(f".fieldBox.field-{field} [role=textbox]").click()
        page.keyboard.type(text)
    house.shoot(page, "two-languages", "fieldset.languages")

    for field, hour in (("starts_at", "9:30"), ("ends_at", "11:00")):
        page.fill(f"#id_{field}_0", "03/12/2026")
        page.fill(f"#id_{field}_1", hour)
    page.select_option("#id_timezone", "America/Argentina/Buenos_Aires")
    page.locator("#id_title_fr").focus()
    page.wait_for_selector("#read-back strong")
    house.shoot(page, "date-in-words", ".field-starts_at", ".field-timezone", ".field-read_back")

    page.locator("#strategies-group .add-row a").click()
    page.locator("#id_strategies-0-text_fr").evaluate(PASTE, "1. regarder\n2. toucher\n3. mélanger")
    page.locator("#id_strategies-0-text_en").evaluate(PASTE, "1. look\n2. touch\n3. mix")
    house.shoot(page, "rows", "#strategies-group")

    page.fill("#id_title_fr", "Vendredi, peindre avec la terre")
    page.fill("#id_title_en", "Friday: painting with earth")
    save(page)
    house.shoot(page, "date-refused", ".field-title_fr")


def showing(house: House) -> None:
    from events.models import Event, PreviewLink

    page = house.person("claire")
    event = Event.objects.get(slug_fr="jouer-dehors")
    house.go(page, f"events/event/{event.pk}/change/")
    page.locator("#pictures-group .add-row a").click()
    page.set_input_files(
        "#id_pictures-0-file", {"name": "jardin.jpg", "mimeType": "image/jpeg", "buffer": stage.photograph()}
    )
    page.fill("#id_pictures-0-alt_fr", "IMG_20261001_0932.jpg")
    page.fill("#id_pictures-0-alt_en", "Five rows of beans in a school garden, in the sun")
    save(page)
    house.shoot(page, "picture", "#pictures-0 .field-alt_fr", "#pictures-0 .field-decorative")

    draft = Event.objects.get(slug_fr="chanter")
    house.go(page, f"events/event/{draft.pk}/preview/{house.language}/")
    house.shoot(page, "preview", "aside.preview", ".facts", margin=14)
    house.go(page, f"events/event/{draft.pk}/preview-links/")
    page.locator("form .default").click()
    page.wait_for_selector("ul.links")
    PreviewLink.objects.update(token="Vk3xP0cN9qT2rYb7LmW5sZdA")  # noqa: S106 - the same in every picture
    page.reload()
    house.shoot(page, "preview-link", "#content-main", margin=14)


def publishing(house: House) -> None:
    from events.models import Event

    page = house.person("claire")
    draft = Event.objects.get(slug_fr="chanter")
    house.go(page, f"events/event/{draft.pk}/change/")
    page.check("#id_status input[value=published]")
    save(page)
    house.shoot(page, "publish", ".field-status", ".field-publish_at", ".field-publish_incomplete")
    event = Event.objects.get(slug_fr="jouer-dehors")
    house.go(page, f"events/event/{event.pk}/change/")
    house.shoot(page, "to-check", ".field-summary_fr")
    house.go(page, "events/event/")
    house.shoot(page, "list", "#content")


def changing(house: House) -> None:
    """The event moves; somebody else saves meanwhile; it is over."""
    from events.models import Event

    claire, amina = house.person("claire"), house.person("amina")
    event = Event.objects.get(slug_fr="jouer-dehors")
    change = f"events/event/{event.pk}/change/"
    house.go(claire, change)
    for field in ("starts_at", "ends_at"):
        claire.fill(f"#id_{field}_0", "26/11/2026")
    claire.locator("#id_timezone").focus()
    claire.wait_for_load_state("networkidle")
    claire.check("#id_event_status input[value=moved]")
    save(claire, "_continue")
    house.shoot(claire, "moved", ".field-event_status", ".field-previous_starts_at")
    public = {"fr": "/fr/evenements/jouer-dehors/", "en": "/en/events/outdoor-play/"}
    visitor = house.visitor()
    visitor.goto(house.address + public[house.language])
    house.shoot(visitor, "moved-page", "h1", ".became", ".facts", margin=14)

    house.go(claire, f"events/event/{event.pk}/history/")
    house.shoot(claire, "history", "#content-main", margin=14)
    claire.click("#compare button")
    claire.wait_for_selector(".changes")
    house.shoot(claire, "compare", "#content-main", margin=14)

    house.go(claire, change)
    house.go(amina, change)
    amina.fill("#id_summary_en", "A morning of exchange and visits between nurseries and preschools.")
    save(amina)
    claire.fill("#id_title_en", "Playing outdoors, all year round")
    save(claire)
    house.shoot(claire, "two-people", ".overtaken", margin=8)

    house.go(claire, f"events/event/{event.pk}/duplicate/")
    house.shoot(claire, "duplicate", "#content-main", margin=14)


def looking_after(house: House) -> None:
    """What moderators and administrators do."""
    jonas, amina = house.person("jonas"), house.person("amina")
    house.go(jonas, "comments/comment/")
    jonas.locator("tr .approve").nth(1).click()
    jonas.wait_for_selector(".messagelist .undo")
    jonas.wait_for_load_state()  # the page scrolls to the next comment until then, and the message with it
    house.shoot(jonas, "comments", ".messagelist", "#content")

    house.go(amina, "pages/sitetexts/")
    house.shoot(amina, "site-texts", "fieldset.module h2", ".field-tagline_fr")
    house.go(amina, "accounts/account/add/")
    house.shoot(amina, "roles", ".field-roles")


def how_the_site_is(house: House) -> None:
    """A disk that fills, and a night on which the database was away."""
    from omep_site.condition import Disk
    from omep_site.models import Incident, Kind

    stage.all_is_well(disks=[Disk(("database", "media", "backups"), 1_200_000_000, 20_000_000_000)])
    began = stage.TODAY.replace(hour=3, minute=12)
    Incident.objects.create(kind=Kind.DATABASE_AWAY, began=began, ended=began.replace(minute=14), times=40)
    page = house.person("amina")
    house.go(page, "condition/")
    house.shoot(page, "condition", ".condition", margin=14)


SCENES = [arriving, announcing, showing, publishing, changing, looking_after, how_the_site_is]


def make(language: str) -> None:
    with stage.site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for scene in SCENES:
            scene(House(browser, address, language))
        browser.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for language in LANGUAGES:  # each in a process of its own: the site has one database
        subprocess.run([sys.executable, __file__, language], check=True)  # noqa: S603 - itself
    size = sum(each.stat().st_size for each in FOLDER.glob("*.png"))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures, {size // 1000} kB")
    if size > MOST_BYTES:
        sys.exit(f"That is more than {MOST_BYTES // 1000} kB: crop some of them closer.")


if __name__ == "__main__":
    make(sys.argv[1]) if len(sys.argv) > 1 else main()
