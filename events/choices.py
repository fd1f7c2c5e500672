"""What an editor chooses from: time zones, by what their hour is called, and languages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# A zone is a line here and, in each catalogue, its name: French needs the whole phrase (heure de Paris, heure du Caire).
ZONES = {
    "UTC": _("universal time"),
    "Europe/Paris": _("Paris time"),
    "Europe/Athens": _("Athens time"),
    "Europe/Brussels": _("Brussels time"),
    "Europe/Istanbul": _("Istanbul time"),
    "Europe/Lisbon": _("Lisbon time"),
    "Europe/London": _("London time"),
    "Europe/Madrid": _("Madrid time"),
    "Europe/Oslo": _("Oslo time"),
    "Europe/Prague": _("Prague time"),
    "Europe/Rome": _("Rome time"),
    "Europe/Stockholm": _("Stockholm time"),
    "Europe/Warsaw": _("Warsaw time"),
    "Europe/Zurich": _("Geneva time"),
    "Africa/Abidjan": _("Abidjan time"),
    "Africa/Accra": _("Accra time"),
    "Africa/Cairo": _("Cairo time"),
    "Africa/Dakar": _("Dakar time"),
    "Africa/Johannesburg": _("Johannesburg time"),
    "Africa/Kinshasa": _("Kinshasa time"),
    "Africa/Lagos": _("Lagos time"),
    "Africa/Nairobi": _("Nairobi time"),
    "Africa/Tunis": _("Tunis time"),
    "America/Argentina/Buenos_Aires": _("Buenos Aires time"),
    "America/Bogota": _("Bogotá time"),
    "America/Lima": _("Lima time"),
    "America/Los_Angeles": _("Los Angeles time"),
    "America/Mexico_City": _("Mexico City time"),
    "America/Montevideo": _("Montevideo time"),
    "America/New_York": _("New York time"),
    "America/Panama": _("Panama time"),
    "America/Port-au-Prince": _("Port-au-Prince time"),
    "America/Santiago": _("Santiago time"),
    "America/Sao_Paulo": _("São Paulo time"),
    "America/Toronto": _("Toronto time"),
    "Asia/Bangkok": _("Bangkok time"),
    "Asia/Beirut": _("Beirut time"),
    "Asia/Hong_Kong": _("Hong Kong time"),
    "Asia/Kolkata": _("New Delhi time"),
    "Asia/Seoul": _("Seoul time"),
    "Asia/Shanghai": _("Beijing time"),
    "Asia/Singapore": _("Singapore time"),
    "Asia/Tashkent": _("Tashkent time"),
    "Asia/Tokyo": _("Tokyo time"),
    "Australia/Sydney": _("Sydney time"),
    "Pacific/Auckland": _("Auckland time"),
}

# Three cities of the organisation, far from one another: an editor who reads an hour there notices a slip.
READ_BACK_ZONES = ["America/Argentina/Buenos_Aires", "Africa/Dakar", "Australia/Sydney"]

# As they stand in a sentence: interpretation, and the notice of a page that is not translated.
LANGUAGE_NAMES = {
    "en": pgettext_lazy("language name", "English"),
    "fr": pgettext_lazy("language name", "French"),
    "es": pgettext_lazy("language name", "Spanish"),
    "ar": pgettext_lazy("language name", "Arabic"),
    "zh": pgettext_lazy("language name", "Chinese"),
    "de": pgettext_lazy("language name", "German"),
    "el": pgettext_lazy("language name", "Greek"),
    "it": pgettext_lazy("language name", "Italian"),
    "ja": pgettext_lazy("language name", "Japanese"),
    "ko": pgettext_lazy("language name", "Korean"),
    "pt": pgettext_lazy("language name", "Portuguese"),
    "ru": pgettext_lazy("language name", "Russian"),
    "sgn": pgettext_lazy("language name", "International Sign"),
}
