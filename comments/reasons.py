"""Why a comment deserves a second look: codes that are kept with it, and sentences for whoever decides.

A code is a word, with a number behind a colon where it counts something: “website”, “links:3”. Codes are kept for as
long as their comment: one that no check gives any more stays readable. What gives them is in comments.checks.
"""

from django.utils.translation import gettext, ngettext


def sentence(code: str) -> str:
    """What a code says to the person who decides; the code itself where this release does not know it."""
    word, _colon, number = code.partition(":")
    count = int(number) if number.isdecimal() else 0
    sentences = {
        "decoy": gettext("A field that people do not see was filled in: a program sent it."),
        "akismet": gettext("Akismet says that it is spam."),
        "akismet_away": gettext("Akismet was asked and did not answer."),
        "spam_words": ngettext(
            "Contains %(count)d of the words of spam.", "Contains %(count)d of the words of spam.", count
        ),
        "hold_words": ngettext(
            "Contains %(count)d of the words that are worth a look.",
            "Contains %(count)d of the words that are worth a look.",
            count,
        ),
        "markup": gettext("Contains links in the code of forums or web pages, which people do not write here."),
        "repeated": gettext("The same words were sent before."),
        "reused": gettext("The same form was sent before, with other words."),
        "too_fast": ngettext(
            "Was sent %(count)d second after the form was begun.",
            "Was sent %(count)d seconds after the form was begun.",
            count,
        ),
        "confusable": gettext("The name looks like that of the site or of somebody of its team."),
        "mixed_letters": gettext(
            "Letters of several alphabets stand in one word, as in words that are hidden from filters."
        ),
        "links": ngettext("Contains %(count)d link.", "Contains %(count)d links.", count),
        "website": gettext("Gives a website."),
        "capitals": gettext("Written almost entirely in capitals."),
        "no_origin": gettext("Came without the signs of a usual browser: perhaps a program sent it."),
        "no_stamp": gettext("Came without the page’s script: how quickly it was written is not known."),
        "old_stamp": gettext("The form was begun more than a day before, or its mark was altered."),
        "address_in_text": gettext("Contains an e-mail address: perhaps it should not be public."),
        "telephone": gettext("Contains what may be a telephone number: perhaps it should not be public."),
        "reported": ngettext("Reported once by a reader.", "Reported %(count)d times by readers.", count)
        % {"count": count},
        "new_address": gettext("No comment from this address was approved before."),
        "unconfirmed": gettext("A comment from this address was approved before, but nobody confirmed the address."),
        "edited": gettext("Its author has changed it since it came in."),
    }
    return sentences[word] % {"count": count} if word in sentences else code
