"""Which fields exist once for each language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from events.models import Document, Event, Objective, Partner, Picture, Speaker, Strategy, Subject


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
        "search_words",
    )
    empty_values = {"slug": None, "search_words": ""}


@register(Partner)
class PartnerTranslation(TranslationOptions):
    fields = ("full_name",)


@register(Strategy)
class StrategyTranslation(TranslationOptions):
    fields = ("text",)


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("text",)


@register(Speaker)
class SpeakerTranslation(TranslationOptions):
    fields = ("role",)


@register(Subject)
class SubjectTranslation(TranslationOptions):
    fields = ("name", "slug")
    empty_values = {"slug": None}


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alt", "caption")


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "file", "url")
    empty_values = {"file": ""}
