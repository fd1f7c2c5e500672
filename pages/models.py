"""What every page says of the site itself, and the pages that stand for themselves: notices and free pages."""

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib import former_addresses, public, translating
from omep_site.lib.links import languages
from omep_site.lib.rich_text import RichTextField
from pages.gaps import first_gap

REQUIRED_TO_READ = ("title", "slug", "body")  # a language of a page is complete with these


class SiteTexts(models.Model):
    """One row: the words at the head and foot of every page."""

    source_language = translating.source_language_field()
    name = models.CharField(
        _("name of the site"),
        max_length=60,
        blank=True,
        help_text=_("Stands at the top of every page, in the title of every browser window and in every mail."),
    )
    tagline = models.CharField(
        _("full name"),
        max_length=160,
        blank=True,
        help_text=_("Stands beside the name at the top of every page, and at the end of every mail."),
    )
    logo = models.ImageField(
        _("logo"),
        upload_to="site",
        blank=True,
        width_field="logo_width",
        height_field="logo_height",
        help_text=_(
            "Stands at the top of every page in the place of the name; people who cannot see it hear the name. PNG, "
            "JPEG, WebP or GIF. It is made smaller where it is wider than 480 pixels."
        ),
    )
    logo_width = models.PositiveIntegerField(editable=False, null=True)  # pixels
    logo_height = models.PositiveIntegerField(editable=False, null=True)
    home_title = models.CharField(
        _("title of the home page"), max_length=120, blank=True, help_text=_("The large words that open the home page.")
    )
    home_introduction = models.TextField(
        _("introduction of the home page"),
        max_length=600,
        blank=True,
        help_text=_("One or two sentences under that title. Search engines show them too."),
    )
    about = models.TextField(
        _("about us"),
        max_length=600,
        blank=True,
        help_text=_("A sentence at the foot of every page: who you are. It follows the name."),
    )
    contact = models.TextField(
        _("contact"),
        max_length=600,
        blank=True,
        help_text=_(
            "Stands at the foot of every page: postal address, e-mail address, telephone, each on a line of its own. "
            "The e-mail address becomes a link. The privacy notice sends people here."
        ),
    )
    made_from = models.JSONField(default=dict, editable=False)  # omep_site.lib.translating
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        verbose_name = _("site texts")
        verbose_name_plural = _("site texts")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="pages_one_row_of_site_texts")]

    def __str__(self):
        return str(_("Site texts"))

    def save(self, **kwargs):
        self.pk = 1
        translating.note(self, self.source_language)
        super().save(**kwargs)


