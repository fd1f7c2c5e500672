"""What is pasted into the rich-text editor, in the HTML that Word, Google Docs and LibreOffice put on the clipboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_admin_policy import LISTEN
from tests.browser.test_edit import editor, let_the_editor_see, paste  # noqa: F401 - a fixture
from tests.factories import make_event

pytestmark = pytest.mark.django_db(transaction=True)

FIELD = ".fieldBox.field-body_fr"
BOX = f"{FIELD} [role=textbox]"

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style>
<!--
 /* Font Definitions */
 @font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;}
 p.MsoNormal {margin:0cm; font-size:11.0pt;}
 @list l0 {mso-list-id:62802541; mso-list-type:hybrid;}
-->
</style>
</head>
<body lang=FR style='tab-interval:35.4pt;word-wrap:break-word'>
<!--StartFragment-->
<h1>Programme de la journée<o:p></o:p></h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Venez</b> nombreuses et
nombreux, l’<i>été</i> commence<span style='mso-spacerun:yes'>  </span>à Dakar.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol;mso-bidi-font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Premier
point<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>Un détail<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;
</span></span></span><!--[endif]-->Second point<o:p></o:p></p>
<h4 style='color:red'>Inscription</h4>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-bidi-font-family:Calibri'><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]><a href="https://example.org/inscription">S’inscrire</a><o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-bidi-font-family:Calibri'><span style='mso-list:Ignore'>2.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>Venir<o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;border:none'>
 <tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'>
  <td width=302 valign=top style='width:226.5pt;border:solid windowtext 1.0pt'>
  <p class=MsoNormal>9 h 30<o:p></o:p></p>
  </td>
  <td width=302 valign=top style='width:226.5pt'>
  <p class=MsoNormal>Accueil,<o:p></o:p></p>
  <p class=MsoNormal><b>salle A</b><o:p></o:p></p>
  </td>
 </tr>
 <tr style='mso-yfti-irow:1;mso-yfti-lastrow:yes'>
  <td width=302 valign=top><p class=MsoNormal>10 h<o:p></o:p></p></td>
  <td width=302 valign=top><p class=MsoNormal>Œuvres<o:p></o:p></p></td>
 </tr>
</table>
<!--EndFragment-->
</body>
</html>"""

OF_WORD = (
    "<h2>Programme de la journée</h2>"
    "<p><strong>Venez</strong> nombreuses et nombreux, l’<em>été</em> commence à Dakar.</p>"
    "<ul><li><p>Premier point</p><ul><li><p>Un détail</p></li></ul></li><li><p>Second point</p></li></ul>"
    "<h3>Inscription</h3>"
    '<ol data-type="decimal"><li><p><a href="https://example.org/inscription">S’inscrire</a></p></li>'
    "<li><p>Venir</p></li></ol>"
    "<p>9 h 30 – Accueil, <strong>salle A</strong></p><p>10 h – Œuvres</p>"
)

DOCS = (
    "<html><body><!--StartFragment--><meta charset='utf-8'>"
    '<b style="font-weight:normal;" id="docs-internal-guid-0d6b1c9e-7fff-3f0e">'
    '<h1 dir="ltr" style="line-height:1.38;margin-top:20pt;"><span style="font-size:20pt;font-weight:400;">Été</span></h1>'
    '<p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-weight:400;font-style:normal;">Un mot </span>'
    '<span style="font-size:11pt;font-weight:700;font-style:normal;">gras</span>'
    '<span style="font-size:11pt;font-weight:400;font-style:normal;"> et </span>'
    '<span style="font-size:11pt;font-weight:400;font-style:italic;">penché</span></p><br />'
    '<ul style="margin-top:0;padding-inline-start:48px;">'
    '<li dir="ltr" style="list-style-type:disc;font-weight:400;" aria-level="1">'
    '<p dir="ltr" style="line-height:1.38;" role="presentation"><span style="font-weight:400;">jouer</span></p></li>'
    '<ul style="margin-top:0;"><li dir="ltr" style="list-style-type:circle;" aria-level="2">'
    '<p dir="ltr" role="presentation"><span style="font-weight:400;">dehors</span></p></li></ul></ul>'
    '<div dir="ltr" style="margin-left:0pt;" align="left"><table style="border:none;"><colgroup><col /><col /></colgroup>'
    '<tbody><tr style="height:0pt"><td style="border-left:solid #000 1pt;"><p dir="ltr"><span>Dakar</span></p></td>'
    '<td style="vertical-align:top;"><p dir="ltr"><span>Paris</span></p></td></tr></tbody></table></div>'
    '</b><br class="Apple-interchange-newline"><!--EndFragment--></body></html>'
)

