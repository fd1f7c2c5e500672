"""The content of the demo: real events of the organisation with plain facts only, and one that says it is an example.

The strategies' and objectives' wording is UNESCO's (Global Partnership Strategy for Early Childhood, 2021-2030),
CC BY-SA 3.0 IGO; each event that quotes it names it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from events.choices import FIRST_CITIES

PARTNERS = {
    "UNESCO": {
        "url": "https://www.unesco.org",
        "full_name_fr": "Organisation des Nations Unies pour l’éducation, la science et la culture",
        "full_name_en": "United Nations Educational, Scientific and Cultural Organization",
    },
    "ECDAN": {"url": "https://ecdan.org", "full_name_en": "Early Childhood Development Action Network"},
}

SUBJECTS = {
    "policy": {
        "name_fr": "Politiques publiques",
        "name_en": "Public policy",
        "slug_fr": "politiques-publiques",
        "slug_en": "public-policy",
    },
    "meetings": {
        "name_fr": "Rencontres de l’OMEP",
        "name_en": "OMEP meetings",
        "slug_fr": "rencontres-de-l-omep",
        "slug_en": "omep-meetings",
    },
    "play": {"name_fr": "Jeu", "name_en": "Play", "slug_fr": "jeu", "slug_en": "play"},
}


@dataclass(frozen=True)
class DemoEvent:
    """One event: its fields, its ordered rows, and the keys of its subjects; words are pairs of French and English."""

    key: str
    fields: dict
    partners: list[tuple[str, str]] = field(default_factory=list)  # name, EventPartner.role
    speakers: list[tuple[str, str, str]] = field(default_factory=list)  # name, role in French, in English
    strategies: list[tuple[str, str]] = field(default_factory=list)
    objectives: list[tuple[str, str]] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)


def _hours(day: date, start: time, end: time, zone: str) -> dict:
    tz = ZoneInfo(zone)
    return {
        "starts_at": datetime.combine(day, start, tz),
        "ends_at": datetime.combine(day, end, tz),
        "timezone": zone,
        "all_day": False,
    }


def _days(first: date, last: date, zone: str) -> dict:
    return _hours(first, time(0, 0), time(0, 0), zone) | {
        "ends_at": datetime.combine(last, time(23, 59), ZoneInfo(zone)),
        "all_day": True,
    }


LAUNCH = DemoEvent(
    key="launch",
    fields={
        "title_fr": "Lancement de la Stratégie de partenariat mondial pour la petite enfance (GPS)",
        "title_en": "Launch of the Global Partnership Strategy for Early Childhood (GPS)",
        "slug_fr": "lancement-strategie-partenariat-mondial-petite-enfance",
        "slug_en": "launch-global-partnership-strategy-early-childhood",
        "summary_fr": "L’OMEP a le plaisir d’annoncer l’événement de lancement en ligne de la Stratégie de partenariat "
        "mondial pour la petite enfance, co-organisé avec l’UNESCO et l’ECDAN.",
        "summary_en": "OMEP is pleased to announce the online launch of the Global Partnership Strategy for Early "
        "Childhood, organised together with UNESCO and ECDAN.",
        "body_fr": "<p>C’est une excellente occasion d’inviter l’ensemble de la communauté de l’OMEP, les gouvernements, "
        "les bureaux de l’UNESCO liés aux pays et tous les acteurs engagés pour la réalisation des droits de l’homme "
        "dans la petite enfance et pour le bien-être des enfants, et d’échanger avec eux.</p>",
        "body_en": "<p>This is an excellent opportunity to invite the whole OMEP community, governments, UNESCO country "
        "offices and everyone working for human rights in early childhood and for the well-being of children, and to "
        "share with them.</p>",
        "attendance_mode": "online",
        "registration_url": "https://on.unesco.org/GPS-ECCE",
        "registration_label_fr": "S’inscrire sur le site de l’UNESCO",
        "registration_label_en": "Register on the UNESCO site",
        "interpretation_languages": ["en", "fr"],
        "strategies_title_fr": "Les discussions s’orienteront sur les cinq stratégies retenues dans la Stratégie\xa0:",
        "strategies_title_en": "Discussions will focus on the five strategies that the Strategy sets out:",
        "objectives_title_fr": "L’événement vise à\xa0:",
        "objectives_title_en": "The event aims to:",
        "credit_fr": "Les cinq stratégies sont citées de la Stratégie de partenariat mondial pour la petite enfance, "
        "2021-2030, UNESCO, CC\xa0BY-SA\xa03.0\xa0IGO.",
        "credit_en": "The five strategies are quoted from the Global Partnership Strategy for Early Childhood, "
        "2021-2030, UNESCO, CC\xa0BY-SA\xa03.0\xa0IGO.",
        **_hours(date(2021, 12, 6), time(13, 30), time(14, 30), "Europe/Paris"),
    },
    partners=[("UNESCO", "organiser"), ("ECDAN", "organiser")],
    strategies=[
        ("exploiter les preuves pour l’action et les droits", "Harness evidence for action and rights"),
        (
            "exploiter les données, le suivi et l’évaluation pour rendre des comptes",
            "Leverage data, monitoring and evaluation for accountability",
        ),
        (
            "promouvoir les efforts des pays pour améliorer l’accès, l’inclusion, l’équité et la qualité",
            "Promote countries’ efforts to scale-up access, inclusion, equity and quality",
        ),
        (
            "aider les pays et les agences internationales à renforcer les politiques, la gouvernance, le financement "
            "et le plaidoyer",
            "Assist countries and international agencies to strengthen policy, governance, financing and advocacy",
        ),
        (
            "galvaniser la coordination et la coopération internationales et nationales",
            "Galvanize international and national coordination and cooperation",
        ),
    ],
    objectives=[
        (
            "diffuser et promouvoir largement la Stratégie, sa vision, ses orientations, ses résultats et ses "
            "principaux domaines prioritaires\u202f;",
            "share and promote the Strategy widely: its vision, its directions, its results and its main priority areas;",
        ),
        (
            "accroître la sensibilisation sur la manière dont la Stratégie peut contribuer au développement des "
            "services d’éducation et de protection de la petite enfance et de développement de la petite enfance en "
            "tant que fondement de l’apprentissage tout au long de la vie\u202f;",
            "raise awareness of how the Strategy can help to develop early childhood care, education and development "
            "services as the foundation of lifelong learning;",
        ),
        (
            "mobiliser et engager toutes les parties prenantes pour rendre effective la Stratégie en mettant en "
            "synergie leurs actions\u202f;",
            "mobilise and engage all stakeholders to make the Strategy effective by joining up their actions;",
        ),
        (
            "encourager le renforcement de réseaux de partenariat collaboratif aux niveaux mondial, régional et "
            "national pour mobiliser le soutien, en insistant sur l’idée que l’action collective peut contribuer à un "
            "changement.",
            "encourage stronger collaborative networks at global, regional and national levels to mobilise support, "
            "since collective action can bring about change.",
        ),
    ],
    subjects=["policy"],
)

ASSEMBLY_73 = DemoEvent(
    key="assembly-73",
    fields={
        "title_fr": "73e Assemblée mondiale de l’OMEP",
        "title_en": "73rd OMEP World Assembly",
        "slug_fr": "73e-assemblee-mondiale",
        "slug_en": "73rd-world-assembly",
        "summary_fr": "La 73e Assemblée mondiale de l’OMEP s’est tenue en ligne le 28\xa0août\xa02021.",
        "summary_en": "The 73rd OMEP World Assembly was held online on 28\xa0August\xa02021.",
        "body_fr": "<p>En raison de la pandémie, l’Assemblée mondiale s’est réunie en ligne, comme en 2020.</p>",
        "body_en": "<p>Because of the pandemic the World Assembly met online, as in 2020.</p>",
        "attendance_mode": "online",
        **_days(date(2021, 8, 28), date(2021, 8, 28), "Europe/Paris"),
    },
    subjects=["meetings"],
)

SYDNEY = DemoEvent(
    key="sydney",
    fields={
        "title_fr": "Conférence Asie-Pacifique de l’OMEP à Sydney",
        "title_en": "OMEP Asia-Pacific conference in Sydney",
        "slug_fr": "conference-asie-pacifique-sydney",
        "slug_en": "asia-pacific-conference-sydney",
        "summary_fr": "La conférence Asie-Pacifique de l’OMEP s’est tenue à Sydney du 6 au 8\xa0décembre\xa02023.",
        "summary_en": "The OMEP Asia-Pacific conference was held in Sydney on 6–8\xa0December\xa02023.",
        "body_fr": "<p>L’Asie-Pacifique est l’une des cinq régions de l’OMEP.</p>",
        "body_en": "<p>Asia-Pacific is one of the five regions of OMEP.</p>",
        "attendance_mode": "on_site",
        "place_fr": "Sydney, Australie",
        "place_en": "Sydney, Australia",
        **_days(date(2023, 12, 6), date(2023, 12, 8), "Australia/Sydney"),
    },
    subjects=["meetings"],
)

BOLOGNA = DemoEvent(
    key="assembly-77",
    fields={
        "title_fr": "77e Assemblée mondiale de l’OMEP à Bologne",
        "title_en": "77th OMEP World Assembly in Bologna",
        "slug_fr": "77e-assemblee-mondiale-bologne",
        "slug_en": "77th-world-assembly-bologna",
        "summary_fr": "La 77e Assemblée mondiale de l’OMEP s’est tenue à Bologne du 14 au 18\xa0juillet\xa02025.",
        "summary_en": "The 77th OMEP World Assembly was held in Bologna on 14–18\xa0July\xa02025.",
        "body_fr": "<p>L’OMEP a été fondée à Prague en 1948 ; sa première présidente fut Alva Myrdal.</p>",
        "body_en": "<p>OMEP was founded in Prague in 1948; its first president was Alva Myrdal.</p>",
        "attendance_mode": "on_site",
        "place_fr": "Bologne, Italie",
        "place_en": "Bologna, Italy",
        **_days(date(2025, 7, 14), date(2025, 7, 18), "Europe/Rome"),
    },
    subjects=["meetings"],
)


def example(today: date) -> DemoEvent:
    """An invented webinar on a Wednesday four to five weeks after `today`, so that there is always one to come."""
    ahead = today + timedelta(weeks=4)
    day = ahead + timedelta(days=(2 - ahead.weekday()) % 7)
    return DemoEvent(
        key="example",
        fields={
            "title_fr": "Exemple\xa0: un webinaire sur le jeu en plein air",
            "title_en": "Example: a webinar on outdoor play",
            "slug_fr": "exemple-webinaire-jeu-plein-air",
            "slug_en": "example-webinar-outdoor-play",
            "summary_fr": "Cet événement est un exemple\xa0: il montre à quoi ressemble l’annonce d’un événement à venir. "
            "Il n’aura pas lieu.",
            "summary_en": "This event is an example: it shows what the announcement of a coming event looks like. "
            "It will not take place.",
            "body_fr": "<p>Ici vient l’invitation&nbsp;: pourquoi venir, à quoi s’attendre, qui inviter. Elle peut avoir "
            "des intertitres, des listes et des liens.</p>",
            "body_en": "<p>Here stands the invitation: why to come, what to expect, whom to invite. It may have "
            "headings, lists and links.</p>",
            "attendance_mode": "online",
            "registration_url": "https://example.org/",
            "registration_label_fr": "S’inscrire au webinaire",
            "registration_label_en": "Register for the webinar",
            "interpretation_languages": ["en", "fr", "es"],
            "cities": FIRST_CITIES,
            **_hours(day, time(15, 0), time(16, 30), "Europe/Paris"),
        },
        # Nobody’s name: people who do not exist, at an event that does not take place.
        speakers=[
            (
                "Aïcha Exemple",
                "présenterait le jeu libre (personne inventée)",
                "would speak on free play (an invented person)",
            ),
            ("Samuel Exemple", "animerait la discussion (personne inventée)", "would moderate (an invented person)"),
        ],
        objectives=[
            ("montrer une liste d’objectifs\u202f;", "show a list of objectives;"),
            ("donner envie d’en écrire une vraie.", "make you want to write a real one."),
        ],
        subjects=["play"],
    )


def events(today: date) -> list[DemoEvent]:
    return [LAUNCH, ASSEMBLY_73, SYDNEY, BOLOGNA, example(today)]
