import json

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info

from events.actions import Action, action
from events.attachments import Attachments, ShownPicture, attachments, shown_pictures
from events.calendar_links import CalendarLink, calendar_links, calendar_path_of
from events.people import Partners, Speakers, partners, speakers
from events.reading import Phrase, Reading
from events.sharing import SharedPicture, ShareLink, share_links, shared_picture
from events.structured_data import structured_data
from omep_site.lib import frames, qr
from omep_site.lib.typography import typeset_html

register = template.Library()

JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def phrase(words: Phrase) -> str:
    """The words as their language prints them, marked with it where it is not the page's (WCAG 3.1.2)."""
    html = mark_safe(typeset_html(conditional_escape(words.text), words.language))
    if words.language == get_language():
        return html
    return format_html('<span lang="{}" dir="{}">{}</span>', words.language, direction(words.language), html)


@register.filter
def plain_phrase(words: Phrase) -> str:
    """The words as their language prints them, without markup: for <title>, descriptions and mails."""
    return words.printed


@register.simple_tag
def rich_phrase(words: Phrase) -> str:
    """Rich text, which was cleaned when it was stored (omep_site.lib.rich_text)."""
    html = mark_safe(typeset_html(words.text, words.language))
    if words.language == get_language():
        return html
    return format_html('<div lang="{}" dir="{}">{}</div>', words.language, direction(words.language), html)


@register.simple_tag
def pictures_of(reading: Reading) -> list[ShownPicture]:
    return shown_pictures(reading)


@register.simple_tag
def attachments_of(reading: Reading) -> Attachments:
    return attachments(reading)


@register.simple_tag
def action_of(reading: Reading, attachments: Attachments) -> Action | None:
    return action(reading, attachments)


@register.simple_tag
def calendar_links_of(reading: Reading) -> list[CalendarLink]:
    return calendar_links(reading)


@register.simple_tag
def calendar_file_of(reading: Reading) -> str:
    return calendar_path_of(reading)


@register.simple_tag
def share_links_of(reading: Reading) -> list[ShareLink]:
    return share_links(reading)


@register.simple_tag
def shared_picture_of(reading: Reading) -> SharedPicture | None:
    return shared_picture(reading)


@register.simple_tag
def qr_code(address: str) -> str:
    return mark_safe(qr.svg(address))


@register.simple_tag
def speakers_of(reading: Reading) -> Speakers:
    return speakers(reading)


@register.simple_tag
def partners_of(reading: Reading) -> Partners:
    return partners(reading)


@register.simple_tag(takes_context=True)
def allow_frame(context, address: str) -> str:
    """Lets the security policy of this page name whose frame it offers."""
    frames.allow(context.request, address)
    return ""


@register.filter
def attributes_of(words: Phrase) -> str:
    """` lang="fr" dir="ltr"` for an element that holds words of another language than the page's, "" otherwise."""
    if words.language == get_language():
        return ""
    return format_html(' lang="{}" dir="{}"', words.language, direction(words.language))


@register.simple_tag(takes_context=True)
def structured_data_of(context, reading: Reading) -> str:
    """A block of JSON-LD. What would end the script element is escaped, as in Django's `json_script`."""
    data = structured_data(reading, str(context["site_name"]))
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"
