"""A file's name is no description of a picture."""

import pytest

from events.file_names import is_file_name


@pytest.mark.parametrize(
    "text",
    [
        "WhatsApp Image 2021-11-26 at 14.18.34",
        "WhatsApp Image 2021-11-26 at 14.18.34 (1).jpeg",
        "Image WhatsApp 2021-11-26 à 14.18.34",
        "IMG_2034",
        "IMG_2034.HEIC",
        "IMG_2034 copie",
        "IMG-20211126-WA0003",
        "DSC01234.JPG",
        "DSC_0123",
        "DSCN1234",
        "P1010023",
        "_MG_1234",
        "100_0123",
        "PXL_20210101_123456789.MP",
        "FB_IMG_1637939112345",
        "263456789_1234567_o",
        "20211126_141834",
        "signal-2021-11-26-141834",
        "photo1.jpeg",
        "photo 1",
        "Photo (2)",
        "image00012",
        "Screenshot 2021-11-26 at 14.18.34",
        "Screen Shot 2021-11-26 at 2.18.34 PM",
        "Screenshot_20211126-141834_Chrome",
        "Capture d’écran 2021-11-26 à 14.18.34",
        "Capture d'écran 2021-11-26 141834",
        "Capture d’écran, le 2021-11-26 à 14.18.34",
        "Capture d’e\u0301cran 2021-11-26 à 14.18.34",
        "Capture d’écran 2021-11-26 à\u202f14.18.34",
        "Capture",
        "image",
        "Photo",
        " picture. ",
        "Une photo",
        "sans titre",
        "Sans titre 2",
        "unnamed",
        "téléchargement (1)",
        "550e8400-e29b-41d4-a716-446655440000",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4",
    ],
)
def test_what_cameras_telephones_and_messengers_call_a_file_is_told(text):
    assert is_file_name(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Children planting beans in a school garden",
        "Photo de famille devant l’école de Dakar",
        "Photo : Anna Diallo",
        "Photo Anna Diallo, 2021",
        "© OMEP 2021",
        "Des enfants de 3 ans",
        "3 enfants",
        "Capture d’écran du site de l’UNESCO",
        "Screenshot of the UNESCO site",
        "Image of a classroom",
        "Paris 2021",
        "Assemblée mondiale 2021",
        "WhatsApp group of the committee",
        "Sam, 4 ans, plante un haricot",
        "1989 : la Convention",
        "Dakar",
        "Internationalisation",
    ],
)
def test_words_about_a_picture_are_let_pass(text):
    assert is_file_name(text) is False


@pytest.mark.parametrize("text", ["enfants_dakar", "Enfants_Dakar", "enfants_dakar.jpg"])
def test_the_name_of_the_file_that_was_chosen_is_told(text):
    assert is_file_name(text, "enfants_dakar.jpg") is True


def test_somebody_who_describes_a_picture_by_the_name_of_its_file_has_described_it():
    assert is_file_name("Children planting beans", "Children planting beans.jpg") is False


@pytest.mark.parametrize("text", ["img " + "1 " * 150 + "x", "1" * 300 + "!", "a1" * 150 + "!", "photo " + "(" * 290])
def test_no_text_takes_long(text):
    assert is_file_name(text) is False
