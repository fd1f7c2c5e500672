"""What an administrator does with the site's texts and pages in the admin."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from omep_site.lib import public
from pages.models import Page, SiteTexts, SocialLink
from tests.pages import soup, words
from tests.pages_app.factories import FRENCH_ONLY, make_page

pytestmark = pytest.mark.django_db

TEXTS = "/admin/pages/sitetexts/1/change/"
ADD = "/admin/pages/page/add/"
LIST = "/admin/pages/page/"
PAGE = {
    "source_language": "fr",
    "title_fr": "Adhérer à l’œuvre",
    "title_en": "Join us",
    "body_fr": "<p>Été <script>alert(1)</script><strong>ici</strong></p>",
    "body_en": "<p>Here</p>",
    "kind": "free",
    "place": "menu",
    "position": "1",
    "status": "published",
}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def texts(**changes) -> dict:
    """The form of the site's texts as it stands, with its one link."""
    row, link = SiteTexts.objects.get(), SocialLink.objects.get()
    fields = ("name", "tagline", "home_title", "home_introduction", "about", "contact")
    form = {f"{field}_{code}": getattr(row, f"{field}_{code}") for field in fields for code in ("fr", "en")}
    return (
        form
        | {
            "source_language": "fr",
            "links-TOTAL_FORMS": 1,
            "links-INITIAL_FORMS": 1,
            "links-0-id": link.pk,
            "links-0-site": 1,
            "links-0-label_fr": link.label_fr,
            "links-0-label_en": link.label_en,
            "links-0-url": link.url,
            "links-0-position": 1,
        }
        | changes
    )


def errors(response) -> list[str]:
    return [words(each) for each in soup(response).select("ul.errorlist")] if response.status_code == 200 else []


# --- The site's texts -----------------------------------------------------------------------------------------------


def test_the_list_leads_to_the_one_form_and_nobody_adds_or_deletes(editor):
    response = editor.get("/admin/pages/sitetexts/")
    assert (response.status_code, response["Location"]) == (302, TEXTS)
    assert editor.get("/admin/pages/sitetexts/add/").status_code == 403
    assert editor.post("/admin/pages/sitetexts/1/delete/", {"post": "yes"}).status_code == 403
    assert soup(editor.get(TEXTS)).select(".deletelink, .addlink[href*=sitetexts]") == []


def test_a_database_without_the_row_offers_the_first_words(editor):
    SiteTexts.objects.all().delete()
    response = editor.get("/admin/pages/sitetexts/")
    assert (response.status_code, response["Location"]) == (302, "/admin/pages/sitetexts/add/")
    page = soup(editor.get(response["Location"]))
    assert page.select_one("#id_tagline_fr")["value"] == "Organisation mondiale pour l’éducation préscolaire"


def test_a_new_name_and_link_stand_on_every_page_at_once(editor, client):
    more = {
        "links-TOTAL_FORMS": 2,
        "links-1-site": 1,
        "links-1-label_fr": "Notre chaîne d’été",
        "links-1-url": "videos.example.org",
        "links-1-position": 2,
    }
    assert client.get("/fr/").status_code == 200
    response = editor.post(TEXTS, texts(name_fr="Été", contact_fr="ete@example.org", **more))

    assert (response.status_code, errors(response)) == (302, [])
    page = soup(client.get("/fr/"))
    assert words(page.select_one(".brand-name")) == "Été"
    assert [(words(link), link["href"]) for link in page.select(".foot-links a")][1] == (
        "Notre chaîne d’été",
        "https://videos.example.org",
    )


def test_a_logo_is_stored_anew_with_its_size(editor):
    file = BytesIO()
    Image.new("RGB", (960, 320), "#0b5a63").save(file, "PNG")
    response = editor.post(TEXTS, texts(logo=SimpleUploadedFile("WhatsApp Image 2021-11-26.png", file.getvalue())))

    assert errors(response) == []
    row = SiteTexts.objects.get()
    assert (row.logo_width, row.logo_height, row.logo.name[:10], row.logo.name[-5:]) == (
        480,
        160,
        "site/logo-",
        ".webp",
    )
    response = editor.post(TEXTS, texts() | {"logo-clear": "on"})
    row.refresh_from_db()
    assert (errors(response), row.logo.name, row.logo_width) == ([], "", None)


