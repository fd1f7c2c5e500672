"""The ordered rows of an event: strategies, objectives, speakers, pictures, documents. One row holds all languages."""

from django.core.validators import FileExtensionValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from omep_site.lib import translating

# What people hand out after an event. Nothing that a browser would run.
DOCUMENT_KINDS = ["pdf", "doc", "docx", "odt", "ppt", "pptx", "odp", "xls", "xlsx", "ods", "csv", "txt", "epub", "zip"]


class Strategy(models.Model):
    """One of the strategies that an event is about."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="strategies")
    text = models.CharField(_("strategy"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    made_from = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text

    def save(self, **kwargs):
        translating.note(self, self.event.source_language)
        super().save(**kwargs)


class Objective(models.Model):
    """One thing that an event aims to do."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="objectives")
    text = models.CharField(_("objective"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    made_from = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text

    def save(self, **kwargs):
        translating.note(self, self.event.source_language)
        super().save(**kwargs)


class Speaker(models.Model):
    """Somebody who speaks at an event. `picture` is kept as those of `Picture` are, in sizes of its own."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(_("name"), max_length=120, help_text=_("As the person writes it."))
    role = models.CharField(
        _("role"),
        max_length=200,
        blank=True,
        help_text=_("What the person is or does here, for example “President of OMEP, moderates”."),
    )
    picture = models.ImageField(
        _("portrait"), upload_to="pictures", blank=True, width_field="picture_width", height_field="picture_height"
    )
    picture_width = models.PositiveIntegerField(editable=False, null=True)  # pixels
    picture_height = models.PositiveIntegerField(editable=False, null=True)
    url = models.URLField(
        _("website"), max_length=300, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    made_from = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        translating.note(self, self.event.source_language)
        super().save(**kwargs)


class Picture(models.Model):
    """A picture of an event's page: the first one opens it, the others stand under the text.

    `file` is the largest size that is kept, made anew from what was uploaded (events.pictures): its smaller sizes and
    its WebP copies stand beside it in the storage.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="pictures")
    file = models.ImageField(_("picture"), upload_to="pictures", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, default=0)  # pixels
    height = models.PositiveIntegerField(editable=False, default=0)
    alt = models.CharField(
        _("what it shows"),
        max_length=300,
        blank=True,
        help_text=_(
            "Read aloud to people who cannot see the picture, and shown where it does not load: “Children planting "
            "beans in a school garden”, not “photo”."
        ),
    )
    decorative = models.BooleanField(
        _("only decoration"),
        default=False,
        help_text=_("The picture says nothing that the text does not say. Screen readers pass over it."),
    )
    caption = models.CharField(
        _("caption and photographer"), max_length=300, blank=True, help_text=_("Shown under the picture.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    made_from = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.alt or self.caption or str(_("Picture"))

    def save(self, **kwargs):
        translating.note(self, self.event.source_language)
        super().save(**kwargs)


class Document(models.Model):
    """Something to read after an event: a file, or a link to one, in one language or in several."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("What the link says, for example “Slides of the opening”.")
    )
    file = models.FileField(
        _("file"),
        upload_to="documents",
        blank=True,
        validators=[FileExtensionValidator(DOCUMENT_KINDS)],
        help_text=_("PDF, text, slides or tables, up to 20 MB."),
    )
    url = models.URLField(
        _("or a link"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    made_from = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title or str(_("Document"))

    def save(self, **kwargs):
        translating.note(self, self.event.source_language)
        super().save(**kwargs)
