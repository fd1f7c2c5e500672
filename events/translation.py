"""Which fields exist once for each language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from events.models import Document, Event, Objective, Partner, Picture, Strategy


@register(Event)
class EventTranslation(TranslationOptions):
    fields = (
        "title",
        "slug",
        "summary",
        "body",
        "place",
        "registration_label",
        "strategies_title",
        "objectives_title",
        "credit",
        "recording_url",
        "transcript",
    )
    empty_values = {"slug": None}


@register(Partner)
class PartnerTranslation(TranslationOptions):
    fields = ("full_name",)


@register(Strategy)
class StrategyTranslation(TranslationOptions):
    fields = ("text",)


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("text",)


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alt", "caption")


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "file", "url")
    empty_values = {"file": ""}
