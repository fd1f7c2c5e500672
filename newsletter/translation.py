"""Which fields exist once for each language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from newsletter.models import Issue


@register(Issue)
class IssueTranslation(TranslationOptions):
    fields = ("subject", "summary", "body")