def test_a_drawing_that_could_run_a_script_is_no_logo(editor):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    response = editor.post(TEXTS, texts(logo=SimpleUploadedFile("logo.svg", svg, "image/svg+xml")))
    assert (len(errors(response)), SiteTexts.objects.get().logo.name) == (1, "")


def test_a_name_is_asked_for_in_one_language_at_least(editor):
    assert errors(editor.post(TEXTS, texts(name_fr="", name_en=""))) == ["Write the name in one language at least."]
    assert errors(editor.post(TEXTS, texts(name_fr=""))) == []


@pytest.mark.parametrize(
    "change",
    [{"links-0-label_fr": "", "links-0-label_en": ""}, {"links-0-url": "javascript:alert(1)"}, {"links-0-url": ""}],
)
def test_a_link_needs_words_and_an_address_on_the_web(editor, change):
    assert len(errors(editor.post(TEXTS, texts(**change)))) == 1
    assert SocialLink.objects.get().url == "https://www.facebook.com/worldomep"


def test_under_each_text_stands_its_state_and_a_tick_says_that_a_translation_still_stands(editor):
    def states(column):
        field = soup(editor.get(TEXTS)).select_one(f"#id_{column}").parent
        return [each["class"][1] for each in field.select(".word-state")]

    assert (states("about_en"), states("contact_fr")) == (["filled"], ["missing"])
    editor.post(TEXTS, texts(about_fr="Une autre phrase."))
    assert states("about_en") == ["out_of_date"]
    editor.post(TEXTS, texts(still_right=["about_en"]))
    assert states("about_en") == ["filled"]


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_a_page_is_written_in_both_languages_and_stands_in_the_menu(editor, client):
    response = editor.post(ADD, PAGE)

    assert (response.status_code, errors(response)) == (302, [])
    page = Page.objects.get(kind="free")
    assert (page.slug_fr, page.slug_en) == ("adherer-a-l-oeuvre", "join-us")
    assert page.body_fr == "<p>Été <strong>ici</strong></p>"
    read = soup(client.get("/fr/adherer-a-l-oeuvre/"))
    assert words(read.h1) == "Adhérer à l’œuvre"
    assert words(read.select("nav.menu a")[1]) == "Adhérer à l’œuvre"


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("newsletter", "Another part of the site has this address."),
        ("lettre", "Another part of the site has this address."),
        ("events", "Another part of the site has this address."),
        ("evenements", "Another part of the site has this address."),
        ("privacy", "Another page has this address."),
        ("mentions-legales", "Another page has this address."),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_address_that_leads_elsewhere_in_any_language_is_refused_at_its_field(editor, slug, sentence, language):
    response = editor.post(ADD, PAGE | {f"slug_{language}": slug})
    field = soup(response).select_one(f".field-slug_{language}") or soup(response)
    assert (errors(response), sentence in words(field)) == ([sentence], True)


@pytest.mark.parametrize(
    ("title", "slug"), [("Événements", "evenements-2"), ("Privacy", "privacy-2"), ("!!", "page-fr"), ("Été", "ete")]
)
def test_an_address_that_is_made_from_the_title_is_a_free_one(editor, title, slug):
    assert errors(editor.post(ADD, PAGE | {"title_fr": title})) == []
    assert Page.objects.get(kind="free").slug_fr == slug


def test_a_page_keeps_its_own_address(editor):
    page = make_page()
    form = PAGE | {"slug_fr": page.slug_fr, "slug_en": page.slug_en}
    assert errors(editor.post(f"{LIST}{page.pk}/change/", form)) == []


