"""Which fields exist once for each language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from pages.models import Page, SiteTexts, SocialLink


@register(SiteTexts)
class SiteTextsTranslation(TranslationOptions):
    fields = ("name", "tagline", "home_title", "home_introduction", "about", "contact")


@register(SocialLink)
class SocialLinkTranslation(TranslationOptions):
    fields = ("label",)


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "slug", "body")
    empty_values = {"slug": None}