OF_DOCS = (
    "<h2>Été</h2><p>Un mot <strong>gras</strong> et <em>penché</em></p>"
    "<ul><li><p>jouer</p><ul><li><p>dehors</p></li></ul></li></ul><p>Dakar – Paris</p>"
)

LIBREOFFICE = """<!DOCTYPE html>
<html>
<head>
\t<meta http-equiv="content-type" content="text/html; charset=utf-8"/>
\t<title></title>
\t<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/>
\t<style type="text/css">
\t\t@page { size: 21cm 29.7cm; margin: 2cm }
\t\tp { line-height: 115%; margin-bottom: 0.25cm; background: transparent }
\t\th1 { color: #ff0000 }
\t</style>
</head>
<body lang="fr-FR" link="#000080" vlink="#800000" dir="ltr"><h1 class="western">
Objectifs</h1>
<h2 class="western">Ce que nous voulons</h2>
<p style="line-height: 100%; margin-bottom: 0cm">Une journée <b>ouverte</b> à
<font color="#000080"><u><a href="https://example.org/">toutes</a></u></font>.</p>
<p style="line-height: 100%; margin-bottom: 0cm"><br/>

</p>
<ol>
\t<li><p style="line-height: 100%; margin-bottom: 0cm">écouter</p></li>
\t<li><p style="line-height: 100%; margin-bottom: 0cm">grandir</p></li>
</ol>
<table width="100%" cellpadding="4" cellspacing="0">
\t<col width="128*"/>

\t<col width="128*"/>

\t<tr valign="top">
\t\t<th width="50%" style="border-top: 1px solid #000000"><p>
\t\t\tVille</p>
\t\t</th>
\t\t<th width="50%" style="border: 1px solid #000000"><p>
\t\t\tHeure</p>
\t\t</th>
\t</tr>
</table>
</body>
</html>"""

OF_LIBREOFFICE = (
    "<h2>Objectifs</h2><h2>Ce que nous voulons</h2>"
    '<p>Une journée <strong>ouverte</strong> à <a href="https://example.org/">toutes</a>.</p>'
    '<ol data-type="decimal"><li><p>écouter</p></li><li><p>grandir</p></li></ol><p>Ville – Heure</p>'
)

WEB = (
    '<meta charset="utf-8"><h5 style="box-sizing: border-box; font-weight: 700;">À lire</h5>'
    '<p style="color: rgb(0, 0, 0);" class="lead">Le texte où style = art. <a href="#note">note</a> '
    '<strong style="font-weight: 600;">fort</strong></p><script>alert(1)</script>'
    '<img src="x" onerror="alert(1)"><table><tr><td><ul><li>seule cellule</li></ul></td></tr></table>'
)

OF_WEB = (
    "<h3>À lire</h3><p>Le texte où style = art. note <strong>fort</strong></p><ul><li><p>seule cellule</p></li></ul>"
)


@pytest.fixture
def change(editor, site):  # noqa: F811
    """Claire before the form of an event without a text; what her browser complains of is in `page.said`."""
    editor.event = make_event(body_fr="")
    editor.said = []
    editor.on("console", lambda message: editor.said.append(message.text))
    editor.on("pageerror", lambda error: editor.said.append(str(error)))
    editor.add_init_script(LISTEN)
    editor.goto(f"{site}/admin/events/event/{editor.event.pk}/change/")
    editor.locator(BOX).click()
    let_the_editor_see(editor)
    return editor


def words_of(dialog) -> list[str]:
    return dialog.locator("h3, label, button").all_inner_texts()


@pytest.mark.parametrize(
    ("pasted", "becomes"),
    [(WORD, OF_WORD), (DOCS, OF_DOCS), (LIBREOFFICE, OF_LIBREOFFICE), (WEB, OF_WEB)],
    ids=["Word", "Google Docs", "LibreOffice", "a web page"],
)
def test_what_is_pasted_keeps_its_headings_lists_and_rows_and_nothing_else(change, pasted, becomes):
    paste(change, BOX, "text/html", pasted)
    expect(change.locator(BOX)).not_to_have_text("")
    said = change.said + change.evaluate("window.refused")
    change.locator("input[name=_save]").first.click()
    expect(change.locator(".messagelist .success")).to_be_visible()

    change.event.refresh_from_db()
    assert change.event.body_fr == becomes
    assert said == []


def test_letters_and_later_numbers_of_a_list_from_word_are_kept(change):
    line = "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>{}<span>&nbsp; </span></span>{}</p>"
    html = line.format("b)", "bis") + "<p class=MsoNormal>Et puis</p>" + line.format("3.", "trois")
    paste(change, BOX, "text/html", html)

    assert change.locator("#id_body_fr").input_value() == (
        '<ol data-type="lower-alpha" type="a"><li><p>bis</p></li></ol><p>Et puis</p>'
        '<ol data-type="decimal" start="3"><li><p>trois</p></li></ol>'
    )


