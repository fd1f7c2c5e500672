"""A logo that was uploaded, made anew: what a browser gets is pixels that this site wrote, and nothing else."""

import hashlib
from io import BytesIO

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from omep_site.lib.jpeg import has_too_many_scans

WIDEST = 480  # pixels
MOST_BYTES = 5 * 2**20
MOST_PIXELS = 40_000_000  # beyond, a small file could fill the memory
FORMATS = ["PNG", "JPEG", "WEBP", "GIF"]


def clean_logo(upload) -> ContentFile:
    """The picture as WebP, at most WIDEST pixels wide and high, upright, without what cameras note (EXIF). Raises
    ValidationError. The name is the content's digest, so that no browser shows an old logo."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_("This file is larger than 5 MB. Make the picture smaller and choose it again."))
    try:
        upload.seek(0)
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(_("This picture has too many pixels. Make it smaller and choose it again."))
            is_photo = picture.format == "JPEG"
            if is_photo and has_too_many_scans(upload):
                raise ValueError("it would be drawn too often")
            upright = ImageOps.exif_transpose(picture)
            pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except ValidationError:
        raise
    except Exception as error:  # whatever a broken or hostile file makes Pillow raise
        raise ValidationError(_("This is not a picture that can be read. Choose a PNG, JPEG, WebP or GIF.")) from error
    pixels.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    file = BytesIO()
    pixels.save(file, "WEBP", lossless=not is_photo, quality=90, method=6, exif=b"", icc_profile=b"", xmp=b"")
    content = file.getvalue()
    return ContentFile(content, name=f"logo-{hashlib.sha256(content).hexdigest()[:12]}.webp")


class LogoInput(forms.ClearableFileInput):
    """Shows the logo itself rather than the name of its file; `without` says what a tick does that takes it away."""

    template_name = "widgets/logo.html"
    without = ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["without"] = self.without
        return context


class LogoField(forms.FileField):
    """A new logo comes out of it as `clean_logo` makes it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_length": None})  # it is kept under a name of its own

    def to_python(self, data):
        upload = super().to_python(data)
        return clean_logo(upload) if upload else upload
