"""Addresses where mail providers report what became of letters: /anymail/<provider>/tracking/, as django-anymail has them.

Only what the installation has set up is there: anybody could block readers by an address that asks for no proof.
"""

import logging

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import Error
from django.http import Http404, HttpResponse
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

# What each proves itself with: a signature; or, where a provider has none that we can check, the name and password in
# the address that it was given (omep_site/backing_services.py has the list too).
PROVIDERS = {
    "brevo": ("BrevoTrackingWebhookView", "WEBHOOK_SECRET"),
    "mailersend": ("MailerSendTrackingWebhookView", "MAILERSEND_SIGNING_SECRET"),
    "mailgun": ("MailgunTrackingWebhookView", "MAILGUN_WEBHOOK_SIGNING_KEY"),
    "mailjet": ("MailjetTrackingWebhookView", "WEBHOOK_SECRET"),
    "mailtrap": ("MailtrapTrackingWebhookView", "WEBHOOK_SECRET"),
    "mandrill": ("MandrillCombinedWebhookView", "MANDRILL_WEBHOOK_KEY"),
    "postmark": ("PostmarkTrackingWebhookView", "WEBHOOK_SECRET"),
    "resend": ("ResendTrackingWebhookView", "WEBHOOK_SECRET"),
    "sendgrid": ("SendGridTrackingWebhookView", "WEBHOOK_SECRET"),
    "sparkpost": ("SparkPostTrackingWebhookView", "WEBHOOK_SECRET"),
}


def receive(request, provider):
    view, proof = PROVIDERS.get(provider, ("", ""))
    if not settings.ANYMAIL.get(proof):
        raise Http404
    # Signed or with its password, each by itself: a provider that signs is not asked for the others' password.
    secret = {} if proof == "WEBHOOK_SECRET" else {"webhook_secret": []}
    try:
        answer = import_string(f"anymail.webhooks.{provider}.{view}")(**secret)
        answer.setup(request)
        return answer.dispatch(request)
    except (SuspiciousOperation, Error):  # no proof: 400; no database: 500, and the provider comes again
        raise
    except Exception as error:  # its words may hold the report, and so an address
        logger.error("a report of %s could not be read: %s", provider, type(error).__name__)
        return HttpResponse(status=400)