def test_a_list_from_word_that_lost_its_styles_is_a_list(change):
    html = "<p class=MsoListParagraph>·&nbsp;&nbsp;&nbsp; Premier point</p><p class=MsoListParagraph>En retrait</p>"
    paste(change, BOX, "text/html", html)

    assert change.locator("#id_body_fr").input_value() == "<ul><li><p>Premier point</p></li></ul><p>En retrait</p>"


def test_a_word_that_is_pasted_into_a_sentence_stays_in_it(change):
    change.keyboard.type("Venez à , demain")
    for _key in range(8):
        change.keyboard.press("ArrowLeft")
    paste(change, BOX, "text/html", '<meta charset="utf-8"><span style="font-weight: 400">Dakar</span>')

    assert change.locator("#id_body_fr").input_value() == "<p>Venez à Dakar, demain</p>"


def test_the_editor_speaks_french_in_the_french_admin_and_knows_the_language_of_each_box(change):
    bar = change.locator(f"{FIELD} .prose-menubar")
    titles = [each.get_attribute("title") for each in bar.locator("button[title]").all()]
    assert titles == [
        "Paragraphe",
        "Liste à puces",
        "Liste numérotée",
        "Propriétés de la liste",
        "Gras",
        "Italique",
        "Insérer un lien",
        "Retirer le lien",
        "Annuler",
        "Rétablir",
    ]
    assert bar.locator(".prose-menubar__option").all_text_contents() == ["Intertitre", "Petit intertitre", "Paragraphe"]
    for language in ("fr", "en"):
        box = change.locator(f".fieldBox.field-body_{language} [role=textbox]")
        assert [box.get_attribute(name) for name in ("lang", "dir", "spellcheck")] == [language, "ltr", "true"]
        assert box.evaluate("box => box.offsetHeight") >= 9 * 16
        assert change.locator(f"#id_title_{language}").get_attribute("lang") == language


def test_a_link_asks_for_an_address_alone_and_makes_it_whole(change):
    change.keyboard.type("OMEP")
    change.keyboard.press("Control+a")
    change.locator(f"{FIELD} [data-name=link]").click()
    dialog = change.get_by_role("dialog")
    assert words_of(dialog) == ["Lien", "Adresse", "Valider", "Annuler"]
    change.keyboard.type("omep.org/fr")
    change.keyboard.press("Enter")
    assert change.locator("#id_body_fr").input_value() == '<p><a href="https://omep.org/fr">OMEP</a></p>'

    change.locator(f"{FIELD} [data-name=link]").click()
    expect(dialog.get_by_label("Adresse")).to_have_value("https://omep.org/fr")
    dialog.get_by_label("Adresse").fill("bureau@omep.org")
    dialog.get_by_role("button", name="Valider").click()
    assert change.locator("#id_body_fr").input_value() == '<p><a href="mailto:bureau@omep.org">OMEP</a></p>'

    change.locator(f"{FIELD} [data-name=link]").click()
    dialog.get_by_label("Adresse").fill("")
    dialog.get_by_role("button", name="Valider").click()
    assert change.locator("#id_body_fr").input_value() == "<p>OMEP</p>"


def test_the_box_of_one_language_has_as_much_room_as_the_others_and_a_focus_that_is_seen(change):
    boxes = [change.locator(f".fieldBox.field-body_{language} [role=textbox]") for language in ("fr", "en")]
    assert len({box.evaluate("box => box.offsetHeight") for box in boxes}) == 1
    paste(change, BOX, "text/html", WORD)
    heights = [box.evaluate("box => box.offsetHeight") for box in boxes]
    assert heights[0] == heights[1] > 300
    outline = "box => getComputedStyle(box).outlineStyle"
    assert [box.evaluate(outline) for box in boxes] == ["solid", "none"]


def test_every_word_that_the_editor_asks_for_has_french(change):
    change.locator(f"{FIELD} [data-name=orderedList]").click()
    change.locator(f"{FIELD} [data-name=orderedListProperties]").click()

    words = ["Propriétés de la liste", "Commencer à", "Numéros ou puces", "Valider", "Annuler"]
    assert words_of(change.get_by_role("dialog")) == words
    options = change.get_by_role("dialog").locator("option").all_inner_texts()
    assert options == ["1, 2, 3, ...", "a, b, c, ...", "A, B, C, ...", "i, ii, iii, ...", "I, II, III, ...", "Puces"]
