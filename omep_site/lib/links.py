"""Addresses: absolute ones, the same page in the other languages, and signed links."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation


class LinkBroken(Exception):
    """The link was altered, cut, or made for another purpose."""


class LinkExpired(LinkBroken):
    """The link was right, and is too old."""


@dataclass(frozen=True)
class Translation:
    """A page in one language; `public` where search engines may be told of it (hreflang)."""

    language: str
    path: str
    public: bool = True

    @property
    def name(self) -> str:
        """The language's name, in that language: “français”, “English”."""
        return translation.get_language_info(self.language)["name_local"]

    @property
    def url(self) -> str:
        return absolute(self.path)

    @property
    def locale(self) -> str:
        """As Open Graph names it: “fr_FR”."""
        return locale_of(self.language)


def absolute(path: str) -> str:
    """The whole address; its only source is SITE_URL, never a request's Host."""
    return settings.SITE_URL + path


def locale_of(language: str) -> str:
    """The language with a country, as Open Graph asks for one: our English is British, another language that of the
    country with its name."""
    if language == "en":
        return "en_GB"
    name, _dash, country = language.partition("-")
    return f"{name}_{(country or name).upper()}"


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def path_in(language: str, name: str, **kwargs) -> str:
    with translation.override(language):
        return reverse(name, kwargs=kwargs)


def in_every_language(name: str, *, public: bool = True, **kwargs) -> list[Translation]:
    """The page `name` in each language of the site, for pages whose arguments are the same in all of them."""
    return [Translation(code, path_in(code, name, **kwargs), public) for code in languages()]


def sign(purpose: str, value) -> str:
    """A token that says `value` and is good for one purpose only."""
    return signing.dumps(value, salt=purpose)


def unsign(purpose: str, token: str, max_age):
    """What was signed. Raises LinkExpired after `max_age` (a timedelta) and LinkBroken for anything else."""
    try:
        return signing.loads(token, salt=purpose, max_age=max_age)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, ValueError) as error:
        raise LinkBroken from error
