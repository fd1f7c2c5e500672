"""Which fields exist once for each language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from events.models import Event, Objective, Partner, Strategy


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
