"""Tells a file's name from words about a picture. Cameras, phones and messengers name files; people describe pictures."""

import re
import unicodedata
from pathlib import PurePath

# What stands for a number in such names: 2034, 20211126_141834, 2021-11-26 at 14.18.34, (2), 26-11-2021 à 14 h 18
_NUMBERS = (
    r"[ _-]*\(?\d[\d\s_.,:()h-]*(?:(?:at|à)\s[\d\s_.,:()h-]*)?(?:\s?[ap]\.?m\.?)?(?:-?wa\d+)?"
    r"(?:[ _-]?(?:copie|copy|edited|modifié|hdr|portrait|mp|cover|burst\d*))*"
)

PATTERNS = [
    re.compile(pattern)
    for pattern in (
        # with its kind: photo1.jpeg
        r".*\.(?:jpe?g|jfif|png|gif|webp|hei[cf]|tiff?|bmp|avif|svg|pdf|raw|cr2|nef|dng|mp4|mov)",
        # messengers: WhatsApp Image 2021-11-26 at 14.18.34, signal-2021-11-26-141834, received_1234567
        r"whatsapp (?:image|video|photo|bild)\b.*",
        r"(?:image|photo|vidéo) whatsapp\b.*",
        rf"(?:signal|received|fb_img|telegram|messenger(?:_creation)?|viber|inshot|snapchat|instagram|facebook){_NUMBERS}",
        # cameras and phones: IMG_2034, DSC01234, _MG_1234, PXL_20210101_123456789, P1010023, 100_0123, GOPR0123
        rf"_?(?:e?img|dsc[nf]?|_?mg|pxl|mvi|gopr|cimg|imgp|hpim|kimg|sam|sdc|pict?|p|vid|scan|mov|dji){_NUMBERS}",
        # anything that a camera, a browser or a word processor calls a picture, with a number: photo 1, image00012
        rf"(?:photo|image|picture|foto|imagen|bild|pic|fichier|file|figure|slide|diapositive){_NUMBERS}",
        # screens: Screenshot 2021-11-26 at 14.18.34, Screenshot_20211126-141834, Capture d’écran 2021-11-26 à 14.18.34
        rf"screen ?-?(?:shot|capture)(?:{_NUMBERS}.*)?",
        rf"capture(?: d[’']?\s?écran)?(?:,? (?:le|du))?(?:{_NUMBERS}.*)?",
        # no words at all: 20211126_141834, 550e8400-e29b-41d4-a716-446655440000
        r"[\d\s_.,:()+-]+",
        r"\d+(?:_\d+)+_[a-z]",
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        r"(?=[^ ]*\d)(?=[^ ]*[a-z])[0-9a-z]{16,}(?:[_-][a-z0-9]+)*",
        # the bare word, which a screen reader says by itself
        r"(?:an? |the |une? |la |l[’'])?(?:image|photo|picture|photograph(?:ie)?|pic|foto|imagen|illustration|visuel)s?",
        r"(?:untitled|unnamed|no name|sans[ -]titre|sans[ -]nom|download(?:ed)?|téléchargement|index|fichier|file)(?:"
        + _NUMBERS
        + r")?",
    )
]


def is_file_name(text: str, uploaded: str = "") -> bool:
    """Whether `text` is a file's name and no words: by the way that it is made, or because the file chosen has it.

    Somebody who calls a file “Children planting beans.jpg” has described it: three words are words.
    """
    words = _plain(text).strip(".,;: ")
    if not words:
        return False
    if any(pattern.fullmatch(words) for pattern in PATTERNS):
        return True
    return len(words.split()) < 3 and words in (_plain(uploaded), _plain(PurePath(uploaded).stem))


def _plain(text: str) -> str:
    """Lower case, with accents in one piece and one kind of space: a Mac writes all of these in its own way."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
