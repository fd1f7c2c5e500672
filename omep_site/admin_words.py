"""Sentences of Django's admin that read better otherwise.

Our catalogues come before Django's: what is named here is translated there. French cannot put an article or “de” before
a word that it does not know (« Modification de événement »), so that the word stands behind a colon. Nothing imports
this module: `make messages` reads it.
"""

from django.utils.translation import gettext_noop as _

WORDS = [
    _("Add %s"),
    _("Add %(name)s"),
    _("Add another %(verbose_name)s"),
    _("Change %s"),
    _("View %s"),
    _("Select %s"),
    _("Select %s to change"),
    _("Select %s to view"),
    # xgettext:no-python-brace-format
    _("The {name} “{obj}” was added successfully."),
    # xgettext:no-python-brace-format
    _("The {name} “{obj}” was changed successfully."),
    # xgettext:no-python-brace-format
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    # xgettext:no-python-brace-format
    _("The {name} “{obj}” was added successfully. You may edit it again below."),
    # xgettext:no-python-format
    _("The %(name)s “%(obj)s” was deleted successfully."),
    # “Sign in”, “sign out” and “e-mail” everywhere, as in our own pages.
    _("Log in"),
    _("Log out"),
    _("Your password has been set.  You may go ahead and log in now."),
    _("Email"),
    _("Email address:"),
    _("email address"),
    _("Forgotten your password? Enter your email address below, and we’ll email instructions for setting a new one."),
    _(
        "We’ve emailed you instructions for setting your password, if an account exists with the email you entered. "
        "You should receive them shortly."
    ),
    _(
        "If you don’t receive an email, please make sure you’ve entered the address you registered with, and check "
        "your spam folder."
    ),
    _("Please correct the error below."),
    _("Please correct the errors below."),
]
