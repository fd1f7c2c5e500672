"""The words that the site begins with.

They are written here once. The first migration puts them into the database; where the row is missing all the same (a
database that was emptied), every page falls back to them. The migration reads them from here instead of holding a copy:
a copy would be a second place to mend, and a new installation should begin with the words as they are today.
"""

TEXTS = {
    "source_language": "fr",
    "name_fr": "OMEP",
    "name_en": "OMEP",
    "tagline_fr": "Organisation mondiale pour l’éducation préscolaire",
    "tagline_en": "World Organisation for Early Childhood Education",
    "home_title_fr": "Se rencontrer pour la petite enfance",
    "home_title_en": "Meeting for early childhood",
    "home_introduction_fr": "Lancements, séminaires, assemblées\xa0: les événements de l’Organisation mondiale pour "
    "l’éducation préscolaire, ouverts à toutes les personnes qui œuvrent pour les jeunes enfants.",
    "home_introduction_en": "Launches, seminars, assemblies: the events of the World Organisation for Early Childhood "
    "Education, open to everyone who works for young children.",
    "about_fr": "L’Organisation mondiale pour l’éducation préscolaire, fondée à Prague en 1948, défend les droits des "
    "enfants de la naissance à huit ans.",
    "about_en": "The World Organisation for Early Childhood Education, founded in Prague in 1948, speaks up for the "
    "rights of children from birth to eight years of age.",
    "contact_fr": "",
    "contact_en": "",
}

LINKS = [
    {
        "label_fr": "L’OMEP sur Facebook",
        "label_en": "OMEP on Facebook",
        "url": "https://www.facebook.com/worldomep",
    }
]
