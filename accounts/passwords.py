"""What makes a poor password here and is on no list of common ones: the words of this site."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.roles import ROLES
from omep_site.lib.folding import fold

# Folded: without accents and capitals. Those of the installation, its host and its sender, come with its settings.
WORDS = {
    *("omep", "ompe", "enfance", "enfant", "enfants", "childhood", "child", "children", "maternelle", "kindergarten"),
    *("evenement", "evenements", "event", "events", "lettre", "newsletter", "comment", "comments", "commentaire"),
    *("admin", "editeur", "redaction", "password", "motdepasse", "passe", "site", "organisation", "mondiale", "world"),
}
LEAST = 12  # characters of a password; a shorter one is refused for that
LEAST_LEFT = 8  # letters and digits that it must have beside them


def words_of_the_site() -> set[str]:
    host = re.split(r"\W+", urlsplit(settings.SITE_URL).hostname or "")
    return {fold(word) for word in [*WORDS, *host, *(role.key for role in ROLES)] if len(word) > 3}


class WordsOfTheSite:
    """Refuses “OMEP-evenements-2026”: taken the site's words, years and signs away, too little is left to guess."""

    def validate(self, password, user=None):
        left = fold(password).replace(" ", "")
        for word in sorted(words_of_the_site(), key=len, reverse=True):
            left = left.replace(word, "")
        left = re.sub(r"(?:19|20)\d\d", "", left)
        if len(re.sub(r"\W|_", "", left)) < LEAST_LEFT and len(password) >= LEAST:
            raise ValidationError(
                _("This password consists of words that anybody would try here. Add others that nobody expects."),
                code="words_of_the_site",
            )

    def get_help_text(self):
        return _("Your password can’t consist of the words of this site, such as its name and a year.")
