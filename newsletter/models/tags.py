from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    """A group of subscribers, by a name that only editors see."""

    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="newsletter_tag_once", violation_error_message=_("There is a group of this name.")
            )
        ]

    def __str__(self):
        return self.name
