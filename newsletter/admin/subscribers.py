"""Who receives the newsletter: found, unsubscribed, put into groups, blocked, exported; how many there were."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import DateFieldListFilter, SimpleListFilter
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from newsletter import exporting, growth
from newsletter.admin.bounces import BounceInline
from newsletter.admin.read_only import ReadOnly
from newsletter.admin.suppressions import WhyForm
from newsletter.blocking import block, reason_of
from newsletter.models import CONFIRM_WITHIN, Consent, Subscriber, Tag
from omep_site.lib.links import languages


class ConsentInline(ReadOnly, admin.TabularInline):
    model = Consent
    fields = ["at", "kind", "text", "page", "source"]
    extra = 0

    def has_view_permission(self, request, obj=None):
        return True  # whoever sees the subscriber; the inline stands nowhere else

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("text")


class StandingFilter(SimpleListFilter):
    """The statuses, and those who asked and never pressed the button: the link that they got has ended."""

    title = _("standing")
    parameter_name = "status__exact"
    LATE = "late"

    def lookups(self, request, model_admin):
        status = Subscriber.Status
        return [
            (status.CONFIRMED.value, _("subscribed")),
            (status.PENDING.value, _("waiting for confirmation")),
            (self.LATE, _("waiting for more than a week")),
            (status.UNSUBSCRIBED.value, _("unsubscribed")),
            (status.SUPPRESSED.value, _("blocked")),
        ]

    def queryset(self, request, queryset):
        if self.value() == self.LATE:
            asked = timezone.now() - CONFIRM_WITHIN
            late = Q(confirmation_sent_at__lt=asked) | Q(confirmation_sent_at=None, created_at__lt=asked)
            return queryset.filter(late, status=Subscriber.Status.PENDING)
        return queryset.filter(status=self.value()) if self.value() else queryset


class GroupForm(ActionForm):
    """The action, and the group that it is about."""

    group = forms.ModelChoiceField(Tag.objects.all(), label=_("Group:"), required=False, empty_label="---------")


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["email", "language", "status", "created_at", "confirmed_at"]
    list_filter = [StandingFilter, "language", "tags", ("confirmed_at", DateFieldListFilter)]
    search_fields = ["email"]
    show_full_result_count = False
    list_per_page = 50
    fields = [
        "email", "language", "status", "groups", "created_at", "confirmation_sent_at", "confirmed_at", "left_at",
        "address_changed_at", "updated_at",
    ]  # fmt: skip
    readonly_fields = ["groups"]
    inlines = [ConsentInline, BounceInline]
    actions = ["unsubscribe", "add_to_group", "remove_from_group"]
    action_form = GroupForm
    change_list_template = "admin/newsletter/subscriber/change_list.html"
    change_form_template = "admin/newsletter/subscriber/change_form.html"

    class Media:
        css = {"all": ["admin-readers.css"]}

    def changelist_view(self, request, extra_context=None):
        context = {"title": capfirst(self.opts.verbose_name_plural), "query": request.GET.urlencode()}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        subscriber = self.get_object(request, object_id)
        context = {
            "blocked": reason_of(subscriber) if subscriber else None,
            "may_block": self.has_block_permission(request),
            "may_lift": request.user.has_perm("newsletter.delete_suppression"),
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description=_("groups"))
    def groups(self, subscriber):
        return ", ".join(tag.name for tag in subscriber.tags.all()) or "–"

    def get_urls(self):
        def named(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"newsletter_subscriber_{name}")

        return [
            named("export/", self.export, "export"),
            named("growth/", self.growth, "growth"),
            named("<int:pk>/block/", self.block, "block"),
            *super().get_urls(),
        ]

    def has_unsubscribe_permission(self, request):
        return request.user.has_perm("newsletter.change_subscriber")

    def has_block_permission(self, request):
        return request.user.has_perm("newsletter.add_suppression")

    @admin.action(description=_("Unsubscribe"), permissions=["unsubscribe"])
    def unsubscribe(self, request, queryset):
        """For people who ask by letter or telephone."""
        count = sum(subscriber.unsubscribe() for subscriber in queryset)
        self.message_user(
            request,
            ngettext("%(count)d address unsubscribed.", "%(count)d addresses unsubscribed.", count) % {"count": count},
        )

    @admin.action(description=_("Add to the group"), permissions=["unsubscribe"])
    def add_to_group(self, request, queryset):
        if tag := self.chosen_group(request):
            rows = queryset.order_by().values_list("pk", flat=True)
            count = tag.add(rows)
            text = ngettext(
                "%(count)d subscriber added to “%(group)s”.", "%(count)d subscribers added to “%(group)s”.", count
            )
            self.message_user(request, text % {"count": count, "group": tag}, messages.SUCCESS)

    @admin.action(description=_("Take out of the group"), permissions=["unsubscribe"])
    def remove_from_group(self, request, queryset):
        if tag := self.chosen_group(request):
            count = tag.remove(queryset.order_by().values("pk"))
            text = ngettext(
                "%(count)d subscriber taken out of “%(group)s”.",
                "%(count)d subscribers taken out of “%(group)s”.",
                count,
            )
            self.message_user(request, text % {"count": count, "group": tag}, messages.SUCCESS)

    def chosen_group(self, request) -> Tag | None:
        form = self.action_form(request.POST)
        form.fields["action"].choices = self.get_action_choices(request)
        tag = form.cleaned_data.get("group") if form.is_valid() else None
        if tag is None:
            self.message_user(request, gettext("Choose a group beside the action."), messages.WARNING)
        return tag

    def export(self, request):
        """What the list is narrowed to, as a file. By POST, because the log notes who took it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:newsletter_subscriber_changelist")
        found = self.get_changelist_instance(request).get_queryset(request).order_by("pk")
        LogEntry.objects.create(
            user_id=request.user.pk,
            content_type=ContentType.objects.get_for_model(Subscriber),
            object_repr=gettext("List of subscribers"),
            action_flag=CHANGE,
            change_message=gettext("Handed out as a file."),
        )
        return exporting.answer(exporting.subscribers(found), "subscribers")

    def growth(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        names = [get_language_info(code)["name_translated"] for code in languages()]
        context = self.admin_site.each_context(request) | {
            "title": gettext("How many subscribers"),
            "opts": self.opts,
            "media": self.media,
            "picture": growth.drawn(),
            "names": [*names, gettext("All together")],
            "size": {"width": growth.WIDTH, "height": growth.HEIGHT},
        }
        return TemplateResponse(request, "admin/newsletter/subscriber/growth.html", context)

    def block(self, request, pk):
        """GET asks, POST acts."""
        if not self.has_block_permission(request) or not self.has_view_permission(request):
            raise PermissionDenied
        subscriber = get_object_or_404(Subscriber, pk=pk)
        form = WhyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            if block(subscriber.email, detail=form.cleaned_data["detail"]):
                self.log_change(request, subscriber, gettext("Blocked the address."))
            self.message_user(
                request, gettext("The address is blocked: nothing is sent to it any more."), messages.SUCCESS
            )
            return redirect(reverse("admin:newsletter_subscriber_change", args=[pk]))
        title = gettext("Block this address?")
        context = self.admin_site.each_context(request)
        context |= {"title": title, "opts": self.opts, "subscriber": subscriber, "form": form}
        return TemplateResponse(request, "admin/newsletter/subscriber/block.html", context)
