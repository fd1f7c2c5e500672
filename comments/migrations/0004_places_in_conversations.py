"""Gives every comment its place in its conversation; what is published already is announced to nobody."""

import hashlib

from django.db import migrations
from django.db.models import F

from omep_site.lib.folding import fold

SEGMENT, MOST_LEVELS = 22, 5  # as comments.models.comment had them when this was written


def segment(comment) -> str:
    return f"{max(0, int(comment.created_at.timestamp() * 1_000_000)):016d}{comment.pk % 10**6:06d}"


def digest_of(words: str) -> str:
    plain = fold(words) or " ".join(words.split())
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def forwards(apps, schema_editor):
    Comment = apps.get_model("comments", "Comment")
    places = {}
    # A reply is always younger than what it answers, and its number is higher.
    for comment in Comment.objects.order_by("pk").iterator():
        above = places.get(comment.parent_id, "")[: SEGMENT * (MOST_LEVELS - 1)]
        path = places[comment.pk] = above + segment(comment)
        shown = comment.status == "approved"
        Comment.objects.filter(pk=comment.pk).update(
            path=path,
            thread=path[:SEGMENT],
            words_digest=digest_of(comment.body),
            published_at=comment.updated_at if shown else None,
            announced_at=comment.updated_at if shown else None,
        )
        if shown and above:
            places_above = [path[:end] for end in range(SEGMENT, len(path), SEGMENT)]
            Comment.objects.filter(event=comment.event_id, path__in=places_above).update(
                shown_below=F("shown_below") + 1
            )


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_conversations")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