class SocialLink(models.Model):
    """A plain link at the foot of every page. Nothing is loaded from where it leads."""

    site = models.ForeignKey(SiteTexts, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(
        _("words of the link"),
        max_length=80,
        blank=True,
        help_text=_("Says where the link leads, for example “OMEP on Facebook”."),
    )
    url = models.URLField(_("address"), max_length=300, validators=[URLValidator(schemes=["http", "https"])])
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    made_from = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("link at the foot of every page")
        verbose_name_plural = _("links at the foot of every page")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.label or self.url

    def save(self, **kwargs):
        translating.note(self, self.site.source_language)
        super().save(**kwargs)


class PageQuerySet(models.QuerySet):
    def complete_in(self, language: str):
        return self.filter(translating.complete_in(REQUIRED_TO_READ, language))

    def published(self):
        """What is public, in at least one language. The only place that says so for many rows."""
        somewhere = translating.complete_somewhere(REQUIRED_TO_READ)
        return self.filter(somewhere, status=Page.Status.PUBLISHED)


class Page(models.Model):
    class Kind(models.TextChoices):
        FREE = "free", _("free page")
        PRIVACY = "privacy", _("privacy notice")
        LEGAL = "legal", _("legal notice")
        ACCESSIBILITY = "access", _("accessibility page")

    class Place(models.TextChoices):
        MENU = "menu", _("in the main menu")
        FOOT = "foot", _("at the foot of every page")
        NOWHERE = "nowhere", _("nowhere: by its address only")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    source_language = translating.source_language_field()
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.FREE,
        help_text=_(
            "The privacy notice says what the site keeps about people (GDPR, articles 13 and 14). The legal notice "
            "says who publishes and who hosts it: French law asks every site for one (LCEN, article 1-1, formerly "
            "article 6-III). The accessibility page says how far everybody can use it. There is one of each."
        ),
    )
    title = models.CharField(
        _("title"), max_length=120, blank=True, help_text=_("Opens the page. The menus show it too, so keep it short.")
    )
    slug = models.SlugField(
        _("address"),
        max_length=100,
        blank=True,
        null=True,
        help_text=_("The last part of the page’s address. Leave it empty and it is made from the title."),
    )
    body = RichTextField(_("text"), blank=True)
    place = models.CharField(
        _("where its link stands"),
        max_length=10,
        choices=Place,
        default=Place.NOWHERE,
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Among the links of the same place, the smallest number comes first.")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        help_text=_("A draft is seen by nobody outside. A published page is public in each language that is complete."),
    )
    made_from = models.JSONField(default=dict, editable=False)  # omep_site.lib.translating
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["place", "position", "pk"]
        constraints = [
            # Not `unique=True`: see events.models.Event.
            *(
                models.UniqueConstraint(fields=[in_language("slug", code)], name=f"page_slug_{code}_unique")
                for code, _name in settings.LANGUAGES
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=~Q(kind="free"),
                name="page_one_notice_of_each_kind",
                violation_error_message=_(
                    "There is a page of this kind already. Change that one, or choose “free page”."
                ),
            ),
        ]

    def __str__(self):
        return self.title or str(_("Untitled page"))

    def save(self, **kwargs):
        translating.note(self, self.source_language)
        with former_addresses.noted(self):
            super().save(**kwargs)

    # Languages

    def missing_in(self, language: str) -> list[str]:
        """Names of the fields that this language still needs to be public."""
        return translating.missing_in(self, REQUIRED_TO_READ, language)

    def complete_languages(self) -> list[str]:
        return [language for language in languages() if not self.missing_in(language)]

    def gaps(self) -> list[str]:
        """What keeps a notice from being published: the first fact of each language that is still to be filled in."""
        if self.kind == self.Kind.FREE:  # what is in brackets there may be meant so
            return []
        found = (first_gap(getattr(self, in_language("body", language))) for language in languages())
        return [gap for gap in found if gap]

    # Lifecycle

    def is_published(self) -> bool:
        """`PageQuerySet.published()` for one row."""
        return self.status == self.Status.PUBLISHED and bool(self.complete_languages())

    def publish(self) -> bool:
        """From draft to published. False where it was published already, has gaps, or is complete in no language."""
        ready = bool(self.complete_languages()) and not self.gaps()
        return ready and self._move(self.Status.DRAFT, self.Status.PUBLISHED)

    def withdraw(self) -> bool:
        """From published back to draft."""
        return self._move(self.Status.PUBLISHED, self.Status.DRAFT)

    def _move(self, old, new) -> bool:
        with transaction.atomic():
            moved = Page.objects.filter(pk=self.pk, status=old).update(status=new, updated_at=timezone.now())
            if moved:
                public.bump()
        if moved:
            self.refresh_from_db()
        return bool(moved)


class OldAddressQuerySet(models.QuerySet):
    def public(self):
        """Those that lead somewhere."""
        return self.filter(page__in=Page.objects.published())


class OldAddress(models.Model):
    """A slug that a page had in one language. Whoever comes by it is led to the address of today."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="old_addresses")
    language = models.CharField(max_length=12)
    slug = models.SlugField(max_length=100)

    objects = OldAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["language", "slug"], name="page_old_address_once")]

    def __str__(self):
        return self.slug
