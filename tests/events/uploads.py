"""Files as editors choose them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def image(width=800, height=600, mode="RGB", color="teal") -> Image.Image:
    """One colour, with a red square in its upper left corner, so that one can see which way up it is."""
    found = Image.new(mode, (width, height), color)
    if mode in ("RGB", "RGBA"):
        found.paste("red", (0, 0, width // 4, height // 4))
    return found


def encoded(picture: Image.Image, kind="JPEG", **options) -> bytes:
    output = BytesIO()
    picture.save(output, kind, **options)
    return output.getvalue()


def chosen(content: bytes | Image.Image, name="jardin.jpg", kind="JPEG", **options) -> SimpleUploadedFile:
    content = encoded(content, kind, **options) if isinstance(content, Image.Image) else content
    return SimpleUploadedFile(name, content)


def exif(orientation=1) -> bytes:
    """What a telephone writes: which way up, by what, and where."""
    found = Image.Exif()
    found[ORIENTATION] = orientation
    found[MAKER] = "Secret Telephone"
    found.get_ifd(GPS)[1] = "N"
    found.get_ifd(GPS)[2] = (48.0, 51.0, 24.0)
    return found.tobytes()


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
