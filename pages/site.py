"""What every page says of the site: its name, its menu, its foot. Read once for each content version.

`words()` is the site in the language of the page that is being made; templates and mails have it as `site`. What the
database says is kept in the process's memory until the content version moves (omep_site.lib.public), so that a page
asks the database nothing more.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import Error
from django.template.defaultfilters import linebreaksbr
from django.utils.html import urlize
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from events.embeds import Embed, embed
from events.reading import Phrase, phrase
from omep_site.lib import public
from omep_site.lib.links import languages
from pages.defaults import LINKS, TEXTS
from pages.models import OldAddress, Page, SiteTexts, SocialLink
from pages.reading import path_of, read


@dataclass(frozen=True)
class Link:
    words: Phrase
    address: str


@dataclass(frozen=True)
class FacebookPage:
    """The organisation's page there, which the home page can show in place, after a click."""

    link: Link
    embed: Embed

    @property
    def shown_address(self) -> str:
        """“facebook.com/worldomep”."""
        return self.link.address.partition("://")[2].removeprefix("www.").rstrip("/")


@dataclass(frozen=True)
class Logo:
    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Site:
    """The site as the readers of one language meet it."""

    name: str
    tagline: Phrase
    logo: Logo | None
    home_title: Phrase
    home_introduction: Phrase
    about: Phrase
    contact: Phrase
    links: list[Link]
    facebook: FacebookPage | None  # the first of the links that leads to one
    menu: list[Link]
    foot: list[Link]


@dataclass(frozen=True)
class Known:
    sites: dict[str, Site]  # by language
    addresses: frozenset[str]  # the last part of the public pages' addresses, in any language, former ones too


_remembered: tuple[int, Known] | None = None


def words() -> Site:
    sites = known().sites
    return sites.get(get_language()) or sites[settings.LANGUAGE_CODE]


def known() -> Known:
    global _remembered
    remembered = _remembered
    try:
        number = public.base_version()
        if remembered is None or remembered[0] != number:
            remembered = _remembered = (number, load())
    except Error:  # the pages for errors are shown without a database too
        return remembered[1] if remembered else make(SiteTexts(**TEXTS), default_links(), [], [])
    return remembered[1]


def forget() -> None:
    global _remembered
    _remembered = None


def load() -> Known:
    texts = SiteTexts.objects.first()
    pages, former = list(Page.objects.published()), list(OldAddress.objects.public())
    if texts is None:
        return make(SiteTexts(**TEXTS), default_links(), pages, former)
    return make(texts, list(texts.links.all()), pages, former)


def default_links() -> list[SocialLink]:
    return [SocialLink(**fields) for fields in LINKS]


def make(texts: SiteTexts, links: list[SocialLink], pages: list[Page], former: list[OldAddress]) -> Known:
    addresses = {read(page, language).slug for page in pages for language in languages()}
    addresses |= {note.slug for note in former}
    return Known({language: in_one(language, texts, links, pages) for language in languages()}, frozenset(addresses))


def in_one(language: str, texts: SiteTexts, links: list[SocialLink], pages: list[Page]) -> Site:
    def placed(place) -> list[Link]:
        return [Link(read(page, language).title, path_of(page, language)) for page in pages if page.place == place]

    contact = phrase(texts, "contact", language)
    shown_links = [Link(label, link.url) for link in links if (label := phrase(link, "label", language))]
    facebook = [FacebookPage(link, found) for link in shown_links if (found := embed(link.address)) and found.is_page]
    return Site(
        # A name is needed in every title and mail: where nobody wrote one, the first one serves.
        name=phrase(texts, "name", language).text or TEXTS["name_fr"],
        tagline=phrase(texts, "tagline", language),
        logo=Logo(texts.logo.url, texts.logo_width, texts.logo_height) if texts.logo else None,
        home_title=phrase(texts, "home_title", language),
        home_introduction=phrase(texts, "home_introduction", language),
        about=phrase(texts, "about", language),
        # Escaped, then its e-mail addresses made links.
        contact=Phrase(linebreaksbr(mark_safe(urlize(contact.text.strip(), autoescape=True))), contact.language),
        links=shown_links,
        facebook=facebook[0] if facebook else None,
        menu=placed(Page.Place.MENU),
        foot=placed(Page.Place.FOOT),
    )