def test_there_is_one_privacy_notice(editor):
    assert errors(editor.post(ADD, PAGE | {"kind": "privacy"})) == [
        "There is a page of this kind already. Change that one, or choose “free page”."
    ]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "1 page stayed as it was: it was so already, or it is not ready to be published.",
                "“Legal notice” was not published: “[forme juridique et numéro d’enregistrement]” is still to be filled in.",
            ],
        ),
        (
            "fr",
            [
                "1 page n’a pas changé : elle était déjà dans cet état, ou n’est pas prête à être publiée.",
                "« Mentions légales » n’a pas été publiée : « [forme juridique et numéro "
                "d’enregistrement] » reste à compléter.",
            ],
        ),
    ],
)
def test_the_lists_action_publishes_no_notice_with_gaps_and_names_one(editor, language, sentences):
    page = Page.objects.get(kind="legal")
    form = {"action": "publish", "_selected_action": [page.pk], "index": 0}
    response = editor.post(LIST, form, follow=True, headers={"accept-language": language})
    assert [words(each) for each in soup(response).select(".messagelist li")] == sentences
    assert Page.objects.get(kind="legal").status == "draft"


def test_a_legal_notice_with_gaps_stays_a_draft(editor):
    page = Page.objects.get(kind="legal")
    form = PAGE | {"kind": "legal", "body_fr": page.body_fr, "body_en": "<p>All is said.</p>"}
    path = f"{LIST}{page.pk}/change/"
    gap = "“[forme juridique et numéro d’enregistrement]” is still to be filled in. Keep the page a draft until you know it."
    assert errors(editor.post(path, form)) == [gap]
    assert errors(editor.post(path, form | {"status": "draft"})) == []
    assert errors(editor.post(path, form | {"body_fr": "<p>Tout est dit.</p>"})) == []
    assert Page.objects.get(kind="legal").status == "published"


def test_a_page_without_a_complete_language_is_not_published(editor):
    incomplete = PAGE | {"body_fr": "<p> </p>", "title_en": ""}
    sentence = "No language is complete yet: a page needs its title and its text."
    assert errors(editor.post(ADD, incomplete)) == [sentence]
    assert errors(editor.post(ADD, incomplete | {"status": "draft"})) == []


def test_a_page_that_goes_out_in_one_language_says_so(editor):
    response = editor.post(ADD, PAGE | {"title_en": "", "body_en": ""}, follow=True)
    assert [words(each) for each in soup(response).select(".messagelist .warning")] == [
        "This page is not written in English yet. Its readers see another language, and are told."
    ]


def test_the_list_shows_each_page_with_its_place_and_its_languages(editor):
    make_page(**FRENCH_ONLY)
    rows = soup(editor.get(f"{LIST}?kind__exact=free")).select("#result_list tbody tr")
    cells = [[words(cell) for cell in row.select("th, td")[1:]] for row in rows]
    assert [cell[1:] for cell in cells] == [["in the main menu", "published", "✓ filled", "○ incomplete"]]


@pytest.mark.parametrize(("query", "count"), [("language=en", 1), ("language=fr", 0), ("q=été", 2), ("q=zzz", 0)])
def test_pages_are_found_by_their_words_and_by_what_is_not_written(editor, query, count):
    Page.objects.exclude(kind="free").delete()
    make_page()
    make_page(**FRENCH_ONLY)
    assert len(soup(editor.get(f"{LIST}?{query}")).select("#result_list tbody tr")) == count


def test_the_lists_actions_publish_and_withdraw(editor):
    draft, public = make_page(status="draft"), make_page()
    both = {"_selected_action": [draft.pk, public.pk]}
    response = editor.post(LIST, both | {"action": "publish"}, follow=True)
    assert [words(each) for each in soup(response).select(".messagelist li")] == [
        "1 page is now: published.",
        "1 page stayed as it was: it was so already, or it is not ready to be published.",
    ]
    editor.post(LIST, both | {"action": "withdraw"})
    assert set(Page.objects.filter(kind="free").values_list("status", flat=True)) == {"draft"}


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_queries_however_long_it_is(editor, django_assert_num_queries, count):
    for _ in range(count):
        make_page()
    public.forget_version()
    with django_assert_num_queries(7):  # version, session, user, the account’s language, the count twice, the pages
        assert len(soup(editor.get(LIST)).select("#result_list tbody tr")) == count + 3
