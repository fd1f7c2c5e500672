"""What events are about: a visitor finds by it what else there is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events import search
from events.models.event import Event


class SubjectQuerySet(models.QuerySet):
    def of_public_events(self, now=None):
        """Those that a visitor finds something by."""
        public = Event.objects.published(now)
        return self.filter(pk__in=EventSubject.objects.filter(event__in=public).values("subject"))


class Subject(models.Model):
    """A subject by which the lists are filtered, such as “play” or “rights of the child”."""

    name = models.CharField(
        _("name"), max_length=60, blank=True, help_text=_("A word or two, as it stands in the list of subjects.")
    )
    slug = models.SlugField(
        _("address"),
        max_length=60,
        blank=True,
        null=True,
        help_text=_("How it is called in the address of its list. Leave it empty and it is made from the name."),
    )

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering = ["name", "pk"]
        constraints = [
            # Not `unique=True`: see Event.
            models.UniqueConstraint(fields=[in_language("slug", code)], name=f"subject_slug_{code}_unique")
            for code, _name in settings.LANGUAGES
        ]

    def __str__(self):
        return self.name or str(_("Untitled subject"))

    def save(self, **kwargs):
        super().save(**kwargs)
        search.refresh(Event.objects.filter(subjects=self.pk))  # they are found by its name

    def delete(self, **kwargs):
        """Takes it off its events, which stay."""
        events = list(self.event_set.values_list("pk", flat=True))
        done = super().delete(**kwargs)
        search.refresh(Event.objects.filter(pk__in=events))
        return done


class EventSubject(models.Model):
    """That an event is about a subject. A row of its own, so that the history keeps it with the event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, verbose_name=_("subject"))

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["event", "subject"], name="event_subject_once")]

    def __str__(self):
        return str(self.subject)
