"""What the public forms share: how they are drawn, which fields they use, and who may send them."""

import unicodedata
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from omep_site.lib import text


class Renderer(TemplatesSetting):
    """Draws a field as label, help, error and widget, tied together for assistive technology (WCAG 3.3.1, 3.3.2)."""

    field_template_name = "forms/field.html"


def comes_from_elsewhere(request) -> bool:
    """Whether a request says that another site sent it.

    Fetch Metadata (`Sec-Fetch-Site`) says so in today's browsers, `Origin` (RFC 6454, 7) in older ones. A request with
    neither is accepted: there is no session to steal, so a forged post gains nothing.
    """
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("Origin")
    if not origin or origin == settings.SITE_URL:
        return False
    try:
        return urlsplit(origin).netloc != request.get_host()
    except ValueError:  # no browser sends such an Origin
        return True


def says_where_from(request) -> bool:
    """Whether a request says where it was sent from. Nearly all browsers do; many programs do not."""
    return bool(request.headers.get("Sec-Fetch-Site") or request.headers.get("Origin"))


def refuse(form: forms.Form, sentence) -> None:
    """Puts a sentence above a form whose fields may all be right; what was typed stays in it."""
    form.full_clean()
    form.add_error(None, sentence)


def validate_line(value: str) -> None:
    """One line of text: no line break, no other control character, nothing that turns the line around."""
    if text.has_control(value):
        raise ValidationError(_("Write this on one line, without control characters."), code="control")
    if text.BIDI_CONTROLS & set(value):
        raise ValidationError(
            _("This contains invisible characters that change the direction of the text. Please type it again."),
            code="bidi",
        )


def keep_on_one_line(fields) -> None:
    """What a browser draws as one line takes one line, even from a program: names stand in the subjects of mails."""
    for field in fields:
        if isinstance(field, forms.CharField) and isinstance(field.widget, forms.TextInput):
            field.validators.append(validate_line)


def validate_name(value: str) -> None:
    if not text.has_letter(value):
        raise ValidationError(_("Write a name with at least one letter."), code="invisible")


def validate_prose(value: str) -> None:
    """Several lines of text that a person wrote."""
    if not text.has_visible(value):
        raise ValidationError(_("Write a few words."), code="invisible")
    if (text.BIDI_CONTROLS - text.BIDI_MARKS) & set(value) or text.has_control_in_lines(value):
        raise ValidationError(
            _("This contains invisible control characters. Please type the text again, or paste it as plain text."),
            code="control",
        )


# Top-level names that lead nowhere on the public web (RFC 6761, 6762, 7686, 8375).
PRIVATE_NAMES = {"localhost", "local", "internal", "lan", "home", "corp", "test", "invalid", "onion", "arpa"}


def validate_public_url(value: str) -> None:
    """The address of a public page on the web: http or https, a host with a name, no account in it, no private host.

    Addresses made of numbers have too many spellings to tell the private ones, and nobody's own site needs them.
    """
    try:
        parts = urlsplit(value)
        host = unicodedata.normalize("NFKC", parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:  # not an address at all, or a port that is none
        raise ValidationError(_("Write a web address such as https://www.example.org."), code="invalid") from None
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise ValidationError(_("Leave the user name and the password out of the address."), code="credentials")
    _name, dot, last = host.rpartition(".")
    is_named = dot and len(last) > 1 and last[0].isalpha()
    if not is_named or last in PRIVATE_NAMES or port == 0:
        raise ValidationError(_("This address is not on the public web."), code="private")


def validate_address(value: str) -> None:
    """An e-mail address that mail can be sent to.

    Django's rule also lets pass what no mail server takes: quoted or non-ASCII local parts (RFC 5321, 4.1.2), hosts
    that are no domain, domains that are too long once written in ASCII (RFC 3490, 4.1), and invisible characters,
    with which one address could be many.
    """
    local, _at, domain = value.rpartition("@")
    try:
        EmailValidator()(value)
        length = len(domain.lower().encode("idna"))
    except (ValidationError, UnicodeError):
        length = 0
    plain = value.isprintable() and local.isascii() and not set('",') & set(local)
    plain = plain and "." in domain and not domain.startswith("[")
    if not plain or not 0 < length <= 253:
        raise ValidationError(_("Write an e-mail address such as name@example.org."), code="invalid")


class LineField(forms.CharField):
    default_validators = [validate_line]


class NameField(LineField):
    default_validators = [validate_line, validate_name]


class AddressField(forms.EmailField):
    """An e-mail address of at most 254 characters (RFC 5321, 4.5.3.1.3)."""

    default_validators = [validate_line, validate_address]

    def __init__(self, **kwargs):
        super().__init__(max_length=254, **kwargs)


class PublicURLField(forms.URLField):
    default_validators = [
        validate_line,
        URLValidator(schemes=["http", "https"]),
        validate_public_url,
    ]
    default_error_messages = {"invalid": _("Write a web address such as https://www.example.org.")}

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)
