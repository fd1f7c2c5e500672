"""A letter of the demo: a draft that presents the launch, where nobody has written one yet. One of settings.DEMO_PARTS."""

from events.demo import LAUNCH
from events.models import Event
from newsletter.models import Issue, IssueEvent
from omep_site.models import DemoRecord

KEY = "letter"
WORDS = {
    "subject_fr": "Une stratégie mondiale pour la petite enfance",
    "subject_en": "A global strategy for early childhood",
    "summary_fr": "Comment elle a été lancée, et comment en parler autour de vous.",
    "summary_en": "How it was launched, and how to speak of it around you.",
    "body_fr": "<p>Chères amies, chers amis,</p><p>Cette lettre est un exemple : elle montre comment la Lettre présente "
    "un événement. Elle est un brouillon, et ne part que si quelqu’un l’envoie.</p><h2>Ce que vous y trouvez</h2>"
    "<ul><li><p>des mots que vous écrivez dans les deux langues ;</p></li><li><p>la carte d’un événement, dans la langue "
    "de chaque personne qui vous lit ;</p></li><li><p>un lien pour se désabonner, toujours.</p></li></ul>",
    "body_en": "<p>Dear friends,</p><p>This letter is an example: it shows how the newsletter presents an event. It is a "
    "draft, and goes out only if somebody sends it.</p><h2>What is in it</h2><ul><li><p>words that you write in both "
    "languages;</p></li><li><p>the card of an event, in the language of each reader;</p></li><li><p>a link to "
    "unsubscribe, always.</p></li></ul>",
}


def load() -> bool:
    """Writes it once; whoever deletes it is not given it again. Returns whether it did."""
    launch = Event.objects.filter(slug_fr=LAUNCH.fields["slug_fr"]).first()
    if launch is None or Issue.objects.exists() or DemoRecord.objects.filter(key=KEY).exists():
        return False
    issue = Issue.objects.create(**WORDS)
    IssueEvent.objects.create(issue=issue, event=launch, position=1)
    DemoRecord.objects.create(key=KEY, object_id=issue.pk, content=WORDS)
    return True
